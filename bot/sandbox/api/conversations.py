"""conversations.*: channels, DMs and what was said in them."""

from __future__ import annotations

import bisect
import re

from bot.sandbox import direct_messages
from bot.sandbox.api.people import READ_SCOPES, conversation_kinds
from bot.sandbox.api.registry import Call, method, read_ts_cursor, write_cursor, write_ts_cursor
from bot.sandbox.entities import Channel, Json
from bot.sandbox.errors import Refused
from bot.sandbox.membership import join
from bot.sandbox.state import page_of

READ = tuple(READ_SCOPES.values())
HISTORY_SCOPES = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
HISTORY = tuple(HISTORY_SCOPES.values())

TS = re.compile(r"\d{1,12}(\.\d{1,6})?")


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.require_scope(READ_SCOPES[channel.kind])
    return channel


@method("conversations.open", scopes=("im:write", "mpim:write"), tier=3)
def conversations_open(call: Call) -> Json:
    """The DM with one person, or the group DM with up to eight, made if need be."""
    workspace = call.sandbox.workspace
    before = len(workspace.channels)
    if call.text("channel"):
        channel = call.channel()
        if channel.kind not in ("im", "mpim"):
            raise Refused("method_not_supported_for_channel_type")
    else:
        users = _users_to_talk_to(call)
        call.require_scope("im:write" if len(users) == 1 else "mpim:write")
        if call.flag("prevent_creation") and len(users) == 1 and not workspace.has_dm(users[0]):
            raise Refused("channel_not_found")
        bot = workspace.team.bot_user
        channel = direct_messages.between(workspace, [*users, bot], creator=bot)
    answer: Json = {} if len(workspace.channels) > before else {"no_op": True, "already_open": True}
    full = call.flag("return_im")
    return answer | {"channel": workspace.channel_as_slack(channel) if full else {"id": channel.id}}


def _users_to_talk_to(call: Call) -> list[str]:
    people, bot = call.sandbox.workspace.people, call.sandbox.team.bot_user
    users = list(dict.fromkeys(user.strip() for user in call.text("users").split(",") if user.strip()))
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 1:
        users = [user for user in users if user != bot]
    if not users:
        raise Refused("not_enough_users")
    if len(users) > direct_messages.MOST_OTHERS:
        raise Refused("too_many_users")
    for user in users:
        if user not in people:
            raise Refused("user_not_found")
        if people[user].deleted:
            raise Refused("user_disabled")
        if people[user].is_bot:
            raise Refused("cannot_dm_bot")
    return users


@method("conversations.info", scopes=READ, required=("channel",), tier=3, json_body=False)
def conversations_info(call: Call) -> Json:
    """One conversation."""
    channel = _readable(call)
    body = call.sandbox.workspace.channel_as_slack(channel, num_members=call.flag("include_num_members"))
    return {"channel": body | ({"locale": "en-US"} if call.flag("include_locale") else {})}


@method("conversations.list", scopes=READ, tier=2, json_body=False)
def conversations_list(call: Call) -> Json:
    """Conversations of the kinds in `types`, private ones only where the bot is a member."""
    workspace = call.sandbox.workspace
    kinds = conversation_kinds(call)
    offset, limit = call.page(100, 1000, refuse_more=True)
    fitting = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or workspace.bot_is_in(channel))
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    channels, following = page_of(fitting, offset, limit)
    return {
        "channels": [workspace.channel_as_slack(channel, num_members=True) for channel in channels],
        "response_metadata": {"next_cursor": write_cursor(following)},
    }


@method("conversations.members", scopes=READ, required=("channel",), tier=4, json_body=False)
def conversations_members(call: Call) -> Json:
    """The ids of a conversation's members."""
    channel = _readable(call)
    offset, limit = call.page(100, 1000)
    members, following = page_of(channel.members, offset, limit)
    return {"members": members, "response_metadata": {"next_cursor": write_cursor(following)}}


