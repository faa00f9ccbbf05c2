"""`rich_text` blocks as safe HTML: sections, lists, quotes and preformatted text with their styled leaves."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from bot.sandbox.page import mrkdwn
from bot.sandbox.page.dates import slack_date
from bot.sandbox.page.viewer import Viewer

_STYLE_TAGS = {"bold": "strong", "italic": "em", "strike": "s", "code": "code", "underline": "u"}
_LIST_TAGS = {"ordered": "ol", "bullet": "ul"}


def _date_leaf(leaf: dict[str, Any], viewer: Viewer) -> Markup:
    text = slack_date(
        str(leaf.get("timestamp", "")), str(leaf.get("format", "")), str(leaf.get("fallback", "")), viewer
    )
    return Markup('<time title="{}">{}</time>').format(viewer.zone, text)


def _color_leaf(leaf: dict[str, Any], viewer: Viewer) -> Markup:
    return Markup("<code>{}</code>").format(leaf.get("value", ""))


_LEAVES: dict[str, Callable[[dict[str, Any], Viewer], Markup]] = {
    "text": lambda leaf, viewer: Markup(str(escape(leaf.get("text", ""))).replace("\n", "<br>")),
    "link": lambda leaf, viewer: mrkdwn.link(str(leaf.get("url", "")), escape(leaf.get("text") or leaf.get("url", ""))),
    "emoji": lambda leaf, viewer: mrkdwn.emoji_span(_emoji_name(leaf)),
    "user": lambda leaf, viewer: mrkdwn.user_mention(str(leaf.get("user_id", "")), viewer),
    "channel": lambda leaf, viewer: mrkdwn.channel_mention(str(leaf.get("channel_id", "")), viewer),
    "usergroup": lambda leaf, viewer: mrkdwn.group_mention(str(leaf.get("usergroup_id", "")), viewer),
    "broadcast": lambda leaf, viewer: mrkdwn.broadcast(str(leaf.get("range", ""))),
    "date": _date_leaf,
    "color": _color_leaf,
}


def _emoji_name(leaf: dict[str, Any]) -> str:
    tone = leaf.get("skin_tone")
    return f"{leaf.get('name', '')}::skin-tone-{tone}" if tone else str(leaf.get("name", ""))


def _leaf(leaf: dict[str, Any], viewer: Viewer) -> Markup:
    render = _LEAVES.get(str(leaf.get("type")))
    shown = render(leaf, viewer) if render else escape(leaf.get("text") or leaf.get("fallback") or "")
    style = leaf.get("style")
    for name, tag in _STYLE_TAGS.items():
        if isinstance(style, dict) and style.get(name):
            shown = Markup(f"<{tag}>{{}}</{tag}>").format(shown)
    return shown


def _leaves(element: dict[str, Any], viewer: Viewer) -> Markup:
    return Markup("").join(_leaf(leaf, viewer) for leaf in element.get("elements", []) if isinstance(leaf, dict))


def _list(element: dict[str, Any], viewer: Viewer) -> Markup:
    tag = _LIST_TAGS.get(str(element.get("style")), "ul")
    indent = min(max(int(element.get("indent") or 0), 0), 8)
    items = Markup("").join(Markup("<li>{}</li>").format(_leaves(item, viewer)) for item in element.get("elements", []))
    start = int(element.get("offset") or 0) + 1
    opening = Markup('<{} class="indent-{}"{}>').format(
        tag, indent, Markup(' start="{}"').format(start) if tag == "ol" and start > 1 else Markup("")
    )
    return opening + items + Markup(f"</{tag}>")


_PARTS: dict[str, Callable[[dict[str, Any], Viewer], Markup]] = {
    "rich_text_section": lambda element, viewer: Markup("<p>{}</p>").format(_leaves(element, viewer)),
    "rich_text_quote": lambda element, viewer: Markup("<blockquote>{}</blockquote>").format(_leaves(element, viewer)),
    "rich_text_preformatted": lambda element, viewer: Markup("<pre><code>{}</code></pre>").format(
        "".join(str(leaf.get("text") or leaf.get("url") or "") for leaf in element.get("elements", []))
    ),
    "rich_text_list": _list,
}


def rich_text(block: dict[str, Any], viewer: Viewer) -> Markup:
    """A whole rich text block; parts of an unknown kind are left out."""
    return Markup("").join(
        _PARTS[part["type"]](part, viewer) for part in block.get("elements", []) if part.get("type") in _PARTS
    )
