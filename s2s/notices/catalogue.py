"""Every e-mail the site sends, one function each (4.2, 5.1, 3.9). Names of pupils never stand in one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from s2s.notices import post
from s2s.notices.recipients import Recipient

WAITING = "/download/ctf"


@dataclass(frozen=True)
class File:
    """The file an e-mail speaks of, and the moment of which it speaks."""

    name: str
    receipt: str
    at: datetime

    @property
    def facts(self) -> dict[str, object]:
        return {"file": self.name, "receipt": self.receipt, "at": self.at}

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
    post.queue("sent", to=to, about=file.receipt, link=_link(file.page), lost=lost, **file.facts)


def arrived(to: Recipient, file: File, sender: Party) -> None:
    """To the destination: a file is awaiting download; with the sending school and the file name (4.2)."""
    post.queue("arrived", to=to, about=file.receipt, link=_link(WAITING), sender=sender, **file.facts)


def copy(to: Recipient, file: File, sender: Party) -> None:
    """To a local authority's address: a copy of a file of its schools is awaiting download (3.9)."""
    post.queue("copy", to=to, about=file.receipt, link=_link(WAITING), sender=sender, **file.facts)


def collected(to: Recipient, file: File, by: Party, reason: str = "") -> None:
    """To the sender: the destination has downloaded the file and says that it arrived whole (4.2)."""
    post.queue("collected", to=to, about=file.receipt, link=_link(file.page), by=by, **file.facts)


def rejected(to: Recipient, file: File, by: Party, reason: str) -> None:
    """To the sender: the destination has rejected the file; its own words, which may name a pupil, are on the site only (4.2)."""
    post.queue("rejected", to=to, about=file.receipt, link=_link(file.page), by=by, reason=reason, **file.facts)


# What a step of the lifecycle tells the sender (`rules/lifecycle.py` names them).
TO_SENDER: dict[str, Callable[[Recipient, File, Party, str], None]] = {"collected": collected, "rejected": rejected}


def _link(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
