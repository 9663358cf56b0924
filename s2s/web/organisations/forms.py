"""The forms about schools and local authorities."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from s2s.organisations import queries
from s2s.web.forms import Choice, Form, Text, options


class FindSchool(Form):
    asks = True

    q = Text(
        _("Name, town or number"),
        _("In Welsh or English, as much of it as you know. Names that are not quite right are found too."),
        longest=100,
        type="search",
    )
    lea = Choice(_("Local authority"), type_ahead=True)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.fields["lea"].choices = options(queries.authorities())  # type: ignore[attr-defined]
