"""The demonstration's own issuer of OpenID Connect, in the place of DfE Sign-in: it vouches for whomever one chooses.

Discovery, keys, authorisation code with PKCE, end of session. Nothing is kept: a code carries, signed, what its token will say.
"""

import base64
import hashlib
import json
import secrets
import time
from typing import cast
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from s2s.accounts import queries
from s2s.accounts.models import User
from s2s.kept import kept
from s2s.web.forms import Choice, Form, Hidden
from s2s.web.page import show
from s2s.words.accounts import role

SALT = "s2s.demo.issuer"
CODE_LASTS = 60  # seconds
KEY_NAME = "demo"
ASKED = ("state", "nonce", "redirect_uri", "code_challenge")


def description(request: HttpRequest) -> HttpResponse:
    """What the issuer publishes about itself."""
    _only_here()
    return JsonResponse(
        {
            "issuer": settings.OIDC_ISSUER,
            "authorization_endpoint": _address("demo-issuer-who"),
            "token_endpoint": _address("demo-issuer-token"),
            "jwks_uri": _address("demo-issuer-keys"),
            "end_session_endpoint": _address("demo-issuer-end"),
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
    )


def keys(request: HttpRequest) -> HttpResponse:
    _only_here()
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key().public_key()))
    return JsonResponse({"keys": [{**public, "kid": KEY_NAME, "use": "sig", "alg": "RS256"}]})


def who(request: HttpRequest) -> HttpResponse:
    """Choose somebody of the demonstration; no password, since everybody's is on the screen."""
    _only_here()
    asked = {name: (request.POST or request.GET).get(name, "") for name in ASKED}
    if asked["redirect_uri"] != settings.SITE_URL + reverse("dfe-sign-in-back"):
        raise Http404
    people = {person.username: person for person in queries.people_to_vouch_for()}
    form = Who(request, asked)
    form.fields["person"].choices = [(name, _line(person)) for name, person in people.items()]  # type: ignore[attr-defined]
    if form.is_valid():
        person = people[form.cleaned_data["person"]]
        code = signing.dumps(asked | {"sub": f"demo-{person.username}", "email": person.email}, salt=SALT)
        return HttpResponseRedirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
    title = _("Who should %(name)s vouch for?") % {"name": settings.OIDC_NAME}
    return show(request, "demo/who.html", {"name": settings.OIDC_NAME}, form, title=title)


class Who(Form):
    person = Choice(gettext_lazy("Person"), required=True)
    state, nonce, redirect_uri, code_challenge = Hidden(), Hidden(), Hidden(), Hidden()


def _line(person: User) -> str:
    return f"{person.username} – {role(person.role)}, {person.organisation.local_name}"


@csrf_exempt  # asked by the site and no browser: the client's secret and the code are the proof
def token(request: HttpRequest) -> HttpResponse:
    _only_here()
    try:
        said = signing.loads(request.POST.get("code", ""), salt=SALT, max_age=CODE_LASTS)
    except signing.BadSignature:
        said = None
    if said is None or not _is_proved(request, said) or not cache.add(f"s2s:demo:{said['nonce']}", 1, CODE_LASTS):
        return JsonResponse({"error": "invalid_grant"}, status=400)
    now = int(time.time())
    claims = {"iss": settings.OIDC_ISSUER, "aud": settings.OIDC_CLIENT, "iat": now, "exp": now + 300, "nonce": said["nonce"]}
    claims |= {"sub": said["sub"], "email": said["email"], "email_verified": True}
    id_token = jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": KEY_NAME})
    return JsonResponse({"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": id_token})


def end(request: HttpRequest) -> HttpResponse:
    """It has no session of its own to end: straight back."""
    _only_here()
    return HttpResponseRedirect(reverse("finished"))


def _is_proved(request: HttpRequest, said: dict[str, str]) -> bool:
    """The client with its secret, the address, and the proof of PKCE."""
    client = (request.POST.get("client_id"), request.POST.get("client_secret"), request.POST.get("redirect_uri"))
    proof = base64.urlsafe_b64encode(hashlib.sha256(request.POST.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
    return client == (settings.OIDC_CLIENT, settings.OIDC_SECRET, said["redirect_uri"]) and proof == said["code_challenge"]


def _only_here() -> None:
    if not settings.DEMO or settings.OIDC_ISSUER != settings.DEMO_ISSUER:
        raise Http404


def _address(name: str) -> str:
    return str(settings.SITE_URL) + reverse(name)


def _key() -> rsa.RSAPrivateKey:
    """One for all processes, made at first use."""
    written = kept(settings.KEYS / "demo-issuer.pem", _new_key)
    return cast(rsa.RSAPrivateKey, serialization.load_pem_private_key(written, password=None))


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
