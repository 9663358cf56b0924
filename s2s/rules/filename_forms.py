"""The forms of file names as tables: which kind goes from where to where, and how each form is written (5.4, Appendix 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from s2s.rules.addresses import Place
from s2s.rules.kinds import Kind


@dataclass(frozen=True, slots=True)
class Grammar:
    """A kind's own part of the grammar. `at` are the places it comes from and goes to (the Lost Pupil Database is looked at by itself)."""

    kind: Kind
    words: tuple[str, ...]
    digits: int
    at: frozenset[Place]
    pattern: str
    between_schools: bool = False


# Appendix 2 has rows for CTF and generic files. 1.6 gives LEA PLASC "files" without limiting them, so nnnPLAS may send and receive every
# kind; LEA Admissions has admissions and generic files only, so nnnADMS stands in no other name. LA to LA is not in Appendix 2 but the
# schools' and LAs' systems write it. The guidance gives no form for the other four kinds: theirs follow the CTF's, with the constants of
# the field (SC1 to SC3: the terms of the School Census; ADT, ASL, ATF, APT, AOT, ALT with an intake year and three digits). They are
# returns to an LA or an LA's answer to one, so they do not go from school to school.
_SCHOOL, _LA, _PLASC, _ADMISSIONS = Place.SCHOOL, Place.LA, Place.PLASC, Place.ADMISSIONS
_RETURN: Final = frozenset({_SCHOOL, _LA, _PLASC})
_ALL: Final = frozenset({_SCHOOL, _LA, _PLASC, _ADMISSIONS})

_ROWS: Final = (
    Grammar(Kind.CTF,        ("CTF",),                                  3, _RETURN, "1112222_CTF_3334444_NNN.XML", between_schools=True),
    Grammar(Kind.CENSUS,     ("PLA", "PLASC", "SC1", "SC2", "SC3"),      3, _RETURN, "1112222_PLA_333PLAS_NNN.XML"),
    Grammar(Kind.CFR,        ("CFR",),                                  3, _RETURN, "1112222_CFR_333LLLL_NNN.XML"),
    Grammar(Kind.EXCLUSION,  ("EXC",),                                  3, _RETURN, "1112222_EXC_333LLLL_NNN.XML"),
    Grammar(Kind.ADMISSIONS, ("ADT", "ASL", "ATF", "APT", "AOT", "ALT"), 5, _ALL,    "333LLLL_ADT_1112222_NNNNN.XML"),
    Grammar(Kind.GENERIC,    (),                                        0, _ALL,    "1113333_2224444_FFT15.ZIP", between_schools=True),
)  # fmt: skip

GRAMMARS: Final[Mapping[Kind, Grammar]] = {row.kind: row for row in _ROWS}
KIND_OF: Final = {word: row.kind for row in _ROWS for word in row.words}


@dataclass(frozen=True, slots=True)
class Form:
    """One line of the table that a help page shows; `source` and `destination` are the words of Appendix 2, `example` is a right name."""

    kind: Kind
    pattern: str
    source: str
    destination: str
    example: str
    section: str


_OURS: Final = "our own form"  # the guidance has none

