"""Find a school: by a name as somebody remembers it, misspelt or in the other language, by town, LA or number (3.8, Establishment finder).

The names of all schools are kept word by word in the memory of each process. Before every answer one short question to the database
says whether a school has changed; then those that did are read again. What is shown comes from the database, never from memory.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from sys import intern
from threading import Lock
from typing import Final

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from rapidfuzz import fuzz, process

from s2s.organisations.models import Organisation
from s2s.organisations.queries import local_name

LONGEST: Final = 100  # characters of a question; what follows is ignored
MOST_WORDS: Final = 8
LIKE_ENOUGH: Final = 74.0  # per cent: Llanishan, Llanishen 89; Gynraidd, Gynradd 93; mari, mary 75
ALMOST_ALIKE: Final = 82.0  # what a common word misspelt is at least
GOOD_ENOUGH: Final = 0.55  # of the question, weighed by how telling its words are
ALL: Final = 0.999  # every word is there, written so
OF_BEST: Final = 0.7  # what scores less than this share of the best is not shown

# One word in two languages or several spellings. Their first is what is kept.
_SAME: Final = (
    "school ysgol ysgolion", "primary gynradd cynradd", "infants infant babanod fabanod", "junior juniors iau", "nursery feithrin meithrin",
    "secondary uwchradd", "comprehensive gyfun cyfun", "special arbennig", "community gymuned cymuned gymunedol cymunedol",
    "church eglwys", "catholic gatholig catholig", "st saint saints sant santes", "welsh gymraeg cymraeg", "college coleg goleg",
    "academy academi",
)  # fmt: skip
SAME: Final[Mapping[str, str]] = {word: words.split()[0] for words in _SAME for word in words.split()}
# Words that hundreds of schools have: they help to choose, and cannot find.
COMMON: Final = frozenset({
    "school", "primary", "infants", "junior", "nursery", "secondary", "comprehensive", "special", "community", "church", "catholic", "st",
    "welsh", "college", "academy", "high", "in", "wales", "cp", "c", "p", "rc", "r", "ciw", "i", "w", "va", "vc", "ce", "cofe", "voluntary",
    "controlled", "aided", "county", "unit", "centre", "ygg", "y", "g", "yr",
})  # fmt: skip
SPELLINGS: Final = tuple(word for word in {*SAME, *COMMON} if len(word) >= 5)
LITTLE: Final = frozenset({"the", "of", "and", "a", "s"})  # left out
WEIGHT_OF_COMMON: Final = 0.15
WEIGHT_OF_REST: Final = 0.05
OWN_AREA: Final = 0.03  # what a school near the asker has in advance


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to find; `authority` is three digits or ''."""

    text: str
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The schools, best first. `exact` when they have the number asked for, or all its words; else they are the nearest there are."""

    schools: list[Organisation]
    exact: bool
    more: int = 0


def find(question: Question, *, near: str = "", most: int = 50) -> Found:
    """Find schools of every LA, open and closed.

    Among equally good ones those of the LA `near` come first, and open ones before closed ones.
    """
    text = _tidy(question.text)
    rows = Organisation.objects.filter(kind=Organisation.Kind.SCHOOL)
    if question.authority:
        rows = rows.filter(authority__number=question.authority)
    if not text or text.isdecimal():
        return _by_number(rows, text, near, most) if text or question.authority else Found([], exact=True)
    scores = INDEX.search(text)
    if question.authority:
        scores = {number: score for number, score in scores.items() if number[:3] == question.authority}
    if not scores:
        return Found([], exact=False)
    best = max(scores.values())
    scores = {number: score + OWN_AREA * (number[:3] == near) for number, score in scores.items() if score >= best * OF_BEST}
    kept = sorted(scores, key=lambda number: -scores[number])
    read = rows.select_related("authority", "successor").in_bulk(kept[: most * 2], field_name="number")
    # A school closed or renamed meanwhile is shown as it is now; the order is by what was asked.
    order = sorted(
        read.values(),
        key=lambda school: (-round(scores[school.number], 2), not school.is_open, school.local_name),
    )
    return Found(order[:most], exact=best > ALL, more=max(0, len(kept) - most))


def _tidy(said: str) -> str:
    """The question without needless blanks. A number may be written in parts; 681LLLL or 681XXXX asks for the schools of 681."""
    text = " ".join(said.split())[:LONGEST]
    together = re.sub(r"[ /.-]", "", text)
    if together.isascii() and together.isdecimal():
        return together
    return together[:3] if _AN_LA.fullmatch(together) else text


def _by_number(rows: QuerySet[Organisation], text: str, near: str, most: int) -> Found:
    """Find schools by digits.

    Seven are a school's number; four are its number within an LA, or the first of the seven; three are an LA's; any others are the first
    digits of a number.
    """
    if len(text) == 4:
        rows = rows.filter(Q(number__endswith=text) | Q(number__startswith=text))  # the school's own digits, or the beginning of all seven
    elif text:
        rows = rows.filter(number__startswith=text[:7])
    own_first = rows.annotate(own=Q(number__startswith=near)).order_by("-own", F("closed_on").desc(nulls_first=True), local_name())
    return Found(list(own_first.select_related("authority", "successor")[:most]), exact=True, more=max(0, rows.count() - most))


class Index:
    """The words of all schools, and where they stand."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: tuple[object, ...] = ()
        self._versions: dict[str, tuple[int, int]] = {}
        self._words: dict[str, frozenset[str]] = {}  # of each school, by its number
        self._schools: dict[str, set[str]] = defaultdict(set)  # that have the word
        self._vocabulary: list[str] = []

    def search(self, text: str) -> dict[str, float]:
        """How well each school answers, from GOOD_ENOUGH to a little over 1."""
        with self._lock:
            self._refresh()
            asked = list(dict.fromkeys(self._common(word) for word in words_of(text) if word not in LITTLE))[:MOST_WORDS]
            scores = self._scores(asked)
            for place, pair in enumerate(pairwise(asked)):  # Glan Taf is Glantaf
                if (joined := "".join(pair)) in self._schools:
                    for number, score in self._scores([*asked[:place], joined, *asked[place + 2 :]]).items():
                        scores[number] = max(score, scores.get(number, 0))
            return scores

    def _refresh(self) -> None:
        """Read again what has changed. Every change raises a version, adds a row or removes one, so the question misses none."""
        state = tuple(Organisation.objects.aggregate(count=Count("pk"), versions=Sum("version"), last=Max("pk")).values())
        if state == self._state:
            return
        schools = Organisation.objects.filter(kind=Organisation.Kind.SCHOOL)
        rows = schools.annotate(at=F("version") + F("authority__version")).values_list("number", "pk", "at")
        versions = {number: (pk, at) for number, pk, at in rows}
        changed = [number for number, version in versions.items() if self._versions.get(number) != version]
        gone = [number for number in self._versions if number not in versions]
        wanted = schools if len(changed) > 500 else schools.filter(number__in=changed)
        columns = wanted.values_list("number", "name", "name_cy", "town", "authority__name", "authority__name_cy", "postcode")
        fresh = {number: frozenset(word for text in set(texts) for word in words_of(text)) - LITTLE for number, *texts in columns}
        for number in [*gone, *fresh]:
            for word in self._words.pop(number, ()):
                self._schools[word].discard(number)
        for number, words in fresh.items():
            self._words[number] = words
            for word in words:
                self._schools[word].add(number)
        self._vocabulary = [word for word, numbers in self._schools.items() if numbers]
        self._versions, self._state = versions, state

    def _common(self, word: str) -> str:
        """A misspelling of a common word is that word, unless some school is called so."""
        if len(word) < 5 or self._schools.get(word):
            return word
        near = process.extractOne(word, SPELLINGS, scorer=fuzz.ratio, score_cutoff=ALMOST_ALIKE)
        return SAME.get(near[0], near[0]) if near else word

    def _scores(self, asked: list[str]) -> dict[str, float]:
        weights = {word: self._weight(word) for word in asked}
        total = sum(weights.values())
        scores, matched = defaultdict[str, float](float), defaultdict[str, int](int)
        telling = [word for word in asked if word not in COMMON] or asked
        for word in telling:
            for number, likeness in self._having(word).items():
                scores[number] += weights[word] * likeness / total
                matched[number] += 1
        for word in set(asked).difference(telling):
            having = self._schools.get(word, set())
            for number in [number for number in scores if number in having]:
                scores[number] += weights[word] / total
                matched[number] += 1
        # Of two that have all the words, the one that has few others is meant.
        return {
            number: score + WEIGHT_OF_REST * matched[number] / len(self._words[number])
            for number, score in scores.items()
            if score >= GOOD_ENOUGH
        }

    def _weight(self, word: str) -> float:
        """How much a word counts: one that few schools have tells more."""
        if word in COMMON:
            return WEIGHT_OF_COMMON
        return 1 + math.log10(1 + len(self._words) / (1 + len(self._schools.get(word, ()))))

    def _having(self, word: str) -> dict[str, float]:
        """The schools with the word or one like it, and how like."""
        found: dict[str, float] = {}
        for other, likeness in self._like(word):
            for number in self._schools.get(other, ()):
                if found.get(number, 0) < likeness:
                    found[number] = likeness
        return found

    def _like(self, word: str) -> Iterable[tuple[str, float]]:
        if word in self._schools:
            yield word, 1.0
        if word in COMMON:
            return
        if len(word) >= 3:  # somebody is still typing
            yield from ((other, 0.9) for other in self._vocabulary if other != word and other.startswith(word))
        if len(word) >= 4:
            near = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=25)
            yield from ((other, (likeness / 100) ** 2) for other, likeness, _ in near if other != word)


INDEX: Final = Index()
_AN_LA: Final = re.compile(r"[0-9]{3}(?:LLLL|PLAS|ADMS|XXXX)", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z0-9]+")
_APOSTROPHES: Final = str.maketrans("", "", "'’‘`´.")


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """Small letters without accents: 'St. Mary’s C.P. School' gives st, marys, cp, school; so do Saint and Ysgol."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(_APOSTROPHES))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(intern(SAME.get(word, word)) for word in _WORD.findall(plain))
