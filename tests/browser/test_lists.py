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
    page = visits("681user")
    page.goto("/download/ctf?view=incoming")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Destination School")
    for column, heading in ((2, "Filename"), (3, "Source School")):
        page.get_by_role("button", name=heading).click()
        expect(page.locator("th[aria-sort=ascending]")).to_contain_text(heading)
        upwards = cells(page, column)
        assert len(upwards) > 2
        page.get_by_role("button", name=heading).click()
        expect(page.locator("th[aria-sort=descending]")).to_contain_text(heading)
        assert cells(page, column) == upwards[::-1] != upwards


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_ticks_stay_while_a_list_is_searched_and_sorted_and_all_of_it_is_ticked_at_once(visits: Visits, scripts: bool) -> None:
    names = sent(visits, files=6)
    page = visits("6812061", scripts=scripts)
    page.goto("/download/ctf?sort=date&direction=desc")
    tick_box(page, names[0]).check()
    box = page.get_by_label("Pupil, UPN, file name, school or receipt number")
    box.fill(names[1][-8:-4])
    box.press("Enter")
    expect(row(page, names[0])).to_have_count(0)
    expect(page.get_by_text("1 chosen")).to_be_visible()
    assert names[1][-8:-4] not in page.url
    tick_box(page, names[1]).check()
    page.get_by_role("button", name="Filename").click()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    box.fill("")
    box.press("Enter")
    for name, ticked in zip(names, (True, True, False), strict=False):
        expect(tick_box(page, name)).to_be_checked(checked=ticked)
    page.get_by_role("button", name="Choose all on this page").click()
    for name in names:
        expect(tick_box(page, name)).to_be_checked()
    page.get_by_role("button", name="Choose none").click()
    expect(tick_box(page, names[0])).not_to_be_checked()


def test_on_a_telephone_one_sorts_by_a_list_and_no_heading_hides_in_the_order_of_the_tab_key(visits: Visits) -> None:
    sent(visits, files=2)
    page = visits("6812061", width=375)
    page.goto("/download/ctf")
    expect(page.locator("th .s2s-sort").first).to_be_hidden()
    page.get_by_label("Sort by").select_option(label="Date Uploaded: newest first")
    page.get_by_role("button", name="Sort", exact=True).click()
    expect(page.get_by_label("Sort by")).to_have_value("date:desc")
    assert "sort=date&direction=desc" in page.url


def test_the_button_stays_at_the_bottom_of_the_window_and_hides_nothing_that_has_the_focus(visits: Visits) -> None:
    sent(visits, files=9)
    page = visits("6812061")
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto("/download/ctf")
    bar = page.locator(".s2s-bar")
    expect(bar).to_be_in_viewport(ratio=1)
    for box in page.locator("tbody").get_by_role("checkbox").all():
        box.focus()
        at, over = box.bounding_box(), bar.bounding_box()
        assert at
        assert over
        assert at["y"] + at["height"] <= over["y"] + 1, "the bar covers what has the focus"


@pytest.mark.guidance("5.2-20")
def test_what_was_downloaded_is_answered_in_its_row_another_time(visits: Visits) -> None:
    names = sent(visits, files=2)
    page = visits("6812061", afresh=True)
    page.goto("/download/ctf?sort=date&direction=desc")
    tick_box(page, names[0]).check()
    page.get_by_role("button", name="File Download").click()
    with page.expect_download():
        page.get_by_role("button", name="Save the file").click()
    page = visits("6812061", afresh=True)
    page.goto("/download/ctf?sort=date&direction=desc")
    tick_box(page, names[1]).check()
    row(page, names[0]).get_by_role("button", name="Yes").click()
    expect(row(page, names[0])).to_have_count(0)
    expect(tick_box(page, names[1])).to_be_checked()
    assert "sort=date" in page.url
    assert mails(visits(), "office.6812045@example.org", names[0], 2)[0].startswith("Your file has been")


def test_a_printed_list_fits_the_paper(visits: Visits) -> None:
    sent(visits)
    page = visits("681user", width=718)  # A4 upright, between its margins
    page.goto("/download/ctf?show=awaiting")
    page.emulate_media(media="print")
    expect(page.locator("th").filter(has_text="Status")).to_be_visible()
    expect(page.locator(".s2s-bar")).to_be_hidden()
    expect(page.locator(".s2s-search")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate("document.querySelector('.s2s-scroll table').scrollWidth <= document.querySelector('main').clientWidth")


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
