"""Messages and reactions, whoever makes them: keep, tell the pages, tell the app."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.entities import SLACKBOT, TOMBSTONE, Channel, Json, Message, Person
from bot.sandbox.errors import Refused
from bot.sandbox.sandbox import Sandbox

SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}

EMOJI_NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")

MOST_REACTIONS = 23
"""Different emoji by one person on one message."""

MOST_EMOJI = 50
"""Different emoji on one message."""


def post(sandbox: Sandbox, message: Message) -> Message:
    """Keep a new message and tell everybody who should know."""
    channel = sandbox.workspace.channels[message.channel]
    sandbox.workspace.keep_message(message)
    if message.only_for:
        sandbox.notices.send("message", audience={message.only_for}, ephemeral=True, **_where(message))
        return message
    sandbox.notices.send("message", audience=sandbox.audience(channel), ephemeral=False, **_where(message))
    body = sandbox.workspace.as_slack(message)
    sandbox.dispatch.event(
        SUBSCRIPTIONS[channel.kind],
        {**body, "channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind},
        channel=channel,
    )
    _tell_of_mention(sandbox, channel, body)
    return message


def _tell_of_mention(sandbox: Sandbox, channel: Channel, body: Json) -> None:
    bot = sandbox.team.bot_user
    if channel.is_im or body["user"] == bot or f"<@{bot}" not in body["text"]:
        return
    named = ("user", "ts", "client_msg_id", "text", "team", "thread_ts", "parent_user_id", "blocks", "files")
    event = {"type": "app_mention", **{name: body[name] for name in named if name in body}}
    sandbox.dispatch.event("app_mention", event | {"channel": channel.id, "event_ts": body["ts"]}, channel=channel)


def change(sandbox: Sandbox, message: Message, changes: dict[str, Any], editor: Person) -> Message:
    """Edit a message in place; `changes` are field values."""
    before = sandbox.workspace.as_slack(message)
    for name, value in changes.items():
        setattr(message, name, value)
    if not message.only_for:
        message.edited_ts = sandbox.workspace.next_ts()
        message.edited_by = editor.id
    sandbox.workspace.keep_message(message)
    after = sandbox.workspace.as_slack(message)
    _tell_of_change(sandbox, message, {"subtype": "message_changed", "message": after}, before)
    return message


def delete(sandbox: Sandbox, message: Message) -> None:
    """Delete a message. Replies below it stay, as in Slack, and a tombstone stands in its place until the last of them
    is deleted too."""
    workspace = sandbox.workspace
    before = workspace.as_slack(message)
    if workspace.replies(message.channel, message.ts) and not message.only_for:
        stone = Message(message.channel, message.ts, SLACKBOT, "This message was deleted.", subtype=TOMBSTONE)
        workspace.keep_message(stone)
        news = {"subtype": "message_changed", "message": workspace.as_slack(stone)}
        _tell_of_change(sandbox, stone, news, before)
        return
    workspace.remove_message(message)
    _tell_of_change(sandbox, message, {"subtype": "message_deleted", "deleted_ts": message.ts}, before)
    root = workspace.timeline(message.channel).by_ts.get(message.thread_ts or "") if message.is_reply else None
    if root is not None and root.is_deleted and not workspace.replies(root.channel, root.ts):
        delete(sandbox, root)


def _tell_of_change(sandbox: Sandbox, message: Message, news: Json, before: Json) -> None:
    channel = sandbox.workspace.channels[message.channel]
    audience = {message.only_for} if message.only_for else sandbox.audience(channel)
    sandbox.notices.send("message", audience=audience, ephemeral=bool(message.only_for), **_where(message))
    if message.only_for:
        return
    ts = sandbox.workspace.next_ts()
    event = {
        "type": "message",
        **news,
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }
    sandbox.dispatch.event(SUBSCRIPTIONS[channel.kind], event, channel=channel)


def _where(message: Message) -> Json:
    return {"channel": message.channel, "ts": message.ts, "thread_ts": message.thread_ts}


def react(sandbox: Sandbox, message: Message, name: str, person: Person) -> None:
    """Add a reaction; refuses `invalid_name`, `already_reacted`, `too_many_emoji` and `too_many_reactions`."""
    if sandbox.workspace.channels[message.channel].is_archived:
        raise Refused("is_archived")
    if not EMOJI_NAME.fullmatch(name):
        raise Refused("invalid_name")
    users = message.reactions.get(name, [])
    if person.id in users:
        raise Refused("already_reacted")
    if sum(person.id in others for others in message.reactions.values()) >= MOST_REACTIONS:
        raise Refused("too_many_reactions")
    if name not in message.reactions and len(message.reactions) >= MOST_EMOJI:
        raise Refused("too_many_emoji")
    message.reactions[name] = [*users, person.id]
    _tell_of_reaction(sandbox, "reaction_added", message, name, person)


def unreact(sandbox: Sandbox, message: Message, name: str, person: Person) -> None:
    """Take a reaction back; refuses `no_reaction`."""
    users = message.reactions.get(name, [])
    if person.id not in users:
        raise Refused("no_reaction")
    message.reactions[name] = [user for user in users if user != person.id]
    if not message.reactions[name]:
        del message.reactions[name]
    _tell_of_reaction(sandbox, "reaction_removed", message, name, person)


def _tell_of_reaction(sandbox: Sandbox, kind: str, message: Message, name: str, person: Person) -> None:
    channel: Channel = sandbox.workspace.channels[message.channel]
    sandbox.workspace.keep_message(message)
    sandbox.notices.send("reaction", audience=sandbox.audience(channel), **_where(message))
    event = {
        "type": kind,
        "user": person.id,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "item_user": message.user,
        "event_ts": sandbox.workspace.next_ts(),
    }
    sandbox.dispatch.event(kind, event, channel=channel)
