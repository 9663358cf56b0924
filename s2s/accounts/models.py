"""The people who sign in, and what opens the door for them."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac

from s2s.notices.recipients import Recipient
from s2s.organisations.models import Language, Organisation
from s2s.rules.roles import OF_FILES, OF_SENDING, ROLES, Can, Role, RoleCode, serves

AFTER_CLOSING = timedelta(days=30)  # for the school's office to collect what still waits


class InactiveBecause(models.TextChoices):
    SWITCHED_OFF = "switched off"
    NOT_CONFIRMED = "not confirmed"  # in the yearly audit of users (1.6)


class Users(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)  # case-sensitive: 2.1


class User(AbstractBaseUser):
    """A person who signs in, with one role at one organisation (1.6)."""

    username = models.CharField(max_length=40, unique=True, validators=[RegexValidator(r"^[0-9A-Za-z]+$")])
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=30)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="users")
    language = models.CharField(max_length=2, blank=True, default=Language.UNKNOWN)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0, help_text="raised to end all sessions of this person at once")
    signed_in_at = models.DateTimeField(null=True, blank=True)
    previous_sign_in_at = models.DateTimeField(null=True, blank=True, help_text="shown on Home: was it you?")
    password_expires_at = models.DateTimeField(null=True, blank=True, help_text="an assigned password that nobody used by then is dead")
    awaits_link = models.BooleanField(
        default=False, help_text="somebody else assigned the password: files stay shut until the link to the address on record was used"
    )
    files_from = models.DateTimeField(
        null=True, blank=True, help_text="files stay shut until then: the link that was used went to an address that had just been changed"
    )
    sends_at_once = models.BooleanField(default=False, help_text="uploads without the page that shows first what would be sent")
    inactive_because = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=0, help_text="counts changes, so that a form that was open meanwhile is told")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Users] = Users()

    class Meta:
        ordering = ["username"]
        indexes = [models.Index(fields=["organisation", "role"])]
        constraints = [
            # 3.1: one LEA Administrator; 1.6: one LEA School user (a test holds this list against `rules/roles.py`)
            models.UniqueConstraint(
                fields=["organisation", "role"],
                condition=models.Q(role__in=["LEA_DBA", "LEA_SCHOOL"]),
                name="one_of_a_kind_at_an_authority",
            ),
            models.UniqueConstraint(Upper("username"), name="user_names_differ_in_more_than_capitals"),
        ]

    @property
    def facts(self) -> Role:
        return ROLES[RoleCode(self.role)]

    def may(self, right: Can) -> bool:
        closed = right in OF_SENDING and not self.organisation.is_open  # a closed school collects what waits, and sends nothing
        return self.is_active and right in self.facts.rights and not closed and not self.is_withheld(right)

    @property
    def is_over(self) -> bool:
        """Whether the account has ended with its school, which has been closed for longer than the time to collect what waits."""
        closed_on = self.organisation.closed_on if self.organisation.is_school else None
        return closed_on is not None and closed_on + AFTER_CLOSING <= timezone.localdate()

    @property
    def is_shut_out(self) -> bool:
        """Whether files are shut to the person, whom somebody else may have helped in as themselves (`interventions.py`)."""
        return self.awaits_link or (self.files_from is not None and self.files_from > timezone.now())

    def is_withheld(self, right: Can) -> bool:
        """Whether the role has this right, but the person not yet."""
        return self.is_shut_out and right in OF_FILES and right in self.facts.rights

    @property
    def addresses(self) -> frozenset[str]:
        """The seven-character addresses whose files this person works with (1.6: source/destination code)."""
        return frozenset() if self.is_shut_out else serves(RoleCode(self.role), self.organisation.number)

    def get_session_auth_hash(self) -> str:
        """Depends on the password, the role, the organisation and `session_epoch`: a change of any of them ends the sessions."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self):  # type: ignore[no-untyped-def]
        from django.conf import settings

        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | None = None) -> str:
        state = f"{self.password}|{self.role}|{self.organisation_id}|{self.session_epoch}"
        return salted_hmac("s2s.accounts.session", state, secret=secret, algorithm="sha256").hexdigest()

    @property
    def recipient(self) -> Recipient:
        """Where s2s writes to. For a school's user that is the e-mail address in the school's details and no other (3.7)."""
        place = self.organisation
        if self.role == RoleCode.SCHOOL:
            return Recipient(place.email, self.language or place.language, place.name, place.name_cy)
        return Recipient(self.email, self.language or place.language, self.name, name_cy="")


class OneTimeLink(models.Model):
    """A link by which a person sets a password: sent to the address on record, good once and not for long.

    Only a digest of the link's secret is kept. `state` is the person's session hash when it was made: a change of password or
    role, or ending the person's sessions, kills it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="links")
    digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.key)


class Intervention(models.Model):
    """What an administrator did to somebody's way in, kept for as long as it counts (`accounts/interventions.py`)."""

    class What(models.TextChoices):
        PASSWORD_ASSIGNED = "password assigned"  # noqa: S105
        SECOND_STEP_REMOVED = "second step removed"
        ADDRESS_CHANGED = "address changed"

    user = models.ForeignKey(User, models.CASCADE, related_name="interventions")
    by = models.CharField(max_length=150)
    what = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)


class FailedSignIn(models.Model):
    """A wrong password or user name; enough of them lock the door for a while (`accounts/lock.py`, which says what a network is)."""

    username = models.CharField(max_length=150)
    network = models.CharField(max_length=45)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["username", "at"]), models.Index(fields=["network", "at"])]


class KnownNetwork(models.Model):
    """A network from which a person has signed in: failures of other people do not lock them out there."""

    user = models.ForeignKey(User, models.CASCADE)
    network = models.CharField(max_length=45)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "network"], name="one_row_per_known_network")]
