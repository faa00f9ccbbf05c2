"""Who is in a channel and who is in the workspace: joining, leaving, new and changed people."""

from __future__ import annotations

import zoneinfo
from typing import Any

from bot.sandbox import dnd
from bot.sandbox.entities import Channel, Json, Person
from bot.sandbox.errors import ControlError, SandboxError
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.seed import person_from
from bot.sandbox.state import new_id

KIND_LETTERS = {"channel": "C", "group": "G", "im": "D", "mpim": "G"}

CHANGEABLE = {
    "tz",
    "deleted",
    "name",
    "real_name",
    "display_name",
    "email",
    "title",
    "locale",
    "status_text",
    "status_emoji",
    "status_expiration",
    "is_admin",
    "is_owner",
    "is_restricted",
    "is_ultra_restricted",
    "is_stranger",
    "dnd_start",
    "dnd_end",
}


def join(sandbox: Sandbox, channel: Channel, person: Person, *, inviter: Person | None = None) -> None:
    """A person (or the bot) becomes a member; member_joined_channel goes to the app if the bot is a member too."""
    if person.id in channel.members:
        raise ControlError(f"{person.shown_name} is already in this channel.")
    channel.members.append(person.id)
    _tell(sandbox, "member_joined_channel", channel, person, {"inviter": inviter.id} if inviter else {})


def create_channel(sandbox: Sandbox, name: str, *, private: bool) -> Channel:
    """The bot makes a channel and is its first member; channel_created goes out for a public one."""
    bot, now = sandbox.team.bot_user, int(sandbox.clock.seconds())
    channel = Channel(new_id("C"), name, creator=bot, created=now, members=[bot], is_private=private)
    sandbox.workspace.keep_channel(channel)
    sandbox.notices.send("channel", channel=channel.id)
    if not private:
        described = {"id": channel.id, "name": name, "created": now, "creator": bot}
        event = {"type": "channel_created", "channel": described, "event_ts": sandbox.workspace.next_ts()}
        sandbox.dispatch.event("channel_created", event)
    return channel


def leave(sandbox: Sandbox, channel: Channel, person: Person) -> None:
    """A person (or the bot) leaves a channel."""
    if person.id not in channel.members:
        raise ControlError(f"{person.shown_name} is not in this channel.")
    _tell(sandbox, "member_left_channel", channel, person, {})
    channel.members.remove(person.id)
    sandbox.workspace.keep_channel(channel)


def _tell(sandbox: Sandbox, kind: str, channel: Channel, person: Person, more: Json) -> None:
    sandbox.workspace.keep_channel(channel)
    sandbox.notices.send("channel", channel=channel.id)
    event = {
        "type": kind,
        "user": person.id,
        "channel": channel.id,
        "channel_type": KIND_LETTERS[channel.kind],
        "team": sandbox.team.id,
        **more,
        "event_ts": sandbox.workspace.next_ts(),
    }
    sandbox.dispatch.event(kind, event, channel=channel)


def add_person(sandbox: Sandbox, written: dict[str, Any]) -> Person:
    """Somebody new, described as in the seed; joins the general channel unless a guest; team_join goes to the app."""
    workspace = sandbox.workspace
    try:
        person = person_from(written, workspace)
    except SandboxError as error:
        raise ControlError(str(error)) from error
    if any(person.name == other.name for other in workspace.people.values()):
        raise ControlError(f"There is already somebody with the handle {person.name}.")
    workspace.keep_person(person)
    event = {"type": "team_join", **_as_event(sandbox, person)}
    sandbox.dispatch.event("team_join", event)
    for channel in list(workspace.channels.values()):
        if channel.is_general and not (person.is_restricted or person.is_ultra_restricted or person.is_stranger):
            join(sandbox, channel, person)
    sandbox.notices.send("person", user=person.id)
    return person


def change_person(sandbox: Sandbox, person: Person, changes: dict[str, Any]) -> Person:
    """Change fields of a person; `status` is short for `status_text`. user_change goes to the app."""
    changes = {("status_text" if name == "status" else name): value for name, value in changes.items()}
    unknown = sorted(set(changes) - CHANGEABLE)
    if unknown:
        raise ControlError(f"A person has no {', '.join(unknown)}; there are {', '.join(sorted(CHANGEABLE))}.")
    if "tz" in changes:
        _check_zone(changes["tz"])
    if not all(dnd.is_time_of_day(str(changes.get(name) or "")) for name in ("dnd_start", "dnd_end")):
        raise ControlError("Do not disturb begins and ends at a time such as 22:00; empty for never.")
    for name, value in changes.items():
        setattr(person, name, value)
    person.updated = int(sandbox.clock.seconds())
    sandbox.workspace.keep_person(person)
    if {"dnd_start", "dnd_end"} & set(changes):
        status = dnd.status(person, sandbox.workspace.zone_of(person), sandbox.clock.now())
        event = {"type": "dnd_updated_user", "user": person.id, "dnd_status": status}
        sandbox.dispatch.event("dnd_updated_user", event | {"event_ts": sandbox.workspace.next_ts()})
    if set(changes) - {"dnd_start", "dnd_end"}:
        sandbox.dispatch.event("user_change", {"type": "user_change", **_as_event(sandbox, person)})
    sandbox.notices.send("person", user=person.id)
    return person


def _check_zone(name: str | None) -> None:
    try:
        zoneinfo.ZoneInfo(name or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ControlError(f"“{name}” is not an IANA time zone such as Europe/Berlin.") from error


def _as_event(sandbox: Sandbox, person: Person) -> Json:
    return {
        "user": person.as_slack(sandbox.team, sandbox.clock.now(), include_locale=True),
        "cache_ts": int(sandbox.clock.seconds()),
        "event_ts": sandbox.workspace.next_ts(),
    }
