"""Interactive elements: what stands in them before anybody touched them, what a person's choice makes of them, and
what Slack's client itself refuses before it asks the app."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.entities import Json
from bot.sandbox.errors import ControlError

REQUIRED = "Please complete this required field."


@dataclass(frozen=True)
class Input:
    """How one element type keeps its value: field in the state, field for the initial value, one choice or many.

    `choice`: `text`, `option`, `options`, `id`, `ids`, `number`, `rich`.
    """

    field: str
    initial: str
    choice: str


INPUTS: Mapping[str, Input] = {
    "plain_text_input": Input("value", "initial_value", "text"),
    "email_text_input": Input("value", "initial_value", "text"),
    "url_text_input": Input("value", "initial_value", "text"),
    "number_input": Input("value", "initial_value", "text"),
    "rich_text_input": Input("rich_text_value", "initial_value", "rich"),
    "static_select": Input("selected_option", "initial_option", "option"),
    "external_select": Input("selected_option", "initial_option", "option"),
    "radio_buttons": Input("selected_option", "initial_option", "option"),
    "overflow": Input("selected_option", "", "option"),
    "multi_static_select": Input("selected_options", "initial_options", "options"),
    "multi_external_select": Input("selected_options", "initial_options", "options"),
    "checkboxes": Input("selected_options", "initial_options", "options"),
    "users_select": Input("selected_user", "initial_user", "id"),
    "channels_select": Input("selected_channel", "initial_channel", "id"),
    "conversations_select": Input("selected_conversation", "initial_conversation", "id"),
    "multi_users_select": Input("selected_users", "initial_users", "ids"),
    "multi_channels_select": Input("selected_channels", "initial_channels", "ids"),
    "multi_conversations_select": Input("selected_conversations", "initial_conversations", "ids"),
    "datepicker": Input("selected_date", "initial_date", "id"),
    "timepicker": Input("selected_time", "initial_time", "id"),
    "datetimepicker": Input("selected_date_time", "initial_date_time", "number"),
    "file_input": Input("files", "", "ids"),
}

MANY = ("options", "ids")

WITHOUT_STATE = frozenset({"button", "overflow", "workflow_button", "feedback_buttons", "icon_button", "image"})
"""Elements that act but hold no value in `state.values`."""


@dataclass(frozen=True)
class Placed:
    """An element and the block it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The block's id."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The element's id, empty if it has none."""
        return str(self.element.get("action_id", ""))

    @property
    def label(self) -> str:
        """The text of an input's label, else empty."""
        return str((self.block.get("label") or {}).get("text", ""))


def elements_of(blocks: list[Json]) -> Iterator[Placed]:
    """Every interactive element, in reading order, those inside containers and cards included."""
    for block in blocks:
        inside = [block["element"]] if isinstance(block.get("element"), dict) else []
        inside += [block["accessory"]] if isinstance(block.get("accessory"), dict) else []
        kinds = ("actions", "context_actions")
        inside += block.get("elements", []) if block.get("type") in kinds else block.get("actions", [])
        for element in inside:
            if isinstance(element, dict) and element.get("type") != "image":
                yield Placed(block, element)
        for key in ("blocks", "child_blocks", "elements"):
            if block.get("type") in ("container", "carousel"):
                yield from elements_of([child for child in block.get(key, []) if isinstance(child, dict)])


def find_element(blocks: list[Json], action_id: str, block_id: str | None = None) -> Placed:
    """The element with this id (in this block, if given); the control API's way to name a button."""
    for placed in elements_of(blocks):
        if placed.action_id == action_id and block_id in (None, placed.block_id):
            return placed
    there = ", ".join(placed.action_id for placed in elements_of(blocks)) or "none"
    raise ControlError(f"There is no element “{action_id}” here; there are: {there}.")


