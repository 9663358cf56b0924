"""Whom an e-mail is for and in which language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipient:
    """`language` is 'en', 'cy' or '' (not known: both, Welsh first; Welsh Language Standards)."""

    email: str
    language: str
    name: str
    name_cy: str
