"""A unit behind the value of a one-line check-in belongs to the value."""

import pytest

from bot.okr.errors import UnreadableNumber
from bot.okr.one_line import Rejoined, confidence_in, rejoin


@pytest.mark.parametrize(
    ("value", "rest", "unit", "read"),
    [
        ("3.5", "days 8", "days", Rejoined("3.5 days", 8, None)),
        ("3.5", "Days 8 waiting", "days", Rejoined("3.5 Days", 8, "waiting")),
        ("3.5", "days waiting for 8", "days", Rejoined("3.5 days", None, "waiting for 8")),
        ("3.5", 'days "3 new deals"', "days", Rejoined("3.5 days", None, "3 new deals")),
        ("+3", "per cent 10", "per cent", Rejoined("+3 per cent", 10, None)),
        ("3.5", "days", "days", Rejoined("3.5 days", None, None)),
        ("3.5", "daysoff", "days", None),
        ("3.5", '"days 8"', "days", None),
        ("3.5", "waiting", "days", None),
        ("=", "days 8", "days", None),
        ("3.5", "days 8", None, None),
        ("3.5", None, "days", None),
        ("3", "day 8", "days", Rejoined("3 day", 8, None)),
        ("3", "days 8", "day", Rejoined("3 days", 8, None)),
        ("5", "Mio. 8", "€", Rejoined("5 Mio.", 8, None)),
        ("5", "Mio. € 8 läuft", "€", Rejoined("5 Mio. €", 8, "läuft")),
        ("5", "million users 8", "users", Rejoined("5 million users", 8, None)),
        ("12", "lakh 8", "₹", Rejoined("12 lakh", 8, None)),
        ("45", "USD 8", "$", Rejoined("45 USD", 8, None)),
        ("45", "usd 8", "$", Rejoined("45 usd", 8, None)),
        ("45", "€ 8", "EUR", Rejoined("45 €", 8, None)),
        ("45", "$ 8", "€", Rejoined("45 $", 8, None)),
        ("45", "€", None, Rejoined("45 €", None, None)),
        ("45", "dollars 8", "€", Rejoined("45 dollars", 8, None)),
        ("45", "percent 8", "users", Rejoined("45 percent", 8, None)),
        ("€45", "per seat 8", "€ per seat", Rejoined("€45 per seat", 8, None)),
        ("70%", "of orders 8", "% of orders", Rejoined("70% of orders", 8, None)),
        ("70", "try again", "€", None),
        ("70", "cop came", None, None),
        ("70", "dollars spent", "users", None),
        ("70", "b team is on it", None, None),
        ("70", "millionaires", None, None),
        ("done", "days 8", "days", None),
        ("45", "days  8  two\n lines", "days", Rejoined("45 days", 8, "two\n lines")),
        ("45", "days ٨", "days", Rejoined("45 days", 8, None)),
    ],
)
def test_the_unit_behind_a_value_is_read_as_part_of_it(
    value: str, rest: str | None, unit: str | None, read: Rejoined | None
) -> None:
    assert rejoin(value, rest, unit) == read


@pytest.mark.parametrize(
    ("value", "rest", "read"),
    [
        ("Beta", "test 8 soon", Rejoined("Beta test", 8, "soon")),
        ("beta", "TEST", Rejoined("beta TEST", None, None)),
        ("Beta", "tests 8", None),
        ("Done", "well 10", Rejoined("Done well", 10, None)),
        ("3", "days later", Rejoined("3 days later", None, None)),
        ("2", "days 8", None),
    ],
)
def test_a_value_of_several_words_is_known_by_what_it_may_be(value: str, rest: str, read: Rejoined | None) -> None:
    assert rejoin(value, rest, None, ("Beta", "Beta test", "Done well", "3 days later")) == read


@pytest.mark.parametrize(
    ("word", "confidence"),
    [
        ("0", 0),
        ("10", 10),
        ("٨", 8),
        ("８", 8),
        ("१०", 10),
        ("11", None),
        ("08", None),
        ("8.5", None),
        ("", None),
        ("²", None),
    ],
)
def test_a_confidence_is_a_whole_number_from_0_to_10(word: str, confidence: int | None) -> None:
    assert confidence_in(word) == confidence


@pytest.mark.parametrize("rest", ["days 45 more", "days 8 9"])
def test_a_number_that_is_no_confidence_is_told(rest: str) -> None:
    with pytest.raises(UnreadableNumber, match="quotation marks"):
        rejoin("3.5", rest, "days")
