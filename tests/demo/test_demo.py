"""The demonstration: everything it promises is there, once, and nowhere but in a demonstration."""

from collections import Counter
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth import authenticate
from django.test import TestCase, override_settings
from django.utils import timezone

from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.audit import chain
from s2s.audit.verify import verify
from s2s.demo import data
from s2s.organisations.models import Organisation
from s2s.rules.identifiers import UpnFault, upn_fault
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import State
from s2s.rules.roles import LA_ROLES, Can, RoleCode
from s2s.transfers import queries
from s2s.transfers.models import Delivery, Event, Pupil, Transfer

pytestmark = pytest.mark.django_db

PASSWORD = "shown to everybody"
FROM_THE_GUIDANCE = {
    "6812045", "6812061", "6814039", "6816014", "6732182", "6722263", "6802320", "6792303", "6812105", "6814607", "6814073", "6733057",
    "8302333", "6812039", "6812049", "6812317", "3722063", "8665211",
}  # fmt: skip


def actors() -> list[User]:
    return list(User.objects.select_related("organisation"))


def test_a_site_in_earnest_refuses_it(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(data.NotADemonstration):
        data.load()
    assert not Organisation.objects.exists()


def test_a_site_with_people_of_its_own_refuses_it(settings: LazySettings) -> None:
    settings.DEMO = True
    office = Organisation.objects.create(number="WG", kind="national", name="Welsh Government", region="Wales")
    User.objects.create(username="somebody", role=RoleCode.NATIONAL, organisation=office)
    with pytest.raises(data.NotADemonstration):
        data.load()
    assert User.objects.count() == 1


@override_settings(DEMO=True, DEMO_PASSWORD=PASSWORD, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
class TestLoaded(TestCase):
    """One load for all of these: it takes a second."""

    @classmethod
    def setUpTestData(cls) -> None:
        data.load()

    def test_a_second_load_changes_nothing_and_is_quick(self) -> None:
        tables = (Organisation, User, Transfer, Delivery, Event, Pupil)
        before = [list(table.objects.order_by("pk").values()) for table in tables]
        with self.assertNumQueries(1):
            data.load()
        assert [list(table.objects.order_by("pk").values()) for table in tables] == before

    def test_everybody_on_the_list_can_sign_in_and_nobody_else_is_there(self) -> None:
        listed = data.people_table()
        assert {name for name, _, _ in listed} == {person.username for person in actors()}
        for name, role, place in listed:
            person = authenticate(None, username=name, password=PASSWORD)
            assert isinstance(person, User), name
            assert (person.facts.name, person.organisation.name) == (role, place)
            assert person.must_change_password == (name == "681new")

    def test_each_staffed_authority_has_one_person_of_each_of_the_eight_roles(self) -> None:
        for number in ("681", "672", "680"):
            names = [f"{number}{suffix}" for suffix in ("dba", "user", "school", "lost", "lostx", "view", "plasc", "adms")]
            roles = [User.objects.get(username=name, organisation__number=number).role for name in names]
            assert roles == list(LA_ROLES)
        assert User.objects.get(username="national").role == RoleCode.NATIONAL

    def test_every_open_school_has_a_user_named_by_its_number(self) -> None:
        schools = [school for school in Organisation.objects.filter(kind="school") if school.is_open]
        assert {person.username for person in actors() if person.role == RoleCode.SCHOOL} == {school.number for school in schools}
        assert {school.number for school in schools} >= FROM_THE_GUIDANCE
        assert {school.language for school in schools} == {"", "en", "cy"}
        assert {school.region for school in schools} == {"Wales", "England"}
        assert all(school.email.endswith("@example.org") for school in schools)

    @pytest.mark.guidance("1-02")
    def test_schools_of_england_and_wales_maintained_and_independent_sign_in_and_exchange_files(self) -> None:
        for number, region, independent in (
            ("6812045", "Wales", False),
            ("6816014", "Wales", True),
            ("3722063", "England", False),
            ("8016007", "England", True),
        ):
            person = authenticate(None, username=number, password=PASSWORD)
            assert isinstance(person, User)
            assert (person.organisation.region, person.organisation.school_type == "Independent") == (region, independent)
            assert queries.sent_by(Person(person, ""), Kind.CTF).exists()
            assert queries.deliveries_of(Person(person, ""), Kind.CTF).exists()

    def test_one_school_has_closed_and_has_a_successor(self) -> None:
        closed = [school for school in Organisation.objects.filter(kind="school") if not school.is_open]
        assert [(school.number, school.successor and school.successor.is_open) for school in closed] == [("6812088", True)]

    def test_whoever_handles_ctfs_finds_some(self) -> None:
        for person in actors():
            if person.may(Can.FETCH_CTF):
                desk = Person(person, "")
                assert queries.deliveries_of(desk, Kind.CTF).exists() or queries.sent_by(desk, Kind.CTF).exists(), person.username
        waiting = {person.username for person in actors() if queries.waiting_for(Person(person, ""), Kind.CTF).exists()}
        assert waiting >= {"6812045", "6812061", "6814039", "6732182", "681user", "672user", "680user", "681plasc"}

    def test_there_are_files_in_every_state(self) -> None:
        assert Transfer.objects.count() >= 60
        states = Counter(Delivery.objects.filter(part="addressee").values_list("state", flat=True))
        assert set(states) == set(State) - {State.OURS}
        assert Delivery.objects.filter(part="sent", state=State.OURS).exists()
        assert Delivery.objects.filter(part="copy", state=State.COLLECTED).exists()
        assert set(Transfer.objects.filter(destination=None).values_list("destination_address", flat=True)) == {"XXXXXXX", "MMMMMMM"}
        assert all(Delivery.objects.filter(state=State.REJECTED).values_list("reason", flat=True))
        assert Transfer.objects.filter(destination_address="681LLLL", pupil_count__gt=20).exists()
        assert Transfer.objects.filter(source_address="681LLLL", destination__kind="school").exists()
        warnings = {warning["code"] for transfer in Transfer.objects.all() for warning in transfer.warnings}
        assert warnings == {"version_old", "upn_check_letter", "source_forwarded", "destination_renamed"}

    def test_history_covers_six_weeks_in_order_and_nothing_lies_in_the_future(self) -> None:
        now = timezone.now()
        for transfer in Transfer.objects.prefetch_related("deliveries__events"):
            assert now - timedelta(days=45) < transfer.sent_at < now
            assert timezone.localtime(transfer.sent_at).weekday() < 5
            for delivery in transfer.deliveries.all():
                times = [event.at for event in delivery.events.all()]
                assert [transfer.sent_at, *times] == sorted([transfer.sent_at, *times])
                assert delivery.state_at == (times[-1] if times else transfer.sent_at)
                assert delivery.state_at < now
        assert Transfer.objects.filter(sent_at__lt=now - timedelta(days=35)).exists()

    def test_the_pupils_are_invented_with_right_upns_but_for_the_one_that_shows_the_warning(self) -> None:
        faults = Counter(upn_fault(upn) for upn in Pupil.objects.values_list("upn", flat=True))
        assert faults[UpnFault.MALFORMED] == 0
        assert faults[UpnFault.CHECK_LETTER] == 1

    def test_the_audit_trail_of_the_demonstration_verifies(self) -> None:
        assert verify() is None
        chain.seal()
        assert verify() is None
