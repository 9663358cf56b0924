"""What awaits somebody on Home: each line with its number before it, as one sentence with it (3.2)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from s2s.words.labels import Labels
from s2s.words.readers import for_reader


class Task(StrEnum):
    """A line of Home."""

    CLOSE_AUDIT = "close-audit"
    AUDIT_DUE = "audit-due"
    TO_CONFIRM_USERS = "users"
    WITHOUT_DBA = "without-dba"
    UNDELIVERED = "undelivered"
    NO_EMAIL = "no-email"
    NO_USER = "no-user"
    NEVER_SIGNED_IN = "never-signed-in"
    OLD_FILES = "old-files"
    CONFIRM = "confirm"
    TO_US = "to-us"
    DOWNLOAD = "download"
    LATE_HERE = "late-here"
    REJECTED = "rejected"
    SENT_LATE = "sent-late"
    UNCOLLECTED = "uncollected"
    LATE_IN_AREA = "late-in-area"
    COPIES_WITHIN = "within"
    COPIES_INCOMING = "incoming"
    COPIES_LEAVING = "leaving"


class TaskWords(NamedTuple):
    """`line` follows its number, or is the whole line where there is none; `hint` says what to do; `awaits`: it is for this person."""

    line: Any
    hint: Any = ""
    awaits: bool = True


TASKS: Final[Mapping[Task, TaskWords]] = {
    Task.CLOSE_AUDIT: TaskWords(_("Close the yearly audit of users"), _("Its last day has passed.")),
    Task.AUDIT_DUE: TaskWords(_("Start the yearly audit of users"), _("The last one began more than a year ago, or there has been none.")),
    Task.TO_CONFIRM_USERS: TaskWords(
        ngettext_lazy("user to confirm", "users to confirm"), _("The yearly audit of users ends on %(date)s.")
    ),
    Task.WITHOUT_DBA: TaskWords(
        ngettext_lazy("local authority without an LEA Administrator", "local authorities without an LEA Administrator"),
        _("Nobody there can set up users or schools until you have set one up."),
    ),
    Task.UNDELIVERED: TaskWords(
        ngettext_lazy("email address that refuses our emails", "email addresses that refuse our emails"),
        _("Until it is corrected, nobody there is told about waiting files."),
    ),
    Task.NO_EMAIL: TaskWords(
        ngettext_lazy("school without an email address", "schools without an email address"),
        _("Nobody is told when a file arrives there."),
    ),
    Task.NO_USER: TaskWords(
        ngettext_lazy("school without a user", "schools without a user"), _("Nobody there can collect a file until it has one.")
    ),
    Task.NEVER_SIGNED_IN: TaskWords(
        ngettext_lazy("school that has never signed in", "schools that have never signed in"), _("Ask whether they have their username.")
    ),
    Task.OLD_FILES: TaskWords(
        ngettext_lazy(
            "school with a file that has been waiting for more than four weeks",
            "schools with files that have been waiting for more than four weeks",
        ),
        _("Ask the school to collect what is waiting."),
    ),
    Task.CONFIRM: TaskWords(
        ngettext_lazy("downloaded file to confirm", "downloaded files to confirm"),
        _("Say whether it arrived complete. Until then it stays on the list, and its sender is not told."),
    ),
    Task.TO_US: TaskWords(
        ngettext_lazy("file sent to your local authority", "files sent to your local authority"),
        _("No school is named: find out promptly where the pupil is."),
    ),
    Task.DOWNLOAD: TaskWords(ngettext_lazy("file awaiting download", "files awaiting download")),
    Task.LATE_HERE: TaskWords(
        ngettext_lazy("file that has been waiting for more than four weeks", "files that have been waiting for more than four weeks"),
        for_reader(
            _("Download it, or reject it if it is not for your school."),
            authority=_("Download it, or reject it if it is not for your local authority."),
        ),
    ),
    Task.REJECTED: TaskWords(
        ngettext_lazy("file you sent was rejected in the last 30 days", "files you sent were rejected in the last 30 days"),
        _("See why, put it right and send the file again."),
    ),
    Task.SENT_LATE: TaskWords(
        ngettext_lazy(
            "file you sent has not been collected for more than four weeks",
            "files you sent have not been collected for more than four weeks",
        ),
        _("Ask the school whether it knows about it."),
    ),
    Task.UNCOLLECTED: TaskWords(
        ngettext_lazy("file you sent has not been collected yet", "files you sent have not been collected yet"), awaits=False
    ),
    Task.LATE_IN_AREA: TaskWords(
        ngettext_lazy(
            "file of your area has not been collected for more than four weeks",
            "files of your area have not been collected for more than four weeks",
        ),
        _("You may want to ask the destination why."),
        awaits=False,
    ),
    Task.COPIES_WITHIN: TaskWords(
        ngettext_lazy("file sent within your area, not yet downloaded here", "files sent within your area, not yet downloaded here"),
        awaits=False,
    ),
    Task.COPIES_INCOMING: TaskWords(
        ngettext_lazy("file sent into your area, not yet downloaded here", "files sent into your area, not yet downloaded here"),
        awaits=False,
    ),
    Task.COPIES_LEAVING: TaskWords(
        ngettext_lazy("file sent out of your area, not yet downloaded here", "files sent out of your area, not yet downloaded here"),
        awaits=False,
    ),
}

OFFERS: Final[Labels] = {  # pages of the menu that Home offers to whoever has them, by name
    "upload-ctf": _("Send Common Transfer Files to schools or local authorities."),
    "download-ctf": _("See what is waiting, save it, and say whether it arrived complete."),
    "users": _("Add, delete, and update LEA users."),
    "schools": _("Add, delete, and update the details of schools."),
    "leas": _("Change the details of local authorities, and see which have no administrator."),
    "site-notices": _("Tell everybody something when they sign in."),
    "users-seen": _("See who can sign in at your local authority and its schools."),
    "school-choose": _("See the details of your local authority’s schools."),
    "find-school": _("Look up a school’s number and how to reach it."),
    "contacts": _("Who to ask for help at each local authority."),
    "help": _("Guides for your role, and every valid file name."),
    "security": _("Your second step, passkeys and other ways to sign in."),
}


def line(task: Task, number: int | None) -> str:
    """What follows the number; the whole line where there is none."""
    said = TASKS[task].line
    return str(said) if number is None else str(said % number)


def hint(task: Task, facts: Mapping[str, str]) -> str:
    said = str(TASKS[task].hint)
    return said % facts if facts else said


def awaits(task: Task) -> bool:
    return TASKS[task].awaits
