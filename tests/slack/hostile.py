"""Turning any facts hostile: the same shape, every text a person can type replaced."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

FactsT = TypeVar("FactsT")

HOSTILE_TEXTS = {
    "pings and marks": '<!channel> *bold* <@U1> & "quotes" _it_ ~no~ `code` <!subteam^S1|x> <!here> @everyone <#C1>',
    "very long": "Grow & grow " * 900,
    "one long word": "W" * 10_000,
    "only brackets": "<>&" * 3_400,
    "right to left": "הגדלת ההכנסות <!channel> בשוק החדש",
    "turning marks": "\u202eevil\u2066 \u2069\u2069 text \u202d",
    "emoji": "👨‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽" * 200,
    "piled accents": "Z" + "\u0301" * 10_000,
    "many lines": "first\nsecond\r\n\n> quoted\n>>> more\n```code```\n" * 100,
    "controls": "a\x00b\x07c\x1b[31m\ud800d\ue000",
    "nothing": "",
    "blank": " \u00a0\u2003\u200b ",
    "a link": "<https://evil.example|click> https://ok.example/_a_*b* *https://x.example*",
    "a template": "{{ 7 * 7 }}{% raw %}",
}

# What Slack or we made, not people.
_KEPT = {
    "slack_id", "nonce", "lead", "champions_ids", "channel", "place", "owner_id", "contributor_ids", "delegate_id",
    "shown_id", "state", "version",
}  # fmt: skip


def hostile(facts: FactsT, text: str) -> FactsT:
    """The same facts with `text` wherever a person's text stands (zones and locales too, which Slack hands on)."""
    if not is_dataclass(facts) or isinstance(facts, type):
        return facts
    changes = {
        field.name: _replaced(getattr(facts, field.name), text) for field in fields(facts) if field.name not in _KEPT
    }
    return replace(facts, **changes)


def _replaced(value: Any, text: str) -> Any:
    if type(value) is str:
        return text
    if isinstance(value, tuple):
        return tuple(_replaced(each, text) for each in value)
    return hostile(value, text)
