"""JSON from outside: whatever was sent, what comes out is plain and can be written down again."""

from __future__ import annotations

import json
from typing import Any, NoReturn

DEEPEST = 150
"""Levels of nesting; Block Kit needs about fifteen."""


def parse_json(text: str | bytes) -> Any:
    """The value, or ValueError for everything that is no JSON, NaN and nesting without end included.

    Halves of characters (`\\ud800`) become question marks, since nothing they stand in could be sent on.
    """
    try:
        value = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _levels(value) > DEEPEST:
        raise ValueError("nested too deeply")
    written = text if isinstance(text, str) else text.decode(errors="replace")
    if "\\ud" in written.lower():
        return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _levels(value: Any) -> int:
    levels, layer = 0, [value]
    while layer and levels <= DEEPEST:
        layer = [
            inner
            for one in layer
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        levels += 1
    return levels
