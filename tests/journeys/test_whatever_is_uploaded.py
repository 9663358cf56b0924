"""Any name with any bytes is accepted or refused with reasons, in both languages: never an error page (properties)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s2s.rules.kinds import Kind
from s2s.transfers.models import Transfer
from s2s.transfers.refusals import NotAccepted
from s2s.transfers.upload import send
from tests.cast import Cast
from tests.journeys.doors import text
from tests.samples import ctf, name_for

pytestmark = pytest.mark.django_db
GOOD = ctf(2)
ENDLESSLY = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

names = st.one_of(
    st.just(name_for()),
    st.text(max_size=120),
    st.text("0123456789_CTFXML.xml ()-", max_size=60),
    st.sampled_from(["6812045_CTF_XXXXXXX_001.xml", "6812045_CTF_681LLLL_001.XML", "6812045_CTF_6812061_001 (1).xml"]),
)
damaged = st.builds(
    lambda at, length, put: GOOD[:at] + put + GOOD[at + length :], st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=12)
)
contents = st.one_of(st.binary(max_size=200), damaged, st.just(GOOD))


@ENDLESSLY
@given(name=names, content=contents)
def test_the_journey_accepts_or_refuses_with_reasons(cast: Cast, name: str, content: bytes) -> None:
    cast.school("6812061")
    actor = cast.actor("SCHOOL", "6812045")
    before = Transfer.objects.count()
    try:
        send(actor=actor, name=name, content=content, kind=Kind.CTF)
        problems: tuple[object, ...] = ()
    except NotAccepted as refusal:
        problems = refusal.problems
    if problems:
        assert Transfer.objects.count() == before
    else:
        assert name.upper().startswith("6812045")


@settings(ENDLESSLY, max_examples=60)
@given(name=names, content=contents, language=st.sampled_from(["en", "cy"]))
def test_the_page_answers_in_words(cast: Cast, name: str, content: bytes, language: str) -> None:
    cast.school("6812061")
    if not hasattr(cast, "door"):
        cast.door = cast.client(cast.person("SCHOOL", "6812045"))  # type: ignore[attr-defined]
    client = cast.door  # type: ignore[attr-defined]
    client.post("/language", {"language": language})
    file = SimpleUploadedFile("x", content)
    file._name = name  # past what the test's own client would mend
    answer = client.post("/upload/ctf", {"files": [file], "at_once": "on"}, follow=True)
    assert answer.status_code in {200, 400}
    page = text(answer)
    assert "%(" not in page
    assert "NameFault" not in page
    assert "CtfFault" not in page
