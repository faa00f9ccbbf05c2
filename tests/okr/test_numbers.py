"""What people type as a value, and what they are answered."""

from decimal import Decimal as D

import pytest

from bot.okr.errors import UnreadableNumber
from bot.okr.numbers import (
    OFFERED_LOCALES,
    Change,
    ChangeKind,
    check_value,
    exact_text,
    format_value,
    offered_locale,
    parse_change,
    parse_value,
    short_value,
)


@pytest.mark.parametrize(
    ("text", "locale", "unit", "value"),
    [
        ("45k", "en", None, "45000"),
        ("45 k", "en", None, "45000"),
        ("45K", "en", None, "45000"),
        ("1.2m", "en", None, "1200000"),
        ("1.2m", "en", "users", "1200000"),
        ("2 bn", "en", None, "2000000000"),
        ("70%", "en", "%", "70"),
        ("70 %", "en", "%", "70"),
        ("70", "en", "%", "70"),
        ("70 percent", "en", "%", "70"),
        ("70％", "ja", "%", "70"),
        ("€3,500", "en", "€", "3500"),
        ("€3,500", "en", "EUR", "3500"),
        ("€3,500", "en", None, "3500"),
        ("€3,500", "en", "", "3500"),
        ("3.500 €", "de", "€", "3500"),
        ("3,500.50 USD", "en", "USD", "3500.5"),
        ("$45k", "en", "$", "45000"),
        ("$45", "en", "AUD", "45"),
        ("R$ 1.234,50", "pt_BR", "BRL", "1234.5"),
        ("€3,500", "en", "€ per seat", "3500"),
        ("-2", "en", None, "-2"),
        ("−2", "en", None, "-2"),
        ("- 2", "en", None, "-2"),
        ("-€3,500", "en", "€", "-3500"),
        ("€-3,500", "en", "€", "-3500"),
        ("0", "en", None, "0"),
        ("-0", "en", None, "0"),
        (".5", "en", None, "0.5"),
        (",5", "de", None, "0.5"),
        ("007", "en", None, "7"),
        ("3.140", "en", None, "3.14"),
        ("1\u202f234", "en", None, "1234"),
        ("1\u00a0234", "en", None, "1234"),
        ("1 234 567,5", "fr", None, "1234567.5"),
        ("1’234’567.5", "de_CH", None, "1234567.5"),
        ("1'234", "en", None, "1234"),
        ("1,23,456", "en_IN", None, "123456"),
        ("1,23,456", "en", None, "123456"),
        ("12,34,567.5", "hi", None, "1234567.5"),
        ("1,5", "de", None, "1.5"),
        ("1.234,5", "de", None, "1234.5"),
        ("1.234", "de", None, "1234"),
        ("1.234", "en", None, "1.234"),
        ("1,234", "de", None, "1.234"),
        ("1,234", "en", None, "1234"),
        ("1.234,5", "en", None, "1234.5"),
        ("1,234.5", "de", None, "1234.5"),
        ("1.234.567", "en", None, "1234567"),
        ("٤٥", "en", None, "45"),
        ("४५.५", "hi", None, "45.5"),
        ("４５", "ja", None, "45"),
        ("\u200e45\u200f", "en", None, "45"),
        ("3.5 days", "en", "days", "3.5"),
        ("1 day", "en", "days", "1"),
        ("45k users", "en", "users", "45000"),
        ("12m", "en", "m", "12"),
        ("45 5-star ratings", "en", "5-star ratings", "45"),
        ("5k kg", "en", "kg", "5000"),
        ("1 000", "en", "000", "1000"),
        ("€45", "en", "€/month", "45"),
        ("€45/month", "en", "€/month", "45"),
        ("€45k per seat", "en", "€ per seat", "45000"),
        ("1000000000000000", "en", None, "1000000000000000"),
        ("0.000001", "en", None, "0.000001"),
        ("5 Mio.", "de", None, "5000000"),
        ("3,5 Mio. €", "de", "€", "3500000"),
        ("2 Mrd. €", "de", "€", "2000000000"),
        ("12 Tsd.", "de", "€", "12000"),
        ("1,5 mln zł", "pl", "PLN", "1500000"),
        ("4.5 million", "en", None, "4500000"),
        ("12 lakh", "en_IN", "₹", "1200000"),
        ("₹1.5 crore", "en_IN", "INR", "15000000"),
        ("70%", "en", "% of orders", "70"),
        ("70 %", "de", "% der Bestellungen", "70"),
        ("70% of orders", "en", "% of orders", "70"),
        ("70%", "de", "Prozent", "70"),
        ("70 Prozent", "de", "%", "70"),
        ("%70", "tr", "%", "70"),
        ("٧٠٪", "ar", "%", "70"),
        ("١٬٢٣٤٫٥", "ar", None, "1234.5"),
        ("١٬٢٣٤٫٥", "de", None, "1234.5"),
        ("€3,500", "en", "euros", "3500"),
        ("5 dollars", "en", "$", "5"),
        ("¥5,000", "ja", "円", "5000"),
        ("1 234,5", "sv", None, "1234.5"),
        ("1\u00a0234,5\u00a0kr", "sv", "kr", "1234.5"),
        ("1,5", "fr_CH", None, "1.5"),
    ],
)
def test_a_value_is_read_as_the_person_means_it(text: str, locale: str, unit: str | None, value: str) -> None:
    read = parse_value(text, locale, unit)
    assert read == D(value)
    assert str(read) == value


