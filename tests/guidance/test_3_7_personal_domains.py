"""3.7: "Use of personal email domains such as 'Hotmail', 'yahoo' and other such email domain names is strictly prohibited"."""

import pytest

from s2s.rules.personal_domains import is_personal


@pytest.mark.parametrize(
    "domain",
    [
        "hotmail.com", "hotmail.co.uk", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "ymail.com", "rocketmail.com", "gmail.com",
        "googlemail.com", "googlemail.co.uk", "outlook.com", "outlook.fr", "live.com", "live.co.uk", "msn.com", "icloud.com",
        "me.com", "mac.com", "aol.com", "aol.co.uk", "proton.me", "protonmail.com", "gmx.com", "gmx.co.uk", "mail.com",
        "fastmail.com", "tutanota.com", "zoho.com", "btinternet.com", "btopenworld.com", "sky.com", "talktalk.net",
        "virginmedia.com", "ntlworld.com", "blueyonder.co.uk", "tiscali.co.uk", "o2.co.uk", "orange.net", "plus.com",
        "mailinator.com",
    ],
)  # fmt: skip
def test_personal(domain: str) -> None:
    assert is_personal(f"sian.jones@{domain}")


@pytest.mark.parametrize("address", ["A@HotMail.Com", "a@mail.yahoo.co.uk", "a@gmail.com.", "a@GMAIL.com ", "gmail.com", '"x@y"@gmail.com'])
def test_however_it_is_written(address: str) -> None:
    assert is_personal(address)


@pytest.mark.parametrize(
    "domain",
    [
        "cardiff.gov.uk", "caerdydd.gov.uk", "monmouthshire.gov.uk", "gov.wales", "llyw.cymru", "hwbcymru.net",
        "hafod.cardiff.sch.uk", "example.org", "681.example.org", "mail.cardiff.gov.uk", "outlook.cardiff.sch.uk",
        "live.example.org", "notgmail.org", "gmail.cardiff.gov.uk", "yahooschool.org.uk", "education.gov.uk", "tove.org.uk",
    ],
)  # fmt: skip
def test_of_an_organisation(domain: str) -> None:
    assert not is_personal(f"sian.jones@{domain}")
