"""Every step by every actor, below the doors: who holds a delivery, with which right, and what stands where afterwards."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from s2s.accounts.actors import Actor, Machine, Person, Site
from s2s.audit.models import Entry
from s2s.notices.models import Email
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import STEPS, Holder, State, StepName
from s2s.rules.roles import Can, RoleCode
from s2s.transfers import deeds, download, happened
from s2s.transfers.models import Content, Delivery, Event, Pupil, Transfer
from s2s.transfers.refusals import NotPossible, StepFault
from s2s.transfers.steps import take_all
from tests.cast import Cast

pytestmark = pytest.mark.django_db

ROLES = [role.value for role in RoleCode]
# Who has CTFs: 1.6 and the table of rights, copied by hand; LEA PLASC has an address of its own, so it holds nothing at 681LLLL.
AT_LLLL = {"LEA_DBA", "LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL_TRANSFER"}
STEPS_OF_A_RECIPIENT = [name for name, step in STEPS.items() if step.holder is Holder.RECIPIENT]


def actor(cast: Cast, role: str, at: str) -> Person:
    if role == "NATIONAL":
        return cast.actor(role, "WG")
    return cast.actor(role, at if role != "SCHOOL" else {"681": "6812061", "680": "6802320", "394": "3942001"}[at])


def ready(delivery: Delivery, name: StepName) -> Delivery:
    """The delivery as if it stood where the step starts."""
    start = next(iter(STEPS[name].start))
    Delivery.objects.filter(pk=delivery.pk).update(state=start)
    return Delivery.objects.select_related("transfer__source", "organisation").get(pk=delivery.pk)


def takes(delivery: Delivery, name: StepName, by: Actor) -> bool:
    delivery = ready(delivery, name)
    events, entries, emails = Event.objects.count(), Entry.objects.count(), Email.objects.count()
    state = delivery.state
    try:
        delivery.take(name, by=by, reason="other", note="words")
    except NotPossible as refusal:
        if refusal.code is not StepFault.NOT_YOURS:
            raise
        assert (Event.objects.count(), Entry.objects.count(), Email.objects.count()) == (events, entries, emails)
        assert Delivery.objects.get(pk=delivery.pk).state == state
        return False
    assert Delivery.objects.get(pk=delivery.pk).state == STEPS[name].end
    return True


@pytest.mark.guidance("1-06", "1.6-46", "1.6-29")
@pytest.mark.parametrize("place", ["681", "680", "394"])
@pytest.mark.parametrize("role", ROLES)
def test_who_takes_which_step_on_which_copy(cast: Cast, role: str, place: str) -> None:
    """681 is the destination's authority (and its school 6812061 the destination), 680 the sender's, 394 a stranger."""
    sent = cast.sent("6802320", "6812061")
    copies = {(delivery.part, delivery.address): delivery for delivery in sent.deliveries.all()}
    assert set(copies) == {("addressee", "6812061"), ("copy", "681LLLL"), ("copy", "680LLLL")}
    by = actor(cast, role, place)
    for name in STEPS_OF_A_RECIPIENT:
        for (part, address), delivery in copies.items():
            own = (part == "addressee" and role == "SCHOOL" and place == "681") or (
                part == "copy" and name is not StepName.REJECT and role in AT_LLLL and address == f"{place}LLLL"
            )
            assert takes(delivery, name, by) == own, (name, part, address)


@pytest.mark.parametrize("role", ROLES)
def test_who_takes_which_step_on_a_file_for_the_authority(cast: Cast, role: str) -> None:
    delivery = cast.sent("6812045", "681LLLL").addressee
    for name in STEPS_OF_A_RECIPIENT:
        assert takes(delivery, name, actor(cast, role, "681")) == (role in AT_LLLL), name
        assert not takes(delivery, name, actor(cast, role, "680")), name


@pytest.mark.parametrize("name", STEPS_OF_A_RECIPIENT)
def test_nobody_takes_a_step_on_a_lost_pupils_file_nor_the_site_on_a_recipients(cast: Cast, name: StepName) -> None:
    lost, sent = cast.sent("6812045", "XXXXXXX").addressee, cast.sent().addressee
    for role in ROLES:
        assert not takes(lost, name, actor(cast, role, "681"))
    assert not takes(lost, name, Site())
    assert not takes(sent, name, Site())


def test_a_machine_has_the_rights_its_credentials_name(cast: Cast) -> None:
    delivery, school = cast.sent().addressee, cast.school("6812061")
    reader = Machine("mis", school, RoleCode.SCHOOL, frozenset({Can.FETCH_CTF}))
    assert takes(delivery, StepName.FETCH, reader)
    assert not takes(delivery, StepName.REJECT, reader)
    assert not takes(delivery, StepName.FETCH, Machine("mis", school, RoleCode.SCHOOL, frozenset({Can.SEND_CTF})))
    assert not takes(delivery, StepName.FETCH, Machine("mis", cast.school("6812049"), RoleCode.SCHOOL, frozenset(Can)))


def test_the_site_takes_the_steps_that_are_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retention and releasing held files are steps to come: the site holds them, and has no organisation."""
    step = STEPS[StepName.RETURN]
    own = type(step)(step.name, step.start, step.end, Holder.SITE, step.use, step.parts, step.action)
    monkeypatch.setattr("s2s.transfers.steps.STEPS", {**STEPS, StepName.RETURN: own})
    delivery = cast.sent().addressee
    assert not takes(delivery, StepName.RETURN, cast.actor("SCHOOL", "6812061"))
    assert takes(delivery, StepName.RETURN, Site())
    event = Event.objects.latest("pk")
    assert (event.person, event.organisation) == ("s2s", None)


