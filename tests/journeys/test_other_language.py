"""Somebody changes the language in the middle of a form: what they have typed stays, without scripts too, and nothing is done."""

import re

import pytest
from django.apps import apps
from django.test import Client

from s2s.organisations.models import Organisation
from s2s.web.page import BOTH
from s2s.web.urls import PAGES
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

BUTTON = re.compile(r'<button class="s2s-language__button" value="cy" lang="cy" name="show_in" form="form" formaction="([^"]*)"')


def value(html: str, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{name}"[^>]*>', html.split("<main")[1])
    assert found, name
    typed = re.search(r' value="([^"]*)"', found.group())
    return typed.group(1) if typed else ""


def test_a_half_filled_form_is_shown_in_welsh_as_it_was(cast: Cast) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    page = client.get("/schools/add").content.decode()
    assert BUTTON.search(page), "the button sends the form of the page"
    assert 'id="form"' in page
    before = Organisation.objects.count()
    answer = client.post("/schools/add", {"lea": "681", "estab": "20", "name": "Ysgol y <Bont>", "show_in": "cy"})
    html = answer.content.decode()
    assert (answer.status_code, '<html lang="cy"' in html) == (200, True)
    assert value(html, "name") == "Ysgol y &lt;Bont&gt;"
    assert "govuk-error-summary" not in html, "nothing has been checked yet"
    assert Organisation.objects.count() == before
    assert '<html lang="cy"' in client.get("/home").content.decode(), "and from now on"


def test_a_day_in_three_boxes_is_kept(cast: Cast) -> None:
    client = cast.client(cast.person("NATIONAL", "WG"))
    html = client.post(
        "/users/audit/start", {"due_on-day": "31", "due_on-month": "", "due_on-year": "20", "show_in": "cy"}
    ).content.decode()
    assert [value(html, f"due_on-{part}") for part in ("day", "month", "year")] == ["31", "", "20"]


def test_a_password_is_not_shown_again_and_nobody_is_signed_in(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    client = Client()
    answer = client.post("/sign-in", {"username": "6812045", "password": PASSWORD, "next": "/find-school", "show_in": "cy"})
    html = answer.content.decode()
    assert (value(html, "username"), value(html, "next"), PASSWORD in html) == ("6812045", "/find-school", False)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("role", "at"), [("NATIONAL", "WG"), ("LEA_DBA", "681"), ("SCHOOL", "6812061"), ("", "")])
def test_a_change_of_language_does_nothing_else_on_any_page(cast: Cast, role: str, at: str) -> None:
    cast.sent()
    client = cast.client(cast.person(role, at)) if role else Client()
    pages = [page for page in PAGES if page.methods == BOTH and "<" not in page.path]
    assert len(pages) > 10
    models = [model for model in apps.get_models() if model.__module__.startswith("s2s.")]
    before = {model: model.objects.count() for model in models}
    for page in pages:
        assert client.post(f"/{page.path}", {"show_in": "cy", "sure": "yes"}).status_code in {200, 302, 404}, page.path
    assert {model: model.objects.count() for model in models} == before
    if role:
        assert client.get("/home").status_code == 200, "nobody has been logged off"


def test_a_language_that_there_is_not_is_no_change_of_language(cast: Cast) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    assert client.post("/schools/add", {"name": "Somewhere", "show_in": "xx"}).status_code == 400
