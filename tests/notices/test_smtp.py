"""A mail server may think for long about a message, and about nothing else."""

from collections.abc import Iterator
from smtplib import SMTPServerDisconnected
from threading import Timer

import pytest
from django.core.mail import EmailMessage

from s2s.notices import smtp
from tests.crash.mail_server import MailServer
from tests.crash.site import free_port

MESSAGE = EmailMessage("subject", "text", to=["office@school.example.org"])
PATIENCE = 0.2  # seconds for every answer but the one to a message


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer(free_port())
    server.start()
    yield server
    server.close()


@pytest.fixture
def line(server: MailServer) -> Iterator[smtp.Backend]:
    line = smtp.Backend(host="127.0.0.1", port=server.port, timeout=PATIENCE)
    yield line
    line.close()


def test_nobody_hangs_up_while_the_mail_server_thinks_about_a_message(line: smtp.Backend, server: MailServer) -> None:
    server.slow_after.shut()
    Timer(PATIENCE * 4, server.slow_after.open).start()
    line.send_messages([MESSAGE])
    assert len(server.letters) == 1


def test_any_other_answer_is_not_waited_for_so_long(line: smtp.Backend, server: MailServer) -> None:
    server.slow_before.shut()
    with pytest.raises(SMTPServerDisconnected, match="timed out"):
        line.send_messages([MESSAGE])


def test_after_a_message_the_patience_is_as_before(line: smtp.Backend, server: MailServer) -> None:
    line.open()
    line.send_messages([MESSAGE])
    server.slow_before.shut()
    with pytest.raises(SMTPServerDisconnected, match="timed out"):
        line.send_messages([MESSAGE])


def test_ten_minutes_as_rfc_5321_has_it() -> None:
    assert smtp.AFTER_DATA == 600


def test_the_same_with_tls_from_the_beginning() -> None:
    assert issubclass(smtp.Backend(use_ssl=True).connection_class, smtp.PatientSMTP)
