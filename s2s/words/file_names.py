"""What is wrong with a file's name, and what was put right in it (5.4, Appendix 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from s2s.rules.addresses import AddressFault
from s2s.rules.filename_forms import FORMS, Form
from s2s.rules.filenames import NameFault, Repair
from s2s.rules.kinds import Kind
from s2s.rules.meant_names import OtherFile
from s2s.words.ctf import EXPORT, SIGNED_OUT
from s2s.words.labels import Labels
from s2s.words.readers import for_reader, reader
from s2s.words.sentences import Facts, Sentence, Sentences, choose, register
from s2s.words.transfers import kind

RENAME = _("Rename the file to %(right)s and upload it again.")
CHOOSE = _(
    "Rename the file to %(open)s, with digits of your choice in place of NNN, and different ones for each file. Then upload it again."
)
LIKE_THIS = _("A correct name looks like this: %(example)s. All valid file names are listed under Help.")
_ADDRESS = _("For a school write seven digits, such as 6812045, for a local authority its three digits and LLLL.")
_SENDER = _("It is the sender's number: for a school, seven digits, such as 6812045; for a local authority, its three digits and LLLL.")
_DESTINATION = for_reader(
    _(
        "It is the destination's number: for a school, seven digits, such as 6812061; for a local authority, its three "
        "digits and LLLL. If you do not know where the pupil has gone, write XXXXXXX."
    ),
    not_lost=_(
        "It is the destination's number: for a school, seven digits, such as 6812061; for a local authority, its three digits and LLLL."
    ),
)
_SEVEN_LETTERS = for_reader(
    _("Write XXXXXXX or MMMMMMM, with seven letters."),
    not_lost=_("It stands for the Lost Pupil Database, to which your role cannot send files. Schools can, and so can the LEA School role."),
)


def _by_side(source: Sentence, destination: Sentence) -> Callable[[Facts], Sentence]:
    return lambda facts: source if facts["side"] == "source" else destination


def _no_extension(facts: Facts) -> Sentence:
    if "right" in facts:
        return Sentence(_("The name has no ending: it should be %(expected)s."))
    return Sentence(_("The name has no ending, such as .xml."), _("All valid file names are listed under Help."))


def _extension(facts: Facts) -> Sentence:
    text = _("The name ends in .%(extension)s instead of %(expected)s.")
    if "right" not in facts:
        return Sentence(text, LIKE_THIS)
    if str(facts["extension"]).lower() in _PACKED:
        return Sentence(text, _("Unpack the file and upload what is in it. If it is not packed at all, rename it to %(right)s."))
    return Sentence(
        text,
        _("Rename the file to %(right)s and upload it again. If your computer hides the ending .%(extension)s, export the file again."),
    )


def _ending_twice(facts: Facts) -> Sentence:
    text = _("The name ends in .%(extension)s twice. Your computer may show you only one of them.")
    if "right" not in facts:
        return Sentence(text, LIKE_THIS)
    return Sentence(text, _("Take .%(extension)s off the name that you see, and upload the file again: its name is then %(right)s."))


def _other_file(facts: Facts) -> Sentence:
    if facts["kind"] == Kind.GENERIC:
        return Sentence(
            _("Only zip files can be sent with this name, and the name ends in .%(extension)s."),
            _("Put the file into a zip file, and give the zip file a name like this: %(example)s."),
        )
    return _OTHER_FILES[OtherFile(str(facts["what"]))]


_PACKED: Final = frozenset({"zip", "7z", "rar", "gz", "tar", "tgz", "cab"})
_OTHER_FILES: Final = {
    OtherFile.SHORTCUT: Sentence(
        _("This is a shortcut: it only says where the file is."), _("Go to the folder where the file itself is, and upload it from there.")
    ),
    OtherFile.PDF: Sentence(_("This is a PDF document, not a Common Transfer File."), EXPORT),
    OtherFile.SPREADSHEET: Sentence(_("This is a spreadsheet, not a Common Transfer File."), EXPORT),
    OtherFile.DOCUMENT: Sentence(_("This is a document, not a Common Transfer File."), EXPORT),
    OtherFile.PICTURE: Sentence(_("This is a picture, not a Common Transfer File."), EXPORT),
    OtherFile.WEB_PAGE: Sentence(_("This is a web page, not a Common Transfer File."), SIGNED_OUT),
    OtherFile.EMAIL: Sentence(
        _("This is an email, not a Common Transfer File."), _("Save the file that came with the email, and upload that file.")
    ),
    OtherFile.PROGRAM: Sentence(_("This is a program, not a Common Transfer File."), EXPORT),
    OtherFile.UNFINISHED: Sentence(
        _("This is a file that your computer has not finished downloading."),
        _("Wait until it has, or download the file again. Then upload it."),
    ),
    OtherFile.LOCKED: Sentence(
        _("Another program has encrypted this file, so s2s cannot read it."),
        _("Upload the file as it was before that. s2s itself encrypts everything it keeps."),
    ),
}


_OWN_ADVICE: Final = frozenset({NameFault.EXTENSION, NameFault.ENDING_TWICE, NameFault.OTHER_FILE})

NAME_FAULTS: Sentences = {
    NameFault.EMPTY: Sentence(_("The file has no name."), LIKE_THIS),
    NameFault.TOO_LONG: Sentence(_("The name is too long: up to %(longest)s characters are allowed, and it has %(length)s."), LIKE_THIS),
    NameFault.PATH: Sentence(_("There is a / or \\ in the name, as if the name of a folder were in front of it."), LIKE_THIS),
    NameFault.HIDDEN_CHARACTER: Sentence(
        _("There is an invisible character in the name."), _("Delete the whole name, type it again and upload the file again.")
    ),
    NameFault.NOT_PLAIN: Sentence(_("There is a letter in the name that is not one of A to Z, perhaps one with an accent."), LIKE_THIS),
    NameFault.ESCAPED: Sentence(_("Another program has changed the name: “%(escape)s” in it stands for another character."), LIKE_THIS),
    NameFault.SPACES: Sentence(_("There is a space in the name."), LIKE_THIS),
    NameFault.NO_EXTENSION: _no_extension,
    NameFault.EXTENSION: _extension,
    NameFault.ENDING_TWICE: _ending_twice,
    NameFault.OTHER_FILE: _other_file,
    NameFault.IN_FRONT: Sentence(_("There is something in front of the first number: “%(extra)s”."), LIKE_THIS),
    NameFault.ORDER: Sentence(_("“%(word)s” should be between the two numbers of the name."), LIKE_THIS),
    NameFault.NO_FORM: Sentence(_("s2s does not know what file this is or where it should go: the name must say so."), LIKE_THIS),
    NameFault.MISSING_UNDERSCORE: Sentence(_("An underscore ( _ ) is missing between the parts of the name."), LIKE_THIS),
    NameFault.DOUBLE_UNDERSCORE: Sentence(_("There is one underscore ( _ ) too many in the name."), LIKE_THIS),
    NameFault.CONSTANT: Sentence(_("The name has “%(word)s” where “CTF” should be."), LIKE_THIS),
    NameFault.NO_CONSTANT: Sentence(_("“CTF” is missing between the two numbers of the name."), LIKE_THIS),
    NameFault.EIGHT_LETTERS: _by_side(
        Sentence(_("The name begins with %(text)s, which can only stand for a destination."), _("The first number must be your own.")),
        Sentence(_("%(text)s has eight letters; it should have seven."), _SEVEN_LETTERS),
    ),
    NameFault.FIVE_LS: _by_side(
        Sentence(_("The first number, %(text)s, has five Ls; it should have four."), _SENDER),
        Sentence(_("The second number, %(text)s, has five Ls; it should have four."), _DESTINATION),
    ),
    NameFault.LENGTH: _by_side(
        Sentence(
            ngettext_lazy(
                "The first number, %(text)s, has %(length)s character; it should have seven.",
                "The first number, %(text)s, has %(length)s characters; it should have seven.",
                "length",
            ),
            _SENDER,
        ),
        Sentence(
            ngettext_lazy(
                "The second number, %(text)s, has %(length)s character; it should have seven.",
                "The second number, %(text)s, has %(length)s characters; it should have seven.",
                "length",
            ),
            _DESTINATION,
        ),
    ),
    NameFault.ADDRESS: _by_side(
        Sentence(_("The first number, %(text)s, is not the number of a school or a local authority."), _SENDER),
        Sentence(_("The second number, %(text)s, is not the number of a school or a local authority."), _DESTINATION),
    ),
    NameFault.NO_DESTINATION: Sentence(_("The name does not say where the file should go."), LIKE_THIS),
    NameFault.LOST_SOURCE: Sentence(
        _("The name begins with %(text)s, which can only stand for a destination."), _("The first number must be your own.")
    ),
    NameFault.LOST_SENDER: Sentence(
        _("%(text)s cannot send files to the Lost Pupil Database."),
        _("Only schools, and the LEA School role under the local authority's number with LLLL, send files there."),
    ),
    NameFault.LOST_DESTINATION: Sentence(
        _("Only Common Transfer Files go to the Lost Pupil Database (%(text)s)."), _("Send this file to a school or a local authority.")
    ),
    NameFault.PLACE: _by_side(
        Sentence(_("This type of file (%(kind)s) cannot be sent from %(text)s."), LIKE_THIS),
        Sentence(_("This type of file (%(kind)s) cannot be sent to %(text)s."), LIKE_THIS),
    ),
    NameFault.DIRECTION: Sentence(
        _("This type of file (%(kind)s) does not go from one school to another."),
        _("Send it to a local authority: its three digits and LLLL."),
    ),
    NameFault.SAME_ADDRESS: Sentence(
        _("The file would go back to its own sender: both numbers are %(text)s."),
        _("The second number should be that of the school or local authority that is to receive the file."),
    ),
    NameFault.NO_NUMBER: Sentence(
        ngettext_lazy(
            "The number at the end of the name is missing. It has %(digits)s digit, which you choose.",
            "The number at the end of the name is missing. It has %(digits)s digits, which you choose.",
            "digits",
        ),
        LIKE_THIS,
    ),
    NameFault.NUMBER: Sentence(
        ngettext_lazy(
            "The name ends in “%(number)s”, where a number of %(digits)s digit should be.",
            "The name ends in “%(number)s”, where a number of %(digits)s digits should be.",
            "digits",
        ),
        LIKE_THIS,
    ),
    NameFault.TOO_MANY_PARTS: Sentence(_("There is something extra at the end of the name: “%(extra)s”."), LIKE_THIS),
    NameFault.NO_TEXT: Sentence(_("The end of the name should say what the file is, but that word is missing."), LIKE_THIS),
    NameFault.TEXT_TOO_LONG: Sentence(
        _("The text at the end of the name, “%(text)s”, is too long: up to %(longest)s characters are allowed."), LIKE_THIS
    ),
    NameFault.TEXT: Sentence(
        _("The text at the end of the name, “%(text)s”, may have letters, digits, hyphens and underscores only."), LIKE_THIS
    ),
}

REPAIRS: Sentences = {
    Repair.BROWSER_COPY: Sentence(
        _("Your computer had added something to the name, such as “(1)” or “Copy”. We took it off; the file itself is unchanged.")
    ),
    Repair.LETTERS: Sentence(
        _("Some letters of the name were small where capitals belong, or the reverse. We put them right; the file itself is unchanged.")
    ),
    Repair.UNDERSCORE: Sentence(_("The underscore after “CTF” was missing. We added it to the name; the file itself is unchanged.")),
    Repair.CENSUS_YEAR: Sentence(
        _("Your system had written the year into the local authority's number. We wrote LLLL in the name; the file itself is unchanged.")
    ),
}
ADDRESS_FAULTS: Sentences = {
    AddressFault.EIGHT_LETTERS: Sentence(_("%(text)s has eight letters; it should have seven."), _SEVEN_LETTERS),
    AddressFault.FIVE_LS: Sentence(_("%(text)s has five Ls; it should have four."), _ADDRESS),
    AddressFault.LENGTH: Sentence(
        ngettext_lazy(
            "%(text)s has %(length)s character; it should have seven.",
            "%(text)s has %(length)s characters; it should have seven.",
            "length",
        ),
        _ADDRESS,
    ),
    AddressFault.FORM: Sentence(_("%(text)s is not the number of a school or a local authority."), _ADDRESS),
}


def _advised(code: NameFault, entry: Sentence | Callable[[Facts], Sentence]) -> Callable[[Facts], Sentence]:
    """The sentence with the advice that the facts allow: the right name, or the right name but for its number.

    A right name under which the reader cannot send the file is no advice.
    """

    def chosen(facts: Facts) -> Sentence:
        facts = {fact: value for fact, value in facts.items() if fact not in {"right", "open"} or reader().sends_as(str(value))}
        sentence = choose(entry, facts)
        if code in _OWN_ADVICE:
            return sentence
        if facts.get("right"):
            return sentence._replace(fix=RENAME)
        return sentence._replace(fix=CHOOSE) if facts.get("open") else sentence

    return chosen


def _readable(facts: Facts) -> Facts:
    """The kind of a file by its name, extensions with their dot, and a right name of the kind that was meant, or of a CTF."""
    words: dict[str, object] = {"example": next((form.example for form in FORMS if form.kind == facts.get("kind")), FORMS[0].example)}
    if "kind" in facts:
        words["kind"] = kind(str(facts["kind"]))
    if isinstance(extensions := facts.get("expected"), tuple | list):
        words["expected"] = ", ".join(f".{extension}" for extension in extensions)
    return {**facts, **words}


register(NameFault, {code: _advised(NameFault(code), entry) for code, entry in NAME_FAULTS.items()}, readable=_readable)
register(Repair, REPAIRS)
register(AddressFault, ADDRESS_FAULTS)

PLACES: Final[Labels] = {  # the words of Appendix 2, as `rules/filename_forms.py` has them
    "School": _("School"),
    "LEA": _("LEA"),
    "LEA School": _("LEA School"),
    "LEA PLASC": _("LEA PLASC"),
    "Lost Pupils (outside maintained sector)": _("Lost Pupils (outside maintained sector)"),
    "Lost Pupils (destination unknown)": _("Lost Pupils (destination unknown)"),
    "LEA PLASC (or LEA: 333LLLL)": _("LEA PLASC (or LEA: 333LLLL)"),
    "LEA (or LEA PLASC: 333PLAS)": _("LEA (or LEA PLASC: 333PLAS)"),
    "School (SC1, SC2 or SC3)": _("School (SC1, SC2 or SC3)"),
    "LEA (or LEA Admissions: 333ADMS)": _("LEA (or LEA Admissions: 333ADMS)"),
    "LEA (APT, AOT, ALT or ATF)": _("LEA (APT, AOT, ALT or ATF)"),
    "LEA (or 222PLAS, 222ADMS)": _("LEA (or 222PLAS, 222ADMS)"),
    "LEA (or 111PLAS, 111ADMS)": _("LEA (or 111PLAS, 111ADMS)"),
}


@dataclass(frozen=True)
class FormWords:
    """A line of the table of file names, in the language of the page."""

    kind: str
    pattern: str
    source: str
    destination: str
    example: str


def form_words(form: Form) -> FormWords:
    return FormWords(kind(form.kind), form.pattern, str(PLACES[form.source]), str(PLACES[form.destination]), form.example)
