"""The way of a CTF, as people walk it: sent, announced, found, saved, confirmed, and its sender told (5.1, 5.2, 4.2)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Keyboard, Mouse, file, mails, receipt, row, saved, tick_box
from tests.browser.running_site import PASSWORD
from tests.browser.visits import Visits
from tests.samples import ctf, name_for

pytestmark = pytest.mark.browser

SENDER, RECEIVER = "6812045", "6812061"
WAYS = {
    "with a mouse": (Mouse, "en", True),
    "in Welsh and without JavaScript": (Mouse, "cy", False),
    "with the keyboard alone": (Keyboard, "en", True),
}


@pytest.mark.guidance("1-04", "2.1-05", "3.2-03", "4.2-04", "4.2-06", "4.2-08", "4.2-09", "4.2-10", "5.2-18", "5.2-19", "5.2-20", "1.3-19")
@pytest.mark.parametrize("way", WAYS)
def test_a_file_is_sent_saved_and_confirmed_and_the_sender_follows_it(visits: Visits, way: str) -> None:
    kind, language, scripts = WAYS[way]
    name, content = name_for(SENDER, RECEIVER, visits.site.number()), ctf()

    def person(username: str) -> Mouse:
        hands = kind(visits(language=language, scripts=scripts), language)
        enter(hands, username)
        return hands

    sender = person(SENDER)
    number = send(sender, name, content)
    assert len(mails(visits(), f"office.{RECEIVER}@example.org", name, 1)) == 1

    receiver = person(RECEIVER)
    collect(receiver, name, content)
    assert mails(visits(), f"office.{SENDER}@example.org", name, 2) == [f"Your file has been downloaded: {name}", f"File sent: {name}"]

    follow(sender, name, number)


def enter(hands: Mouse, username: str) -> None:
    hands.page.goto("/")
    hands.heading("Login")
    hands.type("Username:", username)
    hands.type("Password:", PASSWORD)
    hands.press("button", "Submit")
    hands.page.wait_for_url("**/home")


def menu(hands: Mouse, *entries: str) -> None:
    """Through the menu on the left: a heading, and then what opens below it."""
    for entry in entries:
        hands.press("link", entry, within=hands.page.locator("nav.s2s-menu"))


def send(hands: Mouse, name: str, content: bytes) -> str:
    """Upload the file; its receipt number."""
    menu(hands, "Upload", "Upload CTF File")
    hands.heading("Common Pupil Transfer File Upload Page")
    hands.sees("Select Folder & Filename:")
    hands.choose([file(name, content)])
    hands.press("button", "Upload File")
    hands.heading("Check before you send")
    hands.sees("Ysgol Gynradd Nant y Gwenyn")
    hands.press("button", "Send", context="files that were checked")
    hands.heading("Result of the upload")
    expect(hands.page.locator("section h2")).to_have_text(name)
    hands.sees("Accepted")
    return receipt(hands.page)


def collect(hands: Mouse, name: str, content: bytes) -> None:
    page = hands.page
    menu(hands, "Download", "Download CTF Files")
    hands.heading("Common Transfer Files ready for download")
    hands.tick(tick_box(page, name))
    hands.press("button", "File Download")
    download = hands.save("Save the file")
    assert (download.suggested_filename, saved(download)) == (name, content)
    hands.sees("Has the file downloaded correctly?")
    hands.press("button", "Yes", context="downloaded correctly")
    hands.heading("Common Transfer Files ready for download")
    expect(page.get_by_role("main").get_by_role("status").first).to_contain_text("1")
    expect(row(page, name)).to_have_count(0)
    menu(hands, "Previously Downloaded CTF Files")
    expect(row(page, name)).to_have_count(1)
    hands.tick(tick_box(page, name))
    hands.press("button", "Download again")
    assert saved(hands.save("Save the file")) == content


def follow(hands: Mouse, name: str, number: str) -> None:
    page = hands.page
    menu(hands, "Sent CTF Files")
    expect(row(page, name)).to_contain_text(hands.say("Downloaded"))
    hands.activate(row(page, name).get_by_role("link"))
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("dl")).to_contain_text(number)
    assert story(page) == [
        (hands.say("Uploaded"), "Heron's Wharf Primary School – 6812045"),  # a colleague, to those of the same desk
        (hands.say("Downloaded"), "Ysgol Gynradd Nant y Gwenyn"),
        (hands.say("Confirmed: it arrived complete"), "Ysgol Gynradd Nant y Gwenyn"),
        (hands.say("Downloaded again"), "Ysgol Gynradd Nant y Gwenyn"),
    ]


def story(page: Page) -> list[tuple[str, str]]:
    """What happened, and at which organisation."""
    lines = page.locator(".s2s-timeline li").all()
    return [(line.locator("h3").inner_text(), line.locator("p").first.inner_text()) for line in lines]
