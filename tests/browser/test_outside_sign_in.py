"""DfE Sign-in as a person at a browser meets it; the demonstration plays the issuer (2.1)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import bring_axe, examine
from tests.browser.visits import Visits

pytestmark = pytest.mark.browser

BUTTONS = {"en": ("Sign in with DfE Sign-in", "Continue"), "cy": ("Mewngofnodi â DfE Sign-in", "Parhau")}


def to_issuer(page: Page, language: str) -> None:
    """By the button of the sign-in page."""
    page.goto("/sign-in")
    page.get_by_role("button", name=BUTTONS[language][0]).click()
    page.wait_for_url(re.compile("/demo/issuer/who"))


def come_as(page: Page, username: str, language: str) -> None:
    """Over the issuer's page to Home."""
    page.locator("#person").select_option(username)
    page.get_by_role("button", name=BUTTONS[language][1]).click()
    expect(page).to_have_url(re.compile("/home$"))
    expect(page.locator(".s2s-header__person")).to_contain_text(username)


@pytest.mark.guidance("2.1-01")
@pytest.mark.parametrize("language", BUTTONS)
def test_somebody_the_issuer_vouches_for_is_in_and_leaves_it_too(visits: Visits, language: str) -> None:
    page = visits(language=language)
    bring_axe(page)
    to_issuer(page, language)
    assert examine(page, language) == []
    come_as(page, "681plasc", language)
    page.goto("/log-off")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("/finished$"))
    page.goto("/home")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_code_of_the_issuer_is_good_once(visits: Visits) -> None:
    page, answers = visits(), list[str]()
    page.on("request", lambda request: answers.append(request.url) if "/sign-in/dfe/back" in request.url else None)
    to_issuer(page, "en")
    come_as(page, "681adms", "en")
    thief = visits()
    answer = thief.goto(answers[0])
    assert answer
    assert answer.status == 403
