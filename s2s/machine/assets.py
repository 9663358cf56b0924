"""Takes from node_modules the few files a browser needs, without the fonts, crest and crown that are reserved for gov.uk.

`python -m s2s.machine.assets` writes them to .build/assets, from where `collectstatic` picks them up.
"""

import re
import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = PROJECT / "node_modules"
ASSETS = PROJECT / ".build/assets"

GOVUK = "govuk-frontend/dist/govuk"
FILES = (
    f"{GOVUK}/govuk-frontend.min.css",
    f"{GOVUK}/govuk-frontend.min.js",  # an ES module that needs no other
    "accessible-autocomplete/dist/accessible-autocomplete.min.css",
    "accessible-autocomplete/dist/accessible-autocomplete.min.js",
)

FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
FONT_NAME = re.compile(r'"?GDS Transport"?,')
RESERVED_IMAGE = re.compile(r"url\(/assets/images/govuk-[^)]*\)")
SOURCE_MAP = re.compile(r"(/\*#|//#) ?sourceMappingURL=[^\n*]*(\*/)?")


def collect(packages: Path = PACKAGES, assets: Path = ASSETS) -> None:
    """Replace `assets` by what the packages hold. Raises FileNotFoundError when a package has moved its files."""
    fresh = assets.with_name(f"{assets.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in FILES:
        (fresh / Path(name).name).write_text(ours((packages / name).read_text(encoding="utf-8")), encoding="utf-8")
    shutil.rmtree(assets, ignore_errors=True)
    fresh.rename(assets)


def ours(text: str) -> str:
    """The text of a stylesheet or script without reserved fonts and images, and without a source map."""
    for unwanted in (FONT_FACE, FONT_NAME, SOURCE_MAP):
        text = unwanted.sub("", text)
    return RESERVED_IMAGE.sub("none", text)


if __name__ == "__main__":
    collect()
