"""`s2s up` and `s2s migrate` while their database dies and comes back."""

from unittest.mock import Mock

import pytest
from django.db import OperationalError

import s2s.__main__ as command
from s2s.machine.trouble import Trouble


@pytest.fixture
def bring(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """What brings the tables up to date; the database is there whenever it is waited for."""
    bring = Mock()
    monkeypatch.setattr(command, "_set_up", Mock())
    monkeypatch.setattr(command, "_wait_for", lambda parameters, keep: keep())
    monkeypatch.setattr(command, "_bring_up_to_date", bring)
    return bring


def test_a_database_that_dies_while_the_tables_are_brought_up_to_date_is_waited_for_and_it_is_done_again(bring: Mock) -> None:
    bring.side_effect = [OperationalError("server closed the connection"), OperationalError("terminating connection"), None]
    revive = Mock()
    command.prepare(revive)
    assert bring.call_count == revive.call_count == 3


def test_a_database_that_keeps_dying_is_said_in_a_sentence(bring: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "PATIENCE", -1)
    bring.side_effect = OperationalError("server closed the connection\n")
    with pytest.raises(Trouble, match=r"went away while its tables were brought up to date: server closed the connection$"):
        command.prepare()
