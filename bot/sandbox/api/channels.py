"""conversations.create and conversations.invite: new channels, and people in them."""

from __future__ import annotations

import re

from bot.sandbox import membership
from bot.sandbox.api.registry import Call, method
from bot.sandbox.entities import Channel, Json, Person
from bot.sandbox.errors import Refused

LONGEST_NAME = 80
MOST_INVITED = 1000

CREATE_SCOPES = ("channels:manage", "groups:write", "im:write", "mpim:write")
INVITE_SCOPES = ("channels:manage", "channels:write.invites", "groups:write", "groups:write.invites", "im:write")


def _checked_name(call: Call) -> str:
    name = call.text("name").strip()
    if not name:
        raise Refused("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise Refused("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise Refused("invalid_name_punctuation")
    if name != name.lower() or re.search(r"[^\w-]", name):
        raise Refused("invalid_name_specials")
    if any(channel.name == name for channel in call.sandbox.workspace.channels.values()):
        raise Refused("name_taken")
    return name


@method("conversations.create", scopes=CREATE_SCOPES, tier=2)
def create(call: Call) -> Json:
    """A new channel with the bot as its first member."""
    private = call.flag("is_private")
    call.require_scope("groups:write" if private else "channels:manage")
    if call.text("team_id") not in ("", call.sandbox.team.id):
        raise Refused("team_not_found")
    channel = membership.create_channel(call.sandbox, _checked_name(call), private=private)
    return {"channel": call.sandbox.workspace.channel_as_slack(channel)}


@method("conversations.invite", scopes=INVITE_SCOPES, required=("channel",), tier=3)
def invite(call: Call) -> Json:
    """The bot brings people into a channel it is in; nobody comes unless all may, except with `force`."""
    channel = call.channel()
    if channel.kind in ("im", "mpim"):
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if not call.sandbox.workspace.bot_is_in(channel):
        raise Refused("not_in_channel")
    asked = list(dict.fromkeys(user.strip() for user in call.text("users").split(",") if user.strip()))
    if not asked:
        raise Refused("no_user")
    if len(asked) > MOST_INVITED:
        raise Refused("too_many_users")
    refusals = {user: code for user in asked if (code := _refusal(call, channel, user))}
    welcome = [call.sandbox.workspace.people[user] for user in asked if user not in refusals]
    if refusals and not (call.flag("force") and welcome):
        errors = [{"user": user, "ok": False, "error": code} for user, code in refusals.items()]
        raise Refused(next(iter(refusals.values())), errors=errors)
    for person in welcome:
        membership.join(call.sandbox, channel, person, inviter=call.sandbox.workspace.bot)
    return {"channel": call.sandbox.workspace.channel_as_slack(channel)}


def _refusal(call: Call, channel: Channel, user: str) -> str | None:
    workspace = call.sandbox.workspace
    if user == workspace.team.bot_user:
        return "cant_invite_self"
    person = workspace.people.get(user)
    if person is None:
        return "user_not_found"
    if person.id in channel.members:
        return "already_in_channel"
    if person.deleted:
        return "cant_invite"
    if person.is_stranger:
        return None if channel.is_ext_shared else "no_external_invite_permission"
    if person.is_ultra_restricted and _has_a_channel(call, person):
        return "ura_max_channels"
    return None


def _has_a_channel(call: Call, person: Person) -> bool:
    channels = call.sandbox.workspace.channels.values()
    return any(person.id in channel.members for channel in channels if channel.kind in ("channel", "group"))
