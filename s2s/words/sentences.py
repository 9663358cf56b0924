"""A code and its facts become sentences, now or later: what a session or a row keeps can be read in either language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from s2s.accounts.collecting import CollectWarning
from s2s.accounts.sign_in import SignInFault
from s2s.administration.fields import EntryFault, SaveFault
from s2s.administration.user_maintenance import UserFault
from s2s.administration.yearly_audit import AuditFault
from s2s.organisations.school_lists import ListFault
from s2s.rules.filename_forms import FORMS
from s2s.rules.filenames import NameFault, Repair
from s2s.rules.refusals import Refused
from s2s.transfers.ctf.faults import CtfFault, CtfWarning, UnreadableCtf
from s2s.transfers.refusals import SendFault, StepFault
from s2s.words.administration import ENTRY_FAULTS, LIST_FAULTS, SAVE_FAULTS
from s2s.words.collecting import COLLECT_WARNINGS
from s2s.words.ctf import CTF_FAULTS, CTF_WARNINGS, MANY_MORE, MORE
from s2s.words.file_names import NAME_FAULTS, REPAIRS, advised
from s2s.words.formats import date_words, size
from s2s.words.forms import FORM_FAULTS, FormFault
from s2s.words.labels import kind
from s2s.words.refusals import SEND_FAULTS, SIGN_IN_FAULTS, STEP_FAULTS
from s2s.words.rows import Facts, Row, Words, row
from s2s.words.users import AUDIT_FAULTS, USER_FAULTS

_TABLES: Final[Mapping[type[StrEnum], Words]] = {
    NameFault: NAME_FAULTS,
    Repair: REPAIRS,
    SendFault: SEND_FAULTS,
    StepFault: STEP_FAULTS,
    SignInFault: SIGN_IN_FAULTS,
    CtfFault: CTF_FAULTS,
    CtfWarning: CTF_WARNINGS,
    CollectWarning: COLLECT_WARNINGS,
    UserFault: USER_FAULTS,
    AuditFault: AUDIT_FAULTS,
    EntryFault: ENTRY_FAULTS,
    SaveFault: SAVE_FAULTS,
    ListFault: LIST_FAULTS,
    FormFault: FORM_FAULTS,
}
_CODES: Final[Mapping[str, StrEnum]] = {f"{codes.__name__}.{code.name}": code for codes in _TABLES for code in codes}
_OF_FINDINGS: Final[Mapping[str, StrEnum]] = {code.value: code for codes in (CtfFault, CtfWarning, CollectWarning) for code in codes}
_MORE: Final = "more"
_MOST_COUNTED_MORE: Final = 900  # stands for 900 or more (UnreadableCtf)
_BYTES: Final = {(SendFault.TOO_LARGE, "size"), (SendFault.TOO_LARGE, "limit"), (StepFault.TOO_MUCH, "limit")}
_DATES: Final = ("date", "closed_on")


@dataclass(frozen=True)
class Said:
    """A sentence for people: what is wrong, what to do about it, and where in the file."""

    text: str
    fix: str = ""
    where: str = ""

    @property
    def whole(self) -> str:
        return f"{self.text} {self.fix}".strip()


def say(refusal: Refused[StrEnum]) -> Said:
    """The sentences for one refusal."""
    return _said(refusal.code, refusal.facts)


def kept(problem: Refused[StrEnum]) -> list[dict[str, Any]]:
    """A refusal as JSON for the session, to be said again by `say_again`. A CTF's has one entry for each finding, and one for the rest."""
    if not isinstance(problem, UnreadableCtf):
        return [{"code": _key(problem.code), "facts": _plain(problem.facts)}]
    found = [finding.as_json() | {"code": _key(finding.code), "facts": _plain(finding.facts)} for finding in problem.findings]
    return [*found, {"code": _MORE, "facts": {"more": problem.more}}] if problem.more else found


def say_again(result: Mapping[str, Any]) -> dict[str, Any]:
    """An upload's result with its codes turned into sentences: `problems` and `warnings` are Said, `repairs` plain sentences."""
    return {
        **result,
        "problems": [_said_again(problem) for problem in result.get("problems", ())],
        "warnings": findings(result.get("warnings", ())),
        "repairs": [_said(_CODES[repair], {}).text for repair in result.get("repairs", ())],
    }


def findings(warnings: Iterable[Mapping[str, Any]]) -> list[Said]:
    """The sentences for findings as `Finding.as_json` has them."""
    return [_finding(_OF_FINDINGS[warning["code"]], warning) for warning in warnings]


def _said_again(problem: Mapping[str, Any]) -> Said:
    if problem["code"] == _MORE:
        return _filled(MANY_MORE if problem["facts"]["more"] >= _MOST_COUNTED_MORE else MORE, problem["facts"])
    code = _CODES[problem["code"]]
    return _finding(code, problem) if isinstance(code, CtfFault) else _said(code, problem["facts"])


def _finding(code: StrEnum, finding: Mapping[str, Any]) -> Said:
    facts = {"element": finding.get("element", ""), "position": finding.get("position"), **finding.get("facts", {})}
    return _said(code, facts, _where(finding))


def _where(finding: Mapping[str, Any]) -> str:
    """Pupil 3, Siân Jones, line 214; as much of it as is known."""
    position, name, line = (finding.get(fact) for fact in ("position", "name", "line"))
    if position and name and line:
        words = _("Pupil %(position)s, %(name)s, line %(line)s")
    elif position and name:
        words = _("Pupil %(position)s, %(name)s")
    elif position and line:
        words = _("Pupil %(position)s, line %(line)s")
    elif position:
        words = _("Pupil %(position)s")
    else:
        words = _("Line %(line)s") if line else ""
    return words % {"position": position, "name": name, "line": line}


def _said(code: StrEnum, facts: Facts, where: str = "") -> Said:
    facts = {"element": "", "position": None, **facts} if isinstance(code, CtfFault | CtfWarning) else facts
    found = row(_TABLES[type(code)], code, facts)
    return _filled(advised(code, found, facts), _readable(code, facts), where)


def _filled(found: Row, facts: Facts, where: str = "") -> Said:
    return Said(str(found.text % facts), str(found.fix % facts) if found.fix else "", where)


def _readable(code: StrEnum, facts: Facts) -> dict[str, object]:
    """The facts as people read them: bytes as 13.7 MB, dates in words, the kind of a file by its name, places by their Welsh name."""
    welsh = {fact: facts[f"{fact}_cy"] for fact in facts if facts.get(f"{fact}_cy")} if get_language() == "cy" else {}
    return {fact: _in_words(code, fact, value) for fact, value in {**facts, **welsh}.items()} | {"example": _example(facts)}


def _in_words(code: StrEnum, fact: str, value: object) -> object:
    if (code, fact) in _BYTES:
        return size(int(str(value)))
    if fact in _DATES and value:
        return date_words(date.fromisoformat(str(value)))
    if isinstance(value, tuple | list):
        return ", ".join(f".{extension}" for extension in value)
    if isinstance(code, NameFault | SendFault) and fact in {"kind", "expected"}:
        return kind(str(value))
    return value


def _example(facts: Facts) -> str:
    """A right name of the kind that was meant, or of a CTF."""
    return next((form.example for form in FORMS if form.kind == facts.get("kind")), FORMS[0].example)


def _key(code: StrEnum) -> str:
    return f"{type(code).__name__}.{code.name}"


def _plain(facts: Facts) -> dict[str, object]:
    return {fact: _as_json(value) for fact, value in facts.items()}


def _as_json(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_as_json(one) for one in value]
    return value if value is None or isinstance(value, str | int) else str(value)
