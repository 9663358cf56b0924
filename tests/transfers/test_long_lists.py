"""A list page by page: nothing is lost or repeated whatever happens meanwhile, in every order, both ways and in both languages."""

import pytest

from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import Shelf, StepName
from s2s.transfers import lists, queries
from s2s.transfers.models import Delivery
from tests.cast import Cast

pytestmark = pytest.mark.django_db

SOURCES = ("6812045", "6792303", "6732182", "6812045", "6792303")


@pytest.fixture
def waiting(cast: Cast) -> list[Delivery]:
    cast.school("6812045", name="Zion School", name_cy="Aberysgol")
    for number, source in enumerate(SOURCES):
        cast.sent(source, "6812061", number=f"{number:03}")
    return list(Delivery.objects.filter(address="6812061"))


def names(cast: Cast, order: lists.Order, *, backwards: bool = False) -> list[str]:
    """The whole list, two to a page, from the first page to the last; or from the last back to the first."""
    desk = cast.actor("SCHOOL", "6812061")
    rows = queries.waiting_for(desk, Kind.CTF)
    page, found = lists.page(rows, order, length=2), list[list[str]]()
    found.append([row.name for row in page.rows])
    while page.after:
        page = lists.page(rows, order, after=page.after, length=2)
        found.append([row.name for row in page.rows])
    if not backwards:
        return [name for part in found for name in part]
    back = [found[-1]]
    while page.before:
        page = lists.page(rows, order, before=page.before, length=2)
        back.insert(0, [row.name for row in page.rows])
    return [name for part in back for name in part]


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", list(lists.SORTS))
def test_each_order_is_whole_forwards_and_backwards(
    cast: Cast, waiting: list[Delivery], column: str, descending: bool, language: str
) -> None:
    order = lists.Order(column, descending, language)
    expected = sorted(waiting, key=lambda row: (getattr(row, order.field), row.pk), reverse=descending)
    assert names(cast, order) == [row.name for row in expected]
    assert names(cast, order, backwards=True) == [row.name for row in expected]


def test_in_welsh_the_names_are_ordered_as_they_are_in_welsh(cast: Cast, waiting: list[Delivery]) -> None:
    cast.sent("6812049", "6812061")  # Hafod Primary School, between Aber and Zion
    english, welsh = (names(cast, lists.Order("source", language=language)) for language in ("en", "cy"))
    assert english[-1].startswith("6812045")
    assert not welsh[-1].startswith("6812045")


def test_a_file_that_has_left_the_list_keeps_its_place_and_a_strangers_has_none(cast: Cast, waiting: list[Delivery]) -> None:
    desk = cast.actor("SCHOOL", "6812061")
    rows, mine = queries.waiting_for(desk, Kind.CTF), queries.deliveries_of(desk, Kind.CTF)
    order = lists.Order("name")
    first = lists.page(rows, order, among=mine, length=2)
    left = Delivery.objects.select_related("transfer__source", "organisation").get(key=first.after)
    left.take(StepName.REJECT, by=desk, reason="duplicate")
    second = lists.page(rows, order, among=mine, after=first.after, length=2)
    assert [row.name for row in second.rows] == sorted(row.name for row in waiting)[2:4]
    other = cast.sent("6812045", "6802320").addressee
    for odd in (str(other.key), "nonsense", "\0", "00000000-0000-0000-0000-000000000000"):
        assert lists.page(rows, order, among=mine, after=odd, length=2).rows == lists.page(rows, order, length=2).rows


@pytest.mark.guidance("5.3-11")
def test_what_was_sent_to_the_authority_itself_is_a_list_of_its_own(cast: Cast) -> None:
    cast.sent("6812045", "6812061")
    cast.sent("6812045", "681LLLL")
    cardiff = cast.actor("LEA_USER", "681")
    assert [row.destination_address for row in queries.sent_to(cardiff, Kind.CTF)] == ["681LLLL"]
    assert queries.waiting_for(cardiff, Kind.CTF).count() == 2


def test_what_an_authority_sent_itself_stands_in_its_views_and_nowhere_to_be_fetched(cast: Cast) -> None:
    cast.sent("681LLLL", "6812061")
    cardiff = cast.actor("LEA_USER", "681")
    [row] = queries.in_area(cardiff, Kind.CTF, Shelf.AWAITING)
    assert (row.part, row.view, row.state) == ("sent", "within", "ours")
    assert not queries.waiting_for(cardiff, Kind.CTF).exists()
    assert not queries.previously_downloaded(cardiff, Kind.CTF).exists()
    assert not queries.deliveries_by_key(cardiff, Kind.CTF, [row.key])


def test_counts_stop_at_their_limit(cast: Cast, waiting: list[Delivery], monkeypatch: pytest.MonkeyPatch) -> None:
    rows = queries.waiting_for(cast.actor("SCHOOL", "6812061"), Kind.CTF)
    assert queries.counted(rows) == 5
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    assert queries.counted(rows) == 4


def test_nobody_without_the_right_for_the_kind_has_anything(cast: Cast, waiting: list[Delivery]) -> None:
    school, lost = cast.actor("SCHOOL", "6812061"), cast.actor("LEA_LOST_PUPIL", "681")
    for kind in set(Kind) - {Kind.CTF}:
        assert not queries.deliveries_of(school, kind).exists()
    assert not queries.deliveries_of(lost, Kind.CTF).exists()
    assert queries.transfer_of(school, waiting[0].receipt) is not None
    assert queries.transfer_of(lost, waiting[0].receipt) is None
    assert queries.transfer_of(cast.actor("LEA_USER", "394"), waiting[0].receipt) is None
