"""What a form that was open for a while may save: only what its person changed, and never silently over somebody else.

A *sheet* is what was agreed as plain values by field name; equal values are the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Sheet = Mapping[str, Any]


@dataclass(frozen=True)
class Merged:
    """`changed`: what is to be saved; `contested`: those of it that somebody else has changed meanwhile as well."""

    changed: Mapping[str, Any]
    contested: frozenset[str]

    def over(self, current: Sheet) -> dict[str, Any]:
        """The whole sheet afterwards."""
        return {**current, **self.changed}


def merge(submitted: Sheet, current: Sheet, was: Sheet) -> Merged:
    """Tell what a person changed from what only looks old.

    was: what the fields that changed since the form was opened had been then; all others are as they are in `current`.
    A field is untouched where it holds what it held when the form was opened.
    """
    changed = {}
    for name, value in submitted.items():
        shown = was[name] if name in was else current.get(name)
        if value not in (shown, current.get(name)):
            changed[name] = value
    return Merged(changed, frozenset(changed) & frozenset(was))
