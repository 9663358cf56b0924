"""Elements as the rules see them: their local names, and their values without what cannot be seen.

A file has namespaces or none; in the field it has none. So the rules know local names only, and what a file has in namespaces is renamed
before they look at it.
"""

import re
from typing import Final, cast

from lxml import etree

from s2s.transfers.ctf.faults import CtfFault, Finding, Notes, shortened
from s2s.transfers.ctf.structure import FRAME

BLANKS: Final = " \t\r\n"  # what XML calls blank
# Blanks of another kind or width, signs that turn the writing direction, marks of no width, controls, private and unassigned signs.
HIDDEN: Final = re.compile(
    "[\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164"
    "\ud800-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U0010ffff]"
)


def local(element: etree._Element) -> str:
    """The name without its namespace."""
    return cast("str", element.tag).rpartition("}")[2]


def names_in(block: etree._Element) -> list[str]:
    """The local names of the children."""
    return [local(child) for child in block]


def by_name(block: etree._Element) -> dict[str, etree._Element]:
    """The children by local name, the last of several. Where one has a namespace, everything under this element loses its own."""
    children = cast("dict[str, etree._Element]", {child.tag: child for child in block})
    if "{" in "".join(children):
        localise(block)
        children = {local(child): child for child in block}
    return children


def texts_under(element: etree._Element) -> dict[str, str | None]:
    """The texts at any depth by local names."""
    texts = cast("dict[str, str | None]", {line.tag: line.text for line in element.iter()})
    return {name.rpartition("}")[2]: text for name, text in texts.items()} if "{" in "".join(texts) else texts


def localise(part: etree._Element) -> None:
    """Take the namespaces off a part that is complete."""
    for element in part.iter("{*}*"):
        if cast("str", element.tag).startswith("{"):
            element.tag = local(element)


def value_of(element: etree._Element) -> str:
    """The text without superfluous blanks, as the schema reads it: what looks like a blank and is none stays."""
    return re.sub(f"[{BLANKS}]+", " ", (element.text or "").strip(BLANKS))


def visible(text: str) -> str:
    """What somebody sees of a value."""
    return " ".join(HIDDEN.sub("", re.sub("[\xa0\u2000-\u200a\u202f\u3000]", " ", text)).split())


def text_outside(element: etree._Element) -> str:
    """The first text between the children of an element."""
    texts = (element.text, *(child.tail for child in element))
    return next((text.strip(BLANKS) for text in texts if text and text.strip(BLANKS)), "")


def note_strangers(part: etree._Element, notes: Notes, position: int | None = None, name: str = "") -> None:
    """Refuse what holds a CTF together where it does not belong: a pupil in a pupil would be one round the rule of 1.3.

    A pupil anywhere inside, the others among the children: what a supplier keeps in boxes of its own is its own.
    """
    for found in part.iterdescendants(*(f"{{*}}{name}" for name in FRAME)):
        parent = found.getparent()
        if parent is not part and local(found) != "Pupil":
            continue
        tag = local(found)
        if parent is part and local(part) == "Header" and tag in ("SourceSchool", "DestSchool"):
            continue
        inside = local(part) if parent is None else local(parent)
        notes.add(Finding(CtfFault.ELEMENT_UNEXPECTED, found.sourceline, position, name, tag, facts={"parent": inside, "expected": ""}))


def note_contents(block: etree._Element, notes: Notes, values: frozenset[str], position: int | None = None, name: str = "") -> None:
    """When explaining: text beside the children, and elements inside values."""
    if text := text_outside(block):
        notes.add(Finding(CtfFault.TEXT_OUTSIDE, block.sourceline, position, name, local(block), facts={"text": shortened(text)}))
    for child in block:
        if len(child) and local(child) in values:
            inner = shortened(local(child[0]))
            line = child[0].sourceline
            notes.add(Finding(CtfFault.ELEMENT_UNEXPECTED, line, position, name, inner, facts={"parent": local(child), "expected": ""}))
