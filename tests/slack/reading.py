"""Reading messages and modals back: their texts, their lines, and what Slack would refuse."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from bot.sandbox.blockkit import validate_message, validate_view
from bot.slack import ids
from bot.slack.views import Message, View

Shown = Message | View

_CONTROL = re.compile(r"<[^<>]*>")
# The only markup of our own: a check-in's address, an instant, the channel of a team (its id is Slack's, nobody types
# it).
_LINK = re.compile(
    r"<https?://[^\s<>|]+\|See the check-in>|<#C0GROWTH>|<!date\^\d+\^\{date_short_pretty\}, \{time\}\|[^<>|]+>"
)
_PINGS = re.compile(r"<[@!#]|@(?:channel|here|everyone)\b", re.IGNORECASE)


def blocks_of(shown: Shown) -> list[dict[str, Any]]:
    """The blocks of a message or modal."""
    found: list[dict[str, Any]] = shown.blocks if isinstance(shown, Message) else shown["blocks"]
    return found


def text_objects(part: Any) -> Iterator[dict[str, Any]]:
    """Every text object, however deep."""
    if isinstance(part, dict):
        if part.get("type") in {"mrkdwn", "plain_text"} and isinstance(part.get("text"), str):
            yield part
        for value in part.values():
            yield from text_objects(value)
    elif isinstance(part, list):
        for value in part:
            yield from text_objects(value)


def mrkdwn_of(shown: Shown) -> list[str]:
    """Every text Slack would parse for pings and styles, the message's own text included."""
    found = [part["text"] for part in text_objects(blocks_of(shown)) if part["type"] == "mrkdwn"]
    return [*found, shown.text] if isinstance(shown, Message) else found


def read(shown: Shown) -> str:
    """What a reader sees of the blocks, as one text."""
    return "\n".join(part["text"] for part in text_objects(blocks_of(shown)))


def lines_shown(message: Message) -> list[str]:
    """The lines of all blocks as a reader counts them: entities as their character."""
    texts = [part["text"] for part in text_objects(message.blocks)]
    return [_unescaped(line) for text in texts for line in text.split("\n")]


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def elements(shown: Shown) -> list[dict[str, Any]]:
    """Every button, menu and input."""
    found: list[dict[str, Any]] = []
    for block in blocks_of(shown):
        found += [each for each in block.get("elements", []) if block["type"] == "actions"]
        found += [block[key] for key in ("element", "accessory") if key in block]
    return found


def labels(view: View) -> list[str]:
    """The labels of a modal's inputs, in order."""
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def buttons(shown: Shown) -> list[str]:
    """What the buttons say."""
    return [each["text"]["text"] for each in elements(shown) if each["type"] == "button"]


def element(shown: Shown, action_id: str) -> dict[str, Any]:
    """The control with that action_id."""
    return next(each for each in elements(shown) if each["action_id"] == action_id)


def problems_of(shown: Shown) -> list[str]:
    """Everything Slack, a screen reader or our own house rules would hold against it; empty when all is well."""
    if isinstance(shown, Message):
        found = [str(each) for each in validate_message({"text": shown.text, "blocks": shown.blocks})]
        found += [] if 0 < len(shown.text) <= 4000 and shown.text.strip() else ["a message needs a summary"]
    else:
        found = [str(each) for each in validate_view(shown)]
    return [*found, *_pings(shown), *_id_problems(shown), *_style_problems(shown)]


def _pings(shown: Shown) -> Iterator[str]:
    for text in mrkdwn_of(shown):
        rest = _LINK.sub("", text)
        if _PINGS.search(rest):
            yield f"a ping: {text!r}"
        if "<" in rest or ">" in _CONTROL.sub("", "\n".join(line.removeprefix(">") for line in rest.split("\n"))):
            yield f"an unescaped bracket: {text!r}"


def _id_problems(shown: Shown) -> Iterator[str]:
    block_ids = [block.get("block_id") for block in blocks_of(shown)]
    if None in block_ids or len(set(block_ids)) != len(block_ids):
        yield f"block ids missing or double: {block_ids}"
    action_ids = [each["action_id"] for each in elements(shown)]
    if len(set(action_ids)) != len(action_ids):
        yield f"an action_id is there twice: {action_ids}"
    inputs = {block["block_id"] for block in blocks_of(shown) if block["type"] == "input"}
    yield from (f"{each} is no name for ever" for each in action_ids if not _known(each, inputs))


def _known(action_id: str, inputs: set[str]) -> bool:
    """Whether a listener knows it: an input, a button, or one of several that do the same."""
    return action_id in inputs or re.sub(r"\.[1-9][0-9]*$", "", action_id) in ids.ACTIONS


def _style_problems(shown: Shown) -> Iterator[str]:
    controls = elements(shown)
    if sum(each.get("style") == "primary" for each in controls) > 1:
        yield "more than one primary button"
    for each in controls:
        label = each["text"]["text"] if each["type"] == "button" else ""
        if any(unicodedata.category(char) == "So" for char in label) or ":" in label:
            yield f"an emoji in a button: {label}"
