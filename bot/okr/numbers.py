"""Numbers as people type them, and back (product rule 8 and the one-line grammar).

A value is a `Decimal`, never a binary float. Reading depends on the person's locale, because `1.500` is 1500 in
German and one and a half in English; where a text has two readings it is refused with both, never guessed.
Whatever is typed, the only error that leaves this module is `UnreadableNumber`.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from babel.numbers import format_decimal

from bot.okr.errors import UnreadableNumber
from bot.okr.locales import DEFAULT_LOCALE, OFFERED_LOCALES, number_style, offered_locale
from bot.okr.typed_amounts import LARGEST, MOST_DECIMALS, Amount, plain, quoted, read_amount
from bot.okr.units import PERCENT_SIGN, is_currency_sign, is_percent

__all__ = [
    "LARGEST",
    "MOST_DECIMALS",
    "OFFERED_LOCALES",
    "Change",
    "ChangeKind",
    "exact_text",
    "format_value",
    "offered_locale",
    "parse_change",
    "parse_value",
    "short_value",
]

ABBREVIATED_FROM = Decimal(10_000)
_SHORT_SCALES = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))
_DONE = "done"
_SET = "="


class ChangeKind(StrEnum):
    """How a one-line value was meant."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    NO_CHANGE = "no change"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Change:
    """A one-line value: how it was meant, the value the key result has afterwards, and the step for a relative one."""

    kind: ChangeKind
    value: Decimal
    step: Decimal | None = None


def parse_value(text: str, locale: str | None = DEFAULT_LOCALE, unit: str | None = None) -> Decimal:
    """Read an absolute value: `45k`, `1.2m`, `70 %`, `€3,500`, `3,500.50 USD`, `-2`, `1 234`, `1,23,456`.

    A percent sign is read only where the unit is percent, a currency only where the unit is that currency or none.
    `k`, `m` and `bn` are thousand, million and billion. At most 10^15 in size and six decimals.
    Raises `UnreadableNumber`.
    """
    written = plain(text)
    if written[:1] in {"+", _SET} or written == _DONE:
        raise UnreadableNumber(
            f"I read {quoted(text)} as a change, but this place takes the new value itself, for example 45k or 70."
        )
    return read_amount(text, locale, unit).signed


def parse_change(
    text: str,
    current: Decimal,
    *,
    target: Decimal | None = None,
    locale: str | None = DEFAULT_LOCALE,
    unit: str | None = None,
) -> Change:
    """Read the VALUE of a one-line check-in of a key result that stands at `current`.

    Absolute (`45k`, `=-2m`), relative with a sign (`+3`, `-3`; `+3%` adds 3 points where the unit is percent),
    `=` for no change, `done` for the target. Raises `UnreadableNumber`.
    """
    written = plain(text)
    if written == _SET:
        return Change(ChangeKind.NO_CHANGE, current)
    if written == _DONE:
        if target is None:
            raise UnreadableNumber("I can't read “done” here: there is no target. Write the value, for example 45k.")
        return Change(ChangeKind.DONE, target)
    if written.startswith(_SET):
        return Change(ChangeKind.ABSOLUTE, parse_value(written.removeprefix(_SET), locale, unit))
    amount = read_amount(text, locale, unit)
    if not amount.sign:
        return Change(ChangeKind.ABSOLUTE, amount.magnitude)
    return _step_from(current, amount, text)


def _step_from(current: Decimal, amount: Amount, text: str) -> Change:
    value = current + amount.signed
    if abs(value) > LARGEST:
        raise UnreadableNumber(f"With {quoted(text)} the value would pass what I can keep (10^15).")
    return Change(ChangeKind.RELATIVE, value, step=amount.signed)


def format_value(value: Decimal, unit: str | None = None, locale: str | None = DEFAULT_LOCALE) -> str:
    """The exact value for people, grouped by locale, with its unit: `45,000`, `70%`, `€3,500`, `3.5 days`.

    `parse_value` with the same unit and locale reads it back as the same value.
    """
    grouped = format_decimal(_exact(value), locale=number_style(locale).locale, decimal_quantization=False)
    return _with_unit(grouped, unit, locale)


def exact_text(value: Decimal, locale: str | None = DEFAULT_LOCALE) -> str:
    """The exact value to pre-fill an input with: no grouping, no abbreviation, no unit, the locale's decimal mark.

    `parse_value` in the same locale reads it back as the same value.
    """
    return format(_exact(value), "f").replace(".", number_style(locale).decimal)


def short_value(value: Decimal, unit: str | None = None, locale: str | None = DEFAULT_LOCALE) -> str:
    """The value for a crowded line: from 10,000 on abbreviated to one decimal (`45k`, `1.2m`, `3bn`), else exact."""
    number = _exact(value)
    if abs(number) < ABBREVIATED_FROM:
        return format_value(number, unit, locale)
    return _with_unit(_abbreviated(number, locale), unit, locale)


def _abbreviated(number: Decimal, locale: str | None) -> str:
    bare = ""
    # From the largest scale down, the first that shows at least 1 after rounding: 999,960 is 1m, not 1000k.
    for size, letter in _SHORT_SCALES:
        scaled = (number / size).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        if abs(scaled) >= 1:
            grouped = format_decimal(_exact(scaled), locale=number_style(locale).locale, decimal_quantization=False)
            bare = f"{grouped}{letter}"
            break
    return bare


def _with_unit(number: str, unit: str | None, locale: str | None) -> str:
    shown = (unit or "").strip()
    style = number_style(locale)
    if not shown:
        return number
    if is_percent(shown):
        return f"{number}{style.percent_space}{PERCENT_SIGN}"
    if not is_currency_sign(shown):
        return f"{number} {shown}"
    if not style.currency_first:
        return f"{number}{style.currency_space}{shown}"
    sign = "-" if number.startswith("-") else ""
    return f"{sign}{shown}{style.currency_space}{number.removeprefix('-')}"


def _exact(value: Decimal) -> Decimal:
    """The same number without trailing zeros, exponent or a negative zero."""
    if not value.is_finite():
        raise ValueError("a value is a finite number")
    text = format(value, "f")
    bare = re.sub(r"\.?0+$", "", text) if "." in text else text
    return Decimal(bare) + 0 if bare not in {"-0", "", "-"} else Decimal(0)
