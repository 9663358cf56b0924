"""GOV.UK's components for our templates: `{{ govuk("button", text=_("Save")) }}` calls the macro of govuk-frontend-jinja.

They have an environment of their own, because they ask for whatever may be missing, while ours refuses a name that is not there.
What is given as `text` is escaped; `html` is what our own templates made.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

_ENVIRONMENT = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    autoescape=True,
    undefined=ChainableUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def govuk(component: str, **params: object) -> Markup:
    """The markup of one component; its name and params as the design system's pages have them."""
    return Markup(_macro(component)(params).strip())  # noqa: S704 # nosec B704 - a macro escapes what it is given as text


@cache
def _macro(component: str) -> Callable[[dict[str, Any]], Markup]:
    name = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    macro: Callable[[dict[str, Any]], Markup] = getattr(
        _ENVIRONMENT.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module, name
    )
    return macro


def content(words: object) -> dict[str, object]:
    """Words for a component: text, unless a template has made markup of them."""
    return {"html": words} if isinstance(words, Markup) else {"text": str(words)}


def button(words: object, *, kind: str = "", **params: object) -> Markup:
    """A button, or with `href` a link that looks like one; `kind` is secondary or warning. Pressed twice, it acts once."""
    if kind:
        params["classes"] = f"govuk-button--{kind} {params.get('classes', '')}".strip()
    if "href" not in params:
        params.setdefault("preventDoubleClick", True)
    return govuk("button", **content(words), **params)


def trail(steps: Iterable[tuple[str, str]], title: str) -> Markup:
    """The breadcrumbs above a page: the pages that it stands below, each with its address, and its own title."""
    items = [*({"text": words, "href": href} for words, href in steps), {"text": title}]
    return govuk("breadcrumbs", items=items, labelText=_("Breadcrumb"))


def summary_list(rows: Iterable[tuple[object, object]], **params: object) -> Markup:
    """Keys and values, one to a line."""
    lines = [{"key": content(key), "value": content(value)} for key, value in rows]
    return govuk("summary-list", rows=lines, **params)


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and the template's macro that writes a row's cell."""

    heading: object
    cell: Callable[[Any], object]
    format: str = ""  # numeric: figures, to the right
    classes: str = ""
    sort: str = ""  # the name of the order that its heading leads to
    hidden: bool = False  # the heading is only read out


def table(
    caption: str,
    rows: Iterable[Any],
    columns: Sequence[Column],
    *,
    order: tuple[str, str] = ("", ""),
    again: Callable[..., str] | None = None,
    shown: bool = False,
    turns: bool = False,
) -> Markup:
    """A list of rows, one below the other on a narrow screen. `order` is the column and direction it stands in now.

    Where it `turns`, it stands in a form whose buttons the headings are: then ticks go along, and a narrow screen has a list to sort by.
    """
    head = [_heading(column, order, again, turns) for column in columns]
    body = [[_cell(column, row) for column in columns] for row in rows]
    classes = "" if shown else "govuk-visually-hidden"
    table_classes = "s2s-table s2s-table--turns" if turns else "s2s-table"
    made = govuk("table", caption=caption, captionClasses=classes, classes=table_classes, head=head, rows=body)
    return Markup('<div class="s2s-scroll" tabindex="0" role="region" aria-label="{}">{}</div>').format(caption, made)


def _heading(column: Column, order: tuple[str, str], again: Callable[..., str] | None, turns: bool) -> dict[str, object]:
    words: dict[str, object] = {"format": column.format, "classes": column.classes}
    if column.hidden:
        return words | {"html": Markup('<span class="govuk-visually-hidden">{}</span>').format(column.heading)}
    if not column.sort or again is None:
        return words | content(column.heading)
    sort, direction = order
    stands = sort == column.sort
    other = "desc" if stands and direction != "desc" else "asc"
    if turns:
        start, end = Markup('<button class="s2s-sort" type="submit" name="go" value="sort:{}:{}">').format(column.sort, other), "button"
    else:
        href = again(sort=column.sort, direction=other, page=None, after=None, before=None)
        start, end = Markup('<a class="s2s-sort" href="{}">').format(href), "a"
    link = start + Markup('{}<span class="s2s-sort__mark" aria-hidden="true"></span></{}>').format(column.heading, end)
    says = ("descending" if direction == "desc" else "ascending") if stands else "none"
    return words | {"html": link, "attributes": {"aria-sort": says}}


def _cell(column: Column, row: object) -> dict[str, object]:
    """On a narrow screen the heading stands above the cell, by `data-label`."""
    label = {} if column.hidden else {"data-label": str(column.heading)}
    made = column.cell(row)
    html = Markup(made.strip()) if isinstance(made, Markup) else escape(str(made))  # noqa: S704 # nosec B704 - our template's own
    return {"html": html, "format": column.format, "classes": column.classes, "attributes": label}
