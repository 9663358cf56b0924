"""What every form does, whatever it is about."""

import re
from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils.translation import override

from s2s.rules.refusals import Refused
from s2s.web.boxes import ask
from s2s.web.forms import Choice, Day, Files, Form, Password, Text, Tick, Versioned
from s2s.words.forms import FORM_FAULTS, FormFault
from s2s.words.sentences import Sentence


class Example(Form):
    name = Text("Name:", "As it is <written>", longest=5)
    day = Day("When?")
    kind = Choice("Kind", [("a", "One"), ("b", "Two & more")])
    way = Choice("Way", [("x", "By post"), ("y", "By hand")], radios=True)
    secret = Password("Password")
    sure = Tick("I am sure")
    files = Files("Files", several=True)


def sent(rf: RequestFactory, form: type[Form] = Example, **typed: str) -> Form:
    return form(rf.post("/", typed))


def test_what_was_typed_stays_but_for_passwords(rf: RequestFactory) -> None:
    form = sent(rf, name='<"x>', kind="b", way="y", secret="s3cr3t", sure="on", **{"day-day": "3", "day-month": "4", "day-year": "x"})
    html = "".join(ask(form[name]) for name in form.fields)
    assert 'value="&lt;&#34;x&gt;"' in html
    assert '<option value="b" selected>Two &amp; more</option>' in html
    assert 'value="y" checked' in html
    assert 'value="on" checked' in html
    assert 'name="day-year" type="text" value="x"' in html
    assert "s3cr3t" not in html
    assert "As it is &lt;written&gt;" in html
    assert "multiple" in ask(form["files"])
    identities = re.findall(r' id="([^"]+)"', html)
    assert len(identities) == len(set(identities))


def test_a_box_that_was_not_asked_for_is_not_looked_at(rf: RequestFactory) -> None:
    form = sent(rf, role="NATIONAL")
    assert form.is_valid()
    assert "role" not in form.cleaned_data


def test_the_summary_names_the_box_and_leads_to_it_and_the_box_says_the_same(rf: RequestFactory) -> None:
    form = sent(rf, name="too long a name")
    assert form.problems == [("#name", "Name: This is too long: 15 characters. The limit is 5. Shorten it.")]
    assert 'id="name-error"' in ask(form["name"])
    assert "This is too long: 15 characters. The limit is 5. Shorten it." in ask(form["name"])
    assert 'aria-describedby="name-hint name-error"' in ask(form["name"])


def test_a_refusal_of_an_unknown_box_is_one_of_the_form(rf: RequestFactory) -> None:
    form = sent(rf)
    with form.refusals():
        raise Refused(FormFault.SAME_PASSWORD)
    with form.refusals("day"):
        raise Refused(FormFault.REQUIRED)
    assert form.problems == [
        ("#form", "The new password is the same as the old one. Choose another."),
        ("#day", "When? This has not been filled in."),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("31", "2", "2026"), "When? There is no such day: 31 February 2026. Check the day and the month."),
        (("32", "13", "2026"), "When? This is not a date. Enter the day, month and year in digits, such as 31 8 2026."),
        (("1", "1", "26"), "When? This is not a date. Enter the day, month and year in digits, such as 31 8 2026."),
        (("1", "", "2026"), "When? This is not a date. Enter the day, month and year in digits, such as 31 8 2026."),
        (("١", "1", "2026"), "When? This is not a date. Enter the day, month and year in digits, such as 31 8 2026."),
        (("0", "0", "0000"), "When? This is not a date. Enter the day, month and year in digits, such as 31 8 2026."),
    ],
)
def test_a_day_that_is_none_says_so_at_its_box(rf: RequestFactory, typed: tuple[str, str, str], said: str) -> None:
    form = sent(rf, **dict(zip(("day-day", "day-month", "day-year"), typed, strict=True)))
    assert form.problems == [("#day", said)]


def test_the_month_of_a_day_that_is_none_is_welsh_on_a_welsh_page(rf: RequestFactory) -> None:
    with override("cy"):
        form = sent(rf, **{"day-day": "31", "day-month": "2", "day-year": "2026"})
        assert "31 Chwefror 2026" in form.problems[0][1]


def test_a_day_is_a_date_and_three_blanks_are_none(rf: RequestFactory) -> None:
    form = sent(rf, **{"day-day": " 3", "day-month": "04", "day-year": "2026"})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 4, 3)
    form = sent(rf)
    assert form.is_valid()
    assert form.cleaned_data["day"] is None


def test_no_word_of_djangos_own_is_ever_read(rf: RequestFactory) -> None:
    """Whatever a field of Django's finds wrong."""

    class Djangos(Form):
        number = forms.IntegerField(max_value=3)
        email = forms.EmailField()
        choice = forms.ChoiceField(choices=[("a", "A")])
        needed = forms.CharField()
        nul = forms.CharField()

    typed = {"number": "9", "email": "x", "choice": "b", "nul": "a\0"}
    form = sent(rf, Djangos, **typed)
    ours = {str(row.text).split("%")[0] for row in FORM_FAULTS.values() if isinstance(row, Sentence)}
    assert len(form.problems) == 5
    assert all(any(words in said for words in ours if words) for _, said in form.problems), form.problems
    with override("cy"):
        welsh = sent(rf, Djangos, **typed)
        assert not {said for _, said in welsh.problems} & {said for _, said in form.problems}


def test_a_code_that_nobody_knows_has_words_too(rf: RequestFactory) -> None:
    form = sent(rf)
    form.add_error("name", ValidationError("Django says this", "of tomorrow"))
    assert form.problems == [("#name", "Name: This cannot be used as it is. Check what you have typed.")]


class Changing(Versioned):
    name = Text("Name")
    town = Text("Town")


def test_a_stale_form_keeps_what_was_typed_shows_what_stands_there_and_counts_next_time(rf: RequestFactory) -> None:
    form = sent(rf, Changing, version="1", name="Mine", town="Same")
    assert isinstance(form, Changing)
    assert form.is_valid()
    form.renew({"name": "<Theirs>", "town": "Same"}, 2)
    assert form["version"].value() == "2"
    assert 'value="Mine"' in ask(form["name"])
    assert "<strong>&lt;Theirs&gt;</strong>" in ask(form["name"])
    assert "Saved meanwhile" not in ask(form["town"])
