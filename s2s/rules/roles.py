"""Who may do what: the roles of 1.6, the rights each has, and the addresses whose files each sees."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from s2s.rules.kinds import Kind


class Can(StrEnum):
    """A right. Every page and every address of the API names one; what nobody named, nobody may."""

    SIGN_IN = "sign_in"
    SEND_CTF = "send_ctf"
    SEND_LOST = "send_lost"
    FETCH_CTF = "fetch_ctf"
    REJECT_CTF = "reject_ctf"
    WATCH_AREA = "watch_area"
    CLEAR_OUT = "clear_out"
    SEND_CENSUS = "send_census"
    FETCH_CENSUS = "fetch_census"
    SEND_CFR = "send_cfr"
    FETCH_CFR = "fetch_cfr"
    SEND_GENERIC = "send_generic"
    FETCH_GENERIC = "fetch_generic"
    SEND_EXCLUSION = "send_exclusion"
    FETCH_EXCLUSION = "fetch_exclusion"
    SEND_ADMISSIONS = "send_admissions"
    FETCH_ADMISSIONS = "fetch_admissions"
    SEARCH_LOST = "search_lost"
    FORWARD_LOST = "forward_lost"
    VIEW_USERS = "view_users"
    MAINTAIN_USERS = "maintain_users"
    VIEW_SCHOOLS = "view_schools"
    MAINTAIN_SCHOOLS = "maintain_schools"
    MAINTAIN_LEA = "maintain_lea"
    REPORTS = "reports"
    MESSAGES = "messages"
    MAINTAIN_LEAS = "maintain_leas"
    MAINTAIN_SPECIAL_SCHOOLS = "maintain_special_schools"
    MAINTAIN_CATEGORIES = "maintain_categories"
    SET_UP_DBA = "set_up_dba"
    IMPORT_SCHOOLS = "import_schools"
    SITE_NOTICES = "site_notices"
    AUDIT_USERS = "audit_users"
    MATCH = "match"


class RoleCode(StrEnum):
    LEA_DBA = "LEA_DBA"
    LEA_USER = "LEA_USER"
    LEA_SCHOOL = "LEA_SCHOOL"
    LEA_LOST_PUPIL = "LEA_LOST_PUPIL"
    LEA_LOST_PUPIL_TRANSFER = "LEA_LOST_PUPIL_TRANSFER"
    LEA_DBA_VIEW = "LEA_DBA_VIEW"
    LEA_PLASC = "LEA_PLASC"
    LEA_ADMISSIONS = "LEA_ADMISSIONS"
    SCHOOL = "SCHOOL"
    NATIONAL = "NATIONAL"


class Desk(StrEnum):
    """What the people of one role group at one organisation share: its mailbox, and the machine credentials that act for it."""

    ADMINISTRATOR = "administrator"
    LEA_USER = "lea_user"
    LEA_SCHOOL = "lea_school"
    LOST_PUPIL = "lost_pupil"
    VIEW_ONLY = "view_only"
    PLASC = "plasc"
    ADMISSIONS = "admissions"
    SCHOOL = "school"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Role:
    """`address` is what follows the LA number ('LLLL', 'PLAS', 'ADMS'); '' for a school's own number; None where no file can be sent."""

    code: RoleCode
    name: str
    address: str | None
    desks: tuple[Desk, ...]
    rights: frozenset[Can]
    sentence: str
    one_per_authority: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    words: str
    section: str