def files(cast: Cast, number: int) -> list[Delivery]:
    pks = [cast.sent(number=f"{serial:03}").addressee.pk for serial in range(number)]
    return list(Delivery.objects.filter(pk__in=pks).select_related("transfer__source", "organisation").order_by("pk"))


@pytest.fixture
def statements() -> Callable[[Callable[[], object]], int]:
    def count(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask()
        return len([query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]])

    return count


def test_two_hundred_files_take_as_many_statements_as_two(cast: Cast, statements: Callable[[Callable[[], object]], int]) -> None:
    school, many = cast.actor("SCHOOL", "6812061"), files(cast, 40)
    for journey in (download.fetch, download.confirm):
        two = statements(lambda: journey(actor=school, deliveries=many[:2]))  # noqa: B023
        rest = statements(lambda: journey(actor=school, deliveries=many[2:]))  # noqa: B023
        assert two == rest <= 10
    assert {delivery.state for delivery in Delivery.objects.filter(part="addressee")} == {State.COLLECTED}
    assert Event.objects.filter(step="confirm").count() == Email.objects.filter(notice="collected").count() == 40
    assert Entry.objects.filter(action="confirmed").count() == 40


def test_several_or_none(cast: Cast) -> None:
    school, (first, second) = cast.actor("SCHOOL", "6812061"), files(cast, 2)
    second.take(StepName.REJECT, by=school, reason="duplicate")
    for step in (StepName.FETCH, StepName.CONFIRM):
        Delivery.objects.filter(pk=first.pk).update(state="fetched")
        before = (Event.objects.count(), Entry.objects.count(), Email.objects.count())
        with pytest.raises(NotPossible) as refusal:
            take_all([first, second], step, by=school)
        assert refusal.value.facts["name"] == second.name
        assert Delivery.objects.get(pk=first.pk).state == "fetched"
        assert (Event.objects.count(), Entry.objects.count(), Email.objects.count()) == before


def test_with_one_that_is_gone_nothing_happens_to_the_others(cast: Cast) -> None:
    school, (first, gone) = cast.actor("SCHOOL", "6812061"), files(cast, 2)
    Delivery.objects.filter(pk=gone.pk).delete()
    before = (Event.objects.count(), Entry.objects.count(), Email.objects.count())
    with pytest.raises(NotPossible) as refusal:
        take_all([first, gone], StepName.FETCH, by=school)
    assert (refusal.value.code, refusal.value.facts["name"]) == (StepFault.NOT_NOW, gone.name)
    assert Delivery.objects.get(pk=first.pk).state == "waiting"
    assert (Event.objects.count(), Entry.objects.count(), Email.objects.count()) == before


def test_a_step_finds_its_copies_by_an_index_however_many_there_are(cast: Cast) -> None:
    cast.sent()
    _multiply(3_000)
    statement = deeds._STEP
    for number in range(statement.count("%s")):
        statement = statement.replace("%s", f"${number + 1}", 1)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {statement}")
        [[[plan]]] = cursor.fetchall()
    scans = [one for one in _nodes(plan["Plan"]) if one.get("Relation Name") == "transfers_delivery" and "Scan" in one["Node Type"]]
    assert scans
    assert [one for one in scans if "Filter" in one or "Seq" in one["Node Type"]] == []


def _multiply(times: int) -> None:
    """So many files more, each with its addressee's delivery, and statistics of them."""
    file, copy = deeds.TRANSFER.replace("receipt, ", "").replace("digest, ", ""), deeds.DELIVERY.replace("key, ", "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO transfers_transfer (receipt, digest, {file}) "
            f"SELECT n::text, decode(md5(n::text), 'hex'), {file} FROM transfers_transfer, generate_series(1, %s) n",
            [times],
        )
        cursor.execute(
            f"INSERT INTO transfers_delivery (key, transfer_id, {copy}) SELECT gen_random_uuid(), file.id, copy.* "
            f"FROM (SELECT {copy} FROM transfers_delivery WHERE part = 'addressee') copy, transfers_transfer file"
            " WHERE length(file.receipt) < 14"
        )
        cursor.execute("ANALYZE transfers_delivery, transfers_transfer")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


