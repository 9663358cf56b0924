"""Why a file is not accepted, a step cannot be taken, somebody is not let in."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from s2s.accounts.sign_in import SignInFault
from s2s.rules.lifecycle import State
from s2s.transfers.refusals import SendFault, StepFault
from s2s.words.rows import Facts, Row, Words

_EXPORT = _("Export it again from your management information system and upload the new file.")


def _not_your_number(facts: Facts) -> Row:
    fix = (
        _("This file was sent to you. To receive it choose Download CTF Files.")
        if facts["to_you"]
        else _("The first number must be your own. Export the file again from your own management information system, or correct the name.")
    )
    if facts["organisation"]:
        return Row(_("The first number is %(address)s, %(organisation)s; you are %(yours)s."), fix)
    return Row(_("The first number is %(address)s; you are %(yours)s."), fix)


def _unknown_school(facts: Facts) -> Row:
    fix = _(
        "Check the second number of the name. If the number is right, ask your local authority to have the school set up. "
        "If you do not know where the pupil has gone, export the file again for XXXXXXX."
    )
    if facts["authority"]:
        return Row(_("There is no school %(address)s in %(authority)s."), fix)
    return Row(_("There is no school %(address)s."), fix)


def _closed_school(facts: Facts) -> Row:
    if facts["successor"]:
        return Row(
            _("%(organisation)s (%(address)s) closed on %(closed_on)s. Its place was taken by %(successor)s (%(successor_number)s)."),
            _("Export the file again for %(successor_number)s. Its name is then %(right)s."),
        )
    return Row(
        _("%(organisation)s (%(address)s) closed on %(closed_on)s."),
        _("Ask your local authority which school the pupil has gone to. If nobody knows, export the file again for XXXXXXX."),
    )


SEND_FAULTS: Words = {
    SendFault.WRONG_KIND: Row(
        _("By its name this is another type of file: %(kind)s. Only this type is accepted here: %(expected)s."),
        _("Choose the right entry under Upload; or, if the name is wrong, rename the file."),
    ),
    SendFault.EMPTY: Row(_("The file is empty."), _EXPORT),
    SendFault.TOO_LARGE: Row(
        _("The file is too large: %(size)s. The limit is %(limit)s."),
        _("Export fewer pupils at a time, into several files with different numbers at the end of the name."),
    ),
    SendFault.NOT_YOUR_NUMBER: _not_your_number,
    SendFault.UNKNOWN_SCHOOL: _unknown_school,
    SendFault.UNKNOWN_AUTHORITY: Row(
        _("There is no local authority with the number at the beginning of %(address)s."),
        _("Check the first three digits of the second number in the name."),
    ),
    SendFault.CLOSED_SCHOOL: _closed_school,
    SendFault.NO_LOST_PUPILS: Row(
        _("Your role cannot send files to the Lost Pupil Database (XXXXXXX or MMMMMMM)."),
        _("Schools can, and the LEA School role. Ask the school to send the file, or ask your LEA Administrator."),
    ),
    SendFault.TOO_MANY_FILES: Row(_("These are too many files for one upload. The limit is %(limit)s."), _("Upload them a few at a time.")),
}


def _not_now(facts: Facts) -> Row:
    match facts["state"]:
        case State.COLLECTED:
            return Row(
                _("%(name)s has been downloaded already."),
                _("You find it under Previously Downloaded CTF Files, and can download it again there."),
            )
        case State.REJECTED:
            return Row(_("%(name)s has been rejected."), _("If you need it after all, ask the sender to send it again."))
        case State.WAITING:
            return Row(_("%(name)s has not been downloaded yet."), _("Download it first, then say whether it arrived whole."))
        case _:
            return Row(
                _("Somebody else has done something with %(name)s in the meantime."), _("Look at the list again, then go on from there.")
            )


STEP_FAULTS: Words = {
    StepFault.NOT_NOW: _not_now,
    StepFault.NO_REASON: Row(_("No reason is chosen."), _("Choose why you reject the file; the sender is told.")),
    StepFault.NO_NOTE: Row(
        _("“Another reason” needs a few words."), _("Write why you reject the file, so that the sender can put it right.")
    ),
    StepFault.NOTHING_CHOSEN: Row(_("No file is chosen."), _("Tick the box beside at least one file.")),
    StepFault.TOO_MUCH: Row(_("These files are too large for one zip. The limit is %(limit)s."), _("Choose fewer files at a time.")),
}

_FORGOTTEN = _("If you have forgotten your details, contact your LA s2s administrator.")

SIGN_IN_FAULTS: Words = {
    SignInFault.WRONG: Row(_("The username or the password is not right. Check both: capital and small letters count."), _FORGOTTEN),
    SignInFault.LOCKED: Row(
        ngettext_lazy(
            "There have been too many failed attempts. Wait %(minutes)s minute, then try again.",
            "There have been too many failed attempts. Wait %(minutes)s minutes, then try again.",
            "minutes",
        ),
        _FORGOTTEN,
    ),
}
