"""The page between choosing files and sending them: what would be sent to whom, and what is wrong with it (5.1, 4.2)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from s2s.audit.models import Action, Entry
from s2s.notices.models import Email
from s2s.transfers import check_first
from s2s.transfers.models import CheckedFile, CheckedUpload, Transfer
from s2s.upkeep import sweep
from tests.cast import Cast
from tests.journeys.doors import Named, receipt, text
from tests.samples import ctf, name_for, pupil

pytestmark = pytest.mark.django_db

NAME, SECOND = name_for(), name_for(number="002")
WRONG_NAME = "6812045 CTF 6812061 207.xml"


@pytest.fixture
def sender(cast: Cast) -> Client:
    cast.person("SCHOOL", "6812061")
    return cast.client(cast.person("SCHOOL", "6812045"))


def show_first(client: Client, *files: tuple[str, bytes]) -> str:
    """Choose files; the address of the page that the browser is sent to."""
    answer = client.post("/upload/ctf", {"files": [Named(name, content) for name, content in files]})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def press_send(client: Client, page: str, *accepted: str) -> str:
    """The text of the page that follows."""
    return text(client.post(page, {"as": list(accepted)}, follow=True))


def test_the_page_shows_what_would_be_sent_and_sends_nothing(sender: Client) -> None:
    page = text(sender.get(show_first(sender, (NAME, ctf(2)), (SECOND, ctf([pupil(1, UPN=None)])))))
    for said in ("Nothing has been sent yet", NAME, "Llanishen Primary School 6812061", "Siân Bevan, Ioan Hussain", "Can be sent"):
        assert said in page
    assert "Cannot be sent" in page
    assert "UPN" in page
    assert not Transfer.objects.exists()
    assert not Email.objects.exists()


def test_send_sends_what_can_be_sent_and_says_what_happens_next(sender: Client) -> None:
    checked = show_first(sender, (NAME, ctf(2)), (SECOND, ctf([pupil(1, UPN=None)])))
    page = press_send(sender, checked)
    assert [transfer.name for transfer in Transfer.objects.all()] == [NAME]
    assert Transfer.objects.get().receipt == receipt(page)
    assert "1 file was not accepted" in page
    assert "What happens next" in page
    assert Entry.objects.filter(action=Action.FILE_REFUSED).count() == 1, "a refusal is told once"
    assert not CheckedUpload.objects.exists()
    assert not CheckedFile.objects.exists()
    assert receipt(text(sender.get(checked, follow=True))) == receipt(page), "Back shows what it came to"


def test_send_pressed_again_sends_once_and_shows_the_same_result(sender: Client) -> None:
    checked = show_first(sender, (NAME, ctf()))
    assert receipt(press_send(sender, checked)) == receipt(press_send(sender, checked))
    assert Entry.objects.filter(action=Action.FILE_SENT).count() == 1
    assert not Entry.objects.filter(action=Action.FILE_SENT_AGAIN).exists()


def test_whoever_sends_at_once_is_remembered_and_sees_no_page_first(sender: Client) -> None:
    assert "checked" not in re.search(r'<input[^>]+name="at_once"[^>]*>', sender.get("/upload/ctf").content.decode())[0]  # type: ignore[index]
    answer = sender.post("/upload/ctf", {"files": [Named(NAME, ctf())], "at_once": "on"})
    assert "/upload/result/" in answer["Location"]
    assert Transfer.objects.count() == 1
    assert "checked" in re.search(r'<input[^>]+name="at_once"[^>]*>', sender.get("/upload/ctf").content.decode())[0]  # type: ignore[index]
    assert "/upload/ctf/check/" in show_first(sender, (SECOND, ctf())), "without the tick it is shown first, from now on"
    assert "checked" not in re.search(r'<input[^>]+name="at_once"[^>]*>', sender.get("/upload/ctf").content.decode())[0]  # type: ignore[index]


def test_a_file_is_taken_off_the_list_and_its_bytes_are_gone(sender: Client) -> None:
    checked = show_first(sender, (NAME, ctf()), (SECOND, ctf(2)))
    page = text(sender.post(checked, {"off": "0"}, follow=True))
    assert NAME not in page
    assert SECOND in page
    assert CheckedFile.objects.count() == 1
    press_send(sender, checked)
    assert [transfer.name for transfer in Transfer.objects.all()] == [SECOND]


def test_with_the_last_file_taken_off_nothing_is_left(sender: Client) -> None:
    checked = show_first(sender, (NAME, ctf()))
    assert sender.post(checked, {"off": "0"})["Location"] == "/upload/ctf"
    assert not CheckedUpload.objects.exists()


def test_two_tabs_do_not_mix(sender: Client) -> None:
    first, second = show_first(sender, (NAME, ctf())), show_first(sender, (SECOND, ctf(2)))
    press_send(sender, first)
    assert [transfer.name for transfer in Transfer.objects.all()] == [NAME]
    assert SECOND in text(sender.get(second))


def test_where_only_the_name_is_wrong_the_right_one_can_be_accepted(sender: Client) -> None:
    checked = show_first(sender, (WRONG_NAME, ctf()))
    page = text(sender.get(checked))
    assert "Accept as 6812045_CTF_6812061_207.xml?" in page
    assert "Llanishen Primary School 6812061" in page
    result = press_send(sender, checked, "0")
    assert [transfer.name for transfer in Transfer.objects.all()] == ["6812045_CTF_6812061_207.xml"]
    assert WRONG_NAME in result


def test_a_right_name_that_nobody_accepted_is_not_used(sender: Client) -> None:
    assert "was not accepted" in press_send(sender, show_first(sender, (WRONG_NAME, ctf())))
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    "content", [ctf(destination="6812049"), ctf([pupil(1, UPN=None)]), b"<invoice/>"], ids=["another destination", "no UPN", "no CTF"]
)
def test_no_name_is_offered_where_the_content_is_wrong_too(sender: Client, content: bytes) -> None:
    page = text(sender.get(show_first(sender, (WRONG_NAME, content))))
    assert "Accept as" not in page
    assert "was not accepted" in page, "nothing can be sent, so that is the result"
    assert not CheckedUpload.objects.exists()


def test_two_files_are_not_offered_the_same_name(sender: Client) -> None:
    page = text(sender.get(show_first(sender, (WRONG_NAME, ctf()), ("6812045-CTF-6812061-207.xml", ctf(2)))))
    assert page.count("Accept as 6812045_CTF_6812061_207.xml?") == 1


def test_at_send_nothing_of_the_check_is_believed(cast: Cast, sender: Client) -> None:
    closed, role_gone = show_first(sender, (NAME, ctf())), show_first(sender, (SECOND, ctf(2)))
    cast.school("6812061", closed_on=timezone.localdate())
    assert "closed on" in press_send(sender, closed)
    cast.school("6812061", closed_on=None)
    cast.school("6812045", closed_on=timezone.localdate())
    assert sender.post(role_gone).status_code == 404
    assert not Transfer.objects.exists()


def test_what_a_colleague_sent_meanwhile_is_answered_with_its_receipt(cast: Cast, sender: Client) -> None:
    checked = show_first(sender, (NAME, ctf()))
    first = cast.sent()
    page = press_send(sender, checked)
    assert "Accepted before" in page
    assert receipt(page) == first.receipt
    assert Transfer.objects.count() == 1


def test_what_waited_too_long_is_gone_and_nothing_was_sent(sender: Client) -> None:
    checked = show_first(sender, (NAME, ctf()))
    sweep.sweep()
    assert CheckedFile.objects.count() == 1
    CheckedUpload.objects.update(made_at=timezone.now() - timedelta(minutes=61))
    for answer in (sender.get(checked), sender.post(checked)):
        assert answer.status_code == 410
        assert "Nothing was sent" in text(answer)
        assert "Choose the files again" in text(answer)
    assert not Transfer.objects.exists()
    sweep.sweep()
    assert not CheckedFile.objects.exists()


def test_an_upload_waits_for_its_sender_alone_and_in_the_same_session(cast: Cast, sender: Client) -> None:
    checked = show_first(sender, (NAME, ctf()))
    assert NAME in text(sender.get(checked))
    for other in (cast.client(cast.person("SCHOOL", "6812061")), cast.client(cast.person("SCHOOL", "6812045"))):
        assert other.get(checked).status_code == 410
        assert other.post(checked).status_code == 410
    assert not Transfer.objects.exists()


def test_nothing_that_waits_can_be_read_in_the_database(sender: Client) -> None:
    show_first(sender, ("6812045 CTF 6812061 Penhaligon 207.xml", ctf([pupil(1, Surname="Penhaligon")])), (NAME, ctf()))
    rows = [*CheckedUpload.objects.values(), *CheckedFile.objects.values()]
    written = b"".join(bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode() for row in rows for one in row.values())
    assert b"Penhaligon" not in written
    assert b"CTfile" not in written
    assert b"6812045" in written


def test_older_uploads_make_way_when_a_person_has_too_much_waiting(sender: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_first, "MOST_BYTES", 2 * len(ctf()))
    pages = [show_first(sender, (name_for(number=f"{number:03}"), ctf())) for number in (1, 2, 3)]
    assert [sender.get(page).status_code for page in pages] == [410, 200, 200]
