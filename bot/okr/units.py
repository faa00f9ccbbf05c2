"""Units of key results: what counts as percent, as a currency, and what could be mistaken for a scale."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

PERCENT_SIGN = "%"
PERCENT_WORDS = frozenset({PERCENT_SIGN, "percent", "per cent", "pct"})

_CURRENCIES = (
    "AED ARS AUD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KES KRW MXN MYR NGN NOK NZD PHP "
    "PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)

_SIGNS = {
    "€": "EUR",
    "$": "USD AUD CAD NZD SGD HKD TWD MXN CLP COP ARS",
    "us$": "USD",
    "a$": "AUD",
    "c$": "CAD",
    "r$": "BRL",
    "£": "GBP EGP",
    "¥": "JPY CNY",
    "₹": "INR",
    "₩": "KRW",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "₪": "ILS",
    "₫": "VND",
    "₱": "PHP",
    "₦": "NGN",
    "฿": "THB",
    "zł": "PLN",
    "kr": "SEK NOK DKK",
    "fr.": "CHF",
}

# What a currency may be written as -> the currencies it may mean.
CURRENCY_MARKS: Mapping[str, frozenset[str]] = MappingProxyType(
    {code.casefold(): frozenset({code}) for code in _CURRENCIES.split()}
    | {sign: frozenset(codes.split()) for sign, codes in _SIGNS.items()}
)

# Units one letter is short for, so that "5m" for a key result in minutes has two readings.
_ONE_LETTER_UNITS = {
    "k": frozenset({"kg", "km", "kb", "kw", "kwh", "kelvin"}),
    "m": frozenset({"min", "mins", "minute", "minutes", "month", "months", "metre", "metres", "meter", "meters", "mb"}),
}


def is_percent(unit: str | None) -> bool:
    """Whether values of this unit are percent, so that `70%` means 70 and `+3%` adds 3 points."""
    return unit is not None and unit.strip().replace("％", "%").casefold() in PERCENT_WORDS


def is_currency_sign(unit: str) -> bool:
    """Whether the unit is one currency sign, which locales place before or behind the number."""
    return len(unit) == 1 and unicodedata.category(unit) == "Sc"


def currencies_of(mark: str) -> frozenset[str]:
    """The currencies a sign or code (case-folded) may mean; none where it is no currency."""
    if is_currency_sign(mark):
        return CURRENCY_MARKS.get(mark, frozenset({mark}))
    return CURRENCY_MARKS.get(mark, frozenset())


def currencies_in(unit: str) -> frozenset[str]:
    """The currencies a unit (case-folded) is about: `€`, `usd` and `€ per seat` are about one, `days` about none."""
    return currencies_of(unit.replace("/", " ").split(" ")[0])


def mistaken_for_scale(scale: str, unit: str) -> bool:
    """Whether a lone `k` or `m` behind a number may as well be meant as (part of) the unit (case-folded).

    True for `5m` in minutes, and for `45k` where the unit is `k€` already.
    """
    return unit in _ONE_LETTER_UNITS.get(scale, frozenset()) or (
        unit.startswith(scale) and bool(currencies_of(unit.removeprefix(scale).strip()))
    )
