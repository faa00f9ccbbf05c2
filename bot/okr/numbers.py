"""Numbers as people type them, and back (product rule 8 and the one-line grammar).

A value is a `Decimal`, never a binary float. Reading depends on the person's locale, because `1.500` is 1500 in
German and one and a half in English; where a text has two readings it is refused with both, never guessed.
Whatever is typed, the only error that leaves this module is `UnreadableNumber`.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from babel.numbers import format_decimal

from bot.okr.errors import UnreadableNumber
from bot.okr.locales import DEFAULT_LOCALE, OFFERED_LOCALES, number_style, offered_locale
from bot.okr.typed_amounts import LARGEST, MOST_DECIMALS, Amount, bare, check_limits, plain, quoted, read_amount
from bot.okr.units import PERCENT_SIGN, begins_with_percent, has_scale, is_currency_sign, is_percent

__all__ = [
    "LARGEST",
    "MOST_DECIMALS",
    "OFFERED_LOCALES",
    "Change",
    "ChangeKind",
    "check_value",
    "exact_text",
    "format_value",
    "offered_locale",
    "parse_change",
    "parse_value",
    "short_value",
]

ABBREVIATED_FROM = Decimal(10_000)
_SHORT_SCALES = ((Decimal(10) ** 3, "k"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 9, "bn"))
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
    return _step_from(current, amount, text, locale)


def _step_from(current: Decimal, amount: Amount, text: str, locale: str | None) -> Change:
    value = bare(current + amount.signed)
    check_limits(value, f"The value after {quoted(text)}", locale)
    return Change(ChangeKind.RELATIVE, value, step=amount.signed)


def check_value(value: Decimal) -> Decimal:
    """A value that came from elsewhere than a person's typing (an import): itself without trailing zeros.

    Raises `UnreadableNumber` beyond 10^15 in size, over six decimals, for NaN and infinity.
    """
    check_limits(value, quoted(str(value)))
    return bare(value)


def format_value(value: Decimal, unit: str | None = None, locale: str | None = DEFAULT_LOCALE) -> str:
    """The exact value for people, grouped by locale, with its unit: `45,000`, `70%`, `€3,500`, `3.5 days`.

    `parse_value` with the same unit and locale reads it back as the same value.
    """
    return _with_unit(_grouped(bare(value), locale), unit, locale)


def exact_text(value: Decimal, locale: str | None = DEFAULT_LOCALE) -> str:
    """The exact value to pre-fill an input with: no grouping, no abbreviation, no unit, the locale's decimal mark.

    `parse_value` in the same locale reads it back as the same value.
    """
    return format(bare(value), "f").replace(".", number_style(locale).decimal)


def short_value(value: Decimal, unit: str | None = None, locale: str | None = DEFAULT_LOCALE) -> str:
    """The value for a crowded line: from 10,000 on abbreviated to one decimal (`45k`, `1.2m`, `3bn`), else exact.

    A unit that counts in thousands itself (`k€`) is never abbreviated further.
    """
    number = bare(value)
    if abs(number) < ABBREVIATED_FROM or has_scale(plain(unit or "")):
        return format_value(number, unit, locale)
    return _with_unit(_abbreviated(number, locale), unit, locale)


def _abbreviated(number: Decimal, locale: str | None) -> str:
    rounded = [
        (bare((number / size).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)), letter)
        for size, letter in _SHORT_SCALES
    ]
    # Judged after rounding, so that 999,960 is 1m and not 1000k.
    fitting = [(scaled, letter) for scaled, letter in rounded if abs(scaled) < 1000]
    scaled, letter = (fitting or rounded[-1:])[0]
    return f"{_grouped(scaled, locale)}{letter}"


def _grouped(number: Decimal, locale: str | None) -> str:
    """Every digit, grouped; below zero with the minus everybody can type."""
    size = format_decimal(abs(number), locale=number_style(locale).locale, decimal_quantization=False)
    return f"-{size}" if number < 0 else size


def _with_unit(number: str, unit: str | None, locale: str | None) -> str:
    shown = (unit or "").strip()
    style = number_style(locale)
    if not shown:
        return number
    if is_percent(shown):
        if style.percent_first:
            return _before(number, PERCENT_SIGN, style.percent_space)
        return f"{number}{style.percent_space}{PERCENT_SIGN}"
    if begins_with_percent(shown) and shown.startswith(PERCENT_SIGN) and not style.percent_first:
        return f"{number}{style.percent_space}{shown}"
    if not is_currency_sign(shown):
        return f"{number} {shown}"
    if not style.currency_first:
        return f"{number}{style.currency_space}{shown}"
    return _before(number, shown, style.currency_space)


def _before(number: str, mark: str, space: str) -> str:
    """`-€3,500`: the mark between the minus and the digits."""
    sign = "-" if number.startswith("-") else ""
    return f"{sign}{mark}{space}{number.removeprefix('-')}"
