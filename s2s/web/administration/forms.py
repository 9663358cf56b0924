"""The forms of administration."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2s.accounts.models import User
from s2s.administration.school_maintenance import SCHOOL_TYPES, version_of
from s2s.administration.user_maintenance import Assigned
from s2s.organisations.models import Organisation
from s2s.organisations.queries import categories
from s2s.rules.roles import RoleCode
from s2s.web.forms import Choice, Day, Files, Fixed, Form, Hidden, Password, Text, Tick, Versioned, options
from s2s.words import organisations as words
from s2s.words.accounts import role_choices


def regions() -> list[tuple[str, str]]:
    return words.regions(Organisation.Region.values)


class StartAudit(Form):
    due_on = Day(_("By which day must they answer?"), _("For example 30 11 2027. They have at least 28 days."))
    sure = Hidden()


class ExtendAudit(Form):
    due_on = Day(_("Until which day do they have to answer?"), _("A day after the current one, for example 30 11 2027."))


class Sure(Form):
    """A button after a check page."""


class ChooseOffice(Form):
    """Whose users does the national administrator look after?"""

    asks = True
    at = Choice(
        _("Whose users?"),
        (),
        _("Choose a local authority, or the national office. You can type part of the name or the number."),
        type_ahead=True,
    )

    def __init__(self, request: HttpRequest, offices: Iterable[Organisation]) -> None:
        super().__init__(request)
        self.fields["at"].choices = [("", _("Choose")), *words.place_choices(offices)]  # type: ignore[attr-defined]


class FindUser(Form):
    asks = True
    at = Hidden()
    q = Text(_("Find a user"), _("Username, full name, email address or school; part of it is enough."), classes="govuk-!-width-one-half")


_LONG = _("At least 12 characters. Three or four unrelated words are easy to remember and hard to guess.")


class GivePassword(Form):
    """How a user gets a password: by a link, or an administrator assigns one (3.3, 3.6), where the site lets them."""

    way = Choice(
        _("How should the user get the password?"),
        (("link", _("By a link sent by s2s (recommended)")), ("assigned", _("You set a password"))),
        radios=True,
    )
    password = Password(_("New password"), _LONG, autocomplete="new-password")
    again = Password(_("New password again"), autocomplete="new-password")

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, {"way": "link"})
        if not settings.ASSIGNED_PASSWORDS:
            self.fields["way"] = Hidden()
            del self.fields["password"], self.fields["again"]

    @property
    def assigned(self) -> Assigned | None:
        """The password typed twice; None when a link goes out."""
        typed = self.cleaned_data
        return Assigned(typed.get("password", ""), typed.get("again", "")) if typed["way"] == "assigned" else None


class Role(Choice):
    """A role; the journey says which cannot be given, and why."""

    def valid_value(self, value: object) -> bool:
        return True


_WORK_ADDRESS = _("A work address. Personal email domains such as hotmail, yahoo or gmail are strictly prohibited.")


class AddUser(GivePassword):
    username = Text(_("Username"))
    name = Text(_("Full name"))
    email = Text(_("Email address"), _WORK_ADDRESS, type="email")
    role = Role(_("Role"))
    password = Password(_("Password"), _LONG, autocomplete="new-password")
    again = Password(_("Password again"), autocomplete="new-password")
    field_order = ("username", "name", "email", "role", "way", "password", "again")

    def __init__(self, request: HttpRequest, place: Organisation, roles: Sequence[RoleCode]) -> None:
        super().__init__(request)
        example = f"{place.number if place.is_authority else 'wg'}bjones"
        self.fields["username"].help_text = _EXAMPLE % {"example": example}
        choose = [] if len(roles) == 1 else [("", _("Choose a role"))]
        self.fields["role"].choices = [*choose, *role_choices(roles)]  # type: ignore[attr-defined]


_EXAMPLE = _("Letters and digits only; it is case sensitive. For example, your LA number, an initial and the surname: %(example)s.")


class ChangeRole(Versioned):
    """The role is all that can be changed (3.4), by those who may give and take the present one."""

    role = Role(_("Role"), (), _("The user will be told, and will have to sign in again."))

    def __init__(self, request: HttpRequest, user: User, roles: Sequence[RoleCode]) -> None:
        super().__init__(request, {"role": user.role, "version": user.version})
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]
        if not roles:
            del self.fields["role"]


class SwitchUser(Versioned):
    """Off, or on again: the button says which."""

    switch = Hidden()


class DeleteUser(Versioned):
    """`back` is the page that led here, when it was not the list of users."""

    back = Hidden()


class Correct(Versioned):
    """The details of a user as they should be."""

    name = Text(_("Full name"))
    email = Text(_("Email address"), _WORK_ADDRESS, type="email")


class ChooseList(Form):
    list = Files(_("The list"), _("You will first see what would change. Nothing is saved until you say so."))


class TakeIn(Form):
    close_many = Tick(_("The list is complete: close every school that is not on it."))


class AddCategory(Form):
    name = Text(_("Name"))
    name_cy = Text(_("Name in Welsh"), lang="cy")


class RenameCategory(AddCategory, Versioned):
    """Its version is the name that it had."""


class PublishNotice(Form):
    text = Text(_("In English"), rows=4, lang="en", maxlength=1000)
    text_cy = Text(
        _("In Welsh"), _("Both are needed: everybody sees the notice in the language they use."), rows=4, lang="cy", maxlength=1000
    )
    first = Day(pgettext_lazy("the first day of a notice", "From"), _("Leave it blank to start now."))
    last = Day(_("Until the end of"), _("Leave it blank to show the notice until you withdraw it."))


class ChooseAuthority(Form):
    """Which LA first? The national administrator is asked."""

    asks = True
    lea = Choice(_("Local authority"), type_ahead=True)

    def __init__(self, request: HttpRequest, authorities: Iterable[Organisation]) -> None:
        super().__init__(request)
        self.fields["lea"].choices = options(authorities)  # type: ignore[attr-defined]


class SchoolByNumber(Form):
    """One of the LA's schools by its digits."""

    asks = True
    lea = Fixed()
    number = Text(
        _("Establishment number"),
        _("The four digits after the LA number, if you know them."),
        classes="govuk-input--width-5",
        inputmode="numeric",
    )