RIGHTS: Final[Mapping[Can, Right]] = {
    Can.SIGN_IN:                  Right("Sign in; home, help, contacts and own password", "2.1, 3.2"),
    Can.SEND_CTF:                 Right("Send CTFs", "5.1"),
    Can.SEND_LOST:                Right("Send CTFs to the Lost Pupil Database (XXXXXXX, MMMMMMM)", "1.3, 5"),
    Can.FETCH_CTF:                Right("Fetch, confirm and fetch again CTFs", "5.2, 5.3"),
    Can.REJECT_CTF:               Right("Reject a CTF", "4.2, 5.1"),
    Can.WATCH_AREA:               Right("See the LA's three views of CTFs and fetch the LA's copies", "3.9, 5.3"),
    Can.CLEAR_OUT:                Right("Delete files not collected by schools", "5.2, 5.3"),
    Can.SEND_CENSUS:              Right("Send PLASC/School Census files", "5.1"),
    Can.FETCH_CENSUS:             Right("Fetch PLASC/School Census files", "5.2"),
    Can.SEND_CFR:                 Right("Send CFR files", "5.1"),
    Can.FETCH_CFR:                Right("Fetch CFR files", "5.2"),
    Can.SEND_GENERIC:             Right("Send generic zip files", "5.5, 5.6"),
    Can.FETCH_GENERIC:            Right("Fetch generic zip files", "5.7"),
    Can.SEND_EXCLUSION:           Right("Send exclusion files", "5.1"),
    Can.FETCH_EXCLUSION:          Right("Fetch exclusion files", "5.2"),
    Can.SEND_ADMISSIONS:          Right("Send admissions files", "1.6"),
    Can.FETCH_ADMISSIONS:         Right("Fetch admissions files", "5.2"),
    Can.SEARCH_LOST:              Right("Search the Lost Pupil Database, fetch from it, remove from it", "1.3, 1.6, 4.1"),
    Can.FORWARD_LOST:             Right("Forward a lost pupil's CTF to the new school", "1.6, 4.2"),
    Can.VIEW_USERS:               Right("See the users", "1.6, 3.2"),
    Can.MAINTAIN_USERS:           Right("Add, change and delete users; confirm them once a year", "1.6, 3.2"),
    Can.VIEW_SCHOOLS:             Right("See the schools' details and their users", "1.6, 3.8"),
    Can.MAINTAIN_SCHOOLS:         Right("Add, change and delete schools and their users", "3.8"),
    Can.MAINTAIN_LEA:             Right("Change the own LA's details", "3.9"),
    Can.REPORTS:                  Right("Run reports", "7"),
    Can.MESSAGES:                 Right("Send and receive messages", "6"),
    Can.MAINTAIN_LEAS:            Right("Change any LA's details", "3.9"),
    Can.MAINTAIN_SPECIAL_SCHOOLS: Right("Maintain non-maintained special schools", "3.9"),
    Can.MAINTAIN_CATEGORIES:      Right("Maintain categories", "3.9"),
    Can.SET_UP_DBA:               Right("Set up an LA's administrator (DBA)", "3.1"),
    Can.IMPORT_SCHOOLS:           Right("Take in the lists of schools and LAs", "3.8"),
    Can.SITE_NOTICES:             Right("Put a notice on the site", "2.1"),
    Can.AUDIT_USERS:              Right("Audit the users of every LA", "1.6"),
    Can.MATCH:                    Right("Match lost pupils with PLASC", "1.4"),
}  # fmt: skip


class Use(StrEnum):
    """What people do with a file; each kind of file has a right of its own for it."""

    SEND = "send"
    FETCH = "fetch"
    REJECT = "reject"


_RIGHT_TO: Final[Mapping[Use, Mapping[Kind, Can]]] = {
    Use.SEND: {
        Kind.CTF: Can.SEND_CTF, Kind.CENSUS: Can.SEND_CENSUS, Kind.CFR: Can.SEND_CFR,
        Kind.GENERIC: Can.SEND_GENERIC, Kind.EXCLUSION: Can.SEND_EXCLUSION, Kind.ADMISSIONS: Can.SEND_ADMISSIONS,
    },
    Use.FETCH: {
        Kind.CTF: Can.FETCH_CTF, Kind.CENSUS: Can.FETCH_CENSUS, Kind.CFR: Can.FETCH_CFR,
        Kind.GENERIC: Can.FETCH_GENERIC, Kind.EXCLUSION: Can.FETCH_EXCLUSION, Kind.ADMISSIONS: Can.FETCH_ADMISSIONS,
    },
    Use.REJECT: {Kind.CTF: Can.REJECT_CTF},  # 4.2 speaks of CTFs only
}  # fmt: skip


def right_to(use: Use, kind: Kind) -> Can | None:
    """The right to use a file of this kind so; None where nobody can."""
    return _RIGHT_TO[use].get(kind)


OF_FILES: Final = frozenset(  # the rights that open, show or send files about pupils
    {right for rights in _RIGHT_TO.values() for right in rights.values()}
    | {Can.SEND_LOST, Can.WATCH_AREA, Can.CLEAR_OUT, Can.SEARCH_LOST, Can.FORWARD_LOST, Can.MATCH}
)

OF_SENDING: Final = frozenset({*_RIGHT_TO[Use.SEND].values(), Can.SEND_LOST})