@pytest.mark.parametrize(
    ("text", "locale", "unit"),
    [
        ("", "en", None),
        ("   ", "en", None),
        ("\u200b", "en", None),
        ("abc", "en", None),
        ("nan", "en", None),
        ("NaN", "en", None),
        ("inf", "en", None),
        ("-Infinity", "en", None),
        ("5e3", "en", None),
        ("0x10", "en", None),
        ("1_000", "en", None),
        ("1/2", "en", None),
        ("½", "en", None),
        ("5²", "en", None),
        ("①", "en", None),
        ("12 34", "en", None),
        ("45 46", "en", None),
        ("45, 46", "en", None),
        ("3-5", "en", None),
        ("45k 46k", "en", None),
        ("45kk", "en", None),
        ("--3", "en", None),
        ("3-", "en", None),
        ("(500)", "en", None),
        ("5.", "en", None),
        ("1.2.3", "en", None),
        ("1,234,5", "en", None),
        ("1,234 567", "en", None),
        ("192.168.10.1", "en", None),
        ("24.12.2026", "de", None),
        ("$€5", "en", None),
        ("$5€", "en", None),
        ("€5€", "en", "€"),
        ("%", "en", "%"),
        ("k", "en", None),
        ("-", "en", None),
        ("€", "en", "€"),
        ("days", "en", "days"),
        ("70%", "en", None),
        ("70%", "en", "days"),
        ("70%%", "en", "%"),
        ("€3,500", "en", "days"),
        ("€3,500", "en", "%"),
        ("€3,500", "en", "$"),
        ("3,500 USD", "en", "EUR"),
        ("45 apples", "en", "pears"),
        ("5 km", "en", "m"),
        ("455-star ratings", "en", "5-star ratings"),
        ("1000000000000001", "en", None),
        ("2000000bn", "en", None),
        ("0.0000001", "en", None),
        ("0." + "0" * 60 + "1", "en", None),
        ("0.1" + "0" * 60 + "1", "en", None),
        ("9" * 10_000, "en", None),
        ("1 " * 5_000, "en", None),
        ("70%", "en", "%age of"),
        ("%70", "en", None),
        ("%70%", "en", "%"),
        ("5 MM", "en", None),
        ("1٫2٫3", "ar", None),
        ("+3", "en", None),
        ("=3", "en", None),
        ("=", "en", None),
        ("done", "en", None),
    ],
)
def test_what_cannot_be_read_is_refused_shortly_and_with_an_example(text: str, locale: str, unit: str | None) -> None:
    with pytest.raises(UnreadableNumber) as refused:
        parse_value(text, locale, unit)
    sentence = str(refused.value)
    assert len(sentence) <= 250
    assert "example" in sentence or "larger unit" in sentence
    assert refused.value.help_topic == "numbers"


