"""The forms of administration."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2s.web.forms import Day, Files, Form, Hidden, Text, Tick, Versioned


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
