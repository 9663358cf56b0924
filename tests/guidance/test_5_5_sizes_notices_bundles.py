"""5.5 'Generic Zip File Transfers' and 5.7: sizes, e-mails and bundles, copied out by hand."""

import pytest

from s2s.rules.kinds import KINDS, Kind, limit

MEGABYTE = 1024 * 1024  # written down: "Mb" is 1,048,576 bytes

#                    from a school  from an LA
LIMITS = {
    "ctf":           (30 * MEGABYTE, 30 * MEGABYTE),  # a bulk CTF
    "census":        (10 * MEGABYTE, 10 * MEGABYTE),
    "cfr":           (10 * MEGABYTE, 10 * MEGABYTE),
    "generic":       (4 * MEGABYTE, 10 * MEGABYTE),  # 5.5
    "exclusion":     (10 * MEGABYTE, 10 * MEGABYTE),
    "admissions":    (10 * MEGABYTE, 10 * MEGABYTE),
}  # fmt: skip


def test_a_school_may_send_a_generic_zip_of_four_megabytes() -> None:
    assert limit(Kind.GENERIC, from_school=True) == 4_194_304


def test_an_la_may_send_a_generic_zip_of_ten_megabytes() -> None:
    assert limit(Kind.GENERIC, from_school=False) == 10_485_760


@pytest.mark.parametrize("kind", LIMITS)
def test_the_limit_of_every_kind(kind: str) -> None:
    assert (limit(Kind(kind), from_school=True), limit(Kind(kind), from_school=False)) == LIMITS[kind]


def test_every_kind_has_a_limit_above() -> None:
    assert set(LIMITS) == {str(kind) for kind in Kind} == {str(kind) for kind in KINDS}


def test_every_kind_but_generic_is_announced_by_e_mail() -> None:
    assert {str(kind) for kind, facts in KINDS.items() if facts.announced} == {"ctf", "census", "cfr", "exclusion", "admissions"}


def test_every_kind_but_generic_is_bundled_when_several_are_fetched() -> None:
    assert {str(kind) for kind, facts in KINDS.items() if facts.bundled} == {"ctf", "census", "cfr", "exclusion", "admissions"}


def test_generic_files_are_zips_and_the_others_are_not() -> None:
    assert {str(kind): facts.extensions for kind, facts in KINDS.items()} == {
        "ctf": ("xml",), "census": ("xml",), "cfr": ("xml",), "generic": ("zip",), "exclusion": ("xml",), "admissions": ("xml",),
    }  # fmt: skip


def test_only_of_ctfs_the_local_authorities_have_copies_and_three_views() -> None:
    assert {str(kind) for kind, facts in KINDS.items() if facts.copied} == {"ctf"}
