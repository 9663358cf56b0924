"""What every answer carries and what no request may exceed."""

import logging
import re
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

MAX_REQUEST = 100 * 1_048_576  # bytes of one request: some files at once, each with its own limit

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}

Answer = Callable[[HttpRequest], HttpResponse]


class Headers:
    """The exact set of security headers, on every answer, errors included; nothing but static files may be cached."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response


def visitor(request: HttpRequest) -> str:
    """The visitor's network address: what the connection says, or the proxy in front when it is trusted."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXY:
        address = str(request.META.get("HTTP_X_FORWARDED_FOR", address)).rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return ""


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"


class NoSecrets(logging.Filter):
    """The secrets of one-time links stand in their addresses, which Django logs when it answers with an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/link/" in said:
            record.msg, record.args = SECRET.sub(r"\1…", said), ()
        return True


SECRET = re.compile(r"(/link/[^/\s]*/)\S+")
