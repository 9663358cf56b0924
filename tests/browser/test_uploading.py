"""The upload page under a person's hands: choosing, dropping, several files at once, and going back (5.1, 4.2)."""

import pytest
from playwright.sync_api import JSHandle, Page, expect

from tests.browser.hands import choose_files, file, receipt, row, upload
from tests.browser.visits import Visits
from tests.samples import ctf, name_for, pupil

pytestmark = pytest.mark.browser


@pytest.mark.guidance("4.2-05")
def test_the_names_of_chosen_files_are_shown_before_anything_is_sent(visits: Visits) -> None:
    page = visits("6812045")
    names = [name_for(number=visits.site.number()) for _ in range(2)]
    sent = sendings(page)
    page.goto("/upload/ctf")
    choose_files(page, file(names[0], ctf()), file(names[1], b"x" * 3_000_000))
    expect(page.locator(".s2s-drop__list li")).to_have_text([f"{names[0]} (1 KB)", f"{names[1]} (2.9 MB)"])
    page.goto("/upload/ctf/sent")
    expect(row(page, names[0])).to_have_count(0)
    assert sent == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_several_files_each_get_their_own_answer(visits: Visits, scripts: bool) -> None:
    page = visits("6812045", scripts=scripts)
    good, warned, wrong = (name_for(number=visits.site.number()) for _ in range(3))
    upload(page, file(good, ctf()), file(wrong, ctf([pupil(UPN="A12")])), file(warned, ctf(CTFversion="19.0")))
    assert [result.locator("h2").inner_text() for result in page.locator("section").all()] == [wrong, good, warned]
    expect(page.locator("section").nth(0)).to_contain_text("Not accepted")
    expect(page.locator("section").nth(0)).to_contain_text("UPN")
    expect(page.locator("section").nth(1)).to_contain_text("Accepted")
    expect(page.locator("section").nth(2)).to_contain_text("Accepted with warnings")
    expect(page.get_by_role("alert")).to_contain_text("1 file was not accepted")
    page.get_by_role("link", name="Sent CTF Files").last.click()
    for name, number in ((good, 1), (warned, 1), (wrong, 0)):
        expect(row(page, name)).to_have_count(number)


def test_files_dropped_on_the_page_join_those_already_chosen(visits: Visits) -> None:
    page = visits("6812045")
    chosen, first, second = (name_for(number=visits.site.number()) for _ in range(3))
    page.goto("/upload/ctf")
    expect(page.get_by_text("or drop files here")).to_be_visible()
    choose_files(page, file(chosen, ctf()))
    drop = page.locator("[data-drop]")
    carried = carrying(page, {first: ctf(2), second: ctf(3)})
    drop.dispatch_event("dragenter", {"dataTransfer": carried})
    expect(drop).to_have_class("s2s-drop s2s-drop--over")
    drop.dispatch_event("drop", {"dataTransfer": carried})
    expect(drop).to_have_class("s2s-drop")
    expect(drop.locator("li")).to_contain_text([chosen, first, second])
    page.locator("#at_once").check()
    page.get_by_role("button", name="Upload File").click()
    page.wait_for_url("**/upload/result/*")
    expect(page.locator("section h2")).to_have_text([chosen, first, second])
    expect(page.locator("section").nth(2).get_by_role("definition").last).to_have_text("Siân Bevan, Ioan Hussain, Zofia O'Shea")


@pytest.mark.guidance("4.2-07")
@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_result_one_goes_on_and_neither_back_nor_reload_sends_again(visits: Visits, scripts: bool) -> None:
    page = visits("6812045", scripts=scripts)
    name = name_for(number=visits.site.number())
    sent = sendings(page)
    upload(page, file(name, ctf()))
    result, number = page.url, receipt(page)
    page.reload()
    assert receipt(page) == number
    page.get_by_role("button", name="Send another file").click()
    expect(page.locator("h1")).to_have_text("Common Pupil Transfer File Upload Page")
    page.go_back()
    expect(page).to_have_url(result)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Common Pupil Transfer File Upload Page")
    page.goto("/upload/ctf/sent")
    expect(row(page, name)).to_have_count(1)
    assert len(sent) == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_files_are_shown_first_one_is_taken_off_and_the_rest_is_sent(visits: Visits, scripts: bool) -> None:
    page = visits("6812045", scripts=scripts)
    good, unwanted, number = name_for(number=visits.site.number()), name_for(number=visits.site.number()), visits.site.number()
    page.goto("/upload/ctf")
    choose_files(page, file(unwanted, ctf()), file(good, ctf(2)), file(f"6812045 CTF 6812061 {number}.xml", ctf(3)))
    page.locator("#at_once").uncheck()
    page.get_by_role("button", name="Upload File").click()
    expect(page.locator("h1")).to_have_text("Check before you send")
    page.get_by_role("button", name="Take off the list").first.click()
    expect(page.locator("section h2")).to_have_text([good, f"6812045 CTF 6812061 {number}.xml"])
    page.get_by_label(f"Accept as {name_for(number=number)}?").check()
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/upload/result/*")
    expect(page.locator("section h2")).to_have_text([good, name_for(number=number)])
    page.go_back()
    page.reload()
    page.wait_for_url("**/upload/result/*")


def test_sending_nothing_is_told_and_the_message_leads_to_the_field(visits: Visits) -> None:
    page = visits("6812045")
    page.goto("/upload/ctf")
    page.get_by_role("button", name="Upload File").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="Choose a file first").click()
    expect(page.locator("#files")).to_be_focused()


def test_a_session_that_ended_meanwhile_leads_to_the_sign_in_page_and_sends_nothing(visits: Visits) -> None:
    page = visits("6812045", afresh=True)
    page.goto("/upload/ctf")
    choose_files(page, file(name_for(number=visits.site.number()), ctf()))
    page.context.clear_cookies(name="s2s_session")
    page.get_by_role("button", name="Upload File").click()
    expect(page.locator("h1")).to_have_text("Login")


def sendings(page: Page) -> list[str]:
    """Fills up with every form that the page sends."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


def carrying(page: Page, files: dict[str, bytes]) -> JSHandle:
    """What a mouse carries that drags these files."""
    return page.evaluate_handle(
        """files => {
            const carried = new DataTransfer();
            for (const [name, text] of files) carried.items.add(new File([text], name, {type: "text/xml"}));
            return carried;
        }""",
        [[name, content.decode()] for name, content in files.items()],
    )
