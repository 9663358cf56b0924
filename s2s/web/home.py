"""Home: a list of what awaits this person, each line one click from where it is dealt with (3.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.accounts.models import User
from s2s.administration import queries as administration_queries
from s2s.administration.models import UserAudit
from s2s.administration.queries import Attention
from s2s.administration.undelivered import undelivered
from s2s.rules.attention import YEARLY
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import View
from s2s.rules.roles import Can, Use, right_to
from s2s.transfers import queries
from s2s.transfers.queries import Followed
from s2s.transfers.upload import READERS
from s2s.web.menu import Entry, menu
from s2s.web.page import SignedIn, show
from s2s.words.formats import date_words
from s2s.words.home import OFFERS, Task, awaits

MOST_OFFERS = 6


@dataclass(frozen=True)
class Line:
    """A line of Home: what is counted, and where that list stands. Without `rows` it is one thing to do, or counted already."""

    task: Task
    href: str
    rows: QuerySet[Any] | None = None
    number: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


def front(request: HttpRequest) -> HttpResponse:
    """The start address: to the sign-in page, or Home for whoever has signed in."""
    return redirect("home" if request.user.is_authenticated else "sign-in")


def home(request: SignedIn) -> HttpResponse:
    actor, refused = request.actor, undelivered(request.actor)
    lines = [*(line for kind in READERS for line in _of_files(actor, kind)), *_of_administration(actor, len(refused))]
    numbers = queries.counted_at_once({line.task: line.rows for line in lines if line.rows is not None})
    told = [(line, numbers.get(line.task, line.number)) for line in lines]
    told = [(line, number) for line, number in told if number != 0]
    facts: dict[str, object] = {
        "person": actor.user,
        "notices": list(administration_queries.notices_now()),
        "awaits": [(line, number) for line, number in told if awaits(line.task)],
        "quiet": [(line, number) for line, number in told if not awaits(line.task)],
        "offers": _offers(request),
        "undelivered": refused,
        "rejected": [transfer for kind in READERS for transfer in _rejected(actor, kind, numbers)],
        "no_files_yet": _has_no_files_yet(actor.user),
    }
    return show(request, "home.html", facts)


def _of_administration(actor: Actor, refused: int) -> Iterator[Line]:
    """What awaits those who look after users and schools."""
    yield from _of_the_audit(actor)
    if actor.may(Can.SET_UP_DBA):
        without = administration_queries.without_administrator(actor)
        yield Line(Task.WITHOUT_DBA, f"{reverse('leas')}?show=without", without)
    if refused:
        yield Line(Task.UNDELIVERED, "#undelivered", number=refused)
    if actor.may(Can.MAINTAIN_SCHOOLS):
        for one in Attention:
            yield Line(Task(one), f"{reverse('attention')}?show={one}", administration_queries.in_need_of(actor, one))


def _of_the_audit(actor: Actor) -> Iterator[Line]:
    """To answer it, to close it when its day has passed, and to start it once a year (1.6)."""
    if not actor.may(Can.MAINTAIN_USERS):
        return
    latest = UserAudit.latest()
    if latest and latest.closed_at is None:
        facts = {"date": date_words(latest.due_on)}
        yield Line(Task.TO_CONFIRM_USERS, reverse("users-audit"), administration_queries.to_confirm(actor, latest), facts=facts)
    if not actor.may(Can.AUDIT_USERS):
        return
    if latest and latest.awaits_closing:
        yield Line(Task.CLOSE_AUDIT, reverse("users-audit-close"))
    if latest is None or (latest.closed_at and latest.started_at < timezone.now() - YEARLY):
        yield Line(Task.AUDIT_DUE, reverse("users-audit-start"))


def _of_files(actor: Actor, kind: Kind) -> Iterator[Line]:
    """How it stands with the files of one kind, as far as the actor has to do with them."""
    if _may(actor, Use.FETCH, kind):
        yield Line(Task.CONFIRM, reverse(f"unconfirmed-{kind}"), queries.unconfirmed(actor, kind))
        yield from _of_the_area(actor, kind) if queries.watches(actor, kind) else _waiting(actor, kind)
    if _may(actor, Use.SEND, kind):
        tasks = {Followed.REJECTED: Task.REJECTED, Followed.LATE: Task.SENT_LATE, Followed.UNCOLLECTED: Task.UNCOLLECTED}
        for part, task in tasks.items():
            yield Line(task, reverse(f"sent-{kind}-{part}"), queries.followed(actor, kind, part).order_by())


def _may(actor: Actor, use: Use, kind: Kind) -> bool:
    right = right_to(use, kind)
    return right is not None and actor.may(right)


def _waiting(actor: Actor, kind: Kind) -> Iterator[Line]:
    yield Line(Task.DOWNLOAD, reverse(f"download-{kind}"), queries.waiting_for(actor, kind))
    yield Line(Task.LATE_HERE, reverse(f"late-{kind}"), queries.late(actor, kind))


def _of_the_area(actor: Actor, kind: Kind) -> Iterator[Line]:
    """What was sent to the authority itself awaits it; its copies of what went to others do not."""
    above, mine = reverse(f"download-{kind}"), queries.waiting_for(actor, kind)
    yield Line(Task.TO_US, f"{above}?show=to-us", queries.sent_to(actor, kind))
    yield Line(Task.LATE_IN_AREA, reverse(f"late-{kind}"), queries.late(actor, kind))
    for view in View:
        yield Line(Task(view), f"{above}?show=waiting&view={view}", mine.filter(view=view))


def _rejected(actor: Actor, kind: Kind, numbers: Mapping[Task, int]) -> list[object]:
    return [*queries.lately_rejected(actor, kind)] if numbers.get(Task.REJECTED) else []


def _offers(request: SignedIn) -> list[tuple[Entry, str]]:
    """What this person can do here: of the menu, what Home has words for."""
    entries = {entry.href: entry for top in menu(request) for entry in (top, *top.entries)}
    offered = [(entries.get(reverse(name)), str(words)) for name, words in OFFERS.items()]
    return [(entry, words) for entry, words in offered if entry][:MOST_OFFERS]


def _has_no_files_yet(user: User) -> bool:
    """Whether the role works with files, and with none that can be sent or collected here so far."""
    rights = {kind: right_to(Use.FETCH, kind) for kind in Kind}
    has = {kind for kind, right in rights.items() if right and user.may(right)}
    return bool(has) and not has & READERS.keys()
