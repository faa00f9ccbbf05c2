"""What the block templates need beyond the block itself: text as HTML, what stands in an input now, its choices.

The markup lives in `templates/blocks.html`; a `Surface` says where the blocks are shown, so that a click can be told to
the workspace with the right container.
"""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup, escape

from bot.sandbox.page import charts, emoji, mrkdwn
from bot.sandbox.page.markdown import markdown
from bot.sandbox.page.rich_text import labels, rich_text
from bot.sandbox.page.viewer import Viewer

Json = dict[str, Any]

PLACEHOLDERS = {
    "static_select": "Choose an option",
    "external_select": "Type to search",
    "users_select": "Choose a person",
    "conversations_select": "Choose a conversation",
    "channels_select": "Choose a channel",
}

_INITIAL_FIELDS = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_channel": "selected_channel",
    "initial_channels": "selected_channels",
    "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
}

ICON_EMOJI = {
    "bell": "bell", "bookmark": "bookmark", "bot": "robot_face", "bug": "bug", "calendar": "calendar",
    "check": "heavy_check_mark", "clipboard": "clipboard", "comment": "speech_balloon", "compass": "compass",
    "edit": "pencil2", "email": "email", "flag": "triangular_flag_on_post", "gear": "gear", "heart": "heart",
    "info": "information_source", "key": "key", "lightbulb": "bulb", "link": "link", "pin": "pushpin",
    "rocket": "rocket", "sparkle": "sparkles", "star": "star", "star-filled": "star", "thumbs-down": "-1",
    "thumbs-up": "+1", "user": "bust_in_silhouette", "warning": "warning",
}  # fmt: skip


@dataclass(frozen=True)
class Surface:
    """Where blocks are shown: `kind` is message, ephemeral, modal or home; `values` is what stands in its inputs."""

    kind: str
    id: str
    values: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def heading(self) -> int:
        """The level of headings here: one below the heading of the channel or the modal."""
        return 3 if self.kind == "modal" else 2

    def dom_id(self, block: Json, element: Json, part: str = "") -> str:
        """An id for a label to point at; unique on the page."""
        pieces = (self.kind, self.id, str(block.get("block_id", "")), str(element.get("action_id", "")), part)
        return "x-" + "-".join("".join(c if c.isalnum() else "_" for c in piece) for piece in pieces if piece)

    def current(self, block: Json, element: Json) -> Json:
        """The element's state: what was entered, else its initial value under the name the state uses."""
        entered = self.values.get(str(block.get("block_id")), {}).get(str(element.get("action_id")))
        if entered is not None:
            return entered
        return {state: element[initial] for initial, state in _INITIAL_FIELDS.items() if initial in element}


@dataclass(frozen=True)
class Choice:
    """One entry of a list of choices; `group` is the heading it stands under."""

    value: str
    label: Markup
    description: Markup
    chosen: bool
    group: str = ""
    search: str = ""
    raw: Json = field(default_factory=dict)


