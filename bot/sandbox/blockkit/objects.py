"""Composition objects: texts, options, confirmation dialogues and what else the elements are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.sandbox.blockkit import problems
from bot.sandbox.blockkit.limits import LIMITS
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.schema import AllOf, ByType, Flag, Listing, Rule, Schema, Shape, Text


def exactly_one(*names: str) -> Rule:
    """One of these properties, and only one."""

    def rule(value: Mapping[str, object], pointer: str) -> Iterable[Problem]:
        return [] if sum(name in value for name in names) == 1 else [problems.combination("one_of", pointer)]

    return rule


def at_least_one(*names: str) -> Rule:
    def rule(value: Mapping[str, object], pointer: str) -> Iterable[Problem]:
        return [] if any(name in value for name in names) else [problems.combination("any_of", pointer)]

    return rule


def never_together(first: tuple[str, object], second: tuple[str, object]) -> Rule:
    """Refuses the object when both properties have the given values; `...` stands for any value."""

    def rule(value: Mapping[str, object], pointer: str) -> Iterable[Problem]:
        both = all(name in value and (unwanted is ... or value[name] == unwanted) for name, unwanted in (first, second))
        return [problems.combination("not", pointer)] if both else []

    return rule


def requires(name: str, other: str) -> Rule:
    """`name` makes sense only where `other` is given."""

    def rule(value: Mapping[str, object], pointer: str) -> Iterable[Problem]:
        return [problems.missing(other, pointer)] if name in value and other not in value else []

    return rule


def _text_of_kind(kind: str, extra: str, maximum: int) -> Shape:
    return Shape(
        required={"type": Text(enum=(kind,)), "text": Text(min=LIMITS["text.min"], max=maximum)},
        optional={extra: Flag()},
    )


def plain_text(maximum: int) -> Schema:
    """A text object that has to be plain."""
    return AllOf(_text_of_kind("plain_text", "emoji", maximum))


def any_text(maximum: int) -> Schema:
    """A text object, plain or mrkdwn."""
    return AllOf(any_text_shapes(maximum))


def any_text_shapes(maximum: int) -> ByType:
    return ByType(
        {
            "plain_text": _text_of_kind("plain_text", "emoji", maximum),
            "mrkdwn": _text_of_kind("mrkdwn", "verbatim", maximum),
        }
    )


ACTION_ID = Text(max=LIMITS["action_id.max"])
BLOCK_ID = Text(max=LIMITS["block_id.max"])
ID = Text(min=1)
TYPE = Text(min=1)
IDS = Listing(ID)
BUTTON_STYLE = Text(enum=("primary", "danger"))

CONFIRM = Shape(
    required={
        "title": plain_text(LIMITS["confirm.title.max"]),
        "text": any_text(LIMITS["confirm.text.max"]),
        "confirm": plain_text(LIMITS["confirm.confirm.max"]),
        "deny": plain_text(LIMITS["confirm.deny.max"]),
    },
    optional={"style": BUTTON_STYLE},
)

_OPTION_VALUE = Text(min=1, max=LIMITS["option.value.max"])

OPTION = Shape(
    required={"text": plain_text(LIMITS["option.text.max"]), "value": _OPTION_VALUE},
    optional={"description": plain_text(LIMITS["option.description.max"])},
)

CHECKABLE_OPTION = Shape(
    required={"text": any_text(LIMITS["option.text.max"]), "value": _OPTION_VALUE},
    optional={"description": any_text(LIMITS["option.description.max"])},
)

OVERFLOW_OPTION = Shape(
    required=OPTION.required,
    optional={**OPTION.optional, "url": Text(max=LIMITS["option.url.max"])},
)

OPTION_GROUP = Shape(
    required={
        "label": plain_text(LIMITS["option_group.label.max"]),
        "options": Listing(OPTION, min=LIMITS["option_group.options.min"], max=LIMITS["option_group.options.max"]),
    }
)

PLACEHOLDER = plain_text(LIMITS["placeholder.max"])

DISPATCH_ACTION_CONFIG = Shape(
    required={
        "trigger_actions_on": Listing(
            Text(enum=("on_enter_pressed", "on_character_entered")),
            min=LIMITS["dispatch_action_config.trigger_actions_on.min"],
            max=LIMITS["dispatch_action_config.trigger_actions_on.max"],
            unique=True,
        )
    }
)

CONVERSATION_FILTER = Shape(
    optional={
        "include": Listing(
            Text(enum=("im", "mpim", "private", "public")),
            min=LIMITS["conversation_filter.include.min"],
            unique=True,
        ),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
    min_properties=1,
)

SLACK_FILE = Shape(optional={"id": ID, "url": Text(min=1)}, rules=(exactly_one("id", "url"),))

WORKFLOW = Shape(
    required={
        "trigger": Shape(
            required={"url": Text(min=1, format="url")},
            optional={"customizable_input_parameters": Listing(Shape(required={"name": Text(min=1), "value": Text()}))},
        )
    }
)

_IMAGE_FIELDS: Mapping[str, Schema] = {
    "image_url": Text(min=1, max=LIMITS["image.image_url.max"], format="url"),
    "slack_file": SLACK_FILE,
}

IMAGE_ELEMENT = Shape(
    required={"type": TYPE, "alt_text": Text(min=1, max=LIMITS["image.alt_text.max"])},
    optional=_IMAGE_FIELDS,
    rules=(exactly_one("image_url", "slack_file"),),
)

IMAGE_BLOCK = Shape(
    required=IMAGE_ELEMENT.required,
    optional={**_IMAGE_FIELDS, "title": plain_text(LIMITS["image.title.max"]), "block_id": BLOCK_ID},
    rules=IMAGE_ELEMENT.rules,
)

SLACK_ICON = Shape(required={"type": Text(enum=("icon",)), "name": Text(min=1)})
