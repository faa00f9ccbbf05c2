"""The codec for button values and private_metadata: small frozen dataclasses as compact text."""

import json
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Final, TypeVar, get_args, get_origin, get_type_hints

from bot.okr.errors import OkrError


class UnreadableControl(OkrError):
    """A button or a modal carries something this version cannot read."""

    default_help_topic = "start"


@dataclass(frozen=True)
class Packed:
    """What travels in a button's value or a modal's private_metadata. A new field needs a default."""

    TAG: ClassVar[str]
    VERSION: ClassVar[int] = 1


PackedT = TypeVar("PackedT", bound=Packed)

LONGEST_PACKED: Final = 2000  # a button's value; private_metadata would take 3000
_LARGEST_INTEGER = 2**63 - 1


def pack(packed: Packed) -> str:
    """The compact text for a button's value or private_metadata."""
    values = {field.name: getattr(packed, field.name) for field in fields(packed)}
    body = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    text = json.dumps({"t": packed.TAG, "v": packed.VERSION, **body}, separators=(",", ":"), ensure_ascii=False)
    if len(text) > LONGEST_PACKED:
        raise ValueError(f"{packed.TAG} packs into {len(text)} characters; {LONGEST_PACKED} is the most")
    return text


def unpack(text: str | None, kind: type[PackedT]) -> PackedT:
    """Read back what `pack` wrote, by this version or an older one.

    A field that is missing takes its default and one that is unknown is passed over, so messages survive both an
    update and a roll-back. Raises `UnreadableControl` for anything else.
    """
    body = _object_in(text)
    if body.get("t") != kind.TAG or body.get("v") != kind.VERSION:
        raise unreadable()
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in body:
            values[field.name] = _checked(body[field.name], hints[field.name])
        elif field.default is MISSING:
            raise unreadable()
    return kind(**values)


def _object_in(text: str | None) -> dict[str, Any]:
    if not text or len(text) > LONGEST_PACKED:
        raise unreadable()
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise unreadable() from broken
    if not isinstance(body, dict):
        raise unreadable()
    return body


def _checked(value: Any, hint: Any) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise unreadable()
        return tuple(_checked(each, get_args(hint)[0]) for each in value)
    allowed = get_args(hint) or (hint,)
    if value is None and type(None) in allowed:
        return None
    if isinstance(value, str) and str in allowed:
        return value
    if type(value) is int and int in allowed and 0 <= value <= _LARGEST_INTEGER:
        return value
    raise unreadable()


def unreadable() -> UnreadableControl:
    """The answer to a button that nobody knows any more."""
    return UnreadableControl("I can't read this button any more. Please type /okr to see where you stand now.")
