"""If the audit entry cannot be written, nothing happens: every journey of administration."""

from collections.abc import Callable
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from s2s.accounts import second_factor
from s2s.accounts.actors import Site
from s2s.accounts.models import User
from s2s.administration import (
    category_maintenance,
    corrections,
    first_administrator,
    kept_lists,
    lea_maintenance,
    school_accounts,
    school_maintenance,
    set_up_many,
    site_notices,
    user_maintenance,
    yearly_audit,
)
from s2s.administration.models import Confirmation, SetUp, SiteNotice, UserAudit
from s2s.administration.user_maintenance import Assigned
from s2s.organisations import import_schools
from s2s.organisations.models import Category, Organisation
from tests.administration.test_corrections import link_to
from tests.cast import Cast
from tests.organisations.test_import_schools import MAINTAINED, welsh, written

pytestmark = pytest.mark.django_db

DAY = date(2026, 8, 31)
SCHOOL = {"name": "Lamby", "email": "office@lamby.example.org", "language": "en"}
DEAR = "four entirely unrelated words"


def dba(cast: Cast) -> object:
    return cast.actor("LEA_DBA", "681")


def office(cast: Cast) -> object:
    return cast.actor("NATIONAL", "WG")


def user(cast: Cast) -> User:
    return cast.person("LEA_USER", "681")


def with_an_app(cast: Cast) -> None:
    Authenticator.objects.get_or_create(user=user(cast), type=Authenticator.Type.TOTP, defaults={"data": {}})


def running(cast: Cast, **changes: object) -> UserAudit:
    user(cast)
    if not UserAudit.objects.exists():
        yearly_audit.start(actor=office(cast), due_on=timezone.localdate() + timedelta(days=40))  # type: ignore[arg-type]
        UserAudit.objects.update(**changes)
    return UserAudit.objects.get()


def over(cast: Cast) -> UserAudit:
    return running(cast, due_on=timezone.localdate() - timedelta(days=1))


def details(place: Organisation, fields: tuple[str, ...]) -> dict[str, str]:
    return {field: getattr(place, field) for field in fields} | {"name": "Another name"}


def listed(cast: Cast) -> object:
    cast.authority("681")
    return kept_lists.look(actor=office(cast), name="list.csv", content=written(MAINTAINED, [welsh("6812099", "Lamby")]))[0]  # type: ignore[arg-type]


def begun(cast: Cast) -> object:
    schools = [cast.school(f"68130{number:02}") for number in range(set_up_many.AT_ONCE + 1)]
    return set_up_many.begin(actor=dba(cast), schools=schools)  # type: ignore[arg-type]


SCHOOL_BOXES = ("name", "name_cy", "telephone", "email", "street", "town", "postcode", "language")
AUTHORITY_BOXES = ("name", "name_cy", "email", "telephone", "opening_times", "language")

