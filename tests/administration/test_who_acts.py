"""Who acts in administration: a person, a machine or the site, as far as they have the right, and nobody else."""

from collections.abc import Callable

import pytest

from s2s.accounts.actors import Actor, Machine, Person, Site
from s2s.administration import queries, set_up_many
from s2s.administration.models import SetUpLine, UserAudit
from s2s.administration.queries import Attention
from s2s.administration.undelivered import undelivered
from s2s.rules.refusals import NotAllowed
from s2s.rules.roles import Can, RoleCode
from tests.administration import test_all_or_nothing
from tests.administration.test_all_or_nothing import JOURNEYS, dba, everything, office, running
from tests.cast import Cast

pytestmark = pytest.mark.django_db

Acts = Callable[[Cast, RoleCode, str, frozenset[Can]], Actor]
ALL, NONE = frozenset(Can), frozenset[Can]()


def machine(cast: Cast, role: RoleCode, at: str, scope: frozenset[Can]) -> Actor:
    return Machine("their system", cast.place(at), role, scope, "192.0.2.1")


def site(cast: Cast, role: RoleCode, at: str, scope: frozenset[Can]) -> Actor:
    return Site(scope=scope)


def person(cast: Cast, role: RoleCode, at: str, scope: frozenset[Can]) -> Actor:
    return cast.actor(role if scope else RoleCode.LEA_DBA_VIEW, at)


def acts(monkeypatch: pytest.MonkeyPatch, who: Acts, scope: frozenset[Can]) -> None:
    """From now on this one acts in the journeys, for an LEA Administrator and for the national one."""
    monkeypatch.setattr(test_all_or_nothing, "dba", lambda cast: who(cast, RoleCode.LEA_DBA, "681", scope))
    monkeypatch.setattr(test_all_or_nothing, "office", lambda cast: who(cast, RoleCode.NATIONAL, "WG", scope))


OF_AN_ACTOR = [name for name in JOURNEYS if name != "set_up_many.work"]  # the worker's part of another


@pytest.mark.parametrize("name", OF_AN_ACTOR)
@pytest.mark.parametrize("who", [machine, site])
def test_a_machine_or_the_site_with_the_right_does_what_a_person_does(
    cast: Cast, name: str, who: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, before, journey = JOURNEYS[name]
    for prepare in (dba, office, before):
        prepare(cast)
    there = everything()
    acts(monkeypatch, who, ALL)
    journey(cast)
    assert everything() != there


@pytest.mark.parametrize("name", OF_AN_ACTOR)
@pytest.mark.parametrize("who", [machine, site, person])
def test_without_the_right_nobody_does_anything_whatever_a_door_forgets(
    cast: Cast, name: str, who: Acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, before, journey = JOURNEYS[name]
    for prepare in (dba, office, before):
        prepare(cast)
    if "yearly_audit" in name and name != "yearly_audit.start":
        running(cast)
    who(cast, RoleCode.LEA_DBA, "681", NONE), who(cast, RoleCode.NATIONAL, "WG", NONE)
    there = everything()
    acts(monkeypatch, who, NONE)
    with pytest.raises(NotAllowed):
        journey(cast)
    assert everything() == there


def seen(actor: Actor, audit: UserAudit) -> list[object]:
    """What each question about other people and their places answers."""
    return [
        *queries.users_of(actor),
        *queries.users_at(actor, None),
        *queries.school_users_at(actor, None),
        *queries.confirmations_of(actor, audit),
        *queries.to_confirm(actor, audit),
        *queries.schools_in_care_of(actor),
        *queries.authorities_in_care_of(actor),
        *queries.offices_in_care_of(actor),
        *(school for one in Attention for school in queries.in_need_of(actor, one)),
        *undelivered(actor),
    ]


def test_an_actor_sees_what_is_of_its_own_organisation_and_the_site_what_its_rights_open(cast: Cast) -> None:
    audit = running(cast)
    for role, at in (("LEA_USER", "680"), ("SCHOOL", "6812045"), ("SCHOOL", "6802320"), ("LEA_DBA", "681")):
        cast.person(role, at)
    own, everywhere = machine(cast, RoleCode.LEA_DBA, "681", ALL), Site(scope=ALL)
    assert [user.username for user in queries.users_of(own).order_by("username")] == ["6812045", "681leadba", "681leauser"]
    assert [school.number for school in queries.schools_in_care_of(own)] == ["6812045"]
    assert {user.username for user in queries.users_of(everywhere)} >= {"6802320", "680leauser", "681leauser", "WGnational"}
    assert queries.schools_in_care_of(everywhere).count() == 2
    assert seen(Site(), audit) == [], "the site has no right that nobody gives it"
    assert seen(Site(scope=frozenset({Can.VIEW_USERS, Can.VIEW_SCHOOLS, Can.MAINTAIN_USERS})), audit) == [], "it is of no organisation"


def test_nobody_but_oneself_is_oneself(cast: Cast) -> None:
    audit, user = running(cast), cast.person("LEA_DBA", "681")
    asked = audit.confirmations.create(organisation=user.organisation, user=user, username=user.username, role=user.role)
    national = frozenset(Can)
    assert asked in queries.to_confirm(machine(cast, RoleCode.NATIONAL, "WG", national), audit)
    assert asked not in queries.to_confirm(Person(user, ""), audit)


def test_a_machine_sets_up_many_schools_without_an_errand(cast: Cast) -> None:
    """An errand could not name it again."""
    schools = [cast.school(f"68130{number:02}") for number in range(set_up_many.AT_ONCE + 1)]
    run = set_up_many.begin(actor=machine(cast, RoleCode.LEA_DBA, "681", ALL), schools=schools)
    assert set_up_many.counted(run)[SetUpLine.Outcome.DONE] == set_up_many.AT_ONCE + 1
