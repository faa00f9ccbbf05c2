"""Reading and printing numbers, for any value, locale and text."""

import contextlib
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.okr.errors import OkrError
from bot.okr.numbers import (
    LARGEST,
    MOST_DECIMALS,
    OFFERED_LOCALES,
    ChangeKind,
    exact_text,
    format_value,
    offered_locale,
    parse_change,
    parse_value,
    short_value,
)
from tests.okr.strategies import locales, values

units = st.sampled_from(
    [
        *(None, "", "%", "percent", "Prozent", "% of orders", "€", "$", "£", "₹", "₿", "USD", "EUR", "euros", "kr"),
        *("k€", "€k", "thousand users", "Mio. €", "days", "m", "min", "m²", "users/day", "円"),
    ]
)
number_like = st.text(alphabet="0123456789.,'’ \u00a0\u202f+-−=%€$kKmMbnEe٤½²", max_size=24)
typed = st.text(max_size=60) | number_like


def outcome(text: str, locale: str, unit: str | None) -> tuple[D | None, str]:
    """The value read, or the sentence of the refusal."""
    try:
        return parse_value(text, locale, unit), ""
    except OkrError as refused:
        return None, str(refused)


@settings(max_examples=300)
@given(values, locales)
def test_a_prefilled_input_sent_untouched_is_the_same_value(value: D, locale: str) -> None:
    assert parse_value(exact_text(value, locale), locale) == value


@settings(max_examples=300)
@given(values, locales, units)
def test_a_printed_value_typed_back_is_the_same_value(value: D, locale: str, unit: str | None) -> None:
    assert parse_value(format_value(value, unit, locale), locale, unit) == value


@settings(max_examples=300)
@given(values, locales, locales)
def test_a_number_from_another_country_is_read_right_or_refused_unless_its_only_mark_means_two_things(
    value: D, written_in: str, read_in: str
) -> None:
    text = format_value(value, None, written_in)
    only_mark = len([character for character in text if not character.isdigit() and character != "-"]) == 1
    read, _ = outcome(text, read_in, None)
    assert read in (value, None) or only_mark


@given(values, locales, st.text(alphabet=st.characters(categories=["L", "P", "S", "Zs"]), max_size=8))
def test_whatever_the_unit_a_prefilled_input_is_read_back(value: D, locale: str, unit: str) -> None:
    assert parse_value(exact_text(value, locale), locale, unit) == value


@given(values, locales)
def test_a_prefilled_input_is_never_abbreviated_or_grouped(value: D, locale: str) -> None:
    assert set(exact_text(value, locale)) <= set("0123456789-.,")
    assert len([mark for mark in exact_text(value, locale) if mark in ".,"]) <= 1


@given(values, locales)
def test_a_short_value_is_near_the_value_and_readable(value: D, locale: str) -> None:
    read = parse_value(short_value(value, None, locale), locale)
    assert abs(read - value) <= abs(value) * D("0.05")
    assert abs(value) >= 10_000 or read == value


@settings(max_examples=400)
@given(typed, locales, units)
def test_no_typed_text_breaks_the_reading_of_values(text: str, locale: str, unit: str | None) -> None:
    value, refusal = outcome(text, locale, unit)
    assert len(refusal) <= 250
    assert "\n" not in refusal
    if value is None:
        assert refusal
    else:
        assert abs(value) <= LARGEST
        assert value == round(value, MOST_DECIMALS)
        assert parse_value(exact_text(value, locale), locale, unit) == value


@settings(max_examples=200)
@given(typed, values, locales, units)
def test_no_typed_text_breaks_the_one_line_form(text: str, current: D, locale: str, unit: str | None) -> None:
    with contextlib.suppress(OkrError):
        change = parse_change(text, current, target=D(1), locale=locale, unit=unit)
        assert abs(change.value) <= LARGEST


@given(st.integers(min_value=-10_000, max_value=10_000).map(D), st.integers(min_value=0, max_value=10_000).map(D))
def test_a_step_forth_and_back_ends_where_it_began(current: D, step: D) -> None:
    forth = parse_change(f"+{exact_text(step)}", current)
    back = parse_change(f"-{exact_text(step)}", forth.value)
    assert back.value == current
    assert forth.kind is back.kind is ChangeKind.RELATIVE


@given(values, values, locales)
def test_an_absolute_value_in_one_line_may_be_negative_with_an_equals_sign(value: D, current: D, locale: str) -> None:
    change = parse_change(f"={exact_text(value, locale)}", current, locale=locale)
    assert (change.kind, change.value) == (ChangeKind.ABSOLUTE, value)


@given(st.text(max_size=30) | st.sampled_from(["en-US", "zh-Hant-TW", "x-y-z"]))
def test_any_name_of_a_locale_leads_to_an_offered_one(name: str) -> None:
    assert offered_locale(name) in OFFERED_LOCALES