FORMS: Final = (
    Form(Kind.CTF, "1112222_CTF_3334444_NNN.XML", "School", "School", "6792303_CTF_6812105_001.xml", "Appendix 2"),
    Form(Kind.CTF, "1112222_CTF_MMMMMMM_NNN.XML", "School", "Lost Pupils (outside maintained sector)",
         "6812045_CTF_MMMMMMM_001.xml", "Appendix 2"),
    Form(Kind.CTF, "1112222_CTF_XXXXXXX_NNN.XML", "School", "Lost Pupils (destination unknown)",
         "6812045_CTF_XXXXXXX_001.xml", "Appendix 2"),
    Form(Kind.CTF, "1112222_CTF_333LLLL_NNN.XML", "School", "LEA", "6812045_CTF_681LLLL_001.xml", "Appendix 2"),
    Form(Kind.CTF, "333LLLL_CTF_1112222_NNN.XML", "LEA", "School", "681LLLL_CTF_6812049_001.xml", "Appendix 2"),
    Form(Kind.CTF, "111LLLL_CTF_333LLLL_NNN.XML", "LEA", "LEA", "681LLLL_CTF_675LLLL_001.xml", _OURS),
    Form(Kind.CTF, "111LLLL_CTF_MMMMMMM_NNN.XML", "LEA School", "Lost Pupils (outside maintained sector)",
         "681LLLL_CTF_MMMMMMM_001.xml", "5"),
    Form(Kind.CTF, "111LLLL_CTF_XXXXXXX_NNN.XML", "LEA School", "Lost Pupils (destination unknown)",
         "681LLLL_CTF_XXXXXXX_001.xml", "5"),
    Form(Kind.CTF, "1112222_CTF_333PLAS_NNN.XML", "School", "LEA PLASC", "6812045_CTF_681PLAS_001.xml", "1.6"),
    Form(Kind.CTF, "333PLAS_CTF_1112222_NNN.XML", "LEA PLASC", "School", "681PLAS_CTF_6812045_001.xml", "1.6"),
    Form(Kind.CENSUS, "1112222_PLA_333PLAS_NNN.XML", "School", "LEA PLASC (or LEA: 333LLLL)", "6812045_PLA_681PLAS_001.xml", _OURS),
    Form(Kind.CENSUS, "333PLAS_PLA_1112222_NNN.XML", "LEA PLASC (or LEA: 333LLLL)", "School", "681PLAS_PLA_6812045_001.xml", _OURS),
    Form(Kind.CENSUS, "1112222_SC1_333LLLL_NNN.XML", "School (SC1, SC2 or SC3)", "LEA (or LEA PLASC: 333PLAS)",
         "6812045_SC1_681LLLL_001.xml", _OURS),
    Form(Kind.CFR, "1112222_CFR_333LLLL_NNN.XML", "School", "LEA", "6812045_CFR_681LLLL_001.xml", _OURS),
    Form(Kind.CFR, "333LLLL_CFR_1112222_NNN.XML", "LEA", "School", "681LLLL_CFR_6812045_001.xml", _OURS),
    Form(Kind.EXCLUSION, "1112222_EXC_333LLLL_NNN.XML", "School", "LEA", "6812045_EXC_681LLLL_001.xml", _OURS),
    Form(Kind.EXCLUSION, "333LLLL_EXC_1112222_NNN.XML", "LEA", "School", "681LLLL_EXC_6812045_001.xml", _OURS),
    Form(Kind.ADMISSIONS, "333LLLL_ADT_1112222_YYNNN.XML", "LEA (or LEA Admissions: 333ADMS)", "School",
         "681ADMS_ADT_6812045_26001.xml", _OURS),
    Form(Kind.ADMISSIONS, "1112222_ASL_333LLLL_YYNNN.XML", "School", "LEA (or LEA Admissions: 333ADMS)",
         "6812045_ASL_681ADMS_26001.xml", _OURS),
    Form(Kind.ADMISSIONS, "111LLLL_ALT_333LLLL_YYNNN.XML", "LEA (APT, AOT, ALT or ATF)", "LEA", "681LLLL_ALT_679LLLL_26001.xml", _OURS),
    Form(Kind.GENERIC, "1113333_2224444_FFT15.ZIP", "School", "School", "6812045_6732182_Data2010.zip", "Appendix 2"),
    Form(Kind.GENERIC, "1113333_222LLLL_FFT15.ZIP", "School", "LEA (or 222PLAS, 222ADMS)", "6812045_681LLLL_Data.zip", "Appendix 2"),
    Form(Kind.GENERIC, "222LLLL_1113333_FFT15.ZIP", "LEA (or 222PLAS, 222ADMS)", "School", "681LLLL_6812045_Data.zip", "Appendix 2"),
    Form(Kind.GENERIC, "111LLLL_222LLLL_FFT15.ZIP", "LEA (or 111PLAS, 111ADMS)", "LEA (or 222PLAS, 222ADMS)",
         "681LLLL_679LLLL_Data.zip", _OURS),
)  # fmt: skip
