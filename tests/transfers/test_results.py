"""The results of an upload are its sender's, unreadable in the database, and gone after a day (4.2, 5.1)."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from s2s.transfers.models import UploadBatch
from s2s.transfers.results import Result, keep, results_of
from s2s.upkeep import sweep
from tests.cast import Cast

pytestmark = pytest.mark.django_db

RESULT = Result(name="6812045_CTF_6812061_001.xml", accepted=True, kind="ctf", pupils=["Mair Penhaligon"])


def test_the_results_of_an_upload_are_its_senders_alone(cast: Cast) -> None:
    sender = cast.actor("SCHOOL", "6812045")
    batch = keep(actor=sender, results=[RESULT])
    assert results_of(sender, batch) == [RESULT]
    assert results_of(cast.actor("SCHOOL", "6812061"), batch) is None
    assert results_of(cast.actor("LEA_DBA", "681"), batch) is None
    assert results_of(sender, uuid4()) is None


def test_two_uploads_of_one_person_keep_each_its_results(cast: Cast) -> None:
    sender = cast.actor("SCHOOL", "6812045")
    other = Result(name="6812045_CTF_6812061_002.xml", accepted=False, kind="ctf")
    first, second = keep(actor=sender, results=[RESULT]), keep(actor=sender, results=[other])
    assert (results_of(sender, first), results_of(sender, second)) == ([RESULT], [other])


def test_no_pupil_can_be_read_in_the_rows_of_results(cast: Cast) -> None:
    keep(actor=cast.actor("SCHOOL", "6812045"), results=[RESULT])
    [row] = UploadBatch.objects.values()
    written = b"".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row.values())
    assert b"6812045" in written
    assert b"Penhaligon" not in written


def test_results_are_gone_after_a_day_and_are_swept(cast: Cast) -> None:
    sender = cast.actor("SCHOOL", "6812045")
    batch = keep(actor=sender, results=[RESULT])
    sweep.sweep()
    assert results_of(sender, batch) == [RESULT]
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert results_of(sender, batch) is None
        sweep.sweep()
    assert not UploadBatch.objects.exists()


def test_without_the_key_the_page_says_that_the_files_are_safe(
    cast: Cast, settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    school = cast.client(cast.person("SCHOOL", "6812045"))
    page = school.post("/upload/ctf", {"files": SimpleUploadedFile("6812045_CTF_6812061_001.xml", b"no CTF")})["Location"]
    assert school.get(page).status_code == 200
    kept, settings.KEYS = settings.KEYS, tmp_path
    answer = school.get(page)
    assert answer.status_code == 503
    assert "What was accepted is safe and on its way." in answer.content.decode()
    assert "cannot be opened" in caplog.text
    settings.KEYS = kept
    assert school.get(page).status_code == 200
