"""The result of an upload as it is stored: codes and facts, read again in either language."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from s2s.accounts.collecting import CollectWarning
from s2s.rules.refusals import Refused
from s2s.transfers.ctf.faults import CtfFault, CtfWarning, UnreadableCtf
from s2s.words import sentences
from s2s.words.ctf import MANY_MORE, MORE, MORE_WARNINGS, say_finding
from s2s.words.sentences import Said, code_of, filled, key_of, said

_BY_VALUE: Final[Mapping[str, StrEnum]] = {code.value: code for code in (*CtfFault, *CtfWarning, *CollectWarning)}
_MORE: Final = "more"
_MOST_COUNTED_MORE: Final = 900  # stands for 900 or more (UnreadableCtf)


def as_json(problems: Iterable[Refused[Any]]) -> list[dict[str, Any]]:
    """Why a file is not accepted. A CTF's problem has one entry for each finding, one for the rest, and one for each of its warnings."""
    return [entry for problem in problems for entry in _entries(problem)]


def from_json(result: Mapping[str, Any]) -> dict[str, Any]:
    """An upload's result with its codes turned into sentences: `problems` and `warnings` are Said, `repairs` plain sentences."""
    return {
        **result,
        "problems": [_said(problem) for problem in result.get("problems", ()) if "code" in problem],
        "warnings": findings([*result.get("warnings", ()), *(one["warning"] for one in result.get("problems", ()) if "warning" in one)]),
        "repairs": [said(code_of(repair), {}).text for repair in result.get("repairs", ())],
    }


def findings(found: Iterable[Mapping[str, Any]]) -> list[Said]:
    """The sentences for findings as `Finding.as_json` has them: the warnings of a transfer."""
    return [filled(MORE_WARNINGS, one["facts"]) if one["code"] == _MORE else say_finding(_BY_VALUE[one["code"]], one) for one in found]


def _entries(problem: Refused[Any]) -> list[dict[str, Any]]:
    if not isinstance(problem, UnreadableCtf):
        return [sentences.as_json(problem)]
    found = [finding.as_json() | {"code": key_of(finding.code)} for finding in problem.findings]
    more = [{"code": _MORE, "facts": {"more": problem.more}}] if problem.more else []
    return [*found, *more, *({"warning": warning} for warning in problem.warnings)]


def _said(problem: Mapping[str, Any]) -> Said:
    if problem["code"] == _MORE:
        return filled(MANY_MORE if problem["facts"]["more"] >= _MOST_COUNTED_MORE else MORE, problem["facts"])
    code = code_of(problem["code"])
    return say_finding(code, problem) if isinstance(code, CtfFault) else sentences.from_json(problem)
