"""Shares and weights as people read them."""

from decimal import Decimal

import pytest

from bot.slack.views.standings import share_text, weight_text


@pytest.mark.parametrize(
    ("share", "told"),
    [
        ("0", "0%"),
        ("0.0000001", "0.1%"),
        ("0.004", "0.4%"),
        ("0.005", "1%"),
        ("0.995", "99.5%"),
        ("0.9996", "99.9%"),
        ("0.9949", "99%"),
        ("0.99999999", "99.9%"),
        ("1", "100%"),
        ("1.0004", "100%"),
        ("1.255", "126%"),
        ("-0.25", "-25%"),
        ("-0.001", "-0.1%"),
        ("0.5", "50%"),
    ],
)
def test_what_is_not_reached_is_not_100_percent_and_what_has_begun_is_not_0(share: str, told: str) -> None:
    assert share_text(Decimal(share)) == told


def test_a_share_is_written_as_the_reader_writes_percent() -> None:
    assert share_text(Decimal("0.9996"), "de") == "99,9\u00a0%"
    assert share_text(Decimal("0.42"), "tr") == "%42"


def test_weights_of_very_different_size_are_told_to_a_tenth() -> None:
    whole = Decimal(121_000)
    told = [weight_text(Decimal(each) / whole, "en") for each in (100_000, 20_000, 1000, 0, 1)]
    assert told == ["82.6%", "16.5%", "0.8%", "0%", "under 0.1%"]
