"""Each thing that somebody does leaves its entries, and if an entry cannot be written, nothing happens: every table is as it was."""

from collections.abc import Callable
from datetime import date, timedelta
from unittest.mock import patch
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from s2s.accounts import dfe_sign_in, forgotten, links, second_factor, sessions, sign_in
from s2s.accounts.actors import Person, Site
from s2s.accounts.dfe_sign_in import Identity
from s2s.accounts.models import User
from s2s.administration import (
    category_maintenance,
    corrections,
    first_administrator,
    lea_maintenance,
    school_maintenance,
    set_up_many,
    site_notices,
    user_maintenance,
    yearly_audit,
)
from s2s.administration.models import Confirmation, Correction, UserAudit
from s2s.audit import trail
from s2s.audit.models import Action, Entry
from s2s.notices.models import Email
from s2s.organisations.models import Category
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import RejectReason
from s2s.transfers import download, rotate
from s2s.transfers.models import Delivery
from s2s.transfers.reject import reject
from s2s.transfers.upload import send
from tests.cast import Cast
from tests.journeys.users import FRESH
from tests.organisations.test_import_schools import maintained, welsh
from tests.samples import ctf, name_for

pytestmark = pytest.mark.django_db

Do = Callable[[], object]
JOURNEYS: list[tuple[Callable[[Cast], Do], tuple[Action, ...]]] = []


def leaves(*actions: Action) -> Callable[[Callable[[Cast], Do]], Callable[[Cast], Do]]:
    """The decorated function makes everything ready and gives what somebody then does, which leaves these entries."""

    def listed(prepare: Callable[[Cast], Do]) -> Callable[[Cast], Do]:
        JOURNEYS.append((prepare, actions))
        return prepare

    return listed


def school_file(cast: Cast) -> tuple[Person, Delivery]:
    """A file on a school's list, and somebody of that school."""
    return cast.actor("SCHOOL", "6812061"), cast.sent().addressee


def fetched(cast: Cast) -> tuple[Person, Delivery]:
    actor, delivery = school_file(cast)
    download.fetch(actor=actor, deliveries=[delivery])
    return actor, Delivery.objects.get(pk=delivery.pk)


@leaves(Action.FILE_SENT)
def a_file_is_sent(cast: Cast) -> Do:
    actor, _ = cast.actor("SCHOOL", "6812045"), cast.school("6812061")
    return lambda: send(
        actor=actor, name=name_for("6812045", "6812061"), content=ctf(source="6812045", destination="6812061"), kind=Kind.CTF
    )


@leaves(Action.FILE_SENT_AGAIN)
def a_file_is_sent_again(cast: Cast) -> Do:
    cast.sent()
    return cast.sent


@leaves(Action.FETCHED, Action.FETCHED)
def two_files_are_fetched(cast: Cast) -> Do:
    actor, one = school_file(cast)
    other = cast.sent(number="002").addressee
    return lambda: download.fetch(actor=actor, deliveries=[one, other])


@leaves(Action.CONFIRMED)
def a_file_is_confirmed(cast: Cast) -> Do:
    actor, delivery = fetched(cast)
    return lambda: download.confirm(actor=actor, deliveries=[delivery])


@leaves(Action.RETURNED)
def no_is_answered(cast: Cast) -> Do:
    actor, delivery = fetched(cast)
    return lambda: download.put_back(actor=actor, deliveries=[delivery])


@leaves(Action.REFETCHED)
def a_file_is_fetched_again(cast: Cast) -> Do:
    actor, delivery = fetched(cast)
    download.confirm(actor=actor, deliveries=[delivery])
    collected = Delivery.objects.get(pk=delivery.pk)
    return lambda: download.fetch(actor=actor, deliveries=[collected])


@leaves(Action.REJECTED)
def a_file_is_rejected(cast: Cast) -> Do:
    actor, delivery = school_file(cast)
    return lambda: reject(actor=actor, delivery=delivery, reason=RejectReason.NOT_OURS, note="")


@leaves(Action.SIGNED_IN)
def somebody_is_in(cast: Cast) -> Do:
    user = cast.person("SCHOOL", "6812045")
    return lambda: sign_in.welcome(user=user, ip="192.0.2.1", by="password")


