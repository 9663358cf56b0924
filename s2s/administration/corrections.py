"""A user's e-mail address or full name is corrected, and holds as soon as the user says that it is right (3.4).

3.4 lets an administrator change the role alone. But a council that takes another mail domain must not need new accounts. So the
administrator says what it should be, and a link to the address to be asks the user. The address on record is told before and after.
"""

import hashlib
import hmac
import secrets
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from s2s.accounts import interventions
from s2s.accounts.actors import Actor, Stranger
from s2s.accounts.models import User
from s2s.administration.models import Correction
from s2s.administration.rights import needs
from s2s.administration.user_details import UserFault, UserRefused, email_problem, name_problem
from s2s.administration.user_maintenance import check_may_manage, locked
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue
from s2s.notices.recipients import Recipient
from s2s.rules.refusals import NotSaved, Refused
from s2s.rules.roles import Can, RoleCode


class CorrectionFault(StrEnum):
    DEAD = "dead"  # never made, used, too old, or the user has changed: nobody is told which


class CorrectionDead(Refused[CorrectionFault]):
    def __init__(self) -> None:
        super().__init__(CorrectionFault.DEAD)


@needs(Can.MAINTAIN_USERS)
@transaction.atomic
def ask(*, actor: Actor, user: User, name: str, email: str, version: str) -> Correction:
    """Ask the user by a link to the address to be. Nothing changes before they have used it; an earlier request is void.

    `version` is the user's when the form was opened. Raises UserRefused, NotSaved or Stale.
    """
    user = locked(user, version)
    _check(actor, user, name, email)
    user.corrections.filter(confirmed_at=None).delete()
    secret = secrets.token_urlsafe(32)
    correction = Correction(user=user, name=name, email=email, version=user.version, asked_by=actor.name, digest=_digest(secret))
    correction.save(force_insert=True)
    record(Action.CORRECTION_ASKED, by=actor, username=user.username, at=user.organisation.number, **_changes(correction))
    _tell(correction, f"/link/correction/{correction.key}/{secret}")
    return correction


def _check(actor: Actor, user: User, name: str, email: str) -> None:
    if user == actor.user:
        raise UserRefused(UserFault.ONESELF)
    check_may_manage(actor, user)
    if user.role == RoleCode.SCHOOL:  # School Maintenance: its address is the school's (3.7)
        raise UserRefused(UserFault.RESERVED)
    if problems := [problem for problem in (name_problem(name), email_problem(email)) if problem]:
        raise NotSaved(*problems)
    if (name, email) == (user.name, user.email):
        raise UserRefused(UserFault.SAME_DETAILS, "email")


def _changes(correction: Correction) -> dict[str, str]:
    """For the audit trail: what is to be different."""
    user = correction.user
    pairs = {"name": (correction.name, user.name), "email": (correction.email, user.email)}
    return {what: new for what, (new, old) in pairs.items() if new != old}


def _tell(correction: Correction, path: str) -> None:
    user, until = correction.user, correction.asked_at + Correction.LASTS
    to = Recipient(correction.email, user.recipient.language, correction.name, name_cy="")
    catalogue.correction_asked(to, path, until, name=correction.name, email=correction.email, at=user.organisation.party)
    if correction.email != user.email:
        catalogue.correction_told(user.recipient, email=correction.email, done=False)


def asked(key: UUID, secret: str) -> Correction:
    """What the link asks; nothing changes. Raises CorrectionDead."""
    return _living(Correction.objects.select_related("user__organisation").filter(key=key).first(), secret)


@transaction.atomic
def confirm(*, key: UUID, secret: str, ip: str) -> User:
    """The user says that it is right: it holds from now on, and links to a password sent to the old address die. Raises CorrectionDead."""
    row = Correction.objects.select_for_update(of=("self",)).select_related("user__organisation").filter(key=key).first()
    correction = _living(row, secret)
    user = correction.user
    before, changes = user.recipient, _changes(correction)
    correction.confirmed_at = timezone.now()
    correction.save(update_fields=["confirmed_at"])
    user.name, user.email, user.version = correction.name, correction.email, user.version + 1
    user.save(update_fields=["name", "email", "version"])
    record(Action.CORRECTION_CONFIRMED, by=Stranger(user.username, ip, user.organisation.number), asked_by=correction.asked_by, **changes)
    if "email" in changes:
        interventions.note_address(by=correction.asked_by, user=user)
        catalogue.correction_told(before, email=user.email, done=True)
    return user


def _living(correction: Correction | None, secret: str) -> Correction:
    if correction is None or not hmac.compare_digest(bytes(correction.digest), _digest(secret)) or not correction.is_open:
        raise CorrectionDead
    return correction


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
