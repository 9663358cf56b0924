"""A person at a browser: opens pages as somebody, and whatever the page or the browser complained of is kept."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect, sync_playwright

from tests.browser.running_site import PASSWORD, RunningSite

SESSION = 8 * 60  # seconds: well before the cookie ends
PATIENCE = 20_000  # milliseconds, for a machine that does much else
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
GOES_BACK = "--disable-back-forward-cache"  # Playwright's own wish: without it Back shows whatever a real browser would have kept
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first takes two thirds of the others' time
expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine. There has to be one: a journey that nobody took proves nothing."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail("There is no Chromium on this machine. `make chromium` installs it (Debian: apt-get install chromium).", pytrace=False)
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else [*QUIET]  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments, ignore_default_args=[GOES_BACK])
        yield browser
        browser.close()


class Visits:
    """visits("6812045") is a page in which that person has signed in, visits() one of nobody's."""

    def __init__(self, site: RunningSite, browser: Browser) -> None:
        self.site = site
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(
        self, username: str = "", *, language: str = "en", width: int = 1280, scripts: bool = True, afresh: bool = False, **more: object
    ) -> Page:
        """A page at this width in this language; `afresh`: in a session of its own, which may be ended."""
        context = self.browser.new_context(
            base_url=self.site.address,
            locale="en-GB",
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            **more,  # type: ignore[arg-type]
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        page = context.new_page()
        if username:
            self._sign_in(page, username, afresh=afresh)
        in_language(page, language)
        return page

    def _sign_in(self, page: Page, username: str, *, afresh: bool) -> None:
        """As a person does it, once; other visits of the same person go on in the same session."""
        since, cookies = self.site.signed_in.get(username, (-float(SESSION), []))
        if time.monotonic() - since < SESSION and not afresh:
            page.context.add_cookies(cookies)  # type: ignore[arg-type]
            return
        sign_in(page, username)
        expect(page).to_have_url(f"{self.site.address}/home")
        if not afresh:
            self.site.signed_in[username] = (time.monotonic(), page.context.cookies())  # type: ignore[assignment]

    def _console(self, message: ConsoleMessage) -> None:
        """Scripts that work have nothing to say, nor has the browser of them (a policy broken, say); its hints and statuses aside."""
        if message.type != "debug" and "the server responded with a status of" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        there = urlsplit(request.url)
        if there.scheme not in {"data", "blob"} and f"{there.scheme}://{there.netloc}" != self.site.address:
            self.complaints.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        """A page may say 400 or 404 when a test asks for it; what a page is made of must be there, and nothing may fail."""
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self.complaints.append(f"{response.status}: {response.url}")

    def end(self) -> None:
        for context in self.contexts:
            context.close()
        wrong = self.complaints + self.site.faults()
        assert not wrong, "\n".join(wrong)


def in_language(page: Page, language: str) -> None:
    """From the next page on."""
    page.context.clear_cookies(name="s2s_language")
    page.context.add_cookies([{"name": "s2s_language", "value": language, "domain": "127.0.0.1", "path": "/"}])


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.locator("#form button[type=submit]").click()
