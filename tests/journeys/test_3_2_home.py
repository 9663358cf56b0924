"""Home: what awaits somebody, and each line leads to the list that it counts (3.2)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from s2s.administration.models import UserAudit
from s2s.notices.models import DeadAddress
from s2s.rules.roles import ROLES, RoleCode
from s2s.transfers import queries
from s2s.transfers.models import Delivery, Transfer
from tests.cast import Cast
from tests.journeys.doors import fetch, keys, text

pytestmark = pytest.mark.django_db

LINE = re.compile(
    r'<li class="s2s-work__line">\s*<a class="govuk-link" href="([^"]+)">(?:<b class="s2s-work__number">([^<]+)</b> )?([^<]*)</a>'
)
WEEKS = timedelta(days=29)


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """Something of everything: files on every way and in every state, some of them old, schools to look after, an audit."""
    for number in ("6812045", "6812061"):
        cast.person("SCHOOL", number)
    cast.school("6812049", email="")
    cast.person("LEA_DBA", "681")
    cast.sent("6812045", "6812061", "001")
    cast.sent("6812045", "6812061", "002")
    cast.sent("6812045", "6812061", "003")
    cast.sent("6812061", "6812045", "004")
    cast.sent("6792303", "6812045", "005")
    cast.sent("6812045", "6792303", "006")
    cast.sent("6812045", "681LLLL", "007")
    cast.sent("6812045", "681LLLL", "008")
    cast.sent("6812045", "681PLAS", "009")
    cast.sent("681LLLL", "6812061", "010")
    cast.sent("6812045", "6812061", "011")
    _older("002", "004", "007", "010")
    school, authority = cast.client(cast.person("SCHOOL", "6812061")), cast.client(cast.person("LEA_USER", "681"))
    fetch(school, keys(school)["6812045_CTF_6812061_001.xml"])
    fetch(authority, str(Delivery.objects.get(name="6792303_CTF_6812045_005.xml", address="681LLLL").key))
    rejected = Transfer.objects.get(name="6812045_CTF_6812061_011.xml").addressee
    school.post(f"/download/ctf/{rejected.key}/reject", {"reason": "not_ours", "note": ""})
    DeadAddress.objects.create(email="office@6812061.example.org", fault="550 no such user")
    return cast


def _older(*numbers: str) -> None:
    for number in numbers:
        for model in (Transfer, Delivery):
            model.objects.filter(name__endswith=f"_{number}.xml").update(sent_at=timezone.now() - WEEKS)


def lines(client: Client) -> dict[str, tuple[str, int]]:
    """What Home tells: words -> where the line leads, and its number; 0 for a line that has none."""
    found = LINE.findall(client.get("/home").content.decode())
    return {unescape(words): (unescape(href), int(number or 0)) for href, number, words in found}


def rows(client: Client, href: str) -> int:
    """How many the list has to which a line leads."""
    if href == "#undelivered":
        html = client.get("/home").content.decode().split('id="undelivered"')[1].split("</ul>")[0]
        return html.count("<li>")
    html = client.get(href).content.decode()
    main = html.split("<main")[1].split("</main>")[0]
    return "".join(main.split("<tbody")[1:2]).split("</tbody>")[0].count("<tr")  # of the audit: those for this person, before all LAs


EVERYBODY = [(str(code), "WG" if code is RoleCode.NATIONAL else "6812061" if code is RoleCode.SCHOOL else "681") for code in ROLES]


@pytest.mark.parametrize(("role", "at"), [*EVERYBODY, ("SCHOOL", "6812045")])
def test_each_number_is_that_of_the_list_to_which_it_leads(busy: Cast, role: str, at: str) -> None:
    _an_audit(busy)
    client = busy.client(busy.person(role, at))
    told = lines(client)
    for words, (href, number) in told.items():
        if number:
            assert rows(client, href) == number, words
        else:
            assert client.get(href).status_code == 200, words
    assert {words for words, (_, number) in told.items() if number} == EXPECTED.get((role, at), set())


_SENT = {"file you sent was rejected in the last 30 days", "files you sent have not been collected yet"}
_OF_THE_AREA = {
    "downloaded file to confirm",
    "files sent to your local authority",
    "files of your area have not been collected for more than four weeks",
    "files sent within your area, not yet downloaded here",
    "file sent into your area, not yet downloaded here",
    "file sent out of your area, not yet downloaded here",
}
_AUTHORITY = _OF_THE_AREA | {"file you sent has not been collected for more than four weeks", "file you sent has not been collected yet"}
_SCHOOLS = {
    "school without an email address",
    "schools with files that have been waiting for more than four weeks",
    "email address that refuses our emails",
    "users to confirm",
}
EXPECTED = {
    ("SCHOOL", "6812045"): _SENT
    | {"files awaiting download", "file that has been waiting for more than four weeks"}
    | {"files you sent have not been collected for more than four weeks"},
    ("SCHOOL", "6812061"): {
        "downloaded file to confirm",
        "files awaiting download",
        "files that have been waiting for more than four weeks",
    }
    | {"file you sent has not been collected yet", "file you sent has not been collected for more than four weeks"},
    ("LEA_DBA", "681"): _AUTHORITY | _SCHOOLS | {"school that has never signed in", "school without a user"},
    ("LEA_USER", "681"): _AUTHORITY,
    ("LEA_SCHOOL", "681"): _AUTHORITY,
    ("LEA_LOST_PUPIL_TRANSFER", "681"): _AUTHORITY,
    ("LEA_PLASC", "681"): {"file awaiting download"},
    ("NATIONAL", "WG"): _SCHOOLS
    | {"school without a user", "schools that have never signed in", "local authority without an LEA Administrator"},
}


def _an_audit(cast: Cast) -> None:
    national = cast.client(cast.person("NATIONAL", "WG"))
    due = timezone.localdate() + timedelta(days=30)
    day = {"due_on-day": due.day, "due_on-month": due.month, "due_on-year": due.year, "sure": "yes"}
    assert national.post("/users/audit/start", day).status_code == 302


@pytest.mark.parametrize(("role", "at"), EVERYBODY)
def test_whoever_has_nothing_waiting_is_told_so_and_what_they_can_do(cast: Cast, role: str, at: str) -> None:
    UserAudit.objects.create(due_on=timezone.localdate(), started_by="national", closed_at=timezone.now())
    said = text(cast.client(cast.person(role, at)).get("/home"))
    assert "Nothing is waiting for you." in said or role in {"NATIONAL", "LEA_DBA"}
    assert "What you can do here" in said
    without = "cannot be sent or collected here yet" in said
    assert without is (role in {"LEA_LOST_PUPIL", "LEA_ADMISSIONS"})


def test_an_authoritys_copies_do_not_await_it(busy: Cast) -> None:
    html = busy.client(busy.person("LEA_USER", "681")).get("/home").content.decode()
    awaits, quiet = html.split('id="awaits"')[1].split("</section>")
    assert "sent to your local authority" in awaits
    assert "your area" not in awaits
    assert "sent within your area" in quiet


def test_a_rejection_is_told_with_its_reason_for_30_days(busy: Cast) -> None:
    client = busy.client(busy.person("SCHOOL", "6812045"))
    assert "The pupil is not coming to this school" in text(client.get("/home"))
    Transfer.objects.filter(state="rejected").update(state_at=timezone.now() - timedelta(days=31))
    assert "rejected" not in text(client.get("/home")).lower()
    assert not rows(client, "/upload/ctf/sent/rejected")


def test_the_national_administrator_is_told_when_an_audit_is_due_and_when_it_has_to_be_closed(cast: Cast) -> None:
    client = cast.client(cast.person("NATIONAL", "WG"))
    assert "Start the yearly audit of users" in lines(client)
    audit = UserAudit.objects.create(due_on=timezone.localdate() + WEEKS, started_by="national")
    assert not {"Start the yearly audit of users", "Close the yearly audit of users"} & lines(client).keys()
    UserAudit.objects.filter(pk=audit.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert lines(client)["Close the yearly audit of users"] == ("/users/audit/close", 0)
    UserAudit.objects.filter(pk=audit.pk).update(closed_at=timezone.now())
    assert "Start the yearly audit of users" not in lines(client)
    UserAudit.objects.filter(pk=audit.pk).update(started_at=timezone.now() - timedelta(days=366))
    assert "Start the yearly audit of users" in lines(client)


def test_a_number_beyond_the_most_that_is_counted_says_so(busy: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 1)
    client = busy.client(busy.person("SCHOOL", "6812061"))
    assert "more than" in text(client.get("/home"))


@pytest.mark.parametrize(("role", "at"), EVERYBODY)
def test_home_asks_no_more_however_much_there_is(busy: Cast, role: str, at: str) -> None:
    """All the lists are counted in one statement."""
    client = busy.client(busy.person(role, at))
    client.get("/home")
    few = _statements(client)
    for number in range(20, 26):
        busy.sent("6812045", "6812061", f"{number:03}")
        busy.sent("6812045", "681LLLL", f"{number + 10:03}")
    assert (_statements(client), few <= 14) == (few, True)


def _statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get("/home")
    return len(asked)


def test_somebody_who_may_do_nothing_with_a_kind_has_no_line_of_it(busy: Cast) -> None:
    for role in ("LEA_LOST_PUPIL", "LEA_ADMISSIONS", "LEA_DBA_VIEW"):
        assert not lines(busy.client(busy.person(role, "681"))), role
