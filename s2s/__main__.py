"""The command `s2s`: starts the site and looks after it.

Without DATABASE_URL every command uses the site's own PostgreSQL: the one that runs, or one that runs for as long as the command does.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import psycopg
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from s2s.kept import KeyMissing
from s2s.machine import postgres, serve
from s2s.machine.trouble import SET_UP_WRONGLY, Trouble

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0  # seconds for a database that starts at the same time as we do
LEAVING = 10.0  # seconds for what is left of a site whose supervisor was killed
LIMIT = "S2S_STATEMENT_TIMEOUT"
MIGRATING = 6_812_049  # the number of the lock that lets one process at a time change the tables


class PlainWords(TyperGroup):
    """Trouble is told in a sentence on standard error; a traceback is for faults of ours."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (Trouble, KeyMissing) as trouble:
            say(str(trouble))
            raise typer.Exit(trouble.status if isinstance(trouble, Trouble) else 1) from None


app = typer.Typer(cls=PlainWords, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


audit = typer.Typer(no_args_is_help=True, help="The audit trail.")
app.add_typer(audit, name="audit")
mail = typer.Typer(invoke_without_command=True, help="The e-mails that are not sent: how many, and why.")
app.add_typer(mail, name="mail")


@app.callback()
def main() -> None:
    """The secure transfer site of the Common Transfer System."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s.settings")
    signal.signal(signal.SIGTERM, _leave)


@app.command()
def up() -> None:
    """Start everything: the database if there is none, the tables, the web server and the worker. Ctrl-C stops it."""
    host, port = _place()
    serve.check_port(host, port, patience=LEAVING)
    with database() as keep:
        prepare(keep)
        _serve([serve.web(os.environ, host=host, port=port), serve.worker(os.environ), serve.postman()], announce=_announce, tend=keep)


@app.command()
def web() -> None:
    """Start the web server alone (S2S_BIND, PORT, S2S_WEB_PROCESSES, S2S_WEB_THREADS)."""
    host, port = _place()
    serve.check_port(host, port, patience=LEAVING)
    _alone(serve.web(os.environ, host=host, port=port))


@app.command()
def worker() -> None:
    """Start a worker alone: e-mails, seals, reminders, sweeping (S2S_WORKER_JOBS, S2S_MAIL_LINES)."""
    with database() as keep:
        _check_purpose()
        _serve([serve.worker(os.environ), serve.postman()], announce=lambda: None, tend=keep)


@app.command()
def postman() -> None:
    """Start the part of a worker alone that sends e-mails (S2S_MAIL_LINES); `s2s worker` and `s2s up` start it too."""
    import django

    lines = os.environ.get("S2S_MAIL_LINES") or "4"
    if lines.isdigit():
        os.environ["S2S_POOL"] = str(max(1, int(lines)) + 1)  # each line keeps its connection while it sends, and errands need one
    django.setup()
    from s2s.upkeep import postman

    postman.work()


@app.command()
def migrate() -> None:
    """Bring the tables up to date."""
    with database() as keep:
        prepare(keep)


@app.command()
def administrator(
    username: Annotated[str, typer.Argument(help="letters and digits, such as wgadmin1")],
    name: Annotated[str, typer.Argument(help="the full name, in quotation marks")],
    email: Annotated[str, typer.Argument(help="not at a personal e-mail domain")],
) -> None:
    """Set up the national administrator of a site that has none, and all local authorities; prints their link."""
    with ready():
        _end(console().set_up_administrator(username, name, email))


@audit.command("verify")
def verify_trail(
    since: Annotated[str, typer.Option(help="verify from here on: a place in the chain noted down earlier, such as 158:987c…")] = "",
    reaching: Annotated[str, typer.Option(help="a place noted down earlier, which must still be in the chain")] = "",
) -> None:
    """Verify the audit trail; names the first bad row."""
    with ready():
        _end(console().verify_audit_trail(since=since, reaching=reaching))


@audit.command("acknowledge")
def acknowledge_trail(why: Annotated[str, typer.Argument(help="what has happened, in quotation marks; it goes on the trail")]) -> None:
    """Go on after a restored backup, which ends before what is noted beside the keys."""
    with ready():
        _end(console().acknowledge_audit_trail(why))


@mail.callback()
def mail_state(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        with ready():
            console().show_mail()


@mail.command("retry")
def retry_mail(
    refused: Annotated[bool, typer.Option("--refused", help="also what the mail server refused for good")] = False,
) -> None:
    """Try again at once what waits, and what could not be written."""
    with ready():
        console().retry_mail(refused=refused)


@app.command("import-schools")
def import_schools(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="the Welsh address list or GIAS's edubasealldata, as CSV")],
    close_many: Annotated[bool, typer.Option(help="yes, it is right that it closes so many schools")] = False,
) -> None:
    """Take in an official list of schools: adds, corrects and closes."""
    with ready():
        _end(console().take_in_schools(file, close_many=close_many))


@app.command("rotate-keys")
def rotate_keys(
    new: Annotated[bool, typer.Option(help="make a new key first; without it, go on to the newest there is")] = True,
) -> None:
    """Encrypt all stored files to a new key. May be stopped and started again (with --no-new)."""
    with ready():
        _end(console().rotate_keys(make_new=new))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def manage(context: typer.Context) -> None:
    """Run a management command of Django's: s2s manage shell."""
    from django.core.management import execute_from_command_line

    with database():
        _check_purpose()
        os.environ.setdefault(LIMIT, "0")
        execute_from_command_line(["s2s manage", *context.args])


@contextmanager
def database() -> Iterator[Callable[[], None]]:
    """DATABASE_URL is set meanwhile; what it gives is to be called now and then, to start our own database again if it should die."""
    if os.environ.get("DATABASE_URL"):
        yield lambda: None
        return
    with postgres.borrow(_data()) as address:
        os.environ["DATABASE_URL"] = address
        try:
            revival = serve.Revival(lambda: postgres.revive(_data()))
            yield lambda: revival.tend(say)
        finally:
            del os.environ["DATABASE_URL"]


@contextmanager
def ready() -> Iterator[None]:
    """Wait for the database and set up Django."""
    with database():
        _set_up()
        _check_tables()
        yield


def _check_tables() -> None:
    """Raises Trouble when tables and code are of different versions, or the database is not of this site's kind."""
    from django.db import connection

    from s2s.upkeep import watch

    _wait_for(connection.get_connection_params())
    watch.check(PATIENCE)


def _check_purpose() -> None:
    """Raises Trouble when the database is a demonstration's and we are not, or the other way round."""
    _set_up()
    from s2s.upkeep import watch

    watch.check_purpose()


def console() -> Any:
    """The console's part of the site, which can be imported only once Django is set up."""
    from s2s.upkeep import console

    return console


def _end(well: bool) -> None:
    if not well:
        raise SystemExit(1)


def prepare(keep: Callable[[], None] = lambda: None) -> None:
    """The tables are up to date; in a demonstration there are people and files in them. Begun again if the database dies meanwhile.

    `keep` is called now and then, as `database` gives it. Raises Trouble.
    """
    _set_up()
    from django.db import InterfaceError, OperationalError, connection

    deadline = time.monotonic() + PATIENCE
    while True:
        _wait_for(connection.get_connection_params(), keep)
        try:
            return _bring_up_to_date()
        except (OperationalError, InterfaceError, psycopg.OperationalError) as error:
            if time.monotonic() > deadline:
                raise Trouble(f"The database went away while its tables were brought up to date: {str(error).strip()}") from None
        finally:
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]


