"""Every word in both languages: what our sources say, what Django says through us, the months, the e-mails."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from gettext import c2py
from pathlib import Path
from typing import cast

import django
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext, override

from s2s.accounts.models import User
from s2s.organisations.models import Organisation
from s2s.words.formats import date_words

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "locale/cy/LC_MESSAGES/django.po"
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "gettext_noop": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z%]")
RIGHT = "make translate && make brings the catalogue up to date"


@pytest.fixture(scope="module")
def welsh() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="cy")


def ours() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Each string of ours: the file it is in, itself, its context."""
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    for file, _, message, _, context in extract_from_dir(ROOT / "s2s", methods, {"**.html": {"trimmed": "true"}}, KEYWORDS):
        yield file, message, context


def forms_of(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


def test_every_string_of_ours_has_its_welsh(welsh: Catalog) -> None:
    missing = [
        (file, text)
        for file, text, context in ours()
        if (found := welsh.get(text, context)) is None or found.fuzzy or not all(form.strip() for form in forms_of(found))
    ]
    assert missing == [], RIGHT


def test_nothing_in_the_catalogue_is_out_of_date(welsh: Catalog) -> None:
    said = {(text[0] if isinstance(text, tuple) else text, context) for _, text, context in ours()}
    assert [message.id for message in welsh if message.id and (_first(message), message.context) not in said] == [], RIGHT
    assert not welsh.obsolete


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else cast("tuple[str, ...]", message.id)[0]


def test_the_welsh_has_the_same_facts_in_it(welsh: Catalog) -> None:
    different = [
        (form, message.id)
        for message in welsh
        for form in forms_of(message)
        if message.id and placeholders(form) != placeholders(_last(message))
    ]
    assert different == []


def _last(message: Message) -> str:
    return message.id if isinstance(message.id, str) else cast("tuple[str, ...]", message.id)[-1]


def test_numbers_have_all_four_forms(welsh: Catalog) -> None:
    assert welsh.num_plurals == 4
    numbered = [message for message in welsh if isinstance(message.id, tuple | list)]
    assert numbered
    assert [message.id for message in numbered if len(forms_of(message)) != 4] == []


def test_the_header_is_the_same_on_every_machine() -> None:
    header = PO.read_text(encoding="utf-8").split("\n\n")[0]
    assert re.findall(r'^"([\w-]+):', header, re.MULTILINE) == [
        "Language",
        "Plural-Forms",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ]


def test_no_word_hides_behind_a_name_that_is_not_extracted() -> None:
    hidden = [
        (file.name, alias.asname)
        for file in (ROOT / "s2s").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name.endswith(("gettext", "gettext_lazy", "gettext_noop")) and (alias.asname or alias.name) not in KEYWORDS
    ]
    assert hidden == []


# What Django says through us


def of_django() -> list[tuple[str, ...]]:
    """The strings named in `words/of_django.py`, each with its plural if it has one."""
    tree = ast.parse((ROOT / "s2s/words/of_django.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [tuple(argument.value for argument in call.args if isinstance(argument, ast.Constant)) for call in calls]


def test_the_strings_of_django_are_written_as_django_writes_them() -> None:
    folder = Path(django.__file__).parent
    known: set[str] = set()
    for part in ("conf", "contrib/auth"):
        with (folder / part / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
            known |= {_first(message) for message in read_po(file) if message.id}
    assert [text for text, *_ in of_django() if text not in known] == []


def test_django_speaks_welsh_through_us(welsh: Catalog) -> None:
    with override("cy"):
        for text, *plural in of_django():
            if plural:
                found = welsh.get((text, *plural))
                assert [ngettext(text, plural[0], number) for number in (1, 2, 3, 8)] == forms_of(found), RIGHT  # type: ignore[arg-type]
            else:
                assert gettext(text) == welsh.get(text).string != text, RIGHT  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Tymor3!", ["Mae'r cyfrinair hwn yn rhy fyr. Rhaid iddo gynnwys o leiaf 12 nod."]),
        ("office6812045", ["wedi'i wneud o eiriau sy'n perthyn i chi, i'ch ysgol neu i'ch awdurdod: office6812045."]),
        ("password1234", ["Mae'r cyfrinair hwn yn un cyffredin"]),
        ("aaaaaaaaaaaa", ["yn ailadrodd yr un nodau"]),
        ("abcdefghijkl", ["Rhes o lythrennau, rhifau neu fysellau"]),
    ],
)
def test_a_weak_password_is_refused_in_welsh(password: str, said: list[str]) -> None:
    person = User(username="office6812045", email="swyddfa@example.org", organisation=Organisation(number="6812045", kind="national"))
    with override("cy"), pytest.raises(ValidationError) as refusal:
        validate_password(password, person)
    [words] = refusal.value.messages
    assert said[0] in words


# Dates


MONTHS = ["Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"]


def test_all_twelve_months_are_welsh() -> None:
    with override("cy"):
        assert [date_words(date(2026, month, 7)) for month in range(1, 13)] == [f"7 {month} 2026" for month in MONTHS]


# E-mails


def test_every_notice_is_there_in_both_languages() -> None:
    folder = ROOT / "s2s/words/emails"
    names = {
        language: {path.relative_to(folder).as_posix().removesuffix(f".{language}.txt") for path in folder.rglob(f"*.{language}.txt")}
        for language in ("en", "cy")
    }
    assert names["en"] == names["cy"] != set()
    assert len(list(folder.rglob("*.txt"))) == 2 * len(names["en"])


def test_no_notice_says_the_same_in_both_languages() -> None:
    folder = ROOT / "s2s/words/emails"
    for path in folder.rglob("*.en.txt"):
        assert path.read_text(encoding="utf-8") != path.with_name(path.name.replace(".en.", ".cy.")).read_text(encoding="utf-8"), path.name


# Welsh numbers and names

AFTER_THE_NUMBER = {  # the noun after 1, 2, 3 and 8, and as no other rule has it: written out by hand
    "awdurdod": ("awdurdod",) * 4,
    "beit": ("beit", "feit", "beit", "beit"),
    "broblem": ("broblem", "broblem", "problem", "problem"),
    "cyfeiriad": ("cyfeiriad", "gyfeiriad", "cyfeiriad", "cyfeiriad"),
    "cod": ("cod", "god", "cod", "cod"),
    "defnyddiwr": ("defnyddiwr", "ddefnyddiwr", "defnyddiwr", "defnyddiwr"),
    "digid": ("digid", "ddigid", "digid", "digid"),
    "diwrnod": ("diwrnod", "ddiwrnod", "diwrnod", "diwrnod"),
    "disgybl": ("disgybl", "ddisgybl", "disgybl", "disgybl"),
    "ffeil": ("ffeil",) * 4,
    "funud": ("funud", "funud", "munud", "munud"),
    "nod": ("nod",) * 4,
    "rhybudd": ("rhybudd", "rybudd", "rhybudd", "rhybudd"),
    "ysgol": ("ysgol",) * 4,
}
NUMBERS = "count|num|number|length|pupils|limit_value|digits|minutes|more|min_length"
OF_ONE = re.compile(
    r"wedi'i\b|i'w (?:gadarnhau|chadarnhau)|ganddi|ohoni|ei (?:ddefnyddio|lawrlwytho|chadw|chasglu|atal)|honno|iddi\b|mae'r anfonwr"
)
OF_SEVERAL = re.compile(r"wedi'u\b|i'w cadarnhau|ganddynt|ohonynt|eu (?:defnyddio|lawrlwytho|cadw|casglu|hatal)|hynny|iddynt|hanfonwyr")


@pytest.mark.parametrize(("number", "form"), [(1, 0), (2, 1), (0, 2), (3, 2), (5, 2), (8, 3), (10, 2), (11, 3), (12, 2), (21, 2)])
def test_each_number_takes_its_welsh_form(welsh: Catalog, number: int, form: int) -> None:
    assert c2py(welsh.plural_expr)(number) == form


def test_no_two_forms_of_a_number_are_exchanged(welsh: Catalog) -> None:
    numbered = [forms_of(message) for message in welsh if isinstance(message.id, tuple | list)]
    assert numbered
    assert [forms for forms in numbered if not _nouns_agree(forms)] == []
    assert [forms for forms in numbered if not _the_rest_agrees(forms)] == []


def _nouns_agree(forms: list[str]) -> bool:
    """The word after the number is as it is in 1, 2, 3 and 8 of the thing."""
    return any(nouns == tuple(_noun(form) for form in forms) for nouns in AFTER_THE_NUMBER.values())


def _the_rest_agrees(forms: list[str]) -> bool:
    """What refers to the things is singular of one, plural of the others; 8 and 11 differ from 3 in nothing that we count."""
    one, *others = (before + after for before, _, after in map(_parts, forms))
    differ = [other for other in others if other != one]
    if forms[2] != forms[3] or (differ and len(differ) < len(others)):
        return False
    singular = OF_ONE.search(one) and not OF_SEVERAL.search(one)
    return not differ or bool(singular and all(OF_SEVERAL.search(other) and not OF_ONE.search(other) for other in differ))


def _noun(form: str) -> str:
    return _parts(form)[1]


def _parts(form: str) -> tuple[str, str, str]:
    """What stands before the noun, the noun, what comes after it. Without a number, which the page shows above, it is the first word."""
    before, noun, after = re.fullmatch(rf"(.*?(?:%\((?:{NUMBERS})\)[sd]|%d) |)(\w+)(.*)", form).groups()  # type: ignore[union-attr]
    return before, noun, after
