"""Flattening JSON into key paths and types, so that what is sent can be held against what was published.

A path is keys joined by dots, `[]` for the entries of an array, `*` for a key that is an id. Blocks, their elements,
attachments and files occur nearly everywhere; each is described once as a *part*: by its `type`, or by the key it
stands under where it has none.
"""

from __future__ import annotations

import re
from typing import Any

Keys = dict[str, str]
"""Path to types: a sorted string of `s`tring, `n`umber, `b`oolean, `o`bject, `a`rray, `z` for null."""

Shapes = dict[str, Keys]

PART_ROOTS = {"blocks": "block", "attachments": "attachment", "files": "file", "file": "file", "root": "root"}
"""Whatever stands under these keys is a part of its own, under this name; blocks under their `type`."""

LEFT_OUT = frozenset(
    {"room", "comment", "assistant_app_thread", "item_type", "message_blocks", "list_record", "wibblr"}
)
"""Subtrees of the samples (calls, lists, assistants) that are not described."""

ID = re.compile(r"[A-Z]0\w{2,}")


def letter(value: Any) -> str:
    """The JSON type of a value as one letter."""
    for kind, name in ((bool, "b"), (str, "s"), (dict, "o"), (list, "a"), (type(None), "z")):
        if isinstance(value, kind):
            return name
    return "n"


def add_object(keys: Keys, value: Any, parts: Shapes, path: str = "") -> None:
    """Add the paths of an object to `keys` and those of the parts inside it to `parts`."""
    for key, inner in value.items():
        if key in LEFT_OUT:
            continue
        here = f"{path}.{_name(key)}".lstrip(".")
        _note(keys, here, inner)
        _add_inner(keys, key, inner, parts, here)


def _add_inner(keys: Keys, key: str, value: Any, parts: Shapes, path: str) -> None:
    if isinstance(value, dict):
        if key in PART_ROOTS:
            _add_part(key, value, parts)
        else:
            add_object(keys, value, parts, path)
    elif isinstance(value, list):
        for entry in value:
            _note(keys, path + "[]", entry)
            _add_inner(keys, key, entry, parts, path + "[]")


def _add_part(parent: str, value: dict[str, Any], parts: Shapes) -> None:
    keys = parts.setdefault(part_name(parent, value), {})
    for key, inner in value.items():
        if key in LEFT_OUT:
            continue
        _note(keys, _name(key), inner)
        for entry in inner if isinstance(inner, list) else [inner]:
            if isinstance(inner, list):
                _note(keys, _name(key) + "[]", entry)
            for deeper in entry if isinstance(entry, list) else [entry]:
                if isinstance(deeper, dict):
                    _add_part(key, deeper, parts)


def part_name(parent: str, value: dict[str, Any]) -> str:
    """What a part is described under: the root it stands under, else its `type`, else its key in brackets."""
    kind = value.get("type")
    if parent in PART_ROOTS and parent != "blocks":
        return f"({PART_ROOTS[parent]})"
    return kind if isinstance(kind, str) and kind else f"({_name(parent)})"


def _name(key: str) -> str:
    return "*" if ID.fullmatch(key) else key


def _note(keys: Keys, path: str, value: Any) -> None:
    keys[path] = "".join(sorted(set(keys.get(path, "")) | {letter(value)}))