class Show:
    """Renders the pieces of text in blocks for one viewer. Templates get it as `show`."""

    def __init__(
        self,
        viewer: Viewer,
        people: list[tuple[str, str]],
        channels: Callable[[], list[tuple[str, str]]],
        *,
        searched: bool = False,
        conversations: Callable[[Json, set[str]], list[tuple[str, str]]] | None = None,
        picture: Callable[[object], str] = lambda reference: "",
    ) -> None:
        """`people` and `channels()` are (id, name), as is what `conversations(filter, ids chosen)` offers; `picture`
        answers where a `slack_file` object's picture is; `searched`: there are too many people to list, so they are
        looked up while somebody types, `people` is empty."""
        self.viewer = viewer
        self._people = people
        self._channels = channels
        self._conversations = conversations
        self._searched = searched
        self._picture = picture

    def text(self, thing: Any) -> Markup:
        """A text object (mrkdwn or plain), or a bare string as plain text."""
        if isinstance(thing, str):
            return mrkdwn.with_emoji(thing)
        if not isinstance(thing, dict):
            return Markup("")
        body = str(thing.get("text", ""))
        if thing.get("type") == "mrkdwn":
            return mrkdwn.mrkdwn(body, self.viewer)
        plain = mrkdwn.with_emoji(body) if thing.get("emoji", True) else escape(body)
        return Markup(str(plain).replace("\n", "<br>"))

    def plain(self, thing: Any) -> str:
        """A text object as bare characters, for attributes and `<option>`; the template escapes it."""
        body = str(thing.get("text", "")) if isinstance(thing, dict) else str(thing or "")
        return Markup(self.text({"type": "plain_text", "text": body})).striptags() if ":" in body else body

    def mrkdwn(self, text: str) -> Markup:
        return mrkdwn.mrkdwn(text, self.viewer)

    def markdown(self, text: str) -> Markup:
        return markdown(text, self.viewer)

    def rich_text(self, block: Json) -> Markup:
        return rich_text(block, self.viewer)

    def chart(self, block: Json) -> Markup:
        return charts.chart(block)

    def url(self, address: Any) -> str:
        """An address a reader may follow or load; empty where it is not one."""
        return mrkdwn.safe_url(address) or ""

    def picture(self, image: Json) -> str:
        """Where an image block's or element's picture is loaded from; empty where it is nowhere."""
        return self._picture(image["slack_file"]) if image.get("slack_file") else self.url(image.get("image_url"))

    def icon(self, slack_icon: Json) -> str:
        """A character for a card's named icon."""
        return emoji.character(ICON_EMOJI.get(str(slack_icon.get("name")), "dart")) or "🎯"

    def cell(self, cell: Any) -> Markup:
        """A table cell: raw text, raw number or rich text."""
        if not isinstance(cell, dict):
            return escape(str(cell))
        if cell.get("type") == "rich_text":
            return rich_text(cell, self.viewer)
        return escape(str(cell.get("text", cell.get("value", cell.get("number", "")))))

    def choices(self, element: Json, current: Json) -> list[Choice]:
        """What can be chosen in a select, radio, checkbox or overflow element, in order."""
        kind = str(element.get("type", "")).removeprefix("multi_")
        if kind in ("users_select", "channels_select", "conversations_select"):
            return self._places(element, kind, _selected(current))
        chosen = _selected(current)
        grouped = [(group.get("label"), group.get("options", [])) for group in element.get("option_groups") or []]
        return [
            self._choice(option, chosen, self.plain(label))
            for label, options in [("", element.get("options") or []), *grouped]
            for option in options
        ]

    def offer(self, element: Json) -> str:
        """A short name for the choices the element brings along; empty where it brings none."""
        brought = {name: element[name] for name in ("options", "option_groups") if element.get(name)}
        return f"{zlib.crc32(self.as_json(brought).encode()):x}" if brought else ""

    def searches(self, element: Json) -> str:
        """What the select looks up while somebody types (`people`, `places`); empty where its list is complete."""
        kind = str(element.get("type", "")).removeprefix("multi_")
        return {"users_select": "people", "conversations_select": "places"}.get(kind, "") if self._searched else ""

    def chosen(self, element: Json, current: Json) -> list[Choice]:
        """Only what is chosen now; an external select knows nothing else."""
        if "external_select" not in str(element.get("type")):
            return [choice for choice in self.choices(element, current) if choice.chosen]
        options = current.get("selected_options") or [current.get("selected_option")]
        return [self._choice(option, {str(option.get("value"))}, "") for option in options if option]

    def local_input(self, stamp: Any) -> str:
        """A Unix time as the value of a `datetime-local` input in the viewer's zone."""
        return f"{self.viewer.local(float(stamp)):%Y-%m-%dT%H:%M}" if stamp else ""

    def rich_labels(self, block: Any) -> list[str]:
        """What a reader sees of each leaf of a rich text block that is neither text nor link, in order."""
        return labels(block, self.viewer) if isinstance(block, dict) else []

    def groups(self) -> list[dict[str, str]]:
        """The user groups somebody may mention."""
        return [{"id": id_, "handle": handle} for id_, handle in self.viewer.groups.items()]

    def as_json(self, thing: Any) -> str:
        """For a data attribute; the template escapes it."""
        return json.dumps(thing, ensure_ascii=False)

    def _choice(self, option: Json, chosen: set[str], group: str) -> Choice:
        value = str(option.get("value", ""))
        label = self.text(option.get("text"))
        search = f"{label.striptags()} {group}".lower()
        return Choice(value, label, self.text(option.get("description")), value in chosen, group, search, option)

    def _places(self, element: Json, kind: str, chosen: set[str]) -> list[Choice]:
        if kind == "conversations_select" and self._conversations:
            offered = self._conversations(element.get("filter") or {}, chosen)
            return [Choice(id_, escape(name), Markup(""), id_ in chosen, "", name.lower()) for id_, name in offered]
        people = [(id_, name, "") for id_, name in self._people] if kind != "channels_select" else []
        if self._searched and kind != "channels_select":
            people = [(id_, self.viewer.people[id_], "") for id_ in sorted(chosen) if id_ in self.viewer.people]
        channels = [(id_, f"#{name}", "") for id_, name in self._channels()] if kind != "users_select" else []
        return [
            Choice(id_, escape(name), Markup(""), id_ in chosen, group, name.lower())
            for id_, name, group in [*channels, *people]
        ]


def _selected(current: Json) -> set[str]:
    """The ids or option values that are chosen, whatever kind of element holds them."""
    found: set[str] = set()
    for key, value in current.items():
        if key.startswith("selected_") and value:
            for item in value if isinstance(value, list) else [value]:
                found.add(str(item.get("value") if isinstance(item, dict) else item))
    return found


def moment(ts: str) -> datetime:
    """When a message was written, from its `ts`."""
    return datetime.fromtimestamp(float(ts), UTC)
