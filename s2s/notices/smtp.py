"""How s2s talks to the mail server, and what it makes of a refusal."""

import re
import smtplib
from enum import Enum, auto
from typing import TYPE_CHECKING

from django.core.mail.backends import smtp

if TYPE_CHECKING:
    from typing_extensions import Buffer

AFTER_DATA = 600.0  # seconds: a server may think so long about a message; whoever hangs up sooner sends it twice (RFC 5321, 4.5.3.2.6)
ENHANCED = re.compile(rb"\s*(\d\.\d{1,3}\.\d{1,3})\b")  # RFC 3463


class Verdict(Enum):
    FOR_GOOD = auto()  # it will never be taken there
    NOT_NOW = auto()


def verdict(error: Exception) -> tuple[Verdict, str]:
    """What this failure of one e-mail means, and its code: '550 5.1.1', or the name of the error where the server said none."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
        case smtplib.SMTPDataError():
            code, said = error.smtp_code, _bytes(error.smtp_error)
        case smtplib.SMTPResponseException():  # of the sender or of us, so not the recipient's fault
            return Verdict.NOT_NOW, _code(error.smtp_code, _bytes(error.smtp_error))
        case _:
            return Verdict.NOT_NOW, type(error).__name__
    return (Verdict.FOR_GOOD if 500 <= code < 600 else Verdict.NOT_NOW), _code(code, said)


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _code(code: int, said: bytes) -> str:
    """The server's code without its words, which may repeat anything."""
    enhanced = ENHANCED.match(said)
    return f"{code} {enhanced[1].decode()}" if enhanced else str(code)


class PatientSMTP(smtplib.SMTP):
    """An SMTP client that waits long for the answer to a message, and as long as usual for any other."""

    def data(self, msg: "Buffer | str") -> tuple[int, bytes]:
        self._wait(AFTER_DATA)
        try:
            return super().data(msg)
        finally:
            self._wait(self.timeout)

    def _wait(self, seconds: float) -> None:
        if self.sock:
            self.sock.settimeout(seconds)


class PatientSMTPS(PatientSMTP, smtplib.SMTP_SSL):
    pass


class Backend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return PatientSMTPS if self.use_ssl else PatientSMTP
