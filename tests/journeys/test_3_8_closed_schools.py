"""What the account of a closed school can still do: collect what waits for 30 days, and send nothing (3.8)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from s2s.accounts.actors import Machine
from s2s.accounts.dfe_sign_in import Identity, OutsideRefused, arrive
from s2s.organisations.models import Organisation
from s2s.rules.roles import Can, RoleCode
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import keys, text

pytestmark = pytest.mark.django_db


def closed(days_ago: int) -> None:
    Organisation.objects.filter(number="6812045").update(closed_on=timezone.localdate() - timedelta(days=days_ago))


def enter() -> Client | None:
    client = Client()
    answer = client.post("/sign-in", {"username": "6812045", "password": PASSWORD})
    return client if answer.status_code == 302 else None


def test_a_closed_school_collects_what_waits_and_sends_nothing(cast: Cast) -> None:
    cast.sent("6812061", "6812045")
    client = cast.client(cast.person("SCHOOL", "6812045"))
    assert client.get("/upload/ctf").status_code == 200
    closed(0)
    for path in ("/upload/ctf", "/upload/ctf/sent"):
        assert client.get(path).status_code == 404, path
    assert client.post("/upload/ctf").status_code == 404
    [key] = keys(client).values()
    assert client.post("/download/ctf/fetch", {"file": key}).status_code == 200
    assert "Upload" not in text(client.get("/home"))


@pytest.mark.parametrize(("days", "enters"), [(-5, True), (0, True), (29, True), (30, False), (400, False)])
def test_its_account_ends_thirty_days_after_the_school(cast: Cast, days: int, enters: bool) -> None:
    person = cast.person("SCHOOL", "6812045", email="office@example.org")
    closed(days)
    assert (enter() is not None) is enters
    person.refresh_from_db()
    identity = Identity("https://issuer.example", "one", "office@example.org")
    if enters:
        assert arrive(identity=identity, ip="").pk == person.pk
    else:
        with pytest.raises(OutsideRefused):
            arrive(identity=identity, ip="")


def test_whose_school_closed_long_ago_is_answered_like_anybody(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    closed(60)
    wrong = {"username": "681nobody", "password": PASSWORD}
    right = {"username": "6812045", "password": PASSWORD}
    assert text(Client().post("/sign-in", right)).replace("6812045", "") == text(Client().post("/sign-in", wrong)).replace("681nobody", "")


def test_a_machine_of_a_closed_school_sends_nothing(cast: Cast) -> None:
    school = cast.school("6812045")
    machine = Machine("sims", school, RoleCode.SCHOOL, frozenset({Can.SEND_CTF, Can.FETCH_CTF}))
    assert machine.may(Can.SEND_CTF)
    school.closed_on = timezone.localdate()
    assert not machine.may(Can.SEND_CTF)
    assert machine.may(Can.FETCH_CTF)
