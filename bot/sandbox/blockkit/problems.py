"""What Slack says when it refuses a payload, word for word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One line of a refusal.

    `code` is `missing_field`, `invalid_type` or `failed_constraint` for what a schema finds. Anything else is the
    name of the error that the Web API answers with instead of its usual one (`metadata_too_large`,
    `view_too_large`, `invalid_blocks_format`, ...). `pointer` is a JSON pointer into the request.
    """

    code: str
    message: str
    pointer: str
    field: str | None = None
    constraint: Mapping[str, object] | None = None

    def as_line(self) -> str:
        """The line as it stands in `errors` and `response_metadata.messages` (without the `[ERROR] ` in front)."""
        return f"{self.message} [json-pointer:{self.pointer}]"


_WRONG_TYPE = {
    "string": "must provide a string",
    "object": "must provide an object",
    "array": "must provide an array",
    "boolean": "must be a boolean",
    "integer": "must provide an integer",
    "number": "must provide a number",
}

_COMBINATION = {
    "any_of": "failed to match any allowed schemas",
    "all_of": "failed to match all allowed schemas",
    "one_of": "failed to match exactly one allowed schema",
    "not": "failed because matched disallowed schema",
}

_MEASURE = {
    "max_length": lambda limit: f"must be less than {limit + 1} characters",
    "min_length": lambda limit: f"must be more than {limit - 1} characters",
    "max_items": lambda limit: f"no more than {limit} items allowed",
    "min_items": lambda limit: f"must provide at least {limit} items",
    "min_properties": lambda limit: f"must have minimum {limit} properties",
    "maximum": lambda limit: f"must be less than {limit}",
    "minimum": lambda limit: f"must be greater than {limit}",
}


def missing(name: str, pointer: str) -> Problem:
    return Problem("missing_field", f"missing required field: {name}", pointer, field=name)


def wrong_type(expected: str, pointer: str) -> Problem:
    return Problem("invalid_type", _WRONG_TYPE[expected], pointer)


def out_of_bounds(measure: str, limit: float, got: float, pointer: str) -> Problem:
    """`measure` is a bound such as `max_length`; `got` the size that broke it."""
    return _failed(measure, _MEASURE[measure](limit), pointer, expected=limit, got=got)


def combination(kind: str, pointer: str) -> Problem:
    """The parent's line of `any_of`, `all_of`, `one_of` or `not`."""
    return Problem("failed_constraint", _COMBINATION[kind], pointer, constraint={"type": kind})


def not_in_enum(allowed: Sequence[object], got: object, pointer: str) -> Problem:
    return _failed("enum", "must be a valid enum value", pointer, expected=list(allowed), got=got)


def unsupported_type(allowed: Sequence[str], got: str, pointer: str) -> Problem:
    """`pointer` is that of the object; the problem points at its `type`."""
    return _failed("enum", f"unsupported type: {got}", f"{pointer}/type", expected=list(allowed), got=got)


def bad_format(form: str, got: str, pointer: str) -> Problem:
    return _failed("format", f"input must be a valid: {form}", pointer, expected=form, got=got)


def bad_pattern(pattern: str, got: str, pointer: str) -> Problem:
    return _failed("pattern", f"input must match regex pattern: {pattern}", pointer, expected=pattern, got=got)


def additional_property(key: str, pointer: str) -> Problem:
    constraint = {"type": "additional_properties", "got": key}
    return Problem("failed_constraint", f"invalid additional property: {key}", pointer, constraint=constraint)


def duplicate_items(pointer: str) -> Problem:
    constraint = {"type": "unique_items"}
    return Problem("failed_constraint", "Input contains duplicate items", pointer, constraint=constraint)


def already_exists(name: str, value: str, pointer: str) -> Problem:
    """`pointer` is that of the second occurrence."""
    return Problem("failed_constraint", f'`{name}` "{value}" already exists', pointer, field=name)


def stated(message: str, pointer: str, field: str | None = None) -> Problem:
    """A rule that Slack words by itself, outside the vocabulary of its schemas."""
    return Problem("failed_constraint", message, pointer, field=field)


def _failed(kind: str, message: str, pointer: str, *, expected: object, got: object) -> Problem:
    constraint = {"type": kind, "expected": expected, "got": got}
    return Problem("failed_constraint", message, pointer, constraint=constraint)
