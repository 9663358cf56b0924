"""What django-allauth asks this site: who is calling, and how to talk to an issuer. We use none of its pages and e-mails."""

from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from s2s.accounts.visitors import visitor

PATIENCE = 5  # seconds an issuer may take to answer
UNKNOWN_ADDRESS = "::"


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    def get_client_ip(self, request: HttpRequest) -> str:
        return visitor(request) or UNKNOWN_ADDRESS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator sets people up (3.3)."""
        return False


class Issuers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def get_requests_session(self) -> requests.Session:
        return OnlyToTheIssuer()


class OnlyToTheIssuer(requests.Session):
    """Asks the issuer of the settings and nobody else, whatever its answers name; follows no redirection."""

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        if not is_of_issuer(str(url)):
            raise requests.exceptions.InvalidURL("not an address of the issuer")
        return super().request(method, url, *args, **more | {"timeout": PATIENCE, "allow_redirects": False})


def is_of_issuer(url: str) -> bool:
    """Whether scheme, host and port are the issuer's."""
    return bool(settings.OIDC_ISSUER) and urlsplit(url)[:2] == urlsplit(settings.OIDC_ISSUER)[:2]
