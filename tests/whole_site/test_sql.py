"""Row 23 of the failure classes: what somebody types or puts into an address never becomes SQL.

Whatever it is, the answer is no error, and has no row more than an ordinary word without sense gives.
"""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.utils import timezone

from s2s.accounts.models import User
from s2s.rules.roles import Can
from s2s.transfers.models import Delivery, Transfer
from s2s.web.urls import PAGES
from tests.cast import Cast
from tests.journeys.doors import fetch, keys, say, work
from tests.sampling import some

pytestmark = pytest.mark.django_db

WEB = Path(__file__).resolve().parents[2] / "s2s/web"
NONSENSE = "qxzvwk"
CORPUS = [
    "'",
    '"',
    "\\",
    "' OR '1'='1",
    "' OR 1=1 --",
    '" OR ""="',
    "') OR ('1'='1",
    "1 OR 1=1",
    "qxzvwk'/**/OR/**/'1'='1",
    "'; DROP TABLE accounts_user CASCADE; --",
    "1; SELECT pg_sleep(20)",
    "' UNION SELECT username, password FROM accounts_user --",
    "(SELECT password FROM accounts_user LIMIT 1)",
    "CASE WHEN (SELECT count(*) FROM accounts_user) > 0 THEN 1 ELSE 2 END",
    "' || (SELECT password FROM accounts_user LIMIT 1) || '",
    "password",  # names of columns and of ways to them, as an order or a filter
    "-pk",
    "transfer__source__users__password",
    "sent_at; --",
    "%",
    "_______",
    "%' --",
    "%s",
    "%(number)s",
    "{0}",
    "$1",
    "-1",
    "1e400",
    "99999999999999999999",
    "٣",  # a digit, and not one of PostgreSQL's
    "ʼ OR ʼ1ʼ=ʼ1",  # U+02BC, which some systems turn into an apostrophe
    "\N{PILE OF POO}" * 50,
    "x" * 3000,
]
QUOTED = [quote(text, safe="") for text in CORPUS] + ["%FF%27%20OR%201=1", "%ED%A0%80", "%2527%2520OR%25201=1"]
AT_A_TIME = 3  # each field meets every third of them, and each of them every third field
# Every field that a page reads out of its address: who opens it, the page, and a value for {} that finds something ("": it chooses
# an order or a part of what is shown anyway).
FIELDS = (
    ("LEA_DBA", "/download/ctf?sort={}", ""),
    ("LEA_DBA", "/download/ctf?sort=date&direction={}", ""),
    ("LEA_DBA", "/download/ctf?after={}", ""),
    ("LEA_DBA", "/download/ctf?before={}", ""),
    ("LEA_DBA", "/download/ctf?show={}", ""),
    ("LEA_DBA", "/download/ctf?view={}", ""),
    ("LEA_DBA", "/download/ctf?find={}", ""),
    ("LEA_DBA", "/download/ctf?ticked={}", ""),
    ("SCHOOL", "/download/ctf/chosen?ticked={}", ""),
    ("SCHOOL", "/upload/ctf/sent?find={}", ""),
    ("SCHOOL", "/download/ctf/chosen?file={}", "file"),
    ("SCHOOL", "/download/ctf/previous?sort={}", ""),
    ("SCHOOL", "/upload/ctf/sent?after={}", ""),
    ("LEA_DBA", "/find-school?q={}", "Greenway"),
    ("LEA_DBA", "/find-school?lea={}", "681"),
    ("LEA_DBA", "/find-school?q=Greenway&lea={}", ""),
    ("LEA_DBA", "/contacts?lea={}", "679"),
    ("LEA_DBA", "/users/list?q={}", "681leauser"),
    ("NATIONAL", "/users/list?q={}", "681leauser"),
    ("LEA_DBA", "/users/list?show={}", ""),
    ("LEA_DBA", "/users/list?page={}", ""),
    ("NATIONAL", "/users/list?at={}", "681"),
    ("NATIONAL", "/users?at={}", "681"),
    ("LEA_DBA", "/users/681leauser/delete?back={}", ""),
    ("NATIONAL", "/users/audit?at={}", "681"),
    ("LEA_DBA", "/users/audit/report?audit={}", ""),
    ("LEA_DBA", "/users/audit/report/file?audit={}", ""),
    ("LEA_DBA", "/schools/find?number={}", "6812045"),
    ("LEA_DBA", "/schools/delete?number={}", "2045"),
    ("LEA_DBA", "/schools/find?school={}", "6812045"),
    ("NATIONAL", "/schools/find?lea={}", "681"),
    ("NATIONAL", "/schools/add?lea={}", "681"),
    ("NATIONAL", "/special-schools?page={}", ""),
    ("NATIONAL", "/notices?page={}", ""),
    ("", "/sign-in?next={}", ""),
    ("", "/sign-in?ended={}", ""),
    ("", "/demo/mail?to={}", "office@6812061.example.org"),
    ("", "/sign-in/dfe/back?state={}&code=1", ""),
    ("", "/sign-in/dfe/back?state=1&code={}", ""),
)


