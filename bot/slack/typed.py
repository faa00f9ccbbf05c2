"""What Slack sends in place of what people typed, read back: mentions, links, entities, quotation marks."""

import re

OPENING = '"“„«»”‟″'
CLOSING = '"”“»«‟″'
KEPT_SPACE = "\ue000"
"""Stands for a no-break space inside a number while words are told apart."""
SLACK_ESCAPE = re.compile(r"<(?P<target>(?:[@#!]|https?:|mailto:|tel:)[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
PERSON = re.compile(r"<@(?P<id>[UW][A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>")


def unquoted(text: str) -> str:
    """Without the quotation marks around it, if they are one pair around everything."""
    if len(text) > 1 and text[0] in OPENING and text[-1] in CLOSING:
        inner = text[1:-1]
        if not any(char in OPENING or char in CLOSING for char in inner):
            return inner.strip()
    return text


def as_typed(text: str) -> str:
    """Slack's escapes back to what the person saw: `<@U1|ann>` to `@ann`, `&amp;` to `&`."""
    readable = SLACK_ESCAPE.sub(_readable_escape, text.replace(KEPT_SPACE, "\u00a0"))
    return readable.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _readable_escape(match: re.Match[str]) -> str:
    target, label = match["target"], match["label"]
    if target[0] in "@#":
        return f"{target[0]}{label or target[1:]}"
    if target[0] == "!":
        return label or f"@{target[1:].partition('^')[0]}"
    return target.removeprefix("mailto:")


def shown(text: str) -> str:
    """What was typed as an answer quotes it: one line, in quotation marks, not too long."""
    typed = " ".join(as_typed(text).split())
    return f"“{typed if len(typed) <= 40 else typed[:39] + '…'}”"
