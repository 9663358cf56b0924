"""What a person's browser does at the site's real door: signs in, keeps cookies, fills in forms with their tokens."""

import re
import secrets
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from tests.cast import PASSWORD

FORM = "application/x-www-form-urlencoded"
PATIENCE = 30  # seconds for one answer


class NoAnswer(Exception):
    """Nobody knows whether it was done: the connection broke, or the answer was an error page."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def html(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class Receipt:
    number: str
    again: bool  # the file had been accepted before


@dataclass
class Browser:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def open(self, path: str) -> Answer:
        return self.ask("GET", path)

    def submit(self, path: str, fields: dict[str, str | list[str]]) -> Answer:
        form = {"csrfmiddlewaretoken": self.token(), **fields}
        return self.ask("POST", path, urlencode(form, doseq=True).encode(), FORM)

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        """Raises NoAnswer."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            try:
                connection.request(method, path, body, self.headers(kind))
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, HTTPException) as error:
                raise NoAnswer(f"{method} {path}: {error!r}") from error
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, content)

    def headers(self, kind: str = "") -> dict[str, str]:
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        return cookies | ({"Content-Type": kind} if kind else {})

    def token(self, page: str = "/help") -> str:
        """The token of the forms; the page that shows it asks the database nothing that locks."""
        answer = self.open(page)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.html)
        if answer.status != 200 or not found:
            raise NoAnswer(f"GET {page}: {answer.status}")
        return found.group(1)

    def sign_in(self, username: str) -> "Browser":
        answer = self.submit("/sign-in", {"username": username, "password": PASSWORD})
        assert answer.status == 302, answer.html
        return self

    def upload(self, name: str, content: bytes) -> Receipt:
        """Send a file and read the receipt on the result page. Raises NoAnswer."""
        return self.receipt(self.ask("POST", "/upload/ctf", *form_with(name, content, self.token())))

    def receipt(self, answer: Answer) -> Receipt:
        if answer.status != 302:
            raise NoAnswer(f"the upload was answered with {answer.status}")
        page = self.open(answer.headers["location"])
        found = re.search(r"(?<![\w-])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])", page.html)  # and no part of the page's own address
        if page.status != 200 or not found:
            raise NoAnswer(f"the result page was answered with {page.status}")
        return Receipt(found.group(), "Accepted before" in page.html)

    def waiting(self, *, pages: int = 1_000) -> dict[str, str]:
        """What is on the list of files awaiting download: file name -> key of its tick box. Raises NoAnswer."""
        files: dict[str, str] = {}
        path = "/download/ctf"
        while path and (pages := pages - 1) >= 0:
            html = expect(200, self.open(path)).html
            found = re.findall(r'name="file" value="([^"]+)".*?<span class="govuk-visually-hidden">([^<]+)</span>', html, re.DOTALL)
            files |= {unescape(name): key for key, name in found}
            on = re.search(r'value="after:([^"]+)"', html)
            path = "/download/ctf?" + urlencode({"after": unescape(on[1])}) if on else ""
        return files

    def fetch(self, *keys: str) -> bytes:
        """Raises NoAnswer."""
        return expect(200, self.submit("/download/ctf/fetch", {"file": list(keys)})).content

    def confirm(self, *keys: str) -> None:
        """Raises NoAnswer."""
        expect(302, self.submit("/download/ctf/answer", {"file": list(keys), "answer": "yes"}))


def expect(status: int, answer: Answer) -> Answer:
    """Raises NoAnswer."""
    if answer.status != status:
        raise NoAnswer(f"answered with {answer.status}")
    return answer


def form_with(name: str, content: bytes, token: str) -> tuple[bytes, str]:
    """The body of an upload and its content type, as a browser makes them."""
    boundary = f"----{secrets.token_hex(12)}"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="at_once"\r\n\r\non\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/xml\r\n\r\n'
    )
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
