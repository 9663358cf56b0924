"""The forms of files on their way."""

from enum import StrEnum

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s2s.rules.kinds import KINDS, Kind, limit
from s2s.rules.refusals import Refused
from s2s.transfers.refusals import SendFault, SendRefused, StepFault
from s2s.transfers.reject import NOTE_LENGTH
from s2s.transfers.upload import MOST_FILES
from s2s.web.forms import Choice, Files, Form, Text, Tick
from s2s.web.page import SignedIn
from s2s.words.formats import size
from s2s.words.forms import FormFault
from s2s.words.transfers import REASONS


class Upload(Form):
    """Files of one kind, each of which is then accepted or refused by itself."""

    files = Files(_("Select Folder & Filename:"), several=True)  # type: ignore[assignment]
    at_once = Tick(_("Send at once, without showing me first what would be sent"))

    def __init__(self, request: SignedIn, kind: Kind) -> None:
        super().__init__(request, {"at_once": request.actor.user.sends_at_once})
        box, extensions = self.fields["files"], KINDS[kind].extensions
        box.help_text = gettext(
            "One or more %(extension)s files, each up to %(limit)s, and at most %(most)s at once. "
            "Use the names your management information system gave them."
        ) % {
            "extension": f".{extensions[0]}",
            "limit": size(limit(kind, from_school=request.actor.organisation.is_school)),
            "most": MOST_FILES,
        }
        box.widget.attrs["accept"] = ",".join(f".{one},.{one.upper()}" for one in extensions)

    def clean(self) -> None:
        number = len(self.cleaned_data["files"])
        if not number:
            self.refuse(Refused(FormFault.NO_FILE), "files")
        if number > MOST_FILES:
            self.refuse(SendRefused(SendFault.TOO_MANY_FILES, limit=MOST_FILES), "files")


class Reject(Form):
    reason = Choice(_("Why are you rejecting it?"), list(REASONS.items()), radios=True)
    note = Text(_("Anything to add?"), rows=4, maxlength=NOTE_LENGTH)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        hint = gettext("The sender reads this on s2s, never in an email. At most %(length)s characters.")
        self.fields["note"].help_text = hint % {"length": NOTE_LENGTH}

    def refuse(self, refusal: Refused[StrEnum], field: str = "") -> None:
        """Words are missing at their box; whatever else the journey refuses is about the rejection, which begins at the reason."""
        super().refuse(refusal, field or ("note" if refusal.code == StepFault.NO_NOTE else "reason"))
