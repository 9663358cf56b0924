"""The forms of administration."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2s.organisations.models import Organisation
from s2s.web.forms import Choice, Day, Files, Fixed, Form, Hidden, Text, Tick, Versioned
from s2s.words import organisations as words


def regions() -> list[tuple[str, str]]:
    return words.regions(Organisation.Region.values)


class StartAudit(Form):
    due_on = Day(_("By which day must they answer?"), _("For example 30 11 2027. They have at least 28 days."))
    sure = Hidden()


class ExtendAudit(Form):
    due_on = Day(_("Until which day do they have to answer?"), _("A day after the current one, for example 30 11 2027."))


class Sure(Form):
    """A button after a check page."""


class Correct(Form):
    """The details of a user as they should be."""

    version = Hidden()
    name = Text(_("Full name"))
    email = Text(
        _("Email address"),
        _("A work address. Personal email domains such as hotmail, yahoo or gmail are strictly prohibited."),
        type="email",
    )


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