@pytest.mark.parametrize(
    ("text", "locale", "readings"),
    [
        ("1,5", "en", ("1.5", "15")),
        ("1,50", "en", ("1.50", "150")),
        ("0,500", "en", ("0.500", "500")),
        ("1234,567", "en", ("1234.567", "1234567")),
        ("1.5", "de", ("1,5", "15")),
        ("1,5", "ja", ("1.5", "15")),
    ],
)
def test_a_mark_with_two_readings_is_refused_with_both(text: str, locale: str, readings: tuple[str, str]) -> None:
    as_decimal, joined = readings
    with pytest.raises(UnreadableNumber) as refused:
        parse_value(text, locale)
    assert f"could mean {as_decimal} or {joined}. " in str(refused.value)
    assert parse_value(as_decimal, locale) != parse_value(joined, locale)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(("", None), ("abc", None), ("12 34", None), ("1.2.3", None), ("70%", "days"), ("€5", "days"), ("€5€", "€")),
        *(("0.12345678", None), ("0,12345678", None), ("9" * 90, None), ("1e6", None), ("+3", None), ("1,5.5,5", None)),
    ],
)
def test_the_example_of_a_refusal_can_be_typed_as_it_stands(text: str, unit: str | None) -> None:
    for locale in OFFERED_LOCALES:
        with pytest.raises(UnreadableNumber) as refused:
            parse_value(text, locale, unit)
        given = str(refused.value).partition("for example ")[2].removesuffix(".")
        for example in given.replace(" or ", ", ").split(", "):
            parse_value(example, locale)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(("5m", "min"), ("5m", "months"), ("45k", "k€"), ("3m", "m$"), ("5k", "kg"), ("5m", "m²"), ("5b", "bytes")),
        *(("45k", "€k"), ("45m", "$m"), ("45k", "k users"), ("45m", "million users"), ("45k", "thousand €")),
        *(("5 Mio.", "Mio. €"), ("45k", "kEUR"), ("45k", "Mrd. USD")),
    ],
)
def test_a_letter_that_may_be_scale_or_unit_is_refused_with_both(text: str, unit: str) -> None:
    with pytest.raises(UnreadableNumber, match="could mean"):
        parse_value(text, "en", unit)


def test_the_full_unit_settles_what_the_letter_means() -> None:
    assert parse_value("5 min", "en", "min") == 5
    assert parse_value("45 k€", "en", "k€") == 45
    assert parse_value("45k", "en", "€") == 45_000
    assert parse_value("45 million users", "en", "million users") == 45
    assert parse_value("5 Mio. €", "de", "Mio. €") == 5
    assert parse_value("5", "de", "Mio. €") == 5


def test_the_refusal_names_what_was_read_and_what_was_not() -> None:
    with pytest.raises(UnreadableNumber, match=r"I read “45” in “45 apples”, but not “apples”"):
        parse_value("45 apples", "en", "pears")


@pytest.mark.parametrize("text", ["4.1.2", "1,2,3", "1.2,3.4"])
def test_marks_that_fit_no_number_are_said_to(text: str) -> None:
    with pytest.raises(UnreadableNumber, match=f"can't tell which number “{text}” is"):
        parse_value(text, "en", None)


def test_a_percent_sign_elsewhere_is_answered_with_what_the_key_result_is_measured_in() -> None:
    with pytest.raises(UnreadableNumber, match="measured in “days”"):
        parse_value("70%", "en", "days")


@pytest.mark.parametrize(
    ("text", "unit", "change"),
    [
        ("45", None, Change(ChangeKind.ABSOLUTE, D(45))),
        ("0", None, Change(ChangeKind.ABSOLUTE, D(0))),
        ("+3", None, Change(ChangeKind.RELATIVE, D(43), D(3))),
        ("+ 3", None, Change(ChangeKind.RELATIVE, D(43), D(3))),
        ("-3", None, Change(ChangeKind.RELATIVE, D(37), D(-3))),
        ("−3", None, Change(ChangeKind.RELATIVE, D(37), D(-3))),
        ("-40", None, Change(ChangeKind.RELATIVE, D(0), D(-40))),
        ("+2k", None, Change(ChangeKind.RELATIVE, D(2040), D(2000))),
        ("+3%", "%", Change(ChangeKind.RELATIVE, D(43), D(3))),
        ("-3 %", "%", Change(ChangeKind.RELATIVE, D(37), D(-3))),
        ("70%", "%", Change(ChangeKind.ABSOLUTE, D(70))),
        ("+€500", "€", Change(ChangeKind.RELATIVE, D(540), D(500))),
        ("=", None, Change(ChangeKind.NO_CHANGE, D(40))),
        ("=-2m", None, Change(ChangeKind.ABSOLUTE, D(-2_000_000))),
        ("= -2m", None, Change(ChangeKind.ABSOLUTE, D(-2_000_000))),
        ("=45", None, Change(ChangeKind.ABSOLUTE, D(45))),
        ("done", None, Change(ChangeKind.DONE, D(100))),
        ("Done", None, Change(ChangeKind.DONE, D(100))),
    ],
)
def test_the_one_line_form_takes_values_steps_no_change_and_done(text: str, unit: str | None, change: Change) -> None:
    assert parse_change(text, D(40), target=D(100), unit=unit) == change


@pytest.mark.parametrize(
    "text", ["+3%", "-3%", "+-3", "=+3", "==", "=done", "+", "-", "+done", "", "+1000000000000000"]
)
def test_a_step_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UnreadableNumber):
        parse_change(text, D(40), target=D(100), unit="users")


def test_done_without_a_target_asks_for_the_value() -> None:
    with pytest.raises(UnreadableNumber, match="no target"):
        parse_change("done", D(40))