@pytest.fixture
def clients(cast: Cast, settings: object) -> dict[str, Client]:
    """Somebody of each sort, and something to be found for each of them."""
    settings.DEMO = True  # type: ignore[attr-defined]
    people = {role: cast.person(role, at) for role, at in (("SCHOOL", "6812061"), ("LEA_DBA", "681"), ("NATIONAL", "WG"))}
    cast.person("LEA_USER", "681")
    cast.authority("679")
    for number in ("001", "002"):
        cast.sent(number=number)
        cast.sent("6812061", "6812045", number)
    clients = {role: cast.client(person) for role, person in people.items()} | {"": Client()}
    one = next(iter(keys(clients["SCHOOL"]).values()))
    fetch(clients["SCHOOL"], one)
    say(clients["SCHOOL"], "yes", one)
    due = timezone.localdate() + timedelta(days=30)
    day = {"due_on-day": due.day, "due_on-month": due.month, "due_on-year": due.year, "sure": "yes"}
    assert clients["NATIONAL"].post("/users/audit/start", day).status_code == 302
    for client in clients.values():
        client.raise_request_exception = False  # a fault of ours is an answer of 500, as it is for people
    return clients


def found(client: Client, path: str, method: str = "GET") -> tuple[bool, int]:
    """Whether it leads on to a page, such as that of a user who was found; and the rows of the answer: of lists, tables and files.

    What is wrong with a form stands in a list too, and was not found.
    """
    answer = client.post(path, follow=True) if method == "POST" else client.get(path, follow=True)
    assert answer.status_code in {200, 400, 404}, (answer.status_code, method, path)
    html = re.sub(r'<ul class="govuk-list govuk-error-summary__list">.*?</ul>', "", b"".join(answer).decode(), flags=re.DOTALL)
    main = re.search(r"<main.*?</main>", html, re.DOTALL)
    rows = len(re.findall(r"<(?:tr|li|dt|option|article)\b", main.group())) if main else html.count("\n")
    return bool(answer.redirect_chain), rows


def right(value: str) -> str:
    """The value of a field that finds something, where it is only known now."""
    if value == "file":
        return str(Transfer.objects.get(name="6812045_CTF_6812061_002.xml").addressee.key)
    return "681leauser" if value == "username" else value


@pytest.mark.parametrize("role", ["SCHOOL", "LEA_DBA", "NATIONAL", ""])
def test_no_field_of_an_address_is_taken_for_sql(clients: dict[str, Client], role: str) -> None:
    client, before = clients[role], everybody_and_everything()
    for number, (path, value) in enumerate((path, value) for who, path, value in FIELDS if who == role):
        nothing = found(client, path.format(NONSENSE))
        if value:
            assert found(client, path.format(right(value))) > nothing, "nothing would be seen of more rows"
        for text in some(QUOTED, number, each=AT_A_TIME):
            assert found(client, path.format(text)) <= nothing, (path, text)
    assert everybody_and_everything() == before


def addresses_with_a_word() -> Iterator[tuple[str, str, str]]:
    """Who may open it (so that the word is looked up at all), the method, and the path with {} where the word stands."""
    people = list(User.objects.filter(role__in=("LEA_DBA", "NATIONAL", "SCHOOL")).order_by("role"))
    for row in PAGES:
        if "<str:" in row.path:
            path = "/" + re.sub(r"<str:\w+>", "{}", re.sub(r"<uuid:\w+>", str(uuid4()), row.path))
            may = [person.role for person in people if isinstance(row.right, Can) and person.may(row.right)]
            yield may[0] if may else "", str(row.methods[0]), path


def test_no_word_of_an_address_is_taken_for_sql(clients: dict[str, Client]) -> None:
    before = everybody_and_everything()
    for number, (role, method, path) in enumerate(addresses_with_a_word()):
        nothing = found(clients[role], path.format(NONSENSE), method)
        for text in some(QUOTED, number, each=AT_A_TIME):
            assert found(clients[role], path.format(text), method) <= nothing, (path, text)
    assert everybody_and_everything() == before