@leaves(Action.LOGGED_OFF)
def somebody_logs_off(cast: Cast) -> Do:
    actor = cast.actor("SCHOOL", "6812045")
    return lambda: sign_in.log_off(actor=actor)


@leaves(Action.PASSWORD_CHANGED)
def the_own_password_is_changed(cast: Cast) -> Do:
    actor = cast.actor("SCHOOL", "6812045")
    return lambda: sign_in.change_password(actor=actor, password=FRESH)


@leaves(Action.PASSWORD_LINK_SENT)
def a_link_is_sent(cast: Cast) -> Do:
    user = cast.person("SCHOOL", "6812045")
    return lambda: forgotten.send_link(user.username, "192.0.2.1")


@leaves(Action.PASSWORD_SET_BY_LINK)
def a_link_is_used(cast: Cast) -> Do:
    _, _, key, secret = links.make(cast.person("SCHOOL", "6812045"), valid=timedelta(hours=1)).split("/")
    return lambda: links.use(key=UUID(key), secret=secret, password=FRESH, ip="192.0.2.1")


def a_session(user: User) -> int:
    session = Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now() + timedelta(minutes=5))
    return int(UserSession.objects.create(user=user, session_key=session.session_key, ip="192.0.2.7", user_agent="", data={}).pk)


@leaves(Action.SESSION_ENDED)
def one_session_is_ended(cast: Cast) -> Do:
    actor = cast.actor("SCHOOL", "6812045")
    number = a_session(actor.user)
    return lambda: sessions.end(actor=actor, number=number, here="here")


@leaves(Action.SESSION_ENDED)
def the_other_sessions_are_ended(cast: Cast) -> Do:
    actor = cast.actor("SCHOOL", "6812045")
    a_session(actor.user)
    return lambda: sessions.end_others(actor=actor, here="here")


@leaves(Action.SECOND_FACTOR_ADDED, Action.RECOVERY_CODES_MADE)
def an_app_is_added(cast: Cast) -> Do:
    actor = cast.actor("SCHOOL", "6812045")
    return lambda: second_factor._keep_app(actor, "A" * 32, "000000")


def with_app(user: User) -> User:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": second_factor.Authenticators().encrypt("A" * 32)})
    return user


@leaves(Action.RECOVERY_CODES_MADE)
def new_codes_are_made(cast: Cast) -> Do:
    actor = cast.actor("SCHOOL", "6812045")
    with_app(actor.user)
    return lambda: second_factor.new_codes(actor=actor)


@leaves(Action.SECOND_FACTOR_REMOVED)
def the_second_step_is_switched_off(cast: Cast) -> Do:
    actor = cast.actor("SCHOOL", "6812045")
    with_app(actor.user)
    return lambda: second_factor.remove(actor=actor, number=None)


@leaves(Action.SECOND_FACTOR_REMOVED)
def an_administrator_takes_a_second_step_away(cast: Cast) -> Do:
    actor, user = cast.actor("LEA_DBA", "681"), with_app(cast.person("LEA_USER", "681"))
    return lambda: user_maintenance.remove_second_factor(actor=actor, user=user)


IDENTITY = Identity("https://issuer.example", "subject-1", "681leauser@example.org")


@leaves(Action.OUTSIDE_SIGN_IN_CONNECTED)
def an_outside_sign_in_is_connected(cast: Cast) -> Do:
    actor = cast.actor("LEA_USER", "681")
    return lambda: dfe_sign_in.connect(actor=actor, identity=IDENTITY)


@leaves(Action.OUTSIDE_SIGN_IN_CONNECTED)
def somebody_known_by_their_address_arrives(cast: Cast) -> Do:
    cast.person("LEA_USER", "681")
    return lambda: dfe_sign_in.arrive(identity=IDENTITY, ip="192.0.2.1")


@leaves(Action.OUTSIDE_SIGN_IN_DISCONNECTED)
def an_outside_sign_in_is_disconnected(cast: Cast) -> Do:
    actor = cast.actor("LEA_USER", "681")
    dfe_sign_in.connect(actor=actor, identity=IDENTITY)
    return lambda: dfe_sign_in.disconnect(actor=actor, issuer=IDENTITY.issuer)


@leaves(Action.USER_ADDED)
def a_user_is_added(cast: Cast) -> Do:
    actor = cast.actor("LEA_DBA", "681")
    new = {"username": "681bjones", "name": "Bethan Jones", "email": "bethan.jones@cardiff.gov.uk", "role": "LEA_USER"}
    return lambda: user_maintenance.add_user(actor=actor, at=actor.organisation, **new)


