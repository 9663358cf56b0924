"""What a user may be called and where they may be written to (3.3, 3.7), and why a user is not added or changed."""

from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from s2s.accounts.models import User
from s2s.audit.models import Action, Entry
from s2s.rules.identifiers import is_establishment_number
from s2s.rules.personal_domains import is_personal
from s2s.rules.refusals import Refused

LONGEST_USERNAME, LONGEST_NAME, LONGEST_EMAIL = 40, 150, 254


class UserFault(StrEnum):
    NO_USERNAME = "no user name"
    USERNAME_FORM = "user name is not alphanumeric"
    USERNAME_LENGTH = "user name too long"  # facts: limit
    USERNAME_TAKEN = "user name taken"  # facts: username
    USERNAME_OF_SCHOOL = "user name is a school's number"  # facts: username
    USERNAME_BEFORE = "user name was somebody's before"  # facts: username
    NO_NAME = "no name"
    NAME_FORM = "name cannot be used"  # facts: limit
    NO_EMAIL = "no e-mail address"
    EMAIL_FORM = "not an e-mail address"
    EMAIL_PERSONAL = "personal e-mail domain"  # facts: domain
    NO_ROLE = "no role"
    ROLE_TAKEN = "role taken"  # facts: role, holder, organisation
    SAME_ROLE = "has this role already"
    SAME_DETAILS = "nothing to correct"
    PASSWORD_WEAK = "password does not meet the rules"  # noqa: S105 - facts: why (Django's sentences, in the language of the page)
    PASSWORDS_DIFFER = "the two passwords are not the same"
    NO_ASSIGNING = "assigning passwords is switched off"
    BOTH_IN_A_DAY = "assigned a password and removed the second step within a day"
    NO_ADDRESS = "no address to send a link to"
    RESERVED = "for the national administrator alone"
    ONESELF = "oneself"
    LAST_NATIONAL = "the last national administrator"
    INACTIVE = "switched off"
    GONE = "deleted in the meantime"


class UserRefused(Refused[UserFault]):
    """`field` is the field of the form that is wrong, if it is one."""

    def __init__(self, code: UserFault, field: str = "", **facts: object) -> None:
        super().__init__(code, **facts)
        self.field = field


def username_problem(username: str, school: str = "") -> UserRefused | None:
    """Why a user, or the school of this number, cannot be given this user name: a form like 681bjones, and one nobody has or had (3.3)."""
    if problem := _form_problem(username):
        return problem
    if is_establishment_number(username) and username != school:
        return UserRefused(UserFault.USERNAME_OF_SCHOOL, "username", username=username)
    if User.objects.filter(username__iexact=username).exists():
        return UserRefused(UserFault.USERNAME_TAKEN, "username", username=username)
    # Whoever has signed in stands in the trail by this name for ever: nobody else gets it. The user of a school is the school.
    if Entry.objects.filter(person__iexact=username, action=Action.SIGNED_IN).exclude(place=school).exists():
        return UserRefused(UserFault.USERNAME_BEFORE, "username", username=username)
    return None


def _form_problem(username: str) -> UserRefused | None:
    if not username:
        return UserRefused(UserFault.NO_USERNAME, "username")
    if not (username.isascii() and username.isalnum()):
        return UserRefused(UserFault.USERNAME_FORM, "username")
    if len(username) > LONGEST_USERNAME:
        return UserRefused(UserFault.USERNAME_LENGTH, "username", limit=LONGEST_USERNAME)
    return None


def name_problem(name: str) -> UserRefused | None:
    if not name:
        return UserRefused(UserFault.NO_NAME, "name")
    if len(name) > LONGEST_NAME or not name.isprintable():
        return UserRefused(UserFault.NAME_FORM, "name", limit=LONGEST_NAME)
    return None


def email_problem(email: str) -> UserRefused | None:
    """Why an address cannot be that of a user or a school: personal e-mail domains are strictly prohibited (3.7)."""
    if not email:
        return UserRefused(UserFault.NO_EMAIL, "email")
    try:
        validate_email(email)
    except ValidationError:
        return UserRefused(UserFault.EMAIL_FORM, "email")
    if len(email) > LONGEST_EMAIL:
        return UserRefused(UserFault.EMAIL_FORM, "email")
    if is_personal(email):
        return UserRefused(UserFault.EMAIL_PERSONAL, "email", domain=email.rpartition("@")[2].lower())
    return None
