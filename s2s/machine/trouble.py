"""What the machine says when it cannot go on."""

SET_UP_WRONGLY = 78  # the status of a fault of configuration (sysexits.h): to start again does not help


class Trouble(Exception):
    """The site cannot be served or its database cannot be had; the message says why and what helps."""

    def __init__(self, words: str, *, status: int = 1) -> None:
        """`status` is what the command ends with."""
        super().__init__(words)
        self.status = status
