"""What an operator does at the console, with the answers in plain words."""

from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from s2s.accounts.actors import Site
from s2s.administration import first_administrator
from s2s.administration.first_administrator import FirstRefused
from s2s.audit import chain, noted
from s2s.audit.chain import NothingToAcknowledge
from s2s.audit.noted import START, NoHead
from s2s.audit.verify import Finding, Wrong, verify
from s2s.notices import outbox
from s2s.notices.models import State
from s2s.organisations.import_schools import Summary, import_schools
from s2s.organisations.school_lists import ListFault, ListRefused
from s2s.rules.refusals import NotSaved
from s2s.transfers import keys
from s2s.transfers.keys import NotInUse
from s2s.transfers.rotate import Progress, StillWriting, rotate
from s2s.words import organisations, say

out = Console(soft_wrap=True)

RESTORED = "If you have restored a backup, say so: s2s audit acknowledge 'why'. If nobody has, the end was cut off."
FINDINGS = {
    Wrong.CHANGED: "it was changed.",
    Wrong.MISSING: "it is missing.",
    Wrong.MOVED: "the chain is broken here: an entry was dropped, added or moved.",
    Wrong.TWICE: "it is there twice.",
    Wrong.ADDED: "it was changed, or added by hand, before it was sealed.",
    Wrong.CUT: "audit.head, beside the keys, says that there were {position} entries, and the trail no longer contains the last of them. "
    + RESTORED,
    Wrong.NO_NOTE: "audit.head, beside the keys, cannot be read.",
    Wrong.NOT_REACHED: "It does not contain what was noted down as number {position}. " + RESTORED,
    Wrong.EMPTIED: "It is empty, although audit.key has been made: it was emptied, or nobody has used this site yet.",
}


def set_up_administrator(username: str, name: str, email: str) -> bool:
    """Set up the first national administrator, and show the link that is theirs."""
    try:
        path, until = first_administrator.set_up(by=Site("console"), username=username, name=name, email=email)
    except FirstRefused as refusal:
        out.print(say(refusal).whole, style="red")
        return False
    except NotSaved as refusal:
        for problem in refusal.problems:
            out.print(say(problem).whole, style="red")
        return False
    out.print(f"{username} is the national administrator. Give them the user name, and by another way this link to choose a password by.")
    out.print(f"{settings.SITE_URL}{path}", soft_wrap=True)
    out.print(f"It works once, until {timezone.localtime(until):%d %B %Y, %H:%M}.")
    return True


def verify_audit_trail(*, since: str, reaching: str) -> bool:
    """Verify everything, or what came after a place noted down, and say what was found; then seal what is not yet sealed."""
    try:
        from_there, to_be_there = (noted.parse(text) if text else None for text in (since, reaching))
    except NoHead as odd:
        out.print(f"“{odd}” is no place in the chain. Give all of what was noted down, such as 158:987c3f…", style="red")
        return False
    if finding := verify(since=from_there or START, reaching=to_be_there):
        out.print(f"The audit trail is NOT sound. {_found(finding)}", style="bold red")
        return False
    chain.seal()
    end = chain.head()
    checked = f"{end.position - from_there.position} entries after {from_there.position}" if from_there else f"{end.position} entries"
    out.print(f"The audit trail is sound: {checked}.\nNote this down elsewhere, to be asked for next time: {end}")
    return True


def _found(finding: Finding) -> str:
    where = f"First bad row: entry {finding.entry}" if finding.entry else ""
    place = f" (number {finding.position} in the chain)" if finding.entry and finding.position else ""
    return f"{where}{place}{': ' if where else ''}{FINDINGS[finding.wrong].format(position=finding.position)}"


def acknowledge_audit_trail(why: str) -> bool:
    """Go on after a restored backup: what is noted beside the keys gives way to what the database has, and the trail says so."""
    if (finding := verify(is_noted=False)) and finding.wrong is not Wrong.EMPTIED:
        out.print(f"The audit trail is not sound, apart from where it ends. {_found(finding)}", style="bold red")
        return False
    try:
        chain.acknowledge(by=Site("console"), why=why)
    except NothingToAcknowledge:
        out.print("There is nothing to acknowledge: the trail contains what is noted beside the keys.", style="red")
        return False
    out.print(f"It is on the audit trail, which goes on from here. Note this down elsewhere: {chain.head()}")
    return True


def take_in_schools(file: Path, *, close_many: bool) -> bool:
    """Import an official list of schools, with a bar; says what changed or why nothing did."""
    try:
        with _bar() as bar:
            task = bar.add_task("schools", total=None)
            summary = import_schools(
                by=Site("console"),
                content=file.read_bytes(),
                close_many=close_many,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except ListRefused as refusal:
        out.print(f"{file.name} was not taken in; nothing has changed. {say(refusal).whole}", style="red")
        if refusal.code is ListFault.CLOSES_MANY:
            out.print("The option --close-many says that the list is complete.")
        return False
    _tell(summary)
    return True


def _tell(summary: Summary) -> None:
    counts = ("created", "updated", "unchanged", "closed", "reopened")
    out.print(f"{summary.name}: " + ", ".join(f"{getattr(summary, count)} {count}" for count in counts) + ".")
    if summary.kept_open:
        out.print(f"{summary.kept_open} schools are missing from the list but stay open, because lines of it cannot be read.")
    for skipped in summary.skipped:
        out.print(f"  line {skipped.line} {skipped.number} was passed over: {organisations.skipped(skipped.fault)}")


def rotate_keys(*, make_new: bool) -> bool:
    """Encrypt everything stored to the newest key, saying how far it is."""
    try:
        if make_new:
            keys.new_key()
        progress = _rotate()
    except (NotInUse, StillWriting) as trouble:
        out.print(f"{trouble}", style="bold red")
        return False
    if progress.left:
        out.print(
            f"{progress.left} files do not open and were left as they are: the log names them. Keep all older keys.", style="bold red"
        )
        return False
    out.print("Everything stored is encrypted to the newest key. Older keys may go once no backup needs them.")
    return True


def _rotate() -> Progress:
    """Closed at once when it is broken off, so that what was done until then is on the audit trail."""
    with _bar() as bar, closing(rotate(by=Site("console"))) as steps:
        task = bar.add_task("files", total=None)
        for progress in steps:
            bar.update(task, completed=progress.done + progress.left, total=progress.of)
    return progress


def show_mail() -> None:
    """What is not sent, by state and by what the mail server answered."""
    table = Table("e-mails", "state", "last answer", "the oldest since", box=SIMPLE)
    for group in outbox.groups():
        table.add_row(str(group.number), group.state, group.fault or "not tried yet", f"{timezone.localtime(group.oldest):%d %B %Y, %H:%M}")
    if table.row_count:
        out.print(table)
    else:
        out.print("Every e-mail has been sent.")


def retry_mail(*, refused: bool) -> None:
    """Let everything that waits go out now, and what was given up too where it is asked for."""
    again = outbox.retry(State.WAITING) + outbox.retry(State.UNWRITTEN, *([State.REFUSED] if refused else []))
    out.print(f"{again} e-mails are tried again now.")


def _bar() -> Bar:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Bar(*columns, console=Console(stderr=True))