# What 1.6 calls "upload/download/re-download files", without and with generic zips.
_CTF = {Can.SEND_CTF, Can.FETCH_CTF, Can.REJECT_CTF}
_GENERIC = {Can.SEND_GENERIC, Can.FETCH_GENERIC}
_ADMISSIONS = {Can.SEND_ADMISSIONS, Can.FETCH_ADMISSIONS}
_RETURNS = {Can.SEND_CENSUS, Can.FETCH_CENSUS, Can.SEND_CFR, Can.FETCH_CFR, Can.SEND_EXCLUSION, Can.FETCH_EXCLUSION}
_FILES_BUT_GENERIC = _CTF | _RETURNS | _ADMISSIONS
_FILES = _FILES_BUT_GENERIC | _GENERIC

_EVERYONE = {Can.SIGN_IN, Can.MESSAGES}  # 6: "All LA roles/log ins can send and receive messages"
_EVERY_LA_ROLE = _EVERYONE | {Can.REPORTS}  # 1.6 and 7: the twelve reports for each of the eight

_ROLES: Final = (
    Role(
        RoleCode.LEA_DBA, "LEA DBA", "LLLL", (Desk.ADMINISTRATOR,),
        # 5.5: "All user types can exchange files using generic zip options, except for those logged in as LEA Administrators"
        frozenset(
            _EVERY_LA_ROLE | _FILES_BUT_GENERIC | {Can.WATCH_AREA, Can.CLEAR_OUT}
            | {Can.VIEW_USERS, Can.MAINTAIN_USERS, Can.VIEW_SCHOOLS, Can.MAINTAIN_SCHOOLS, Can.MAINTAIN_LEA}
        ),
        "Looks after the LA's users, its schools and its own details, and exchanges every kind of file but generic zips.",
        one_per_authority=True,  # 3.1
    ),
    Role(
        RoleCode.LEA_USER, "LEA User", "LLLL", (Desk.LEA_USER,),
        frozenset(_EVERY_LA_ROLE | _FILES | {Can.WATCH_AREA, Can.CLEAR_OUT}),
        "Exchanges files of every kind for the LA, watches its schools' CTFs and clears out what schools do not collect.",
    ),
    Role(
        RoleCode.LEA_SCHOOL, "LEA School", "LLLL", (Desk.LEA_SCHOOL,),
        frozenset(_EVERY_LA_ROLE | _FILES | {Can.SEND_LOST, Can.WATCH_AREA, Can.CLEAR_OUT}),  # 5: also to the Lost Pupil Database
        "Acts for the LA as if it were a school, which includes sending CTFs to the Lost Pupil Database.",
        one_per_authority=True,  # 1.6
    ),
    Role(
        RoleCode.LEA_LOST_PUPIL, "LEA Lost Pupil", "LLLL", (Desk.LOST_PUPIL,),
        frozenset(_EVERY_LA_ROLE | _GENERIC | {Can.SEARCH_LOST}),
        "Searches the Lost Pupil Database and fetches from it; exchanges generic zips and no other files.",
    ),
    Role(
        # Serves two desks, so it chooses for which it writes a message (picture in 6.6). It fetches exclusion files but does not send
        # them: the picture in 4.2 has no such entry, the one in 5.1 has.
        RoleCode.LEA_LOST_PUPIL_TRANSFER, "LEA Lost Pupil Transfer", "LLLL", (Desk.LEA_USER, Desk.LOST_PUPIL),
        frozenset(_EVERY_LA_ROLE | _FILES - {Can.SEND_EXCLUSION} | {Can.WATCH_AREA, Can.SEARCH_LOST, Can.FORWARD_LOST}),
        "Searches the Lost Pupil Database, forwards what it finds to the school, and exchanges the LA's other files.",
    ),
    Role(
        RoleCode.LEA_DBA_VIEW, "LEA DBA (View only)", None, (Desk.VIEW_ONLY,),
        frozenset(_EVERY_LA_ROLE | {Can.VIEW_USERS, Can.VIEW_SCHOOLS}),
        "Sees the users and schools of the LA and runs reports; changes nothing, handles no files and never sees a password.",
    ),
    Role(
        # 1.6 gives LEA PLASC "files" without limiting them, so it has every kind, under its own address.
        RoleCode.LEA_PLASC, "LEA PLASC", "PLAS", (Desk.PLASC,),
        frozenset(_EVERY_LA_ROLE | _FILES),
        "Exchanges PLASC/School Census files, and the other kinds, under the LA's PLAS address.",
    ),
    Role(
        RoleCode.LEA_ADMISSIONS, "LEA Admissions", "ADMS", (Desk.ADMISSIONS,),
        frozenset(_EVERY_LA_ROLE | _ADMISSIONS | _GENERIC),
        "Exchanges admissions files and generic zips under the LA's ADMS address, and no other files.",
    ),
    Role(
        # 1.6: LEA School has "school-level facilities", so a school has the same kinds. The guidance gives schools no reports.
        RoleCode.SCHOOL, "School user", "", (Desk.SCHOOL,),
        frozenset(_EVERYONE | _FILES | {Can.SEND_LOST}),
        "Sends and collects the school's files, and sends the CTFs of pupils who left for nobody knows where.",
    ),
    Role(
        RoleCode.NATIONAL, "National administrator", None, (Desk.NATIONAL,),
        frozenset(
            _EVERYONE
            | {Can.REPORTS, Can.VIEW_USERS, Can.MAINTAIN_USERS, Can.VIEW_SCHOOLS, Can.MAINTAIN_SCHOOLS, Can.MAINTAIN_LEAS}
            | {Can.MAINTAIN_SPECIAL_SCHOOLS, Can.MAINTAIN_CATEGORIES, Can.SET_UP_DBA, Can.IMPORT_SCHOOLS, Can.SITE_NOTICES}
            | {Can.AUDIT_USERS, Can.MATCH}
        ),
        "Looks after LAs, schools and administrators for the whole site; handles no pupil's file.",
    ),
)  # fmt: skip

