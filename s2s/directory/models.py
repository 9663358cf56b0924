"""Local authorities, schools and the national administrator's office; and the people who sign in for them."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from s2s.notices.catalogue import Party
from s2s.notices.recipients import Recipient
from s2s.rules.roles import ROLES, Can, Role, RoleCode, serves


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
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    name_cy = models.CharField(max_length=200, blank=True)
    authority = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="schools")
    region = models.CharField(max_length=10, choices=Region.choices)
    language = models.CharField(max_length=2, choices=Language.choices, blank=True, default=Language.UNKNOWN)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=300, blank=True)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)

    # schools
    sort = models.CharField(max_length=100, blank=True, help_text="primary, secondary, special, independent … as the official list says")
    listed_in = models.CharField(max_length=80, blank=True, help_text="its official list, such as 'GIAS: Academies'; blank: added by hand")
    closed_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")

    # local authorities (3.9): the facility to receive and download copies of the CTFs of their schools
    copies = models.BooleanField(default=True)
    copies_enabled_again_on = models.DateField(null=True, blank=True)

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
        """How e-mails speak of it."""
        return Party(self.number, self.name, self.name_cy or self.name)

    @property
    def recipient(self) -> Recipient:
        """Where its e-mails go, and in which language."""
        return Recipient(email=self.email, language=self.language, name=self.name, name_cy=self.name_cy)


class Users(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)  # case-sensitive: 2.1


class User(AbstractBaseUser):
    """A person who signs in, with one role at one organisation (1.6)."""

    username = models.CharField(max_length=40, unique=True, validators=[RegexValidator(r"^[0-9A-Za-z]+$")])
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=30, choices=[(code.value, code.value) for code in RoleCode])
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="users")
    language = models.CharField(max_length=2, choices=Language.choices, blank=True, default=Language.UNKNOWN)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0, help_text="raised to end all sessions of this person at once")
    signed_in_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Users] = Users()

    class Meta:
        ordering = ["username"]
        indexes = [models.Index(fields=["organisation", "role"])]

    @property
    def facts(self) -> Role:
        return ROLES[RoleCode(self.role)]

    def may(self, right: Can) -> bool:
        return self.is_active and right in self.facts.rights

    @property
    def addresses(self) -> frozenset[str]:
        """The seven-character addresses whose files this person works with (1.6: source/destination code)."""
        return serves(RoleCode(self.role), self.organisation.number)

    def get_session_auth_hash(self) -> str:
        """Changes with the password, the role, the address of the desk and `session_epoch`: any of them ends the sessions."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self):  # type: ignore[no-untyped-def]
        from django.conf import settings

        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | None = None) -> str:
        state = f"{self.password}|{self.role}|{self.organisation_id}|{self.session_epoch}"
        return salted_hmac("s2s.directory.session", state, secret=secret, algorithm="sha256").hexdigest()

    @property
    def recipient(self) -> Recipient:
        return Recipient(email=self.email, language=self.language or self.organisation.language, name=self.name, name_cy="")


class FailedSignIn(models.Model):
    """A wrong password or user name; enough of them lock the door for a while (`directory/sign_in.py`)."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=45)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["username", "at"]), models.Index(fields=["address", "at"])]


class KnownAddress(models.Model):
    """An address from which a person has signed in: strangers' failures elsewhere do not lock it out."""

    user = models.ForeignKey(User, models.CASCADE)
    address = models.CharField(max_length=45)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="one_row_per_known_address")]
