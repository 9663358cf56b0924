import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.rules.addresses import Address, AddressFault, BadAddress, Place, at_authority, parse


@pytest.mark.parametrize(
    ("text", "place", "authority", "organisation", "is_lost", "is_school", "is_authority"),
    [
        ("6812045", "school", "681", "6812045", False, True, False),
        ("681LLLL", "la", "681", "681", False, False, True),
        ("681PLAS", "plasc", "681", "681", False, False, True),
        ("681ADMS", "admissions", "681", "681", False, False, True),
        ("XXXXXXX", "unknown", None, None, True, False, False),
        ("MMMMMMM", "outside", None, None, True, False, False),
    ],
)
def test_an_address_knows_whose_it_is(
    text: str, place: str, authority: str | None, organisation: str | None, is_lost: bool, is_school: bool, is_authority: bool
) -> None:
    address = parse(text)
    assert (address.place, address.authority, address.organisation) == (place, authority, organisation)
    assert (address.is_lost, address.is_school, address.is_authority) == (is_lost, is_school, is_authority)


def test_small_letters_mean_the_same_address() -> None:
    assert parse("681llll") == parse("681LLLL")
    assert str(parse("xxxxxxx")) == "XXXXXXX"


def test_two_desks_of_one_la_are_two_addresses_of_one_organisation() -> None:
    assert parse("681PLAS") != parse("681LLLL")
    assert parse("681PLAS").organisation == parse("681LLLL").organisation


def test_an_las_address_is_made_of_its_number() -> None:
    assert [str(at_authority("681", place)) for place in (Place.LA, Place.PLASC, Place.ADMISSIONS)] == ["681LLLL", "681PLAS", "681ADMS"]


@pytest.mark.parametrize(
    ("text", "fault", "right"),
    [
        ("XXXXXXXX", AddressFault.EIGHT_LETTERS, "XXXXXXX"),
        ("mmmmmmmm", AddressFault.EIGHT_LETTERS, "MMMMMMM"),
        ("681LLLLL", AddressFault.FIVE_LS, "681LLLL"),
        ("XXXXXX", AddressFault.LENGTH, "XXXXXXX"),
        ("681LLL", AddressFault.LENGTH, "681LLLL"),
        ("681204", AddressFault.LENGTH, None),
        ("", AddressFault.LENGTH, None),
        ("681ABCD", AddressFault.FORM, None),
        ("XXXMMMM", AddressFault.FORM, None),
        ("LEALLLL", AddressFault.FORM, None),
        ("6812045\n", AddressFault.LENGTH, None),
        ("681204\n", AddressFault.FORM, None),
        ("\u0666\u0668\u0661\u0662\u0660\u0664\u0665", AddressFault.FORM, None),  # digits, but not ours
        ("681PLA\u017f", AddressFault.FORM, None),  # a long s, which is S in capitals
    ],
)
def test_a_wrong_address_is_refused_with_the_one_that_was_meant(text: str, fault: AddressFault, right: str | None) -> None:
    with pytest.raises(BadAddress) as refusal:
        parse(text)
    assert (refusal.value.code, refusal.value.facts.get("right")) == (fault, right)


@given(st.text(max_size=12))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        address = parse(text)
    except BadAddress as refusal:
        assert "right" not in refusal.facts or parse(str(refusal.facts["right"]))  # noqa: PT017
    else:
        assert len(str(address)) == 7
        assert parse(str(address)) == address == Address(text.upper())
