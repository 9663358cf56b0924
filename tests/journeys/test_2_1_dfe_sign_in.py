"""Signing in through DfE Sign-in: as somebody who is already here, or not at all (2.1)."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from s2s.accounts.models import User
from s2s.audit.models import Action, Entry
from s2s.web.accounts.adapters import OnlyToTheIssuer
from tests.cast import PASSWORD, Cast
from tests.issuer import CLIENT, OTHER_KEY, SECRET, Issuer, issuer, signed
from tests.journeys.doors import mails, text
from tests.journeys.test_2_1_second_factor import set_up

pytestmark = pytest.mark.django_db

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def dfe(settings: object, caplog: pytest.LogCaptureFixture) -> Iterator[Issuer]:
    with issuer() as server:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT, settings.OIDC_SECRET = server.address, CLIENT, SECRET  # type: ignore[attr-defined]
        yield server


def way_out(answer: object) -> str:
    """Where a page leads the browser by itself."""
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())  # type: ignore[attr-defined]
    assert found, answer.content.decode()  # type: ignore[attr-defined]
    return unescape(found.group(1))


def to_issuer(client: Client, next_page: str = "") -> str:
    """Press the button; the issuer lets the person in and sends them back to this address."""
    return and_back(way_out(client.post("/sign-in/dfe", {"next": next_page})))


def and_back(address: str) -> str:
    return requests.get(address, allow_redirects=False, timeout=5).headers["Location"].removeprefix(HERE)


def enter(client: Client, next_page: str = "") -> object:
    return client.get(to_issuer(client, next_page))


def connected(person: User, dfe: Issuer, subject: str = "dfe-1") -> None:
    SocialAccount.objects.create(user=person, provider=dfe.address, uid=subject)


def test_without_an_issuer_there_is_no_trace_of_it(cast: Cast) -> None:
    assert "DfE Sign-in" not in Client().get("/sign-in").content.decode()
    assert Client().post("/sign-in/dfe").status_code == 404
    assert Client().get("/sign-in/dfe/back?code=x&state=y").status_code == 404
    client = cast.client(cast.person("SCHOOL", "6812045"))
    assert "DfE" not in client.get("/security").content.decode()
    assert client.get("/security/connection")["Location"] == "/security"


def test_a_connected_person_signs_in(cast: Cast, dfe: Issuer) -> None:
    connected(cast.person("SCHOOL", "6812045"), dfe)
    client = Client()
    assert "Sign in with DfE Sign-in" in text(client.get("/sign-in"))
    assert enter(client, "/download/ctf")["Location"] == "/download/ctf"
    assert client.get("/home").status_code == 200
    assert Entry.objects.get(action=Action.SIGNED_IN).facts["how"] == "DfE Sign-in"


def test_the_question_carries_state_nonce_and_proof(dfe: Issuer) -> None:
    asked = parse_qs(urlsplit(way_out(Client().post("/sign-in/dfe"))).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{HERE}/sign-in/dfe/back"]
    assert set(asked["scope"][0].split()) == {"openid", "email"}
    assert len(asked["nonce"][0]) >= 32
    assert len(asked["state"][0]) >= 16


def test_the_first_time_a_verified_address_of_one_active_person_connects(cast: Cast, dfe: Issuer) -> None:
    cast.school("6812045", email="office@greenway.example.org")
    person = cast.person("SCHOOL", "6812045", language="en")
    dfe.claims |= {"email": "Office@Greenway.example.org", "email_verified": True}
    assert enter(Client())["Location"] == "/home"
    account = SocialAccount.objects.get()
    assert (account.user_id, account.provider, account.uid) == (person.pk, dfe.address, "dfe-1")
    assert [notice for notice, _ in mails(person.email)] == ["security"], "and they are told"
    dfe.claims["email"] = "changed@elsewhere.example.org"
    assert enter(Client())["Location"] == "/home", "from then on the subject counts, not the address"


@pytest.mark.parametrize(
    ("claims", "people"),
    [
        ({"email": "office@example.org", "email_verified": False}, 1),
        ({"email": "office@example.org", "email_verified": "true"}, 1),
        ({"email": "office@example.org"}, 1),
        ({"email": "other@example.org", "email_verified": True}, 1),
        ({"email": "", "email_verified": True}, 1),
        ({"email": "office@example.org", "email_verified": True}, 0),
        ({"email": "office@example.org", "email_verified": True}, 2),
        ({"email": "offıce@example.org", "email_verified": True}, 1),
    ],
)
def test_unknown_people_are_told_whom_to_ask(cast: Cast, dfe: Issuer, claims: dict[str, object], people: int) -> None:
    for at in ("6812045", "6812061")[:people]:
        cast.person("SCHOOL", at, email="office@example.org")
    before = User.objects.count()
    dfe.claims = {"sub": "dfe-1"} | claims
    client = Client()
    answer = enter(client)
    assert answer.status_code == 403
    assert "LEA Administrator" in text(answer)
    assert client.get("/home").status_code == 302
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0), "nobody is made"
    assert Entry.objects.filter(action=Action.OUTSIDE_SIGN_IN_REFUSED).count() == 1


def test_a_disabled_person_does_not_come_in_this_way(cast: Cast, dfe: Issuer) -> None:
    person = cast.person("SCHOOL", "6812045")
    connected(person, dfe)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert enter(Client()).status_code == 403


def test_a_second_identity_with_the_same_address_takes_nothing_over(cast: Cast, dfe: Issuer) -> None:
    person = cast.person("SCHOOL", "6812045", email="office@example.org")
    connected(person, dfe, "dfe-of-the-owner")
    dfe.claims |= {"email": "office@example.org", "email_verified": True}
    assert enter(Client()).status_code == 403


def test_rights_come_from_here_alone(cast: Cast, dfe: Issuer) -> None:
    person = cast.person("SCHOOL", "6812045")
    connected(person, dfe)
    dfe.claims |= {"role": "NATIONAL", "roles": ["NATIONAL"], "organisation": {"id": "WG"}}
    enter(Client())
    person.refresh_from_db()
    assert (person.role, person.organisation.number) == ("SCHOOL", "6812045")


def test_a_person_connects_after_giving_the_own_password(cast: Cast, dfe: Issuer) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    assert "Connect my DfE Sign-in" in text(client.get("/security"))
    assert client.post("/security/connection", {"password": "x"}).status_code == 400
    back = and_back(way_out(client.post("/security/connection", {"password": PASSWORD})))
    assert client.get(back)["Location"] == "/security"
    assert "Your account is connected" in text(client.get("/security"))
    assert enter(Client())["Location"] == "/home"
    client.post("/security/connection", {"password": PASSWORD})
    assert enter(Client()).status_code == 403


def test_an_identity_belongs_to_one_person(cast: Cast, dfe: Issuer) -> None:
    connected(cast.person("SCHOOL", "6812061"), dfe)
    client = cast.client(cast.person("SCHOOL", "6812045"))
    answer = client.get(and_back(way_out(client.post("/security/connection", {"password": PASSWORD}))))
    assert answer.status_code == 403
    assert "somebody else" in text(answer)
    assert SocialAccount.objects.get().user.username == "6812061"


def test_an_answer_counts_once_and_only_for_the_visitor_who_asked(cast: Cast, dfe: Issuer) -> None:
    connected(cast.person("SCHOOL", "6812045"), dfe)
    client = Client()
    back = to_issuer(client)
    assert Client().get(back).status_code == 403, "of another browser"
    assert client.get(back).status_code == 302
    again = Client()
    assert again.get(back).status_code == 403
    assert client.get("/sign-in/dfe/back?error=access_denied&state=x").status_code == 403
    assert Client().get("/sign-in/dfe/back?code=x").status_code == 403


def forged(claims: dict[str, object]) -> str:
    return signed(claims, OTHER_KEY)


def unsigned(claims: dict[str, object]) -> str:
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "one"})


def symmetric(claims: dict[str, object]) -> str:
    return jwt.encode(claims, SECRET * 2, algorithm="HS256", headers={"kid": "one"})


def changed(**changes: object) -> object:
    return lambda claims: signed({name: value for name, value in (claims | changes).items() if value is not None})


@pytest.mark.parametrize(
    "token",
    [
        forged,
        unsigned,
        symmetric,
        changed(iss="https://other.example"),
        changed(aud="somebody else"),
        changed(exp=1),
        changed(nonce="another"),
        changed(nonce=None),
        changed(sub=None),
        lambda _: "no token",
        lambda _: None,
    ],
)
def test_a_token_that_is_not_right_lets_nobody_in(cast: Cast, dfe: Issuer, token: object) -> None:
    connected(cast.person("SCHOOL", "6812045"), dfe)
    dfe.token = token  # type: ignore[assignment]
    client = Client()
    answer = enter(client)
    assert answer.status_code == 403
    assert "is not answering as it should" in text(answer)
    assert client.get("/home").status_code == 302


def test_row_24_the_issuer_leads_us_to_no_other_address(cast: Cast, dfe: Issuer) -> None:
    """Row 24: nothing but the issuer of the settings is ever asked, whatever it says; redirections are not followed."""
    connected(cast.person("SCHOOL", "6812045"), dfe)
    with issuer() as inside:
        for lie in (
            {"token_endpoint": f"{inside.address}/token"},
            {"jwks_uri": f"{inside.address}/certs"},
            {"userinfo_endpoint": "http://169.254.169.254/latest"},
            {"authorization_endpoint": "https://evil.example/auth"},
            {"issuer": inside.address},
        ):
            dfe.description = lie
            assert Client().post("/sign-in/dfe").status_code == 403, lie
        dfe.description = {}
        dfe.moved["/certs"] = f"{inside.address}/certs"
        assert enter(Client()).status_code == 403
        dfe.moved["/.well-known/openid-configuration"] = f"{inside.address}/.well-known/openid-configuration"
        assert Client().post("/sign-in/dfe").status_code == 403
        assert inside.asked == []


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest", "http://127.0.0.1:9/", "https://evil.example/", "file:///etc/passwd"])
def test_row_24_we_ask_nobody_but_the_issuer(dfe: Issuer, address: str) -> None:
    """Row 24: whatever part of the site it is that wants to."""
    with pytest.raises(requests.exceptions.InvalidURL):
        OnlyToTheIssuer().get(address)
    assert OnlyToTheIssuer().get(f"{dfe.address}/certs").status_code == 200


def test_an_issuer_that_is_away_is_said_in_plain_words(dfe: Issuer, settings: object) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    answer = Client().post("/sign-in/dfe")
    assert answer.status_code == 403
    assert "sign in with your username and password" in text(answer)


def test_log_off_ends_the_session_there_too(cast: Cast, dfe: Issuer) -> None:
    connected(cast.person("SCHOOL", "6812045"), dfe)
    client = Client()
    enter(client)
    address = way_out(client.post("/log-off"))
    assert client.get("/home").status_code == 302, "here first"
    asked = parse_qs(urlsplit(address).query)
    assert urlsplit(address).path == "/session/end"
    assert jwt.decode(asked["id_token_hint"][0], options={"verify_signature": False})["sub"] == "dfe-1"
    assert and_back(address) == "/finished"
    assert cast.client(cast.person("SCHOOL", "6812045")).post("/log-off")["Location"] == "/finished", "not for those who came by password"


def test_the_second_step_follows_here_too(cast: Cast, dfe: Issuer) -> None:
    person = cast.person("SCHOOL", "6812045")
    set_up(cast.client(person))
    connected(person, dfe)
    client = Client()
    assert enter(client)["Location"] == "/sign-in/second-step"
    assert client.get("/home").status_code == 302


def test_row_25_the_way_on_stays_on_the_site(cast: Cast, dfe: Issuer) -> None:
    """Row 25: open redirect."""
    connected(cast.person("SCHOOL", "6812045"), dfe)
    for address in ("//evil.example", "https://evil.example", "/\\evil.example", "https:evil"):
        assert enter(Client(), address)["Location"] == "/home", address


def test_an_issuer_must_be_reached_safely() -> None:
    environment = os.environ | {"S2S_OIDC_ISSUER": "http://issuer.example"}
    run = subprocess.run([sys.executable, "-c", "import s2s.settings"], env=environment, capture_output=True, text=True, check=False)
    assert "has to begin with https://" in run.stderr
