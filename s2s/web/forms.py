"""Forms: what somebody typed, box by box, what is wrong with it, and how it looks.

A form looks at the boxes that it names and at nothing else of a request. Django's forms say what was typed; whether it can be done is
the journey's to say, and its refusals join the form by their code and box. What people read is never Django's own: `s2s.words` has it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from typing import Any

from babel.dates import get_month_names
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from s2s.administration.fields import EntryFault, EntryRefused
from s2s.organisations.models import Organisation
from s2s.rules.refusals import NotSaved, Refused, StaleFault
from s2s.web.languages import typed_so_far
from s2s.words import say
from s2s.words.formats import by_local_name
from s2s.words.forms import FormFault

FORM = "form"  # the id of a form, to which the error summary leads when it is wrong as a whole


class Form(forms.Form):
    """The base of every form of the site. It is bound to what a POST sent; `asks` binds it to the query of a GET instead."""

    asks = False
    is_filled_again = False  # with what was typed before the language was changed, or the session ended

    def __init__(self, request: HttpRequest, initial: Mapping[str, Any] | None = None) -> None:
        sent = bool(request.GET) if self.asks else request.method == "POST"
        data, files = (request.GET if self.asks else request.POST, request.FILES) if sent else (None, None)
        super().__init__(data, files, initial=dict(initial or {}), auto_id="%s", label_suffix="", use_required_attribute=False)
        if typed := typed_so_far(request):
            self._keep(typed)

    def _keep(self, typed: QueryDict) -> None:
        """What was typed before stands in the boxes again, but for passwords and files; nothing is checked."""
        sent = {key.split("-")[0] for key in typed}
        if self.asks or not sent & self.fields.keys():
            return
        self.is_filled_again = True
        for name in self.may_be_kept:
            if name in sent or isinstance(self.fields[name], Tick):
                self.initial[name] = self.fields[name].widget.value_from_datadict(typed, {}, name)

    @property
    def may_be_kept(self) -> list[str]:
        """The boxes of which what was typed may be shown again."""
        return [name for name, field in self.fields.items() if not isinstance(field, Fixed | Password | Files)]

    def add_error(self, field: str | None, error: Any) -> None:
        """Django has found a box wrong: say so in our words."""
        for one in ValidationError(error).error_list:
            self.refuse(Refused(_fault(one.code), **(one.params or {})), field or "")

    def refuse(self, refusal: Refused[StrEnum], field: str = "") -> None:
        """Why what was typed cannot be used: at its box, or at the form as a whole when no box has that name."""
        where = field or getattr(refusal, "field", "")
        super().add_error(where if where in self.fields else None, ValidationError(say(refusal).whole, code=refusal.code))

    @contextmanager
    def refusals(self, field: str = "") -> Iterator[None]:
        """A journey is tried in here; when it refuses, the form says why, and what follows in the block is left out."""
        try:
            yield
        except NotSaved as refusal:
            for problem in refusal.problems:
                self.refuse(problem)
        except Refused as refusal:
            self.refuse(refusal, field)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """For the error summary: where each leads, and what it says, with the name of the box in front."""
        return [(f"#{name}", self._named(name, messages[0])) for name, messages in self._wrong()]

    def _wrong(self) -> list[tuple[str, list[str]]]:
        """What is wrong, in the order of the boxes; the form as a whole comes first."""
        wrong = {name: [str(message) for message in messages] for name, messages in self.errors.items()}
        return [(FORM if name == "__all__" else name, wrong[name]) for name in ["__all__", *self.fields] if name in wrong]

    def _named(self, name: str, message: str) -> str:
        label = str(self.fields[name].label or "").rstrip(": ") if name in self.fields else ""
        return f"{label}{'' if label.endswith('?') else ':'} {message}" if label else message


def _fault(code: str | None) -> FormFault:
    return FormFault(code) if code in set(FormFault) else FormFault.INVALID


class Hidden(forms.CharField):
    """Something that the page sends along."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput())


class Fixed(Hidden):
    """What is shown and cannot be altered: the page sends it along, and what it says stays what it was."""

    def bound_data(self, data: object, initial: object) -> object:
        return initial


