"""The frequent questions and the meaning of the words (1.3, 1.5, 4.2, Appendix 1)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from s2s.words.readers import for_reader

QUESTIONS: Final = (
    (
        for_reader(_("When do I write XXXXXXX, and when MMMMMMM?"), not_lost=_("What do XXXXXXX and MMMMMMM mean?")),
        for_reader(
            _(
                "XXXXXXX: the pupil has left and you do not know where they have gone. MMMMMMM: the pupil has gone to an "
                "independent school, has emigrated, is electively home educated, or has gone somewhere that cannot receive a "
                "CTF. Either way the file is kept in the Lost Pupil Database, and holds one pupil only."
            ),
            not_lost=_(
                "XXXXXXX: the pupil has left and the school does not know where they have gone. MMMMMMM: the pupil has gone to an "
                "independent school, has emigrated, is electively home educated, or has gone somewhere that cannot receive a "
                "CTF. Either way the file is kept in the Lost Pupil Database, and holds one pupil only. Only schools and the LEA School "
                "role send files there."
            ),
        ),
    ),
    (
        _("How many letters are there in XXXXXXX?"),
        _("Seven, and seven in MMMMMMM: as many as in a school's number. Some guidance prints eight; s2s refuses a name with eight."),
    ),
    (
        _("A pupil has arrived without a CTF. What should I do?"),
        for_reader(
            _(
                "Give the data team of your local authority the pupil's name and date of birth and, if you know it, the name and place of "
                "the last school. The team searches the Lost Pupil Database, which schools cannot do, and forwards the file to you. If it "
                "finds none, ask the last school to send one."
            ),
            authority=_(
                "The LEA Lost Pupil role and the LEA Lost Pupil Transfer role search the Lost Pupil Database; the second of them forwards "
                "the file to the school. If it is not there, the last school is asked to send one."
            ),
        ),
    ),
    (
        _("May I give a pupil a new Unique Pupil Number (UPN) in the meantime?"),
        for_reader(
            _(
                "If you need one, for example for PLASC, use a temporary UPN while your local authority is searching. Create a "
                "new permanent one only when the local authority tells you to, after every reasonable way of finding the CTF "
                "has failed."
            ),
            authority=_(
                "If a school needs one, for example for PLASC, it uses a temporary UPN while the local authority is searching. It creates "
                "a new permanent one only when the local authority tells it to, after every reasonable way of finding the CTF has failed."
            ),
        ),
    ),
    (
        _("I have sent a file to the wrong school. What can I do?"),
        for_reader(
            _(
                "Ask that school to reject the file; it can do so until it has confirmed the download. Then export the file "
                "again for the right school, because the destination is also written inside the file, and upload it."
            ),
            authority=_(
                "Ask that school to reject the file; it can do so until it has confirmed the download. The local authorities' copies "
                "cannot be rejected. Then export the file again for the right school, because the destination is also written inside "
                "the file, and upload it."
            ),
        ),
    ),
    (
        _("My file was rejected. What should I do?"),
        _(
            "The file’s page says why: open it under Sent CTF Files. Put right what was wrong, export the file again and "
            "upload it. A rejected file has not been added to anybody’s records."
        ),
    ),
    (
        _("My browser has added “(1)” to the name. Do I have to rename the file?"),
        _("No. s2s takes “(1)”, “(2)” or “Copy” off the name and tells you so. The file itself does not change."),
    ),
    (
        _("The school my pupil is going to has closed or has a new number. Where do I send the file?"),
        for_reader(
            _(
                "To the school that has taken its place: when you upload the file, s2s gives you the name of that school, if "
                "it knows it, and the right file name. Export the file again for the new number. If no school is named, ask "
                "your local authority."
            ),
            authority=_(
                "To the school that has taken its place: when you upload the file, s2s gives you the name of that school, if "
                "it knows it, and the right file name. Export the file again for the new number. If no school is named, ask the local "
                "authority of the school that has closed; if it is yours, find out where the pupil has gone."
            ),
        ),
    ),
    (
        _("May I send a file again?"),
        for_reader(
            _(
                "Yes. If the same file has already been accepted, s2s shows you the first receipt and does not send it twice. "
                "If you have exported it again, it is sent as a new file. But if the pupil is already in the Lost Pupil "
                "Database, send nothing: ask your local authority to forward that file, or the pupil will still count as lost."
            ),
            authority=_(
                "Yes. If the same file has already been accepted, s2s shows you the first receipt and does not send it twice. "
                "If you have exported it again, it is sent as a new file. But if the pupil is already in the Lost Pupil "
                "Database, send nothing: somebody with the LEA Lost Pupil Transfer role forwards that file. Otherwise the pupil will "
                "still count as lost."
            ),
        ),
    ),
    (
        _("Who sees the file?"),
        _(
            "The sender, the destination, and the local authorities of both schools, which may receive a copy. Files in "
            "the Lost Pupil Database are seen only by the local authorities' staff who search for lost pupils. No name, "
            "date of birth or UPN is written in an email."
        ),
    ),
    (
        _("How long is a lost pupil's file kept?"),
        _(
            "Until a local authority takes it or removes it. The local authority of the school that sent it removes it when the pupil's "
            "new school is known, or when the pupil has reached school-leaving age."
        ),
    ),
    (
        _("Pupils are moving up to the next phase. Can their files go to the local authority?"),
        for_reader(
            _(
                "Yes, as arranged with your local authority: its three digits and LLLL, such as 681LLLL. One file may then "
                "hold many pupils. Do not use it for a pupil when you know only the area: write XXXXXXX instead. A file can be "
                "sent as soon as the pupil has accepted a place, and another can follow when there is more to say."
            ),
            authority=_(
                "Yes, as arranged with that local authority: its three digits and LLLL, such as 681LLLL. One file may then "
                "hold many pupils. Do not use it for a pupil when you know only the area: write XXXXXXX instead. A file can be "
                "sent as soon as the pupil has accepted a place, and another can follow when there is more to say."
            ),
            not_lost=_(
                "Yes, as arranged with that local authority: its three digits and LLLL, such as 681LLLL. One file may then "
                "hold many pupils. It is not for a pupil of whom only the area is known: the school sends that file to the Lost Pupil "
                "Database. A file can be sent as soon as the pupil has accepted a place, and another can follow when there is more to say."
            ),
        ),
    ),
    (
        _("Which law says that a CTF must be sent?"),
        _("In Wales the Pupil Information (Wales) Regulations 2011 (SI 2011/1942)."),
    ),
)

TERMS: Final = (
    (
        _("CTS – the Common Transfer System"),
        _(
            "The system that enables schools and local authorities to exchange pupil information electronically when a pupil changes "
            "school: the schools' management information systems and this secure transfer site together."
        ),
    ),
    (_("CTF – the Common Transfer File"), _("The electronic file with a pupil's data that moves from school to school.")),
    (
        _("s2s – the school-to-school secure transfer site"),
        _("A site which schools and local authorities use to exchange pupil files and other specified files."),
    ),
    (
        _("Lost Pupil Database"),
        _(
            "A secure area of s2s where a pupil's file is sent and stored when the pupil's destination is not known or the pupil has "
            "moved out of the maintained sector."
        ),
    ),
    (
        _("MIS – management information system"),
        _("Software used in schools to enter, store and use management information, including pupils' data."),
    ),
    (_("Sending school"), _("The school that makes the CTF when a pupil leaves it.")),
    (_("Sending LEA"), _("The local authority that maintains the sending school.")),
    (_("Receiving school"), _("The school that the pupil is moving to.")),
    (_("Receiving LEA"), _("The local authority that maintains the receiving school.")),
    (
        _("Establishment Number"),
        _("The seven digits that identify each school: the three of the local authority, then the four of the school."),
    ),
    (_("Upload"), _("The sending school uploads a CTF to s2s.")),
    (_("Download"), _("The receiving school downloads a CTF from s2s.")),
)


def questions() -> list[tuple[str, str]]:
    """Each question with its answer, in the language of the page."""
    return [(str(question), str(answer)) for question, answer in QUESTIONS]


def terms() -> list[tuple[str, str]]:
    """Each term with its meaning, in the language of the page."""
    return [(str(term), str(meaning)) for term, meaning in TERMS]
