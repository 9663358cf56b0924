import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.rules.identifiers import (
    UpnFault,
    is_postcode,
    is_temporary_upn,
    is_upn_form,
    normalise_postcode,
    uln_is_valid,
    upn_check_letter,
    upn_fault,
)

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
bodies = st.from_regex(r"[0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True)


@pytest.mark.parametrize("upn", ["B801200005001", "R674123101121"])
def test_a_published_upn_is_right(upn: str) -> None:
    assert upn_fault(upn) is None


@pytest.mark.parametrize("upn", ["A801200005001", "J933207636549"])
def test_a_wrong_check_letter_is_told_from_a_wrong_form(upn: str) -> None:
    assert is_upn_form(upn)
    assert upn_fault(upn) is UpnFault.CHECK_LETTER


@pytest.mark.parametrize(
    "text",
    ["", "B80120000500", "B8012000050011", "b801200005001", "I801200005001", "B80120000500I", "B801200O05001", "B801200005001\n",
     " B801200005001", "B80120000500\u0661"],
)  # fmt: skip
def test_a_malformed_upn_is_malformed(text: str) -> None:
    assert upn_fault(text) is UpnFault.MALFORMED


@given(bodies)
def test_one_letter_and_no_other_makes_a_upn_right(body: str) -> None:
    assert [letter for letter in LETTERS if upn_fault(letter + body) is None] == [upn_check_letter("A" + body)]


@given(bodies)
def test_the_check_letter_is_the_weighted_sum_modulo_23(body: str) -> None:
    values = [int(char) if char.isdigit() else LETTERS.index(char) for char in body]
    assert upn_check_letter("A" + body) == LETTERS[sum(value * (place + 2) for place, value in enumerate(values)) % 23]


@given(bodies, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(body: str, place: int, step: int) -> None:
    right = upn_check_letter("A" + body) + body
    wrong = right[: place + 1] + str((int(right[place + 1]) + step) % 10) + right[place + 2 :]
    assert upn_fault(wrong) is UpnFault.CHECK_LETTER


@given(st.text(max_size=16))
def test_any_text_has_an_answer(text: str) -> None:
    assert (upn_fault(text) is UpnFault.MALFORMED) is not is_upn_form(text)
    assert uln_is_valid(text) in (True, False)
    assert is_postcode(normalise_postcode(text)) in (True, False)


def test_a_temporary_upn_ends_in_a_letter() -> None:
    temporary = upn_check_letter("A68120452400B") + "68120452400B"
    assert upn_fault(temporary) is None
    assert is_temporary_upn(temporary)
    assert not is_temporary_upn("B801200005001")


@pytest.mark.parametrize(
    ("uln", "valid"),
    [("9276308686", True), ("9276308687", False), ("2481081875", False), ("0276308686", False), ("927630868", False),
     ("92763086860", False), ("", False), ("927630868X", False)],
)  # fmt: skip
def test_a_uln_has_a_check_digit(uln: str, valid: bool) -> None:
    assert uln_is_valid(uln) is valid


@given(st.from_regex(r"[1-9][0-9]{8}", fullmatch=True))
def test_a_uln_has_one_check_digit_or_none(nine: str) -> None:
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
    assert [digit for digit in range(10) if uln_is_valid(f"{nine}{digit}")] == ([10 - remainder] if remainder else [])


@pytest.mark.parametrize(
    ("typed", "written"), [("cf101aa", "CF10 1AA"), (" CF10  1AA ", "CF10 1AA"), ("m11ae", "M1 1AE"), ("CF", "CF"), ("", "")]
)
def test_a_postcode_is_written_with_one_blank(typed: str, written: str) -> None:
    assert normalise_postcode(typed) == written


@pytest.mark.parametrize(
    ("text", "valid"),
    [("CF10 1AA", True), ("SA1 1AA", True), ("GIR 0AA", True), ("OVER 5EA", False), ("CF101AA", False), ("CF10 1CI", False)],
)
def test_a_postcode_has_a_form(text: str, valid: bool) -> None:
    assert is_postcode(text) is valid
