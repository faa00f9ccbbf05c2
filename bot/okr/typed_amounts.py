"""Reading one typed amount: its sign, its number, its scale, and the unit written around it."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, localcontext

from bot.okr.errors import UnreadableNumber
from bot.okr.locales import number_style
from bot.okr.units import (
    CURRENCY_MARKS,
    PERCENT_SIGN,
    PERCENT_WORDS,
    SCALES,
    begins_with_percent,
    currencies_in,
    currencies_of,
    is_currency_sign,
    mistaken_for_scale,
)

LARGEST = Decimal(10) ** 15
MOST_DECIMALS = 6
_LONGEST = 80
_LONGEST_QUOTE = 40

_DECIMAL_OF_EVERY_LOCALE = "\u066b"
_MARKS_LONGEST_FIRST = sorted(CURRENCY_MARKS, key=len, reverse=True)
_SAME_AS = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"),
    "\ufe62": "+",
    "\uff0b": "+",
    "\uff1d": "=",
    "\uff0e": ".",
    "\uff0c": ",",
    "\uff05": "%",
    "\u066a": "%",
    "\u066c": "'",
}

_ALL_SCALES = "|".join(re.escape(scale) for scale in sorted(SCALES, key=len, reverse=True))
_SCALED = re.compile(rf"(.*[0-9]) ?({_ALL_SCALES})", re.DOTALL)
_NUMBER_MARKS = re.compile(r"[0-9., '\u066b]+")
_FIRST_NUMBER = re.compile(r"[0-9][0-9.,']*")
_WESTERN_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:([., '])[0-9]{3})(?:\1[0-9]{3})*")
_INDIAN_GROUPS = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Amount:
    """What was typed: `+`, `-` or no sign, and the size without it."""

    sign: str
    magnitude: Decimal

    @property
    def signed(self) -> Decimal:
        """The number meant; no sign means plus."""
        return -self.magnitude if self.sign == "-" and self.magnitude else self.magnitude


def plain(text: str) -> str:
    """The text as the rules read it: every script's digits, signs and spaces made alike, small letters, no marks
    that have no shape."""
    shapes = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Nd":
            shapes.append(str(unicodedata.decimal(character)))
        elif category == "Zs" or character in "\t\n\r\v\f":
            shapes.append(" ")
        elif category != "Cf":
            shapes.append(_SAME_AS.get(character, character))
    return re.sub(" +", " ", "".join(shapes)).strip().casefold()


def quoted(text: str) -> str:
    """What was typed, on one line, in quotes and short enough to be repeated to the person."""
    head = text[: _LONGEST_QUOTE * 4]
    line = " ".join("".join(c if c.isprintable() else " " for c in head).split())
    shortened = len(line) > _LONGEST_QUOTE or len(head) < len(text)
    return f"“{line[:_LONGEST_QUOTE]}…”" if shortened else f"“{line}”"


def read_amount(text: str, locale: str | None, unit: str | None) -> Amount:
    """Read one amount with an optional sign, scale, percent sign, currency or unit. Raises `UnreadableNumber`."""
    if len(text) > _LONGEST:
        raise UnreadableNumber(
            f"{quoted(text)} is too long for a number. Write the number alone, {examples(locale, '45k')}."
        )
    written = plain(text)
    if not written:
        raise UnreadableNumber(f"There is no number here. Write one, {examples(locale, *_PLAIN)}.")
    measured_in = plain(unit or "")
    sign, rest = _take_sign(written)
    rest, before = _take_currency_before(rest)
    if before and not sign:
        sign, rest = _take_sign(rest)
    # `€45 per seat`: the currency of the unit stands before the number, the rest of it behind.
    rest, unit_written = _take_unit(rest, measured_in.removeprefix(before).lstrip())
    after = ""
    if not unit_written:
        rest, after = _take_currency_after(rest)
    if before and after:
        raise UnreadableNumber(f"I read two currencies in {quoted(text)}. Write one, {examples(locale, '€3500')}.")
    if before or after:
        _check_currency(text, before or after, unit)
    if rest.startswith(PERCENT_SIGN) and not unit_written and begins_with_percent(measured_in):
        rest, unit_written = rest.removeprefix(PERCENT_SIGN).lstrip(), True  # as in Turkish: %70
    if PERCENT_SIGN in (rest[:1], rest[-1:]) and not unit_written:
        raise UnreadableNumber(
            f"I read {quoted(text)} with a percent sign, but this is {_measured(unit)}. "
            "Write the number alone, for example 70."
        )
    digits, scale = _take_scale(rest)
    if scale and not unit_written and mistaken_for_scale(scale, measured_in):
        raise UnreadableNumber(
            f"{quoted(text)} could mean {digits} {measured_in} or {SCALES[scale]:f} times as much. "
            f"Write it in full with its unit, for example {digits} {measured_in}."
        )
    with localcontext(prec=2 * _LONGEST):  # else a long text would be rounded before its length is judged
        magnitude = bare(_read_number(text, digits, locale) * SCALES.get(scale, Decimal(1)))
    check_limits(magnitude, quoted(text), locale)
    return Amount(sign, magnitude)


_PLAIN = ("45k", "70", "3.5")


def examples(locale: str | None, *numbers: str) -> str:
    """`for example 45k, 70 or 3,5`: numbers (typed with a point) that a reader of this locale may type as they are."""
    told = [number.replace(".", number_style(locale).decimal) for number in numbers]
    return f"for example {', '.join(told[:-1])} or {told[-1]}" if len(told) > 1 else f"for example {told[0]}"


def bare(value: Decimal) -> Decimal:
    """The same number without trailing zeros, exponent or negative zero. NaN and infinity raise ValueError."""
    if not value.is_finite():
        raise ValueError("a value is a finite number")
    if not value:
        return Decimal(0)
    text = format(value, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def check_limits(value: Decimal, shown: str, locale: str | None = None) -> None:
    """Raise `UnreadableNumber` for what is not kept: beyond 10^15 in size, over six decimals, not a number.

    `shown` is how the sentence names the value.
    """
    if not value.is_finite():
        raise UnreadableNumber(f"{shown} is not a number I can keep. Write one, {examples(locale, *_PLAIN)}.")
    if abs(value) > LARGEST:
        raise UnreadableNumber(f"{shown} is beyond what I can keep (10^15). Choose a larger unit, such as m€.")
    # An exponent of minus a million is judged by its size, before anybody writes out its zeros.
    tiny = bool(value) and value.adjusted() < -MOST_DECIMALS
    if tiny or len(format(bare(value), "f").partition(".")[2]) > MOST_DECIMALS:
        raise UnreadableNumber(
            f"{shown} has more than {MOST_DECIMALS} decimals. Round it, {examples(locale, '3.141593')}."
        )


def _take_sign(written: str) -> tuple[str, str]:
    return (written[0], written[1:].lstrip()) if written[:1] in {"+", "-"} else ("", written)


def _take_currency_before(written: str) -> tuple[str, str]:
    for mark in _MARKS_LONGEST_FIRST:
        behind = written[len(mark) : len(mark) + 1]
        if written.startswith(mark) and (is_currency_sign(mark[-1]) or not behind.isalpha()):
            return written[len(mark) :].lstrip(), mark
    if written and is_currency_sign(written[0]):
        return written[1:].lstrip(), written[0]
    return written, ""


def _take_currency_after(written: str) -> tuple[str, str]:
    for mark in _MARKS_LONGEST_FIRST:
        ahead = written[: -len(mark)]
        if written.endswith(mark) and (is_currency_sign(mark[0]) or not ahead[-1:].isalpha()):
            return ahead.rstrip(), mark
    if written and is_currency_sign(written[-1]):
        return written[:-1].rstrip(), written[-1]
    return written, ""


def _take_unit(written: str, measured_in: str) -> tuple[str, bool]:
    """The text without the key result's own unit behind it, and whether it was there."""
    if not measured_in or _NUMBER_MARKS.fullmatch(measured_in):
        return written, False
    spellings = [measured_in, f"{measured_in}s", f"{measured_in}."]
    if measured_in.endswith("s") and len(measured_in) > 2:
        spellings.append(measured_in.removesuffix("s"))
    if begins_with_percent(measured_in):
        spellings.extend(sorted(PERCENT_WORDS, key=len, reverse=True))
    for spelling in spellings:
        ahead = written[: -len(spelling)]
        if written.endswith(spelling) and _ends_before(ahead, spelling):
            return ahead.rstrip(), True
    return written, False


