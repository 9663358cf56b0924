"""What is wrong with a file's name, and what was put right in it (5.4, Appendix 2)."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from s2s.rules.filenames import NameFault, Repair
from s2s.rules.kinds import Kind
from s2s.rules.meant_names import OtherFile
from s2s.words.ctf import EXPORT, SIGNED_OUT
from s2s.words.rows import Facts, Row, Words

RENAME = _("Rename the file to %(right)s and upload it again.")
CHOOSE = _(
    "Rename the file to %(open)s, with digits of your choice in place of NNN, and different ones for each file. Then upload it again."
)
LIKE_THIS = _("A right name looks like this: %(example)s. All valid file names are under Help.")
_SENDER = _("It is the sender's: for a school seven digits, such as 6812045, for a local authority its three digits and LLLL.")
_DESTINATION = _(
    "It is the destination's: for a school seven digits, such as 6812061, for a local authority its three digits and LLLL. "
    "When you do not know where the pupil has gone, write XXXXXXX."
)


def _by_side(source: Row, destination: Row) -> Callable[[Facts], Row]:
    return lambda facts: source if facts["side"] == "source" else destination


def _no_extension(facts: Facts) -> Row:
    if "right" in facts:
        return Row(_("The ending of the name, %(expected)s, is missing."))
    return Row(_("The ending of the name is missing, such as .xml."), _("All valid file names are under Help."))


def _extension(facts: Facts) -> Row:
    text = _("The name ends in .%(extension)s instead of %(expected)s.")
    if "right" not in facts:
        return Row(text, LIKE_THIS)
    if str(facts["extension"]).lower() in _PACKED:
        return Row(text, _("Unpack the file and upload what is in it. If it is not packed at all, rename it to %(right)s."))
    return Row(
        text,
        _("Rename the file to %(right)s and upload it again. If your computer hides the ending .%(extension)s, export the file again."),
    )


def _ending_twice(facts: Facts) -> Row:
    text = _("The name ends in .%(extension)s twice. Your computer may show you only one of them.")
    if "right" not in facts:
        return Row(text, LIKE_THIS)
    return Row(text, _("Take .%(extension)s off the name that you see, and upload the file again: its name is then %(right)s."))


def _other_file(facts: Facts) -> Row:
    if facts["kind"] == Kind.GENERIC:
        return Row(
            _("Only zip files can be sent with this name, and the name ends in .%(extension)s."),
            _("Put the file into a zip file and give that a name like this: %(example)s."),
        )
    return _OTHER_FILES[OtherFile(str(facts["what"]))]


_PACKED: Final = frozenset({"zip", "7z", "rar", "gz", "tar", "tgz", "cab"})
_OTHER_FILES: Final = {
    OtherFile.SHORTCUT: Row(
        _("This is a shortcut: it only says where the file is."), _("Go to the folder where the file itself is, and upload it from there.")
    ),
    OtherFile.PDF: Row(_("This is a PDF document, not a Common Transfer File."), EXPORT),
    OtherFile.SPREADSHEET: Row(_("This is a spreadsheet, not a Common Transfer File."), EXPORT),
    OtherFile.DOCUMENT: Row(_("This is a document, not a Common Transfer File."), EXPORT),
    OtherFile.PICTURE: Row(_("This is a picture, not a Common Transfer File."), EXPORT),
    OtherFile.WEB_PAGE: Row(_("This is a web page, not a Common Transfer File."), SIGNED_OUT),
    OtherFile.EMAIL: Row(
        _("This is an e-mail, not a Common Transfer File."), _("Save the file that came with the e-mail, and upload that file.")
    ),
    OtherFile.PROGRAM: Row(_("This is a program, not a Common Transfer File."), EXPORT),
    OtherFile.UNFINISHED: Row(
        _("This is a file that your computer has not finished downloading."),
        _("Wait until it has, or download the file again. Then upload it."),
    ),
    OtherFile.LOCKED: Row(
        _("Another program has encrypted this file, so s2s cannot read it."),
        _("Upload the file as it was before that. s2s itself encrypts everything it keeps."),
    ),
}


def advised(code: StrEnum, found: Row, facts: Facts) -> Row:
    """The sentence with the advice that the facts allow: the right name, or the right name but for its number."""
    if not isinstance(code, NameFault) or code in _OWN_ADVICE:
        return found
    if facts.get("right"):
        return found._replace(fix=RENAME)
    return found._replace(fix=CHOOSE) if facts.get("open") else found


_OWN_ADVICE: Final = frozenset({NameFault.EXTENSION, NameFault.ENDING_TWICE, NameFault.OTHER_FILE})

NAME_FAULTS: Words = {
    NameFault.EMPTY: Row(_("The file has no name."), LIKE_THIS),
    NameFault.TOO_LONG: Row(_("The name is too long: up to %(longest)s characters are allowed, and it has %(length)s."), LIKE_THIS),
    NameFault.PATH: Row(_("There is a / or \\ in the name, as if the name of a folder were in front of it."), LIKE_THIS),
    NameFault.HIDDEN_CHARACTER: Row(
        _("There is a character in the name that cannot be seen."), _("Delete the whole name, type it afresh and upload the file again.")
    ),
    NameFault.NOT_PLAIN: Row(_("There is a letter in the name that is not one of A to Z, perhaps one with an accent."), LIKE_THIS),
    NameFault.SPACES: Row(_("There is a space in the name."), LIKE_THIS),
    NameFault.NO_EXTENSION: _no_extension,
    NameFault.EXTENSION: _extension,
    NameFault.ENDING_TWICE: _ending_twice,
    NameFault.OTHER_FILE: _other_file,
    NameFault.IN_FRONT: Row(_("There is something in front of the first number: “%(extra)s”."), LIKE_THIS),
    NameFault.ORDER: Row(_("“%(word)s” should be between the two numbers of the name."), LIKE_THIS),
    NameFault.NO_FORM: Row(_("s2s does not know what file this is or where it should go: the name must say so."), LIKE_THIS),
    NameFault.MISSING_UNDERSCORE: Row(_("An underscore ( _ ) is missing between the parts of the name."), LIKE_THIS),
    NameFault.DOUBLE_UNDERSCORE: Row(_("There is one underscore ( _ ) too many in the name."), LIKE_THIS),
    NameFault.CONSTANT: Row(_("The name has “%(word)s” where “CTF” should be."), LIKE_THIS),
    NameFault.NO_CONSTANT: Row(_("“CTF” is missing between the two numbers of the name."), LIKE_THIS),
    NameFault.EIGHT_LETTERS: _by_side(
        Row(_("The name begins with %(text)s, which can only stand for a destination."), _("The first number must be your own.")),
        Row(_("%(text)s has eight letters; it should have seven."), _("Write XXXXXXX or MMMMMMM, with seven letters.")),
    ),
    NameFault.FIVE_LS: _by_side(
        Row(_("The first number, %(text)s, has five Ls; it should have four."), _SENDER),
        Row(_("The second number, %(text)s, has five Ls; it should have four."), _DESTINATION),
    ),
    NameFault.LENGTH: _by_side(
        Row(
            ngettext_lazy(
                "The first number, %(text)s, has %(length)s character; it should have seven.",
                "The first number, %(text)s, has %(length)s characters; it should have seven.",
                "length",
            ),
            _SENDER,
        ),
        Row(
            ngettext_lazy(
                "The second number, %(text)s, has %(length)s character; it should have seven.",
                "The second number, %(text)s, has %(length)s characters; it should have seven.",
                "length",
            ),
            _DESTINATION,
        ),
    ),
    NameFault.ADDRESS: _by_side(
        Row(_("The first number, %(text)s, is not the number of a school or a local authority."), _SENDER),
        Row(_("The second number, %(text)s, is not the number of a school or a local authority."), _DESTINATION),
    ),
    NameFault.NO_DESTINATION: Row(_("The name does not say where the file should go."), LIKE_THIS),
    NameFault.LOST_SOURCE: Row(
        _("The name begins with %(text)s, which can only stand for a destination."), _("The first number must be your own.")
    ),
    NameFault.LOST_SENDER: Row(
        _("%(text)s cannot send files to the Lost Pupil Database."),
        _("Only schools, and the LEA School role under the local authority's number with LLLL, send files there."),
    ),
    NameFault.LOST_DESTINATION: Row(
        _("Only Common Transfer Files go to the Lost Pupil Database (%(text)s)."), _("Send this file to a school or a local authority.")
    ),
    NameFault.PLACE: _by_side(
        Row(_("This type of file (%(kind)s) cannot be sent from %(text)s."), LIKE_THIS),
        Row(_("This type of file (%(kind)s) cannot be sent to %(text)s."), LIKE_THIS),
    ),
    NameFault.DIRECTION: Row(
        _("This type of file (%(kind)s) does not go from one school to another."),
        _("Send it to a local authority: its three digits and LLLL."),
    ),
    NameFault.SAME_ADDRESS: Row(
        _("The file would go back to its own sender: both numbers are %(text)s."),
        _("The second number should be that of the school or local authority that is to receive the file."),
    ),
    NameFault.NO_NUMBER: Row(
        ngettext_lazy(
            "The number at the end of the name is missing. It has %(digits)s digit and is of your own choice.",
            "The number at the end of the name is missing. It has %(digits)s digits and is of your own choice.",
            "digits",
        ),
        LIKE_THIS,
    ),
    NameFault.NUMBER: Row(
        ngettext_lazy(
            "The name ends in “%(number)s”, where a number of %(digits)s digit should be.",
            "The name ends in “%(number)s”, where a number of %(digits)s digits should be.",
            "digits",
        ),
        LIKE_THIS,
    ),
    NameFault.TOO_MANY_PARTS: Row(_("There is something extra at the end of the name: “%(extra)s”."), LIKE_THIS),
    NameFault.NO_TEXT: Row(_("A word at the end of the name is missing that says what the file is."), LIKE_THIS),
    NameFault.TEXT_TOO_LONG: Row(
        _("The text at the end of the name, “%(text)s”, is too long: up to %(longest)s characters are allowed."), LIKE_THIS
    ),
    NameFault.TEXT: Row(
        _("The text at the end of the name, “%(text)s”, may have letters, digits, hyphens and underscores only."), LIKE_THIS
    ),
}

REPAIRS: Words = {
    Repair.BROWSER_COPY: Row(
        _("Your computer had added something to the name, such as “(1)” or “Copy”. We took it off; the file itself is unchanged.")
    ),
    Repair.LETTERS: Row(
        _("Some letters of the name were small where capitals belong, or the reverse. We put them right; the file itself is unchanged.")
    ),
    Repair.UNDERSCORE: Row(_("The underscore after “CTF” was missing. We added it to the name; the file itself is unchanged.")),
    Repair.CENSUS_YEAR: Row(
        _("Your system had written the year into the local authority's number. We wrote LLLL in the name; the file itself is unchanged.")
    ),
}
