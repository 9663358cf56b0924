"""Every page of the site at once: its right, its strangers, its methods, its headers."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from s2s.administration.models import UserAudit
from s2s.web.menu import Entry, menu
from s2s.web.page import Open, Page, guard
from s2s.web.security import HEADERS
from s2s.web.urls import PAGES
from tests.cast import Cast
from tests.whole_site.tables import OF_ONE_THING, WHO
from tests.whole_site.tables.people import ALL, CTF, ROLES

pytestmark = pytest.mark.django_db


def address(row: Page) -> str:
    path = re.sub(r"<int:\w+>", "999999", re.sub(r"<uuid:\w+>", str(uuid4()), row.path))
    return "/" + re.sub(r"<str:\w+>", "no-such-thing", path)


def test_every_page_stands_in_the_hand_copied_tables() -> None:
    assert {row.name for row in PAGES} == set(WHO)


def test_every_address_of_the_site_is_a_row_that_names_a_right() -> None:
    patterns = [pattern for pattern in get_resolver().url_patterns if not isinstance(pattern, URLResolver)]
    assert len(patterns) == len(get_resolver().url_patterns) == len(PAGES)
    for pattern in patterns:
        assert isinstance(pattern.callback.page, Page), pattern
        assert pattern.callback.page.right is not None


@pytest.mark.guidance("1.6-03", "2.1-12", "1.6-16", "1.6-17", "1.6-24", "1.6-32", "1.6-38", "1.6-53", "1.6-60", "1.3-16")
@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_pages_and_no_other(cast: Cast, role: str) -> None:
    at = {"SCHOOL": "6812045", "NATIONAL": "WG"}.get(role, "681")
    client = cast.client(cast.person(role, at))
    for row in PAGES:
        if row.name in OF_ONE_THING or WHO[row.name] is None:
            continue
        for method in row.methods:
            if (row.name, method) == ("log-off", "POST"):
                continue
            status = client.generic(method, address(row)).status_code
            if role in (WHO[row.name] or ()):
                assert status in {200, 302, 400}, (role, method, row.name, status)
            else:
                assert status == 404, (role, method, row.name, status)
    html = client.get("/home").content.decode()
    for entry, who in (("Upload", CTF), ("Download", CTF), ("Home", ALL), ("Contacts", ALL), ("Change Password", ALL), ("Logoff", ALL)):
        assert (re.search(rf'class="s2s-menu__link"[^>]*>{entry}<', html) is not None) == (role in who), (role, entry)
    assert not re.search(r'class="s2s-menu__link"[^>]*>Search for Lost Pupil<', html)


@pytest.mark.parametrize("role", ROLES)
def test_the_guard_of_every_page_lets_in_its_roles_and_no_other(cast: Cast, role: str, rf: RequestFactory) -> None:
    """Also of pages about one thing: the view is a stub, so that nothing but the guard decides."""
    at = {"SCHOOL": "6812045", "NATIONAL": "WG"}.get(role, "681")
    person = cast.person(role, at)
    for row in PAGES:
        guarded = guard(replace(row, view=lambda request, **place: HttpResponse("inside")))
        request = getattr(rf, row.methods[0].lower())(address(row))
        request.user, request.session = person, {}
        who = ALL if row.name in {"upload", "download"} else WHO[row.name]  # their views ask whether there is anything below
        if who is None or role in who:
            assert guarded(request).content == b"inside", (role, row.name)
        else:
            with pytest.raises(Http404):
                guarded(request)


# The lines that administrators have in the menu, and below which heading: 3.1 and the pictures in 3.2 and 3.9, copied by hand.
ADMINISTERING = {
    "LEA_DBA": {"DBA": ["User Maintenance", "School Maintenance", "Maintain LEA Details"], "Yearly audit of users": []},
    "LEA_DBA_VIEW": {"Schools": [], "Users": []},
    "NATIONAL": {
        "User Maintenance": [],
        "Yearly audit of users": [],
        "LEA Maintenance": [],
        "School Maintenance": [],
        "Non-Maintained Special Schools": [],
        "Category Maintenance": [],
        "Import Lists of Schools": [],
        "Notices on Home": [],
    },
}


def lines(entries: list[Entry]) -> dict[str, list[str]]:
    return {entry.title: [below.title for below in entry.entries] for entry in entries}


@pytest.mark.guidance("3.1-05")
@pytest.mark.parametrize("role", ROLES)
def test_administrators_have_their_lines_in_the_menu_and_nobody_else(cast: Cast, role: str, rf: RequestFactory) -> None:
    request = rf.get("/home")
    request.user = cast.person(role, {"SCHOOL": "6812045", "NATIONAL": "WG"}.get(role, "681"))
    everybodys = {"Home", "Upload", "Download", "Contacts", "Find a school", "Help", "Change Password", "Sign-in and security", "Logoff"}
    special = {title: below for title, below in lines(menu(request)).items() if title not in everybodys}
    assert special == ADMINISTERING.get(role, {})
    assert list(special) == list(ADMINISTERING.get(role, {})), "in the order of the pictures"


@pytest.mark.guidance("1-01")
def test_signed_out_nothing_opens_but_the_door(cast: Cast) -> None:
    for row in PAGES:
        if row.right is Open.EVERYBODY:
            continue
        for method in row.methods:
            answer = Client().generic(method, address(row))
            assert answer.status_code == 302, (method, row.name)
            assert answer["Location"].startswith("/sign-in"), (method, row.name)


def test_other_methods_are_refused(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    for row in PAGES:
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "TRACE"} - set(row.methods):
            assert client.generic(method, address(row)).status_code == 405, (method, row.name)


def test_a_post_without_a_token_is_refused(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    client.handler.enforce_csrf_checks = True
    for row in PAGES:
        if row.name == "demo-issuer-token":  # asked by the site alone, in a demonstration alone
            assert client.post(address(row)).status_code == 404
        elif "POST" in row.methods:
            answer = client.post(address(row), {"csrfmiddlewaretoken": "of somebody else"})
            assert answer.status_code == 403, row.name
            assert "can no longer be sent" in answer.content.decode()


def test_getting_pages_changes_nothing(cast: Cast) -> None:
    from django.apps import apps

    transfer = cast.sent()
    client = cast.client(cast.person("SCHOOL", "6812061"))
    key = transfer.addressee.key
    kept = [model for model in apps.get_models() if model.__module__.startswith("s2s.")]

    def everything() -> dict[str, list[object]]:
        return {model.__name__: list(model.objects.order_by("pk").values()) for model in kept}

    before = everything()
    paths = [address(row) for row in PAGES if "GET" in row.methods and row.name not in OF_ONE_THING]
    for path in [*paths, f"/file/{transfer.receipt}", f"/download/ctf/chosen?file={key}", f"/download/ctf/{key}/reject"]:
        assert client.get(path).status_code in {200, 302, 404, 503}, path
        assert client.head(path).status_code in {200, 302, 404, 503}, path
    assert everything() == before


EXACT = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def test_every_answer_carries_the_exact_headers_errors_too(cast: Cast) -> None:
    assert set(HEADERS) == set(EXACT)
    client = cast.client(cast.person("SCHOOL", "6812045"))
    for path in [*(address(row) for row in PAGES), "/no-such-page", "/home/"]:
        answer = client.get(path)
        exact = EXACT | ({"Referrer-Policy": "strict-origin"} if path.startswith("/link/") else {})  # its address is a secret
        for name, value in exact.items():
            assert answer.headers[name] == value, (path, name)
        assert answer.headers["Cache-Control"] == "no-store", path


def test_a_wrong_host_is_refused(cast: Cast) -> None:
    for headers in ({"host": "evil.example"}, {"host": "127.0.0.1'--"}):
        assert Client(headers=headers).get("/sign-in").status_code == 400
    assert "evil" not in Client(headers={"x-forwarded-host": "evil.example"}).get("/sign-in").content.decode()


def test_a_request_that_is_too_large_is_answered_before_it_is_read(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    answer = client.generic("POST", "/upload/ctf", b"", CONTENT_LENGTH=str(101 * 1_048_576))
    assert answer.status_code == 413


def test_cookies_are_closed_to_scripts_and_other_sites(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    session = client.cookies["s2s_session"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert session["max-age"] == 900


@pytest.mark.guidance("2.1-11", "4.2-03")
def test_each_page_has_the_menu_on_the_left_and_the_name_with_version_on_top(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    for path in ("/home", "/upload", "/upload/ctf", "/download/ctf", "/contacts", "/help"):
        html = client.get(path).content.decode()
        assert html.index('class="s2s-menu"') < html.index("<main"), path
        assert "Secure Data Transfer System" in html
        assert "Version: 3" in html


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/schools/6812045/close", "/schools"),
        ("/schools/attention", "/schools"),
        ("/users/add", "/users"),
        ("/users/audit/report", "/users/audit"),
        ("/download/ctf/unconfirmed", "/download/ctf"),
        ("/upload/ctf/sent/late", "/upload/ctf/sent"),
        ("/help/schools", "/help"),
        ("/security/app", "/security"),
    ],
)
def test_a_page_below_a_line_of_the_menu_lights_that_line(cast: Cast, path: str, line: str) -> None:
    cast.school("6812045")
    UserAudit.objects.create(due_on=timezone.localdate(), started_by="national")
    people = [cast.person("LEA_DBA", "681"), cast.person("SCHOOL", "6812061")]
    for client in map(cast.client, people):
        answer = client.get(path)
        if answer.status_code == 200:
            lit = re.findall(r'class="s2s-menu__link" href="([^"]+)" aria-current="true"', answer.content.decode())
            assert lit == [line]
            return
    raise AssertionError(path)


def test_the_page_of_a_file_lights_the_list_from_which_it_comes(cast: Cast) -> None:
    receipt = cast.sent().receipt
    for number, line in (("6812045", "/upload/ctf/sent"), ("6812061", "/download/ctf")):
        html = cast.client(cast.person("SCHOOL", number)).get(f"/file/{receipt}").content.decode()
        assert re.findall(r'class="s2s-menu__link" href="([^"]+)" aria-current="true"', html) == [line]


def test_whoever_is_signed_in_has_not_finished(cast: Cast) -> None:
    assert cast.client(cast.person("SCHOOL", "6812045")).get("/finished")["Location"] == "/home"
    assert Client().get("/finished").status_code == 200