# Journey -> the module whose `record` fails, what has to be there before, and the journey.
JOURNEYS: dict[str, tuple[object, Callable[[Cast], object], Callable[[Cast], object]]] = {
    "user_maintenance.add_user": (
        user_maintenance,
        dba,
        lambda cast: user_maintenance.add_user(
            actor=dba(cast), at=cast.authority("681"), username="681bj", name="B", email="b@cardiff.gov.uk", role="LEA_USER"
        ),
    ),
    "user_maintenance.change_role": (
        user_maintenance,
        user,
        lambda cast: user_maintenance.change_role(actor=dba(cast), user=user(cast), role="LEA_PLASC", version="0"),
    ),
    "user_maintenance.delete_user": (
        user_maintenance,
        user,
        lambda cast: user_maintenance.delete_user(actor=dba(cast), user=user(cast), version="0"),
    ),
    "user_maintenance.reset_password": (
        user_maintenance,
        user,
        lambda cast: user_maintenance.reset_password(actor=dba(cast), user=user(cast)),
    ),
    "user_maintenance.reset_password, assigned": (
        user_maintenance,
        user,
        lambda cast: user_maintenance.reset_password(actor=dba(cast), user=user(cast), assigned=Assigned(DEAR, DEAR)),
    ),
    "user_maintenance.switch_off": (
        user_maintenance,
        user,
        lambda cast: user_maintenance.switch_off(actor=office(cast), user=user(cast), version="0"),
    ),
    "user_maintenance.switch_on": (
        user_maintenance,
        user,
        lambda cast: user_maintenance.switch_on(actor=office(cast), user=user(cast), version="0"),
    ),
    "corrections.ask": (
        corrections,
        user,
        lambda cast: corrections.ask(actor=dba(cast), user=user(cast), name="B", email="b@cardiff.gov.uk", version="0"),
    ),
    "school_maintenance.add": (
        school_maintenance,
        dba,
        lambda cast: school_maintenance.add(
            actor=dba(cast), authority=cast.authority("681"), number="2099", school_type="Primary", typed=SCHOOL
        ),
    ),
    "school_maintenance.update, user set up": (
        school_accounts,
        lambda cast: cast.school("6812045"),
        lambda cast: school_maintenance.update(
            actor=dba(cast),
            school=cast.school("6812045"),
            version="0",
            typed=details(cast.school("6812045"), SCHOOL_BOXES) | {"name": "Greenway Primary School"},
            username="6812045",
            active=True,
        ),
    ),
    "school_maintenance.update, user renamed": (
        school_accounts,
        lambda cast: cast.person("SCHOOL", "6812045"),
        lambda cast: school_maintenance.update(
            actor=dba(cast),
            school=cast.school("6812045"),
            version=school_maintenance.version_of(cast.school("6812045")),
            typed=details(cast.school("6812045"), SCHOOL_BOXES),
            username="greenway",
            active=True,
        ),
    ),
    "school_maintenance.update": (
        school_maintenance,
        lambda cast: cast.school("6812045"),
        lambda cast: school_maintenance.update(
            actor=dba(cast),
            school=cast.school("6812045"),
            version="0",
            typed=details(cast.school("6812045"), SCHOOL_BOXES),
            username="",
            active=True,
        ),
    ),
    "school_maintenance.close": (
        school_maintenance,
        lambda cast: cast.sent("6812061", "6812045"),
        lambda cast: school_maintenance.close(actor=dba(cast), school=cast.school("6812045"), version="0", on=DAY, successor="6812061"),
    ),
    "school_maintenance.reopen": (
        school_maintenance,
        lambda cast: cast.school("6812045", closed_on=timezone.localdate()),
        lambda cast: school_maintenance.reopen(actor=dba(cast), school=cast.school("6812045"), version="0"),
    ),
    "school_maintenance.delete": (
        school_maintenance,
        lambda cast: cast.school("6812045"),
        lambda cast: school_maintenance.delete(actor=dba(cast), school=cast.school("6812045")),
    ),
    "lea_maintenance.update": (
        lea_maintenance,
        dba,
        lambda cast: lea_maintenance.update(
            actor=dba(cast),
            authority=cast.authority("681"),
            version="0",
            typed=details(cast.authority("681"), AUTHORITY_BOXES),
            copies=False,
        ),
    ),
    "category_maintenance.add": (
        category_maintenance,
        office,
        lambda cast: category_maintenance.add(actor=office(cast), typed={"name": "Pilot"}),
    ),
    "category_maintenance.rename": (
        category_maintenance,
        lambda cast: Category.objects.get_or_create(name="Pilot"),
        lambda cast: category_maintenance.rename(
            actor=office(cast), category=Category.objects.get(), before="Pilot", typed={"name": "Other"}
        ),
    ),
    "category_maintenance.remove": (
        category_maintenance,
        lambda cast: Category.objects.get_or_create(name="Pilot"),
        lambda cast: category_maintenance.remove(actor=office(cast), category=Category.objects.get()),
    ),
    "site_notices.publish": (
        site_notices,
        office,
        lambda cast: site_notices.publish(actor=office(cast), typed={"text": "x", "text_cy": "y"}, first=None, last=None),
    ),
    "site_notices.withdraw": (
        site_notices,
        lambda cast: SiteNotice.objects.get_or_create(text="x", text_cy="y"),
        lambda cast: site_notices.withdraw(actor=office(cast), notice=SiteNotice.objects.get()),
    ),
    "yearly_audit.start": (
        yearly_audit,
        user,
        lambda cast: yearly_audit.start(actor=office(cast), due_on=timezone.localdate() + timedelta(days=40)),
    ),
    "yearly_audit.extend": (
        yearly_audit,
        running,
        lambda cast: yearly_audit.extend(actor=office(cast), audit=running(cast), due_on=timezone.localdate() + timedelta(days=60)),
    ),
    "yearly_audit.cancel": (yearly_audit, running, lambda cast: yearly_audit.cancel(actor=office(cast), audit=running(cast))),
    "yearly_audit.confirm": (
        yearly_audit,
        running,
        lambda cast: yearly_audit.confirm(actor=dba(cast), confirmations=Confirmation.objects.filter(username="681leauser")),
    ),
    "yearly_audit.close": (yearly_audit, over, lambda cast: yearly_audit.close(actor=office(cast), audit=over(cast))),
    "set_up_many.begin": (
        set_up_many,
        lambda cast: cast.school("6812045"),
        lambda cast: set_up_many.begin(actor=dba(cast), schools=[cast.school("6812045")]),
    ),
    "set_up_many.work": (school_accounts, begun, lambda cast: set_up_many.work(str(SetUp.objects.get().key))),
    "kept_lists.take_in": (
        import_schools,
        listed,
        lambda cast: kept_lists.take_in(actor=office(cast), kept=kept_lists.KeptList.objects.get(), close_many=False),
    ),
    "user_maintenance.remove_second_factor": (
        second_factor,
        with_an_app,
        lambda cast: user_maintenance.remove_second_factor(actor=dba(cast), user=user(cast)),
    ),
}


