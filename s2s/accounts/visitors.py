"""Where a visitor comes from, for every door: pages, API, sign-in."""

import logging
import re
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest

log = logging.getLogger(__name__)
WITH_PORT: Final = re.compile(r"\[(?P<six>[0-9A-Fa-f:.]+)\](:\d+)?|(?P<four>[0-9.]+):\d+")


def visitor(request: HttpRequest) -> str:
    """The visitor's network address: what the connection says, or the last entry of the proxy in front when it is trusted."""
    said = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXY:
        said = str(request.META.get("HTTP_X_FORWARDED_FOR", said)).rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(_without_port(said)))
    except ValueError:
        log.error("a visitor's network address cannot be read (%r), so all such visitors count as one: see to the proxy", said[:80])  # noqa: TRY400
        return ""


def _without_port(said: str) -> str:
    """Some proxies append the port: 192.0.2.7:4242, [2001:db8::7]:4242."""
    found = WITH_PORT.fullmatch(said)
    return (found["six"] or found["four"]) if found else said
