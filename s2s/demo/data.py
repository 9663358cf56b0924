"""The demonstration: invented schools, people, pupils and files of the last six weeks, to look at the site with.

Nothing of it is written past the site: every file goes through the real journeys. All people have the same published password, so a
site that is not a demonstration refuses.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone

from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.audit.models import Entry
from s2s.demo import names
from s2s.demo.files import COLLECTED, FETCHED, REJECTED, SENDINGS, WAITING, Sending, Writer
from s2s.demo.names import CLOSED, SCHOOLS, SUCCESSOR
from s2s.organisations import authorities
from s2s.organisations.models import Demonstration, Organisation
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import Part, StepName
from s2s.rules.roles import ROLES, RoleCode
from s2s.transfers import download, reject, store, upload
from s2s.transfers.models import Delivery, Transfer

AT_AUTHORITY: Final = {
    "dba": RoleCode.LEA_DBA,
    "user": RoleCode.LEA_USER,
    "school": RoleCode.LEA_SCHOOL,
    "lost": RoleCode.LEA_LOST_PUPIL,
    "lostx": RoleCode.LEA_LOST_PUPIL_TRANSFER,
    "view": RoleCode.LEA_DBA_VIEW,
    "plasc": RoleCode.LEA_PLASC,
    "adms": RoleCode.LEA_ADMISSIONS,
}
STAFFED: Final = ("681", "672", "680")
NEWCOMER: Final = "681new"  # must change the password at the first sign-in
MACHINE: Final = "127.0.0.1"


class NotADemonstration(RuntimeError):
    """This site is in earnest: S2S_DEMO is not set, or somebody has used it already."""


def load() -> None:
    """Fill and mark an empty site, or do nothing where it has been done before. Raises NotADemonstration."""
    if not settings.DEMO:
        raise NotADemonstration("S2S_DEMO is not set.")
    if Demonstration.objects.exists():
        return
    if User.objects.exists() or Entry.objects.exists():
        raise NotADemonstration("This site has people of its own.")
    _load()


def people_table() -> list[tuple[str, str, str]]:
    """Who can sign in: user name, role, organisation."""
    places = {school.number: school.name for school in SCHOOLS}
    places |= {number: name for number, (name, _) in authorities.WALES.items()} | {"WG": authorities.NATIONAL_OFFICE[1]}
    return [(username, ROLES[role].name, places[place]) for username, role, place in _people()]


@transaction.atomic
def _load() -> None:
    """All or nothing: a start that is broken off leaves an empty site."""
    Demonstration.objects.create(pk=1)
    authorities.load()
    _add_addresses()
    _add_schools()
    _add_people()
    history = History()
    for sending in sorted((*SENDINGS, *_one_for_everybody()), key=lambda sending: -sending.days):
        history.add(sending)
    history.forward_a_lost_pupil()
    history.collect_copies()


def _add_addresses() -> None:
    unknown = Organisation.objects.filter(email="", closed_on=None, kind=Organisation.Kind.AUTHORITY)
    unknown.update(email=Concat(Value("s2s."), "number", Value("@example.org")))
    Organisation.objects.filter(email="", kind=Organisation.Kind.NATIONAL).update(email="s2s@example.org")


def _add_schools() -> None:
    owners = Organisation.objects.in_bulk({school.number[:3] for school in SCHOOLS}, field_name="number")
    rows = [_school(school, owners[school.number[:3]]) for school in SCHOOLS]
    Organisation.objects.bulk_create(rows, ignore_conflicts=True)
    successor = Organisation.objects.get(number=SUCCESSOR)
    Organisation.objects.filter(number=CLOSED).update(closed_on=_last_summer(), successor=successor)


def _school(school: names.School, authority: Organisation) -> Organisation:
    return Organisation(
        kind=Organisation.Kind.SCHOOL,
        authority=authority,
        region=authority.region,
        email=f"office.{school.number}@example.org",
        telephone=f"01632 960{school.number[-3:]}",  # reserved for drama
        street="School Lane",
        **school._asdict(),
    )


def _last_summer() -> date:
    today = timezone.localdate()
    return date(today.year if today.month > 8 else today.year - 1, 8, 31)


def _people() -> list[tuple[str, RoleCode, str]]:
    """Everybody: user name, role, number of the organisation. A closed school has nobody."""
    return [
        ("national", RoleCode.NATIONAL, "WG"),
        *((authority + suffix, role, authority) for authority in STAFFED for suffix, role in AT_AUTHORITY.items()),
        (NEWCOMER, RoleCode.LEA_USER, "681"),
        *((school.number, RoleCode.SCHOOL, school.number) for school in SCHOOLS if school.number != CLOSED),
    ]


def _add_people() -> None:
    """One salt for all: the password is published, so there is nothing to guess, and 75 hashes of 30 ms would double the first start."""
    password = make_password(settings.DEMO_PASSWORD)
    people = _people()
    places = Organisation.objects.in_bulk({place for _, _, place in people}, field_name="number")
    chance = random.Random(681)  # noqa: S311 - the same demonstration every time
    rows = [
        User(
            username=username,
            role=role,
            organisation=places[place],
            name=f"{chance.choice(names.GIRLS + names.BOYS)} {chance.choice(names.SURNAMES)}",
            email=f"{username}@example.org",
            language=places[place].language,
            password=password,
            must_change_password=username == NEWCOMER,
        )
        for username, role, place in people
    ]
    User.objects.bulk_create(rows)


def _one_for_everybody() -> list[Sending]:
    """Schools that nobody writes to in SENDINGS get a file from those that write to nobody, in every state by turns."""
    open_schools = [school.number for school in SCHOOLS if school.number != CLOSED]
    receivers = [number for number in open_schools if number not in {sending.to for sending in SENDINGS}]
    senders = [number for number in reversed(open_schools) if number not in {sending.by for sending in SENDINGS}]
    found = []
    for turn in range(max(len(receivers), len(senders))):
        by, to = senders[turn % len(senders)], receivers[turn % len(receivers)]
        if by == to:
            to = receivers[turn - 1]
        found.append(Sending(by, to, 1 + turn * 3 % 40, ends=(WAITING, COLLECTED, FETCHED, WAITING)[turn % 4]))
    return found


@dataclass
class History:
    """Sends the files through the journeys, then moves them back to the day they are meant to be of.

    The site has no journey into the past, so the days are written afterwards. Audit entries and e-mails keep the real time: the trail
    cannot be changed, and says what happened: on this day a demonstration was loaded.
    """

    chance: random.Random = field(default_factory=lambda: random.Random(6812045))  # noqa: S311 - the same demonstration every time
    now: datetime = field(default_factory=timezone.localtime)
    numbers: Counter[tuple[str, str]] = field(default_factory=Counter)
    people: dict[str, Person] = field(init=False)
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        people = User.objects.select_related("organisation__authority")
        self.people = {user.username: Person(user, MACHINE) for user in people}
        self.writer = Writer(self.chance)

    def add(self, sending: Sending) -> None:
        actor = self.people[sending.by]
        source = min(actor.addresses)
        sent_at = self._school_hours(sending.days)
        content = self.writer.ctf(actor.organisation, source, sending, at=sent_at - timedelta(hours=1))
        transfer = upload.send(actor=actor, name=self._name(source, sending.to), content=content, kind=Kind.CTF).transfer
        self._finish(transfer, sending)
        self._move(transfer, sent_at)

    def forward_a_lost_pupil(self) -> None:
        """681lostx has found where a pupil went: the file, renamed by hand, goes to the new school (4.2)."""
        lost = Transfer.objects.filter(destination_address="XXXXXXX", source_address="6812045").earliest("sent_at")
        content = store.open_content(lost)
        name = self._name("681LLLL", "6812061")
        sent = upload.send(actor=self.people["681lostx"], name=name, content=content, kind=Kind.CTF, parent=lost)
        self._move(sent.transfer, self._school_hours(18))

    def collect_copies(self) -> None:
        """The authority has fetched the oldest copies of its schools' files for its own system (3.9)."""
        for authority in STAFFED:
            copies = Delivery.objects.filter(organisation__number=authority, part=Part.COPY).select_related(
                "transfer__source", "organisation"
            )
            for copy in copies.order_by("sent_at", "pk")[:3]:
                actor = self.people[f"{authority}user"]
                download.fetch(actor=actor, deliveries=[copy])
                download.confirm(actor=actor, deliveries=[copy])
                self._move_steps(copy, copy.sent_at)

    def _name(self, source: str, destination: str) -> str:
        self.numbers[source, destination] += 1
        return f"{source}_CTF_{destination}_{self.numbers[source, destination]:03}.xml"

    def _finish(self, transfer: Transfer, sending: Sending) -> None:
        """The addressee does what became of the file."""
        if sending.ends is WAITING and not sending.put_back:
            return
        delivery = transfer.addressee
        actor = self._receiver(sending.to)
        if sending.ends is REJECTED:
            reject.reject(actor=actor, delivery=delivery, reason=sending.reason, note=sending.note)
            return
        download.fetch(actor=actor, deliveries=[delivery])
        if sending.put_back:
            download.put_back(actor=actor, deliveries=[delivery])
        if sending.ends is COLLECTED:
            download.confirm(actor=actor, deliveries=[delivery])

    def _receiver(self, address: str) -> Person:
        if address.isdecimal():
            return self.people[address]
        return self.people[address[:3] + ("plasc" if address.endswith("PLAS") else "user")]

    def _move(self, transfer: Transfer, sent_at: datetime) -> None:
        Transfer.objects.filter(pk=transfer.pk).update(sent_at=sent_at, state_at=sent_at)
        transfer.deliveries.update(sent_at=sent_at, state_at=sent_at, outcome_at=sent_at)
        for delivery in Delivery.objects.filter(transfer=transfer).exclude(events=None):
            self._move_steps(delivery, sent_at)

    def _move_steps(self, delivery: Delivery, sent_at: datetime) -> None:
        """The first step some days later but on a working day, the next ones minutes after it, and none of them in the future."""
        later = sent_at + timedelta(days=self.chance.randrange(1, 6), minutes=self.chance.randrange(-55, 55))
        later += timedelta(days=7 - later.weekday() if later.weekday() > 4 else 0)
        at = min(later, self.now - timedelta(minutes=30))
        for event in delivery.events.order_by("pk"):
            if event.step == StepName.SEND:
                delivery.events.filter(pk=event.pk).update(at=sent_at)
                continue
            delivery.events.filter(pk=event.pk).update(at=at)
            Delivery.objects.filter(pk=delivery.pk).update(state_at=at)
            if delivery.part == Part.ADDRESSEE:
                Transfer.objects.filter(pk=delivery.transfer_id).update(state_at=at)
                Delivery.objects.filter(transfer=delivery.transfer_id).update(outcome_at=at)
            at += timedelta(minutes=self.chance.randrange(1, 5))

    def _school_hours(self, days: int) -> datetime:
        """So many days ago, or the Friday before if that was at a weekend; between 8 and 4 o'clock."""
        day = self.now.date() - timedelta(days=days)
        day -= timedelta(days=max(0, day.weekday() - 4))
        return timezone.make_aware(datetime.combine(day, time(8))) + timedelta(minutes=self.chance.randrange(8 * 60))
