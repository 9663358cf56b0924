"""What is said of a file is said of its kind: the next kind is a row and words, and no page has to be looked through."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

import s2s
from s2s.rules.filenames import parse
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import State, StepName
from s2s.transfers.refusals import SendFault, StepFault
from s2s.words.kinds import KIND_WORDS
from s2s.words.sentences import said

TEMPLATES = Path(s2s.__file__).parent / "web/templates/transfers"


@pytest.mark.parametrize(
    ("kind", "language", "entry"),
    [
        (Kind.CENSUS, "en", "choose Download PLASC/School Census File."),
        (Kind.CENSUS, "cy", "dewiswch “Lawrlwytho Ffeil CYBLD/Cyfrifiad Ysgolion”."),
        (Kind.GENERIC, "en", "choose Download Generic Files."),
    ],
)
def test_a_file_sent_to_the_uploader_is_under_the_entry_of_its_kind(kind: Kind, language: str, entry: str) -> None:
    facts = {"address": "6812061", "organisation": "", "yours": "681LLLL", "to_you": True}
    with override(language):
        assert said(SendFault.NOT_YOUR_NUMBER, facts | {"kind": kind}).fix.endswith(entry)
        assert "CTF" in said(SendFault.NOT_YOUR_NUMBER, facts).fix, "stored before the kind was"


def test_a_file_downloaded_before_is_under_the_entry_of_its_kind() -> None:
    facts = {"step": StepName.CONFIRM, "state": State.COLLECTED, "name": "6812045_CFR_681LLLL_001.xml", "kind": Kind.CFR}
    assert said(StepFault.NOT_NOW, facts).fix == "It is under Re-Download CFR Files, and you can download it again there."


def test_no_page_about_files_names_a_kind() -> None:
    pages = {page.name: page.read_text(encoding="utf-8") for page in TEMPLATES.glob("*.html")}
    assert "upload.html" in pages
    named = re.compile(rf"CTF|Common Transfer|[\"'](?:{'|'.join(Kind)})[\"']")
    assert [name for name, page in pages.items() if named.search(page)] == []


@pytest.mark.parametrize("kind", list(Kind))
def test_the_examples_of_a_kind_are_right_names_of_it(kind: Kind) -> None:
    for one in KIND_WORDS[kind].destinations:
        name = parse("6812045" + "".join(one.name))
        assert (name.kind, name.destination.text, name.destination.is_lost) == (kind, one.name[1], one.is_lost)
    assert len(KIND_WORDS[Kind.CTF].destinations) == 4