def _bring_up_to_date() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    call_command("check", stdout=StringIO())  # a fault of ours is seen here, once, and not in every process
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if settings.DEMO:
            _load_demonstration()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
    _check_tables()


def _set_up() -> None:
    """Django is ready. What is done at the console may take its time; the processes that we start have limits of their own."""
    import django

    given = os.environ.get(LIMIT)
    os.environ[LIMIT] = given or "0"
    django.setup()
    if given is None:
        del os.environ[LIMIT]


def say(words: str) -> None:
    with suppress(OSError):  # whoever read it has gone; the site goes on
        typer.echo(words, err=True)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Let SIGTERM end a command as Ctrl-C does, so that it stops what it started."""
    raise SystemExit(128 + number)


def _data() -> Path:
    return Path(os.environ.get("S2S_DATA") or PROJECT / ".s2s")


def _place() -> tuple[str, int]:
    port = os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Trouble(f"PORT is {port!r}: it must be a number from 1 to 65535.")
    return os.environ.get("S2S_BIND", "127.0.0.1"), int(port)


def _wait_for(parameters: dict[str, Any], keep: Callable[[], None] = lambda: None) -> None:
    """Wait until the database answers. Raises Trouble with the reason when it does not in time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        keep()
        try:
            psycopg.connect(**parameters | {"connect_timeout": 5}).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise Trouble(f"The database of DATABASE_URL does not answer: {str(error).strip()}") from None
            time.sleep(0.5)
        else:
            return


def _alone(process: serve.Process) -> None:
    """Run this one process in place of ours; with a database of our own we stay, to stop it in the end."""
    if os.environ.get("DATABASE_URL"):
        _check_purpose()
        os.execv(process.command[0], list(process.command))  # noqa: S606 - our own program, no shell
    with database() as keep:
        _check_purpose()
        _serve([process], announce=lambda: None, tend=keep)


def _serve(processes: list[serve.Process], *, announce: Callable[[], None], tend: Callable[[], None]) -> None:
    host, port = _place()
    called = os.environ.get("S2S_HOSTS", "127.0.0.1").split(",")[0]
    has_web = any(process.name == "web" for process in processes)

    def ready() -> bool:
        return not has_web or serve.answers(host, port, called=called)

    serve.supervise(processes, ready=ready, announce=announce, tend=tend, say=say)


def _announce() -> None:
    from django.conf import settings

    if settings.DEMO:
        _introduce_demonstration(settings.DEMO_PASSWORD)
    say(f"The site is up: {settings.SITE_URL}/  (Ctrl-C stops it)")


def _load_demonstration() -> None:
    from s2s.demo import data

    try:
        data.load()
    except data.NotADemonstration as refusal:
        words = f"{refusal} Set S2S_DEMO=0, or choose another S2S_DATA for the demonstration."
        raise Trouble(words, status=SET_UP_WRONGLY) from None


def _introduce_demonstration(password: str) -> None:
    from s2s.demo import data

    people = Table("user name", "role", "organisation", title=f"Everybody's password: {password}", title_justify="left", box=SIMPLE)
    for person in data.people_table():
        people.add_row(*person)
    Console(stderr=True).print(people)


if __name__ == "__main__":
    sys.exit(app(prog_name="s2s"))
