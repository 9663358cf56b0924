"""Sending and collecting files (1.6: who has CTFs)."""

from tests.whole_site.tables.people import ALL, CTF

WHO = {
    "upload": CTF,
    "upload-ctf": CTF,
    "sent-ctf": CTF,
    "sent-ctf-uncollected": CTF,
    "sent-ctf-late": CTF,
    "sent-ctf-rejected": CTF,
    "check-ctf": CTF,
    "upload-result": ALL,
    "file": ALL,
    "download": CTF,
    "download-ctf": CTF,
    "chosen-ctf": CTF,
    "fetch-ctf": CTF,
    "answer-ctf": CTF,
    "unconfirmed-ctf": CTF,
    "late-ctf": CTF,
    "previous-ctf": CTF,
    "reject-ctf": CTF,
}

OF_ONE_THING = {"upload-result", "check-ctf", "file", "chosen-ctf", "fetch-ctf", "answer-ctf", "reject-ctf"}
