"""A form changes what it shows and nothing else, whatever else is sent along (failure class: mass assignment)."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from s2s.accounts import links
from s2s.accounts.models import User
from s2s.administration import corrections
from s2s.notices.models import Email
from s2s.organisations.models import Category, Organisation
from s2s.web.urls import PAGES
from tests.cast import PASSWORD, Cast
from tests.journeys.filled_forms import form
from tests.journeys.users import ASSIGNED, FRESH

pytestmark = pytest.mark.django_db

# Every column of a user and of an organisation, and what other sites call such columns.
EXTRA = {
    **{field.attname: "7" for model in (User, Organisation) for field in model._meta.concrete_fields},
    **{field.name: "7" for model in (User, Organisation) for field in model._meta.concrete_fields},
    **dict.fromkeys(("is_staff", "is_superuser", "is_admin", "is_active", "copies", "active", "disable"), "on"),
    "role": "NATIONAL",
    "username": "mallory",
    "number": "6819999",
    "authority": "680",
    "kind": "national",
    "region": "north",
    "name": "Mallory",
    "name_cy": "Mallory",
    "email": "mallory@example.org",
    "password": "mallory's own words",
    "at": "680",
    "closed_on": "2020-01-01",
    "successor": "6802320",
    "school_type": "Special",
    "category": "7",
    "language": "cy",
    "groups": "1",
}
for name in ("csrfmiddlewaretoken", "version", "id"):
    EXTRA.pop(name, None)

SESSIONS = {"User.version", "User.session_epoch"}
WAY_IN = {"User.password", "User.must_change_password", "User.password_expires_at", "User.awaits_link"}
SIGNED_IN = {"User.last_login", "User.signed_in_at", "User.previous_sign_in_at"}
ACTIVE = {"User.is_active", "User.inactive_because"}
DUE = {"due_on-day": "1", "due_on-month": "1", "due_on-year": "2030"}
CLOSES = {"closed_on-day": "31", "closed_on-month": "8", "closed_on-year": "2026"}
LAMBY = {"number": "2099", "name": "Lamby", "email": "", "username": ""}
NEW = {"username": "681bjones", "name": "Bethan Jones", "email": "bethan.jones@cardiff.gov.uk", "role": "LEA_USER", "way": "link"}

Typed = Callable[[Cast], dict[str, Any]]
# Row of the page -> who sends it, its address, what they type besides what the form holds, and which columns may change.
FORMS: dict[str, tuple[str, str, dict[str, Any], set[str]]] = {
    "user-add": ("LEA_DBA", "/users/add", NEW, set()),
    "user-update": ("LEA_DBA", "/users/681leauser/update", {"role": "LEA_PLASC"}, {"User.role"} | SESSIONS),
    "user-correct": ("LEA_DBA", "/users/681leauser/correct", {"name": "B", "email": "b@cardiff.gov.uk"}, set()),
    "user-switch": ("NATIONAL", "/users/681leauser/switch", {"version": "0", "switch": "off"}, ACTIVE | SESSIONS),
    "user-delete": ("LEA_DBA", "/users/681leauser/delete", {}, set()),
    "user-password": ("LEA_DBA", "/users/681leauser/password", {"way": "link", "password": "", "again": ""}, WAY_IN | SESSIONS),
    "user-second-step": ("LEA_DBA", "/users/681leauser/second-step", {}, SESSIONS),
    "users-audit-confirm": ("LEA_DBA", "/users/audit/confirm", {"confirm": "shown"}, set()),
    "users-audit-start": ("NATIONAL", "/users/audit/start", DUE | {"sure": "yes"}, set()),
    "users-audit-extend": ("NATIONAL", "/users/audit/extend", DUE, set()),
    "users-audit-cancel": ("NATIONAL", "/users/audit/cancel", {}, set()),
    "users-audit-close": ("NATIONAL", "/users/audit/close", {}, set()),
    "lea": ("LEA_DBA", "/lea", {"name": "Caerdydd"}, {"Organisation.name", "Organisation.version"}),
    "lea-edit": ("NATIONAL", "/leas/681/update", {"name": "Caerdydd"}, {"Organisation.name", "Organisation.version"}),
    "school-add": ("LEA_DBA", "/schools/add", LAMBY | {"email": "office@lamby.example.org"}, set()),
    "special-school-add": ("NATIONAL", "/special-schools/add?lea=681", LAMBY, set()),
    "school-update": ("LEA_DBA", "/schools/6812045/update", {"name": "Lamby"}, {"Organisation.name", "Organisation.version"}),
    "school-close": (
        "LEA_DBA", "/schools/6812061/close", CLOSES | {"successor": "6812045"},
        {"Organisation.closed_on", "Organisation.successor_id", "Organisation.version"},
    ),
    "school-delete": ("LEA_DBA", "/schools/6812061/delete", {}, set()),
    "set-up-users": ("LEA_DBA", "/schools/set-up", {"school": "6812061"}, set()),
    "categories": ("NATIONAL", "/categories", {"name": "Pilot", "name_cy": ""}, set()),
    "category": ("NATIONAL", "/categories/{category}/update", {"name": "Other", "name_cy": ""}, set()),
    "import-list": ("NATIONAL", "/import", {}, set()),
    "import-look": ("NATIONAL", "/import/00000000-0000-0000-0000-000000000000", {}, set()),
    "site-notices": ("NATIONAL", "/notices", {"text": "x", "text_cy": "y"}, set()),
    "site-notice-withdraw": ("NATIONAL", "/notices/1/withdraw", {}, set()),
    "correction": ("", "{correction}", {}, {"User.name", "User.email", "User.version"}),
    "sign-in": ("", "/sign-in", {"username": "681leauser", "password": PASSWORD}, SIGNED_IN),
    "second-step": ("", "/sign-in/second-step", {"code": "123456"}, set()),
    "dfe-sign-in": ("", "/sign-in/dfe", {}, set()),
    "forgotten-password": ("", "/forgotten-password", {"username": "681leauser"}, set()),
    "link": ("", "{link}", {"new": FRESH, "again": FRESH}, WAY_IN | SESSIONS),
    "session-extend": ("LEA_DBA", "/session/extend", {}, set()),
    "new-password": ("LEA_DBA", "/new-password", {"old": PASSWORD, "new": FRESH, "again": FRESH}, set()),
    "change-password": ("LEA_DBA", "/change-password", {"old": PASSWORD, "new": FRESH, "again": FRESH}, WAY_IN | SESSIONS),
    "authenticator-app": ("LEA_DBA", "/security/app", {"code": "123456", "present": PASSWORD}, set()),
    "passkey": ("LEA_DBA", "/security/passkey", {"present": PASSWORD}, set()),
    "recovery-codes": ("LEA_DBA", "/security/codes", {"present": PASSWORD}, set()),
    "remove-factor": ("LEA_DBA", "/security/remove", {"present": PASSWORD}, set()),
    "end-sessions": ("LEA_DBA", "/security/sessions", {"which": "others"}, {"User.session_epoch"}),
    "connection": ("LEA_DBA", "/security/connection", {"present": PASSWORD}, set()),
    "link-needed": ("LEA_DBA", "/security/link", {}, set()),
    "log-off": ("LEA_DBA", "/log-off", {}, set()),
}  # fmt: skip


def test_every_form_of_administration_and_accounts_stands_here() -> None:
    rooms = ("s2s.web.accounts.", "s2s.web.administration.")
    assert {row.name for row in PAGES if "POST" in row.methods and row.view.__module__.startswith(rooms)} == set(FORMS)


def rows() -> dict[tuple[str, int], dict[str, Any]]:
    return {(model.__name__, row["id"]): row for model in (User, Organisation) for row in model.objects.values()}


def changed(before: dict[tuple[str, int], dict[str, Any]], after: dict[tuple[str, int], dict[str, Any]]) -> set[str]:
    """The columns of rows that were there before and still are."""
    there = before.keys() & after.keys()
    return {f"{key[0]}.{column}" for key in there for column, value in after[key].items() if before[key][column] != value}


def added(before: dict[tuple[str, int], Any], after: dict[tuple[str, int], dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return [after[key] for key in after.keys() - before.keys()]


@pytest.fixture
def places(cast: Cast) -> dict[str, str]:
    """People and places to be changed, and the addresses that only an e-mail has."""
    cast.school("6812061"), cast.school("6802320")
    user, _ = cast.person("LEA_USER", "681"), cast.person("SCHOOL", "6812045")
    category, dba = Category.objects.create(name="Before"), cast.actor("LEA_DBA", "681")
    corrections.ask(actor=dba, user=user, name="Bethan", email="bethan@council.wales", version=str(user.version))
    confirm = Email.objects.get(notice="correction_asked").facts["link"]
    found = {"category": category.pk, "correction": confirm, "link": links.make(user, valid=timedelta(days=1))}
    return {name: str(value) for name, value in found.items()}


@pytest.mark.parametrize("name", FORMS)
def test_what_a_form_does_not_show_stays_as_it_is(cast: Cast, places: dict[str, str], name: str) -> None:
    role, path, typed, may_change = FORMS[name]
    client = cast.client(cast.person(role, {"NATIONAL": "WG"}.get(role, "681"))) if role else Client()
    path = path.format(**places)
    if name in {"users-audit-confirm", "users-audit-extend", "users-audit-cancel", "users-audit-close"}:
        due = timezone.localdate() + timedelta(days=60)
        day = {"due_on-day": due.day, "due_on-month": due.month, "due_on-year": due.year, "sure": "yes"}
        national = client if role == "NATIONAL" else cast.client(cast.person("NATIONAL", "WG"))
        assert national.post("/users/audit/start", day).status_code == 302
    shown = form(client, path) if client.get(path).status_code == 200 else {}
    before = rows()
    client.post(path, EXTRA | shown | typed)
    after = rows()
    assert changed(before, after) <= may_change
    for row in added(before, after):
        assert (row.get("role"), row.get("kind")) in {("LEA_USER", None), ("SCHOOL", None), (None, "school")}
        assert row["language"] != "cy" or "language" in shown
        assert not {"mallory", "Mallory", "mallory@example.org", "6819999", ASSIGNED} & {str(value) for value in row.values()}
        place = Organisation.objects.get(pk=row.get("organisation_id") or row["authority_id"])
        assert (place.maintained_by or place).number == "681"
        assert (row.get("is_active", True), row.get("copies", True), row.get("closed_on")) == (True, True, None)
    for kind, pk in before.keys() - after.keys():
        assert name in {"user-delete", "school-delete"}, (kind, pk)


TAKEN = ("user-add", "user-update", "user-switch", "lea", "lea-edit", "school-add", "special-school-add", "school-update")


def test_what_is_sent_by_the_forms_of_this_table_is_taken(cast: Cast, places: dict[str, str]) -> None:
    """Else nothing would change for another reason."""
    for name in TAKEN:
        role, path, typed, _ = FORMS[name]
        client = cast.client(cast.person(role, {"NATIONAL": "WG"}.get(role, "681")))
        shown = form(client, path) if client.get(path).status_code == 200 else {}
        if name == "user-switch":
            typed = typed | {"version": str(User.objects.get(username="681leauser").version)}
        if name == "special-school-add":
            typed = typed | {"number": "7099"}
        assert client.post(path, EXTRA | shown | typed).status_code == 302, name
