"""What stands behind the value of a one-line check-in, once the key result's unit is known."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.okr.errors import UnreadableNumber

_CONFIDENCE = re.compile(r"10|[0-9]", re.ASCII)
_NUMBER_BEGINS = re.compile(r"[+\-−–=]?[$€£¥₹#(]?\d")
_OPENING, _CLOSING = '"“„«»”‟″', '"”“»«‟″'


@dataclass(frozen=True)
class Rejoined:
    """A value with its unit, and what follows it."""

    value: str
    confidence: int | None
    note: str | None


def rejoin(value: str, rest: str | None, unit: str | None) -> Rejoined | None:
    """`3.5` and `days 8 note` as `3.5 days`, 8 and the note, where the unit is days; None where `rest` is a note.

    `rest` is as typed: a note in quotation marks never begins with the unit. Raises `UnreadableNumber` where a number
    that is no confidence follows.
    """
    written, known = (rest or "").strip(), (unit or "").strip()
    ends = written[len(known) : len(known) + 1]
    is_unit = bool(known) and written[: len(known)].casefold() == known.casefold() and (not ends or ends.isspace())
    if not is_unit or not value[-1:].isalnum():
        return None
    return _with_rest(f"{value} {known}", written[len(known) :])


def rejoin_name(value: str, rest: str | None, names: Iterable[str]) -> Rejoined | None:
    """`Beta` and `launch 8 note` as `Beta launch`, 8 and the note, where that is one of the names (of milestones).

    The name may stand in quotation marks. None where no name of several words is typed. Raises `UnreadableNumber` as
    `rejoin` does.
    """
    typed = f"{value} {rest or ''}".strip()
    opened = typed[:1] in _OPENING
    typed = typed[1:] if opened else typed
    for name in sorted(names, key=len, reverse=True):
        behind = typed[len(name) :]
        if not name or typed[: len(name)].casefold() != name.casefold():
            continue
        if opened and behind[:1] and behind[0] in _CLOSING:
            behind = behind[1:]
        if not behind or behind[0].isspace():
            return _with_rest(name, behind)
    return None


def _with_rest(value: str, rest: str) -> Rejoined:
    """A value that is complete now, with the confidence and the note behind it."""
    first, *more = rest.split(maxsplit=1) or [""]
    confidence = int(first) if _CONFIDENCE.fullmatch(first) else None
    note = " ".join(more) if confidence is not None else rest.strip()
    if _NUMBER_BEGINS.match(note):
        raise UnreadableNumber(
            f"Behind {value} comes “{note.split()[0][:40]}”: confidence is a whole number from 0 to 10, once, "
            "and a note that begins with a number needs quotation marks around it."
        )
    quoted = len(note) > 1 and note[0] in _OPENING and note[-1] in _CLOSING
    return Rejoined(value, confidence, (note[1:-1].strip() if quoted else note) or None)