def everything() -> dict[str, list[object]]:
    kept = [model for model in apps.get_models() if model.__module__.startswith("s2s.")]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (*kept, ProcrastinateJob)}


@pytest.mark.parametrize("name", JOURNEYS)
def test_if_the_audit_entry_cannot_be_written_nothing_happens(cast: Cast, name: str) -> None:
    module, before, journey = JOURNEYS[name]
    for prepare in (dba, office, before):
        prepare(cast)
    there = everything()
    with patch.object(module, "record", side_effect=DatabaseError), pytest.raises(DatabaseError):
        journey(cast)
    assert everything() == there
    with transaction.atomic():
        journey(cast)
    assert everything() != there, "and with it, something does"


def test_if_the_entry_of_the_first_administrator_cannot_be_written_there_is_none(cast: Cast) -> None:
    cast.authority("681")
    there = everything()
    with patch.object(first_administrator, "record", side_effect=DatabaseError), pytest.raises(DatabaseError):
        first_administrator.set_up(by=Site(), username="wgmary", name="Mary", email="mary@gov.wales")
    assert everything() == there


def test_if_the_entry_of_a_confirmed_correction_cannot_be_written_it_does_not_hold(cast: Cast) -> None:
    corrections.ask(actor=dba(cast), user=user(cast), name="B", email="b@cardiff.gov.uk", version="0")  # type: ignore[arg-type]
    key, secret = link_to("b@cardiff.gov.uk")
    there = everything()
    with patch.object(corrections, "record", side_effect=DatabaseError), pytest.raises(DatabaseError):
        corrections.confirm(key=key, secret=secret, ip="")
    assert everything() == there


MODULES = (category_maintenance, corrections, kept_lists, lea_maintenance, school_maintenance, set_up_many, site_notices, user_maintenance)
WITHOUT_ENTRY = {"kept_lists.look"}  # it only looks
IN_ITS_OWN_TEST = {"corrections.confirm"}


def test_every_journey_of_administration_is_in_the_table() -> None:
    journeys = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in (*MODULES, yearly_audit)
        for name, thing in vars(module).items()
        if hasattr(thing, "__wrapped__") and thing.__module__ == module.__name__ and not name.startswith("_")
    }
    assert journeys - WITHOUT_ENTRY - IN_ITS_OWN_TEST == {name.partition(",")[0] for name in JOURNEYS}
