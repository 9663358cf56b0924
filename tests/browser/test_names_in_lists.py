"""A name with markup in it stays text where scripts make a list that can be typed into (row 9 of the failure classes)."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visits import Visits

pytestmark = pytest.mark.browser

NAME = '681 <b class="planted">Caerdydd</b> <img src="/no-such-picture" onerror="planted()">'


def rename(route: Route) -> None:
    """The page as it would be if an LA had that name: escaped, as every page is."""
    answer = route.fetch()
    written = NAME.replace("<", "&lt;").replace(">", "&gt;")
    route.fulfill(response=answer, body=re.sub(r'(<option value="681">)[^<]*', rf"\g<1>{written}", answer.text()))


def test_markup_in_a_name_is_text_in_a_list_that_can_be_typed_into(visits: Visits) -> None:
    page = visits("6812045")
    page.route("**/find-school", rename)
    page.goto("/find-school")
    box = page.get_by_role("combobox", name="Local authority")
    box.fill("caerdydd")
    expect(page.get_by_role("option")).to_have_text(NAME)
    expect(page.locator(".planted, img[src*=no-such]")).to_have_count(0)
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(NAME)
    expect(page.locator("select[name=lea]")).to_have_value("681")
