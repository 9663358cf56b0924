"""What is wrong with a CTF, and what its sender may want to look at: for people who have never seen the inside of one."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from s2s.transfers.ctf.faults import CtfFault, CtfWarning
from s2s.words.formats import day_of_month
from s2s.words.readers import for_reader, reader
from s2s.words.sentences import Facts, Said, Sentence, Sentences, register, said

EXPORT = _("Export the file again from your management information system and upload the new one.")
UNTOUCHED = _(
    "Another program may have changed the file. Export it again from your management information system and upload it without opening it "
    "first."
)
SIGNED_OUT = _(
    "Perhaps you had been signed out of your management information system when you saved it. Sign in there, export the file again and "
    "upload the new one."
)
SUPPLIER = _(
    "The file comes from your management information system. Export it again; if that does not help, send this line to the system's "
    "supplier."
)
CORRECT = _("Correct it in your management information system and export the file again.")
ENTER = _("Enter it in your management information system and export the file again.")
NOTHING_TO_DO = _("You do not need to do anything.")

MORE = Sentence(
    ngettext_lazy("There is %(more)s more problem in this file.", "There are %(more)s more problems in this file.", "more"),
    _("Correct those shown first; most of the others will probably disappear with them."),
)
MORE_WARNINGS = Sentence(
    ngettext_lazy("There is %(more)s more warning about this file.", "There are %(more)s more warnings about this file.", "more"),
    _("Most of them are probably of the same kinds as those shown."),
)
MANY_MORE = Sentence(_("There are hundreds more problems in this file."), SUPPLIER)


def _whose(pupil: Sentence, header: Sentence) -> Callable[[Facts], Sentence]:
    """A pupil's entry is put right by the school, one at the beginning of the file by the supplier."""
    return lambda facts: pupil if facts["position"] else header


_NOT_XML = {
    "zip": Sentence(_("This is a zip file, not a Common Transfer File."), _("Unpack it and upload the .xml files in it.")),
    "pdf": Sentence(_("This is a PDF document, not a Common Transfer File."), EXPORT),
    "png": (_PICTURE := Sentence(_("This is a picture, not a Common Transfer File."), EXPORT)),
    "jpeg": _PICTURE,
    "gif": _PICTURE,
    "gzip": (_PACKED := Sentence(_("This is a packed file, not a Common Transfer File."), _("Unpack it and upload the .xml files in it."))),
    "7z": _PACKED,
    "rar": _PACKED,
    "office": (_DOCUMENT := Sentence(_("This is a document or a spreadsheet, not a Common Transfer File."), EXPORT)),
    "rtf": _DOCUMENT,
    "program": Sentence(_("This is a program, not a Common Transfer File."), EXPORT),
}
_WEB_PAGE = Sentence(_("This is a web page, not a Common Transfer File."), SIGNED_OUT)
_OTHER = Sentence(_("This is not a Common Transfer File: it does not even begin like one."), EXPORT)


def _not_xml(facts: Facts) -> Sentence:
    return _NOT_XML.get(str(facts["kind"]), _OTHER)


def _not_a_ctf(facts: Facts) -> Sentence:
    if str(facts["root"]).lower() == "html":
        return _WEB_PAGE
    if facts["root"]:
        return Sentence(_("This is not a Common Transfer File: it begins with “%(root)s”, where a CTF begins with “CTfile”."), EXPORT)
    return Sentence(_("This is not a Common Transfer File: there is nothing in it."), EXPORT)


def _encoding_contradicts(facts: Facts) -> Sentence:
    if facts["found"]:
        return Sentence(_("The file says that its letters are written as %(declared)s, but they are written as %(found)s."), UNTOUCHED)
    return Sentence(_("The file says that its letters are written as %(declared)s, but they are not."), UNTOUCHED)


