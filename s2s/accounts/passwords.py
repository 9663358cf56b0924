"""How passwords are kept, and which are too easy to guess to be taken (2.1)."""

import re
import unicodedata
from typing import Any, Final

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from s2s.accounts.models import User

SHORTEST: Final = 12
ENOUGH: Final = 10**9  # guesses: at the 30 ms that one costs whoever has stolen the hash, about a year
LOOKED_AT: Final = 72  # characters; more is not looked at, as longer texts take the estimate long
SHORTEST_WORD: Final = 3
EVERYBODYS_WORDS: Final = ("s2s", "school", "ysgol", "primary", "gynradd", "pupil", "disgybl")
LOOKALIKES: Final = str.maketrans("@4301!$57", "aaeoiisst")
APOSTROPHES: Final = re.compile("['’‘`´]")


class Argon2(Argon2PasswordHasher):
    """Argon2id with the parameters that OWASP recommends for servers: 19 MiB, two passes, one lane; some 30 ms a sign-in."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class HardToGuess:
    """One of Django's password validators.

    It refuses what takes fewer than ENOUGH guesses by the estimate of zxcvbn, which knows the most used passwords, words, names, keyboards
    and dates; and what is left too short without the words that belong to the person, their school or their authority.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < SHORTEST:  # Django's own validator says that
            return
        looked_at = password[:LOOKED_AT]
        left, own = _without(_folded(looked_at)[:LOOKED_AT], _words_of(user))
        if own and (not left or zxcvbn(left)["guesses"] < ENOUGH):
            raise ValidationError(_own_words(own), code="own words")
        found = zxcvbn(looked_at)
        if found["guesses"] < ENOUGH:
            raise ValidationError(_why(found["sequence"]), code="guessable")

    def get_help_text(self) -> str:
        return _("At least 12 characters. Three or four unrelated words are easy to remember and hard to guess.")


def _why(sequence: list[dict[str, Any]]) -> str:
    """What makes the password easy, by its longest part that the estimate knows, and what to do."""
    known = [part for part in sequence if part["pattern"] != "bruteforce"]
    longest = max(known, key=lambda part: len(part["token"]), default={"pattern": ""})
    match longest["pattern"]:
        case "repeat":
            why = _("This password repeats the same characters, so it is easy to guess.")
        case "sequence" | "spatial":
            why = _("This password is a row of letters, figures or keys, so it is easy to guess.")
        case "dictionary":
            why = _("This password is a common one, or close to it, so it is among the first that are tried.")
        case _:
            why = _("This password is easy to guess.")
    return f"{why} {_advice()}"


def _own_words(own: list[str]) -> str:
    why = _("This password is made of words that belong to you, your school or your authority: %(words)s. Such words are tried first.")
    return f"{why % {'words': ', '.join(own)}} {_advice()}"


def _advice() -> str:
    return _("Choose three or four words that have nothing to do with each other or with your work.")


def _folded(text: str) -> str:
    """Small letters without accents and apostrophes: "Heron’s Tŷ" is "herons ty"."""
    parts = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text)).casefold()
    return "".join(char for char in parts if not unicodedata.combining(char))


def _words_of(user: User | None) -> set[str]:
    """The words that whoever knows the person would try."""
    texts = list[str](EVERYBODYS_WORDS)
    if user is not None:
        texts += [user.username, user.name, user.email]
        places = (user.organisation, user.organisation.maintained_by)
        texts += [text for place in places if place for text in (place.number, place.name, place.name_cy, place.town)]
    return {word for text in texts for word in re.split(r"[\W_]+", _folded(text)) if len(word) >= SHORTEST_WORD}


def _without(text: str, words: set[str]) -> tuple[str, list[str]]:
    """The text without these words, also where they are written with figures for letters; and the words that stood there."""
    plain, found = text.translate(LOOKALIKES), list[str]()
    for word in sorted(words, key=lambda word: (-len(word), word)):
        looks_like = word.translate(LOOKALIKES)
        while (at := plain.find(looks_like)) >= 0:
            plain, text = (part[:at] + part[at + len(word) :] for part in (plain, text))
            found.append(word)
    return text, list(dict.fromkeys(found))
