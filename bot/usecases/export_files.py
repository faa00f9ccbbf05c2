"""The YAML of an export: the same facts give the same bytes, whatever the database and its row ids.

Texts stand in double quotes with every character that is no plain letter or sign written as its number, so that no
editor changes it; what a spreadsheet could take for a formula is written so too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from bot.okr.zones import utc

Value = str | int | bool | Decimal | date | None


class Word(str):
    """A text that needs no quotes: a name of ours, such as a kind's."""


Entry = Mapping[str, "Value | list[str] | list[Mapping[str, Value]]"]

_SPECIAL = re.compile(
    '[\x00-\x1f"\\\\\x7f-\xa0\xad\u0600-\u0605\u061c\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\uffff]'
)
_FORMULA = re.compile('(?:^|(?<=[,;|"]))( *)([=+\\-@＝＋－＠])')


def quoted(text: str) -> str:
    """A text in double quotes; reading it as YAML gives it back to the last character."""
    guarded: dict[int, str] = {}
    for match in _FORMULA.finditer(text):
        guarded[match.start(2)] = _by_number(match[2])
    if guarded:
        return '"' + "".join(guarded.get(at) or _SPECIAL.sub(_escaped, char) for at, char in enumerate(text)) + '"'
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(match: re.Match[str]) -> str:
    return {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}.get(match[0]) or _by_number(match[0])


def _by_number(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{ord(char):04x}"


def scalar(value: Value) -> str:
    """A value as it stands in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Word | int):
        return str(value)
    return quoted(value or "")


def moment(at: datetime) -> str:
    """An instant in UTC: `2026-10-05T09:00:00Z`."""
    return utc(at).isoformat().replace("+00:00", "Z")


def mapping(entry: Entry, indent: int) -> Iterator[str]:
    """The lines of a mapping; what is None, False or empty is left out."""
    for name, value in entry.items():
        if value is None or value is False or value == []:
            continue
        if isinstance(value, list):
            yield f"{' ' * indent}{name}:\n"
            for each in value:
                yield f"{' ' * (indent + 2)}- {quoted(each) if isinstance(each, str) else _flow(each)}\n"
        else:
            yield f"{' ' * indent}{name}: {scalar(value)}\n"


def _flow(entry: Mapping[str, Value]) -> str:
    return "{" + ", ".join(f"{name}: {scalar(value)}" for name, value in entry.items()) + "}"


def item(entry: Entry, indent: int) -> Iterator[str]:
    """The lines of a mapping in a list."""
    lines = mapping(entry, indent + 2)
    yield f"{' ' * indent}- {next(lines).lstrip()}"
    yield from lines


def section(name: str, entries: Iterable[Entry]) -> Iterator[str]:
    """The lines of a list of entries; nothing for none."""
    begun = False
    for entry in entries:
        if not begun:
            yield f"{name}:\n"
            begun = True
        yield from item(entry, 2)