def test_the_right_word_in_an_address_finds_something(clients: dict[str, Client]) -> None:
    """Or the test above would show nothing."""
    words = {"/file/{}": Transfer.objects.first().receipt, "/schools/{}/view": "6812045", "/leas/{}/update": "681"}  # type: ignore[union-attr]
    words |= dict.fromkeys(("/users/{}/view", "/users/{}/update", "/users/{}/delete"), "681leauser")
    roles = {path: role for role, _, path in addresses_with_a_word()}
    for path, word in words.items():
        client = clients[roles[path]]
        assert found(client, path.format(word)) > found(client, path.format(NONSENSE)), path


def test_no_note_to_a_sender_is_taken_for_sql(clients: dict[str, Client]) -> None:
    for text in CORPUS:
        with transaction.atomic():
            delivery = reject(clients["SCHOOL"], text)
            assert (delivery.state, delivery.note) == ("rejected", text[:500])
            transaction.set_rollback(True)


def reject(client: Client, note: str) -> Delivery:
    delivery = Transfer.objects.get(name="6812045_CTF_6812061_002.xml").addressee
    client.post(f"/download/ctf/{delivery.key}/reject", {"reason": "other", "note": note})
    delivery.refresh_from_db()
    return delivery


def test_a_nul_is_no_fault_of_ours(clients: dict[str, Client]) -> None:
    faults = set()
    doors = [(role, "GET", path) for role, path, _ in FIELDS] + list(addresses_with_a_word())
    for role, method, path in doors:
        for text in ("%00", "%27%20OR%20%271%27%3D%271%00"):
            if clients[role].generic(method, path.format(text)).status_code == 500:
                faults.add(path)
    delivery = Transfer.objects.get(name="6812045_CTF_6812061_002.xml").addressee
    note = {"reason": "other", "note": "She goes to Newport.\0"}
    answer = clients["SCHOOL"].post(f"/download/ctf/{delivery.key}/reject", note)
    assert (answer.status_code, b"error-summary" in answer.content) == (400, True), "the form says that it cannot be"
    assert faults == set()


def test_no_user_name_and_no_password_is_taken_for_sql(clients: dict[str, Client]) -> None:
    for number, text in enumerate([*CORPUS, "\0"]):
        stranger = Client(REMOTE_ADDR=f"192.0.2.{number}", raise_request_exception=False)  # or the door would lock
        for username, password in ((text, "correct horse battery staple"), ("6812061", text), (f"6812061{text}", text)):
            answer = stranger.post("/sign-in", {"username": username, "password": password})
            assert answer.status_code == 400, (answer.status_code, username, password)
            assert "_auth_user_id" not in stranger.session
    assert clients["SCHOOL"].get("/home").status_code == 200, "whoever was in still is"


def test_a_forgotten_password_sends_nothing_for_a_name_that_is_sql(clients: dict[str, Client]) -> None:
    letters = apps.get_model("notices", "Email").objects
    before = letters.count()
    for number, text in enumerate([*CORPUS, "\0"]):
        stranger = Client(REMOTE_ADDR=f"192.0.2.{number}", raise_request_exception=False)
        for username in (text, f"6812061{text}"):
            answer = stranger.post("/forgotten-password", {"username": username})
            assert answer.status_code in {200, 400}, (answer.status_code, username)
    work()
    assert letters.count() == before


def everybody_and_everything() -> dict[str, int]:
    """How many rows there are of each of our models."""
    models = [model for model in apps.get_models() if model.__module__.startswith("s2s.")]
    return {model.__name__: model.objects.count() for model in models} | {"Active": User.objects.filter(is_active=True).count()}


def test_every_field_that_a_page_reads_out_of_its_address_stands_here() -> None:
    tried = {name for _, path, _ in FIELDS for name in re.findall(r"(\w+)=\{\}", path)}
    assert set(fields_read()) <= tried


def fields_read() -> Iterator[str]:
    """Each text that is looked for in `request.GET`, and in the `said` that may be it."""
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=place, attr="get" | "getlist"), args=[ast.Constant(value=str(name)), *_]):
                    if ast.unparse(place) in {"request.GET", "said"}:
                        yield name
                case ast.Subscript(value=place, slice=ast.Constant(value=str(name))) if ast.unparse(place) == "request.GET":
                    yield name
                case ast.Compare(left=ast.Constant(value=str(name)), comparators=[place]) if ast.unparse(place) == "request.GET":
                    yield name
