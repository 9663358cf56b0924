"""Each page of the site as each kind of person sees it, wide and narrow, in both languages; and each state it can be in."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import reduce
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page, expect

from s2s.rules.roles import ROLES, RoleCode
from s2s.web.page import Open
from s2s.web.page import Page as Row
from s2s.web.urls import PAGES
from tests.browser.hands import choose_files, file, upload
from tests.browser.looks import bring_axe, examine
from tests.browser.visits import Visits, in_language, sign_in
from tests.samples import ctf, name_for, pupil, upn

pytestmark = pytest.mark.browser

NOBODY, SCHOOL, NEIGHBOUR, EMPTY, AUTHORITY, NATIONAL = "", "6812045", "6812061", "6817015", "681user", "national"
PEOPLE = {
    NOBODY: None,
    SCHOOL: RoleCode.SCHOOL,
    AUTHORITY: RoleCode.LEA_USER,
    "681dba": RoleCode.LEA_DBA,
    "681lostx": RoleCode.LEA_LOST_PUPIL_TRANSFER,
    "681adms": RoleCode.LEA_ADMISSIONS,
    NATIONAL: RoleCode.NATIONAL,
}
DIFFER = {"home", "upload-ctf", "download-ctf"}  # from role to role; of the other pages the first in PEOPLE who may see them is enough
NEED_MORE = {
    "front": "only leads on",
    "live": "not a page",
    "health": "not a page",
    "dfe-sign-in-back": "only leads on",
    "users-audit-file": "not a page",
    "demo-issuer": "not a page",
    "demo-issuer-keys": "not a page",
    "demo-issuer-who": "test_second_factor.py",
    "demo-issuer-end": "only leads on",
    "second-step": "test_second_factor.py",
    "recovery-codes": "test_second_factor.py",
    "remove-factor": "test_second_factor.py",
    "new-password": "test_the_first_sign_in_asks_for_a_new_password_and_opens_nothing_else",
    "link": "tests/journeys",
    "guide": "tests/web/test_guides.py",
    "upload-result": "results of every sort",
    "check-ctf": "files to be checked",
    "chosen-ctf": "one chosen file",
    "category": "a category",
    "users-audit-report": "the report of a yearly audit",
    "users-audit-extend": "more time for a yearly audit",
    "users-audit-cancel": "cancelling a yearly audit",
    "users-audit-close": "closing a yearly audit",
    "correction": "tests/administration/test_corrections.py",
    "set-up": "tests/administration/test_set_up_many.py",
    "import-look": "test_3_9_national_administrator.py",
    "connection": "test_2_1_dfe_sign_in.py",
    "link-needed": "test_3_6_assigned_passwords.py",
}


EXAMPLES = {"<str:username>": "681plasc", "<str:number>": "6812105"}  # of those that are chosen from a list rather than linked to


def mine(who: str) -> list[Row]:
    """The pages that are looked at as this person."""
    return [row for row in PAGES if "GET" in row.methods and row.name not in NEED_MORE and _may(who, row) and _is_first(who, row)]


def _may(who: str, row: Row) -> bool:
    if row.heading:  # a page of links to the entries below it
        return any(_may(who, one) for one in PAGES if not one.heading and one.menu[:1] == row.menu)
    role = PEOPLE[who]
    if role is None or row.right is Open.EVERYBODY:
        return role is None and row.right is Open.EVERYBODY
    return isinstance(row.right, Open) or row.right in ROLES[role].rights


def _is_first(who: str, row: Row) -> bool:
    return row.name in DIFFER or who == next(one for one in PEOPLE if _may(one, row))


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who or "nobody")
def test_every_page_is_accessible_fits_every_screen_and_changes_its_language_in_place(visits: Visits, who: str) -> None:
    """The pages of the menu and beside it, and one of each kind that they link to."""
    page, faults = visits(who), list[str]()
    bring_axe(page)
    to_do = {row.name: f"/{row.path}" for row in mine(who) if "<" not in row.path}
    linked = {row.name for row in mine(who) if "<" in row.path}
    done = set[str]()
    while left := to_do.keys() - done:
        name = min(left, key=list(to_do).index)
        faults += examine_both(page, to_do[name])
        done.add(name)
        found = links(page) if len(left) > 1 else examples(who)
        to_do |= {place: path for place, path in found.items() if place in linked - to_do.keys()}
    assert faults == []
    assert linked - done == set(), "no page links there: show it in a situation below, and say so in NEED_MORE"


def examples(who: str) -> dict[str, str]:
    """Addresses of pages about a well-known person or school."""
    paths = {row.name: reduce(lambda path, part: path.replace(*part), EXAMPLES.items(), f"/{row.path}") for row in mine(who)}
    return {name: path for name, path in paths.items() if "<" not in path}


def examine_both(page: Page, path: str) -> list[str]:
    """In English, and in Welsh after the switch, which must lead to the same page."""
    in_language(page, "en")
    answer = page.goto(path)
    place = page.url
    assert answer
    assert answer.status == 200, f"{path} answers {answer.status}"
    assert place.endswith(path), f"{path} leads to {place}"
    faults = examine(page, "en")
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.get_by_role("button", name="English")).to_be_visible()
    assert page.url == place, f"from {path} the switch leads to {page.url}"
    return faults + examine(page, "cy")


def links(page: Page) -> dict[str, str]:
    """Where the page links to: name of the row -> one address of it."""
    there = page.locator("main a[href^='/']").evaluate_all("links => links.map((one) => one.getAttribute('href'))")
    return {resolve(urlsplit(path).path).url_name: path for path in there if not path.startswith("/static/")}


def no_such_page(page: Page, number: str) -> None:
    page.goto("/no-such-page")


def a_form_of_another_session(page: Page, number: str) -> None:
    page.goto("/sign-in")
    page.context.clear_cookies(name="s2s_csrf")
    page.locator("#form button[type=submit]").click()


def a_wrong_password(page: Page, number: str) -> None:
    sign_in(page, "6819999", "wrong")


def more_emails(page: Page, number: str) -> None:
    page.goto("/demo/mail?page=2")


def results_of_every_sort(page: Page, number: str) -> None:
    """Accepted, accepted with warnings and a repair, accepted before, and refused for one and for many reasons."""
    right = upn(1)
    odd = pupil(UPN=("A" if right[0] != "A" else "B") + right[1:], DOB="1921-02-28")
    upload(
        page,
        file(name_for(SCHOOL, NEIGHBOUR, number), ctf()),
        file(name_for(SCHOOL, NEIGHBOUR, "002"), ctf([odd], CTFversion="19.0")),
        file(f"{SCHOOL}CTF_{NEIGHBOUR}_{number}.XML", ctf([odd])),
        file(f"{SCHOOL}_CTF_{NEIGHBOUR}{number}.XML", ctf()),
        file(name_for(SCHOOL, NEIGHBOUR, "003"), ctf([pupil(1, UPN=None), pupil(2, Surname=None), pupil(3, DOB="2016-02-30")])),
        file(f"{SCHOOL}_CTF_XXXXXXXX_001.xml", ctf()),
        file("a very long name that no system ever gave to a file of any kind at all.xml", b"%PDF-1.7"),
    )


def an_upload_of_nothing(page: Page, number: str) -> None:
    page.goto("/upload/ctf")
    page.locator("form[data-upload] button[type=submit]").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()


def files_about_to_be_sent(page: Page, number: str) -> None:
    page.goto("/upload/ctf")
    choose_files(page, file(name_for(SCHOOL, NEIGHBOUR, number), ctf(30)), file("another file.xml", b""))
    expect(page.locator(".s2s-drop__list li")).to_have_count(2)


def files_to_be_checked(page: Page, number: str) -> None:
    odd = pupil(2, UPN="A681204500000", Surname="Ap Gruffydd-Wynne-Jones o'r Bala Uchaf")
    page.goto("/upload/ctf")
    choose_files(
        page,
        file(name_for(SCHOOL, NEIGHBOUR, number), ctf(30)),
        file(name_for(SCHOOL, NEIGHBOUR, "002"), ctf([odd], CTFversion="19.0")),
        file(f"{SCHOOL} CTF {NEIGHBOUR} 207.xml", ctf()),
        file(name_for(SCHOOL, NEIGHBOUR, "003"), ctf([pupil(1, UPN=None), pupil(2, Surname=None)])),
    )
    page.locator("#at_once").uncheck()
    page.locator("form[data-upload] button[type=submit]").click()
    page.wait_for_url("**/upload/ctf/check/*")


def files_that_waited_too_long(page: Page, number: str) -> None:
    answer = page.goto("/upload/ctf/check/0b0e6b70-8e8c-4f6e-9a52-1c4b38f5c0de")
    assert answer
    assert answer.status == 410


def one_chosen_file(page: Page, number: str) -> None:
    page.goto("/download/ctf")
    page.get_by_role("checkbox").first.check()
    page.locator("form[data-ticks] button[value=chosen]").click()
    expect(page.locator(".s2s-question")).to_be_visible()


def several_chosen_files(page: Page, number: str) -> None:
    page.goto("/download/ctf")
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.locator("form[data-ticks] button[value=chosen]").click()
    expect(page.locator(".s2s-plain li")).to_have_count(2)


def no_chosen_file(page: Page, number: str) -> None:
    page.goto("/download/ctf")
    page.locator("form[data-ticks] button[value=chosen]").click()
    expect(page.get_by_role("alert")).to_be_visible()


def a_file_chosen_again(page: Page, number: str) -> None:
    page.goto("/download/ctf/previous")
    page.get_by_role("checkbox").first.check()
    page.locator("form[data-ticks] button[value=chosen]").click()
    page.wait_for_url("**/chosen?*")


def an_answer_of_no(page: Page, number: str) -> None:
    one_chosen_file(page, number)
    with page.expect_download():
        page.locator("form[data-fetch] button").click()
    page.locator("button[value=no]").click()
    expect(page.get_by_role("main").get_by_role("status").first).to_be_visible()


def a_rejection(page: Page, number: str) -> None:
    page.goto("/download/ctf")
    page.locator(".s2s-reject").first.click()
    page.wait_for_url("**/reject")


def a_rejection_without_a_reason(page: Page, number: str) -> None:
    a_rejection(page, number)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.locator("#reason-error")).to_be_visible()


def a_rejection_without_words(page: Page, number: str) -> None:
    a_rejection(page, number)
    page.locator("input[value=other]").check()
    page.get_by_role("main").get_by_role("button").click()
    expect(page.locator("#note-error")).to_be_visible()


def a_sent_file(state: str) -> Callable[[Page, str], None]:
    def open_it(page: Page, number: str) -> None:
        page.goto("/upload/ctf/sent")
        page.get_by_role("row").filter(has=page.locator(f".govuk-tag--{state}")).get_by_role("link").first.click()
        expect(page.locator(".s2s-timeline")).to_be_visible()

    return open_it


def three_wrong_passwords(page: Page, number: str) -> None:
    page.goto("/change-password")
    for field, text in (("old", "wrong"), ("new", "short"), ("again", "another")):
        page.locator(f"#{field}").fill(text)
    page.locator("#form button[type=submit]").click()
    expect(page.locator(".govuk-error-message")).to_have_count(3)


def a_category(page: Page, number: str) -> None:
    page.goto("/categories")
    for field in ("name", "name_cy"):
        page.locator(f"#{field}").fill(f"{field} {number}")
    page.locator("#form button").click()
    page.get_by_role("main").get_by_role("link", name=number).click()
    page.wait_for_url("**/categories/*/update")


def during_an_audit(path: str) -> Callable[[Page, str], None]:
    def open_it(page: Page, number: str) -> None:
        page.goto("/users/audit/start")
        due = date.today() + timedelta(days=60)
        for field, box in (("day", "due_on"), ("month", "due_on-month"), ("year", "due_on-year")):
            page.locator(f"#{box}").fill(str(getattr(due, field)))
        page.get_by_role("main").get_by_role("button").click()
        page.wait_for_load_state()
        if page.locator("input[name=sure][value=yes]").count():  # refused when one has begun: that will do
            page.get_by_role("main").get_by_role("button").click()
            page.wait_for_url("**/users/audit")
        answer = page.goto(path)
        assert answer
        assert answer.status == 200

    return open_it


def at(path: str) -> Callable[[Page, str], None]:
    return lambda page, number: page.goto(path) and None


SITUATIONS = {
    "a wrong password": (NOBODY, a_wrong_password),
    "a form of another session": (NOBODY, a_form_of_another_session),
    "no such page, signed out": (NOBODY, no_such_page),
    "no such page": (SCHOOL, no_such_page),
    "the second page of the e-mails": (NOBODY, more_emails),
    "results of every sort": (SCHOOL, results_of_every_sort),
    "an upload of nothing": (SCHOOL, an_upload_of_nothing),
    "files about to be sent": (SCHOOL, files_about_to_be_sent),
    "files to be checked": (SCHOOL, files_to_be_checked),
    "files that waited too long": (SCHOOL, files_that_waited_too_long),
    "one chosen file": (SCHOOL, one_chosen_file),
    "several chosen files": (SCHOOL, several_chosen_files),
    "no chosen file": (SCHOOL, no_chosen_file),
    "a file chosen again": (SCHOOL, a_file_chosen_again),
    "an answer of no": (SCHOOL, an_answer_of_no),
    "a rejection": (SCHOOL, a_rejection),
    "a rejection without a reason": (SCHOOL, a_rejection_without_a_reason),
    "a rejection without words": (SCHOOL, a_rejection_without_words),
    "a file that was collected": (SCHOOL, a_sent_file("green")),
    "a file that was rejected": (NEIGHBOUR, a_sent_file("red")),
    "home after a rejection": (NEIGHBOUR, at("/home")),
    "a guide with pictures": (SCHOOL, at("/help/schools")),
    "three wrong passwords": (SCHOOL, three_wrong_passwords),
    "a yearly audit": (NATIONAL, during_an_audit("/users/audit")),
    "the report of a yearly audit": (NATIONAL, during_an_audit("/users/audit/report")),
    "more time for a yearly audit": (NATIONAL, during_an_audit("/users/audit/extend")),
    "cancelling a yearly audit": (NATIONAL, during_an_audit("/users/audit/cancel")),
    "closing a yearly audit": (NATIONAL, during_an_audit("/users/audit/close")),
    "a category": (NATIONAL, a_category),
    "nothing to download": (EMPTY, at("/download/ctf/previous")),
    "nothing sent": (EMPTY, at("/upload/ctf/sent")),
    "what others have still to collect": (AUTHORITY, at("/download/ctf?show=awaiting&view=within")),
    "what others have collected": (AUTHORITY, at("/download/ctf?show=collected&view=leaving&sort=date&direction=desc")),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_page_in_any_state_is_accessible_and_fits_every_screen(visits: Visits, situation: str) -> None:
    who, come_to = SITUATIONS[situation]
    page, faults = visits(who), list[str]()
    bring_axe(page)
    for language in ("en", "cy"):
        in_language(page, language)
        come_to(page, visits.site.number())
        faults += examine(page, language)
    assert faults == []