def _ends_before(ahead: str, spelling: str) -> bool:
    """Whether a number may end right before this unit: `45kg` yes, `4` + `5 stars` no, `k` + `m` no."""
    if not ahead or ahead.endswith(" "):
        return bool(ahead)
    if _NUMBER_MARKS.fullmatch(spelling[0]):
        return False
    return not (spelling[0].isalpha() and ahead[-1].isalpha())


def _check_currency(text: str, mark: str, unit: str | None) -> None:
    measured_in = plain(unit or "")
    if measured_in and not currencies_of(mark) & currencies_in(measured_in):
        raise UnreadableNumber(
            f"I read {quoted(text)} as an amount in {mark.upper()}, but this is {_measured(unit)}. "
            "Write the number alone, for example 3500."
        )


def _take_scale(written: str) -> tuple[str, str]:
    match = _SCALED.fullmatch(written)
    return (match[1].strip(), match[2]) if match else (written, "")


def _read_number(text: str, digits: str, locale: str | None) -> Decimal:
    own = number_style(locale).decimal
    other = "," if own == "." else "."
    if not _NUMBER_MARKS.fullmatch(digits):
        raise _not_a_number(text, digits, locale)
    reading = _reading(digits, own)
    if reading is not None:
        return reading
    if _DECIMAL_OF_EVERY_LOCALE in digits:
        foreign = _reading(digits, _DECIMAL_OF_EVERY_LOCALE)
        if foreign is None:
            raise _not_a_number(text, digits, locale)
        return foreign
    foreign = _reading(digits, other)
    if foreign is None:
        raise _not_a_number(text, digits, locale)
    if len(re.findall("[., ']", digits)) == 1:
        # One mark that can't be this locale's grouping: a slip of the finger or another country's decimal mark.
        check_limits(foreign, quoted(text), locale)
        as_decimal, joined = digits.replace(other, own), digits.replace(other, "").lstrip("0")
        raise UnreadableNumber(
            f"{quoted(text)} could mean {as_decimal} or {joined or '0'}. "
            f"Write the one you mean, for example {as_decimal}."
        )
    return foreign


