"""Looking through the lists: ticks that stay, what is to be confirmed, pupils found by name at their own school (5.2, 5.3)."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import State
from s2s.transfers import lists, queries
from s2s.transfers.models import Delivery, Pupil
from tests.cast import Cast
from tests.journeys.doors import fetch, keys, mails, press, say, text
from tests.samples import name_for, upn

pytestmark = pytest.mark.django_db
PATH = "/download/ctf"


def chosen(client: Client, path: str) -> list[str]:
    """The names of the files that a page, or the list where it leads, has ticked."""
    html = client.get(path).content.decode()
    boxes = re.findall(
        r'name="file" value="[^"]+" id="[^"]+"( checked)?>.*?<span class="govuk-visually-hidden">([^<]+)</span>', html, re.DOTALL
    )
    return [name for ticked, name in boxes if ticked]


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lists.page
    monkeypatch.setattr(lists, "page", lambda rows, order, **more: whole(rows, order, **{"length": 2, **more}))


@pytest.mark.guidance("5.3-01", "5.3-03")
def test_an_authoritys_list_has_the_columns_of_the_guidance_and_opens_by_destination(cast: Cast) -> None:
    for source, destination in (("6812045", "6812061"), ("6812061", "6812045")):
        cast.sent(source, destination)
    cardiff = cast.client(cast.person("LEA_USER", at="681"))
    html = cardiff.get(PATH).content.decode()
    heads = [re.sub(r"<[^>]+>", "", head).strip() for head in re.findall(r"<th[^>]*>(.*?)</th>", html, re.DOTALL)]
    assert heads[1:5] == ["Destination School", "Filename", "Source School", "Date Uploaded"]
    assert re.search(r'aria-sort="ascending"><button[^>]*>Destination School', html)
    assert list(keys(cardiff)) == [name_for("6812061", "6812045"), name_for("6812045", "6812061")], "Greenway before Llanishen"


def test_a_school_does_not_read_its_own_name_in_every_row(cast: Cast) -> None:
    cast.sent()
    school = cast.client(cast.person("SCHOOL", at="6812061"))
    assert "Destination School" not in text(school.get(PATH))
    assert "Llanishen" not in text(school.get(PATH))


@pytest.mark.usefixtures("short_pages")
def test_ticks_survive_sorting_and_the_next_page_and_come_to_the_download(cast: Cast) -> None:
    for number in ("001", "002", "003", "004", "005"):
        cast.sent(number=number)
    school = cast.client(cast.person("SCHOOL", at="6812061"))
    first = keys(school)
    onwards = press(school, PATH, f"after:{list(first.values())[-1]}", first[name_for(number="001")])
    assert list(keys(school, onwards)) == [name_for(number="003"), name_for(number="004")]
    assert "1 chosen" in text(school.get(onwards))
    turned = press(school, onwards, "sort:name:desc", keys(school, onwards)[name_for(number="004")])
    assert chosen(school, turned) == [name_for(number="004")]
    assert "2 chosen" in text(school.get(turned))
    there = press(school, turned, "chosen", keys(school, turned)[name_for(number="004")])
    page = text(school.get(there))
    assert [name for name in (name_for(number=f"00{n}") for n in range(1, 6)) if name in page] == [
        name_for(number="001"),
        name_for(number="004"),
    ]
    unticked = press(school, turned, "chosen")
    assert name_for(number="004") not in text(school.get(unticked))


@pytest.mark.usefixtures("short_pages")
def test_all_of_a_page_all_of_the_list_or_none_can_be_ticked(cast: Cast) -> None:
    for number in ("001", "002", "003"):
        cast.sent(number=number)
    cast.sent("6812061", "6812045", "009")
    school = cast.client(cast.person("SCHOOL", at="6812061"))
    assert "Choose all 3" in text(school.get(PATH))
    assert chosen(school, press(school, PATH, "page")) == [name_for(number="001"), name_for(number="002")]
    everything = press(school, PATH, "all")
    assert "3 chosen" in text(school.get(everything))
    page = text(school.get(press(school, everything, "chosen", *keys(school, everything).values())))
    assert "Download 3 files" in page
    assert name_for("6812061", "6812045", "009") not in page
    assert "chosen" not in text(school.get(press(school, everything, "none", *keys(school, everything).values())))


def test_all_ends_at_what_can_be_chosen_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from s2s.web.transfers import turning

    for number in ("001", "002", "003"):
        cast.sent(number=number)
    school = cast.client(cast.person("SCHOOL", at="6812061"))
    monkeypatch.setattr(turning, "MOST_AT_ONCE", 2)
    assert len(chosen(school, press(school, f"{PATH}?sort=name&direction=desc", "all"))) == 2


def test_what_is_ticked_is_sealed_for_its_person_and_opens_nobody_elses(cast: Cast) -> None:
    cast.sent()
    cast.sent(number="002")
    school, other = (cast.client(cast.person("SCHOOL", at=at)) for at in ("6812061", "6812049"))
    there = press(school, PATH, "chosen", *keys(school).values())
    assert "Download 2 files" in text(school.get(there))
    assert "Choose at least one file" in text(other.get(there, follow=True))
    sealed = parse_qs(urlsplit(there).query)["ticked"][0]
    for odd in (sealed[:-3], "x", "%00", sealed.swapcase()):
        assert "Choose at least one file" in text(school.get(f"{PATH}/chosen?ticked={odd}", follow=True))


def test_what_an_authority_sent_itself_is_in_its_view_and_never_ticked(cast: Cast) -> None:
    cast.sent("681LLLL", "6812061")
    cast.sent("6812045", "6812061")
    cardiff = cast.client(cast.person("LEA_USER", at="681"))
    path = f"{PATH}?show=awaiting&view=within"
    assert "Sent by your local authority" in text(cardiff.get(path))
    for button in ("all", "page"):
        there = press(cardiff, path, button)
        assert chosen(cardiff, there) == [name_for("6812045", "6812061")]
        assert "1 chosen" in text(cardiff.get(there))


@pytest.mark.guidance("5.2-19", "5.2-20")
def test_a_file_that_was_fetched_can_be_answered_later_in_its_row_on_its_page_and_from_its_list(cast: Cast) -> None:
    for number in ("001", "002", "003"):
        cast.sent(number=number)
    actor = cast.actor("SCHOOL", "6812061")
    school = cast.client(actor.user)
    listed = keys(school)
    fetch(school, *listed.values())
    again = cast.client(actor.user)  # at the next sign-in
    assert queries.unconfirmed(actor, Kind.CTF).count() == 3
    assert list(keys(again, f"{PATH}/unconfirmed")) == list(listed)
    first, second, third = listed.values()
    row = again.get(PATH).content.decode()
    assert f'value="yes {first}"' in row
    assert f'value="no {first}"' in row
    answer = again.post(f"{PATH}/answer", {"answer": f"yes {first}", "file": [second], "back": f"{PATH}?sort=name"})
    assert urlsplit(answer["Location"]).path == PATH
    assert chosen(again, answer["Location"]) == [name_for(number="002")], "what else was ticked stays so"
    story = f"/file/{Delivery.objects.get(key=second).receipt}"
    assert "Has the file downloaded correctly?" in text(again.get(story))
    answer = again.post(f"{PATH}/answer", {"answer": "yes", "file": second, "back": story})
    assert answer["Location"] == story
    assert "Has the file downloaded correctly?" not in text(again.get(story))
    again.post(f"{PATH}/answer", {"answer": f"no {third}"})
    states = dict(Delivery.objects.filter(part="addressee").values_list("name", "state"))
    assert states == {name_for(number="001"): "collected", name_for(number="002"): "collected", name_for(number="003"): "waiting"}
    assert [notice for notice, _ in mails("office@6812045.example.org")].count("collected") == 2


def test_yes_before_anything_was_saved_keeps_what_was_chosen(cast: Cast) -> None:
    for number in ("001", "002"):
        cast.sent(number=number)
    school = cast.client(cast.person("SCHOOL", at="6812061"))
    page = say(school, "yes", *keys(school).values())
    assert "Download it first" in page
    assert "Download 2 files" in page
    assert set(Delivery.objects.filter(part="addressee").values_list("state", flat=True)) == {State.WAITING}


def test_after_yes_one_is_in_the_same_view_and_after_no_the_ticks_stand(cast: Cast) -> None:
    for number in ("001", "002"):
        cast.sent("6792303", "6812061", number)
    cardiff = cast.client(cast.person("LEA_USER", at="681"))
    path = f"{PATH}?view=incoming&sort=name"
    there = press(cardiff, path, "chosen", *keys(cardiff, path).values())
    [back] = re.findall(r'name="back" value="([^"]+)"', cardiff.get(there).content.decode())[:1]
    files = list(keys(cardiff, path).values())
    fetch(cardiff, *files)
    form = {"file": files, "back": back.replace("&amp;", "&")}
    answer = cardiff.post(f"{PATH}/answer", form | {"answer": "no"})
    assert parse_qs(urlsplit(answer["Location"]).query)["view"] == ["incoming"]
    assert len(chosen(cardiff, answer["Location"])) == 2
    fetch(cardiff, *files)
    answer = cardiff.post(f"{PATH}/answer", form | {"answer": "yes"})
    assert answer["Location"] == path
    assert "sender has been told" not in text(cardiff.get(answer["Location"])), "of a copy nobody is told"


@pytest.mark.parametrize("odd", ["https://evil.example/download/ctf", "//evil.example/download/ctf", "/log-off", "\0", "javascript:x"])
def test_an_answer_leads_back_to_lists_and_files_and_nowhere_else(cast: Cast, odd: str) -> None:
    cast.sent()
    school = cast.client(cast.person("SCHOOL", at="6812061"))
    key = keys(school)[name_for()]
    fetch(school, key)
    assert school.post(f"{PATH}/answer", {"answer": "yes", "file": key, "back": odd})["Location"] == PATH


@pytest.mark.guidance("5.3-10")
@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "since today"), (6, "6 days"), (7, "7 days: waiting more than a week"), (30, "30 days: waiting more than four weeks")],
)
def test_how_long_a_file_waits_is_said_in_words(cast: Cast, days: int, words: str) -> None:
    transfer = cast.sent()
    then = timezone.now() - timedelta(days=days)
    transfer.deliveries.update(sent_at=then)
    type(transfer).objects.update(sent_at=then)
    for role, at, path in (
        ("SCHOOL", "6812061", PATH),
        ("LEA_USER", "681", f"{PATH}?show=awaiting"),
        ("SCHOOL", "6812045", "/upload/ctf/sent"),
    ):
        page = text(cast.client(cast.person(role, at=at)).get(path))
        assert words in page, path
        assert ("waiting more" in page) == ("waiting more" in words)


# Pupils: the school's own files name them, an authority's views never do.


def find(client: Client, words: str, path: str = PATH) -> tuple[str, str]:
    """What a search finds: the address it leads to, and the page."""
    there = press(client, path, "find", find=words)
    return there, text(client.get(there))


@pytest.mark.guidance("5.3-12")
def test_a_school_reads_the_pupils_of_its_own_files_and_an_authority_never_does(cast: Cast) -> None:
    transfer = cast.sent("6812045", "6812061", pupils=5)
    pupil = Pupil.objects.filter(transfer=transfer).earliest("pk")
    name = f"{pupil.forename} {pupil.surname}"
    school, sender = (cast.client(cast.person("SCHOOL", at=at)) for at in ("6812061", "6812045"))
    for client, path in ((school, PATH), (sender, "/upload/ctf/sent")):
        page = text(client.get(path))
        assert name in page, path
        assert "and 2 more pupils" in page
    assert name in text(school.get(f"/file/{transfer.receipt}"))
    assert name in text(sender.get(f"/file/{transfer.receipt}"))
    key = keys(school)[name_for()]
    fetch(school, key)
    say(school, "yes", key)
    assert name in text(school.get(f"{PATH}/previous"))
    cast.sent("681LLLL", "6812061", "007")
    for role in ("LEA_USER", "LEA_DBA", "LEA_SCHOOL", "LEA_LOST_PUPIL_TRANSFER", "LEA_PLASC"):
        client = cast.client(cast.person(role, at="681"))
        for path in (
            PATH,
            f"{PATH}?show=collected",
            f"{PATH}?show=awaiting",
            f"{PATH}/previous",
            "/upload/ctf/sent",
            f"/file/{transfer.receipt}",
        ):
            html = client.get(path).content.decode()
            assert pupil.surname not in html, (role, path)
            assert pupil.upn not in html, (role, path)


def test_a_school_finds_a_file_by_pupil_upn_name_school_or_receipt_and_no_name_is_in_the_address(cast: Cast) -> None:
    wanted = cast.sent("6812045", "6812061", "001")
    Pupil.objects.filter(transfer=wanted).update(forename="Siân Mai", surname="O’Shea-Jones", preferred_surname="Ŵyn", upn=upn(77))
    cast.sent("6792303", "6812061", "002")
    cast.sent("6812045", "6812061", "003", pupils=3)
    school = cast.client(cast.person("SCHOOL", at="6812061"))
    for words in (
        "sian o'shea",
        "JONES mai",
        "wyn",
        upn(77),
        upn(77).lower(),
        wanted.receipt,
        wanted.receipt.replace("-", "").lower(),
        "_001",
        "greenway 001",
    ):
        there, page = find(school, words)
        assert list(keys(school, there)) == [wanted.name], words
        assert words not in there
    for words in ("Mair", "Jon_s", "%", "--", "nobody", upn(78), "\0", "x" * 500):
        there, page = find(school, words)
        assert "Nothing found" in page, words
    sender = cast.client(cast.person("SCHOOL", at="6812045"))
    there, page = find(sender, "wyn sian", "/upload/ctf/sent")
    assert wanted.name in page
    assert name_for(number="003") not in page
    assert wanted.name in find(sender, "llanishen 001", "/upload/ctf/sent")[1]
    assert "Nothing found" in find(cast.client(cast.person("SCHOOL", at="6792303")), "shea", "/upload/ctf/sent")[1]


def test_what_was_searched_stays_while_one_sorts_and_is_gone_with_the_whole_list(cast: Cast) -> None:
    for number in ("001", "002"):
        cast.sent(number=number)
    cast.sent("6792303", "6812061", "003")
    school = cast.client(cast.person("SCHOOL", at="6812061"))
    there, _ = find(school, "greenway")
    turned = press(school, there, "sort:name:desc")
    assert list(keys(school, turned)) == [name_for(number="002"), name_for(number="001")]
    assert len(chosen(school, press(school, there, "all"))) == 2
    assert len(keys(school, press(school, turned, "find", find=""))) == 3


def test_an_authority_finds_by_file_name_number_or_receipt_and_not_by_pupil(cast: Cast) -> None:
    wanted = cast.sent("6812045", "6812061", "001")
    other = cast.sent("6812049", "6812045", "002")
    cast.sent("6812049", "6812061", "003")
    foreign = cast.sent("6792303", "6732182", "001")
    pupil = Pupil.objects.filter(transfer=wanted).get()
    Pupil.objects.filter(pk=pupil.pk).update(surname="Rhosyngwyn")
    cardiff = cast.client(cast.person("LEA_USER", at="681"))
    for words, found in (
        (wanted.receipt, {wanted.name}),
        (wanted.name, {wanted.name}),
        ("6812045_ctf_68120", {wanted.name}),
        ("6812045", {wanted.name, other.name}),
        ("Rhosyngwyn", set()),
        (pupil.upn, set()),
        (foreign.receipt, set()),
        ("6792303", set()),
    ):
        there, _ = find(cardiff, words)
        assert set(keys(cardiff, there)) == found, words