@pytest.mark.parametrize(("step", "state"), [(StepName.CONFIRM, "collected"), (StepName.REJECT, "rejected"), (StepName.RETURN, "waiting")])
def test_said_twice_it_counts_once(cast: Cast, step: StepName, state: str) -> None:
    school, (delivery,) = cast.actor("SCHOOL", "6812061"), files(cast, 1)
    delivery.take(StepName.FETCH, by=school)
    delivery.take(step, by=school, reason="duplicate")
    before = (Event.objects.count(), Entry.objects.count(), Email.objects.count())
    delivery.take(step, by=school, reason="duplicate")
    assert Delivery.objects.get(pk=delivery.pk).state == state
    assert (Event.objects.count(), Entry.objects.count(), Email.objects.count()) == before


def test_the_outcome_stands_on_every_copy_and_on_the_transfer(cast: Cast) -> None:
    sent = cast.sent("6802320", "6812061")
    school, authority = cast.actor("SCHOOL", "6812061"), cast.actor("LEA_USER", "681")
    copy = Delivery.objects.select_related("transfer__source", "organisation").get(transfer=sent, address="681LLLL")
    copy.take(StepName.FETCH, by=authority)
    assert {delivery.outcome for delivery in sent.deliveries.all()} == {"waiting"}
    addressee = Delivery.objects.select_related("transfer__source", "organisation").get(transfer=sent, part="addressee")
    addressee.take(StepName.REJECT, by=school, reason="duplicate")
    assert {(one.outcome, one.outcome_at) for one in sent.deliveries.all()} == {("rejected", addressee.state_at)}
    sent = Transfer.objects.get(pk=sent.pk)
    assert (sent.state, sent.state_at, sent.shelf) == ("rejected", addressee.state_at, "rejected")
    assert Delivery.objects.get(pk=copy.pk).state == "fetched"


def test_parts_above_hear_in_the_same_transaction_and_can_stop_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[happened.Happened] = []
    monkeypatch.setattr(happened, "LISTENERS", [heard.append])
    sent = cast.sent()
    school, addressee = cast.actor("SCHOOL", "6812061"), sent.addressee
    addressee.take(StepName.FETCH, by=school)
    assert [(one.step.name, one.by.name) for one in heard] == [("send", "6812045"), ("fetch", "6812061")]
    assert heard[0].transfer is not None
    assert heard[0].transfer.receipt == sent.receipt
    assert [delivery.pk for delivery in heard[1].deliveries] == [addressee.pk]

    def stop(_: happened.Happened) -> None:
        raise RuntimeError("the part above cannot do its part")

    monkeypatch.setattr(happened, "LISTENERS", [stop])
    with pytest.raises(RuntimeError):
        addressee.take(StepName.CONFIRM, by=school)
    assert Delivery.objects.get(pk=addressee.pk).state == "fetched"
    with pytest.raises(RuntimeError):
        cast.sent(number="002")
    assert Transfer.objects.count() == 1


def test_who_listens() -> None:
    """Each part above that hears of what happens stands here."""
    assert [f"{listener.__module__}.{listener.__name__}" for listener in happened.LISTENERS] == []


@pytest.mark.parametrize(
    ("model", "named", "left_to_the_database"),
    [
        (Transfer, deeds.TRANSFER, {"id", "shelf"}),
        (Delivery, deeds.DELIVERY, {"id", "transfer_id", "shelf", "outcome_shelf"}),
        (Pupil, deeds.PUPIL, {"id", "transfer_id"}),
        (Event, deeds.EVENT, {"id", "delivery_id"}),
        (Entry, deeds.ENTRY, set()),
        (Email, deeds.EMAIL.replace('"', ""), {"id", "state", "tries", "fault", "done_at"}),
    ],
)
def test_a_deed_names_every_column_of_its_tables(model: type, named: str, left_to_the_database: set[str]) -> None:
    columns = {field.column for field in model._meta.concrete_fields}  # type: ignore[attr-defined]
    assert set(named.split(", ")) == columns - left_to_the_database


def test_a_file_made_of_another_is_a_new_transfer_with_its_parent(cast: Cast) -> None:
    from s2s.transfers import store
    from s2s.transfers.upload import send

    sent = cast.sent()
    content = store.open_content(sent)
    again = send(actor=cast.actor("SCHOOL", "6812045"), name=sent.name, content=content, kind=Kind.CTF)
    assert (again.transfer.pk, again.again) == (sent.pk, True)
    made = send(actor=cast.actor("SCHOOL", "6812045"), name=sent.name, content=content, kind=Kind.CTF, parent=sent)
    assert (made.transfer.parent, made.again) == (sent, False)
    assert list(sent.children.all()) == [made.transfer]
    assert Content.objects.count() == 2
