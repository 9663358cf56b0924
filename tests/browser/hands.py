"""What hands do: with the mouse, or with the keyboard alone, in either language; and what eyes look for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Download, FilePayload, Locator, Page, expect

MOST_TABS = 400
IS_FOCUSED = "element => element === document.activeElement"


def words(english: str, language: str, context: str = "") -> str:
    """What the site says for this in the language."""
    with override(language):
        return pgettext(context, english) if context else gettext(english)


@dataclass
class Mouse:
    """A person at a page, who clicks."""

    page: Page
    language: str = "en"

    def say(self, english: str, context: str = "") -> str:
        return words(english, self.language, context)

    def press(self, role: str, english: str, *, context: str = "", within: Locator | None = None) -> None:
        """The button or link that says so."""
        self.activate((within or self.page.locator("body")).get_by_role(role, name=self.say(english, context), exact=True))  # type: ignore[arg-type]

    def activate(self, thing: Locator) -> None:
        thing.click()

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(self.say(label), exact=True).fill(text)

    def tick(self, box: Locator) -> None:
        box.check()

    def choose(self, files: Sequence[FilePayload]) -> None:
        """Through the window in which the system lets one choose."""
        with self.page.expect_file_chooser() as window:
            self.activate(self.page.locator("#files"))
        window.value.set_files(files)

    def save(self, english: str) -> Download:
        with self.page.expect_download() as download:
            self.press("button", english)
        return download.value

    def sees(self, english: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(self.say(english))

    def heading(self, english: str) -> None:
        expect(self.page.locator("h1")).to_have_text(self.say(english))


class Keyboard(Mouse):
    """The same with Tab, Enter and Space."""

    def activate(self, thing: Locator) -> None:
        self.tab_to(thing)
        self.page.keyboard.press("Enter")

    def type(self, label: str, text: str) -> None:
        self.tab_to(self.page.get_by_label(self.say(label), exact=True))
        self.page.keyboard.type(text)

    def tick(self, box: Locator) -> None:
        self.tab_to(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def tab_to(self, thing: Locator) -> None:
        """Tab by Tab, as long as it takes."""
        expect(thing).to_be_visible()
        for _ in range(MOST_TABS):
            if thing.evaluate(IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No number of Tabs leads to {thing}.")


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/xml", "buffer": content}


def row(page: Page, name: str) -> Locator:
    """The line of a list that this file stands on."""
    return page.get_by_role("row").filter(has_text=name)


def tick_box(page: Page, name: str) -> Locator:
    return row(page, name).get_by_role("checkbox")


def choose_files(page: Page, *files: FilePayload) -> None:
    page.locator("input[name=files]").set_input_files(files)


def upload(page: Page, *files: FilePayload) -> None:
    """Send files and see the page that says what became of them."""
    page.goto("/upload/ctf")
    choose_files(page, *files)
    page.locator("#at_once").check()
    page.locator("form[data-upload] button[type=submit]").click()
    page.wait_for_url("**/upload/result/*")


def receipt(page: Page) -> str:
    return page.locator(".s2s-receipt").first.inner_text()


def saved(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def mails(page: Page, to: str, about: str, number: int) -> list[str]:
    """The subjects of the e-mails about a file to this address, newest first, once the worker has sent so many."""
    page.goto(f"/demo/mail?to={to}")
    page.wait_for_function(
        """async ([about, number]) => {
            const answer = await fetch(location.href);
            const mails = [...new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("article")];
            const said = mails.map((mail) => [mail.querySelector("h2").textContent, mail.querySelector("p").textContent.trim()]);
            return said.filter(([subject, line]) => subject.includes(about) && line.endsWith("sent")).length === number;
        }""",
        arg=[about, number],
        polling=200,
    )
    page.reload()
    return page.locator("article h2").filter(has_text=about).all_inner_texts()
