"""When somebody should look after a school or a file: limits of what Home counts."""

from datetime import timedelta
from typing import Final

OLD_FILE: Final = timedelta(days=28)  # a file that waits for longer has been in four weekly reminders (4.2)
REJECTED_LATELY: Final = timedelta(days=30)  # for so long a rejection stands on its sender's Home
YEARLY: Final = timedelta(days=365)  # since the last audit of users began: another is due (1.6)
