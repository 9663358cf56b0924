"""Every e-mail the site sends, one function each (4.2, 5.1, 3.9). Names of pupils never stand in one.

Each writes a row of the outbox: code and facts. What is made of them in Welsh and English is in `words/emails/`.
A `link` is a path of the site.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

from s2s.notices import post
from s2s.notices.recipients import Recipient
from s2s.rules.kinds import Kind

WAITING = "/download"
AUDIT = "/users/audit"


@dataclass(frozen=True)
class File:
    """The file an e-mail speaks of, and the moment of which it speaks."""

    name: str
    receipt: str
    at: datetime
    kind: Kind

    @property
    def facts(self) -> dict[str, object]:
        return {"file": self.name, "receipt": self.receipt, "at": self.at, "kind": self.kind}

    @property
    def list(self) -> str:
        """Where it waits for its recipient."""
        return f"/download/{self.kind}"

    @property
    def page(self) -> str:
        return f"/file/{self.receipt}"


@dataclass(frozen=True)
class Party:
    """The school or local authority at the other end."""

    number: str
    name: str
    name_cy: str


def sent(to: Recipient, file: File, *, lost: bool) -> None:
    """To the sender: the upload was successful (4.2)."""
    post.queue("sent", to=to, about=file.receipt, link=file.page, lost=lost, **file.facts)


def arrived(to: Recipient, file: File, sender: Party) -> None:
    """To the destination: a file is awaiting download; with the sending school and the file name (4.2)."""
    post.queue("arrived", to=to, about=file.receipt, link=file.list, sender=sender, **file.facts)


def copy(to: Recipient, file: File, sender: Party) -> None:
    """To a local authority's address: a copy of a file of its schools is awaiting download (3.9)."""
    post.queue("copy", to=to, about=file.receipt, link=file.list, sender=sender, **file.facts)


def collected(to: Recipient, file: File, by: Party, reason: str = "") -> None:
    """To the sender: the destination has downloaded the file and says that it arrived whole (4.2)."""
    post.queue("collected", to=to, about=file.receipt, link=file.page, by=by, **file.facts)


def rejected(to: Recipient, file: File, by: Party, reason: str) -> None:
    """To the sender: the destination has rejected the file; its own words, which may name a pupil, are on the site only (4.2)."""
    post.queue("rejected", to=to, about=file.receipt, link=file.page, by=by, reason=reason, **file.facts)


@dataclass(frozen=True)
class Waiting:
    """What waits from one school or authority, or for one of an authority's schools; `names` only where few files wait in all."""

    party: Party
    files: int
    oldest: datetime
    names: list[str]


def reminder(to: Recipient, waiting: list[Waiting], *, for_schools: bool) -> None:
    """Once a week, to schools with files waiting for them and to their local authority (4.2, 5.1)."""
    post.queue("reminder", to=to, link=WAITING, waiting=waiting, for_schools=for_schools)


def welcome(to: Recipient, username: str, role: str, at: Party) -> None:
    """To a new user: the user name, and never in the same e-mail how the password comes (3.3, 3.7)."""
    post.queue("welcome", to=to, about=username, link="/sign-in", username=username, role=role, at=at)


def password_link(to: Recipient, path: str, until: datetime, at: Party, *, reset: bool) -> None:
    """To a new user, or one whose password was reset: the link to choose a password by; without the user name (3.7)."""
    post.queue("password_link", to=to, link=path, until=until, at=at, reset=reset)


def password_assigned(to: Recipient, until: datetime, at: Party, *, reset: bool) -> None:
    """The same where the administrator has assigned a password and gives it to them: neither it nor the user name is here (3.6, 3.7)."""
    post.queue("password_assigned", to=to, link="/sign-in", until=until, at=at, reset=reset)


def role_changed(to: Recipient, role: str, at: Party) -> None:
    """To a user who from now on has another role (3.4)."""
    post.queue("role_changed", to=to, link="/sign-in", role=role, at=at)


def user_deleted(to: Recipient, at: Party) -> None:
    """To somebody who is no longer a user (3.5)."""
    post.queue("user_deleted", to=to, at=at)


def user_switched(to: Recipient, at: Party, *, on: bool) -> None:
    """To a user who cannot sign in from now on, or can again."""
    post.queue("user_switched", to=to, link="/sign-in", at=at, on=on)


def audit_started(to: Recipient, at: Party, due_on: date, number: int) -> None:
    """To an LA's administrator: so many users are to be confirmed by the day (1.6)."""
    post.queue("audit_started", to=to, link=AUDIT, at=at, due_on=due_on, number=number)


def audit_reminder(to: Recipient, at: Party, due_on: date, number: int) -> None:
    """To an LA's administrator: so many users are still not confirmed, and the day is near."""
    post.queue("audit_reminder", to=to, link=AUDIT, at=at, due_on=due_on, number=number)