class SchoolFromList(Form):
    asks = True
    lea = Fixed()
    school = Choice(_("Or select the school from the list"), type_ahead=True)

    def __init__(self, request: HttpRequest, authority: Organisation, schools: Iterable[Organisation]) -> None:
        super().__init__(request, {"lea": authority.number})
        self.fields["school"].choices = options(schools)  # type: ignore[attr-defined]


class SchoolDetails(Form):
    lea = Fixed()
    name = Text(_("School name"))
    name_cy = Text(_("School name in Welsh"), _("If it has one. It is shown on Welsh pages."), lang="cy")
    telephone = Text(_("Telephone number"), type="tel", classes="govuk-input--width-20")
    email = Text(
        _("Email"),
        _("The school's own address. Addresses at personal email domains such as Hotmail or Yahoo are prohibited."),
        type="email",
    )
    street = Text(_("Street"))
    town = Text(_("Town"), classes="govuk-input--width-20")
    postcode = Text(_("Postcode"), classes="govuk-input--width-10")
    language = Choice(_("Language of emails"), words.languages)


class UpdateSchool(SchoolDetails, Versioned):
    """`national` asks also for what only the national administrator says of a school."""

    school_type = Choice(_("Type of school"))
    category = Choice(_("Category"))
    username = Text(_("Username:"), classes="govuk-input--width-20")
    active = Choice(
        _("User account"),
        (("yes", _("Active")), ("no", _("Inactive"))),
        _(
            "Nobody can sign in to an inactive account. Use of s2s is a statutory requirement, so there should be no need to make any "
            "school inactive."
        ),
        radios=True,
    )

    def __init__(self, request: HttpRequest, school: Organisation, user: User | None, *, national: bool) -> None:
        columns = ("name", "name_cy", "telephone", "email", "street", "town", "postcode", "language", "school_type")
        present: dict[str, object] = {column: getattr(school, column) for column in columns}
        present |= {
            "lea": school.authority.number if school.authority else "",
            "category": school.category_id or "",
            "version": version_of(school),
        }
        super().__init__(request, present | {"username": user.username if user else "", "active": _active(user)})
        self.fields["username"].help_text = _RENAMES if user else _NO_USER_YET
        if not user:
            del self.fields["active"]
        if national:
            self._choices_of(school)
        else:
            del self.fields["school_type"], self.fields["category"]

    def _choices_of(self, school: Organisation) -> None:
        """The type that it has may be one that only an official list has."""
        types = SCHOOL_TYPES if school.school_type in {*SCHOOL_TYPES, ""} else (school.school_type, *SCHOOL_TYPES)
        self.fields["school_type"].choices = words.school_types(types)  # type: ignore[attr-defined]
        self.fields["category"].choices = words.categories(categories())  # type: ignore[attr-defined]