@leaves(Action.USER_ADDED)
def the_first_administrator_is_set_up(cast: Cast) -> Do:
    return lambda: first_administrator.set_up(by=Site("console"), username="wgmary", name="Mary Rees", email="mary@gov.example")


@leaves(Action.USER_ROLE_CHANGED)
def a_role_is_changed(cast: Cast) -> Do:
    actor, user = cast.actor("LEA_DBA", "681"), cast.person("LEA_USER", "681")
    return lambda: user_maintenance.change_role(actor=actor, user=user, role="LEA_SCHOOL", version=str(user.version))


@leaves(Action.USER_DELETED)
def a_user_is_deleted(cast: Cast) -> Do:
    actor, user = cast.actor("LEA_DBA", "681"), cast.person("LEA_USER", "681")
    return lambda: user_maintenance.delete_user(actor=actor, user=user, version=str(user.version))


@leaves(Action.PASSWORD_RESET)
def a_password_is_reset(cast: Cast) -> Do:
    actor, user = cast.actor("LEA_DBA", "681"), cast.person("LEA_USER", "681")
    return lambda: user_maintenance.reset_password(actor=actor, user=user)


@leaves(Action.USER_SWITCHED_OFF)
def a_user_is_switched_off(cast: Cast) -> Do:
    actor, user = cast.actor("NATIONAL", "WG"), cast.person("LEA_USER", "681")
    return lambda: user_maintenance.switch_off(actor=actor, user=user, version=str(user.version))


@leaves(Action.USER_SWITCHED_ON)
def a_user_is_switched_on(cast: Cast) -> Do:
    actor, user = cast.actor("NATIONAL", "WG"), cast.person("LEA_USER", "681", is_active=False)
    return lambda: user_maintenance.switch_on(actor=actor, user=user, version=str(user.version))


DETAILS = {"name": "Ysgol Newydd", "email": "office@newydd.example.org", "language": "en"}


@leaves(Action.SCHOOL_ADDED, Action.USER_ADDED)
def a_school_is_added(cast: Cast) -> Do:
    actor = cast.actor("LEA_DBA", "681")
    return lambda: school_maintenance.add(actor=actor, authority=actor.organisation, number="2099", school_type="", typed=DETAILS)


@leaves(Action.USER_RENAMED, Action.USER_SWITCHED_OFF, Action.SCHOOL_CHANGED)
def a_school_and_its_user_are_changed(cast: Cast) -> Do:
    actor, school = cast.actor("LEA_DBA", "681"), cast.person("SCHOOL", "6812045").organisation
    version = school_maintenance.version_of(school)
    changed = {"typed": DETAILS, "username": "greenway", "active": False}
    return lambda: school_maintenance.update(actor=actor, school=school, version=version, **changed)  # type: ignore[arg-type]


@leaves(Action.SCHOOL_CHANGED)
def a_school_is_closed(cast: Cast) -> Do:
    actor, school = cast.actor("LEA_DBA", "681"), cast.school("6812045")
    version = school_maintenance.version_of(school)
    return lambda: school_maintenance.close(actor=actor, school=school, version=version, on=date(2026, 8, 31), successor="")


@leaves(Action.SCHOOL_CHANGED)
def a_school_is_opened_again(cast: Cast) -> Do:
    actor, school = cast.actor("LEA_DBA", "681"), cast.school("6812045", closed_on="2026-08-31")
    version = school_maintenance.version_of(school)
    return lambda: school_maintenance.reopen(actor=actor, school=school, version=version)


@leaves(Action.SCHOOL_DELETED)
def a_school_is_deleted(cast: Cast) -> Do:
    actor, school = cast.actor("LEA_DBA", "681"), cast.school("6812045")
    return lambda: school_maintenance.delete(actor=actor, school=school)


@leaves(Action.AUTHORITY_CHANGED)
def an_authority_is_changed(cast: Cast) -> Do:
    actor = cast.actor("LEA_DBA", "681")
    office, typed = actor.organisation, {"name": "Cardiff", "email": "s2s@681.example.org", "language": "en"}
    return lambda: lea_maintenance.update(actor=actor, authority=office, version=str(office.version), typed=typed, copies=True)


