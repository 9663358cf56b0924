"""The kinds of file in the guidance's words: entries of the menu and headings (4.2, 5.1-5.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as _

from s2s.rules.kinds import Kind


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


KIND_WORDS: Final[Mapping[Kind, KindWords]] = {
    Kind.CTF: KindWords(
        upload=_("Upload CTF File"),
        upload_hint=_("Send Common Transfer Files to schools and local authorities."),
        upload_hint_lost=_("Send Common Transfer Files to schools, local authorities or the Lost Pupil Database."),
        sent=_("Sent CTF Files"),
        download=_("Download CTF Files"),
        ready=_("Common Transfer Files ready for download"),
        previous=_("Previously Downloaded CTF Files"),
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
