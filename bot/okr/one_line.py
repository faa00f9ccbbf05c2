"""What stands behind the value of a one-line check-in, once the key result's kind and unit are known."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.okr.errors import UnreadableNumber
from bot.okr.units import (
    CURRENCY_MARKS,
    PERCENT_SIGN,
    PERCENT_WORDS,
    SCALES,
    currencies_in,
    currencies_of,
    is_currency_sign,
)

_SHORT_NUMBER = re.compile(r"\d{1,2}")
_MOST_CONFIDENCE = 10
NUMBER_BEGINS = re.compile(r"[+\-−–=]?[$€£¥₹#(]?\d")
_SIGNS = "=+-−–"
_OPENING, _CLOSING = '"“„«»”‟″', '"”“»«‟″'
# A letter alone may begin a note ("b team is on it"), so the grammar asks about it.
_SCALE_WORDS = tuple(word for word in SCALES if len(word) > 1)
_ISO_CODE = 3


@dataclass(frozen=True)
class Rejoined:
    """A value with its unit, and what follows it."""

    value: str
    confidence: int | None
    note: str | None


def confidence_in(word: str) -> int | None:
    """A whole number from 0 to 10 in any script's digits; None for every other word."""
    if not _SHORT_NUMBER.fullmatch(word) or str(int(word)) != str(int(word)).zfill(len(word)):
        return None
    return int(word) if int(word) <= _MOST_CONFIDENCE else None


def goes_on(begun: str, rest: str) -> bool:
    """Whether a number that was begun with a sign, a currency or a percent sign goes on behind the space."""
    mark = begun.lstrip(_SIGNS)
    currency = is_currency_sign(mark) or mark == PERCENT_SIGN or (mark.isupper() and mark.casefold() in CURRENCY_MARKS)
    if begun == "=":  # `= 8` is no change with confidence 8
        return rest[0] in _SIGNS or is_currency_sign(rest[0])
    if not mark and len(begun) == 1 and is_currency_sign(rest[0]):
        return True
    return bool(NUMBER_BEGINS.match(rest)) and (currency or (not mark and len(begun) == 1))


def rejoin(value: str, rest: str | None, unit: str | None, spellings: Sequence[str] = ()) -> Rejoined | None:
    """`3.5` and `days 8 note` as `3.5 days`, 8 and the note, where the unit is days; None where `rest` is a note.

    What belongs to a value beside its unit: a scale in words (`5 Mio.`), a currency, per cent; and for values that are
    words, the rest of one of `spellings`. `rest` is as typed: a note in quotation marks never begins with any of these.
    Raises `UnreadableNumber` where a number that is no confidence follows.
    """
    written = " ".join((rest or "").split())
    tail = _tail(value, written, (unit or "").strip(), spellings)
    if not tail:
        return None
    taken = len(tail.split())
    whole, behind = f"{value} {tail}", "".join((rest or "").split(maxsplit=taken)[taken:]).strip()
    first, *more = behind.split(maxsplit=1) or [""]
    confidence = confidence_in(first)
    note = " ".join(more) if confidence is not None else behind
    if NUMBER_BEGINS.match(note):
        raise UnreadableNumber(
            f"Behind {whole[:60]} comes “{note.split()[0][:40]}”: confidence is a whole number from 0 to 10, once, "
            "and a note that begins with a number needs quotation marks around it."
        )
    quoted = len(note) > 1 and note[0] in _OPENING and note[-1] in _CLOSING
    return Rejoined(whole, confidence, (note[1:-1].strip() if quoted else note) or None)


def _tail(value: str, written: str, unit: str, spellings: Sequence[str]) -> str:
    """The beginning of what was written that belongs to the value; empty where nothing does."""
    begun = f"{value} "
    words = [name[len(begun) :] for name in spellings if name.casefold().startswith(begun.casefold())]
    found = _longest(words, written)
    if found or not any(character.isdigit() for character in value):
        return found
    scale = _longest(_SCALE_WORDS, written)
    behind = written[len(scale) :].lstrip()
    ending = _longest(_endings(value, unit), behind) or _currency(behind.partition(" ")[0], unit)
    return f"{scale} {ending}".strip()


def _longest(candidates: Iterable[str], written: str) -> str:
    """The longest of these words that the text begins with, as it is written there."""
    found = [
        written[: len(each)]
        for each in candidates
        if each
        and written[: len(each)].casefold() == each.casefold()
        and written[len(each) : len(each) + 1] in {"", " "}
    ]
    return max(found, key=len, default="")


def _endings(value: str, unit: str) -> Iterator[str]:
    """How the unit may be spelled behind a number."""
    yield from PERCENT_WORDS
    yield from (unit, f"{unit}s", unit.removesuffix("s"))
    mark, _, rest = unit.partition(" ")
    if value[:1] == mark or value.casefold().endswith(mark.casefold()):  # `€45` per seat, `70%` of orders
        yield rest
    if unit.startswith(PERCENT_SIGN) and value.endswith(PERCENT_SIGN):
        yield unit.removeprefix(PERCENT_SIGN).strip()


def _currency(word: str, unit: str) -> str:
    """The word where it is a currency, be it the unit's or another one, which is then refused; else empty."""
    if is_currency_sign(word[:1]) or is_currency_sign(word[-1:]):
        return word
    mark, measured_in = word.casefold(), currencies_in(unit.casefold())
    if mark not in CURRENCY_MARKS or (unit and not measured_in):
        return ""
    # "try" and "cop" are words before they are currencies.
    is_word = len(mark) <= _ISO_CODE and not word.isupper() and not currencies_of(mark) & measured_in
    return "" if is_word else word