def initial_state(element: Json) -> Json:
    """The element's entry in `state.values` before anybody touched it."""
    kind = INPUTS[element["type"]]
    empty: Any = [] if kind.choice in MANY else None
    value = element.get(kind.initial, empty) if kind.initial else empty
    if kind.choice == "text" and value is not None:
        value = str(value)
    state: Json = {"type": element["type"], kind.field: value}
    if element["type"] == "timepicker" and element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def initial_values(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """`state.values` of untouched blocks."""
    values: dict[str, dict[str, Json]] = {}
    for placed in elements_of(blocks):
        if placed.element["type"] in INPUTS and placed.element["type"] not in WITHOUT_STATE:
            values.setdefault(placed.block_id, {})[placed.action_id] = initial_state(placed.element)
    return values


def kept_values(blocks: list[Json], before: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """Values after a view was updated: those whose block id, action id and type are unchanged survive."""
    values = initial_values(blocks)
    for block_id, actions in values.items():
        for action_id, state in actions.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == state["type"]:
                actions[action_id] = old
    return values


def options_of(element: Json) -> list[Json]:
    """All options of a static element, groups flattened."""
    groups = element.get("option_groups") or []
    return list(element.get("options") or []) + [option for group in groups for option in group["options"]]


OPTION_NAMES: tuple[Callable[[Json], str], ...] = (
    lambda option: str(option.get("value")),
    lambda option: str(option["text"]["text"]),
    lambda option: re.split(r"\W", option["text"]["text"])[0],
)
"""What a person may call an option, the surest name first."""


def find_option(element: Json, given: Any) -> Json:
    """The option a person means: the option itself, its value, its text, or the first word of its text."""
    if isinstance(given, dict):
        if element["type"].endswith("external_select"):
            return given
        given = given.get("value")
    wanted = str(given)
    options = options_of(element)
    for name_of in OPTION_NAMES:
        for option in options:
            if name_of(option) == wanted:
                return option
    shown = ", ".join(option["text"]["text"] for option in options)
    raise ControlError(f"There is no option “{wanted}”; there are: {shown}.")


def state_from(element: Json, given: Any) -> Json:
    """The entry in `state.values` after a person entered `given`: plain text or number, option value or text, ids;
    None clears. A complete state as Slack writes it is taken as it is."""
    kind = INPUTS[element["type"]]
    if isinstance(given, dict) and kind.field in given:
        given = given[kind.field]
    state = initial_state(element)
    state[kind.field] = _read(element, kind, given)
    return state


def _read(element: Json, kind: Input, given: Any) -> Any:
    if given is None or given == "":
        return [] if kind.choice in MANY else None
    if kind.choice == "option":
        return find_option(element, given)
    if kind.choice in MANY:
        many = given if isinstance(given, list) else [given]
        return [find_option(element, one) for one in many] if kind.choice == "options" else [str(one) for one in many]
    if kind.choice == "number":
        return int(given)
    if kind.choice == "rich":
        return given if isinstance(given, dict) else rich_text(str(given))
    return str(given)


def rich_text(text: str) -> Json:
    """Plain words as a rich_text block."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }


def action_entry(placed: Placed, state: Json | None, ts: str) -> Json:
    """One entry of `actions` in a block_actions payload."""
    element = placed.element
    entry: Json = {"type": element["type"], "block_id": placed.block_id, "action_id": placed.action_id}
    if element["type"] == "button":
        entry["text"] = element["text"]
        entry |= {key: element[key] for key in ("value", "style", "url") if key in element}
    elif element["type"] in ("feedback_buttons", "icon_button", "workflow_button"):
        entry |= {key: element[key] for key in ("text", "value", "icon") if key in element}
    elif state is not None:
        kind = INPUTS[element["type"]]
        entry[kind.field] = state[kind.field]
        if kind.initial and kind.initial in element:
            entry[kind.initial] = element[kind.initial]
        if "timezone" in state:
            entry["timezone"] = state["timezone"]
    entry |= {key: element[key] for key in ("placeholder", "confirm") if key in element and element["type"] != "button"}
    return entry | {"action_ts": ts}


def refused_by_client(placed: Placed, state: Json) -> str | None:
    """What Slack's own client says about an input before it asks the app; None: nothing."""
    element, kind = placed.element, INPUTS[placed.element["type"]]
    value = state[kind.field]
    if value in (None, "", []):
        return None if placed.block.get("optional") else REQUIRED
    check = CLIENT_CHECKS.get(element["type"])
    return check(element, value) if check else None


def _check_text(element: Json, value: str) -> str | None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < shortest:
        return f"This must be at least {shortest} characters."
    if len(value) > longest:
        return f"This must be at most {longest} characters."
    return None


def _check_number(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Enter a number." if element.get("is_decimal_allowed") else "Enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Enter a number of at most {element['max_value']}."
    return None


def _check_email(element: Json, value: str) -> str | None:
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) else "Enter a valid email address."


def _check_url(element: Json, value: str) -> str | None:
    return None if re.match(r"https?://\S+$", value) else "Enter a valid URL."


CLIENT_CHECKS: Mapping[str, Callable[[Json, str], str | None]] = {
    "plain_text_input": _check_text,
    "number_input": _check_number,
    "email_text_input": _check_email,
    "url_text_input": _check_url,
}