def _reading(digits: str, decimal_mark: str) -> Decimal | None:
    """The number where this mark is the decimal one and all others group; None where it can't be read so."""
    whole, mark, fraction = digits.partition(decimal_mark)
    if mark and not fraction.isdigit():
        return None
    if whole and not whole.isdigit() and not _grouped(whole):
        return None
    if not whole and not mark:
        return None
    ungrouped = re.sub("[^0-9]", "", whole)
    return Decimal(f"{ungrouped or '0'}.{fraction}")


def _grouped(whole: str) -> bool:
    return bool(_WESTERN_GROUPS.fullmatch(whole) or _INDIAN_GROUPS.fullmatch(whole))


def _not_a_number(text: str, digits: str, locale: str | None) -> UnreadableNumber:
    number = _FIRST_NUMBER.search(digits)
    if number is None:
        return UnreadableNumber(f"I can't read a number in {quoted(text)}. Write one, {examples(locale, *_PLAIN)}.")
    left = f"{digits[: number.start()].strip()} {digits[number.end() :].strip()}".strip()
    if not left:
        return UnreadableNumber(
            f"I can't tell which number {quoted(text)} is: its points and commas fit none. "
            f"Write it plainly, {examples(locale, '45000', '3.5')}."
        )
    return UnreadableNumber(
        f"I read {quoted(number[0])} in {quoted(text)}, but not {quoted(left)}. "
        f"Write one number alone, {examples(locale, *_PLAIN)}."
    )


def _measured(unit: str | None) -> str:
    return f"measured in {quoted(unit)}" if unit and unit.strip() else "not measured in percent"
