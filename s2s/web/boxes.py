"""How a box of a form looks: the component of the design system for its widget, filled with what the form says."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import npgettext
from markupsafe import Markup

from s2s.web.components import content, govuk
from s2s.web.forms import ChosenFiles, DayParts

Params = dict[str, Any]


def ask(box: BoundField, **params: Any) -> Markup:
    """The component for this box, filled in; `params` are the component's own and go before what the form says."""
    name, own = _component(box)
    identity = "idPrefix" if name in {"radios", "checkboxes"} else "id"
    filled: Params = {"name": box.html_name, identity: box.html_name, **own}
    if box.help_text:
        filled["hint"] = content(box.help_text)
    if box.errors:
        filled["errorMessage"] = {"text": str(box.errors[0]), "visuallyHiddenText": _("Error:").rstrip(":")}
    if (meanwhile := getattr(box.form, "meanwhile", {})) and box.name in meanwhile:
        said = Markup('<p class="s2s-meanwhile">{} <strong>{}</strong></p>').format(
            _("Saved in the meantime:"), meanwhile[box.name] or _("nothing")
        )
        filled["formGroup"] = {"beforeInput": {"html": said}}
    return govuk(name, **(filled | params))


def _component(box: BoundField) -> tuple[str, Params]:
    """Which component it is, and the params that only that one has."""
    name, params = _COMPONENTS[type(box.field.widget)]
    return name, params(box)


def _labelled(box: BoundField) -> Params:
    """What most have: a label, and what the widget was given, which is attributes of the element but for the three that are params."""
    given = box.field.widget.attrs
    attributes = {name: value for name, value in given.items() if name not in {"autocomplete", "classes", "rows"}}
    return {"label": {"text": str(box.label)}, "attributes": attributes, "classes": given.get("classes", "")}


def _input(box: BoundField) -> Params:
    given = box.field.widget.attrs
    kind = getattr(box.field.widget, "input_type", "text")
    width = given.get("classes") or "govuk-!-width-two-thirds"
    plain = {"value": _value(box), "type": kind, "spellcheck": False, "autocapitalize": "none", "classes": width}
    return _labelled(box) | plain | {"autocomplete": given.get("autocomplete", "off")}


def _textarea(box: BoundField) -> Params:
    return _labelled(box) | {"value": _value(box), "rows": box.field.widget.attrs["rows"]}


def _password(box: BoundField) -> Params:
    words = {
        "showPasswordText": _("Show"),
        "hidePasswordText": _("Hide"),
        "showPasswordAriaLabelText": _("Show password"),
        "hidePasswordAriaLabelText": _("Hide password"),
        "passwordShownAnnouncementText": _("Your password is visible"),
        "passwordHiddenAnnouncementText": _("Your password is hidden"),
    }
    return _labelled(box) | words | {"autocomplete": box.field.widget.attrs["autocomplete"], "classes": "govuk-!-width-two-thirds"}


def _select(box: BoundField) -> Params:
    words = {
        "data-none": _("Nothing found"),
        "data-hint": _("When there are results, use the up and down arrows to look through them and Enter to choose."),
        "data-chosen": _("is chosen"),
    }
    given = box.field.widget.attrs
    filled = given | words if "data-autocomplete" in given else given
    return _labelled(box) | {"items": _items(box, "selected"), "classes": "s2s-select", "attributes": filled}


def _choices(box: BoundField) -> Params:
    return {"fieldset": _legend(box), "items": _items(box, "checked"), "attributes": box.field.widget.attrs}


def _tick(box: BoundField) -> Params:
    return {"items": [{"value": "on", "text": str(box.label), "checked": bool(box.value())}]}


def _day(box: BoundField) -> Params:
    return {"fieldset": _legend(box), "items": _parts(box), "id": f"{box.html_name}-parts"}


def _files(box: BoundField) -> Params:
    """What the browser would say in its own language, in ours. The scripts choose between the plural forms."""
    words = {
        "chooseFilesButtonText": _("Choose files"),
        "dropInstructionText": _("or drop files here"),
        "noFileChosenText": _("No file chosen"),
        "multipleFilesChosenText": {form: _chosen(number) for form, number in _PLURALS.items()},
        "enteredDropZoneText": _("Entered drop zone"),
        "leftDropZoneText": _("Left drop zone"),
    }
    return _labelled(box) | words | {"javascript": True, "multiple": getattr(box.field, "several", False)}


_PLURALS: Final = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "few": 3,
    "many": 6,
    "other": 4,
}  # a number of each of Welsh's plural forms (Unicode CLDR)


def _chosen(number: int) -> str:
    """With the component's own place for the number."""
    return npgettext("chosen for an upload", "%(count)s file chosen", "%(count)s files chosen", number) % {"count": "%{count}"}


def _value(box: BoundField) -> str:
    value = box.value()
    return "" if value is None else str(value)


def _legend(box: BoundField) -> dict[str, Any]:
    return {"legend": {"text": str(box.label)}}


def _items(box: BoundField, chosen: str) -> list[dict[str, Any]]:
    value = box.value()
    values = {str(one) for one in (value if isinstance(value, list | tuple) else [value])}
    return [{"value": str(code), "text": str(words), chosen: str(code) in values} for code, words in box.field.choices]  # type: ignore[attr-defined]


def _parts(box: BoundField) -> list[dict[str, Any]]:
    """The first of the three has the id of the box, where the error summary leads."""
    said = box.value()
    values = (str(said.day), str(said.month), str(said.year)) if isinstance(said, date) else said or ("", "", "")
    wrong = " govuk-input--error" if box.errors else ""
    name = box.html_name
    rows = zip(DayParts.PARTS, (_("Day"), _("Month"), _("Year")), (2, 2, 4), values, strict=True)
    return [
        {
            "name": f"{name}-{part}",
            "id": name if part == "day" else f"{name}-{part}",
            "label": words,
            "value": value,
            "classes": f"govuk-input--width-{width}{wrong}",
            "autocomplete": "off",
        }
        for part, words, width, value in rows
    ]


_COMPONENTS: Final[Mapping[type[forms.Widget], tuple[str, Callable[[BoundField], Params]]]] = {
    forms.TextInput: ("input", _input),
    forms.PasswordInput: ("password-input", _password),
    forms.Textarea: ("textarea", _textarea),
    forms.Select: ("select", _select),
    forms.RadioSelect: ("radios", _choices),
    forms.CheckboxSelectMultiple: ("checkboxes", _choices),
    forms.CheckboxInput: ("checkboxes", _tick),
    DayParts: ("date-input", _day),
    ChosenFiles: ("file-upload", _files),
}
