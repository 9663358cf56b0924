"""What a form says that was not filled in as it must be, before any journey has seen it."""

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from s2s.rules.refusals import RightFault, StaleFault
from s2s.words.readers import WHICH_ROLE, for_reader
from s2s.words.sentences import Sentence, Sentences, register


class FormFault(StrEnum):
    """Django's codes for a box, as far as ours can raise them, and our own."""

    REQUIRED = "required"
    INVALID = "invalid"  # also whatever else Django may say
    INVALID_CHOICE = "invalid_choice"
    TOO_LONG = "max_length"  # facts: show_value, limit_value
    CHARACTER = "null_characters_not_allowed"
    DATE = "date"  # not digits, or a part is missing
    NO_SUCH_DAY = "no_such_day"  # facts: day, such as 31 February
    NOT_PRESENT_PASSWORD = "not the present password"  # noqa: S105
    SAME_PASSWORD = "same password"  # noqa: S105
    WEAK_PASSWORD = "weak password"  # noqa: S105 - facts: why
    PASSWORDS_DIFFER = "passwords differ"
    TOO_MANY_LINKS = "too many links"
    NO_FILE = "no file"


FORM_FAULTS: Final[Sentences] = {
    FormFault.REQUIRED: Sentence(_("This has not been filled in.")),
    FormFault.INVALID: Sentence(_("This cannot be used as it is."), _("Check what you have typed.")),
    FormFault.INVALID_CHOICE: Sentence(_("This is not one of the choices."), _("Choose from the list.")),
    FormFault.TOO_LONG: Sentence(_("This is too long: %(show_value)s characters. The limit is %(limit_value)s."), _("Shorten it.")),
    FormFault.CHARACTER: Sentence(_("This contains a character that cannot be stored."), _("Type it instead of pasting it.")),
    FormFault.DATE: Sentence(_("This is not a date."), _("Enter the day, month and year in digits, such as 31 8 2026.")),
    FormFault.NO_SUCH_DAY: Sentence(_("There is no such day: %(day)s."), _("Check the day and the month.")),
    FormFault.NOT_PRESENT_PASSWORD: Sentence(_("This is not your current password. Check that Caps Lock is off and type it again.")),
    FormFault.SAME_PASSWORD: Sentence(_("The new password is the same as the old one. Choose another.")),
    FormFault.WEAK_PASSWORD: Sentence(_("This password cannot be used. %(why)s")),
    FormFault.TOO_MANY_LINKS: Sentence(
        for_reader(
            _("You have asked for a link too often. Wait an hour, or ask your LEA Administrator."),
            administrator=_("You have asked for a link too often. Wait an hour, or write to IMS@gov.wales."),
            national=_("You have asked for a link too often. Wait an hour."),
        )
    ),
    FormFault.NO_FILE: Sentence(_("Choose a file first, then press Upload File.")),
    FormFault.PASSWORDS_DIFFER: Sentence(_("The two new passwords are not the same. Type the new password again.")),
}
register(FormFault, FORM_FAULTS)
register(
    RightFault,
    {RightFault.NOT_ALLOWED: Sentence(_("Your role does not do this."), WHICH_ROLE)},
)
register(
    StaleFault,
    {
        StaleFault.STALE: Sentence(
            _("Somebody else has saved this since you opened it, so your changes have not been saved."),
            _("See what is different now, and press the button again if your version is right."),
        ),
    },
)