def test_steps_are_exact_where_binary_fractions_are_not() -> None:
    assert parse_change("+0.2", D("0.1")).value == D("0.3")


@pytest.mark.parametrize(
    ("value", "unit", "locale", "printed"),
    [
        ("45000", None, "en", "45,000"),
        ("70", "%", "en", "70%"),
        ("70", "%", "de", "70\u00a0%"),
        ("3500", "€", "en", "€3,500"),
        ("3500", "€", "de", "3.500\u00a0€"),
        ("-3500", "€", "en", "-€3,500"),
        ("3500", "USD", "en", "3,500 USD"),
        ("3.50", "days", "en", "3.5 days"),
        ("70", "% of orders", "en", "70% of orders"),
        ("70", "% der Kunden", "de", "70\u00a0% der Kunden"),
        ("-70", "%", "tr", "-%70"),
        ("-1234.5", "kr", "sv", "-1\u00a0234,5 kr"),
        ("-1234.5", "₪", "he", "-1,234.5\u00a0₪"),
        ("1234.5", "%", "ar", "1,234.5%"),
        ("123456", None, "en_IN", "1,23,456"),
        ("1234567.5", None, "fr", "1\u202f234\u202f567,5"),
        ("0", None, "en", "0"),
        ("-0", None, "en", "0"),
        ("1E+6", None, "en", "1,000,000"),
        ("1234.5", " ", None, "1,234.5"),
    ],
)
def test_a_value_is_printed_in_full_as_people_there_write_it(
    value: str, unit: str | None, locale: str | None, printed: str
) -> None:
    assert format_value(D(value), unit, locale) == printed


@pytest.mark.parametrize(
    ("value", "locale", "text"),
    [
        ("1234567.50", "en", "1234567.5"),
        ("1234567.50", "de", "1234567,5"),
        ("1E+6", "en", "1000000"),
        ("-0.0", "en", "0"),
    ],
)
def test_an_input_is_filled_with_the_exact_value(value: str, locale: str, text: str) -> None:
    assert exact_text(D(value), locale) == text


@pytest.mark.parametrize(
    ("value", "unit", "short"),
    [
        ("9999", None, "9,999"),
        ("9999.99", None, "9,999.99"),
        ("10000", None, "10k"),
        ("45000", None, "45k"),
        ("45678", None, "45.7k"),
        ("950000", None, "950k"),
        ("999949", None, "999.9k"),
        ("999960", None, "1m"),
        ("1234567", "€", "€1.2m"),
        ("-45000", "€", "-€45k"),
        ("3000000000", None, "3bn"),
        ("1000000000000000", None, "1,000,000bn"),
        ("70", "%", "70%"),
        ("0", None, "0"),
        ("45000", "k€", "45,000 k€"),
        ("45000", "million users", "45,000 million users"),
        ("45000", "m", "45k m"),
    ],
)
def test_crowded_lines_abbreviate_from_ten_thousand_on(value: str, unit: str | None, short: str) -> None:
    assert short_value(D(value), unit) == short


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("en-US", "en"),
        ("en-GB", "en_GB"),
        ("de-DE", "de"),
        ("de-CH", "de_CH"),
        ("de-AT", "de_AT"),
        ("de-LI", "de"),
        ("de-Latn-CH", "de_CH"),
        ("es-ES", "es"),
        ("es-LA", "es_419"),
        ("pt-BR", "pt_BR"),
        ("pt-PT", "pt_PT"),
        ("pt", "pt_BR"),
        ("pt-AO", "pt_PT"),
        ("es-MX", "es_419"),
        ("es-XX", "es"),
        ("sv-SE", "sv"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("en-AU", "en"),
        ("he-IL", "he"),
        ("ja-JP", "ja"),
        ("zh-CN", "zh"),
        ("zh-TW", "zh_Hant"),
        ("zh-Hant-MO", "zh_Hant"),
        ("ar", "ar"),
        ("ar-EG", "ar"),
        ("sw", "en"),
        ("", "en"),
        (None, "en"),
        ("not a locale", "en"),
        ("\0", "en"),
    ],
)
def test_slacks_locale_names_lead_to_the_nearest_offered_one(name: str | None, offered: str) -> None:
    assert offered_locale(name) == offered


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+16", "1E-7", "1E-999999", "1E+999999"])
def test_an_imported_value_meets_the_same_limits(value: str) -> None:
    with pytest.raises(UnreadableNumber):
        check_value(D(value))


def test_an_imported_value_loses_only_its_trailing_zeros() -> None:
    assert str(check_value(D("45000.500"))) == "45000.5"
    assert str(check_value(D("0E-999999"))) == "0"


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_never_printed(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        format_value(D(value))
