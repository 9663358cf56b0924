"""OpenID Connect with the issuer of the settings, by django-allauth: authorisation code with PKCE and state.

Ours are the nonce, the check of every token's signature (RS256), and that nothing but the issuer's own addresses is ever asked.
"""

import secrets
from typing import Any

import jwt
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from requests import RequestException

from s2s.accounts.dfe_sign_in import Identity
from s2s.web.accounts.adapters import OnlyToTheIssuer, is_of_issuer
from s2s.web.page import show

LEAVING = "outside_session"  # what the issuer has to be told at log off
_FAULTS = (OAuth2Error, RequestException, jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError)  # of an answer of any shape


class Trouble(Exception):
    """The issuer does not answer, or its answer is not to be believed."""


def is_offered() -> bool:
    return bool(settings.OIDC_ISSUER)


def send_there(request: HttpRequest, *, why: str, next_page: str = "") -> HttpResponse:
    """Lead the browser to the issuer's own page; `why` and `next_page` come back with the answer. Raises Trouble."""
    nonce = secrets.token_urlsafe(32)
    try:
        provider = Issuer(request).get_provider()
        response = provider.redirect(request, why, next_url=next_page, auth_params={"nonce": nonce}, nonce=nonce)
    except _FAULTS as error:
        raise Trouble from error
    return onwards(request, str(response["Location"]))


def onwards(request: HttpRequest, url: str) -> HttpResponse:
    """A page that leads to the issuer by itself: our policy lets no form end anywhere but here, not even by a redirection."""
    title = _("Continue to %(name)s") % {"name": settings.OIDC_NAME}
    return show(request, "accounts/onwards.html", {"onward": url}, title=title)


def take_answer(request: HttpRequest) -> tuple[Identity, dict[str, Any]]:
    """The identity that the issuer vouches for, and what we kept when we sent them there. Raises Trouble."""
    state = statekit.unstash_state(request, state_id=request.GET.get("state", ""), provider_id=settings.OIDC_ISSUER)
    if state is None or "code" not in request.GET:
        raise Trouble
    try:
        return Issuer(request).identity(state), state
    except _FAULTS as error:
        raise Trouble from error


def way_out(request: HttpRequest) -> str:
    """Where the issuer ends its own session too; '' for somebody who did not come through it, or when it offers no such page."""
    leaving = request.session.get(LEAVING)
    if not leaving or not is_of_issuer(leaving["at"]):
        return ""
    asks = {"id_token_hint": leaving["token"], "post_logout_redirect_uri": settings.SITE_URL + reverse("finished")}
    return f"{leaving['at']}?{urlencode(asks)}"


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    pkce_enabled_default = True

    def get_oauth2_adapter(self, request: HttpRequest) -> "Issuer":
        return Issuer(request)

    def get_scope(self) -> list[str]:
        return ["openid", "email"]


class Issuer(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, settings.OIDC_ISSUER)

    def get_provider(self) -> Provider:
        app = SocialApp(
            provider="openid_connect",
            provider_id=settings.OIDC_ISSUER,
            name=settings.OIDC_NAME,
            client_id=settings.OIDC_CLIENT,
            secret=settings.OIDC_SECRET,
            settings={"server_url": settings.OIDC_ISSUER.rstrip("/")},
        )
        return Provider(self.request, app=app)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return settings.SITE_URL + reverse("dfe-sign-in-back")

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the issuer publishes about itself. Its name must be that of the settings, and all its addresses its own."""
        config: dict[str, Any] = super().openid_config
        addresses = [value for name, value in config.items() if name.endswith(("_endpoint", "jwks_uri"))]
        if config["issuer"] != settings.OIDC_ISSUER or not all(is_of_issuer(str(address)) for address in addresses):
            raise OAuth2Error("the issuer's description names another one")
        return config

    def identity(self, state: dict[str, Any]) -> Identity:
        app = self.get_provider().app
        client = self.get_client(self.request, app)
        answer = self.get_access_token_data(self.request, app, client, pkce_code_verifier=state["pkce_code_verifier"])
        claims = self._claims(answer["id_token"], state["nonce"])
        if end := self.openid_config.get("end_session_endpoint"):
            state["leaving"] = {"at": end, "token": answer["id_token"]}
        email = claims if "email" in claims else self._more_about(claims["sub"], answer["access_token"])
        verified = email.get("email_verified") is True
        return Identity(claims["iss"], claims["sub"], str(email.get("email", "")) if verified else "")

    def _key(self, called: str) -> jwt.PyJWK:
        """The issuer's key of this name, as its own address gives it out now."""
        with OnlyToTheIssuer() as session:
            answer = session.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        return jwt.PyJWKSet.from_dict(answer.json())[called]

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """What the token says, once its signature, issuer, audience, time and nonce are right."""
        key = self._key(str(jwt.get_unverified_header(token)["kid"]))
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            issuer=settings.OIDC_ISSUER,
            audience=settings.OIDC_CLIENT,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            leeway=60,
        )
        if not secrets.compare_digest(str(claims["nonce"]), nonce):
            raise OAuth2Error("the token answers another question")
        return claims

    def _more_about(self, subject: str, access_token: str) -> dict[str, Any]:
        """The e-mail address, which DfE Sign-in gives at its userinfo address only."""
        if "userinfo_endpoint" not in self.openid_config:
            return {}
        found: dict[str, Any] = self._fetch_user_info(access_token)
        return found if found.get("sub") == subject else {}