_RENAMES = _("Letters and digits. If you change it, the old one stops working.")
_NO_USER_YET = _(
    "This school has no user account yet. To create one, enter a username, usually the school's seven digits, and make sure that "
    "the school has an email address: a link to choose a password will be sent there."
)


def _active(user: User | None) -> str:
    return "no" if user and not user.is_active else "yes"


class AddSchool(SchoolDetails):
    number = Text(
        _("Establishment number"),
        _("The school's own four digits, which no other school of the LA has."),
        classes="govuk-input--width-5",
    )
    school_type = Choice(_("Type of school"))
    username = Text(
        _("Username:"),
        _(
            "Letters and digits. If you leave it blank, it will be the school's seven digits. If there is an email address, the school is "
            "sent its username and, in another email, a link to choose a password."
        ),
        classes="govuk-input--width-20",
    )
    field_order = ("lea", "number", "school_type")

    def __init__(self, request: HttpRequest, authority: Organisation, school_types: Sequence[str]) -> None:
        super().__init__(request, {"lea": authority.number})
        self.fields["school_type"].choices = words.school_types(school_types)  # type: ignore[attr-defined]
        if len(school_types) == 1:
            del self.fields["school_type"]


class CloseSchool(Versioned):
    closed_on = Day(
        _("When does it close, or when did it close?"),
        _("From this day nobody can send files to it. Files already waiting for it can still be collected."),
    )
    successor = Text(
        _("Which school takes its place?"),
        _("Its seven digits, or leave it blank. Anybody who sends a file to the closed school will be told to send it there."),
        classes="govuk-input--width-10",
    )


class EditAuthority(Versioned):
    """The details of an LA or of the national office; `may_move` asks for the region too."""

    lea = Fixed()
    name = Text(_("LEA Name"))
    name_cy = Text(_("LEA Name in Welsh"), lang="cy")
    email = Text(
        _("Email"),
        _(
            "The LA's own address. Notices of files awaiting download go there, and Contacts shows it. Addresses at personal email domains "
            "such as Hotmail or Yahoo are prohibited."
        ),
        type="email",
    )
    telephone = Text(_("Telephone number"), type="tel", classes="govuk-input--width-20")
    opening_times = Text(_("Opening times"), _("When somebody answers, for example: Monday to Friday, 9 to 4. It is shown on Contacts."))
    language = Choice(_("Language of emails"), words.languages)
    region = Choice(_("Region"), regions)
    disable = Choice(
        _("Disable Download CTF Files"),
        (("N", "N"), ("Y", "Y")),
        _(
            "N: the LA gets copies of the CTFs sent to and by its schools, and an email about each. Y: it gets neither. Copies that have "
            "already arrived stay."
        ),
        radios=True,
    )

    def __init__(self, request: HttpRequest, authority: Organisation, *, may_move: bool) -> None:
        columns = ("name", "name_cy", "email", "telephone", "opening_times", "language", "region", "version")
        present = {column: getattr(authority, column) for column in columns}
        super().__init__(request, present | {"lea": authority.number, "disable": "N" if authority.copies else "Y"})
        if not may_move:
            del self.fields["region"]
        if not authority.is_authority:
            del self.fields["disable"]
