"""CTFs as the field's software writes them, kept beside the repository and not in it."""

from datetime import date
from pathlib import Path

import pytest

from s2s.rules.filenames import FileName, parse
from s2s.transfers.ctf import Ctf, CtfFault, CtfWarning, UnreadableCtf, read

SAMPLES = Path(__file__).parents[2].parent / "shared" / "ctf-samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not beside this checkout")
TODAY = date(2026, 11, 23)
PUPILS = {
    "6812045_CTF_6812061_001.xml": 1, "6812045_CTF_6732182_004.xml": 2, "6812045_CTF_XXXXXXX_002.xml": 1, "6812061_CTF_MMMMMMM_001.xml": 1,
    "6812045_CTF_681LLLL_010.xml": 3, "681LLLL_CTF_6814039_001.xml": 1, "6814039_CTF_681LLLL_001.xml": 1,
}  # fmt: skip


def named(folder: str, name: str) -> tuple[bytes, FileName]:
    return (SAMPLES / folder / name).read_bytes(), parse(name)


def reading(folder: str, name: str) -> Ctf:
    content, parsed = named(folder, name)
    return read(content, parsed, today=TODAY)


@pytest.mark.parametrize(("name", "pupils"), PUPILS.items())
def test_valid_sample_is_read_without_a_warning(name: str, pupils: int) -> None:
    file = reading("valid", name)
    assert (len(file.pupils), file.warnings) == (pupils, ())


def test_no_valid_sample_is_left_out() -> None:
    assert {path.name for path in (SAMPLES / "valid").iterdir()} == set(PUPILS)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("6812045_CTF_XXXXXXX_003.xml", [CtfFault.ONE_PUPIL_ONLY]),
        ("6812045_CTF_6812061_005.xml", [CtfFault.SOURCE_DIFFERS, CtfFault.DESTINATION_DIFFERS]),
        ("6812045_CTF_6812061_007.xml", [CtfFault.DOCTYPE]),
        ("6812045_CTF_6812061_008.xml", [CtfFault.CUT_OFF]),
        ("6812045_CTF_6812061_009.xml", [CtfFault.VALUE_WRONG]),
    ],
)
def test_invalid_sample_is_refused_for_its_own_mistake(name: str, codes: list[CtfFault]) -> None:
    content, parsed = named("invalid", name)
    with pytest.raises(UnreadableCtf) as caught:
        read(content, parsed, today=TODAY)
    assert [finding.code for finding in caught.value.findings] == codes


def test_sample_with_a_wrong_check_letter_is_accepted_with_a_warning() -> None:
    assert [warning.code for warning in reading("invalid", "6812045_CTF_6812061_006.xml").warnings] == [CtfWarning.UPN_CHECK_LETTER]


def test_sample_renamed_by_a_browser_is_accepted() -> None:
    assert len(reading("invalid", "6812045_CTF_6812061_001 (1).xml").pupils) == 1
