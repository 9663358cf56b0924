"""A school or an authority uploads CTFs (4.2, 5.1, 5.4, Appendix 2): accepted with a receipt, or refused with every reason."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from s2s.accounts.collecting import CollectWarning
from s2s.audit.models import Action, Entry
from s2s.notices.models import DeadAddress, Email
from s2s.rules.kinds import Kind
from s2s.rules.roles import Can, may
from s2s.transfers.models import Content, Delivery, Pupil, Transfer
from s2s.transfers.refusals import NotAccepted, SendFault
from s2s.transfers.upload import send
from tests.cast import Cast
from tests.journeys.doors import keys, letter, mails, receipt, text, upload
from tests.samples import ctf, name_for, pupil

pytestmark = pytest.mark.django_db


def nothing_kept() -> bool:
    return not (
        Transfer.objects.exists()
        or Delivery.objects.exists()
        or Content.objects.exists()
        or Pupil.objects.exists()
        or Email.objects.exists()
    )


@pytest.mark.guidance("1-03", "A2-01", "4.2-06", "4.2-08", "4.2-09", "5.2-01", "1.5-04")
def test_a_school_sends_a_ctf_and_both_ends_are_told(cast: Cast) -> None:
    dell, hafod = cast.person("SCHOOL", at="6792303"), cast.person("SCHOOL", at="6812045")
    name = name_for("6792303", "6812045")
    page = upload(cast.client(dell), (name, ctf(source="6792303", destination="6812045")))
    assert "1 file has been uploaded and is safe" in page
    assert name in page
    assert Transfer.objects.get().receipt == receipt(page)
    assert name in keys(cast.client(hafod))
    [(sent, confirmation)] = mails("office@6792303.example.org")
    assert sent == "sent"
    assert name in confirmation
    assert receipt(page) in confirmation
    [(arrived, news)] = mails("office@6812045.example.org")
    assert arrived == "arrived"
    assert "The Dell Primary School" in news
    assert "6792303" in news
    assert name in news


def test_pupils_never_stand_in_an_email(cast: Cast) -> None:
    cast.sent(pupils=3)
    for one in Pupil.objects.all():
        for email in Email.objects.all():
            for secret in (one.upn, one.surname, one.forename, f"{one.date_of_birth}"):
                assert secret not in letter(email)


@pytest.mark.guidance("1.3-10")
def test_a_file_for_a_school_may_hold_several_pupils(cast: Cast) -> None:
    transfer = cast.sent(pupils=3)
    assert transfer.pupil_count == 3
    assert transfer.pupils.count() == 3


@pytest.mark.guidance("1.5-01", "A2-04", "5-04", "1-05", "5-05", "5.3-11")
def test_a_school_sends_its_authority_a_bulk_file(cast: Cast) -> None:
    hael, newport = cast.person("SCHOOL", at="6802320"), cast.person("LEA_USER", at="680")
    name = name_for("6802320", "680LLLL")
    upload(cast.client(hael), (name, ctf(30, source="6802320", destination="680LLLL")))
    assert name in keys(cast.client(newport), "/download/ctf?view=within")


@pytest.mark.guidance("A2-05", "1.6-04", "1.6-12", "1.6-18", "1.6-33", "1.5-03")
@pytest.mark.parametrize("role", ["LEA_DBA", "LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL_TRANSFER"])
def test_an_authority_sends_to_a_school_under_its_own_code_only(cast: Cast, role: str) -> None:
    cast.school("6812049")
    cast.authority("675")
    client = cast.client(cast.person(role, at="681"))
    own, other = name_for("681LLLL", "6812049"), name_for("675LLLL", "6812049")
    assert "is safe" in upload(client, (own, ctf(source="681LLLL", destination="6812049")))
    assert "was not accepted" in upload(client, (other, ctf(source="675LLLL", destination="6812049")))
    assert [transfer.name for transfer in Transfer.objects.all()] == [own]


@pytest.mark.guidance("A2-06")
def test_the_form_without_underscore_is_read_and_put_right(cast: Cast) -> None:
    cast.school("6812049")
    page = upload(
        cast.client(cast.person("LEA_USER", at="681")), ("681LLLL_CTF6812049_001.xml", ctf(source="681LLLL", destination="6812049"))
    )
    assert "681LLLL_CTF_6812049_001.xml" in page
    assert Transfer.objects.get().name == "681LLLL_CTF_6812049_001.xml"


def test_a_browsers_copy_mark_is_taken_off_and_said(cast: Cast) -> None:
    cast.school("6812061")
    page = upload(cast.client(cast.person("SCHOOL", at="6812045")), ("6812045_CTF_6812061_001 (1).xml", ctf()))
    assert "6812045_CTF_6812061_001.xml" in page
    assert "(1)" in page
    assert Transfer.objects.get().name == "6812045_CTF_6812061_001.xml"


@pytest.mark.guidance("A2-07")
@pytest.mark.parametrize("extension", ["xml", "XML"])
def test_capital_and_small_extensions_pass(cast: Cast, extension: str) -> None:
    cast.school("6812061")
    page = upload(cast.client(cast.person("SCHOOL", at="6812045")), (f"6812045_CTF_6812061_001.{extension}", ctf()))
    assert "is safe" in page


@pytest.mark.guidance("5.4-01", "5.4-02", "5.4-04", "A2-08", "A2-09", "A2-10", "A2-11", "A2-12", "A2-13", "A2-14", "1.3-07", "5.1-06")
@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("letter.xml", "name"),
        ("6812045_CTF_6732182_001.txt", ".xml"),
        ("6812045_CTF_6732182.xml", "number"),
        ("6812045_CTF_6732182_01.xml", "6812045_CTF_6732182_001.xml"),
        ("6812045_CTF_6732182_0001.xml", "6812045_CTF_6732182_001.xml"),
        ("6812045_CTF_6732182_ABC.xml", "6812045_CTF_6732182_001.xml"),
        ("6812045_CTR_6732182_001.xml", "CTF"),
        ("681204_CTF_6732182_001.xml", "seven"),
        ("68120455_CTF_6732182_001.xml", "seven"),
        ("XXXXXXX_CTF_6812049_001.xml", "XXXXXXX"),
        ("6812045_CTF_6732182_001.zip", ".xml"),
        ("6812045_CTF_6732182_001.xml.txt", ".xml"),
        ("6812045_CTF_XXXXXXXX_001.xml", "6812045_CTF_XXXXXXX_001.xml"),
        ("681LLLLL_CTF_6812049.xml", "681LLLL"),
        ("6812045_6732182_Data.zip", "zip"),
    ],
)
def test_a_wrong_name_is_refused_with_the_reason_and_leaves_nothing(cast: Cast, name: str, word: str) -> None:
    cast.school("6732182")
    cast.school("6812049")
    page = upload(cast.client(cast.person("SCHOOL", at="6812045")), (name, ctf()))
    assert "was not accepted" in page
    assert word in page
    assert nothing_kept()


@pytest.mark.guidance("A2-15")
@pytest.mark.parametrize("destination", ["6819999", "999LLLL", "9991234"])
def test_an_unknown_destination_is_refused_with_the_reason(cast: Cast, destination: str) -> None:
    page = upload(cast.client(cast.person("SCHOOL", at="6812045")), (name_for(destination=destination), ctf(destination=destination)))
    assert "was not accepted" in page
    assert destination in page or destination[:3] in page
    assert nothing_kept()


@pytest.mark.guidance("A2-16")
def test_the_first_number_is_the_senders_own(cast: Cast) -> None:
    cast.school("6812049")
    page = upload(
        cast.client(cast.person("SCHOOL", at="6812045")), (name_for("6812049", "6732182"), ctf(source="6812049", destination="6732182"))
    )
    assert "Hafod Primary School" in page
    assert "6812045" in page
    assert nothing_kept()


def test_a_file_that_was_sent_to_you_is_told_apart(cast: Cast) -> None:
    cast.school("6812061")
    page = upload(
        cast.client(cast.person("SCHOOL", at="6812045")), (name_for("6812061", "6812045"), ctf(source="6812061", destination="6812045"))
    )
    assert "Download CTF Files" in page


def test_a_closed_school_is_refused_and_names_its_successor(cast: Cast) -> None:
    successor = cast.school("6812061")
    cast.school("6812049", closed_on="2026-08-31", successor=successor)
    page = upload(cast.client(cast.person("SCHOOL", at="6812045")), (name_for(destination="6812049"), ctf(destination="6812049")))
    assert "Llanishen Primary School" in page
    assert "6812045_CTF_6812061_001.xml" in page
    assert nothing_kept()


@pytest.mark.guidance("1.3-09")
@pytest.mark.parametrize("code", ["XXXXXXX", "MMMMMMM"])
def test_a_lost_pupil_file_holds_one_pupil(cast: Cast, code: str) -> None:
    client = cast.client(cast.person("SCHOOL", at="6812045"))
    assert "was not accepted" in upload(client, (name_for(destination=code), ctf(2, destination=code)))
    assert nothing_kept()
    assert "is safe" in upload(client, (name_for(destination=code), ctf(1, destination=code)))


@pytest.mark.guidance("1.3-01", "1.3-04", "1.3-05", "1.3-08", "A2-02", "A2-03", "1-07", "1.3-17")
@pytest.mark.parametrize("code", ["XXXXXXX", "MMMMMMM"])
def test_a_lost_pupil_file_goes_to_the_database_and_to_no_list(cast: Cast, code: str) -> None:
    greenway = cast.client(cast.person("SCHOOL", at="6812045"))
    page = upload(greenway, (name_for(destination=code), ctf(destination=code)))
    assert "is safe" in page
    [delivery] = Delivery.objects.all()
    assert (delivery.part, delivery.organisation, delivery.address) == ("lost", None, code)
    others = [cast.person("SCHOOL", at="6812061"), cast.person("LEA_USER", at="681"), cast.person("LEA_SCHOOL", at="681")]
    for other in others:
        assert name_for(destination=code) not in keys(cast.client(other))
        assert cast.client(other).get(f"/file/{receipt(page)}").status_code == 404
        assert cast.client(other).post("/download/ctf/fetch", {"file": str(delivery.key)}).status_code == 404
    [(notice, words)] = mails("office@6812045.example.org")
    assert notice == "sent"
    assert "Lost Pupil Database" in words


@pytest.mark.guidance("5-01")
def test_lea_school_sends_to_the_lost_pupil_database_and_lea_user_does_not(cast: Cast) -> None:
    file = (name_for("681LLLL", "XXXXXXX"), ctf(source="681LLLL", destination="XXXXXXX"))
    assert "was not accepted" in upload(cast.client(cast.person("LEA_USER", at="681")), file)
    assert "is safe" in upload(cast.client(cast.person("LEA_SCHOOL", at="681")), file)


@pytest.mark.guidance("1.5-05", "A2-17")
def test_a_second_file_for_the_same_pupil_is_accepted_beside_the_first(cast: Cast) -> None:
    cast.school("6812061")
    client = cast.client(cast.person("SCHOOL", at="6812045"))
    for number in ("001", "007"):
        assert "is safe" in upload(client, (name_for(number=number), ctf()))
    assert sorted(keys(cast.client(cast.person("SCHOOL", at="6812061")))) == [name_for(number="001"), name_for(number="007")]


@pytest.mark.guidance("1.5-06")
def test_a_pupil_who_changes_their_mind_is_sent_on_to_another_school(cast: Cast) -> None:
    first, second = cast.sent(destination="6812061"), cast.sent(destination="6812049")
    assert first.addressee.organisation.number == "6812061"
    assert second.addressee.organisation.number == "6812049"


@pytest.mark.guidance("4.2-07")
def test_the_same_bytes_sent_again_are_answered_with_the_first_receipt(cast: Cast) -> None:
    cast.school("6812061")
    client = cast.client(cast.person("SCHOOL", at="6812045"))
    first, second = (upload(client, (name_for(), ctf())) for _ in range(2))
    assert receipt(first) == receipt(second)
    assert "already been accepted" in second
    assert Transfer.objects.count() == 1
    assert len(mails("office@6812061.example.org")) == 1


def test_the_same_name_with_other_bytes_is_another_file(cast: Cast) -> None:
    cast.school("6812061")
    client = cast.client(cast.person("SCHOOL", at="6812045"))
    pages = [upload(client, (name_for(), ctf([pupil(number)]))) for number in (1, 2)]
    assert receipt(pages[0]) != receipt(pages[1])
    assert Transfer.objects.count() == 2


def test_a_rejected_file_may_be_sent_again(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", at="6812045"))
    cast.school("6812061")
    first = receipt(upload(client, (name_for(), ctf())))
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    llanishen.post(f"/download/ctf/{keys(llanishen)[name_for()]}/reject", {"reason": "not_ours"})
    assert receipt(upload(client, (name_for(), ctf()))) != first


def test_many_files_at_once_are_each_answered(cast: Cast) -> None:
    cast.school("6812061")
    files = [(name_for(number="001"), ctf()), ("letter.xml", b"<a/>"), (name_for(number="002"), ctf([pupil(2)]))]
    page = upload(cast.client(cast.person("SCHOOL", at="6812045")), *files)
    assert "2 files have been uploaded and are safe" in page
    assert "1 file was not accepted" in page
    assert Transfer.objects.count() == 2


def test_all_mistakes_are_told_at_once(cast: Cast) -> None:
    wrong = ctf([pupil(1, UPN="RUBBISH"), pupil(2, Surname=None), pupil(3, DOB="2016-02-30")], destination="6819999")
    page = upload(cast.client(cast.person("SCHOOL", at="6812045")), (name_for(destination="6819999"), wrong))
    for word in ("6819999", "Pupil 1", "Pupil 2", "Pupil 3"):
        assert word in page, page


def test_warnings_are_shown_and_do_not_stop_the_file(cast: Cast) -> None:
    cast.school("6812061")
    good = ctf([pupil(1)])
    from tests.samples import upn

    wrong_letter = ("B" if upn(1)[0] == "A" else "A") + upn(1)[1:]
    page = upload(cast.client(cast.person("SCHOOL", at="6812045")), (name_for(), good.replace(upn(1).encode(), wrong_letter.encode())))
    assert "Accepted with warnings" in page
    assert wrong_letter in page


NOBODY_THERE = "Nobody at Llanishen Primary School has an s2s user account that can download this file."


def test_the_sender_is_warned_when_nobody_at_the_destination_can_collect(cast: Cast) -> None:
    cast.school("6812061")
    client = cast.client(cast.person("SCHOOL", at="6812045"))
    page = upload(client, (name_for(), ctf()))
    assert "Accepted with warnings" in page
    assert NOBODY_THERE in page
    [transfer] = Transfer.objects.all()
    assert [warning["code"] for warning in transfer.warnings] == [CollectWarning.NO_USER]
    assert NOBODY_THERE in text(client.get(f"/file/{transfer.receipt}")), "the sender reads it later too"
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    assert NOBODY_THERE not in text(llanishen.get(f"/file/{transfer.receipt}")), "the destination does not"
    assert NOBODY_THERE not in upload(client, (name_for(number="002"), ctf()))


def test_the_sender_sees_that_the_email_to_the_destination_did_not_arrive(cast: Cast) -> None:
    transfer = cast.sent()
    sender, receiver = (cast.client(cast.person("SCHOOL", at=number)) for number in ("6812045", "6812061"))
    did_not_arrive = "The email about this file did not arrive"
    assert did_not_arrive not in text(sender.get(f"/file/{transfer.receipt}"))
    DeadAddress.objects.create(email="office@6812061.example.org", fault="550")
    assert did_not_arrive in text(sender.get(f"/file/{transfer.receipt}"))
    assert did_not_arrive not in text(receiver.get(f"/file/{transfer.receipt}"))
    Transfer.objects.update(state="collected")
    assert did_not_arrive not in text(sender.get(f"/file/{transfer.receipt}")), "it has been found"


def test_a_whole_upload_asks_once_who_can_collect(cast: Cast) -> None:
    cast.person("SCHOOL", at="6812061")
    client = cast.client(cast.person("SCHOOL", at="6812045"))

    def asked(*numbers: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            upload(client, *((name_for(number=number), ctf()) for number in numbers))
        return len([query for query in queries if "everybody" in query["sql"]])

    assert (asked("001"), asked("002", "003", "004")) == (1, 1)


@pytest.mark.guidance("A1-02")
def test_an_xml_of_something_else_is_refused(cast: Cast) -> None:
    cast.school("6812061")
    page = upload(cast.client(cast.person("SCHOOL", at="6812045")), (name_for(), b"<invoice><total>3</total></invoice>"))
    assert "was not accepted" in page
    assert nothing_kept()


def test_an_empty_and_a_too_large_file_are_refused(cast: Cast) -> None:
    cast.school("6812061")
    client = cast.client(cast.person("SCHOOL", at="6812045"))
    assert "empty" in upload(client, (name_for(), b""))
    assert "30 MB" in upload(client, (name_for(number="002"), b" " * (30 * 1_048_576 + 1)))
    assert nothing_kept()


def test_no_file_chosen_is_said(cast: Cast) -> None:
    answer = cast.client(cast.person("SCHOOL", at="6812045")).post("/upload/ctf", {})
    assert answer.status_code == 400
    assert "There is a problem" in text(answer)
    assert "Choose a file first, then press Upload File." in text(answer)


@pytest.mark.parametrize(("number", "heading"), [(201, "Common Pupil Transfer File Upload Page"), (1001, "The upload is too large")])
def test_too_many_files_at_once_are_refused_in_words_and_none_is_sent(cast: Cast, number: int, heading: str) -> None:
    cast.school("6812061")
    files = [SimpleUploadedFile(name_for(number=f"{one:03}"), ctf()) for one in range(number)]
    answer = cast.client(cast.person("SCHOOL", at="6812045")).post("/upload/ctf", {"files": files})
    assert answer.status_code == 400
    assert heading in text(answer)
    assert "That is too many files for one upload. The limit is 200. Upload them a few at a time." in text(answer)
    assert nothing_kept()


@pytest.mark.guidance("1.3-20")
def test_a_temporary_upn_is_accepted_and_kept(cast: Cast) -> None:
    from tests.samples import upn

    cast.school("6812061")
    temporary = upn(5, temporary=True)
    upload(cast.client(cast.person("SCHOOL", at="6812045")), (name_for(), ctf([pupil(5, UPN=temporary)])))
    assert Pupil.objects.get().upn == temporary


def test_the_bytes_are_encrypted_at_rest(cast: Cast) -> None:
    transfer = cast.sent()
    sealed = bytes(transfer.content.sealed)
    assert b"Surname" not in sealed
    assert sealed.startswith(b"age-encryption.org/v1")


def test_each_acceptance_and_refusal_is_on_the_audit_trail(cast: Cast) -> None:
    cast.school("6812061")
    client = cast.client(cast.person("SCHOOL", at="6812045"))
    page = upload(client, (name_for(), ctf()), ("letter\x00.xml", b"<a/>"))
    sent = Entry.objects.get(action=Action.FILE_SENT)
    assert (sent.person, sent.place, sent.ip, sent.transfer) == ("6812045", "6812045", "127.0.0.1", receipt(page))
    assert sent.facts["sha256"] == hashlib.sha256(ctf()).hexdigest()
    assert Entry.objects.get(action=Action.FILE_REFUSED).facts["reasons"]


@pytest.mark.guidance("1.6-28", "1.6-57", "1.6-46")
@pytest.mark.parametrize("role", ["LEA_LOST_PUPIL", "LEA_ADMISSIONS", "LEA_DBA_VIEW"])
def test_roles_without_ctfs_have_neither_entry_nor_address(cast: Cast, role: str) -> None:
    client = cast.client(cast.person(role, at="681"))
    assert "Upload CTF File" not in client.get("/home").content.decode()
    assert client.get("/upload/ctf").status_code == 404
    assert client.post("/upload/ctf", {"files": []}).status_code == 404
    assert client.get("/download/ctf").status_code == 404


def test_a_welsh_page_names_places_in_welsh(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", at="6812045"))
    client.post("/language", {"language": "cy"})
    page = upload(client, (name_for(destination="6819999"), ctf(destination="6819999")))
    assert "Caerdydd" in page
    assert "Cardiff" not in page


def test_a_ctf_named_as_another_kind_of_file_is_not_taken_on_the_ctf_page(cast: Cast) -> None:
    """What the name says counts: a CTF inside does not make a CTF of it."""
    cast.school("6812061")
    actor = cast.actor("SCHOOL", "6812045")
    content = ctf(1, destination="681LLLL")
    for word in ("PLA", "SC1", "CFR", "EXC"):
        with pytest.raises(NotAccepted) as refusal:
            send(actor=actor, name=f"6812045_{word}_681LLLL_001.xml", content=content, kind=Kind.CTF)
        assert [problem.code for problem in refusal.value.problems] == [SendFault.WRONG_KIND]
    assert Transfer.objects.count() == 0


def test_only_what_was_sent_now_is_said_to_have_been_uploaded(cast: Cast) -> None:
    cast.school("6812061")
    client = cast.client(cast.person("SCHOOL", "6812045"))
    first, second = (name_for("6812045", "6812061", number) for number in ("001", "002"))
    content = ctf(1, source="6812045", destination="6812061")
    assert "1 file has been uploaded and is safe" in upload(client, (first, content))
    assert "uploaded and" not in upload(client, (first, content))
    both = upload(client, (first, content), (second, content))
    assert "1 file has been uploaded and is safe" in both
    assert "not sent a second time" in both


SENDERS = [("SCHOOL", "6812045"), ("LEA_SCHOOL", "681"), ("LEA_USER", "681"), ("LEA_DBA", "681"), ("LEA_PLASC", "681")]


@pytest.mark.parametrize(("role", "at"), SENDERS)
def test_advice_on_sending_is_for_whoever_reads_it(cast: Cast, role: str, at: str) -> None:
    """A local authority is not told to ask its local authority; nobody reads of XXXXXXX who may not send there."""
    cast.school("6812061", closed_on=timezone.localdate())
    person = cast.person(role, at)
    client, [own] = cast.client(person), person.addresses
    read = text(client.get("/upload/ctf"))
    for destination in ("6812061", "6819999"):
        read += upload(client, (name_for(own, destination), ctf(source=own, destination=destination)))
    assert ("XXXXXXX" in read) is may(role, Can.SEND_LOST)
    assert ("your local authority" in read) is (role == "SCHOOL")
