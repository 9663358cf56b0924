"""The second factor: an authenticator app, passkeys, and recovery codes for when neither is at hand.

django-allauth (its app `mfa`) makes and checks codes and keys; what it asks the browser for it keeps in the visitor's session, which it
finds by itself. Who may, what is written down and who is told is decided here. See docs/decisions/0015-allauth-underneath.md.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import (
    TOTP,
    clear_totp_secret,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.forms import Form

from s2s.accounts.actors import Person, Stranger
from s2s.accounts.models import User
from s2s.audit.models import Action
from s2s.audit.trail import Witness, record
from s2s.kept import check, kept
from s2s.notices import catalogue
from s2s.notices.catalogue import Changed
from s2s.rules.refusals import Refused
from s2s.rules.roles import needs_second_step

Kind = Authenticator.Type
KEY = "second-factor.key"


class SecondFactorFault(StrEnum):
    WRONG = "wrong"
    TOO_MANY = "too many"


class SecondFactorRefused(Refused[SecondFactorFault]):
    pass


@dataclass(frozen=True)
class Factor:
    """An app or a passkey of somebody's; `number` tells it from their others."""

    number: int
    kind: str
    name: str
    since: datetime
    last_used: datetime | None

    @property
    def is_app(self) -> bool:
        return bool(self.kind == Kind.TOTP)


def is_on(user: User) -> bool:
    """Whether a second step follows this person's password."""
    return bool(_factors(user).exists())


def is_due(user: User) -> bool:
    """Whether this person must set one up before any other page opens (S2S_REQUIRE_SECOND_FACTOR)."""
    return bool(settings.REQUIRE_SECOND_FACTOR) and needs_second_step(user.role) and not is_on(user)


def factors(user: User) -> list[Factor]:
    rows = _factors(user).order_by("type", "created_at")
    return [Factor(row.pk, row.type, row.data.get("name", ""), row.created_at, row.last_used_at) for row in rows]


def codes_left(user: User) -> int:
    """How many recovery codes have not been used."""
    codes = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    return len(codes.wrap().get_unused_codes()) if codes else 0


def check_code(*, user: User, code: str, ip: str) -> None:
    """The second step by a code of the app or a recovery code, each good once. Raises SecondFactorRefused, having recorded it."""
    form, fault = _try(user, "".join(code.split())[:40])
    if fault:
        _refuse(fault, user, ip)
    form.save()


@transaction.atomic
def _try(user: User, code: str) -> tuple[AuthenticateForm, SecondFactorFault | None]:
    """Check the code. Two tries at the same moment are checked one after the other."""
    list(_all_of(user).select_for_update())
    form = AuthenticateForm({"code": code}, user=user)
    if not _is_valid(form):
        return form, _fault(form)
    if form.authenticator.type == Kind.TOTP and not _use(form.authenticator, code):
        return form, SecondFactorFault.WRONG
    return form, None


def _use(app: Authenticator, code: str) -> bool:
    """Accept this code unless one of this half minute or of a later one was accepted, however it was written (RFC 6238, 5.2)."""
    counter = _counter(Authenticators().decrypt(app.data["secret"]), code)
    if counter <= app.data.get("counter", 0):
        return False
    app.data["counter"] = counter
    app.save(update_fields=["data"])
    return True


def _counter(secret: str, code: str) -> int:
    """The latest half minute that has this code, within the error that a clock may have."""
    shown = ((counter, format_hotp_value(hotp_value(secret, counter))) for counter in yield_hotp_counters_from_time())
    return max((counter for counter, expected in shown if compare_user_code(actual=code, expected=expected)), default=0)


def check_passkey(*, user: User, answer: str, ip: str) -> None:
    """The second step by a passkey; `answer` is the browser's, JSON. Raises SecondFactorRefused, having recorded it."""
    form = AuthenticateWebAuthnForm({"credential": answer}, user=user)
    _pass(form, user, ip)
    form.save()


def ask_for_passkey(user: User) -> dict[str, Any] | None:
    """What the browser needs in order to ask for one of the person's passkeys; None if the person has none."""
    if not _factors(user).filter(type=Kind.WEBAUTHN).exists():
        return None
    return dict(webauthn.begin_authentication(user))


def ask_for_new_passkey(user: User) -> dict[str, Any]:
    """What the browser needs in order to make a passkey."""
    return dict(webauthn.begin_registration(user, passwordless=False))


def new_app(user: User) -> tuple[str, str]:
    """A new secret for an authenticator app, not yet in use, and the URL that its picture holds."""
    return _app(ActivateTOTPForm(user=user), user)


def same_app(user: User) -> tuple[str, str]:
    """The secret that was last offered, for a form that comes back with a problem."""
    return _app(ActivateTOTPForm({}, user=user), user)


def picture(url: str) -> str:
    """The URL as a QR code, in SVG."""
    return str(Authenticators().build_totp_svg(url))


def add_app(*, actor: Person, code: str) -> list[str]:
    """Put the offered app in the place of any earlier one, once it has shown a right code. The new recovery codes, if there were none.

    Raises SecondFactorRefused; the attempt counts, so it stands outside the transaction.
    """
    form = ActivateTOTPForm({"code": code[:40]}, user=actor.user)
    if not _is_valid(form):
        raise SecondFactorRefused(_fault(form))
    clear_totp_secret(context.request)
    return _keep_app(actor, form.secret, code)


