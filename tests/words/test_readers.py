"""What a sentence advises suits whoever reads it: no LA is told to ask its LA, nobody to do what their role does not (issue 8, 35)."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override

from s2s.accounts.dfe_sign_in import OutsideFault
from s2s.accounts.sign_in import SignInFault
from s2s.administration.user_details import UserFault
from s2s.rules.filenames import BadName, parse
from s2s.web.page import Open
from s2s.web.urls import PAGES
from s2s.words import help_texts, home, uploads
from s2s.words.readers import read_by, reader
from s2s.words.sentences import said, say
from tests.cast import Cast
from tests.whole_site.tables import OF_ONE_THING, WHO
from tests.whole_site.tables.people import ROLES
from tests.whole_site.test_pages import address
from tests.words.test_every_refusal import PLACES, fillings
from tests.words.test_words import CTF, NAMES, as_finding

LANGUAGES = ("en", "cy")
LOST_NAME = "681LLLL_CTF_XXXXXXX_001.xml"
SENDS_LOST = {"SCHOOL", "LEA_SCHOOL"}  # 1.3 and 5
ASK_THE_LA = re.compile(
    r"(ask|with|tell|contact|while|give|team of) your local authority"
    r"|(i'ch|gyda'ch|bydd eich|data eich) awdurdod lleol",
    re.IGNORECASE,
)
ASK_THE_ADMINISTRATOR = re.compile(r"your LEA Administrator|[GW]einyddwr eich ALl")
USE_X = re.compile(
    r"\b(write|use|again for|to) (XXXXXXX|MMMMMMM)|_(XXXXXXX|MMMMMMM)_\d"
    r"|\b(ysgrifennwch|ysgrifennu|defnyddiwch|eto ar gyfer|i|at) (XXXXXXX|MMMMMMM)",
    re.IGNORECASE,
)
IMS = re.compile(r"IMS@gov\.wales")

NOT_TO = {  # what is read before anybody has signed in, and what the national administrator is never refused
    (SignInFault, "SUSPENDED"): ROLES,
    (SignInFault, "WRONG"): ROLES,
    (SignInFault, "LOCKED"): ROLES,
    (OutsideFault, "UNKNOWN"): ROLES,
    (UserFault, "RESERVED"): ("NATIONAL",),
}


def unfit(role: str, text: str) -> list[str]:
    """What this role should not read in it."""
    text = text.replace("’", "'")
    wrong = [ASK_THE_LA] if role.startswith("LEA_") or role == "NATIONAL" else []
    wrong += [ASK_THE_ADMINISTRATOR] if role in {"LEA_DBA", "NATIONAL"} else []
    wrong += [IMS] if role == "NATIONAL" else []
    wrong += [] if role in SENDS_LOST else [USE_X]
    return [found[0] for one in wrong if (found := one.search(text))]


def sentences() -> Iterator[str]:
    """Every refusal, finding, question and line of Home, for whoever reads now."""
    for codes, code, facts in PLACES:
        if reader().role not in NOT_TO.get((codes, code), ()):
            yield from (said(codes[code], filling).whole for filling in fillings(facts))
    for fault, facts in NAMES:
        yield from (said(fault, facts | advice).whole for advice in ({}, {"right": LOST_NAME}, {"open": LOST_NAME}))
    for finding, facts in CTF:
        yield uploads.findings([as_finding(finding, facts | {"right": LOST_NAME}).as_json()])[0].whole
    yield from (f"{question} {answer}" for question, answer in help_texts.questions())
    yield from (str(words.hint) for words in home.TASKS.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_no_sentence_advises_what_its_reader_cannot_do(role: str, language: str) -> None:
    with override(language), read_by(lambda: role):
        assert [(wrong, text) for text in sentences() if (wrong := unfit(role, text))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_schools_still_read_what_suits_them(language: str) -> None:
    """Otherwise a test that finds nothing would prove nothing."""
    with override(language), read_by(lambda: "SCHOOL"):
        whole = " ".join(sentences())
    assert ASK_THE_LA.search(whole)
    assert ASK_THE_ADMINISTRATOR.search(whole)
    assert USE_X.search(whole)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_no_page_advises_what_its_reader_cannot_do(cast: Cast, role: str, language: str) -> None:
    client = cast.client(cast.person(role, {"SCHOOL": "6812045", "NATIONAL": "WG"}.get(role, "681")))
    client.post("/language", {"language": language})
    paths = [address(row) for row in PAGES if role in (WHO[row.name] or ()) and row.name not in OF_ONE_THING and "GET" in row.methods]
    paths += ["/no-such-page", "/find-school?q=Nowhere"]
    assert "/help" in [address(row) for row in PAGES if row.right is Open.EVERYBODY]
    for path in [*paths, "/help"]:
        if path != "/log-off":
            assert unfit(role, read(client, path)) == [], path


def read(client: Client, path: str) -> str:
    """The words of a page."""
    html = client.get(path).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(script|style|option).*?</\1>", " ", html))).split())


def test_a_role_that_does_not_send_to_the_lost_pupil_database_is_not_told_to() -> None:
    with pytest.raises(BadName) as eight:
        parse(LOST_NAME.replace("XXXXXXX", "XXXXXXXX"))
    told = {}
    for role in ("LEA_USER", "LEA_SCHOOL", ""):
        with read_by(lambda role=role: role):
            told[role] = say(eight.value).fix
    assert told["LEA_SCHOOL"] == told[""] == "Rename the file to 681LLLL_CTF_XXXXXXX_001.xml and upload it again."
    assert told["LEA_USER"] == (
        "It stands for the Lost Pupil Database, to which your role cannot send files. Schools can, and so can the LEA School role."
    )


def test_nobody_reads_after_the_page_is_made() -> None:
    with read_by(lambda: "NATIONAL"):
        assert reader().is_national
    assert reader().role == ""
