"""The forms of administration."""

from django.utils.translation import gettext_lazy as _

from s2s.web.forms import Day, Files, Form, Hidden, Text, Tick


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
