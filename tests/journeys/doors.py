"""The real doors, as a browser uses them."""

import io
import re
import zipfile
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from s2s.notices import errands
from s2s.notices.models import Email
from s2s.words import emails


def upload(client: Client, *files: tuple[str, bytes]) -> str:
    """Send files through the upload page; the text of the result page."""
    answer = client.post("/upload/ctf", {"files": [Named(name, content) for name, content in files], "at_once": "on"})
    assert answer.status_code == 302, answer.content.decode()
    return text(client.get(answer["Location"]))


class Named(SimpleUploadedFile):
    """A file under exactly this name, odd ones too."""


def text(answer: object) -> str:
    """What a person reads of a page: its main part, without tags, blanks run together."""
    html = answer.content.decode().replace("<wbr>", "")  # type: ignore[attr-defined]
    main = re.search(r"<main.*?</main>", html, re.DOTALL)
    assert main, html[:500]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main.group())).split())


def keys(client: Client, path: str = "/download/ctf") -> dict[str, str]:
    """The files of a list: name -> the key its tick box carries."""
    html = client.get(path).content.decode()
    boxes = re.findall(r'name="file" value="([^"]+)".*?<span class="govuk-visually-hidden">([^<]+)</span>', html, re.DOTALL)
    return {name: key for key, name in boxes}


def press(client: Client, path: str, button: str, *ticked: str, **typed: str) -> str:
    """A button of a list, with these files ticked; where it leads. What the list carries of other pages goes along."""
    html = client.get(path).content.decode()
    hidden = {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(elsewhere|back)" value="([^"]*)"', html)}
    standing = {"find": unescape(found[0])} if (found := re.findall(r'name="find" type="search" value="([^"]*)"', html)) else {}
    answer = client.post(path, hidden | standing | {"go": button, "file": list(ticked)} | typed)
    assert answer.status_code == 302, answer.status_code
    return answer["Location"]


def fetch(client: Client, *chosen: str) -> bytes:
    answer = client.post("/download/ctf/fetch", {"file": list(chosen)})
    assert answer.status_code == 200, answer.status_code
    return answer.getvalue()


def say(client: Client, word: str, *chosen: str) -> str:
    answer = client.post("/download/ctf/answer", {"file": list(chosen), "answer": word}, follow=True)
    assert answer.status_code == 200, answer.status_code
    return text(answer)


def unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def mails(to: str) -> list[tuple[str, str]]:
    """(notice, subject and text) of what was queued for an address, oldest first."""
    return [(email.notice, letter(email)) for email in Email.objects.filter(to=to).order_by("pk")]


def letter(email: Email) -> str:
    """An e-mail's subject and text, as they go out."""
    return "\n".join(emails.write(email))


def receipt(page: str) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)
    assert found, page
    return found.group()


def work() -> None:
    """The worker does its errands. E-mails are not handed to the mail server: they stay to be read."""
    while errands.do_next():
        pass
