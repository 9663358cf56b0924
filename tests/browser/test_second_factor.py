"""The second step with a real browser: an app, passkeys of a virtual authenticator, recovery codes; and the session that ends (2.1)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import bring_axe, examine
from tests.browser.running_site import PASSWORD, RunningSite
from tests.browser.visits import PATIENCE, Visits, in_language, sign_in
from tests.phone import code

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_password(page: Page, button: str) -> None:
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def set_up_app(page: Page) -> str:
    page.goto("/security/app")
    secret = page.locator(".s2s-key").inner_text()
    page.locator("#code").fill(code(secret))
    give_password(page, "Set up the app")
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    return secret


def switch_off(page: Page) -> None:
    page.goto("/security/remove")
    page.get_by_role("radio").last.check()
    give_password(page, "Remove")
    expect(page.get_by_role("main")).to_contain_text("Switched off.")


def test_an_app_is_set_up_asked_for_and_removed_and_each_page_is_accessible(visits: Visits) -> None:
    page, faults = visits("672plasc", afresh=True), list[str]()
    bring_axe(page)
    secret = set_up_app(page)
    picture = page.request.get("/security/app").text()
    assert "data:image/svg+xml;base64," in picture
    faults += examine(page, "en")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    codes = page.locator(".s2s-codes code").all_inner_texts()
    assert [line.replace(" ", "") for line in codes] == re.findall(r"\b\d{8}\b", Path(saving.value.path()).read_text())
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    for path in ("/security", "/security/codes", "/security/remove", "/security/passkey"):
        for language in ("cy", "en"):
            in_language(page, language)
            page.goto(path)
            faults += examine(page, language)
    door = visits()
    bring_axe(door)
    sign_in(door, "672plasc")
    expect(door).to_have_url(f"{visits.site.address}/sign-in/second-step")
    for language in ("cy", "en"):
        in_language(door, language)
        door.goto("/sign-in/second-step")
        faults += examine(door, language)
        door.locator("#code").fill("000000")
        door.locator("form:has(#code) button").click()
        expect(door.locator("#code-error")).to_be_visible()
        faults += examine(door, language)
    assert faults == []
    door.locator("#code").fill(code(secret, 1))
    door.get_by_role("button", name="Continue").click()
    expect(door).to_have_url(f"{visits.site.address}/home")
    switch_off(page)


@contextmanager
def at_a_name(site: RunningSite, browser: Browser) -> Iterator[Page]:
    """A page at the site under a name: browsers make no passkeys for an address that is a number."""
    context = browser.new_context(base_url=site.address.replace("127.0.0.1", "localhost"), locale="en-GB")
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page = context.new_page()
    yield page
    context.close()
    assert [text for text in complaints if "400 (Bad Request)" not in text] == []


def test_a_passkey_is_made_used_and_removed(site: RunningSite, browser_program: Browser) -> None:
    with at_a_name(site, browser_program) as page:
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        key = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
        sign_in(page, "672adms")
        page.goto("/security/passkey")
        page.locator("#name").fill("Office computer")
        give_password(page, "Make the passkey")
        expect(page.locator("h1")).to_have_text("Your recovery codes")
        page.get_by_role("button", name="I have saved them").click()
        expect(page.get_by_role("main")).to_contain_text("Passkey: Office computer")

        page.context.clear_cookies()
        sign_in(page, "672adms")
        expect(page.locator("h1")).to_have_text("Second step")
        device.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/home")

        page.goto("/security/passkey")
        page.locator("#name").fill("The same again")
        give_password(page, "Make the passkey")
        expect(page.locator("[data-problem]")).to_have_text("No passkey was made. Try again.")

        page.context.clear_cookies()
        device.send("WebAuthn.clearCredentials", {"authenticatorId": key})
        sign_in(page, "672adms")
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.locator("[data-problem]")).to_contain_text("The passkey was not used.")
        expect(page.locator("#code")).to_be_visible()


def test_a_browser_that_cannot_make_passkeys_says_so(visits: Visits) -> None:
    page = visits("6812045")
    page.goto("/security/passkey")
    expect(page.locator("[data-problem]")).to_contain_text("Your browser cannot make passkeys at this address.")
    page = visits("6812045", scripts=False)
    page.goto("/security/passkey")
    expect(page.get_by_role("main")).to_contain_text("only with scripts switched on")


ENDINGS = [
    ("en", "Your session ends in two minutes", "Stay signed in"),
    ("cy", "Daw eich sesiwn i ben ymhen dau funud", "Aros wedi mewngofnodi"),
]


@pytest.mark.parametrize(("language", "ends", "stay"), ENDINGS)
def test_the_end_of_a_session_is_told_and_put_off_with_nothing_typed_lost(visits: Visits, language: str, ends: str, stay: str) -> None:
    page = visits("6812045", language=language, afresh=True)
    bring_axe(page)
    page.clock.install()
    page.goto("/change-password")
    page.locator("#new").fill("half a thought")
    region = page.locator("[data-session]")
    page.clock.fast_forward("12:30")
    expect(region).to_be_hidden()
    page.clock.fast_forward("00:31")
    expect(region).to_contain_text(ends)
    page.clock.resume()
    assert examine(page, language) == []
    page.get_by_role("button", name=stay).click()
    expect(region).to_be_hidden()
    expect(page.locator("#new")).to_have_value("half a thought")


def test_after_the_end_the_sign_in_page_leads_back(visits: Visits) -> None:
    page = visits("6812045", afresh=True)
    page.clock.install()
    page.goto("/contacts")
    page.context.clear_cookies(name="s2s_session")
    page.clock.fast_forward("15:02")
    page.wait_for_url("**/sign-in?next=%2Fcontacts*")


def test_another_tab_in_use_puts_the_end_off_here_too(visits: Visits) -> None:
    page = visits("6812045", afresh=True)
    page.clock.install()
    page.goto("/contacts")
    page.clock.fast_forward("13:01")
    expect(page.locator("[data-session]")).to_be_visible()
    page.context.new_page().goto("/home")
    page.clock.run_for(500)
    expect(page.locator("[data-session]")).to_be_hidden()


def test_the_link_for_a_forgotten_password_works_in_a_browser(visits: Visits) -> None:
    page, faults, fresh = visits(), list[str](), "heron lantern gravel eight"
    bring_axe(page)
    page.goto("/sign-in")
    page.get_by_role("link", name="Choose a new password by email").click()
    page.locator("#username").fill("672lost")
    page.get_by_role("button", name="Send the link").click()
    expect(page.locator("h1")).to_have_text("Check your email")
    faults += examine(page, "en")
    address = link_sent_to(page, "672lost@example.org")
    for language in ("cy", "en"):
        in_language(page, language)
        page.goto(address)
        faults += examine(page, language)
    page.locator("#new").fill(fresh)
    page.locator("#again").fill(fresh)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("main").get_by_role("status").first).to_have_text("Your new password is set. Sign in with it.")
    sign_in(page, "672lost", fresh)
    expect(page).to_have_url(f"{visits.site.address}/home")
    page.goto(address)
    expect(page.locator("h1")).to_have_text("This link no longer works")
    assert faults + examine(page, "en") == []


def link_sent_to(page: Page, to: str) -> str:
    """The path of the link, once the worker has made it."""
    page.goto(f"/demo/mail?to={to}")
    for _ in range(100):
        if found := re.search(r"/link/\S+", page.get_by_role("main").inner_text()):
            return found.group()
        page.wait_for_timeout(200)
        page.reload()
    raise AssertionError("No link was sent.")
