"""`rich_text` blocks as safe HTML: sections, lists, quotes and preformatted text with their styled leaves."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from bot.sandbox.page import emoji, mrkdwn
from bot.sandbox.page.dates import slack_date
from bot.sandbox.page.viewer import Viewer

Json = dict[str, Any]

_STYLE_TAGS = {"code": "code", "strike": "s", "underline": "u", "italic": "em", "bold": "strong", "highlight": "mark"}
_LIST_TAGS = {"ordered": "ol", "bullet": "ul"}
_DEEPEST = 8


def _text_leaf(leaf: Json, viewer: Viewer) -> Markup:
    return Markup(str(escape(leaf.get("text", ""))).replace("\n", "<br>"))


def _link_leaf(leaf: Json, viewer: Viewer) -> Markup:
    return mrkdwn.link(str(leaf.get("url", "")), escape(leaf.get("text") or leaf.get("url", "")))


def _date_leaf(leaf: Json, viewer: Viewer) -> Markup:
    text = slack_date(
        str(leaf.get("timestamp", "")), str(leaf.get("format", "")), str(leaf.get("fallback", "")), viewer
    )
    shown = Markup('<time title="{}">{}</time>').format(viewer.zone, text)
    return mrkdwn.link(str(leaf["url"]), shown) if leaf.get("url") else shown


def _color_leaf(leaf: Json, viewer: Viewer) -> Markup:
    value = str(leaf.get("value", ""))
    swatch = Markup(
        '<svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" fill="{}"/></svg>'
    )
    return Markup("<code>{}</code>").format(value) + swatch.format(value)


def _emoji_leaf(leaf: Json, viewer: Viewer) -> Markup:
    name, tone = str(leaf.get("name", "")), leaf.get("skin_tone")
    known = emoji.character(name)
    if known is None:
        # Slack names the characters beside the name, so an emoji this workspace does not list is shown all the same.
        return _by_code(name, str(leaf.get("unicode", "")))
    return mrkdwn.emoji_span(f"{name}::skin-tone-{tone}" if tone else name)


def _by_code(name: str, code: str) -> Markup:
    try:
        char = "".join(chr(int(part, 16)) for part in code.split("-"))
    except (ValueError, OverflowError):
        char = ""
    if not char or not char.replace("\u200d", "").isprintable():
        return escape(f":{name}:")
    label = emoji.in_words(name)
    return Markup('<span class="emoji" role="img" aria-label="{}" title=":{}:">{}</span>').format(label, name, char)


def _team_leaf(leaf: Json, viewer: Viewer) -> Markup:
    return Markup('<span class="mention">@{}</span>').format(leaf.get("team_id", ""))


_LEAVES: dict[str, Callable[[Json, Viewer], Markup]] = {
    "text": _text_leaf,
    "link": _link_leaf,
    "emoji": _emoji_leaf,
    "user": lambda leaf, viewer: mrkdwn.user_mention(str(leaf.get("user_id", "")), viewer),
    "channel": lambda leaf, viewer: mrkdwn.channel_mention(str(leaf.get("channel_id", "")), viewer),
    "usergroup": lambda leaf, viewer: mrkdwn.group_mention(str(leaf.get("usergroup_id", "")), viewer),
    "broadcast": lambda leaf, viewer: mrkdwn.broadcast(str(leaf.get("range", ""))),
    "team": _team_leaf,
    "date": _date_leaf,
    "color": _color_leaf,
}


def _plain_leaf(leaf: Json, viewer: Viewer) -> Markup:
    render = _LEAVES.get(str(leaf.get("type")))
    return render(leaf, viewer) if render else escape(leaf.get("text") or leaf.get("fallback") or "")


def _leaf(leaf: Json, viewer: Viewer) -> Markup:
    shown, style = _plain_leaf(leaf, viewer), leaf.get("style")
    for name, tag in _STYLE_TAGS.items():
        if isinstance(style, dict) and style.get(name):
            shown = Markup(f"<{tag}>{{}}</{tag}>").format(shown)
    return shown


def _leaves(element: Json, viewer: Viewer) -> Markup:
    return Markup("").join(_leaf(leaf, viewer) for leaf in element.get("elements", []) if isinstance(leaf, dict))


def _indent(part: Json) -> int:
    return min(max(int(part.get("indent") or 0), 0), _DEEPEST)


def _border(part: Json) -> str:
    return " bordered" if part.get("border") else ""


def _lists(parts: list[Json], viewer: Viewer, inside: int = -1) -> Markup:
    """Lists that follow one another: a deeper one stands inside the last item of the one above it, and one that goes
    on with its numbers after such a list is the same list. `inside` is the depth of the list they stand in."""
    shown = Markup("")
    while parts:
        first, items, rest = parts[0], list[Markup](), parts
        start = int(first.get("offset") or 0)
        while rest and (not items or _goes_on(first, rest[0], start + len(items))):
            own = [Markup("{}").format(_leaves(item, viewer)) for item in rest[0].get("elements", [])]
            depth = 1
            while depth < len(rest) and _indent(rest[depth]) > _indent(first):
                depth += 1
            nested = _lists(rest[1:depth], viewer, _indent(first))
            items += [*own[:-1], (own[-1] if own else Markup("")) + nested]
            rest = rest[depth:]
        shown += _list(first, items, start, inside)
        parts = rest
    return shown


def _goes_on(first: Json, part: Json, count: int) -> bool:
    alike = all(first.get(name) == part.get(name) for name in ("style", "border")) and _indent(first) == _indent(part)
    return alike and (first.get("style") != "ordered" or int(part.get("offset") or 0) == count)


def _list(first: Json, items: list[Markup], start: int, inside: int) -> Markup:
    tag, level = _LIST_TAGS.get(str(first.get("style")), "ul"), _indent(first)
    counted = Markup(' start="{}"').format(start + 1) if tag == "ol" and start else Markup("")
    opening = Markup('<{} class="indent-{} level-{}{}"{}>').format(
        tag, max(level - inside - 1, 0), level, _border(first), counted
    )
    return opening + Markup("").join(Markup("<li>{}</li>").format(item) for item in items) + Markup(f"</{tag}>")


def _quote(element: Json, viewer: Viewer) -> Markup:
    return Markup('<blockquote class="quote{}">{}</blockquote>').format(_border(element), _leaves(element, viewer))


def _preformatted(element: Json, viewer: Viewer) -> Markup:
    # Line breaks stay characters here; a link can be followed, as in Slack.
    leaves = Markup("").join(
        _link_leaf(leaf, viewer) if leaf.get("type") == "link" else escape(leaf.get("text", ""))
        for leaf in element.get("elements", [])
    )
    language = Markup(' data-language="{}"').format(element["language"]) if element.get("language") else Markup("")
    return Markup('<pre class="code{}"{}><code>{}</code></pre>').format(_border(element), language, leaves)


_PARTS: dict[str, Callable[[Json, Viewer], Markup]] = {
    "rich_text_section": lambda element, viewer: Markup("<p>{}</p>").format(_leaves(element, viewer)),
    "rich_text_quote": _quote,
    "rich_text_preformatted": _preformatted,
}


def rich_text(block: Json, viewer: Viewer) -> Markup:
    """A whole rich text block; parts of an unknown kind are left out."""
    shown = Markup("")
    for are_lists, parts in groupby(block.get("elements", []), lambda part: part.get("type") == "rich_text_list"):
        if are_lists:
            shown += _lists(list(parts), viewer)
        else:
            shown += Markup("").join(_PARTS[part["type"]](part, viewer) for part in parts if part.get("type") in _PARTS)
    return shown


def _all_leaves(part: Json) -> Iterator[Json]:
    for inner in part.get("elements", []):
        if "elements" in inner:
            yield from _all_leaves(inner)
        else:
            yield inner


def labels(block: Json, viewer: Viewer) -> list[str]:
    """The words or character a reader sees for each leaf that is neither text nor link, in order."""
    return [
        Markup(_plain_leaf(leaf, viewer)).striptags()
        for leaf in _all_leaves(block)
        if leaf.get("type") not in ("text", "link")
    ]
