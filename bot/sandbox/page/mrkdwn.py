"""Slack's mrkdwn as safe HTML.

Everything is hostile until escaped: the text is taken apart into tokens, each part is escaped on its own, and only then
are tags put around it. Styles are matched from the outside in, so tags always nest.
"""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

from bot.sandbox.page import emoji
from bot.sandbox.page.dates import slack_date
from bot.sandbox.page.viewer import Viewer

_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]+\Z", re.IGNORECASE)
_TOKEN = re.compile(
    r"<(?P<control>[^<>\n]+)>"
    r"|`(?P<code>[^`\n]+)`"
    r"|:(?P<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):"
    r"|(?P<url>https?://[^\s<>|\ue000\ue001`]+[^\s<>|\ue000\ue001`.,;:!?)*_~'\"])"
)
_STYLE = re.compile(
    r"(?<![\w*])\*(?=\S)(?P<b>[^*\n]+?)(?<=\S)\*(?![\w*])"
    r"|(?<![\w_])_(?=\S)(?P<i>[^_\n]+?)(?<=\S)_(?![\w_])"
    r"|(?<![\w~])~(?=\S)(?P<s>[^~\n]+?)(?<=\S)~(?![\w~])"
)
_STYLE_TAGS = {"b": "strong", "i": "em", "s": "s"}
_QUOTE_LINE = re.compile(r"(?:&gt;|>)[ ]?(.*)\Z", re.DOTALL)
_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")


