"""Every code that anything below the doors refuses with has its sentences in both languages, filled with the facts that are given."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
from django.utils.translation import override

import s2s
from s2s.organisations.school_lists import LineFault
from s2s.rules.identifiers import UpnFault
from s2s.rules.kinds import Kind
from s2s.rules.meant_names import OtherFile
from s2s.rules.refusals import Refused
from s2s.words.sentences import Said, said

SOURCES = Path(s2s.__file__).parent
NOT_IMPORTED = ("s2s.__main__", "s2s.asgi", "s2s.wsgi", "s2s.settings")
FACTS: dict[str, list[object]] = {  # what a fact can be, where a sentence is chosen by it or takes it apart
    "kind": list(Kind),
    "expected": list(Kind),
    "side": ["source", "destination"],
    "date": ["2026-11-24"],
    "closed_on": ["2026-11-24"],
    "state": ["waiting", "fetched", "collected", "rejected"],
    "role": ["LEA_DBA", "LEA_SCHOOL"],
    "headings": [["a", "b"]],
    "what": list(OtherFile),
}

NO_REFUSALS = {UpnFault, LineFault}  # what is wrong with a number; what `organisations.skipped` says of a line
ADDED = {  # by those who are handed a code: the facts that they give themselves
    "Ctf": {"element", "position"},  # of every finding
    "_named(": {"name", "name_cy"},
    ".refusal(": {"kind"},
    "_without_number(": {"kind", "digits"},
}


def classes() -> Iterator[type[Refused[Any]]]:
    """Every class of refusals in the sources."""
    for file in SOURCES.rglob("*.py"):
        if re.search(r"^class \w+\(\w*(Refused|Bad\w+|Unreadable\w+)\b", file.read_text(encoding="utf-8"), re.MULTILINE):
            import_module(".".join(file.relative_to(SOURCES.parent).with_suffix("").parts))
    found, waiting = set[type[Refused[Any]]](), [Refused]
    while waiting:
        below = [one for one in waiting.pop().__subclasses__() if one.__module__.startswith("s2s.")]
        found |= set(below)
        waiting += below
    yield from sorted(found, key=lambda one: one.__name__)


def codes_of(refusal: type[Refused[Any]]) -> type[StrEnum]:
    bases = [base for one in refusal.__mro__ for base in getattr(one, "__orig_bases__", ())]
    return next(codes for base in bases for codes in get_args(base) if isinstance(codes, type) and issubclass(codes, StrEnum))


def given() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each place that names a code and gives its facts: SendFault, TOO_LARGE, (size, limit)."""
    for file in SOURCES.rglob("*.py"):
        if file.relative_to(SOURCES).parts[0] != "words":
            calls = (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
            for call in calls:
                for part in (part for argument in call.args for part in _either(argument)):
                    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                        yield part.value.id, part.attr, tuple(sorted(_facts(call)))


def _either(argument: ast.expr) -> list[ast.expr]:
    return [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]


def _facts(call: ast.Call) -> set[str]:
    """Named one by one, in a dictionary of findings, or by those in ADDED."""
    names = {keyword.arg for keyword in call.keywords if keyword.arg and keyword.arg != "facts"}
    held = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "facts")]
    names |= {str(key.value) for one in held if isinstance(one, ast.Dict) for key in one.keys if isinstance(key, ast.Constant)}
    said = ast.unparse(call)
    return names.union(*(added for helper, added in ADDED.items() if helper in said))


CODES = {codes_of(one) for one in classes()} | {one for one in StrEnum.__subclasses__() if one.__name__.endswith("Fault")} - NO_REFUSALS
OPEN = [
    pytest.param(code, id=f"{type(code).__name__}.{code.name}") for codes in sorted(CODES, key=lambda one: one.__name__) for code in codes
]


def fillings(facts: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """Some sets of facts, so that each value that chooses a sentence comes up; nothing and something for the others."""
    for turn in range(10):
        yield {fact: FACTS[fact][turn % len(FACTS[fact])] if fact in FACTS else (0 if turn % 2 else 7) for fact in facts}


def test_the_classes_are_found() -> None:
    assert {"BadName", "BadAddress", "LinkDead", "SecondFactorRefused", "OutsideRefused", "FirstRefused", "SendRefused"} <= {
        one.__name__ for one in classes()
    }
    assert len(CODES) >= 14


@pytest.mark.parametrize("code", OPEN)
def test_every_code_has_its_sentences_in_both_languages(code: StrEnum) -> None:
    """With every fact that any sentence of the code's table speaks of; the next test has the facts that are given."""
    texts = []
    for language in ("en", "cy"):
        with override(language):
            texts.append(_with_whatever_it_asks(code).text)
    assert all(texts)
    assert texts[0] != texts[1]


def _with_whatever_it_asks(code: StrEnum) -> Said:
    facts: dict[str, object] = {}
    while True:
        try:
            return said(code, facts)
        except KeyError as missing:
            asked = re.search(r"lacks key '(\w+)'", str(missing))
            fact = asked[1] if asked else missing.args[0]
            assert isinstance(fact, str), f"{code!r} has no sentence"
            assert fact not in facts, f"{code!r} has no sentence for {facts}"
            facts[fact] = FACTS.get(fact, [7])[0]


PLACES = sorted({(codes, code, facts) for name, code, facts in given() for codes in CODES if codes.__name__ == name}, key=repr)


@pytest.mark.parametrize(("codes", "code", "facts"), PLACES, ids=lambda part: getattr(part, "__name__", None) or str(part))
def test_the_facts_that_are_given_fill_the_sentences(codes: type[StrEnum], code: str, facts: tuple[str, ...]) -> None:
    for filling in fillings(facts):
        for language in ("en", "cy"):
            with override(language):
                assert "%(" not in said(codes[code], filling).whole
