"""chat.*: posting, editing and deleting messages."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox import messages, rules
from bot.sandbox.api.registry import Call, method
from bot.sandbox.entities import Channel, Json, Message
from bot.sandbox.errors import Refused
from bot.sandbox.rules import LONGEST_TEXT
from bot.sandbox.sandbox import Sandbox

LONGEST_MARKDOWN = 12_000
LONGEST_SINGLE_TEXT = 4_040
PIECE = 4_000
LONGEST_UPDATE = 4_000

TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")


def target(call: Call) -> Channel:
    """The conversation `channel` means: an id, a person's id (their DM with the bot) or a channel's name."""
    workspace = call.sandbox.workspace
    given = call.text("channel")
    if given in workspace.people:
        person = workspace.people[given]
        if person.is_bot:
            raise Refused("cannot_dm_bot")
        if person.deleted:
            raise Refused("user_disabled")
        return workspace.dm(given)
    named = next((one for one in workspace.channels.values() if one.name and one.name == given.lstrip("#")), None)
    found = named or workspace.channels.get(given)
    if found is None or (found.kind != "channel" and not workspace.bot_is_in(found)):
        raise Refused("channel_not_found")
    if found.is_im and workspace.people[found.im_user].deleted:
        raise Refused("channel_not_found")
    return found


def _may_post(call: Call, channel: Channel) -> None:
    workspace, granted = call.sandbox.workspace, call.sandbox.manifest.scopes
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.is_im and not call.sandbox.manifest.messages_tab:
        raise Refused("messages_tab_disabled")
    if workspace.bot_is_in(channel):
        return
    if channel.kind != "channel" or (granted is not None and "chat:write.public" not in granted):
        raise Refused("not_in_channel")


def content_of(call: Call) -> dict[str, Any]:
    """`text`, `blocks` and `attachments` as they will be kept; absent ones are left out. Refuses what Slack refuses."""
    text = call.text("text")
    if isinstance(call.arguments.get("text"), dict | list):
        raise Refused("invalid_arguments", messages=["must provide a string [json-pointer:/text]"])
    if call.text("markdown_text"):
        if text or call.arguments.get("blocks"):
            raise Refused("markdown_text_conflict")
        text = call.text("markdown_text")
        if len(text) > LONGEST_MARKDOWN:
            raise Refused("msg_too_long")
    blocks = call.structure("blocks", error="invalid_blocks_format")
    attachments = call.structure("attachments", error="invalid_attachments")
    given = {"text": text, "blocks": blocks, "attachments": attachments}
    rules.refuse_bad_message(call.sandbox, {name: value for name, value in given.items() if value not in (None, "")})
    content: dict[str, Any] = {}
    if text or "text" in call.arguments:
        content["text"] = text[:LONGEST_TEXT]
    if blocks is not None:
        content["blocks"] = rules.kept_blocks(call.sandbox, blocks)
    if attachments is not None:
        content["attachments"] = rules.kept_attachments(call.sandbox, attachments)
    return content


def metadata_of(call: Call) -> Json | None:
    """The message's metadata; None if absent. Refuses `invalid_metadata_format` and `metadata_too_large`."""
    metadata = call.structure("metadata", error="invalid_metadata_format")
    if metadata is None:
        return None
    rules.refuse_bad_message(call.sandbox, {"metadata": metadata})
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def _thread_asked_for(call: Call) -> str | None:
    """`thread_ts` as it was given; refuses `invalid_thread_ts` if it is no ts at all."""
    given = call.text("thread_ts")
    if given and not TS.fullmatch(given):
        raise Refused("invalid_thread_ts", messages=[f"{given} is not a valid thread_ts"])
    return given or None


def _thread(call: Call, channel: Channel) -> str | None:
    thread_ts = _thread_asked_for(call)
    if not thread_ts:
        return None
    timeline = call.sandbox.workspace.timeline(channel.id)
    parent = timeline.by_ts.get(thread_ts)
    if (parent is None and thread_ts not in timeline.threads) or (parent is not None and parent.is_reply):
        raise Refused("cannot_reply_to_message")
    return thread_ts