def _element_unexpected(facts: Facts) -> Sentence:
    if facts["element"] == "Pupil" and facts["parent"] != "CTfile":
        if facts["position"]:
            return Sentence(_("There is another pupil inside this pupil’s entry."), SUPPLIER)
        return Sentence(_("There is a pupil at the beginning of the file, where there should not be one."), SUPPLIER)
    if facts["expected"]:
        return Sentence(_("The entry “%(element)s” is where the entry “%(expected)s” should be."), SUPPLIER)
    return Sentence(_("The entry “%(element)s” does not belong in “%(parent)s”."), SUPPLIER)


def _misplaced(facts: Facts) -> Sentence:
    if facts.get("before"):
        return Sentence(_("The entry “%(element)s” is in the wrong place: it belongs before the entry “%(before)s”."), SUPPLIER)
    return Sentence(_("The entry “%(element)s” is in the wrong place: it belongs after the entry “%(after)s”."), SUPPLIER)


_HEADER_NUMBERS = {
    "SourceSchool": _(
        "The number of the sender in the file says “%(value)s” (entry “%(element)s”); by the file's name it should be “%(expected)s”."
    ),
    "DestSchool": _(
        "The number of the destination in the file says “%(value)s” (entry “%(element)s”); by the file's name it should be “%(expected)s”."
    ),
}
_NUMBER = _("Correct the number of the school in your management information system, and export the file again.")


def _value_wrong(facts: Facts) -> Sentence:
    fix = CORRECT if facts["position"] else SUPPLIER
    if facts.get("parent"):
        return Sentence(_HEADER_NUMBERS[str(facts["parent"])], _NUMBER)
    if facts.get("no_day"):
        return Sentence(_("The entry “%(element)s” says “%(value)s”, but %(no_day)s does not exist in that year."), fix)
    if "no_month" in facts:
        return Sentence(_("The entry “%(element)s” says “%(value)s”, but there is no month %(no_month)s."), fix)
    if facts.get("one_of"):
        return Sentence(_("The entry “%(element)s” says “%(value)s”, where only this is allowed: %(one_of)s."), fix)
    if facts.get("expected"):
        return Sentence(_("The entry “%(element)s” says “%(value)s”; it should look like “%(expected)s”."), fix)
    return Sentence(_("The entry “%(element)s” says “%(value)s”, which is not allowed there."), fix)


def _not_as_schema(facts: Facts) -> Sentence:
    if facts["element"]:
        return Sentence(_("The entry “%(element)s” is not as it should be in a Common Transfer File."), SUPPLIER)
    return Sentence(_("The file is not built as a Common Transfer File should be."), SUPPLIER)


def _destination_differs(facts: Facts) -> Sentence:
    text = _("Inside the file the destination is %(header)s; in its name it is %(name)s.")
    if not facts.get("right") or not reader().sends_as(str(facts["right"])):
        return Sentence(text, _("Export the file again for %(name)s, or for the place the pupil is really going to."))
    return Sentence(
        text,
        _(
            "If %(header)s is right, rename the file to %(right)s. If %(name)s is right, export the file again for that destination: a new "
            "name is not enough."
        ),
    )


def _destination_renamed(facts: Facts) -> Sentence:
    """An LA renames by hand what it passes on (4.2); a school exports again."""
    if facts.get("by_school"):
        return Sentence(
            _("Inside the file the destination is still %(header)s. It was sent by its name, to %(name)s."),
            _("The system there may not be able to import it. Export the file again for %(name)s and upload the new one."),
        )
    return Sentence(_("Inside the file the destination is still %(header)s. The name is what counts, and it says %(name)s."), NOTHING_TO_DO)


def _upn_malformed(facts: Facts) -> Sentence:
    if facts["element"] == "FormerUPN":
        return Sentence(
            _(
                "“%(upn)s” is given as the former UPN, but it is not one: a UPN is a capital letter and 12 digits or, if temporary, a "
                "capital letter, 11 digits and another letter."
            ),
            CORRECT,
        )
    return Sentence(
        _(
            "“%(upn)s” is not a Unique Pupil Number (UPN): that is a capital letter and 12 digits or, if it is temporary, a "
            "capital letter, 11 digits and another letter."
        ),
        CORRECT,
    )


