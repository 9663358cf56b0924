"""The kinds of file in the guidance's words: entries of the menu, headings and examples of names (4.2, 5.1-5.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from s2s.rules.kinds import Kind
from s2s.words.readers import for_reader

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Destination:
    """Where a file of a kind can go: an example of its name, after the sender's number, and what to know about it."""

    to: _StrPromise
    name: tuple[str, str, str]  # the middle one is the destination
    says: _StrPromise
    is_lost: bool = False  # for those who send to the Lost Pupil Database


@dataclass(frozen=True)
class KindWords:
    """Each is an English text that the catalogue translates. `upload`, `sent`, `download` and `previous` are entries of the menu."""

    upload: str
    upload_hint: str
    sent: str
    download: str
    ready: str
    previous: str
    upload_hint_lost: str = ""  # for those who also send to the Lost Pupil Database
    upload_title: str = ""  # of the page, where the guidance has another than the entry of the menu
    destinations: tuple[Destination, ...] = ()
    lost_again: _StrPromise | None = None  # what to know before a lost pupil's file is sent a second time


def _ctf(destination: str) -> tuple[str, str, str]:
    return ("_CTF_", destination, "_001.xml")


KIND_WORDS: Final[Mapping[Kind, KindWords]] = {
    Kind.CTF: KindWords(
        upload=_("Upload CTF File"),
        upload_title=_("Common Pupil Transfer File Upload Page"),
        upload_hint=_("Send Common Transfer Files to schools and local authorities."),
        upload_hint_lost=_("Send Common Transfer Files to schools, local authorities or the Lost Pupil Database."),
        sent=_("Sent CTF Files"),
        download=_("Download CTF Files"),
        ready=_("Common Transfer Files ready for download"),
        previous=_("Previously Downloaded CTF Files"),
        destinations=(
            Destination(
                gettext_lazy("To a school"), _ctf("3334444"), gettext_lazy("The seven digits of the school the pupil is going to.")
            ),
            Destination(
                gettext_lazy("To a local authority"),
                _ctf("333LLLL"),
                for_reader(
                    gettext_lazy(
                        "For phase transfers, as arranged with your local authority. If you know only the area a pupil moved to, use "
                        "XXXXXXX instead."
                    ),
                    authority=gettext_lazy("For phase transfers, as arranged with that local authority."),
                ),
            ),
            Destination(
                gettext_lazy("Destination unknown"),
                _ctf("XXXXXXX"),
                gettext_lazy("The pupil has left and you do not know where they have gone. One pupil per file."),
                is_lost=True,
            ),
            Destination(
                gettext_lazy("Left the maintained sector"),
                _ctf("MMMMMMM"),
                gettext_lazy(
                    "The pupil went to an independent school, emigrated, is electively home educated, or went to a destination that "
                    "cannot receive a CTF. One pupil per file."
                ),
                is_lost=True,
            ),
        ),
        lost_again=for_reader(
            gettext_lazy(
                "Have you already sent the pupil's file to the Lost Pupil Database, and now another school is asking for it? Do not send "
                "a second one: ask your local authority to forward the first. Otherwise the pupil will still count as lost."
            ),
            authority=gettext_lazy(
                "Have you already sent the pupil's file to the Lost Pupil Database, and now a school is asking for it? Do not send a "
                "second one: ask a colleague with the LEA Lost Pupil Transfer role to forward the first. Otherwise the pupil will still "
                "count as lost."
            ),
        ),
    ),
    Kind.CENSUS: KindWords(
        upload=_("Upload Daz/PLASC/School Census File"),
        upload_hint=_("Send PLASC or School Census files to the local authority."),
        sent=_("Sent PLASC/School Census Files"),
        download=_("Download PLASC/School Census File"),
        ready=_("PLASC/School Census Files ready for download"),
        previous=_("Re-Download PLASC/School Census File"),
    ),
    Kind.CFR: KindWords(
        upload=_("Upload CFR File"),
        upload_hint=_("Send CFR files to the local authority."),
        sent=_("Sent CFR Files"),
        download=_("Download CFR Files"),
        ready=_("CFR Files ready for download"),
        previous=_("Re-Download CFR Files"),
    ),
    Kind.GENERIC: KindWords(
        upload=_("Upload Generic File"),
        upload_hint=_("Send any data in a zip file to schools or local authorities."),
        sent=_("Sent Generic Files"),
        download=_("Download Generic Files"),
        ready=_("Generic Zip Files ready for download"),
        previous=_("Re-Download Generic Files"),
    ),
    Kind.EXCLUSION: KindWords(
        upload=_("Upload Exclusion File"),
        upload_hint=_("Send exclusion files to the local authority."),
        sent=_("Sent Exclusion Files"),
        download=_("Download Exclusion Files"),
        ready=_("Exclusion Files ready for download"),
        previous=_("Re-Download Exclusion Files"),
    ),
    Kind.ADMISSIONS: KindWords(
        upload=_("Upload Admissions File"),
        upload_hint=_("Send admissions files to schools or local authorities."),
        sent=_("Sent Admissions Files"),
        download=_("Download Admissions Files"),
        ready=_("Admissions Files ready for download"),
        previous=_("Re-Download Admissions Files"),
    ),
}