class Versioned(Form):
    """A form about something that others may change meanwhile: it carries the version that was seen, which the journey compares."""

    version = Hidden()
    meanwhile: Mapping[str, str] = {}

    def renew(self, present: Mapping[str, object], version: object) -> None:
        """Somebody else has saved: what was typed stays, what stands there now is shown beside it, and the next press counts."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(version)  # type: ignore[index]
        self.meanwhile = {
            name: self._words(name, str(value)) for name, value in present.items() if name in self.fields and str(value) != self.typed(name)
        }

    def _words(self, name: str, value: str) -> str:
        """A choice by its words."""
        return str(dict(getattr(self.fields[name], "choices", ())).get(value, value))

    def typed(self, name: str) -> str:
        return str(self.data.get(name, ""))

    @property
    def is_stale(self) -> bool:
        """Whether the journey has refused because somebody else has saved."""
        return any(error.code == StaleFault.STALE for error in self.non_field_errors().as_data())


# Boxes


class Text(forms.CharField):
    """A line of text, or several (`rows`). Not required unless said so: a journey tells it better."""

    def __init__(
        self, label: object, hint: object = "", *, longest: int | None = None, required: bool = False, rows: int = 0, **attrs: object
    ) -> None:
        kind = {"type": attrs.pop("type")} if "type" in attrs else {}
        widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs={**kind, **attrs})
        super().__init__(label=label, help_text=hint, max_length=longest, required=required, widget=widget)  # type: ignore[arg-type]


class Password(forms.CharField):
    """A password, as it was typed, blanks and all; never shown again."""

    def __init__(self, label: object, hint: object = "", *, autocomplete: str = "current-password") -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(label=label, help_text=hint, required=False, strip=False, widget=widget)  # type: ignore[arg-type]


class Choice(forms.ChoiceField):
    """A drop-down list; `radios` shows all at once, `type_ahead` finds a line of a long list by a part of it, where scripts run."""

    def __init__(
        self,
        label: object,
        choices: Sequence[tuple[object, object]] | Callable[[], Sequence[tuple[object, object]]] = (),
        hint: object = "",
        *,
        required: bool = False,
        radios: bool = False,
        type_ahead: bool = False,
    ) -> None:
        widget = forms.RadioSelect() if radios else forms.Select(attrs={"data-autocomplete": ""} if type_ahead else {})
        super().__init__(label=label, help_text=hint, required=required, choices=choices, widget=widget)  # type: ignore[arg-type]


class Tick(forms.BooleanField):
    """One box to tick."""

    def __init__(self, label: object, hint: object = "") -> None:
        super().__init__(label=label, help_text=hint, required=False)  # type: ignore[arg-type]


class DayParts(forms.Widget):
    """Day, month and year, each in a box."""

    PARTS = ("day", "month", "year")

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> tuple[str, ...]:
        return tuple(str(data.get(f"{name}-{part}", "")).strip() for part in self.PARTS)


class Day(forms.Field):
    """A date, or None for three blank boxes."""

    def __init__(self, label: object, hint: object = "", *, required: bool = False) -> None:
        super().__init__(label=label, help_text=hint, required=required, widget=DayParts())  # type: ignore[arg-type]

    def clean(self, value: tuple[str, ...]) -> date | None:
        if not any(value):
            if self.required:
                raise ValidationError("", FormFault.REQUIRED)
            return None
        if not re.fullmatch(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "/".join(value), re.ASCII):
            raise ValidationError("", FormFault.DATE)
        return _date(*map(int, value))


def _date(day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        if 1 <= month <= 12 and day >= 1:
            name = get_month_names(locale=get_language() or "en")[month]
            raise ValidationError("", FormFault.NO_SUCH_DAY, {"day": f"{day} {name} {year}"}) from error
        raise ValidationError("", FormFault.DATE) from error


class Files(forms.Field):
    """Files that somebody has chosen, as a list; `several` lets them choose more than one."""

    def __init__(self, label: object, hint: object = "", *, several: bool = False) -> None:
        self.several = several
        super().__init__(label=label, help_text=hint, required=False, widget=ChosenFiles())  # type: ignore[arg-type]


class ChosenFiles(forms.Widget):
    needs_multipart_form = True

    def value_from_datadict(self, data: object, files: MultiValueDict[str, Any], name: str) -> list[Any]:
        return files.getlist(name)


# What several forms share


def present(row: object, boxes: Iterable[str]) -> dict[str, str]:
    """What stands there now, box by box."""
    return {box: str(getattr(row, box)) for box in boxes}


def options(places: Iterable[Organisation], nothing: str = "") -> list[tuple[str, str]]:
    """A drop-down list of schools or LAs by their names, with a blank line first."""
    return [("", nothing), *((place.number, _of_place(place)) for place in by_local_name(places))]


def _of_place(place: Organisation) -> str:
    line = f"{place.number} {place.local_name}" if place.is_authority else f"{place.local_name} ({place.number})"
    return line if place.is_open else _("%(school)s – closed") % {"school": line}


def check_authority(said: str, authority: Organisation) -> None:
    """The LA's number is fixed (3.8, 3.9): a form in which it was altered is refused. Raises NotSaved."""
    if said and said != authority.number:
        raise NotSaved(EntryRefused(EntryFault.OTHER_AUTHORITY, "lea", authority=authority.number))
