"""User, school and LEA maintenance and the yearly audit (3.3-3.9, 1.6): why something is not saved, and what an audit says."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _

from s2s.accounts.models import User
from s2s.administration.corrections import CorrectionFault
from s2s.administration.fields import EntryFault, SaveFault
from s2s.administration.first_administrator import FirstFault
from s2s.administration.models import Confirmation, SetUpLine
from s2s.administration.queries import Attention
from s2s.administration.set_up_many import SetUpFault
from s2s.administration.user_details import UserFault
from s2s.administration.yearly_audit import AuditFault
from s2s.rules.roles import RoleCode
from s2s.words.accounts import role
from s2s.words.labels import Labels
from s2s.words.sentences import Facts, Sentence, Sentences, register

_NUMBER_OF_SUCCESSOR = _("Check its seven digits under Find a school.")
_LOOK_AGAIN = _("Look at the details as they are now, then change what you still want to change.")

ENTRY_FAULTS: Final[Sentences] = {
    EntryFault.MISSING: Sentence(_("This is blank."), _("Fill it in, or choose from the list.")),
    EntryFault.TOO_LONG: Sentence(_("This is too long: %(length)s characters. The limit is %(longest)s."), _("Shorten it.")),
    EntryFault.CHARACTER: Sentence(_("This contains a character that cannot be stored."), _("Type it instead of pasting it.")),
    EntryFault.TELEPHONE: Sentence(_("This does not look like a telephone number."), _("Write it in digits, such as 01632 960123 ext 12.")),
    EntryFault.POSTCODE: Sentence(_("This is not a postcode."), _("Write it like CF10 1AA, or leave it blank.")),
    EntryFault.CHOICE: Sentence(_("This is not one of the choices."), _("Choose from the list.")),
    EntryFault.NUMBER: Sentence(
        _("An establishment number has seven digits: the LA number, then the school's own four."), _("Enter the school's own four digits.")
    ),
    EntryFault.NUMBER_TAKEN: Sentence(
        _("%(number)s is already the number of %(name)s."),
        _("No two schools can have the same number: check it, or change the other school."),
    ),
    EntryFault.OTHER_AUTHORITY: Sentence(_("The LA number is %(authority)s and cannot be changed."), _("Open the page again.")),
    EntryFault.NO_SCHOOL: Sentence(
        _("The LA has no school with the number %(number)s."), _("Check it, or select the school from the list.")
    ),
    EntryFault.SUCCESSOR: Sentence(_("There is no open school with the number %(number)s."), _NUMBER_OF_SUCCESSOR),
    EntryFault.SUCCESSOR_ITSELF: Sentence(_("A school cannot be its own successor."), _NUMBER_OF_SUCCESSOR),
    EntryFault.NO_DATE: Sentence(_("The day is missing."), _("Enter the day, month and year in digits, such as 31 8 2026.")),
    EntryFault.ENDS_BEFORE: Sentence(_("The last day is before the first, or has passed."), _("Enter a later day, or leave it blank.")),
    EntryFault.NAME_TAKEN: Sentence(_("There is already one with this name: %(name)s."), _("Choose another name.")),
    EntryFault.EMAIL_NEEDED: Sentence(
        _("Without an email address nobody would be told that a file has arrived."),
        _("Enter another address instead of leaving it blank."),
    ),
    EntryFault.NO_FILE: Sentence(_("No list is chosen."), _("Choose the file with the list first.")),
    EntryFault.OTHER_FILE: Sentence(_("This is not the file that you checked."), _("Check this one first; nothing has been saved.")),
}
SAVE_FAULTS: Final[Sentences] = {
    SaveFault.HAS_HISTORY: Sentence(
        _("%(name)s has been used, so it cannot be deleted."), _("Close it instead, and say which school takes its place.")
    ),
    SaveFault.CLOSED_AUTHORITY: Sentence(
        _("%(name)s is no longer a local authority."), _("Add the school to the authority that replaced it.")
    ),
}


def _role_taken(facts: Facts) -> Sentence:
    if facts["role"] == "LEA_DBA":
        return Sentence(
            _("%(organisation)s already has an LEA Administrator: %(holder)s. There can be only one."),
            _("Give %(holder)s another role first, or delete them."),
        )
    return Sentence(
        _("%(organisation)s already has an LEA School user: %(holder)s. There can be only one."),
        _("Choose another role, or first give %(holder)s another role or delete them."),
    )


USER_FAULTS: Final[Sentences] = {
    UserFault.NO_USERNAME: Sentence(_("Enter a username, such as 681bjones.")),
    UserFault.USERNAME_FORM: Sentence(
        _("A username can have only letters (a to z, capital or small) and digits."),
        _("Take out spaces, accents, dots and dashes: 681bjones."),
    ),
    UserFault.USERNAME_LENGTH: Sentence(_("The username is too long. The limit is %(limit)s characters.")),
    UserFault.USERNAME_TAKEN: Sentence(
        _("The username %(username)s is already in use on s2s."), _("Choose another, for example with one more letter.")
    ),
    UserFault.USERNAME_OF_SCHOOL: Sentence(
        _("%(username)s looks like a school's number, so it is reserved for that school."),
        _("Choose a username that contains letters."),
    ),
    UserFault.USERNAME_BEFORE: Sentence(
        _("The username %(username)s has been used before."),
        _("The audit trail refers to that person by it, so choose another."),
    ),
    UserFault.NO_NAME: Sentence(_("Enter the user’s full name.")),
    UserFault.NAME_FORM: Sentence(_("This name cannot be used."), _("Use ordinary letters, and at most %(limit)s characters.")),
    UserFault.NO_EMAIL: Sentence(_("Enter the user’s email address.")),
    UserFault.EMAIL_FORM: Sentence(_("This is not an email address."), _("Enter it in the form name@authority.gov.uk.")),
    UserFault.EMAIL_PERSONAL: Sentence(
        _("%(domain)s is a personal email domain. These are strictly prohibited on s2s."),
        _("Enter an address at the local authority or the school."),
    ),
    UserFault.NO_ROLE: Sentence(_("Choose a role from the list.")),
    UserFault.ROLE_TAKEN: _role_taken,
    UserFault.SAME_ROLE: Sentence(_("The user has this role already."), _("Choose another from the list.")),
    UserFault.SAME_DETAILS: Sentence(_("This is what is there already."), _("Change the name or the address, then ask the user.")),
    UserFault.PASSWORD_WEAK: Sentence(_("This password cannot be used. %(why)s")),
    UserFault.PASSWORDS_DIFFER: Sentence(_("The two passwords are not the same."), _("Type both again.")),
    UserFault.NO_ASSIGNING: Sentence(_("Administrators do not set passwords on this site."), _("Send a link instead.")),
    UserFault.BOTH_IN_A_DAY: Sentence(
        _("The same administrator cannot set a user’s password and remove that user’s second step within 24 hours."),
        _("Send a link instead, or wait."),
    ),
    UserFault.NO_ADDRESS: Sentence(
        _("There is no email address on record to send a link to."),
        _("For a school, enter its email address under School Maintenance, or set a password."),
    ),
    UserFault.RESERVED: Sentence(
        _("Only the national administrator sets up, changes or deletes an LEA Administrator."), _("Write to IMS@gov.wales.")
    ),
    UserFault.ONESELF: Sentence(
        _("You cannot do this to your own account."),
        _("Change your own password under Change Password; for anything else, ask another administrator."),
    ),
    UserFault.LAST_NATIONAL: Sentence(
        _("This is the last national administrator, and somebody has to look after the site."), _("Add another one first.")
    ),
    UserFault.INACTIVE: Sentence(_("This user is not active, so no password would let them sign in."), _("Make the user active first.")),
    UserFault.GONE: Sentence(_("Somebody else deleted this user while you had the page open.")),
}


def _too_soon(facts: Facts) -> Sentence:
    if not facts["days"]:
        return Sentence(_("The day must be after today."))
    return Sentence(
        _("The local authorities must have at least %(days)s days to answer."), _("The first day that you can enter is %(date)s.")
    )


SET_UP_FAULTS: Final[Sentences] = {
    SetUpFault.NOTHING_CHOSEN: Sentence(_("No school is chosen."), _("Tick the box beside at least one school."))
}
CORRECTION_FAULTS: Final[Sentences] = {
    CorrectionFault.DEAD: Sentence(
        _("It has been used, it is more than a week old, or something has changed in the meantime."),
        _("Ask your administrator to send you another."),
    )
}
AUDIT_FAULTS: Final[Sentences] = {
    AuditFault.NO_DAY: Sentence(_("Enter the day by which the local authorities must answer."), _("For example 30 11 2027.")),
    AuditFault.TOO_SOON: _too_soon,
    AuditFault.TOO_LATE: Sentence(_("The day is more than a year away.")),
    AuditFault.NOT_LATER: Sentence(_("The local authorities already have until %(date)s."), _("Enter a later day.")),
    AuditFault.NOT_OVER: Sentence(
        _("The local authorities have until %(date)s to answer."), _("Close the audit when that day has passed, or cancel it.")
    ),
    AuditFault.CLOSED: Sentence(_("This audit is already closed."), _("Look at it as it is now.")),
    AuditFault.RUNNING: Sentence(
        _("An audit of users is already under way until %(date)s."), _("The next one can be started once this one is closed or cancelled.")
    ),
    AuditFault.NOTHING_CHOSEN: Sentence(_("Nobody is chosen."), _("Tick the box beside at least one user.")),
}
FIRST_FAULTS: Final[Sentences] = {
    FirstFault.THERE: Sentence(
        _("There is already a national administrator: %(username)s."), _("Ask them to add others under User Maintenance.")
    ),
}
register(EntryFault, ENTRY_FAULTS)
register(SaveFault, SAVE_FAULTS)
register(UserFault, USER_FAULTS)
register(AuditFault, AUDIT_FAULTS)
register(SetUpFault, SET_UP_FAULTS)
register(CorrectionFault, CORRECTION_FAULTS)
register(FirstFault, FIRST_FAULTS)

ANSWERS: Final[Labels] = {
    Confirmation.Answer.WAITING: _("Waiting"),
    Confirmation.Answer.CONFIRMED: _("Confirmed"),
    Confirmation.Answer.REMOVED: _("Removed"),
    Confirmation.Answer.SUSPENDED: _("Suspended"),
    Confirmation.Answer.UNANSWERED: _("No answer"),
}


def answer(code: str) -> str:
    return str(ANSWERS[code])


def user_choices(people: Iterable[User]) -> list[tuple[str, str]]:
    """The drop-down list of users: each with the school, or the name and the role."""
    return [(person.username, f"{person.username} – {_whose(person)}") for person in people]


def _whose(person: User) -> str:
    if person.role == RoleCode.SCHOOL:
        return person.organisation.local_name
    return ", ".join(word for word in (person.name, role(person.role)) if word)


ATTENTION: Final[Labels] = {
    Attention.NO_EMAIL: _("No email address"),
    Attention.NO_USER: _("No user"),
    Attention.NEVER_SIGNED_IN: _("Never signed in"),
    Attention.OLD_FILES: _("Files left waiting"),
}
ABOUT_ATTENTION: Final[Labels] = {
    Attention.NO_EMAIL: _("Nobody there is told when a file arrives. Enter an address under View/Update School."),
    Attention.NO_USER: _("Nobody there can download a file."),
    Attention.NEVER_SIGNED_IN: _("There is a user account, but nobody has used it yet."),
    Attention.OLD_FILES: _("Something has been waiting there for more than 28 days."),
}
OUTCOMES: Final[Labels] = {
    SetUpLine.Outcome.WAITING: _("Waiting"),
    SetUpLine.Outcome.DONE: _("Set up"),
    SetUpLine.Outcome.HAS_USER: _("Already has a user"),
    SetUpLine.Outcome.NO_EMAIL: _("Has no email address"),
    SetUpLine.Outcome.CLOSED: _("Is closed"),
    SetUpLine.Outcome.NAME_TAKEN: _("Its number is somebody’s username"),
    SetUpLine.Outcome.NOT_ALLOWED: _("No longer allowed"),
}


def attention(code: str) -> str:
    return str(ATTENTION[code])


def about_attention(code: str) -> str:
    return str(ABOUT_ATTENTION[code])


def outcome(code: str) -> str:
    return str(OUTCOMES[code])
