"""A session that ended while somebody filled a form or chose files: what is said, and the way back (2.1)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from s2s.transfers.models import Transfer
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import text

pytestmark = pytest.mark.django_db

UPLOAD = "http://testserver/upload/ctf"


def test_files_sent_after_the_end_are_told_that_nothing_was_taken_and_the_page_comes_back(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        files = {"files": SimpleUploadedFile("6812045_CTF_6812061_001.xml", b"<x/>")}
        door = client.post("/upload/ctf", files, headers={"referer": UPLOAD})["Location"]
        assert door == "/sign-in?next=%2Fupload%2Fctf&ended=form"
        page = client.get(door)
        assert "nothing that you sent just now was accepted" in text(page)
        assert not Transfer.objects.exists()
        assert 'name="next" value="/upload/ctf"' in page.content.decode()
        form = {"username": "6812045", "password": PASSWORD, "next": "/upload/ctf"}
        assert client.post("/sign-in", form)["Location"] == "/upload/ctf"


def test_a_form_of_many_pages_leads_back_to_the_page_it_stood_on(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    door = Client().post("/download/ctf/fetch", {"file": "x"}, headers={"referer": "http://testserver/download/ctf?sort=name"})
    assert door["Location"] == "/sign-in?next=%2Fdownload%2Fctf%3Fsort%3Dname&ended=form"


@pytest.mark.parametrize("referer", ["https://evil.example/upload/ctf", "//evil.example", "no address", ""])
def test_the_way_back_is_never_another_site(cast: Cast, referer: str) -> None:
    assert Client().post("/upload/ctf", {}, headers={"referer": referer})["Location"] == "/sign-in?ended=form"


def test_a_page_asked_for_after_the_end_says_so_and_a_first_visit_does_not(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        door = client.get("/download/ctf")["Location"]
        assert door == "/sign-in?next=%2Fdownload%2Fctf&ended=session"
        assert "Your session has ended" in text(client.get(door))
    assert "has ended" not in text(Client().get("/download/ctf", follow=True))
    client = cast.client(cast.person("SCHOOL", "6812045"))
    client.post("/log-off")
    assert "has ended" not in text(client.get("/home", follow=True)), "whoever logged off knows"