@method("conversations.join", scopes=("channels:join",), required=("channel",), tier=3)
def conversations_join(call: Call) -> Json:
    """The bot joins a public channel."""
    channel = call.channel()
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    answer: Json = {}
    if call.sandbox.workspace.bot_is_in(channel):
        answer = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    else:
        join(call.sandbox, channel, call.sandbox.workspace.bot)
    return {"channel": call.sandbox.workspace.channel_as_slack(channel), **answer}


def _history_bounds(call: Call) -> tuple[str, str, bool]:
    bounds = []
    for name, default in (("oldest", "0"), ("latest", "")):
        given = call.text(name, default)
        if given and not TS.fullmatch(given):
            raise Refused(f"invalid_ts_{name}")
        seconds, _, fraction = given.partition(".")
        bounds.append(f"{int(seconds):010d}.{fraction:0<6}" if given else "")
    return bounds[0], bounds[1], call.flag("inclusive")


def _between(timestamps: list[str], oldest: str, latest: str, inclusive: bool) -> list[str]:
    left, right = (bisect.bisect_left, bisect.bisect_right) if inclusive else (bisect.bisect_right, bisect.bisect_left)
    start = left(timestamps, oldest)
    end = right(timestamps, latest) if latest else len(timestamps)
    return timestamps[start:end]


@method("conversations.history", scopes=HISTORY, required=("channel",), tier=3)
def conversations_history(call: Call) -> Json:
    """Top-level messages, newest first."""
    channel = _readable_history(call)
    oldest, latest, inclusive = _history_bounds(call)
    workspace = call.sandbox.workspace
    timeline = workspace.timeline(channel.id)
    fitting = _between(timeline.roots, oldest, latest, inclusive)
    begin, limit = read_ts_cursor(call.text("cursor")), call.limit(100, 999)
    if begin is not None:
        fitting = fitting[: bisect.bisect_right(fitting, begin)]
    chosen, following = fitting[: -limit - 1 : -1], fitting[-limit - 1] if len(fitting) > limit else None
    with_metadata = call.flag("include_all_metadata")
    answer: Json = {
        "messages": [workspace.as_slack(timeline.by_ts[ts], with_metadata=with_metadata) for ts in chosen],
        "has_more": following is not None,
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if call.text("oldest"):
        answer["oldest"] = call.text("oldest")
    if following is not None:
        answer["response_metadata"] = {"next_cursor": write_ts_cursor(following)}
    return answer


@method("conversations.replies", scopes=HISTORY, required=("channel", "ts"), tier=3, json_body=False)
def conversations_replies(call: Call) -> Json:
    """A thread, parent first, then the replies from oldest to newest."""
    channel = _readable_history(call)
    workspace = call.sandbox.workspace
    timeline = workspace.timeline(channel.id)
    asked = timeline.by_ts.get(call.text("ts"))
    if asked is None and call.text("ts") not in timeline.threads:
        raise Refused("thread_not_found")
    root = (asked.thread_ts if asked and asked.is_reply else None) or call.text("ts")
    oldest, latest, inclusive = _history_bounds(call)
    fitting = _between(timeline.threads.get(root, []), oldest, latest, inclusive)
    begin, limit = read_ts_cursor(call.text("cursor")), call.limit(100, 1000)
    if begin is not None:
        fitting = fitting[bisect.bisect_left(fitting, begin) :]
    chosen, following = fitting[:limit], fitting[limit] if len(fitting) > limit else None
    parent = [root] if root in timeline.by_ts and begin is None else []
    with_metadata = call.flag("include_all_metadata")
    answer: Json = {
        "messages": [workspace.as_slack(timeline.by_ts[ts], with_metadata=with_metadata) for ts in parent + chosen],
        "has_more": following is not None,
    }
    if following is not None:
        answer["response_metadata"] = {"next_cursor": write_ts_cursor(following)}
    return answer


def _readable_history(call: Call) -> Channel:
    channel = call.channel()
    call.require_scope(HISTORY_SCOPES[channel.kind])
    if not call.sandbox.workspace.bot_is_in(channel):
        raise Refused("not_in_channel")
    return channel
