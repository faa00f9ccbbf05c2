"""Every key the local Slack sends exists in Slack's published samples, with the same type.

The samples are a union of what was seen, so a key is never required. What differs on purpose stands in `SENT_BESIDES`.
"""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.api import METHODS
from tests.sandbox.conftest import EVENTS, SCOPES, Starter, manifest
from tests.sandbox.samples.driving import STEPS, Round
from tests.sandbox.samples.shapes import Shapes, add_object

Json = dict[str, Any]

FACTS: Json = json.loads((Path(__file__).parent / "samples" / "facts.json").read_text())

LIKE = {"block_suggestion": "block_actions", "shortcut": "message_action"}
"""Payloads that have no sample of their own, and the one they are held against."""

SENT_BESIDES: dict[str, str] = {
    "* state.values*": "the samples leave the state empty; its shape has tests of its own",
    "* view.state.values*": "the samples leave the state empty; its shape has tests of its own",
    "payloads * view.blocks*": "the samples of payloads write views without their blocks; those of views.* have them",
    "events app_home_opened view.blocks*": "as in payloads: written without blocks",
    "* message.metadata.event_payload.*": "the app's own keys",
    "answers * messages[[][]].metadata.event_payload.*": "the app's own keys",
    "answers chat.postMessage *warning*": "documented for texts over 40,000 characters (message_truncated)",
    "answers files.info response_metadata*": "documented; the sample is of a file without comments",
    "answers usergroups.list usergroups[[][]].auto_type z": "documented; the sample's groups have none",
    "answers conversations.info channel.is_[ou]*": "the sample is of a channel; conversations.list has it of a DM",
    "answers conversations.info channel.priority n": "the sample is of a channel; conversations.list has it of a DM",
    "answers conversations.info channel.user s": "the sample is of a channel; conversations.list has it of a DM",
    "answers conversations.replies messages[[][]].subtype s": "no reply of the sample went to the channel as well",
    "answers conversations.open channel.is_user_deleted b": "conversations.list has it of a DM",
    "events message *app_id s": "older than the key; the messages of conversations.history have it",
    "events message *reactions*": "seen without; the messages of conversations.history have them",
    "events message *reply_users*": "seen without; the messages of conversations.history have them",
    "payloads * message.reactions[[][]].users*": "seen without users; the messages of conversations.history have them",
    "events * event_ts s": "the Events API documents it for every event",
    "events team_join cache_ts n": "sent with user_change, whose event is built alike",
    "events * user.profile.status_emoji_display_info a": "older than the key; users.info has it",
    "parts header is unknown": "block newer than the samples",
    "parts email_text_input is unknown": "element newer than the samples",
    "parts number_input is unknown": "element newer than the samples",
    "parts url_text_input is unknown": "element newer than the samples",
    "payloads block_actions actions[[][]].selected_*": "the sample shows one choice; documented for several, and times",
    "payloads block_suggestion [abv]*[de] s": "no sample; held against block_actions, which lacks what is searched for",
    "payloads message_action user.username s": "in the payloads Bolt's own tests use",
    "payloads shortcut user.username s": "in the payloads Bolt's own tests use",
    "payloads slash_commands is_enterprise_install s": "a form has texts only",
    "payloads view_submission response_urls*": "documented for selects with response_url_enabled",
}
"""Where (`group name path type`, with wildcards) the local Slack differs from the samples, and why."""


MORE_EVENTS = (
    "app_mention",
    "app_uninstalled",
    "channel_created",
    "dnd_updated_user",
    "member_left_channel",
    "tokens_revoked",
)


@pytest.fixture
def gone_through(start_slack: Starter) -> Round:
    every_scope = {scope for method in METHODS.values() for scope in method.scopes} | {*SCOPES, "app_mentions:read"}
    events = (*EVENTS, *MORE_EVENTS)
    one = Round(start_slack(manifest=manifest(scopes=tuple(sorted(every_scope)), events=events), rate_limits=False))
    for step in STEPS:
        step(one)
    return one


def differences(one: Round) -> set[str]:
    found, parts = set(), Shapes()
    for method, answer in one.answers:
        if method in FACTS["answers"]:
            found |= _beyond(f"answers {method}", answer, FACTS["answers"][method], parts)
        elif method in METHODS:
            found.add(f"answers {method} has no sample")
    for kind, payload in one.app.received:
        name = payload.get("type", kind) if kind != "slash_commands" else kind
        event = payload.pop("event", None) if kind == "events_api" else None
        found |= _beyond(f"payloads {name}", payload, FACTS["payloads"][LIKE.get(name, name)], parts)
        if event is not None:
            found |= _beyond(f"events {event['type']}", event, FACTS["events"][event["type"]], parts)
    for name, keys in parts.items():
        known = FACTS["parts"].get(name)
        found |= {f"parts {name} is unknown"} if known is None else _unknown(f"parts {name}", keys, known)
    return found


def _beyond(where: str, value: Json, known: dict[str, str], parts: Shapes) -> set[str]:
    keys: dict[str, str] = {}
    add_object(keys, value, parts)
    return _unknown(where, keys, known)


def _unknown(where: str, keys: dict[str, str], known: dict[str, str]) -> set[str]:
    return {
        f"{where} {path} {kind}"
        for path, kinds in keys.items()
        for kind in kinds
        if kind not in known.get(path, "") and not (kind == "z" and path in known)  # the samples write no null
    }


def test_every_key_that_is_sent_exists_in_the_published_samples(gone_through: Round) -> None:
    found = differences(gone_through)
    unexplained = sorted(one for one in found if not any(fnmatch(one, known) for known in SENT_BESIDES))
    assert not unexplained, "\n".join(unexplained)
    assert {known for known in SENT_BESIDES if not any(fnmatch(one, known) for one in found)} == set()


def test_the_round_covers_every_method_and_event(gone_through: Round) -> None:
    succeeded = {method for method, answer in gone_through.answers if answer["ok"]}
    assert sorted(set(METHODS) - succeeded - {"blocks.validate"}) == []
    events = {payload["event"]["type"] for kind, payload in gone_through.app.received if kind == "events_api"}
    assert events >= {name.partition(".")[0] for name in (*EVENTS, *MORE_EVENTS)}
    asked = {payload.get("type", kind) for kind, payload in gone_through.app.received if kind != "events_api"}
    assert asked == {
        "block_actions", "block_suggestion", "message_action", "shortcut", "slash_commands", "view_closed",
        "view_submission",
    }  # fmt: skip
