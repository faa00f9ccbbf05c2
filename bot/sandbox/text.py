"""What happens to the words a person types: escaping, mentions, and the rich_text block Slack adds."""

from __future__ import annotations

import re

from bot.sandbox.entities import Json, Person
from bot.sandbox.state import Workspace

TOKEN = re.compile(
    r"<(@[UW][A-Z0-9]+|#[CG][A-Z0-9]+|![a-z]+|https?://[^|>]+)(?:\|([^>]*))?>|:((?=[^:]*[a-z+-])[a-z0-9_+'-]+):"
)
NAME_BEGINS = re.compile(r"(?<![\w<@.])@(?=\S)")
CHANNEL_NAME = re.compile(r"(?<![\w<#&/])#([\w-]+)")
BROADCASTS = ("channel", "here", "everyone")


def as_sent(typed: str, workspace: Workspace, writer: Person) -> str:
    """The `text` of a person's message: &, <, > escaped, `@Ana Torres`, `@channel` and `#general` turned into mentions.

    A mention already written as `<@U123>` stays, since that is what the composer makes of a picked name. Only channels
    the writer can see become links.
    """
    return _with_channels(
        _mentions(_escaped(typed), workspace, "<@{id}>", broadcasts=True), workspace, writer, "<#{id}>"
    )


def as_command_text(typed: str, workspace: Workspace, writer: Person, *, should_escape: bool) -> str:
    """The `text` of a slash command: with should_escape names become `<@U123|name>` and `<#C123|name>`, else they stay
    as typed."""
    escaped = _escaped(typed)
    if not should_escape:
        return re.sub(
            r"<@([UW][A-Z0-9]+)>",
            lambda found: "@" + workspace.people[found[1]].name if found[1] in workspace.people else found[0],
            escaped,
        )
    picked = re.sub(
        r"<@([UW][A-Z0-9]+)>",
        lambda found: f"<@{found[1]}|{workspace.people[found[1]].name}>" if found[1] in workspace.people else found[0],
        escaped,
    )
    named = _mentions(picked, workspace, "<@{id}|{name}>", broadcasts=False)
    return _with_channels(named, workspace, writer, "<#{id}|{name}>")


def _escaped(typed: str) -> str:
    parts = re.split(r"(<@[UW][A-Z0-9]+(?:\|[^>]*)?>)", typed)
    return "".join(
        part if index % 2 else part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for index, part in enumerate(parts)
    )


def _mentions(text: str, workspace: Workspace, form: str, *, broadcasts: bool) -> str:
    if NAME_BEGINS.search(text):
        text = _with_names(text, workspace, form)
    if broadcasts:
        text = re.sub(rf"(?<!\w)@({'|'.join(BROADCASTS)})\b", r"<!\1>", text)
    return text


def _with_channels(text: str, workspace: Workspace, writer: Person, form: str) -> str:
    if "#" not in text:
        return text
    ids = {
        channel.name: channel.id
        for channel in workspace.channels.values()
        if channel.kind in ("channel", "group") and workspace.can_see(writer, channel)
    }

    def link(found: re.Match[str]) -> str:
        written = found[1]
        name = written if written.lower() in ids else written.rstrip("-_")
        channel = ids.get(name.lower())
        return form.format(id=channel, name=name.lower()) + written[len(name) :] if channel else found[0]

    return CHANNEL_NAME.sub(link, text)


def _with_names(text: str, workspace: Workspace, form: str) -> str:
    names, longest = workspace.names.known()
    parts, position = [], 0
    for found in NAME_BEGINS.finditer(text):
        begin = found.end()
        for end in range(min(len(text), begin + longest), begin, -1):
            person = names.get(text[begin:end].lower())
            if person and not re.match(r"\w", text[end : end + 1]) and begin > position:
                parts += [text[position : begin - 1], form.format(id=person.id, name=person.name)]
                position = end
                break
    return "".join([*parts, text[position:]])


def as_rich_text(text: str, block_id: str) -> Json:
    """The rich_text block Slack puts beside the text of a person's message."""
    leaves: list[Json] = []
    position = 0
    for found in TOKEN.finditer(text):
        leaves += _plain(text[position : found.start()])
        leaves.append(_leaf(found))
        position = found.end()
    leaves += _plain(text[position:])
    section = {"type": "rich_text_section", "elements": leaves}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _plain(text: str) -> list[Json]:
    unescaped = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [{"type": "text", "text": unescaped}] if text else []


def _leaf(found: re.Match[str]) -> Json:
    target, label, emoji = found.groups()
    if emoji:
        return {"type": "emoji", "name": emoji}
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": target} | ({"text": label} if label else {})