def _upn_check_letter(facts: Facts) -> Sentence:
    fix = _("Check it, and correct it in your management information system.")
    if facts["element"] == "FormerUPN":
        return Sentence(_("The former UPN %(upn)s should begin with %(expected)s. There may be a typing mistake in it."), fix)
    return Sentence(_("The UPN %(upn)s should begin with %(expected)s. There may be a typing mistake in it."), fix)


CTF_FAULTS: Sentences = {
    CtfFault.EMPTY: Sentence(_("The file is empty."), EXPORT),
    CtfFault.NOT_XML: _not_xml,
    CtfFault.NOT_A_CTF: _not_a_ctf,
    CtfFault.ADMISSIONS_FILE: Sentence(
        _("This is an admissions file, not a Common Transfer File."),
        _("In your management information system, choose to export Common Transfer Files, and upload the new file."),
    ),
    CtfFault.DOCTYPE: Sentence(
        _("At the beginning of the file is a part (“DOCTYPE”) that no Common Transfer File has, and that s2s does not read for safety."),
        SUPPLIER,
    ),
    CtfFault.ENCODING_NOT_ACCEPTED: Sentence(
        _("The file says that its letters are written as %(encoding)s, which s2s does not read."),
        _("Ask the supplier of your management information system to make it write UTF-8, and send them this line."),
    ),
    CtfFault.ENCODING_NO_MARK: Sentence(
        _("The letters of the file are written as %(encoding)s, but the mark at the beginning that says so is missing."), UNTOUCHED
    ),
    CtfFault.ENCODING_CONTRADICTS: _encoding_contradicts,
    CtfFault.ENCODING_WRONG: Sentence(
        _(
            "There is a letter here, probably one with an accent, that cannot be read: the file says it is written as %(encoding)s, but "
            "it is not."
        ),
        UNTOUCHED,
    ),
    CtfFault.NOT_WELL_FORMED: Sentence(_("The file is damaged here and cannot be read any further."), UNTOUCHED),
    CtfFault.CUT_OFF: Sentence(_("The file stops in the middle: its end is missing."), EXPORT),
    CtfFault.TAGS_CROSSED: Sentence(_("The file is damaged here: one entry ends in the middle of another."), UNTOUCHED),
    CtfFault.AMPERSAND: Sentence(_("There is a “&” or “<” here that is not written as it must be in such a file."), SUPPLIER),
    CtfFault.CHARACTER: Sentence(
        _("There is an invisible character here that must not be in the file."),
        _(
            "It was probably copied from another program. Type the text again in your management information system and "
            "export the file again."
        ),
    ),
    CtfFault.PREFIX_UNKNOWN: Sentence(_("The name of an entry begins with an abbreviation that the file does not explain."), SUPPLIER),
    CtfFault.BLANK_FIRST: Sentence(_("There are blank lines before the beginning of the file."), UNTOUCHED),
    CtfFault.MORE_AFTER_END: Sentence(
        _("The file continues after its end. Perhaps two files have been put into one."),
        _("Upload each file separately, as it was exported."),
    ),
    CtfFault.BEYOND_LIMITS: Sentence(_("A part of the file is far larger than in any Common Transfer File."), SUPPLIER),
    CtfFault.PART_TOO_LARGE: Sentence(
        _("What the file says about one pupil, or at its beginning, takes up more than %(megabytes)s MB."), SUPPLIER
    ),
    CtfFault.ELEMENT_MISSING: _whose(
        Sentence(_("The entry “%(element)s” is missing."), ENTER),
        Sentence(_("The entry “%(element)s” is missing in “%(parent)s”."), SUPPLIER),
    ),
    CtfFault.ELEMENT_UNEXPECTED: _element_unexpected,
    CtfFault.ELEMENT_MISPLACED: _misplaced,
    CtfFault.ELEMENT_TWICE: Sentence(_("The entry “%(element)s” is there twice in “%(parent)s”."), SUPPLIER),
    CtfFault.VALUE_MISSING: _whose(
        Sentence(_("The entry “%(element)s” is empty."), ENTER),
        Sentence(_("The entry “%(element)s” is empty."), SUPPLIER),
    ),
    CtfFault.TEXT_OUTSIDE: Sentence(_("There is text between the entries of the file: “%(text)s”."), UNTOUCHED),
    CtfFault.VALUE_WRONG: _value_wrong,
    CtfFault.VALUE_HIDDEN: Sentence(
        _("The entry “%(element)s” has something invisible beside “%(value)s”, such as a special space."),
        _("Delete the entry in your management information system, type it again and export the file again."),
    ),
    CtfFault.VALUE_TOO_LONG: Sentence(
        _("The entry “%(element)s” is too long: up to %(most)s characters are allowed, and it has %(length)s."), CORRECT
    ),
    CtfFault.NOT_AS_SCHEMA: _not_as_schema,
    CtfFault.SOURCE_DIFFERS: Sentence(
        _("Inside the file the sender is %(header)s; in its name it is %(name)s."),
        _(
            "Upload the file under the name your management information system gave it. If the number in the file is wrong, export the "
            "file again."
        ),
    ),
    CtfFault.DESTINATION_DIFFERS: _destination_differs,
    CtfFault.NO_PUPILS: Sentence(
        _("There is no pupil in the file."), _("Choose the pupil in your management information system, and export the file again.")
    ),
    CtfFault.ONE_PUPIL_ONLY: Sentence(
        ngettext_lazy(
            "A file for %(destination)s may hold one pupil only; this one holds %(pupils)s pupil.",
            "A file for %(destination)s may hold one pupil only; this one holds %(pupils)s pupils.",
            "pupils",
        ),
        _("Export each pupil to a separate file, with a different number at the end of each name."),
    ),
    CtfFault.TOO_MANY_PUPILS: Sentence(
        _("There are too many pupils in the file. The limit is %(most)s."),
        _("Export fewer pupils at a time, into several files with different numbers at the end of the name."),
    ),
    CtfFault.UPN_MISSING: Sentence(
        _("The Unique Pupil Number (UPN) is missing."),
        for_reader(
            _(
                "Enter it in your management information system and export the file again. If the pupil has none, ask your local "
                "authority; while it searches, the pupil can have a temporary UPN."
            ),
            authority=_(
                "Enter it in your management information system and export the file again. If the pupil has none, search for it; "
                "meanwhile the pupil can have a temporary UPN."
            ),
        ),
    ),
    CtfFault.UPN_MALFORMED: _upn_malformed,
    CtfFault.UPN_TWICE: Sentence(
        _("Pupil %(first)s in this file has the same Unique Pupil Number (UPN), %(upn)s."),
        _("If it is the same pupil, export the pupil once only. Otherwise correct the UPN of one of them and export the file again."),
    ),
    CtfFault.BORN_IMPOSSIBLE: Sentence(_("%(date)s cannot be the date of birth of a pupil."), CORRECT),
}

