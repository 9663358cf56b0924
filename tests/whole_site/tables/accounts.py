"""Signing in, and the own account."""

from tests.whole_site.tables.people import ALL

WHO = {
    "sign-in": None,
    "finished": None,
    "second-step": None,
    "dfe-sign-in": None,
    "dfe-sign-in-back": None,
    "forgotten-password": None,
    "link": None,
    "session-extend": ALL,
    "new-password": ALL,
    "change-password": ALL,
    "security": ALL,
    "authenticator-app": ALL,
    "passkey": ALL,
    "recovery-codes": ALL,
    "remove-factor": ALL,
    "end-sessions": ALL,
    "connection": ALL,
    "link-needed": ALL,
    "log-off": ALL,
}

OF_ONE_THING: set[str] = set()
