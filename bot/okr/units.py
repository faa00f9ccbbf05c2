"""Units of key results: what counts as percent, as a currency, as a scale, and what could be mistaken for a scale."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

PERCENT_SIGN = "%"
PERCENT_WORDS = frozenset(
    {PERCENT_SIGN, "percent", "per cent", "pct", "percentage", "prozent", "procent", "proc", "pour cent", "por ciento",
     "por cento", "per cento", "процент", "процентов"}
)  # fmt: skip

_THOUSAND, _MILLION, _BILLION = Decimal(10) ** 3, Decimal(10) ** 6, Decimal(10) ** 9
SCALES: Mapping[str, Decimal] = MappingProxyType(
    dict.fromkeys(["k", "tsd", "tsd.", "thousand"], _THOUSAND)
    | dict.fromkeys(["m", "mn", "mio", "mio.", "mln", "mln.", "million", "millions"], _MILLION)
    | dict.fromkeys(["b", "bn", "mrd", "mrd.", "mld", "mld.", "billion", "billions"], _BILLION)
    | dict.fromkeys(["lakh", "lakhs"], 100 * _THOUSAND)
    | dict.fromkeys(["crore", "crores"], 10 * _MILLION)
)
"""What may stand behind a number, in small letters, and how many it is."""

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
    "円": "JPY",
    "元": "CNY",
    "원": "KRW",
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("dollar", "dollars"), "USD AUD CAD NZD SGD HKD TWD"),
    "yen": "JPY",
    **dict.fromkeys(("rupee", "rupees"), "INR"),
    **dict.fromkeys(("franc", "francs", "franken"), "CHF"),
}

# What a currency may be written as -> the currencies it may mean.
CURRENCY_MARKS: Mapping[str, frozenset[str]] = MappingProxyType(
    {code.casefold(): frozenset({code}) for code in _CURRENCIES.split()}
    | {sign: frozenset(codes.split()) for sign, codes in _SIGNS.items()}
)

# Units one letter is short for, so that "5m" for a key result in minutes has two readings.
_ONE_LETTER_UNITS = {
    "k": frozenset(["kg", "km", "kb", "kw", "kwh", "kelvin"]),
    "m": frozenset(
        {
            *("min", "min.", "mins", "minute", "minutes", "minuten", "mo", "month", "months", "monat", "monate"),
            *("metre", "metres", "meter", "meters", "mb", "mg", "mi", "ml", "mm", "ms", "m²", "m³", "m2", "m3"),
        }
    ),
    "b": frozenset(["bit", "bits", "byte", "bytes"]),
}
_LONGEST_PERCENT_FIRST = sorted(PERCENT_WORDS, key=len, reverse=True)
_PARTS = re.compile(r"[\W\d_]+")


def is_percent(unit: str | None) -> bool:
    """Whether values of this unit are percent, so that `70%` means 70 and `+3%` adds 3 points."""
    return _percent_like(unit) in PERCENT_WORDS


def begins_with_percent(unit: str | None) -> bool:
    """Whether values of this unit are percent of something: `%`, `percent`, `% of orders`, `%-points`."""
    written = _percent_like(unit)
    behind = next((written[len(word) :] for word in _LONGEST_PERCENT_FIRST if written.startswith(word)), None)
    return behind is not None and not behind[:1].isalnum()


def _percent_like(unit: str | None) -> str:
    return (unit or "").strip().replace("％", "%").replace("٪", "%").casefold()


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

    True for `5m` in minutes, and for any scale where the unit has one already: `k€`, `$m`, `thousand users`.
    """
    return unit in _ONE_LETTER_UNITS.get(scale, frozenset()) or has_scale(unit)


def has_scale(unit: str) -> bool:
    """Whether the unit (case-folded) counts in thousands or more itself: `k€`, `€k`, `m usd`, `million users`.

    A unit that is a lone letter is none: `m` may be metres.
    """
    words = [word for word in _PARTS.split(unit) if word]
    if len(words) == 1 and unit == words[0]:
        return (unit in SCALES and len(unit) > 1) or _is_scaled_code(unit)
    return bool(words) and (words[0] in SCALES or words[-1] in SCALES or any(map(_is_scaled_code, words)))


def _is_scaled_code(word: str) -> bool:
    """`kusd`, `eurk`."""
    return len(word) == 4 and any(
        letter in SCALES and bool(currencies_of(code)) for letter, code in ((word[0], word[1:]), (word[3], word[:3]))
    )
