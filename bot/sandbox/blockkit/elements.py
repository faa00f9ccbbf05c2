"""Block elements: everything that can be pressed, chosen or typed into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from bot.sandbox.blockkit import problems
from bot.sandbox.blockkit.formats import as_number
from bot.sandbox.blockkit.limits import LIMITS
from bot.sandbox.blockkit.objects import (
    ACTION_ID,
    BUTTON_STYLE,
    CHECKABLE_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_ACTION_CONFIG,
    ID,
    IDS,
    IMAGE_ELEMENT,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PLACEHOLDER,
    TYPE,
    WORKFLOW,
    exactly_one,
    plain_text,
    requires,
)
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.rich_text import RICH_TEXT
from bot.sandbox.blockkit.schema import Flag, Listing, Number, Rule, Schema, Shape, Text


def options_of(element: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """The options a person may choose from, those inside groups included; malformed parts are passed over."""
    groups = element.get("option_groups")
    holders: list[object] = [element, *(groups if isinstance(groups, list) else [])]
    for holder in holders:
        options = holder.get("options") if isinstance(holder, dict) else None
        yield from (option for option in (options if isinstance(options, list) else []) if isinstance(option, dict))


def _same_option(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether an initial option is the offered one: value and wording count, defaults Slack fills in do not."""

    def essence(option: Mapping[str, object]) -> tuple[object, ...]:
        texts = [option.get("text"), option.get("description")]
        return (option.get("value"), *(text.get("text") if isinstance(text, dict) else None for text in texts))

    return essence(one) == essence(other)


