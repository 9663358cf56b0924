"""The local authorities see copies of their schools' CTFs, in three views (3.9, 5.3)."""

import pytest

from s2s.organisations.models import Organisation
from s2s.rules.lifecycle import State
from s2s.transfers.models import Delivery, Pupil
from tests.cast import Cast
from tests.journeys.doors import fetch, keys, mails, say, text
from tests.samples import ctf, name_for

pytestmark = pytest.mark.django_db
VIEWS = ("within", "incoming", "leaving")


def seen(client: object, show: str = "waiting") -> dict[str, set[str]]:
    return {view: set(keys(client, f"/download/ctf?view={view}&show={show}")) for view in VIEWS}  # type: ignore[arg-type]


@pytest.mark.guidance("3.9-05", "A1-03", "5.3-05", "5.3-06", "5.3-07", "5.3-08", "3.9-04")
def test_each_file_stands_in_its_view_and_there_only(cast: Cast) -> None:
    within = cast.sent("6812045", "6812061").name
    incoming = cast.sent("6792303", "6812045").name
    leaving = cast.sent("6812045", "6732182").name
    cast.sent("6792303", "6732182")
    assert seen(cast.client(cast.person("LEA_USER", at="681"))) == {"within": {within}, "incoming": {incoming}, "leaving": {leaving}}
    assert seen(cast.client(cast.person("LEA_USER", at="675"))) == {"within": set(), "incoming": set(), "leaving": set()}


@pytest.mark.guidance("3.9-06")
def test_the_authority_address_hears_of_each_file(cast: Cast) -> None:
    cast.sent("6792303", "6812045")
    for number in ("679", "681"):
        [(notice, words)] = mails(f"data@{number}.example.org")
        assert notice == "copy"
        assert name_for("6792303", "6812045") in words
    cast.sent("6812045", "681LLLL")
    assert [notice for notice, _ in mails("data@681.example.org")] == ["copy", "arrived"]


@pytest.mark.guidance("3.9-03", "3.9-07")
def test_an_authority_that_switched_copies_off_gets_none(cast: Cast) -> None:
    cast.authority("681")
    Organisation.objects.filter(number="681").update(copies=False)
    cast.sent("6812045", "6812061")
    assert not any(seen(cast.client(cast.person("LEA_USER", at="681"))).values())
    assert mails("data@681.example.org") == []
    Organisation.objects.filter(number="681").update(copies=True)
    cast.sent("6812045", "6812061", "002")
    assert seen(cast.client(cast.person("LEA_USER", at="681")))["within"] == {name_for(number="002")}


@pytest.mark.guidance("1.1-02")
def test_an_authoritys_download_disturbs_nothing(cast: Cast) -> None:
    cast.sent("6812045", "6812061")
    cardiff = cast.client(cast.person("LEA_USER", at="681"))
    key = keys(cardiff)[name_for()]
    assert fetch(cardiff, key) == ctf()
    say(cardiff, "yes", key)
    assert name_for() not in keys(cardiff)
    assert name_for() in keys(cardiff, "/download/ctf/previous")
    assert name_for() in keys(cast.client(cast.person("SCHOOL", at="6812061")))
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["sent"]


def test_a_copy_cannot_be_rejected(cast: Cast) -> None:
    cast.sent("6812045", "6812061")
    cardiff = cast.client(cast.person("LEA_USER", at="681"))
    key = keys(cardiff)[name_for()]
    assert cardiff.post(f"/download/ctf/{key}/reject", {"reason": "not_ours"}).status_code == 404
    assert Delivery.objects.get(key=key).state == State.WAITING


@pytest.mark.guidance("5.3-09", "5.3-10")
def test_a_file_changes_sides_when_its_destination_collects_it(cast: Cast) -> None:
    cast.sent("6812045", "6812061")
    cardiff = cast.client(cast.person("LEA_USER", at="681"))
    assert seen(cardiff, "awaiting")["within"] == {name_for()}
    assert seen(cardiff, "collected")["within"] == set()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    key = keys(llanishen)[name_for()]
    fetch(llanishen, key)
    assert seen(cardiff, "awaiting")["within"] == {name_for()}, "fetched is not collected"
    say(llanishen, "yes", key)
    assert seen(cardiff, "awaiting")["within"] == set()
    assert seen(cardiff, "collected")["within"] == {name_for()}
    page = text(cardiff.get("/download/ctf?show=collected"))
    assert page.count(f"{Delivery.objects.get(key=key).state_at:%d/%m/%Y}") == 2, "uploaded and collected"


@pytest.mark.guidance("5.3-12")
def test_no_pupil_is_shown_in_the_views(cast: Cast) -> None:
    cast.sent("6812045", "6812061", pupils=3)
    cardiff = cast.client(cast.person("LEA_USER", at="681"))
    for show in ("waiting", "awaiting", "collected"):
        html = cardiff.get(f"/download/ctf?show={show}").content.decode()
        for pupil in Pupil.objects.all():
            for secret in (pupil.upn, pupil.surname, pupil.forename, f"{pupil.date_of_birth:%d/%m/%Y}"):
                assert secret not in html


@pytest.mark.guidance("5-02", "1.6-07", "1.6-13", "1.6-20", "1.6-35")
@pytest.mark.parametrize("role", ["LEA_DBA", "LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL_TRANSFER"])
def test_each_general_role_sends_fetches_and_fetches_again(cast: Cast, role: str) -> None:
    from tests.journeys.doors import upload

    cast.sent("6812045", "681LLLL")
    cast.school("6812049")
    client = cast.client(cast.person(role, at="681"))
    assert "is safe" in upload(client, (name_for("681LLLL", "6812049"), ctf(source="681LLLL", destination="6812049")))
    key = keys(client)[name_for("6812045", "681LLLL")]
    first = fetch(client, key)
    say(client, "yes", key)
    assert fetch(client, keys(client, "/download/ctf/previous")[name_for("6812045", "681LLLL")]) == first


def test_lea_plasc_works_with_its_own_address_only(cast: Cast) -> None:
    cast.sent("6812045", "681PLAS")
    cast.sent("6812045", "681LLLL", "002")
    plasc = cast.client(cast.person("LEA_PLASC", at="681"))
    assert set(keys(plasc)) == {name_for("6812045", "681PLAS")}
    user = cast.client(cast.person("LEA_USER", at="681"))
    assert name_for("6812045", "681PLAS") not in seen(user)["within"]
