"""The documents say what is true: generated pages are fresh, links lead somewhere, settings, commands and tests are those there are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse

from s2s.__main__ import app
from s2s.notices.models import Email
from s2s.rules import lifecycle, roles
from s2s.rules.kinds import Kind
from s2s.transfers.upload import send
from s2s.web.urls import PAGES
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import letter
from tests.samples import ctf, name_for
from tests.sampling import some

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
TEXTS = sorted([PROJECT / "README.md", PROJECT / "CHANGELOG.md", *DOCS.rglob("*.md")])
MADE = {"lifecycle.md": lifecycle.diagram, "rights.md": roles.rights_page}
OPERATING = DOCS / "operating.md"

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
SOURCE = re.compile(r"(?:s2s|tests|docs|bench|locale|\.ci)/[\w./-]+")
PLACE = re.compile(r"`(\w+)`,? (?:in|of)\s+`((?:s2s|tests)/[\w/.]+\.py)`")
NUMBERS = {"four": "4", "five": "5", "six": "6", "seven": "7", "eleven": "11"}
OF_THE_LAW = re.compile(r"Regulations(?! 2018)|Rheoliadau(?! Hygyrchedd)")  # those about accessibility are another matter
IN_FORCE, REPEALED = "2011/1942", "20" + "04"  # 1-08; in pieces, so that a search of this file finds nothing


def ids(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(PROJECT)) for page in pages]


every_document = pytest.mark.parametrize("document", TEXTS, ids=ids(TEXTS))


@pytest.mark.parametrize("name", MADE)
def test_generated_pages_are_fresh(name: str) -> None:
    assert (DOCS / name).read_text() == MADE[name](), f"docs/{name} is stale: run `make docs`"


@every_document
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(document.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, part = link.partition("#")
        there = (document.parent / path).resolve() if path else document
        assert there.is_relative_to(PROJECT), f"{link} leads out of the project"
        assert there.exists(), f"{link} leads nowhere"
        if part:
            assert part in anchors(there.read_text()), f"{link}: there is no such heading"


def anchors(text: str) -> set[str]:
    """The addresses that headings get where Markdown is shown."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_document
def test_every_file_that_is_named_exists(document: Path) -> None:
    for code in CODE.findall(document.read_text()):
        if SOURCE.fullmatch(code):
            assert (PROJECT / code).exists(), f"there is no {code}"


@every_document
def test_what_a_document_says_is_in_a_file_is_in_it(document: Path) -> None:
    if document.name == "CHANGELOG.md":
        return
    for name, path in PLACE.findall(document.read_text()):
        assert re.search(rf"\b{re.escape(name)}\b", (PROJECT / path).read_text()), f"there is no {name} in {path}"