CTF_WARNINGS: Sentences = {
    CtfWarning.VERSION_OLD: Sentence(
        _("The file uses an older version of the CTF, %(version)s. The current one is %(current)s."),
        _("Ask the supplier of your management information system for the current version."),
    ),
    CtfWarning.VERSION_EARLY: Sentence(
        _("The file uses a newer version of the CTF, %(version)s, than the current one, %(current)s."),
        _("The destination may not be able to read it yet. If it rejects the file, export it in the current version."),
    ),
    CtfWarning.CREATED_LATER: Sentence(
        _("The file says that it was made on %(date)s, which is in the future."), _("Check the date on the computer where it was made.")
    ),
    CtfWarning.SOURCE_UNKNOWN: Sentence(
        _("Inside the file the sender is %(header)s. The name is what counts, and it says %(name)s."), NOTHING_TO_DO
    ),
    CtfWarning.SOURCE_FORWARDED: Sentence(_("The file was made by %(header)s and is passed on by %(name)s."), NOTHING_TO_DO),
    CtfWarning.DESTINATION_RENAMED: _destination_renamed,
    CtfWarning.UPN_CHECK_LETTER: _upn_check_letter,
    CtfWarning.ULN_CHECK_DIGIT: Sentence(
        _("The Unique Learner Number (ULN) %(uln)s cannot be right. There may be a typing mistake in it."),
        _("Check it, and correct it in your management information system."),
    ),
    CtfWarning.BORN_LATER: Sentence(
        _("The date of birth, %(date)s, is in the future."), _("Check it, and correct it in your management information system.")
    ),
    CtfWarning.BORN_LONG_AGO: Sentence(
        _("According to the date of birth, %(date)s, the pupil's age is %(age)s."),
        _("Check it, and correct it in your management information system."),
    ),
    CtfWarning.BORN_LATELY: Sentence(
        _("According to the date of birth, %(date)s, the pupil is very young to be at school."),
        _("Check it, and correct it in your management information system."),
    ),
    CtfWarning.NAME_DAMAGED: Sentence(
        _("The name “%(name)s” looks as if its accented letters have been damaged."),
        _("Check the spelling in your management information system. If it is right there, send this line to the system's supplier."),
    ),
    CtfWarning.NAME_ESCAPED: Sentence(
        _("The name is written “%(name)s” in the file; it should probably be “%(meant)s”."),
        _("Check the spelling in your management information system. If it is right there, send this line to the system's supplier."),
    ),
    CtfWarning.NAME_HIDDEN: Sentence(
        _("There is something invisible in the name, shown here as a square: “%(name)s”."),
        _("It may have been copied from another program. Type the name again in your management information system."),
    ),
    CtfWarning.SEX_DIFFERS: Sentence(
        _("The file says two different things about the pupil: gender “%(gender)s”, but sex “%(sex)s”."),
        _("Check it, and correct it in your management information system."),
    ),
    CtfWarning.POSTCODE_ODD: Sentence(
        _("“%(postcode)s” is not a postcode of the United Kingdom."), _("Check it, and correct it in your management information system.")
    ),
    CtfWarning.VALUE_SHORTENED: Sentence(
        _(
            "The entry “%(element)s” is very long (%(length)s characters). s2s shows and searches the first %(most)s; the file itself is "
            "unchanged."
        ),
        NOTHING_TO_DO,
    ),
}


def _readable(facts: Facts) -> Facts:
    """A day that does not exist in words: 30 February."""
    no_day = facts.get("no_day")
    return {**facts, "no_day": day_of_month(*map(int, str(no_day).split("-")))} if no_day else facts


register(CtfFault, CTF_FAULTS, _readable)
register(CtfWarning, CTF_WARNINGS)


def say_finding(code: StrEnum, found: Mapping[str, Any]) -> Said:
    facts = {"element": found.get("element", ""), "position": found.get("position"), **found.get("facts", {})}
    return said(code, facts, where=_where(found))


def _where(finding: Mapping[str, Any]) -> str:
    """Pupil 3, Siân Jones, line 214; as much of it as is known."""
    position, name, line = (finding.get(fact) for fact in ("position", "name", "line"))
    if position and name and line:
        words = gettext("Pupil %(position)s, %(name)s, line %(line)s")
    elif position and name:
        words = gettext("Pupil %(position)s, %(name)s")
    elif position and line:
        words = gettext("Pupil %(position)s, line %(line)s")
    elif position:
        words = gettext("Pupil %(position)s")
    else:
        words = gettext("Line %(line)s") if line else ""
    return words % {"position": position, "name": name, "line": line}