@leaves(Action.CATEGORY_ADDED)
def a_category_is_added(cast: Cast) -> Do:
    actor = cast.actor("NATIONAL", "WG")
    return lambda: category_maintenance.add(actor=actor, typed={"name": "Sixth form", "name_cy": "Chweched dosbarth"})


@leaves(Action.CATEGORY_CHANGED)
def a_category_is_renamed(cast: Cast) -> Do:
    actor, row = cast.actor("NATIONAL", "WG"), Category.objects.create(name="Six", name_cy="Chwech")
    return lambda: category_maintenance.rename(actor=actor, category=row, before="Six", typed={"name": "Seven", "name_cy": "Saith"})


@leaves(Action.CATEGORY_REMOVED)
def a_category_is_removed(cast: Cast) -> Do:
    actor, row = cast.actor("NATIONAL", "WG"), Category.objects.create(name="Six", name_cy="Chwech")
    return lambda: category_maintenance.remove(actor=actor, category=row)


NOTICE = {"typed": {"text": "Closed on Friday.", "text_cy": "Ar gau ddydd Gwener."}, "first": None, "last": None}


@leaves(Action.NOTICE_PUBLISHED)
def a_notice_is_published(cast: Cast) -> Do:
    actor = cast.actor("NATIONAL", "WG")
    return lambda: site_notices.publish(actor=actor, **NOTICE)  # type: ignore[arg-type]


@leaves(Action.NOTICE_WITHDRAWN)
def a_notice_is_withdrawn(cast: Cast) -> Do:
    actor = cast.actor("NATIONAL", "WG")
    notice = site_notices.publish(actor=actor, **NOTICE)  # type: ignore[arg-type]
    return lambda: site_notices.withdraw(actor=actor, notice=notice)


def soon() -> timedelta:
    return timedelta(days=30)


@leaves(Action.USER_AUDIT_STARTED)
def the_yearly_audit_is_started(cast: Cast) -> Do:
    actor = cast.actor("NATIONAL", "WG")
    cast.person("LEA_DBA", "681")
    return lambda: yearly_audit.start(actor=actor, due_on=timezone.localdate() + soon())


def audited(cast: Cast) -> UserAudit:
    cast.person("LEA_USER", "681")
    cast.person("LEA_DBA", "681")
    return yearly_audit.start(actor=cast.actor("NATIONAL", "WG"), due_on=timezone.localdate() + soon())


@leaves(Action.USERS_CONFIRMED)
def a_user_is_confirmed(cast: Cast) -> Do:
    audited(cast)
    actor, asked = cast.actor("LEA_DBA", "681"), list(Confirmation.objects.filter(username="681leauser"))
    return lambda: yearly_audit.confirm(actor=actor, confirmations=asked)


@leaves(Action.SCHOOLS_IMPORTED)
def schools_are_imported(cast: Cast) -> Do:
    cast.authority("681")
    return lambda: maintained([welsh("6812301"), welsh("6812302")])


@leaves(Action.USER_AUDIT_EXTENDED)
def the_yearly_audit_is_given_more_time(cast: Cast) -> Do:
    audit = audited(cast)
    return lambda: yearly_audit.extend(actor=cast.actor("NATIONAL", "WG"), audit=audit, due_on=audit.due_on + soon())


@leaves(Action.USER_AUDIT_CANCELLED)
def the_yearly_audit_is_cancelled(cast: Cast) -> Do:
    audit = audited(cast)
    return lambda: yearly_audit.cancel(actor=cast.actor("NATIONAL", "WG"), audit=audit)


def overdue(cast: Cast) -> UserAudit:
    """An audit whose day has passed."""
    UserAudit.objects.filter(pk=audited(cast).pk).update(due_on=timezone.localdate() - timedelta(days=1))
    return UserAudit.objects.get()


@leaves(Action.USERS_SUSPENDED, Action.USER_AUDIT_CLOSED)
def the_yearly_audit_is_closed_and_who_was_not_confirmed_suspended(cast: Cast) -> Do:
    actor, audit = cast.actor("NATIONAL", "WG"), overdue(cast)
    return lambda: yearly_audit.close(actor=actor, audit=audit)