@method("chat.postMessage", scopes=("chat:write",), required=("channel",))
def post_message(call: Call) -> Json:
    """Post a message; answers the channel it landed in (the D id for a person's id), ts and message."""
    channel = target(call)
    _may_post(call, channel)
    content = content_of(call)
    if not rules.says_something(content):
        raise Refused("no_text")
    metadata = metadata_of(call)
    thread_ts = _thread(call, channel)
    wait = call.sandbox.limits.check_post(channel.id)
    if wait:
        raise Refused("ratelimited", retry_after=wait)
    posted = [
        messages.post(
            call.sandbox,
            bot_message(
                call.sandbox,
                channel,
                piece,
                metadata=metadata,
                thread_ts=thread_ts,
                reply_broadcast=bool(thread_ts) and call.flag("reply_broadcast"),
            ),
        )
        for piece in _pieces(content, split=call.sandbox.split_long_texts)
    ]
    first = posted[0]
    answer: Json = {
        "channel": channel.id,
        "ts": first.ts,
        "message": call.sandbox.workspace.as_slack(first, with_metadata=True),
    }
    if len(call.text("text")) > LONGEST_TEXT:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


def _pieces(content: dict[str, Any], *, split: bool) -> list[dict[str, Any]]:
    """Slack splits a long text without blocks into several messages (measured by a third party, not documented)."""
    text = content.get("text", "")
    if not split or content.get("blocks") or content.get("attachments") or len(text) <= LONGEST_SINGLE_TEXT:
        return [content]
    return [{"text": text[start : start + PIECE]} for start in range(0, len(text), PIECE)]


def bot_message(sandbox: Sandbox, channel: Channel, content: dict[str, Any], **more: Any) -> Message:
    """A message of the app, not yet posted."""
    return Message(
        channel=channel.id,
        ts=sandbox.workspace.next_ts(),
        user=sandbox.team.bot_user,
        text=content.get("text", ""),
        from_bot=True,
        blocks=content.get("blocks") or [],
        attachments=content.get("attachments") or [],
        **more,
    )


@method("chat.postEphemeral", scopes=("chat:write",), required=("channel", "user"), tier=4)
def post_ephemeral(call: Call) -> Json:
    """Show a message to one member of a channel."""
    channel = target(call)
    _may_post(call, channel)
    if call.text("user") not in channel.members:
        raise Refused("user_not_in_channel")
    if len(call.text("text")) > LONGEST_TEXT:
        raise Refused("msg_too_long")
    content = content_of(call)
    if not rules.says_something(content):
        raise Refused("no_text")
    note = bot_message(call.sandbox, channel, content, only_for=call.text("user"), thread_ts=_thread_asked_for(call))
    messages.post(call.sandbox, note)
    return {"message_ts": note.ts}


def _own_message(call: Call, channel: Channel, error: str) -> Message:
    message = call.sandbox.workspace.message(channel.id, call.text("ts"))
    if message.user != call.sandbox.team.bot_user:
        raise Refused(error)
    return message


@method("chat.update", scopes=("chat:write",), required=("channel", "ts"), tier=3)
def update(call: Call) -> Json:
    """Edit one of the app's own messages; parts that are not given stay."""
    channel = call.channel()
    message = _own_message(call, channel, "cant_update_message")
    if len(call.text("text")) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    changes = content_of(call)
    left = {part: changes.get(part, getattr(message, part)) for part in ("text", "blocks", "attachments")}
    if not changes or not rules.says_something(left):
        raise Refused("no_text")
    if "metadata" in call.arguments:
        changes["metadata"] = None if call.structure("metadata") == {} else metadata_of(call)
    messages.change(call.sandbox, message, changes, call.sandbox.workspace.bot)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": _as_updated(call, message),
    }


def _as_updated(call: Call, message: Message) -> Json:
    """The message as chat.update answers it: without its ts, thread, subtype and reactions, unlike everywhere else."""
    body = message.as_slack(call.sandbox.team, with_metadata=True)
    return {name: value for name, value in body.items() if name not in ("ts", "thread_ts", "reactions", "subtype")}


@method("chat.delete", scopes=("chat:write",), required=("channel", "ts"), tier=3)
def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    messages.delete(call.sandbox, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", required=("channel", "message_ts"), json_body=False)
def get_permalink(call: Call) -> Json:
    """The address of a message in the page."""
    channel = call.channel()
    message = call.sandbox.workspace.message(channel.id, call.text("message_ts"))
    address = f"{call.sandbox.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}
