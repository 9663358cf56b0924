"""What the machine says when it cannot go on."""


class Trouble(Exception):
    """The site cannot be served or its database cannot be had; the message says why and what helps."""
