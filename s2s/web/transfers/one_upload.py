"""The files of one upload, sent or looked at one by one, and what each came to as its page has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s2s.accounts.actors import Person
from s2s.accounts.collecting import People
from s2s.rules.filenames import BadName
from s2s.rules.kinds import Kind
from s2s.transfers.refusals import NotAccepted
from s2s.transfers.results import Result
from s2s.transfers.upload import Checked, check, collectors, note_refusal, send
from s2s.words.kinds import KIND_WORDS
from s2s.words.uploads import as_json

MOST_NAMES = 30  # pupils that a page names; of a bulk CTF it says how many more


def of(kind: Kind) -> dict[str, object]:
    """What every page about files of a kind is given."""
    return {"kind": kind, "kind_words": KIND_WORDS[kind]}


@dataclass(frozen=True)
class OneUpload:
    """Who uploads, files of which kind, and who can collect them (`upload.collectors`)."""

    actor: Person
    kind: Kind
    people: Mapping[str, People]

    @classmethod
    def of(cls, actor: Person, kind: Kind, names: Iterable[str]) -> "OneUpload":
        return cls(actor, kind, collectors(names, kind))

    def send(self, name: str, content: bytes) -> Result:
        try:
            sent = send(actor=self.actor, name=name, content=content, kind=self.kind, people=self.people)
        except NotAccepted as refusal:
            return _refused(self.kind, refusal)
        transfer, result = sent.transfer, _may_be_sent(self.kind, sent.checked, name)
        result["again"], result["receipt"], result["warnings"] = sent.again, transfer.receipt, transfer.warnings
        return result

    def look_at(self, name: str, content: bytes, taken: set[str]) -> Result:
        """What would come of sending it. A file whose name alone is wrong is offered its right one, unless that is among those taken."""
        try:
            checked = check(actor=self.actor, name=name, content=content, kind=self.kind, people=self.people)
        except NotAccepted as refusal:
            note_refusal(self.actor, refusal)
            return self._offered(refusal, content, taken) or _refused(self.kind, refusal)
        return _may_be_sent(self.kind, checked, name)

    def _offered(self, refusal: NotAccepted, content: bytes, taken: set[str]) -> Result | None:
        right = next((str(one.facts.get("right") or "") for one in refusal.problems if isinstance(one, BadName)), "")
        if not right or right in taken:
            return None
        try:
            checked = check(actor=self.actor, name=right, content=content, kind=self.kind)
        except NotAccepted:
            return None  # the content disagrees: the file has to be exported again
        result = _may_be_sent(self.kind, checked, right)
        result["name"], result["accepted"], result["offered"] = refusal.name, False, right
        result["problems"] = as_json(refusal.problems)
        return result


def _refused(kind: Kind, refusal: NotAccepted) -> Result:
    return Result(name=refusal.name, accepted=False, kind=kind, problems=as_json(refusal.problems))


def _may_be_sent(kind: Kind, checked: Checked, given: str) -> Result:
    destination, pupils = checked.destination, checked.read.pupils
    return Result(
        name=str(checked.name),
        accepted=True,
        kind=kind,
        given=given,
        to=checked.name.destination.text,
        destination=destination.name if destination else "",
        destination_cy=destination.name_cy if destination else "",
        pupil_count=len(pupils),
        pupils=[f"{pupil.forename} {pupil.surname}" for pupil in pupils[:MOST_NAMES]],
        repairs=[f"Repair.{repair.name}" for repair in checked.name.repairs],
        warnings=checked.warnings,
    )