def test_each_place_of_a_list_has_what_the_list_names() -> None:
    items = re.findall(r"^\d+\. `([\w/.]+\.py)`(.+?)(?=^\d+\. |\n\n)", (DOCS / "contributing.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(items) > 15
    for path, says in items:
        text = (PROJECT / path).read_text()
        for name in re.findall(r"`([A-Za-z_]\w*)`(?! in )", says):
            assert re.search(rf"\b{name}\b", text), f"there is no {name} in {path}"


def test_the_lists_of_places_are_as_long_as_they_say() -> None:
    sections = re.split(r"^## ", (DOCS / "contributing.md").read_text(), flags=re.MULTILINE)
    said = 0
    for section in sections:
        _, *parts = re.split(r"\*\*(four|five|six|seven|eleven)\*\*", section)
        for word, following in zip(parts[::2], parts[1::2], strict=True):
            assert re.findall(r"^(\d+)\. ", following, re.MULTILINE)[-1:] == [NUMBERS[word]], (section.splitlines()[0], word)
            said += 1
    assert said == 6


def test_every_test_that_is_named_exists() -> None:
    written = "\n".join(path.read_text() for path in (PROJECT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)", written))
    for page in TEXTS:
        named = set(re.findall(r"\b(test_\w+)\b(?!\.py)", page.read_text()))
        assert named <= there, f"{page.name} names tests that do not exist: {named - there}"


@pytest.mark.parametrize("document", sorted((DOCS / "decisions").glob("*.md")), ids=lambda document: document.stem)
def test_a_decision_has_its_parts_and_fits_one_page(document: Path) -> None:
    text = document.read_text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert text.startswith(f"# {int(document.name[:4])}. "), "its number is that of its file"
    assert len(text.splitlines()) <= 60


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(page.name[:4]) for page in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_setting_is_in_the_table_and_the_other_way_round() -> None:
    rows = re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", OPERATING.read_text(), re.MULTILINE)
    assert len(rows) == len(set(rows)), "a setting stands in the table twice"
    assert set(rows) == set(settings_read())


def test_the_sample_of_settings_names_no_other() -> None:
    sample = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (PROJECT / ".env.sample").read_text(), re.MULTILINE))
    assert sample
    assert sample <= set(settings_read())


def settings_read() -> Iterator[str]:
    """Every name of the environment that our code reads: `environ["X"]`, `environ.get("X")`, and each text that begins with S2S_."""
    for path in (PROJECT / "s2s").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Constant(value=str(text)) if re.fullmatch(r"S2S_[A-Z0-9_]+", text):
                    yield text
                case ast.Subscript(value=place, slice=ast.Constant(value=str(name)), ctx=ast.Load()) if is_environment(place):
                    yield name
                case ast.Call(func=ast.Attribute(value=place, attr="get"), args=[ast.Constant(value=str(name)), *_]) if is_environment(
                    place
                ):
                    yield name


def is_environment(place: ast.expr) -> bool:
    return ast.unparse(place) in {"os.environ", "environ", "environment"}


def test_every_command_of_s2s_is_in_the_table_and_the_other_way_round() -> None:
    rows = re.findall(r"^\| `s2s ([a-z -]+)` \| .+ \|$", OPERATING.read_text(), re.MULTILINE)
    group = typer.main.get_command(app)
    commands = {
        f"{name} {below}".strip()
        for name, command in group.commands.items()  # type: ignore[attr-defined]
        for below in getattr(command, "commands", [""])
    }
    assert commands <= set(rows)
    named = {word for page in TEXTS for command in typed(page) for word in re.findall(r"^s2s ([a-z-]+)", command)}
    assert named <= {command.split()[0] for command in commands}


def test_every_make_command_that_is_named_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {word for page in TEXTS for command in typed(page) for word in re.findall(r"^(?:[A-Z0-9_]+=\S+ )*make ([a-z-]+)\b", command)}
    assert {"run", "test"} <= named
    assert named <= targets


def typed(document: Path) -> Iterator[str]:
    """What a reader may type: code in a line, and the lines of blocks of commands."""
    text = document.read_text()
    yield from CODE.findall(text)
    for block in re.findall(r"^ *```sh\n(.+?)^ *```", text, re.MULTILINE | re.DOTALL):
        yield from (line.strip() for line in block.splitlines())


SIDE = {"en": "id", "cy": "string"}
GUIDES = sorted(DOCS.glob("for-*.md"))


@pytest.mark.parametrize("document", GUIDES, ids=ids(GUIDES))
def test_a_users_guide_names_buttons_and_pages_as_the_site_does(document: Path) -> None:
    language = document.suffixes[0][1:]
    with (PROJECT / "locale/cy/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale="cy")
    words = {getattr(message, SIDE[language]) for message in catalogue if isinstance(message.id, str)} | {"English", "Cymraeg"}
    named = set(re.findall(r"\*\*([^*]+)\*\*", document.read_text()))
    assert named
    assert named <= words, f"the site does not say {named - words}"


@pytest.mark.parametrize("document", GUIDES, ids=ids(GUIDES))
def test_a_users_guide_is_there_in_both_languages_with_the_same_parts(document: Path) -> None:
    other = document.with_name(document.name.replace(".en.", ".cy.") if ".en." in document.name else document.name.replace(".cy.", ".en."))
    assert shape(document.read_text()) == shape(other.read_text())


def shape(text: str) -> list[str]:
    """What two languages have in common: headings, steps, points, rows of tables, and the names of files."""
    return [mark + " ".join(re.findall(r"`[^`]+`", line)) for line in text.splitlines() for mark in re.findall(r"^(##|\d\.|-|\|)", line)]


@pytest.mark.guidance("1-08")
@every_document
def test_a_document_that_names_the_law_names_the_one_in_force(document: Path) -> None:
    text = document.read_text()
    assert REPEALED not in text
    assert IN_FORCE in text or not OF_THE_LAW.search(text)


@pytest.mark.guidance("1-08")
def test_no_text_of_the_site_and_no_email_names_the_repealed_law() -> None:
    sources = [
        *(PROJECT / "s2s").glob("*/templates/**/*.*"),
        *(PROJECT / "s2s/words").glob("*.py"),
        *(PROJECT / "s2s/words/emails").glob("*/*.txt"),
        *(PROJECT / "s2s/web").glob("*.py"),
        PROJECT / "locale/cy/LC_MESSAGES/django.po",
    ]
    assert len([path for path in sources if "emails" in path.parts]) > 10
    for path in sources:
        text = path.read_text()
        assert REPEALED not in text, path
        assert IN_FORCE in text or not OF_THE_LAW.search(text), path


@pytest.mark.guidance("1-08")
@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, *roles.ROLES])
def test_every_page_names_the_law_in_force_and_no_other(cast: Cast, role: str | None) -> None:
    """Each page in one of the languages for this role, and in the other for the next."""
    client = Client() if role is None else signed_in(cast, role)
    seen, first = 0, list(roles.ROLES).index(role) if role else 0
    for number, row in enumerate(PAGES):
        if "<" in row.path or row.name in {"live", "health", "demo-mail"}:
            continue
        for language in some(["en", "cy"], first + number, each=2):
            client.cookies["s2s_language"] = language
            answer = client.get(reverse(row.name))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                page = answer.content.decode()
                assert IN_FORCE in page, (row.name, language)
                assert not re.search(rf"(Regulations|Rheoliadau)[^.]*{REPEALED}", page), (row.name, language)
                seen += 1
    assert seen >= (3 if role is None else 5)


def signed_in(cast: Cast, role: str) -> Client:
    at = {"SCHOOL": "6812045", "NATIONAL": "WG"}.get(role, "681")
    client = Client()
    answer = client.post("/sign-in", {"username": cast.person(role, at).username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.mark.guidance("1-08")
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "cy", ""])
def test_no_email_of_a_file_names_the_repealed_law(cast: Cast, language: str) -> None:
    cast.school("6812045", language=language)
    cast.school("6812061", language=language)
    send(
        actor=cast.actor("SCHOOL", "6812045"),
        name=name_for("6812045", "6812061"),
        content=ctf(1, source="6812045", destination="6812061"),
        kind=Kind.CTF,
    )
    texts = [letter(email) for email in Email.objects.all()]
    assert texts
    for text in texts:
        assert REPEALED not in text
        assert IN_FORCE in text or not OF_THE_LAW.search(text)
