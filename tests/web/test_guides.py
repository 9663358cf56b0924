"""The guides below Help: for whom, in which language, and that nothing in one becomes HTML by itself."""

import pytest

from s2s.web.guides import rendered
from tests.cast import Cast

pytestmark = pytest.mark.django_db

FOR = {
    "SCHOOL": {"schools"},
    "LEA_USER": {"schools", "local-authorities"},
    "LEA_DBA": {"schools", "local-authorities", "administrators"},
    "NATIONAL": {"schools", "local-authorities", "administrators"},
}


@pytest.mark.parametrize("role", FOR)
def test_each_role_reads_its_guides_and_finds_them_under_help(cast: Cast, role: str) -> None:
    client = cast.client(cast.person(role, {"SCHOOL": "6812045", "NATIONAL": "WG"}.get(role, "681")))
    page = client.get("/help").content.decode()
    for guide in ("schools", "local-authorities", "administrators"):
        answer = client.get(f"/help/{guide}")
        assert answer.status_code == (200 if guide in FOR[role] else 404)
        assert (f'href="/help/{guide}"' in page) == (guide in FOR[role])
    assert client.get("/help/no-such").status_code == 404


def test_a_guide_is_in_the_language_of_the_page_with_its_pictures_and_links(cast: Cast) -> None:
    client = cast.client(cast.person("LEA_USER", "681"))
    english = client.get("/help/schools").content.decode()
    assert "<h1" in english
    assert "s2s for schools</h1>" in english
    assert 'src="/static/guides/upload.en' in english
    assert '<h2 class="govuk-heading-m">' in english
    assert 'href="/help/schools"' in client.get("/help/local-authorities").content.decode()
    client.cookies["s2s_language"] = "cy"
    welsh = client.get("/help/schools").content.decode()
    assert "s2s i ysgolion</h1>" in welsh
    assert 'src="/static/guides/upload.cy' in welsh


def test_html_in_a_guide_is_text(tmp_path: object, settings: object) -> None:
    (tmp_path / "docs").mkdir()  # type: ignore[operator, attr-defined]
    text = "# Title\n\n[Cymraeg](x)\n\n<script>alert(1)</script> [x](javascript:alert(1)) **bold**\n"
    (tmp_path / "docs/for-odd.en.md").write_text(text)  # type: ignore[operator]
    settings.PROJECT = tmp_path  # type: ignore[attr-defined]
    title, html = rendered("odd", "en")
    assert title == "Title"
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<strong>bold</strong>" in html
