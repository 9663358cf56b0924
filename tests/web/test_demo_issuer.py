"""The issuer that the demonstration plays proves its callers as a real one does, and is nowhere else."""

import base64
import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
BACK = f"{SITE}/sign-in/dfe/back"
VERIFIER = "what only the site knows"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {"state": "s", "nonce": "n", "redirect_uri": BACK, "code_challenge": CHALLENGE, "person": "681leadba"}
RIGHT = {"client_id": "s2s", "client_secret": "demo", "redirect_uri": BACK, "code_verifier": VERIFIER}


@pytest.fixture
def issuer(cast: Cast, settings: object, tmp_path: Path) -> str:
    changes = {"DEMO": True, "SITE_URL": SITE, "KEYS": tmp_path, "OIDC_CLIENT": "s2s", "OIDC_SECRET": "demo"}
    for name, value in (changes | dict.fromkeys(("DEMO_ISSUER", "OIDC_ISSUER"), f"{SITE}/demo/issuer")).items():
        setattr(settings, name, value)
    cast.person("LEA_DBA", "681")
    return f"{SITE}/demo/issuer"


def a_code() -> str:
    answer = Client().post("/demo/issuer/who", ASKED)
    return parse_qs(urlsplit(answer["Location"]).query)["code"][0]


def test_a_code_with_its_proof_gives_a_token_once(issuer: str) -> None:
    proof = RIGHT | {"code": a_code()}
    token = Client().post("/demo/issuer/token", proof).json()["id_token"]
    [key] = Client().get("/demo/issuer/keys").json()["keys"]
    public = jwt.algorithms.RSAAlgorithm.from_jwk(json.dumps(key))
    said = jwt.decode(token, public, algorithms=["RS256"], audience="s2s", issuer=issuer)  # type: ignore[arg-type]
    assert (said["sub"], said["nonce"], said["email_verified"]) == ("demo-681leadba", "n", True)
    assert Client().post("/demo/issuer/token", proof).status_code == 400


@pytest.mark.parametrize("wrong", ["client_id", "client_secret", "redirect_uri", "code_verifier", "code"])
def test_without_one_part_of_the_proof_there_is_no_token(issuer: str, wrong: str) -> None:
    answer = Client().post("/demo/issuer/token", RIGHT | {"code": a_code()} | {wrong: "wrong"})
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_it_sends_nobody_elsewhere(issuer: str) -> None:
    elsewhere = ASKED | {"redirect_uri": "https://evil.example/"}
    assert Client().post("/demo/issuer/who", elsewhere).status_code == 404


@pytest.mark.parametrize("path", [".well-known/openid-configuration", "keys", "who", "end"])
def test_a_site_in_earnest_has_none(issuer: str, settings: object, path: str) -> None:
    assert Client().get(f"/demo/issuer/{path}", ASKED).status_code in {200, 302}
    settings.DEMO = False  # type: ignore[attr-defined]
    assert Client().get(f"/demo/issuer/{path}", ASKED).status_code == 404