@transaction.atomic
def _keep_app(actor: Person, secret: str, code: str) -> list[str]:
    Authenticator.objects.filter(user=actor.user, type=Kind.TOTP).delete()
    _use(TOTP.activate(actor.user, secret).instance, code)
    return _added(actor, Changed.APP_ADDED, Kind.TOTP)


@transaction.atomic
def add_passkey(*, actor: Person, name: str, answer: str) -> list[str]:
    """Keep a passkey that the browser has made. The new recovery codes, if there were none. Raises SecondFactorRefused."""
    form = AddWebAuthnForm({"name": name, "credential": answer}, user=actor.user)
    if not _is_valid(form):
        raise SecondFactorRefused(SecondFactorFault.WRONG)
    webauthn.WebAuthn.add(actor.user, name, form.cleaned_data["credential"])
    return _added(actor, Changed.PASSKEY_ADDED, Kind.WEBAUTHN)


@transaction.atomic
def remove(*, actor: Person, number: int | None) -> None:
    """Take away one app or passkey of the person's, or with None all; the recovery codes go with the last."""
    chosen = _factors(actor.user)
    if number is not None:
        chosen = chosen.filter(pk=number)
    for row in chosen:
        record(Action.SECOND_FACTOR_REMOVED, by=actor, kind=row.type)
    chosen.delete()
    if not is_on(actor.user):
        Authenticator.objects.filter(user=actor.user).delete()
    catalogue.security(actor.user.recipient, Changed.FACTOR_REMOVED)


@transaction.atomic
def take_away(*, by: Witness, person: User) -> None:
    """Remove all of it for somebody who has lost it; the caller has made sure who is asking. Their sessions end."""
    record(Action.SECOND_FACTOR_REMOVED, by=by, person=person.username, kind="all")
    Authenticator.objects.filter(user=person).delete()
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1, version=F("version") + 1)
    catalogue.security(person.recipient, Changed.FACTOR_REMOVED)


@transaction.atomic
def new_codes(*, actor: Person) -> list[str]:
    """Ten recovery codes in the place of those that are left; shown now and never again."""
    User.objects.select_for_update().get(pk=actor.user.pk)
    Authenticator.objects.filter(user=actor.user, type=Kind.RECOVERY_CODES).delete()
    record(Action.RECOVERY_CODES_MADE, by=actor)
    catalogue.security(actor.user.recipient, Changed.NEW_CODES)
    return list(RecoveryCodes.activate(actor.user).generate_codes())


def _added(actor: Person, change: Changed, kind: str) -> list[str]:
    record(Action.SECOND_FACTOR_ADDED, by=actor, kind=kind)
    catalogue.security(actor.user.recipient, change)
    if Authenticator.objects.filter(user=actor.user, type=Kind.RECOVERY_CODES).exists():
        return []
    record(Action.RECOVERY_CODES_MADE, by=actor)
    return list(RecoveryCodes.activate(actor.user).generate_codes())


def _factors(user: User) -> Any:
    return _all_of(user).exclude(type=Kind.RECOVERY_CODES)


def _all_of(user: User) -> Any:
    return Authenticator.objects.filter(user=user)


def _app(form: Form, user: User) -> tuple[str, str]:
    secret = form.secret  # type: ignore[attr-defined]
    return secret, Authenticators().build_totp_url(user, secret)


def _pass(form: Form, user: User, ip: str) -> None:
    if not _is_valid(form):
        _refuse(_fault(form), user, ip)


def _refuse(fault: SecondFactorFault, user: User, ip: str) -> None:
    record(Action.SECOND_FACTOR_REFUSED, by=Stranger(user.username, ip), fault=fault)
    raise SecondFactorRefused(fault)


def _is_valid(form: Form) -> bool:
    """A browser can send JSON of any shape; whatever does not fit is a wrong answer."""
    try:
        return form.is_valid()
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, InvalidToken):
        return False


def _fault(form: Form) -> SecondFactorFault:
    codes = {error.code for of_field in form.errors.as_data().values() for error in of_field}
    return SecondFactorFault.TOO_MANY if codes & {"too_many_login_attempts", "rate_limited"} else SecondFactorFault.WRONG


class Authenticators(DefaultMFAAdapter):  # type: ignore[misc]
    """Our answers to what allauth asks: a key outside the database seals secrets, and people appear by their user names."""

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def _get_user_identifier(self, user: User) -> str:
        return user.username

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {"id": str(user.pk).encode(), "display_name": user.username, "name": user.username}


@cache
def _seal() -> Fernet:
    """The key in the folder of keys. It is never replaced by a new one while it has sealed anything. Raises KeyMissing."""
    return Fernet(kept(settings.KEYS / KEY, Fernet.generate_key, allowed=lambda: not _has_sealed()))


def check_key() -> None:
    """Raises KeyMissing when the file has gone, even from under a process that knows the key."""
    check(settings.KEYS / KEY, needed=_has_sealed)


def _has_sealed() -> bool:
    return bool(Authenticator.objects.exclude(type=Kind.WEBAUTHN).exists())
