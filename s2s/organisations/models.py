"""Local authorities, schools and the national administrator's office."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language

from s2s.notices.catalogue import Party
from s2s.notices.recipients import Recipient


class Language(models.TextChoices):
    """The language somebody asked to be written to in; unknown means both, Welsh first."""

    UNKNOWN = "", "not known"
    ENGLISH = "en", "English"
    WELSH = "cy", "Cymraeg"


class Organisation(models.Model):
    """A local authority (number 681), a school (number 6812045: the authority's three digits and its own four) or the national office."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority"
        SCHOOL = "school"
        NATIONAL = "national"

    class Region(models.TextChoices):
        WALES = "Wales"
        ENGLAND = "England"
        OFFSHORE = "Offshore"

    number = models.CharField(max_length=7, unique=True, validators=[RegexValidator(r"^(\d{3}|\d{7}|WG)$")])
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    name_cy = models.CharField(max_length=200, blank=True)
    authority = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="schools")
    region = models.CharField(max_length=10)
    language = models.CharField(max_length=2, blank=True, default=Language.UNKNOWN)
    email = models.EmailField(blank=True)
    opening_times = models.CharField(max_length=200, blank=True, help_text="when its office answers; shown on Contacts")
    telephone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=300, blank=True)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)

    # schools
    school_type = models.CharField(
        max_length=100, blank=True, help_text="primary, secondary, special, independent … as the official list says"
    )
    listed_in = models.CharField(max_length=80, blank=True, help_text="its official list, such as 'GIAS: Academies'; blank: added by hand")
    category = models.ForeignKey("organisations.Category", models.SET_NULL, null=True, blank=True, related_name="schools")
    closed_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")

    # local authorities (3.9): the facility to receive and download copies of the CTFs of their schools
    copies = models.BooleanField(default=True)
    copies_enabled_again_on = models.DateField(null=True, blank=True)

    version = models.PositiveIntegerField(default=0, help_text="counts changes, so that a form that was open meanwhile is told")

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["authority", "name"])]
        constraints = [
            models.CheckConstraint(
                name="a_school_has_its_authority", condition=models.Q(kind="school", authority__isnull=False) | (~models.Q(kind="school"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def is_school(self) -> bool:
        return self.kind == self.Kind.SCHOOL

    @property
    def is_authority(self) -> bool:
        return self.kind == self.Kind.AUTHORITY

    @property
    def is_open(self) -> bool:
        return self.closed_on is None or self.closed_on > timezone.localdate()

    @property
    def maintained_by(self) -> "Organisation | None":
        """The local authority that maintains this school; an authority itself (A1: sending and receiving LEA)."""
        return self.authority if self.is_school else self if self.is_authority else None

    @property
    def local_name(self) -> str:
        """The name in the language of the page."""
        return (self.name_cy or self.name) if get_language() == "cy" else self.name

    @property
    def party(self) -> Party:
        """How e-mails name the organisation."""
        return Party(self.number, self.name, self.name_cy or self.name)

    @property
    def recipient(self) -> Recipient:
        """Where e-mails to the organisation go, and in which language."""
        return Recipient(email=self.email, language=self.language, name=self.name, name_cy=self.name_cy)


class Category(models.Model):
    """A category the national administrator sorts schools into (3.9, Category Maintenance)."""

    name = models.CharField(max_length=100, unique=True)
    name_cy = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        return (self.name_cy or self.name) if get_language() == "cy" else self.name


class Demonstration(models.Model):
    """Its one row says that this database is a demonstration's. Every process asks for it at its start (`upkeep/watch.py`)."""

    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="a_database_is_marked_once")]

    def __str__(self) -> str:
        return str(self.made_at)
