"""Coming and going: the first sign-in, the page one wanted, logging off for good (2.1, 8)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import bring_axe, examine
from tests.browser.running_site import PASSWORD
from tests.browser.visits import Visits, in_language, sign_in

pytestmark = pytest.mark.browser


@pytest.mark.guidance("2.1-08", "2.1-09")
def test_the_first_sign_in_asks_for_a_new_password_and_opens_nothing_else(visits: Visits) -> None:
    page, faults, fresh = visits(), list[str](), "heron lantern gravel seven"
    bring_axe(page)
    sign_in(page, "681new")
    for path in ("/home", "/download/ctf", "/new-password"):
        page.goto(path)
        expect(page).to_have_url(f"{visits.site.address}/new-password")
        expect(page.locator("nav.s2s-menu")).to_have_count(0)
    for language in ("cy", "en"):
        in_language(page, language)
        page.goto("/new-password")
        faults += examine(page, language)
        choose(page, "wrong", "short", "other")
        expect(page.locator(".govuk-error-message")).to_have_count(3)
        faults += examine(page, language)
    assert faults == []
    choose(page, PASSWORD, fresh, fresh)
    expect(page).to_have_url(f"{visits.site.address}/home")
    expect(page.get_by_role("main").get_by_role("status").first).to_have_text("Your password has been changed.")
    other = visits()
    sign_in(other, "681new")
    expect(other.get_by_role("alert")).to_be_visible()
    sign_in(other, "681new", fresh)
    expect(other).to_have_url(f"{visits.site.address}/home")


def choose(page: Page, old: str, new: str, again: str) -> None:
    for field, text in (("old", old), ("new", new), ("again", again)):
        page.locator(f"#{field}").fill(text)
    page.locator("#form button[type=submit]").click()


@pytest.mark.guidance("2.1-10")
def test_passwords_are_masked_where_they_are_typed(visits: Visits) -> None:
    page = visits("6812045")
    page.goto("/change-password")
    for field in ("old", "new", "again"):
        expect(page.locator(f"#{field}")).to_have_attribute("type", "password")
    page = visits()
    page.goto("/sign-in")
    expect(page.locator("#password")).to_have_attribute("type", "password")


def test_after_sign_in_comes_the_page_that_was_asked_for(visits: Visits) -> None:
    page = visits()
    page.goto("/download/ctf?sort=name")
    expect(page.locator("h1")).to_have_text("Login")
    page.get_by_label("Username:").fill("6812045")
    page.get_by_label("Password:").fill(PASSWORD)
    page.get_by_label("Password:").press("Enter")
    expect(page).to_have_url(f"{visits.site.address}/download/ctf?sort=name")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_was_typed_when_the_session_ended_is_there_again_after_signing_in(visits: Visits, scripts: bool) -> None:
    """With JavaScript the page leaves by itself and takes along what was typed; without, the person presses the button."""
    page = visits("681dba", afresh=True, scripts=scripts)
    if scripts:
        page.clock.install()
    page.goto("/schools/add")
    name = page.get_by_label("School name", exact=True)
    name.fill("Ysgol y Bont")
    page.context.clear_cookies(name="s2s_session")
    if scripts:
        page.clock.fast_forward("15:02")
    else:
        page.locator("#form button[type=submit]").click()
    page.wait_for_url("**/sign-in?next=%2Fschools%2Fadd&ended=typed")
    expect(page.get_by_role("main")).to_contain_text("nothing was saved")
    page.locator("#username").fill("681dba")
    page.locator("#password").fill(PASSWORD)
    page.locator("#form button[type=submit]").click()
    expect(page).to_have_url(f"{visits.site.address}/schools/add")
    expect(page.get_by_role("main")).to_contain_text("is in the boxes again. Nothing has been saved yet.")
    expect(name).to_have_value("Ysgol y Bont")
    page.reload()
    expect(name).to_have_value("")


@pytest.mark.guidance("8-01", "8-02")
@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_after_logging_off_neither_back_nor_an_address_shows_anything(visits: Visits, scripts: bool) -> None:
    page = visits("6812045", afresh=True, scripts=scripts)
    page.goto("/upload/ctf/sent")
    page.goto("/home")
    page.get_by_role("link", name="Logoff").click()
    page.get_by_role("main").get_by_role("button", name="Logoff").click()
    expect(page.get_by_role("main")).to_contain_text("You have now finished your session")
    for _ in ("log-off", "home", "sent-ctf"):
        page.go_back()
        expect(page.locator("h1")).to_have_text("Login")
        expect(page.locator("body")).not_to_contain_text("6812045")
    page.goto("/upload/ctf/sent")
    expect(page.locator("h1")).to_have_text("Login")


@pytest.mark.guidance("3.2-02", "3.2-03", "2.1-11")
def test_the_menu_stands_on_the_left_opens_its_entries_and_leads_home(visits: Visits) -> None:
    page = visits("681user")
    page.goto("/contacts")
    menu = page.get_by_role("navigation", name="Menu")
    for heading, entries in (
        ("Upload", ["Upload CTF File", "Sent CTF Files"]),
        ("Download", ["Download CTF Files", "Previously Downloaded CTF Files"]),
    ):
        expect(menu.get_by_role("link", name=entries[0])).to_have_count(0)
        menu.get_by_role("link", name=heading, exact=True).click()
        expect(menu.locator(".s2s-menu__below a")).to_have_text(entries)
        for entry in entries:
            menu.get_by_role("link", name=entry, exact=True).click()
            expect(menu.locator("[aria-current=page]")).to_have_text(entry)
            left, right = menu.bounding_box(), page.get_by_role("main").bounding_box()
            assert left
            assert right
            assert left["x"] + left["width"] <= right["x"]
    menu.get_by_role("link", name="Home").click()
    expect(page.locator("h1")).to_have_text("Cardiff Council")


def test_on_a_small_screen_the_menu_is_folded_and_unfolds(visits: Visits) -> None:
    page = visits("6812045", width=375)
    page.goto("/home")
    link = page.locator("nav.s2s-menu").get_by_role("link", name="Contacts")
    expect(link).to_be_hidden()
    page.locator("nav.s2s-menu summary").click()
    link.click()
    expect(page.locator("h1")).to_have_text("Contacts")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(link).to_be_visible()


def test_without_javascript_the_menu_of_a_small_screen_is_open(visits: Visits) -> None:
    page = visits("6812045", width=375, scripts=False)
    page.goto("/home")
    expect(page.locator("nav.s2s-menu").get_by_role("link", name="Contacts")).to_be_visible()
