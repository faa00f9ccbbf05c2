"""A unit behind the value of a one-line check-in belongs to the value."""

import pytest

from bot.okr.errors import UnreadableNumber
from bot.okr.one_line import Rejoined, rejoin


@pytest.mark.parametrize(
    ("value", "rest", "unit", "read"),
    [
        ("3.5", "days 8", "days", Rejoined("3.5 days", 8, None)),
        ("3.5", "Days 8 waiting", "days", Rejoined("3.5 days", 8, "waiting")),
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
    ],
)
def test_the_unit_behind_a_value_is_read_as_part_of_it(
    value: str, rest: str | None, unit: str | None, read: Rejoined | None
) -> None:
    assert rejoin(value, rest, unit) == read


@pytest.mark.parametrize("rest", ["days 45 more", "days 8 9"])
def test_a_number_that_is_no_confidence_is_told(rest: str) -> None:
    with pytest.raises(UnreadableNumber, match="quotation marks"):
        rejoin("3.5", rest, "days")
