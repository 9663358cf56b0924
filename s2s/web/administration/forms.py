"""The forms of administration."""

from django.utils.translation import gettext_lazy as _

from s2s.web.forms import Day, Form, Hidden


class StartAudit(Form):
    due_on = Day(_("By which day must they answer?"), _("For example 30 11 2027. They have at least 28 days."))
    sure = Hidden()


class ExtendAudit(Form):
    due_on = Day(_("Until which day do they have time?"), _("A day after the present one, for example 30 11 2027."))


class Sure(Form):
    """A button after a check page."""
