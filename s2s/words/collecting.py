"""What the sender of an accepted file is told when nobody at its destination may collect it."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from s2s.accounts.collecting import CollectWarning
from s2s.words.sentences import Facts, Sentence, Sentences, register


def _closing(facts: Facts) -> Sentence:
    fix = _("If the pupil starts there after that day, ask the school which school to send the file to.")
    if not facts["successor"]:
        return Sentence(_("%(organisation)s closes on %(closed_on)s."), fix)
    return Sentence(
        _("%(organisation)s closes on %(closed_on)s. Its place will be taken by %(successor)s (%(successor_number)s)."),
        _("If the pupil starts after that day, export the file again for %(successor_number)s and send it there."),
    )


COLLECT_WARNINGS: Final[Sentences] = {
    CollectWarning.NO_USER: Sentence(
        _("Nobody at %(organisation)s has an s2s user account that can download this file."),
        _("The file will wait there. Let them know: their local authority can set up a user."),
    ),
    CollectWarning.INACTIVE: Sentence(
        _("The s2s user account of %(organisation)s is not active, so nobody there can download this file."),
        _("The file will wait there. Let them know: their local authority can make the account active again."),
    ),
    CollectWarning.NO_EMAIL: Sentence(
        _("s2s has no email address for %(organisation)s, so nobody there will be told that this file is waiting."),
        _("Tell them yourself."),
    ),
    CollectWarning.CLOSING: _closing,
}
register(CollectWarning, COLLECT_WARNINGS)
