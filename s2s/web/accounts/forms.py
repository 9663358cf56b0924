"""The forms of signing in and of one's own account."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s2s.accounts import sign_in
from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.accounts.second_factor import Factor
from s2s.rules.refusals import Refused
from s2s.web.forms import Choice, Form, Hidden, Password, Text
from s2s.words.forms import FormFault

CASE_MATTERS = _("Your username and password are case sensitive.")


class SignIn(Form):
    username = Text(_("Username:"), CASE_MATTERS, autocomplete="username")
    password = Password(_("Password:"), CASE_MATTERS)
    next = Hidden()


class NewPassword(Form):
    """A new password, twice; `user` is whose it will be."""

    new = Password(
        _("New password"),
        _("At least 12 characters. Three or four unrelated words are easy to remember and hard to guess."),
        autocomplete="new-password",
    )
    again = Password(_("New password again"), autocomplete="new-password")

    def __init__(self, request: HttpRequest, user: User) -> None:
        super().__init__(request)
        self.user = user

    def clean(self) -> None:
        new = self.cleaned_data.get("new", "")
        try:
            validate_password(new, self.user)
        except ValidationError as refusal:
            self.refuse(Refused(FormFault.WEAK_PASSWORD, why=" ".join(refusal.messages)), "new")
        if new != self.cleaned_data.get("again", new):
            self.refuse(Refused(FormFault.PASSWORDS_DIFFER), "again")


class ChangePassword(NewPassword):
    """The present password is asked for first."""

    old = Password(_("Your current password"))
    field_order = ["old", "new", "again"]

    def __init__(self, request: HttpRequest, actor: Person) -> None:
        super().__init__(request, actor.user)
        self.actor = actor

    def clean(self) -> None:
        confirm(self, self.actor, "old")
        if self.cleaned_data.get("new") == self.cleaned_data.get("old"):
            self.refuse(Refused(FormFault.SAME_PASSWORD), "new")
        super().clean()


class WithOwnPassword(Form):
    """Something that matters: the own password is asked for again. Derived forms have their boxes before it."""

    password = Password(_("Your current password"))

    def __init__(self, request: HttpRequest, actor: Person) -> None:
        super().__init__(request)
        self.actor = actor
        self.order_fields([name for name in self.fields if name != "password"])

    def clean(self) -> None:
        confirm(self, self.actor, "password")


class SetUpApp(WithOwnPassword):
    code = Text(
        _("Code"), _("The six digits your app shows now."), longest=40, autocomplete="one-time-code", classes="govuk-input--width-10"
    )


class AddPasskey(WithOwnPassword):
    """The browser puts its answer into `passkey`."""

    name = Text(_("Name of the passkey"), _("Such as: office computer, my phone, blue key."), longest=60, required=True)
    passkey = Hidden()


class RemoveFactor(WithOwnPassword):
    factor = Choice(_("What do you want to remove?"), required=True, radios=True)

    def __init__(self, request: HttpRequest, actor: Person, factors: Iterable[Factor]) -> None:
        super().__init__(request, actor)
        named = [(str(factor.number), factor_words(factor)) for factor in factors]
        self.fields["factor"].choices = [*named, ("all", _("Everything: switch the second step off"))]  # type: ignore[attr-defined]


class SecondStep(Form):
    """A code, or what a passkey answered."""

    code = Text(
        _("Code"),
        _("The six digits your authenticator app shows now, or one of your recovery codes."),
        autocomplete="one-time-code",
        classes="govuk-input--width-10",
    )
    passkey = Hidden()


class ForgottenPassword(Form):
    username = Text(_("Username:"), CASE_MATTERS, required=True, autocomplete="username")


def factor_words(factor: Factor) -> str:
    return gettext("Authenticator app") if factor.is_app else gettext("Passkey: %(name)s") % {"name": factor.name}


def confirm(form: Form, actor: Person, box: str) -> None:
    """Whether the present password in this box is right, which is asked for again before something that matters. Wrong ones count."""
    try:
        sign_in.confirm(actor=actor, password=form.cleaned_data.get(box, ""))
    except sign_in.SignInRefused as refusal:
        locked = refusal.code == sign_in.SignInFault.LOCKED
        form.refuse(refusal if locked else Refused(FormFault.NOT_PRESENT_PASSWORD), box)
