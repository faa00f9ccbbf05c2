"""What an app says through a command's ack or a response_url, and how it appears in the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox import messages, rules
from bot.sandbox.api.registry import TRUE
from bot.sandbox.entities import Channel, Json, Message, ResponseUrl
from bot.sandbox.errors import Refused
from bot.sandbox.sandbox import Sandbox


def answer_command(sandbox: Sandbox, payload: Any, user: str, channel: Channel) -> Message | None:
    """Show what a command's ack said: text or blocks, ephemeral unless `in_channel`; None if it said nothing."""
    if isinstance(payload, str):
        payload = {"text": payload}
    if not isinstance(payload, dict | None):
        raise Refused("invalid_payload")
    if not payload or not _has_content(payload):
        return None
    rules.refuse_bad_message(sandbox, _content(payload))
    return _show(sandbox, payload, ResponseUrl("", user, channel.id, 0, 0))


def use_response_url(sandbox: Sandbox, key: str, payload: Mapping[str, Any]) -> None:
    """One use of a response_url; refuses what Slack refuses, and a refused use is not counted."""
    url = sandbox.tickets.peek_url(key)
    original = _original(sandbox, url)
    if _is_true(payload.get("delete_original")) and not _has_content(payload):
        if original is None:  # a slash command left no message that could be deleted
            raise Refused("invalid_payload")
        sandbox.tickets.use_url(key)
        messages.delete(sandbox, original)
        return
    if not _has_content(payload):
        raise Refused("no_text")
    rules.refuse_bad_message(sandbox, _content(payload))
    sandbox.tickets.use_url(key)
    if _is_true(payload.get("replace_original")) and original is not None:
        content = _content(payload)
        changes = {
            "text": str(content.get("text") or "")[: rules.LONGEST_TEXT],
            "blocks": rules.kept_blocks(sandbox, content.get("blocks") or []),
            "attachments": rules.kept_attachments(sandbox, content.get("attachments") or []),
        }
        messages.change(sandbox, original, changes, sandbox.workspace.bot)
        return
    if _is_true(payload.get("delete_original")) and original is not None:
        messages.delete(sandbox, original)
    _show(sandbox, payload, replace(url, thread_ts=_thread(url, payload)))


def _thread(url: ResponseUrl, payload: Mapping[str, Any]) -> str | None:
    """A thread of one's own choice is taken only by a message for everybody that replaces nothing."""
    given = payload.get("thread_ts")
    chosen = payload.get("response_type") == "in_channel" and not _is_true(payload.get("replace_original"))
    return str(given) if given and chosen else url.thread_ts


def _original(sandbox: Sandbox, url: ResponseUrl) -> Message | None:
    if url.message_ts is None:
        return None
    if url.is_ephemeral:
        return sandbox.workspace.ephemerals.get(url.message_ts)
    kept = sandbox.workspace.timeline(url.channel).by_ts.get(url.message_ts)
    return None if kept is None or kept.is_deleted else kept


def _show(sandbox: Sandbox, payload: Mapping[str, Any], url: ResponseUrl) -> Message:
    content = _content(payload)
    in_channel = payload.get("response_type") == "in_channel"
    message = Message(
        channel=url.channel,
        ts=sandbox.workspace.next_ts(),
        user=sandbox.team.bot_user,
        text=str(content.get("text") or "")[: rules.LONGEST_TEXT],
        from_bot=True,
        blocks=rules.kept_blocks(sandbox, content.get("blocks") or []),
        attachments=rules.kept_attachments(sandbox, content.get("attachments") or []),
        thread_ts=url.thread_ts,
        only_for=None if in_channel else url.user,
    )
    return messages.post(sandbox, message)


def _content(payload: Mapping[str, Any]) -> Json:
    return {part: payload[part] for part in ("text", "blocks", "attachments") if payload.get(part)}


def _has_content(payload: Mapping[str, Any]) -> bool:
    """Something to show, or something that pretends to be and has to be refused."""
    content = _content(payload)
    return bool(content.keys() - {"text"}) or bool(str(content.get("text") or "").strip())


def _is_true(value: Any) -> bool:
    return value is True or str(value) in TRUE
