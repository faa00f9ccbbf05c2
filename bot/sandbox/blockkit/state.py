"""What a person put into the fields of a surface: `state.values`, and what Slack's client refuses to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.blockkit.elements import options_of
from bot.sandbox.blockkit.formats import as_number, is_date, is_email, is_time, is_url
from bot.sandbox.blockkit.limits import LIMITS
from bot.sandbox.blockkit.normalise import every_block
from bot.sandbox.blockkit.payloads import elements_of
from bot.sandbox.blockkit.rich_text import RICH_TEXT, has_content
from bot.sandbox.blockkit.schema import check

Element = dict[str, Any]
Reader = Callable[[Element, object], object]

REQUIRED = "Please complete this required field."


@dataclass(frozen=True)
class Kind:
    """How one element type keeps its value: under which key, from which initial property, read by what."""

    key: str
    initial: str
    read: Reader
    several: bool = False
    stateful: bool = True


def initial_state(view_or_blocks: Mapping[str, Any] | list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """`state.values` of a normalised view or list of blocks that nobody has touched yet.

    Shape: {block_id: {action_id: {"type": ..., "value" or "selected_option" or ...}}}; every input and every element
    that holds a choice is there, with its initial value, else None (or an empty list where several may be chosen).
    """
    blocks = view_or_blocks if isinstance(view_or_blocks, list) else view_or_blocks["blocks"]
    values: dict[str, dict[str, Any]] = {}
    for block, element in _stateful_elements(blocks):
        values.setdefault(block["block_id"], {})[element["action_id"]] = _untouched(element)
    return values


def read_input(element: dict[str, Any], raw: object) -> dict[str, Any]:
    """The state entry after a person typed or chose `raw`; None and "" clear the field.

    `raw` is text for typed fields, an option's value for menus and radio buttons, a list of values where several may
    be chosen, an id for people and channels, YYYY-MM-DD, HH:MM or Unix seconds for pickers, the option itself for
    external menus, text or a `rich_text` block for rich text; one that holds nothing clears the field too. Raises
    ValueError, with a sentence, when that is nothing the element offers.
    """
    kind = _KINDS.get(element["type"])
    if kind is None:
        raise ValueError(f"Nothing can be entered or chosen here ({element['type']}).")
    empty = raw is None or raw == "" or raw == []
    entry = {"type": element["type"], kind.key: _empty(kind) if empty else kind.read(element, raw)}
    return _with_timezone(element, entry)


def check_input(block: dict[str, Any], entry: dict[str, Any]) -> str | None:
    """The sentence with which Slack's client holds a form back at this block; None when it lets it go.

    `entry` is the state entry of the block's element. Only `input` blocks are checked.
    """
    if block.get("type") != "input":
        return None
    element = block["element"]
    value = entry.get(_KINDS[element["type"]].key)
    unwritten = isinstance(value, dict) and element["type"] == "rich_text_input" and not has_content(value)
    if value is None or value == "" or value == [] or unwritten:
        return None if block.get("optional") else REQUIRED
    examine = _EXAMINERS.get(element["type"], _not_too_many)
    return examine(element, value)


def _stateful_elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Element]]:
    for block in every_block(blocks):
        for element, _ in elements_of(block):
            kind = _KINDS.get(str(element.get("type")))
            if kind is not None and kind.stateful:
                yield block, element


def _untouched(element: Element) -> dict[str, Any]:
    kind = _KINDS[element["type"]]
    initial = element.get(kind.initial)
    return _with_timezone(element, {"type": element["type"], kind.key: _empty(kind) if initial is None else initial})


def _with_timezone(element: Element, entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "timezone": element["timezone"]} if "timezone" in element else entry


def _empty(kind: Kind) -> object:
    return [] if kind.several else None


def _text(element: Element, raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise ValueError("Please enter text.")
    return str(raw)


def _option(element: Element, raw: object) -> dict[str, Any]:
    for option in options_of(element):
        if option["value"] == raw:
            return option
    raise ValueError(f"“{raw}” is not one of the choices.")


def _external_option(element: Element, raw: object) -> dict[str, Any]:
    if isinstance(raw, dict) and isinstance(raw.get("value"), str) and isinstance(raw.get("text"), dict):
        return raw
    known = [element.get("initial_option"), *(element.get("initial_options") or [])]
    for option in known:
        if option is not None and option["value"] == raw:
            return dict(option)
    raise ValueError(f"“{raw}” is not one of the choices.")


def _id(element: Element, raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError("Please choose from the list.")
    return raw


def _each(read: Reader) -> Reader:
    """Reads a list of choices, in the order given and each one once; a single choice counts as a list of one."""

    def several(element: Element, raw: object) -> object:
        chosen: list[object] = []
        for item in raw if isinstance(raw, list | tuple) else [raw]:
            value = read(element, item)
            if value not in chosen:
                chosen.append(value)
        return chosen

    return several


def _date(element: Element, raw: object) -> str:
    if not isinstance(raw, str) or not is_date(raw):
        raise ValueError(f"“{raw}” is not a date (YYYY-MM-DD).")
    return raw


def _time(element: Element, raw: object) -> str:
    if not isinstance(raw, str) or not is_time(raw):
        raise ValueError(f"“{raw}” is not a time (HH:MM).")
    return raw


def _moment(element: Element, raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.isascii() and raw.isdigit():
        return int(raw)
    raise ValueError(f"“{raw}” is not a moment (Unix seconds).")


def _rich_text(element: Element, raw: object) -> dict[str, Any] | None:
    if isinstance(raw, dict):
        found = check(RICH_TEXT, raw, "")
        if found:
            raise ValueError(f"This is no rich text Slack knows: {found[0].as_line()}.")
        return raw if has_content(raw) else None
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": _text(element, raw)}]}
    return {"type": "rich_text", "elements": [section]}


def _file(element: Element, raw: object) -> dict[str, Any]:
    if isinstance(raw, dict) and isinstance(raw.get("id"), str):
        return raw
    raise ValueError("Please choose a file.")


_TYPED = Kind("value", "initial_value", _text)

_KINDS: Mapping[str, Kind] = {
    "plain_text_input": _TYPED,
    "email_text_input": _TYPED,
    "url_text_input": _TYPED,
    "number_input": _TYPED,
    "rich_text_input": Kind("rich_text_value", "initial_value", _rich_text),
    "file_input": Kind("files", "", _each(_file), several=True),
    "checkboxes": Kind("selected_options", "initial_options", _each(_option), several=True),
    "radio_buttons": Kind("selected_option", "initial_option", _option),
    "datepicker": Kind("selected_date", "initial_date", _date),
    "timepicker": Kind("selected_time", "initial_time", _time),
    "datetimepicker": Kind("selected_date_time", "initial_date_time", _moment),
    "static_select": Kind("selected_option", "initial_option", _option),
    "external_select": Kind("selected_option", "initial_option", _external_option),
    "users_select": Kind("selected_user", "initial_user", _id),
    "conversations_select": Kind("selected_conversation", "initial_conversation", _id),
    "channels_select": Kind("selected_channel", "initial_channel", _id),
    "multi_static_select": Kind("selected_options", "initial_options", _each(_option), several=True),
    "multi_external_select": Kind("selected_options", "initial_options", _each(_external_option), several=True),
    "multi_users_select": Kind("selected_users", "initial_users", _each(_id), several=True),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", _each(_id), several=True),
    "multi_channels_select": Kind("selected_channels", "initial_channels", _each(_id), several=True),
    # Its entries act at once and are no part of the state.
    "overflow": Kind("selected_option", "", _option, stateful=False),
}


def _plain_text_fits(element: Element, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", LIMITS["plain_text_input.max_length.max"])
    if len(value) < least:
        return f"Please enter at least {least} characters (now {len(value)})."
    if len(value) > most:
        return f"Please enter at most {most} characters (now {len(value)})."
    return None


def _number_fits(element: Element, value: str) -> str | None:
    number = as_number(value)
    if number is None:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = (as_number(element.get(name, "")) for name in ("min_value", "max_value"))
    if least is not None and number < least:
        return f"Please enter a number of at least {element['min_value']}."
    if most is not None and number > most:
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _email_fits(element: Element, value: str) -> str | None:
    return None if is_email(value) else "Please enter a valid email address."


def _url_fits(element: Element, value: str) -> str | None:
    return None if is_url(value) else "Please enter a valid URL."


def _not_too_many(element: Element, value: object) -> str | None:
    most = element.get("max_selected_items", element.get("max_files"))
    if isinstance(value, list) and most is not None and len(value) > most:
        return f"Please choose at most {most}."
    return None


_EXAMINERS: Mapping[str, Callable[[Element, Any], str | None]] = {
    "plain_text_input": _plain_text_fits,
    "number_input": _number_fits,
    "email_text_input": _email_fits,
    "url_text_input": _url_fits,
}