ROLES: Final[Mapping[RoleCode, Role]] = {role.code: role for role in _ROLES}
LA_ROLES: Final = tuple(code for code in ROLES if code.startswith("LEA_"))  # 1.6: eight


def may(role: RoleCode | str, right: Can) -> bool:
    """Whether the role has the right; a role that does not exist has none."""
    return role in ROLES and right in ROLES[RoleCode(role)].rights


def needs_second_step(role: RoleCode | str) -> bool:
    """Whether the role sees pupils beyond one school, or looks after the accounts of those who do."""
    return role != RoleCode.SCHOOL and bool(ROLES[RoleCode(role)].rights & (OF_FILES | {Can.MAINTAIN_USERS}))


def gives(may: Callable[[Can], bool]) -> tuple[RoleCode, ...]:
    """The roles that somebody with these rights gives and takes in User Maintenance, in the order of the drop-down list (3.1, 3.3)."""
    if may(Can.SET_UP_DBA):
        return (*LA_ROLES, RoleCode.NATIONAL)
    if may(Can.MAINTAIN_USERS):
        return tuple(code for code in LA_ROLES if code != RoleCode.LEA_DBA)
    return ()


def serves(role: RoleCode | str, organisation: str) -> frozenset[str]:
    """The addresses whose waiting files the role sees at its LA ('681') or school ('6812045').

    Which kinds of file it may open there is said by its rights: LEA Lost Pupil sees 681LLLL, but generic zips only.
    """
    suffix = ROLES[RoleCode(role)].address
    return frozenset() if suffix is None else frozenset({organisation + suffix})


def rights_page() -> str:
    """The Markdown of docs/rights.md."""
    head = [
        "# Rights of the roles",
        "",
        "Written from `s2s/rules/roles.py`; the sections are those of the guidance. What does not say yes is refused.",
        "",
    ]
    return "\n".join([*head, *_rights_table(), "", "## The roles", "", *_role_lines()]) + "\n"


def _rights_table() -> list[str]:
    heads = ["Right", "Section", *(role.name for role in ROLES.values())]
    rows = [[f"{facts.words} (`{right}`)", facts.section, *_ticks(right)] for right, facts in RIGHTS.items()]
    return ["| " + " | ".join(row) + " |" for row in (heads, ["---"] * len(heads), *rows)]


def _ticks(right: Can) -> list[str]:
    return ["yes" if right in role.rights else "" for role in ROLES.values()]


def _role_lines() -> list[str]:
    return [f"- **{role.name}** ({_address_words(role)}). {role.sentence}" + _only_one(role) for role in ROLES.values()]


def _address_words(role: Role) -> str:
    if role.address is None:
        return "no address of its own"
    return f"address: LA number + `{role.address}`" if role.address else "address: the school's seven digits"


def _only_one(role: Role) -> str:
    return " One for each LA." if role.one_per_authority else ""


if __name__ == "__main__":  # make docs
    sys.stdout.write(rights_page())
