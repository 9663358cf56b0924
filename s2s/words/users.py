"""Why a user is not added, changed or deleted, and what the yearly audit of users says (3.3-3.7, 1.6)."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _

from s2s.accounts.models import InactiveBecause, User
from s2s.administration.models import Confirmation
from s2s.administration.user_maintenance import UserFault
from s2s.administration.yearly_audit import AuditFault
from s2s.organisations.models import Organisation
from s2s.rules.roles import RoleCode
from s2s.words.labels import ROLES, Labels
from s2s.words.rows import Facts, Row, Words

_LOOK_AGAIN = _("Look at the details as they are now, then change what you still want to change.")


def _role_taken(facts: Facts) -> Row:
    if facts["role"] == "LEA_DBA":
        return Row(
            _("%(organisation)s has its LEA Administrator already: %(holder)s. There can be only one."),
            _("Give %(holder)s another role first, or delete them."),
        )
    return Row(
        _("%(organisation)s has its LEA School user already: %(holder)s. There can be only one."),
        _("Choose another role; or give %(holder)s another role first, or delete them."),
    )


USER_FAULTS: Final[Words] = {
    UserFault.NO_USERNAME: Row(_("Enter a user name, such as 681bjones.")),
    UserFault.USERNAME_FORM: Row(
        _("A user name has letters (a to z, capital or small) and digits only."), _("Take out spaces, accents, dots and dashes: 681bjones.")
    ),
    UserFault.USERNAME_LENGTH: Row(_("The user name is too long. The limit is %(limit)s characters.")),
    UserFault.USERNAME_TAKEN: Row(
        _("Somebody on s2s has the user name %(username)s already."), _("Choose another, for instance with one more letter.")
    ),
    UserFault.USERNAME_BEFORE: Row(
        _("Somebody had the user name %(username)s before."),
        _("The audit trail speaks of them by it, so choose another."),
    ),
    UserFault.NO_NAME: Row(_("Enter the user’s full name.")),
    UserFault.NAME_FORM: Row(_("This name cannot be used."), _("Enter it in ordinary letters, at most %(limit)s characters.")),
    UserFault.NO_EMAIL: Row(_("Enter the user’s e-mail address.")),
    UserFault.EMAIL_FORM: Row(_("This is not an e-mail address."), _("Enter it in the form name@authority.gov.uk.")),
    UserFault.EMAIL_PERSONAL: Row(
        _("%(domain)s is a personal e-mail domain. These are strictly prohibited on s2s."),
        _("Enter an address of the local authority or of the school."),
    ),
    UserFault.NO_ROLE: Row(_("Choose a role from the list.")),
    UserFault.ROLE_TAKEN: _role_taken,
    UserFault.SAME_ROLE: Row(_("The user has this role already."), _("Choose another from the list.")),
    UserFault.PASSWORD_WEAK: Row(_("This password cannot be used. %(why)s")),
    UserFault.PASSWORDS_DIFFER: Row(_("The two passwords are not the same."), _("Type both again.")),
    UserFault.NO_ASSIGNING: Row(_("Passwords are not assigned on this site."), _("Have a link sent instead.")),
    UserFault.NO_ADDRESS: Row(
        _("There is no e-mail address on record to send a link to."),
        _("For a school, enter its address under School Maintenance; or assign a password."),
    ),
    UserFault.RESERVED: Row(
        _("Only the national administrator sets up, changes or deletes an LEA Administrator."), _("Write to IMS@gov.wales.")
    ),
    UserFault.ONESELF: Row(
        _("You cannot do this to your own account."),
        _("Your own password you change under Change Password; for the rest ask another administrator."),
    ),
    UserFault.LAST_NATIONAL: Row(
        _("This is the last national administrator, and somebody has to look after the site."), _("Add another one first.")
    ),
    UserFault.INACTIVE: Row(_("This user is not active, so no password would let them in."), _("Make the user active first.")),
    UserFault.CHANGED: Row(_("Somebody else has changed this user while you had the page open. Nothing of yours was saved."), _LOOK_AGAIN),
    UserFault.GONE: Row(_("Somebody else has deleted this user while you had the page open.")),
}
AUDIT_FAULTS: Final[Words] = {
    AuditFault.NO_DAY: Row(_("Enter the day by which the local authorities have to answer."), _("For example 30 11 2027.")),
    AuditFault.TOO_SOON: Row(_("The day has to be after today.")),
    AuditFault.TOO_LATE: Row(_("The day is more than a year away.")),
    AuditFault.RUNNING: Row(_("An audit of users is running until %(date)s."), _("The next one can be started when that day has passed.")),
    AuditFault.NOTHING_CHOSEN: Row(_("Nobody is chosen."), _("Tick the box beside at least one user.")),
}
ANSWERS: Final[Labels] = {
    Confirmation.Answer.WAITING: _("Waiting"),
    Confirmation.Answer.CONFIRMED: _("Confirmed"),
    Confirmation.Answer.REMOVED: _("Removed"),
    Confirmation.Answer.SUSPENDED: _("Suspended"),
}
WHY_INACTIVE: Final[Labels] = {
    InactiveBecause.SWITCHED_OFF: _("Not active: switched off"),
    InactiveBecause.NOT_CONFIRMED: _("Not active: not confirmed in the yearly audit of users"),
}
ACTIVE: Final = _("Active")
INACTIVE: Final = _("Not active")


def answer(code: str) -> str:
    return str(ANSWERS[code])


def activity(*, is_active: bool, because: str) -> str:
    return str(ACTIVE if is_active else WHY_INACTIVE.get(because, INACTIVE))


def role_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The drop-down list of roles."""
    return [(code, str(ROLES[code])) for code in codes]


def user_choices(people: Iterable[User]) -> list[tuple[str, str]]:
    """The drop-down list of users: each with the school, or the name and the role."""
    return [(person.username, f"{person.username} – {_whose(person)}") for person in people]


def _whose(person: User) -> str:
    if person.role == RoleCode.SCHOOL:
        return person.organisation.local_name
    return ", ".join(word for word in (person.name, str(ROLES[person.role])) if word)


def place_choices(places: Iterable[Organisation]) -> list[tuple[str, str]]:
    """The drop-down list of LAs and the national office."""
    return [(place.number, f"{place.local_name} ({place.number})") for place in places]
