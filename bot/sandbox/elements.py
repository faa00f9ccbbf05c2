"""Finding interactive elements, reading what a person chose by the words on the screen, writing `actions`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.blockkit import initial_state, read_input
from bot.sandbox.blockkit.elements import options_of
from bot.sandbox.blockkit.normalise import every_block
from bot.sandbox.blockkit.payloads import elements_of as elements_in
from bot.sandbox.entities import Json
from bot.sandbox.errors import ControlError

PRESSED = frozenset({"button", "workflow_button", "feedback_buttons", "icon_button"})
"""Elements that are only pressed: nothing is chosen in them."""

CHOSEN = frozenset({"static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"})
"""Elements whose choices are options written in the element itself."""


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


def placed_elements(blocks: list[Json]) -> Iterator[Placed]:
    """Every element with an action id, in reading order, those inside containers and cards included."""
    for block in every_block(blocks):
        for element, _ in elements_in(block):
            if element.get("action_id"):
                yield Placed(block, element)


def find_element(blocks: list[Json], action_id: str, block_id: str | None = None) -> Placed:
    """The element with this id (in this block, if given); the control API's way to name a button."""
    for placed in placed_elements(blocks):
        if placed.action_id == action_id and block_id in (None, placed.block_id):
            return placed
    there = ", ".join(placed.action_id for placed in placed_elements(blocks)) or "none"
    raise ControlError(f"There is no element “{action_id}” here; there are: {there}.")


def as_pressed(placed: Placed, given: Any) -> Placed:
    """Of a pair of feedback buttons the one that is pressed: named by value or words, `positive` or `negative`."""
    if placed.element["type"] != "feedback_buttons":
        return placed
    pair: dict[str, Json] = {name: placed.element[f"{name}_button"] for name in ("positive", "negative")}
    for name, one in pair.items():
        if str(given) in (one["value"], one["text"]["text"], name):
            return Placed(placed.block, placed.element | {"text": one["text"], "value": one["value"]})
    shown = ", ".join(one["text"]["text"] for one in pair.values())
    raise ControlError(f"There is no feedback “{given}”; there are: {shown}.")


def fillable(blocks: list[Json]) -> list[Placed]:
    """The elements that hold a value in `state.values`."""
    values = initial_state(blocks)
    return [placed for placed in placed_elements(blocks) if placed.action_id in values.get(placed.block_id, {})]


def with_current_conversation(
    blocks: list[Json], values: dict[str, dict[str, Json]], channel: str, fits: Callable[[Json], bool]
) -> None:
    """Selects that begin with the conversation the person was in when a modal opened are filled in, where their filter
    lets it through (`fits`)."""
    for placed in placed_elements(blocks):
        element = placed.element
        entry = values.get(placed.block_id, {}).get(placed.action_id)
        wanted = element.get("default_to_current_conversation") and fits(element.get("filter") or {})
        if entry is None or not wanted:
            continue
        if "selected_conversation" in entry:
            entry["selected_conversation"] = entry["selected_conversation"] or channel
        elif "selected_conversations" in entry:
            entry["selected_conversations"] = entry["selected_conversations"] or [channel]


def kept_values(blocks: list[Json], before: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """Values after a view was updated: those whose block id, action id and type are unchanged survive, choices only
    as far as the menu still offers them."""
    values = initial_state(blocks)
    for placed in fillable(blocks):
        state = values[placed.block_id][placed.action_id]
        old = before.get(placed.block_id, {}).get(placed.action_id)
        if old is not None and old["type"] == state["type"]:
            values[placed.block_id][placed.action_id] = _still_offered(placed.element, old)
    return values


def _still_offered(element: Json, entry: Json) -> Json:
    if element["type"] not in CHOSEN:
        return entry
    offered = {option["value"]: option for option in options_of(element)}
    if "selected_options" in entry:
        kept = [offered[one["value"]] for one in entry["selected_options"] or [] if one["value"] in offered]
        return entry | {"selected_options": kept}
    chosen = entry.get("selected_option") or {}
    return entry | {"selected_option": offered.get(chosen.get("value"))}


OPTION_NAMES: tuple[Callable[[Json], str], ...] = (
    lambda option: str(option.get("value")),
    lambda option: str(option["text"]["text"]),
    lambda option: re.split(r"\W", option["text"]["text"])[0],
)
"""What a person may call an option, the surest name first."""


def _option_value(element: Json, given: Any) -> str:
    wanted = str(given.get("value")) if isinstance(given, dict) else str(given)
    options: list[Json] = list(options_of(element))
    for name_of in OPTION_NAMES:
        for option in options:
            if name_of(option) == wanted:
                return str(option["value"])
    shown = ", ".join(option["text"]["text"] for option in options)
    raise ControlError(f"There is no option “{wanted}”; there are: {shown}.")


def state_from(element: Json, given: Any) -> Json:
    """The entry in `state.values` after a person entered `given`: text or number, an option's value or text, ids;
    None clears. A complete state as Slack writes it is taken too."""
    if isinstance(given, dict) and given.get("type") == element["type"]:
        given = next((value for name, value in given.items() if name not in ("type", "timezone")), None)
    if element["type"] in CHOSEN and given not in (None, "", []):
        several = isinstance(given, list)
        given = [_option_value(element, one) for one in given] if several else _option_value(element, given)
    try:
        return read_input(element, given)
    except ValueError as error:
        raise ControlError(str(error)) from error


def action_entry(placed: Placed, state: Json | None, ts: str) -> Json:
    """One entry of `actions` in a block_actions payload."""
    element = placed.element
    entry: Json = {"type": element["type"], "block_id": placed.block_id, "action_id": placed.action_id}
    shown = ("text", "value", "style", "url", "icon") if state is None else ("placeholder",)
    if state is not None:
        entry |= state
        entry |= {name: value for name, value in element.items() if name.startswith("initial_")}
    entry |= {name: element[name] for name in (*shown, "confirm") if name in element}
    return entry | {"action_ts": ts}
