"""When an administrator should look after a school: limits of what Home counts."""

from datetime import timedelta
from typing import Final

OLD_FILE: Final = timedelta(days=28)  # a file that waits for longer has been in four weekly reminders (4.2)
