"""People and how they sign in (2.1, 1.6): who they are, and why they are not let in."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from s2s.accounts.dfe_sign_in import OutsideFault
from s2s.accounts.links import LinkFault
from s2s.accounts.models import InactiveBecause
from s2s.accounts.second_factor import SecondFactorFault
from s2s.accounts.sign_in import SignInFault
from s2s.rules.roles import RoleCode
from s2s.words.labels import Labels
from s2s.words.readers import for_reader
from s2s.words.sentences import Facts, Sentence, Sentences, register

_FORGOTTEN = _("If you have forgotten your details, contact your LA s2s administrator.")


def _suspended(facts: Facts) -> Sentence:
    if facts["administrator"]:
        return Sentence(
            _("Your account is suspended: nobody confirmed it in the yearly audit of users."),
            _("Ask your LEA Administrator, %(administrator)s (%(email)s), to confirm you; you can then sign in as before."),
        )
    return Sentence(
        _("Your account is suspended: nobody confirmed it in the yearly audit of users."),
        _("Write to IMS@gov.wales to be confirmed; you can then sign in as before."),
    )


SIGN_IN_FAULTS: Sentences = {
    SignInFault.SUSPENDED: _suspended,
    SignInFault.WRONG: Sentence(_("The username or password is not right. Check both: they are case sensitive."), _FORGOTTEN),
    SignInFault.LOCKED: Sentence(
        ngettext_lazy(
            "There have been too many failed attempts. Wait %(minutes)s minute, then try again.",
            "There have been too many failed attempts. Wait %(minutes)s minutes, then try again.",
            "minutes",
        ),
        _FORGOTTEN,
    ),
}
SECOND_FACTOR_FAULTS: Final[Sentences] = {
    SecondFactorFault.WRONG: Sentence(
        _("This code or passkey is not right, or has already been used."), _("Wait for the next code and type that.")
    ),
    SecondFactorFault.TOO_MANY: Sentence(_("There have been too many failed attempts."), _("Wait 15 minutes, then try again.")),
}
OUTSIDE_FAULTS: Final[Sentences] = {
    OutsideFault.UNKNOWN: Sentence(
        _("%(name)s knows who you are, but we cannot tell which account here is yours."),
        _(
            "If you have a username and password for s2s, sign in with them and connect your account under “Sign-in and security”. "
            "If you have none, ask the LEA Administrator of your local authority, or write to IMS@gov.wales."
        ),
    ),
    OutsideFault.TAKEN: Sentence(
        _("This %(name)s account is connected to somebody else’s account here."),
        for_reader(
            _("Ask your LEA Administrator, or write to IMS@gov.wales."),
            administrator=_("Write to IMS@gov.wales."),
            national=_("Ask another national administrator."),
        ),
    ),
}
LINK_FAULTS: Final[Sentences] = {
    LinkFault.DEAD: Sentence(
        _("A link works only once and for a short time, and only if you use the whole address."),
        _("There may be a newer one in your email."),
    ),
}
register(SignInFault, SIGN_IN_FAULTS)
register(SecondFactorFault, SECOND_FACTOR_FAULTS)
register(OutsideFault, OUTSIDE_FAULTS)
register(LinkFault, LINK_FAULTS)

ROLES: Final[Labels] = {
    RoleCode.LEA_DBA: _("LEA Administrator (DBA)"),
    RoleCode.LEA_USER: _("LEA User"),
    RoleCode.LEA_SCHOOL: _("LEA School"),
    RoleCode.LEA_LOST_PUPIL: _("LEA Lost Pupil"),
    RoleCode.LEA_LOST_PUPIL_TRANSFER: _("LEA Lost Pupil Transfer"),
    RoleCode.LEA_DBA_VIEW: _("LEA DBA (View only)"),
    RoleCode.LEA_PLASC: _("LEA PLASC"),
    RoleCode.LEA_ADMISSIONS: _("LEA Admissions"),
    RoleCode.SCHOOL: _("School user"),
    RoleCode.NATIONAL: _("National administrator"),
}
WHY_INACTIVE: Final[Labels] = {
    InactiveBecause.SWITCHED_OFF: _("Not active: switched off"),
    InactiveBecause.NOT_CONFIRMED: _("Not active: not confirmed in the yearly audit of users"),
}
ACTIVE: Final = _("Active")
INACTIVE: Final = _("Not active")


def role(code: str) -> str:
    return str(ROLES[code])


def role_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The drop-down list of roles."""
    return [(code, str(ROLES[code])) for code in codes]


def activity(*, is_active: bool, because: str) -> str:
    return str(ACTIVE if is_active else WHY_INACTIVE.get(because, INACTIVE))
