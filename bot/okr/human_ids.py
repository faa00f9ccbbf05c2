"""The ids people say: O-12 for an objective, KR-34 for a key result."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.okr.errors import UnreadableId

_DIGITS = 9  # what fits any database's integer
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"


class Prefix(StrEnum):
    """What an id's letters stand for."""

    OBJECTIVE = "O"
    KEY_RESULT = "KR"


_ID = re.compile(rf"\s*({'|'.join(Prefix)})\s*[{_DASHES}]?\s*([0-9]{{1,{_DIGITS}}})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class HumanId:
    """An id as people write it, unique within one workspace; `str()` gives `KR-34`."""

    prefix: Prefix
    number: int

    def __str__(self) -> str:
        return f"{self.prefix.value}-{self.number}"


def objective_id(number: int) -> str:
    """`O-12` for 12."""
    return str(HumanId(Prefix.OBJECTIVE, number))


def key_result_id(number: int) -> str:
    """`KR-34` for 34."""
    return str(HumanId(Prefix.KEY_RESULT, number))


def parse_human_id(text: str) -> HumanId:
    """Read `KR-3`, `kr3`, `kr 3`, `O–12`. Raises `UnreadableId`."""
    match = _ID.fullmatch(text)
    if match is None or int(match[2]) == 0:
        shown = " ".join(text.split())[:40]
        raise UnreadableId(f"“{shown}” is not an id I know. Objectives look like O-12, key results like KR-3.")
    return HumanId(Prefix(match[1].upper()), int(match[2]))


def looks_like_id(text: str) -> bool:
    """Whether the text is one id and nothing else."""
    match = _ID.fullmatch(text)
    return match is not None and int(match[2]) > 0


def objective_number_in(typed: str) -> int | None:
    """The objective's number somebody searches by: `12`, `O-12`, `o12`; None for words and for key results."""
    if typed.isascii() and typed.isdecimal() and len(typed) <= _DIGITS:
        return int(typed)
    if not looks_like_id(typed):
        return None
    named = parse_human_id(typed)
    return named.number if named.prefix is Prefix.OBJECTIVE else None
