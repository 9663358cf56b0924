"""The lists of files under a person's hands: choosing several, saying No, rejecting, and an authority's views (5.2, 5.3)."""

import io
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import file, mails, row, saved, tick_box, upload
from tests.browser.visits import Visits
from tests.samples import ctf, name_for

pytestmark = pytest.mark.browser


def sent(visits: Visits, *, source: str = "6812045", destination: str = "6812061", files: int = 1) -> list[str]:
    """So many files go from one school to another; their names."""
    names = [name_for(source, destination, visits.site.number()) for _ in range(files)]
    page = visits(source)
    upload(page, *(file(name, ctf(pupils, source=source, destination=destination)) for pupils, name in enumerate(names, 1)))
    expect(page.locator(".s2s-result--good")).to_have_count(files)
    return names


@pytest.mark.guidance("5.2-16", "5.2-17")
def test_shift_and_a_click_choose_all_between_and_they_come_in_one_zip(visits: Visits) -> None:
    names = sent(visits, files=4)
    page = visits("6812061")
    page.goto("/download/ctf?sort=date&direction=desc")  # these four on top, the last first
    tick_box(page, names[3]).click()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    tick_box(page, names[1]).click(modifiers=["Shift"])
    for name, ticked in zip(names, (False, True, True, True), strict=True):
        expect(tick_box(page, name)).to_be_checked(checked=ticked)
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.get_by_role("button", name="File Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the files in one zip").click()
    with zipfile.ZipFile(io.BytesIO(saved(download.value))) as bundle:
        assert {name: bundle.read(name) for name in bundle.namelist()} == {names[at]: ctf(at + 1) for at in (1, 2, 3)}
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("main").get_by_role("status").first).to_contain_text("3 files have been marked as downloaded")
    assert [row(page, name).count() for name in names] == [1, 0, 0, 0]


@pytest.mark.guidance("5.2-21")
def test_no_leads_back_to_the_list_where_the_file_still_waits_and_nobody_is_told(visits: Visits) -> None:
    (name,) = sent(visits)
    page = visits("6812061")
    page.goto("/download/ctf")
    tick_box(page, name).check()
    page.get_by_role("button", name="File Download").click()
    with page.expect_download():
        page.get_by_role("button", name="Save the file").click()
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.locator("h1")).to_have_text("Common Transfer Files ready for download")
    expect(page.get_by_role("main").get_by_role("status").first).to_contain_text("Nothing has changed")
    expect(row(page, name)).to_contain_text("Awaiting download")
    assert mails(visits(), "office.6812045@example.org", name, 1) == [f"File sent: {name}"]


@pytest.mark.guidance("4.2-11", "4.2-12")
@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_file_is_rejected_with_a_reason_that_its_sender_reads_on_the_site(visits: Visits, scripts: bool) -> None:
    (name,) = sent(visits)
    page = visits("6812061", scripts=scripts)
    page.goto("/download/ctf")
    row(page, name).get_by_role("link", name=f"Reject {name}").click()
    reject = page.get_by_role("button", name="Reject")
    reject.click()
    expect(page.locator("#reason-error")).to_be_visible()
    page.get_by_label("Another reason").check()
    page.get_by_label("Anything to add?").fill("She goes to Newport.")
    reject.click()
    expect(page.get_by_role("main").get_by_role("status").first).to_contain_text(f"{name} has been rejected")
    expect(row(page, name)).to_have_count(0)
    assert mails(visits(), "office.6812045@example.org", name, 2)[0] == f"Your file has been rejected: {name}"
    sender = visits("6812045", scripts=scripts)
    sender.goto("/home")
    sender.get_by_role("main").get_by_role("link", name=name).click()
    expect(sender.get_by_role("main")).to_contain_text("She goes to Newport.")


@pytest.mark.guidance("5.3-02", "5.3-03")
def test_each_heading_sorts_and_sorts_the_other_way_at_the_second_click(visits: Visits) -> None:
    page = visits("6814039")
    page.goto("/download/ctf")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Destination School")
    for column, heading in ((2, "Filename"), (3, "Source School")):
        page.get_by_role("link", name=heading).click()
        expect(page.locator("th[aria-sort=ascending]")).to_contain_text(heading)
        upwards = cells(page, column)
        assert len(upwards) > 2
        page.get_by_role("link", name=heading).click()
        expect(page.locator("th[aria-sort=descending]")).to_contain_text(heading)
        assert cells(page, column) == upwards[::-1] != upwards


@pytest.mark.guidance("5.3-05", "5.3-06", "5.3-07", "5.3-08", "5.3-09", "5.3-10")
def test_an_authority_looks_at_three_views_and_at_what_was_collected_or_not(visits: Visits) -> None:
    within, incoming, leaving = (
        sent(visits, source=source, destination=destination)[0]
        for source, destination in (("6812045", "6812061"), ("6732182", "6812061"), ("6812045", "6732182"))
    )
    page = visits("681user")
    page.goto("/download/ctf")
    expect(page.get_by_role("navigation", name="Views").get_by_role("link")).to_have_count(3)
    page.get_by_role("link", name="Awaiting collection by the destination").click()
    for view, name in (("Files within LEA", within), ("Incoming Files", incoming), ("Outgoing Files", leaving)):
        page.get_by_role("link", name=view).click()
        expect(page.get_by_role("link", name=view)).to_have_attribute("aria-current", "page")
        expect(row(page, name)).to_contain_text("Awaiting collection")
        assert [row(page, other).count() == 1 for other in (within, incoming, leaving)] == [
            other == name for other in (within, incoming, leaving)
        ]
    collect(visits("6732182"), leaving)
    page.reload()
    expect(row(page, leaving)).to_have_count(0)
    page.get_by_role("link", name="Collected by the destination").click()
    expect(page.get_by_role("link", name="Outgoing Files")).to_have_attribute("aria-current", "page")
    expect(row(page, leaving)).to_contain_text("Collected")
    page.get_by_role("link", name="For you to download").click()
    expect(row(page, leaving)).to_contain_text("Your own copy: not downloaded yet")  # the authority's own copy


def collect(page: Page, name: str) -> None:
    page.goto("/download/ctf")
    tick_box(page, name).check()
    page.get_by_role("button", name="File Download").click()
    with page.expect_download():
        page.get_by_role("button", name="Save the file").click()
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(row(page, name)).to_have_count(0)


def cells(page: Page, column: int) -> list[str]:
    return page.locator(f"tbody tr td:nth-child({column + 1})").all_inner_texts()
