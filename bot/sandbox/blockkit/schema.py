"""The vocabulary in which the rules are written, and the interpreter that holds a value against them.

The order of checks, and where the first failure ends the checking of a value, follow Slack's published validator:
an object that lacks a required field is not looked into any further, a list of the wrong size neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.sandbox.blockkit import problems
from bot.sandbox.blockkit.formats import FORMATS
from bot.sandbox.blockkit.problems import Problem

Rule = Callable[[Mapping[str, object], str], Iterable[Problem]]


@dataclass(frozen=True)
class Text:
    """A JSON string; lengths in characters."""

    max: int | None = None
    min: int | None = None
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    format: str | None = None


@dataclass(frozen=True)
class Number:
    """A JSON number; `above` is a bound that is itself not allowed."""

    min: float | None = None
    max: float | None = None
    above: float | None = None
    whole: bool = False


@dataclass(frozen=True)
class Flag:
    """A JSON boolean."""


@dataclass(frozen=True)
class Listing:
    """A JSON array of one kind of item. `gaps`: an item may be null."""

    item: Schema
    max: int | None = None
    min: int | None = None
    unique: bool = False
    gaps: bool = False


@dataclass(frozen=True)
class Shape:
    """A JSON object with exactly these properties (`open`: others are let through).

    `rules` concern several properties at once and are applied when each property is sound.
    """

    required: Mapping[str, Schema] = field(default_factory=dict)
    optional: Mapping[str, Schema] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    min_properties: int = 0
    open: bool = False


@dataclass(frozen=True)
class ByType:
    """An object whose `type` selects its shape."""

    shapes: Mapping[str, Schema]


@dataclass(frozen=True)
class AnyOf:
    """A value that has to fit one of several schemas; when none fits, each one's complaint is listed."""

    schemas: tuple[Schema, ...]


@dataclass(frozen=True)
class AllOf:
    """A value Slack composes of several schemas: any failure inside is announced by the value itself."""

    inner: Schema


Schema = Text | Number | Flag | Listing | Shape | ByType | AnyOf | AllOf


def check(schema: Schema, value: object, pointer: str) -> list[Problem]:
    """Everything Slack would say about `value`, parents before the parts they contain."""
    match schema:
        case Text():
            return _check_text(schema, value, pointer)
        case Number():
            return _check_number(schema, value, pointer)
        case Flag():
            return [] if isinstance(value, bool) else [problems.wrong_type("boolean", pointer)]
        case Listing():
            return _check_listing(schema, value, pointer)
        case Shape():
            return _check_shape(schema, value, pointer)
        case ByType():
            return _check_by_type(schema, value, pointer)
        case AnyOf():
            return _check_any_of(schema, value, pointer)
        case AllOf():
            found = check(schema.inner, value, pointer)
            return [problems.combination("all_of", pointer), *found] if found else found


def _check_text(schema: Text, value: object, pointer: str) -> list[Problem]:
    if not isinstance(value, str):
        return [problems.wrong_type("string", pointer)]
    if schema.max is not None and len(value) > schema.max:
        return [problems.out_of_bounds("max_length", schema.max, len(value), pointer)]
    if schema.min is not None and len(value) < schema.min:
        return [problems.out_of_bounds("min_length", schema.min, len(value), pointer)]
    if schema.pattern is not None and not re.search(schema.pattern, value):
        return [problems.bad_pattern(schema.pattern, value, pointer)]
    if schema.format is not None and not FORMATS[schema.format](value):
        return [problems.bad_format(schema.format, value, pointer)]
    if schema.enum and value not in schema.enum:
        return [problems.not_in_enum(schema.enum, value, pointer)]
    return []


def _check_number(schema: Number, value: object, pointer: str) -> list[Problem]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return [problems.wrong_type("number", pointer)]
    if schema.whole and not isinstance(value, int):
        return [problems.wrong_type("integer", pointer)]
    if schema.max is not None and value > schema.max:
        return [problems.out_of_bounds("maximum", schema.max, value, pointer)]
    if schema.min is not None and value < schema.min:
        return [problems.out_of_bounds("minimum", schema.min, value, pointer)]
    if schema.above is not None and value <= schema.above:
        return [problems.out_of_bounds("minimum", schema.above, value, pointer)]
    return []


def _check_listing(schema: Listing, value: object, pointer: str) -> list[Problem]:
    if not isinstance(value, list):
        return [problems.wrong_type("array", pointer)]
    if schema.max is not None and len(value) > schema.max:
        return [problems.out_of_bounds("max_items", schema.max, len(value), pointer)]
    if schema.min is not None and len(value) < schema.min:
        return [problems.out_of_bounds("min_items", schema.min, len(value), pointer)]
    found = [
        problem
        for index, item in enumerate(value)
        if not (schema.gaps and item is None)
        for problem in check(schema.item, item, f"{pointer}/{index}")
    ]
    if not found and schema.unique and len(set(map(repr, value))) < len(value):
        return [problems.duplicate_items(pointer)]
    return found


def _check_shape(schema: Shape, value: object, pointer: str) -> list[Problem]:
    if not isinstance(value, dict):
        return [problems.wrong_type("object", pointer)]
    if len(value) < schema.min_properties:
        return [problems.out_of_bounds("min_properties", schema.min_properties, len(value), pointer)]
    absent = [problems.missing(name, pointer) for name in schema.required if name not in value]
    if absent:
        return absent
    known = {**schema.required, **schema.optional}
    found = [
        problem
        for name, inner in known.items()
        if name in value
        for problem in check(inner, value[name], f"{pointer}/{name}")
    ]
    if not schema.open:
        found += [problems.additional_property(str(key), pointer) for key in value if key not in known]
    return found or [problem for rule in schema.rules for problem in rule(value, pointer)]


def _check_by_type(schema: ByType, value: object, pointer: str) -> list[Problem]:
    if not isinstance(value, dict):
        return [problems.wrong_type("object", pointer)]
    kind = value.get("type")
    if not isinstance(kind, str):
        return [problems.wrong_type("string", f"{pointer}/type")]
    if kind not in schema.shapes:
        return [problems.unsupported_type(list(schema.shapes), kind, pointer)]
    return check(schema.shapes[kind], value, pointer)


def _check_any_of(schema: AnyOf, value: object, pointer: str) -> list[Problem]:
    complaints = [check(inner, value, pointer) for inner in schema.schemas]
    if not all(complaints):
        return []
    return [problems.combination("any_of", pointer), *(line for lines in complaints for line in lines)]