def audit_suspended(to: Recipient, at: Party) -> None:
    """To a user whom nobody confirmed by the day."""
    post.queue("audit_suspended", to=to, at=at)


def audit_closed(to: Recipient, at: Party, number: int) -> None:
    """To an LA's administrator: the day has passed and so many users are suspended."""
    post.queue("audit_closed", to=to, link=AUDIT, at=at, number=number)


def audit_extended(to: Recipient, at: Party, due_on: date, number: int) -> None:
    """To an LA's administrator who has still to answer for so many users: there is more time."""
    post.queue("audit_extended", to=to, link=AUDIT, at=at, due_on=due_on, number=number)


def audit_cancelled(to: Recipient, at: Party) -> None:
    """To an LA's administrator: there is nothing more to answer, and nobody is suspended."""
    post.queue("audit_cancelled", to=to, at=at)


def audit_is_over(to: Recipient, suspended: int, noted: int) -> None:
    """To a national administrator: the day has passed; so many users would be suspended, so many only noted. Nothing happens by itself."""
    post.queue("audit_is_over", to=to, link=AUDIT, suspended=suspended, noted=noted)


class Changed(StrEnum):
    """What about somebody's way in has changed, for `security`."""

    PASSWORD = "password"  # noqa: S105
    OWN_PASSWORD = "own password"  # noqa: S105
    APP_ADDED = "app added"
    PASSKEY_ADDED = "passkey added"
    FACTOR_REMOVED = "factor removed"
    NEW_CODES = "new codes"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"


def password_forgotten(to: Recipient, path: str) -> None:
    """To whoever says that they have forgotten their password: the link alone, without the user name (3.7)."""
    post.queue("password_forgotten", to=to, link=path)


def security(to: Recipient, changed: Changed) -> None:
    """To somebody whose password, second factor or connected sign-in has changed: was it you?"""
    post.queue("security", to=to, changed=changed.value, outside=settings.OIDC_NAME, at=timezone.now(), link="/sign-in")


def locked(to: Recipient, username: str) -> None:
    """To somebody whose account has locked after too many wrong passwords (2.1)."""
    post.queue("locked", to=to, about=username, at=timezone.now(), link="/forgotten-password")


def locked_of(to: Recipient, username: str, at: Party, address: str) -> None:
    """To the LEA Administrator of somebody whose account has locked."""
    post.queue("locked_of", to=to, about=username, username=username, place=at, address=address, at=timezone.now())


@dataclass(frozen=True)
class Change:
    """What is different now on the site's record of a school or an authority; '' for what it no longer has."""

    what: str
    value: str | bool | date


def details_changed(to: Recipient, of: Party, changes: list[Change], by: Party, at: datetime) -> None:
    """To a school or an authority: its details or its status on s2s have been changed (3.8)."""
    post.queue("details_changed", to=to, about=of.number, of=of, changes=changes, by=by, at=at)


def undeliverable(to: Recipient, email: str, at: Party, fault: str) -> None:
    """To whoever can mend it: the mail server refuses the e-mail address that s2s has on record for somebody there."""
    post.queue("undeliverable", to=to, about=at.number, email=email, place=at, fault=fault, at=timezone.now())


def takes_the_place(to: Recipient, of: Party, closes_on: date, waiting: int) -> None:
    """To the school that takes another's place: since when, and how many files still wait there (3.8)."""
    post.queue("takes_the_place", to=to, about=of.number, of=of, closes_on=closes_on, waiting=waiting)


def destination_closes(to: Recipient, of: Party, closes_on: date, successor: Party | None, files: int) -> None:
    """To a sender: the school closes that has not collected so many of its files (3.8)."""
    facts: dict[str, object] = {"closes_on": closes_on, "successor": successor, "files": files}
    post.queue("destination_closes", to=to, about=of.number, link="/upload/ctf/sent", of=of, **facts)


def correction_asked(to: Recipient, path: str, until: datetime, *, name: str, email: str, at: Party) -> None:
    """To a user at the address to be: say by the link that name and address are right (3.4)."""
    post.queue("correction_asked", to=to, link=path, until=until, name=name, email=email, at=at)


def correction_told(to: Recipient, *, email: str, done: bool) -> None:
    """To a user at the address on record: another is to be written to from now on, or as soon as it is confirmed. Was that right?"""
    post.queue("correction_told", to=to, email=email, done=done)


# What tells a recipient of a new file (`rules/lifecycle.py`: ARRIVALS).
TO_RECIPIENT: dict[str, Callable[[Recipient, File, Party], None]] = {"arrived": arrived, "copy": copy}

# What a step of the lifecycle tells the sender (`rules/lifecycle.py` names them).
TO_SENDER: dict[str, Callable[[Recipient, File, Party, str], None]] = {"collected": collected, "rejected": rejected}
