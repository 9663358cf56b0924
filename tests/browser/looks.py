"""What every page must be, whoever opens it: accessible, in its language, and no wider than the screen."""

from urllib.parse import urlsplit
from zlib import crc32

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.sampling import some

WIDE, NARROW, NARROWEST = 1280, 375, 320  # pixels; 320 is 1280 enlarged to four times its size (WCAG 1.4.10)
AXE_AT = (WIDE, NARROW)  # one of them in English, the other in Welsh: which, is the page's own; the structure is the same in both
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = f"window.loadAxe = () => {{ {Axe().axe_script} }};"  # half a megabyte, read only where it is called for


def bring_axe(page: Page) -> None:
    """Into every page that is opened there from now on; once, because it is slow to carry."""
    page.context.add_init_script(AXE)


def examine(page: Page, language: str) -> list[str]:
    """Everything that is wrong with the page."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    place = f"{page.url} ({language})"
    faults = [] if page.locator("h1").count() == 1 else [f"{place} has no h1, or several"]
    page.evaluate("loadAxe()")
    for width in (WIDE, NARROW, NARROWEST):
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"{place} at {width} pixels: {fault}" for fault in sticking_out(page)]
        if width in some(AXE_AT, sort_of(page) + (language == "cy"), each=len(AXE_AT)):
            faults += [f"{place} at {width} pixels: {fault}" for fault in violations(page)]
    page.set_viewport_size({"width": WIDE, "height": 900})
    return faults


def sort_of(page: Page) -> int:
    """A number of the page that is the same in every run, whatever file or user it is about."""
    words = [part for part in urlsplit(page.url).path.split("/") if part.isalpha() and part.islower()]
    return crc32("/".join(words).encode())


def violations(page: Page) -> list[str]:
    """A bar that sticks to the window covers what one scrolls from under it; to axe a link that is half covered is too small."""
    page.evaluate("""() => { for (const bar of document.querySelectorAll(".s2s-bar")) bar.style.position = "static"; }""")
    found = page.evaluate(
        """rules => axe.run({runOnly: {type: "tag", values: rules}, resultTypes: ["violations"], preload: false})
            .then(({violations}) => violations)""",
        RULES,
    )
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def sticking_out(page: Page) -> list[str]:
    """What makes the page wider than the screen; parts that scroll by themselves do not."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const {scrollWidth, clientWidth} = document.documentElement;
            if (scrollWidth <= clientWidth) return [];
            const beyond = (one) => one.scrollWidth + one.getBoundingClientRect().left > clientWidth;
            const last = [...document.querySelectorAll("body *")].filter(beyond).slice(-2);
            return [`${scrollWidth - clientWidth} too wide: ${last.map((one) => one.outerHTML.slice(0, 120))}`];
        }"""
    )
