"""User Maintenance as an administrator's browser does it, and what the user finds in the mailbox."""

import re

from django.test import Client

from s2s.accounts.models import User
from tests.cast import Cast
from tests.journeys.doors import mails

ASSIGNED = "chosen by the administrator"
FRESH = "four entirely unrelated words"
NEW = {"username": "681bjones", "name": "Bethan Jones", "email": "bethan.jones@cardiff.gov.uk", "role": "LEA_USER", "way": "link"}


def dba(cast: Cast, at: str = "681") -> Client:
    return cast.client(cast.person("LEA_DBA", at))


def national(cast: Cast) -> Client:
    return cast.client(cast.person("NATIONAL", "WG"))


def form(client: Client, path: str) -> dict[str, str]:
    """The hidden fields of a page's form, such as the version it was opened with."""
    html = client.get(path).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return dict(re.findall(r'<input type="hidden" name="(version|back)" value="([^"]*)"', main))


def offered(client: Client, path: str, field: str) -> list[str]:
    """The values of a drop-down list, but for the blank line at its top."""
    html = client.get(path).content.decode()
    found = re.search(rf'<select[^>]* name="{field}".*?</select>', html, re.DOTALL)
    return [value for value in re.findall(r'<option value="([^"]*)"', found.group()) if value] if found else []


def listed(client: Client, page: str, query: str = "") -> list[str]:
    """Whose row in the list of users leads to this page of theirs."""
    return re.findall(rf'href="/users/(\w+)/{page}"', client.get(f"/users/list{query}").content.decode())


def may_sign_in(username: str, password: str) -> bool:
    return Client().post("/sign-in", {"username": username, "password": password}).status_code == 302


def link_in_mail(to: str) -> str:
    """The path of the last link to choose a password by."""
    letters = [letter for notice, letter in mails(to) if notice == "password_link"]
    found = re.search(r"https?://[^/]+(/link/\S+)", letters[-1])
    assert found, letters
    return found.group(1)


def choose_password(path: str, password: str = FRESH) -> int:
    return Client().post(path, {"new": password, "again": password}).status_code


def person(username: str) -> User:
    return User.objects.get(username=username)
