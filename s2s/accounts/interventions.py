"""An administrator who helps somebody in does not get in as them (3.6).

Whoever assigns a password knows it, and can sign in as that person before they do. So files stay shut after it until the person has used
the link to the address on record, and nobody both assigns a password and removes the second step of the same person within a day.
Whoever changes the address on record can have the link sent to one of their own. So a link opens no files until a day after such a change;
the earlier address has been told of it at once.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from s2s.accounts import links
from s2s.accounts.actors import Actor, Person
from s2s.accounts.models import Intervention, User
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue

What = Intervention.What
APART = timedelta(hours=24)
HELP = (What.PASSWORD_ASSIGNED, What.SECOND_STEP_REMOVED)
AT_MOST = 3  # links to one person in an hour


def is_too_soon(*, by: Actor, user: User, what: str) -> bool:
    """Whether this administrator did the other thing to this person within a day. The caller holds the person's row."""
    lately = Intervention.objects.filter(user=user, by=by.name, at__gt=timezone.now() - APART)
    return lately.filter(what__in=HELP).exclude(what=what).exists()


def note(*, by: Actor, user: User, what: str) -> None:
    Intervention.objects.create(user=user, by=by.name, what=what)


def note_address(*, by: str, user: User) -> None:
    """The address that links to this person go to has been changed. Of somebody who has never signed in it may have been the wrong one."""
    if user.signed_in_at is not None:
        Intervention.objects.create(user=user, by=by, what=What.ADDRESS_CHANGED)


@transaction.atomic
def send_link(*, actor: Person) -> bool:
    """Send the link that opens the files to the address on record. False if there is no address, or too many have been sent."""
    user = User.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=actor.user.pk)
    lately = user.links.filter(made_at__gt=timezone.now() - timedelta(hours=1))
    if not user.awaits_link or not user.recipient.email or lately.count() >= AT_MOST:
        return False
    path = links.make(user, valid=links.AFTER_INVITATION)
    catalogue.password_link(user.recipient, path, timezone.now() + links.AFTER_INVITATION, user.organisation.party, reset=True)
    record(Action.PASSWORD_LINK_SENT, by=actor)
    return True


def mark(user: User) -> dict[str, Any]:
    """How the audit trail marks what somebody does who signed in with an assigned password."""
    return {"assigned_password": True} if user.awaits_link else {}
