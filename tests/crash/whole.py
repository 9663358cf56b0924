"""What must be true whatever was killed: a transfer has all its parts, and no part stands without its transfer."""

import io
import zipfile

from tests.crash.site import RECIPIENT, Site

# Each file goes to a school of another authority: addressee and two copies, e-mails to sender, addressee and both authorities.
TRANSFERS_WITH_A_PART_MISSING = """
SELECT receipt FROM transfers_transfer t WHERE NOT (
    (SELECT count(*) FROM transfers_content WHERE transfer_id = t.id) = 1
    AND (SELECT count(*) FROM transfers_pupil WHERE transfer_id = t.id) = t.pupil_count AND t.pupil_count > 0
    AND (SELECT count(*) FROM transfers_delivery WHERE transfer_id = t.id) = 3
    AND (SELECT count(*) FROM audit_entry WHERE transfer = t.receipt AND action = 'file sent') = 1
    AND (SELECT count(*) FROM notices_email WHERE about = t.receipt AND notice IN ('sent', 'arrived', 'copy')) = 4)
"""
EMAILS_THAT_NOBODY_WILL_SEND = "SELECT id FROM notices_email WHERE state NOT IN ('waiting', 'sent')"
PARTS_WITHOUT_THEIR_TRANSFER = """
SELECT 'audit entry', transfer FROM audit_entry WHERE action = 'file sent' AND transfer NOT IN (SELECT receipt FROM transfers_transfer)
UNION ALL SELECT 'e-mail', about FROM notices_email
    WHERE notice IN ('sent', 'arrived', 'copy', 'collected') AND about NOT IN (SELECT receipt FROM transfers_transfer)
"""
SENT_TWICE = "SELECT name FROM transfers_transfer GROUP BY name HAVING count(*) > 1"
VERIFY = "import django; django.setup(); from s2s.audit import chain, verify; chain.seal(); print(verify.verify())"


def assert_whole(site: Site) -> None:
    for question in (TRANSFERS_WITH_A_PART_MISSING, EMAILS_THAT_NOBODY_WILL_SEND, PARTS_WITHOUT_THEIR_TRANSFER, SENT_TWICE):
        assert site.ask(question) == [], question


def assert_trail_is_sound(site: Site) -> None:
    assert site.run("-c", VERIFY).strip() == "None"


def collected(site: Site) -> dict[str, bytes]:
    """Every file the recipient finds on the list, fetched through the door: its name and its bytes."""
    browser = site.browser(RECIPIENT)
    waiting = list(browser.waiting().items())
    files: dict[str, bytes] = {}
    for start in range(0, len(waiting), 100):
        some = dict(waiting[start : start + 100])
        files |= files_in(browser.fetch(*some.values()), list(some))
    return files


def files_in(parcel: bytes, names: list[str]) -> dict[str, bytes]:
    """What was downloaded: the one file itself, or a zip of several."""
    if len(names) == 1:
        return {names[0]: parcel}
    with zipfile.ZipFile(io.BytesIO(parcel)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}