def _initial_is_offered(element: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    offered = list(options_of(element))
    values = [option.get("value") for option in offered]
    single, several = element.get("initial_option"), element.get("initial_options")
    chosen = [(single, f"{pointer}/initial_option")] if isinstance(single, dict) else []
    if isinstance(several, list):
        chosen += [(option, f"{pointer}/initial_options/{index}") for index, option in enumerate(several)]
    return [
        problems.not_in_enum(values, option.get("value"), where)
        for option, where in chosen
        if not any(_same_option(option, candidate) for candidate in offered)
    ]


def _within_selection(name: str) -> Rule:
    """No more is chosen from the start than may be chosen at all."""

    def rule(element: Mapping[str, object], pointer: str) -> Iterable[Problem]:
        chosen, most = element.get(name), element.get("max_selected_items")
        if isinstance(chosen, list) and isinstance(most, int) and len(chosen) > most:
            return [problems.out_of_bounds("max_items", most, len(chosen), f"{pointer}/{name}")]
        return []

    return rule


def _lengths_agree(element: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    least, most, initial = (element.get(name) for name in ("min_length", "max_length", "initial_value"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield problems.out_of_bounds("maximum", most, least, f"{pointer}/min_length")
    elif isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        yield problems.out_of_bounds("max_length", most, len(initial), f"{pointer}/initial_value")


def _as_json_number(number: Decimal) -> float:
    return int(number) if number == number.to_integral_value() else float(number)


def _numbers_agree(element: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    given = {name: element.get(name) for name in ("min_value", "max_value", "initial_value")}
    numbers = {name: as_number(text) for name, text in given.items() if isinstance(text, str)}
    least, most, initial = (numbers.get(name) for name in ("min_value", "max_value", "initial_value"))
    if not element.get("is_decimal_allowed"):
        for name, number in numbers.items():
            if number is not None and number != number.to_integral_value():
                yield problems.wrong_type("integer", f"{pointer}/{name}")
    if least is not None and most is not None and least > most:
        yield problems.out_of_bounds("maximum", _as_json_number(most), _as_json_number(least), f"{pointer}/min_value")
    if initial is not None and least is not None and initial < least:
        yield problems.out_of_bounds(
            "minimum", _as_json_number(least), _as_json_number(initial), f"{pointer}/initial_value"
        )
    if initial is not None and most is not None and initial > most:
        yield problems.out_of_bounds(
            "maximum", _as_json_number(most), _as_json_number(initial), f"{pointer}/initial_value"
        )


def _lines_agree(element: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    least, most = element.get("min_lines"), element.get("max_lines")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield problems.out_of_bounds("maximum", most, least, f"{pointer}/min_lines")


def _element(
    required: Mapping[str, Schema], optional: Mapping[str, Schema], *rules: Rule, action_id: bool = True
) -> Shape:
    named: Mapping[str, Schema] = {"action_id": ACTION_ID} if action_id else {}
    return Shape(required={"type": TYPE, **required}, optional={**named, **optional}, rules=rules)


def _option_list(option: Shape, limit: str) -> Listing:
    return Listing(option, min=LIMITS[f"{limit}.options.min"], max=LIMITS[f"{limit}.options.max"])


_FOCUS: Mapping[str, Schema] = {"focus_on_load": Flag()}
_PICK: Mapping[str, Schema] = {**_FOCUS, "confirm": CONFIRM, "placeholder": PLACEHOLDER}
_TYPED: Mapping[str, Schema] = {
    **_FOCUS,
    "placeholder": PLACEHOLDER,
    "dispatch_action_config": DISPATCH_ACTION_CONFIG,
}
_STATIC: Mapping[str, Schema] = {
    "options": _option_list(OPTION, "select"),
    "option_groups": Listing(OPTION_GROUP, min=LIMITS["select.options.min"], max=LIMITS["select.options.max"]),
}
_QUERY: Mapping[str, Schema] = {
    "min_query_length": Number(min=LIMITS["select.min_query_length.min"], whole=True),
}
_CONVERSATIONS: Mapping[str, Schema] = {"default_to_current_conversation": Flag(), "filter": CONVERSATION_FILTER}
_ANSWERABLE: Mapping[str, Schema] = {"response_url_enabled": Flag()}
_ONE_SOURCE = exactly_one("options", "option_groups")


def _select(own: Mapping[str, Schema], *rules: Rule) -> Shape:
    return _element({}, {**_PICK, **own}, *rules)


def _multi_select(initial: str, items: Listing, own: Mapping[str, Schema], *rules: Rule) -> Shape:
    most = Number(min=LIMITS["multi_select.max_selected_items.min"], whole=True)
    return _element(
        {}, {**_PICK, initial: items, "max_selected_items": most, **own}, *rules, _within_selection(initial)
    )


_BUTTON: Mapping[str, Schema] = {"style": BUTTON_STYLE, "confirm": CONFIRM}
_FEEDBACK_BUTTON = Shape(
    required={
        "text": plain_text(LIMITS["feedback_button.text.max"]),
        "value": Text(min=1, max=LIMITS["feedback_button.value.max"]),
    },
    optional={"accessibility_label": Text(max=LIMITS["feedback_button.accessibility_label.max"])},
)

BUTTON = _element(
    {"text": plain_text(LIMITS["button.text.max"])},
    {
        **_BUTTON,
        "accessibility_label": Text(max=LIMITS["button.accessibility_label.max"]),
        "url": Text(min=1, max=LIMITS["button.url.max"]),
        "value": Text(max=LIMITS["button.value.max"]),
        "agent_prompt": Text(max=LIMITS["button.agent_prompt.max"]),
        "agent_prompt_display": Text(),
    },
    requires("agent_prompt_display", "agent_prompt"),
)

ELEMENTS: Mapping[str, Schema] = {
    "button": BUTTON,
    "workflow_button": _element(
        {"text": plain_text(LIMITS["workflow_button.text.max"]), "workflow": WORKFLOW},
        {**_BUTTON, "accessibility_label": Text(max=LIMITS["workflow_button.accessibility_label.max"])},
    ),
    "feedback_buttons": _element({"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON}, {}),
    "icon_button": _element(
        {"icon": Text(enum=("trash",)), "text": plain_text(LIMITS["button.text.max"])},
        {
            "value": Text(max=LIMITS["icon_button.value.max"]),
            "confirm": CONFIRM,
            "accessibility_label": Text(max=LIMITS["icon_button.accessibility_label.max"]),
            "visible_to_user_ids": Listing(ID, max=LIMITS["icon_button.visible_to_user_ids.max"]),
        },
    ),
    "overflow": _element({"options": _option_list(OVERFLOW_OPTION, "overflow")}, {"confirm": CONFIRM}),
    "checkboxes": _element(
        {"options": _option_list(CHECKABLE_OPTION, "checkboxes")},
        {**_FOCUS, "confirm": CONFIRM, "initial_options": Listing(CHECKABLE_OPTION, min=1)},
        _initial_is_offered,
    ),
    "radio_buttons": _element(
        {"options": _option_list(CHECKABLE_OPTION, "radio_buttons")},
        {**_FOCUS, "confirm": CONFIRM, "initial_option": CHECKABLE_OPTION},
        _initial_is_offered,
    ),
    "datepicker": _element({}, {**_PICK, "initial_date": Text(format="date")}),
    "timepicker": _element({}, {**_PICK, "initial_time": Text(format="time"), "timezone": Text(format="timezone")}),
    "datetimepicker": _element(
        {},
        {
            **_FOCUS,
            "confirm": CONFIRM,
            "initial_date_time": Number(
                min=LIMITS["datetimepicker.initial_date_time.min"],
                max=LIMITS["datetimepicker.initial_date_time.max"],
                whole=True,
            ),
        },
    ),
    "static_select": _select({**_STATIC, "initial_option": OPTION}, _ONE_SOURCE, _initial_is_offered),
    "external_select": _select({**_QUERY, "initial_option": OPTION}),
    "users_select": _select({"initial_user": ID}),
    "conversations_select": _select({"initial_conversation": ID, **_CONVERSATIONS, **_ANSWERABLE}),
    "channels_select": _select({"initial_channel": ID, **_ANSWERABLE}),
    "multi_static_select": _multi_select(
        "initial_options", Listing(OPTION, min=1), _STATIC, _ONE_SOURCE, _initial_is_offered
    ),
    "multi_external_select": _multi_select("initial_options", Listing(OPTION, min=1), _QUERY),
    "multi_users_select": _multi_select("initial_users", IDS, {}),
    "multi_conversations_select": _multi_select("initial_conversations", IDS, _CONVERSATIONS),
    "multi_channels_select": _multi_select("initial_channels", IDS, {}),
    "plain_text_input": _element(
        {},
        {
            **_TYPED,
            "initial_value": Text(max=LIMITS["plain_text_input.initial_value.max"]),
            "multiline": Flag(),
            "min_length": Number(
                min=LIMITS["plain_text_input.min_length.min"],
                max=LIMITS["plain_text_input.min_length.max"],
                whole=True,
            ),
            "max_length": Number(
                min=LIMITS["plain_text_input.max_length.min"],
                max=LIMITS["plain_text_input.max_length.max"],
                whole=True,
            ),
        },
        _lengths_agree,
    ),
    "email_text_input": _element({}, {**_TYPED, "initial_value": Text()}),
    "url_text_input": _element({}, {**_TYPED, "initial_value": Text()}),
    "number_input": _element(
        {"is_decimal_allowed": Flag()},
        {**_TYPED, **{name: Text(format="number") for name in ("initial_value", "min_value", "max_value")}},
        _numbers_agree,
    ),
    "rich_text_input": _element(
        {},
        {
            **_TYPED,
            "initial_value": RICH_TEXT,
            **{
                name: Number(
                    min=LIMITS["rich_text_input.lines.min"], max=LIMITS["rich_text_input.lines.max"], whole=True
                )
                for name in ("min_lines", "max_lines")
            },
        },
        _lines_agree,
    ),
    "file_input": _element(
        {},
        {
            "filetypes": Listing(Text(min=1), min=1),
            "max_files": Number(
                min=LIMITS["file_input.max_files.min"], max=LIMITS["file_input.max_files.max"], whole=True
            ),
        },
    ),
    "image": IMAGE_ELEMENT,
}

_CHOICES = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
_SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_MULTI_SELECTS = tuple(f"multi_{name}" for name in _SELECTS)

IN_SECTION = ("button", "workflow_button", "overflow", "image", *_CHOICES, *_SELECTS, *_MULTI_SELECTS)
IN_ACTIONS = ("button", "workflow_button", "overflow", "datetimepicker", *_CHOICES, *_SELECTS)
IN_INPUT = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "datetimepicker",
    *_CHOICES,
    *_SELECTS,
    *_MULTI_SELECTS,
)
IN_INPUT_OF_MODAL = (*IN_INPUT, "file_input")
IN_CONTEXT_ACTIONS = ("feedback_buttons", "icon_button")