def unescape(text: str) -> str:
    """Slack's three entities back to characters; nothing else is an entity in Slack's text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def safe_url(url: object) -> str | None:
    """The address when it is of a kind a reader may follow (web, mail, telephone), else None."""
    text = url.strip() if isinstance(url, str) else ""
    return text if _SAFE_LINK.match(text) else None


def with_emoji(text: str) -> Markup:
    """Plain text made safe, its known `:short_names:` as characters."""

    def replace(match: re.Match[str]) -> str:
        return emoji_span(match.group(1)) if emoji.character(match.group(1)) else str(match.group(0))

    return Markup(re.sub(r":([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):", replace, str(escape(text))))


def emoji_span(name: str) -> Markup:
    """One emoji that a screen reader reads by its name; an unknown one stays `:name:`."""
    char = emoji.character(name)
    if char is None:
        return escape(f":{name}:")
    label = emoji.in_words(name)
    return Markup('<span class="emoji" role="img" aria-label="{}" title=":{}:">{}</span>').format(label, name, char)


def link(url: str, label: Markup) -> Markup:
    """A link where the address is safe, else the label with the address beside it as text."""
    address = safe_url(url)
    if address is None:
        return Markup('<span class="dead-link">{}</span>').format(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(address, label)


def user_mention(user: str, viewer: Viewer, fallback: str = "") -> Markup:
    name = viewer.people.get(user) or fallback or user
    own = " mention-me" if user and user == viewer.id else ""
    return Markup('<span class="mention{}" data-user="{}">@{}</span>').format(own, user, name)


def channel_mention(channel: str, viewer: Viewer, fallback: str = "") -> Markup:
    known = viewer.channels.get(channel)
    if known and viewer.link_base:
        return Markup('<a class="mention" href="{}/{}">#{}</a>').format(viewer.link_base, channel, known)
    return Markup('<span class="mention">#{}</span>').format(known or fallback or "private-channel")


def broadcast(range_: str) -> Markup:
    return Markup('<span class="mention mention-me">@{}</span>').format(range_)


def group_mention(group: str, viewer: Viewer, fallback: str = "") -> Markup:
    return Markup('<span class="mention">@{}</span>').format(
        viewer.groups.get(group) or fallback.removeprefix("@") or group
    )


def _control(body: str, viewer: Viewer) -> Markup:
    target, _, label = body.partition("|")
    label = unescape(label)
    if target.startswith("@"):
        return user_mention(target[1:], viewer, label)
    if target.startswith("#"):
        return channel_mention(target[1:], viewer, label)
    if target.startswith("!subteam^"):
        return group_mention(target.removeprefix("!subteam^"), viewer, label)
    if target.startswith("!date^"):
        return _date(target, label, viewer)
    if target in ("!here", "!channel", "!everyone"):
        return broadcast(target[1:])
    if target.startswith("!"):
        return escape(label or target)
    return link(unescape(target), with_emoji(label) if label else escape(unescape(target)))


def _date(target: str, fallback: str, viewer: Viewer) -> Markup:
    stamp, template, address = ([*target.split("^")[1:], "", "", ""])[:3]
    text = escape(slack_date(stamp, unescape(template), fallback, viewer))
    shown = Markup('<time title="{}">{}</time>').format(viewer.zone, text)
    return link(unescape(address), shown) if address else shown


def _styled(escaped: str) -> str:
    match = _STYLE.search(escaped)
    if match is None or match.lastgroup is None:
        return escaped
    tag = _STYLE_TAGS[match.lastgroup]
    inner = _styled(match.group(match.lastgroup))
    return f"{escaped[: match.start()]}<{tag}>{inner}</{tag}>{_styled(escaped[match.end() :])}"


_RENDER_TOKEN: dict[str, Callable[[str, Viewer], Markup]] = {
    "control": _control,
    "code": lambda text, viewer: Markup("<code>{}</code>").format(unescape(text)),
    "url": lambda text, viewer: link(unescape(text), escape(unescape(text))),
}


def inline(text: str, viewer: Viewer) -> Markup:
    """One run of mrkdwn without quotes or code blocks; line breaks become `<br>`."""
    kept: list[Markup] = []

    def keep(match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        if kind == "emoji":
            if emoji.character(match.group(kind)) is None:
                return match.group(0)
            kept.append(emoji_span(match.group(kind)))
        else:
            kept.append(_RENDER_TOKEN[kind](match.group(kind), viewer))
        return f"\ue000{len(kept) - 1}\ue001"

    clean = text.replace("\ue000", "").replace("\ue001", "")
    escaped = str(escape(unescape(_TOKEN.sub(keep, clean))))
    filled = _PLACEHOLDER.sub(lambda match: str(kept[int(match.group(1))]), _styled(escaped))
    return Markup(filled.replace("\n", "<br>"))


def _paragraphs(text: str, viewer: Viewer) -> Markup:
    parts: list[Markup] = []
    plain: list[str] = []
    quoted: list[str] = []

    def flush(lines: list[str], template: str) -> None:
        if lines and (any(line.strip() for line in lines) or template != "{}"):
            parts.append(Markup(template).format(inline("\n".join(lines), viewer)))
        lines.clear()

    lines = text.split("\n")
    for index, line in enumerate(lines):
        rest_is_quote = re.match(r"(?:&gt;|>){3}", line)
        if rest_is_quote:
            flush(plain, "{}")
            quoted += [line[rest_is_quote.end() :].removeprefix(" "), *lines[index + 1 :]]
            break
        quote = _QUOTE_LINE.match(line)
        if quote:
            flush(plain, "{}")
            quoted.append(quote.group(1))
        else:
            flush(quoted, "<blockquote>{}</blockquote>")
            plain.append(line)
    flush(quoted, "<blockquote>{}</blockquote>")
    flush(plain, "{}")
    return Markup("").join(parts)


def _code_block(text: str) -> Markup:
    def bare(match: re.Match[str]) -> str:
        target, _, label = match.group(1).partition("|")
        return label or target

    return Markup("<pre><code>{}</code></pre>").format(unescape(re.sub(r"<([^<>\n]+)>", bare, text)).strip("\n"))


def mrkdwn(text: str, viewer: Viewer) -> Markup:
    """Slack's mrkdwn as HTML that is safe whatever the text is."""
    pieces = re.split(r"```(.+?)```", text, flags=re.DOTALL)
    rendered = [
        _code_block(piece) if index % 2 else _paragraphs(piece.strip("\n") if len(pieces) > 1 else piece, viewer)
        for index, piece in enumerate(pieces)
    ]
    return Markup("").join(rendered)