@leaves(Action.USER_AUDIT_CLOSED)
def the_yearly_audit_is_closed_when_everybody_was_confirmed(cast: Cast) -> Do:
    actor, audit = cast.actor("NATIONAL", "WG"), overdue(cast)
    yearly_audit.confirm(actor=cast.actor("LEA_DBA", "681"), confirmations=Confirmation.objects.all())
    return lambda: yearly_audit.close(actor=actor, audit=audit)


def corrected(cast: Cast) -> Correction:
    actor, user = cast.actor("LEA_DBA", "681"), cast.person("LEA_USER", "681")
    return corrections.ask(actor=actor, user=user, name="Bethan Jones", email="b.jones@council.wales", version=str(user.version))


@leaves(Action.CORRECTION_ASKED)
def details_of_a_user_are_corrected(cast: Cast) -> Do:
    actor, user = cast.actor("LEA_DBA", "681"), cast.person("LEA_USER", "681")
    details = {"name": "Bethan Jones", "email": "b.jones@council.wales", "version": str(user.version)}
    return lambda: corrections.ask(actor=actor, user=user, **details)  # type: ignore[arg-type]


@leaves(Action.CORRECTION_CONFIRMED)
def corrected_details_are_confirmed(cast: Cast) -> Do:
    key = corrected(cast).key
    link = Email.objects.get(notice="correction_asked").facts["link"]
    return lambda: corrections.confirm(key=key, secret=link.rpartition("/")[2], ip="192.0.2.7")


@leaves(Action.SET_UP_BEGUN, Action.USER_ADDED, Action.USER_ADDED)
def a_few_schools_are_given_their_users(cast: Cast) -> Do:
    actor, schools = cast.actor("LEA_DBA", "681"), [cast.school("6812045"), cast.school("6812061")]
    return lambda: set_up_many.begin(actor=actor, schools=schools)


@leaves(Action.SET_UP_BEGUN)
def many_schools_wait_for_the_worker_to_give_them_their_users(cast: Cast) -> Do:
    actor, schools = cast.actor("LEA_DBA", "681"), [cast.school(f"68130{number:02}") for number in range(set_up_many.AT_ONCE + 1)]
    return lambda: set_up_many.begin(actor=actor, schools=schools)


@leaves(Action.KEYS_ROTATED)
def the_keys_are_changed(cast: Cast) -> Do:
    return lambda: list(rotate.rotate(by=Site("console")))


# Nothing is changed by these but the trail itself; each is asserted where it belongs (journeys of signing in, of uploading, of keys).
BY_THEMSELVES = {
    Action.SIGN_IN_REFUSED,
    Action.SIGN_IN_LOCKED,
    Action.ACCOUNT_LOCKED,
    Action.SECOND_FACTOR_REFUSED,
    Action.OUTSIDE_SIGN_IN_REFUSED,
    Action.FILE_REFUSED,
    Action.TRAIL_ACKNOWLEDGED,
}
every_journey = pytest.mark.parametrize(
    ("prepare", "actions"), JOURNEYS, ids=[f"{prepare.__name__}-{len(actions)}" for prepare, actions in JOURNEYS]
)


@every_journey
def test_a_journey_leaves_its_entries_and_no_others(cast: Cast, prepare: Callable[[Cast], Do], actions: tuple[Action, ...]) -> None:
    do = prepare(cast)
    before = set(Entry.objects.values_list("pk", flat=True))
    do()
    assert tuple(Entry.objects.exclude(pk__in=before).order_by("pk").values_list("action", flat=True)) == actions


@every_journey
def test_if_an_entry_cannot_be_written_nothing_has_happened(cast: Cast, prepare: Callable[[Cast], Do], actions: tuple[Action, ...]) -> None:
    """The last of them, where there are several: those before it are gone too."""
    do, sign, signed = prepare(cast), trail.digest, list[str]()
    before = everything()

    def sign_all_but_the_last(row: trail.Row) -> bytes:
        signed.append(row.action)
        if len(signed) == len(actions):
            raise DatabaseError
        return sign(row)

    with patch.object(trail, "digest", side_effect=sign_all_but_the_last), pytest.raises(DatabaseError):
        do()
    assert everything() == before


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {model._meta.label: sorted(model._base_manager.values_list(), key=repr) for model in apps.get_models() if model._meta.managed}


def test_every_action_stands_in_the_table() -> None:
    assert {action for _, actions in JOURNEYS for action in actions} | BY_THEMSELVES == set(Action)
