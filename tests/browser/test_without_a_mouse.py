"""The keyboard, paper, and colours of the reader's own choosing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import Visits

pytestmark = pytest.mark.browser


def test_the_first_tab_offers_to_skip_to_the_content(visits: Visits) -> None:
    page = visits("6812045")
    page.goto("/upload/ctf")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#files")).to_be_focused()


@pytest.mark.parametrize(
    ("who", "path"),
    [("", "/sign-in"), ("6812045", "/home"), ("6812045", "/upload/ctf"), ("681user", "/download/ctf"), ("6812045", "/change-password")],
)
def test_every_stop_of_the_tab_key_can_be_seen(visits: Visits, who: str, path: str) -> None:
    page = visits(who)
    page.goto(path)
    boxes = "input:not([type=hidden], [tabindex='-1']):visible, textarea"
    stops = page.locator(f"a[href]:visible, button:visible, {boxes}, [tabindex='0']").count()
    seen = [press_tab(page) for _ in range(stops)]
    assert len({stop["html"] for stop in seen}) == stops, "each is reached, in one round"
    assert [stop["html"] for stop in seen if not stop["shown"]] == []


def press_tab(page: Page) -> dict[str, object]:
    """What has the focus then, and whether one can see that it has."""
    page.keyboard.press("Tab")
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const focused = document.activeElement;
            const drawn = [focused, ...(focused.labels ?? [])];
            const look = () => drawn.flatMap((one) => ["", "::before"].map((part) => {
                const style = getComputedStyle(one, part);
                return [style.outline, style.boxShadow, style.borderWidth, style.backgroundColor].join();
            })).join();
            const {top, bottom} = focused.getBoundingClientRect();
            const number = [...document.querySelectorAll("*")].indexOf(focused);
            const before = look();
            focused.blur();
            const shown = before !== look() && bottom > 0 && top < innerHeight;
            focused.focus({preventScroll: true, focusVisible: true});
            return {html: `${number} ${focused.outerHTML.slice(0, 120)}`, shown};
        }"""
    )


@pytest.mark.parametrize("path", ["/upload/ctf/sent", "/download/ctf", "/help"])
def test_on_paper_there_is_the_content_and_nothing_to_press(visits: Visits, path: str) -> None:
    page = visits("6812045")
    page.goto(path)
    page.emulate_media(media="print")
    for part in ("nav.s2s-menu", ".s2s-header__tools", ".govuk-breadcrumbs", ".s2s-footer", ".s2s-demo"):
        for one in page.locator(part).all():
            expect(one).to_be_hidden()
    assert [one.inner_text() for one in page.locator("button:not(.s2s-sort)").all() if one.is_visible()] == []  # but headings of columns
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("table")).to_be_visible()
    expect(page.get_by_text("Secure Data Transfer System")).to_be_visible()


@pytest.mark.parametrize("place", [".s2s-menu__link", ".s2s-tabs__tab", ".s2s-toggle__button"])
def test_in_forced_colours_one_still_sees_where_one_is(visits: Visits, place: str) -> None:
    page = visits("681user", forced_colors="active")
    page.goto("/download/ctf?show=awaiting")
    drawn = page.locator(place).evaluate_all(
        """places => places.map((one) => {
            const {borderLeftColor, borderBottomColor, backgroundColor} = getComputedStyle(one);
            const paper = backgroundColor.endsWith(", 0)") ? getComputedStyle(document.body).backgroundColor : backgroundColor;
            return [one.hasAttribute("aria-current"), [borderLeftColor, borderBottomColor, paper].join()];
        })"""
    )
    here = {look for current, look in drawn if current}
    assert len(here) == 1
    assert not here & {look for current, look in drawn if not current}
