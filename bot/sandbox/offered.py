"""Which conversations a `conversations_select` offers a person: its `filter`, and what the person may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox import direct_messages
from bot.sandbox.entities import SLACKBOT, Channel, Person
from bot.sandbox.state import Workspace

KINDS: Mapping[str, str] = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
"""What `include` names, as the kinds of conversations."""


@dataclass(frozen=True)
class Offer:
    """One conversation of the list: a channel `#name`, or whom it is with; a person without a DM has their own id."""

    id: str
    name: str
    note: str = ""


def fits(workspace: Workspace, channel: Channel, wanted: Mapping[str, Any]) -> bool:
    """The filter lets the conversation through; an empty one lets all."""
    include = wanted.get("include")
    if include and channel.kind not in {KINDS.get(str(kind)) for kind in include}:
        return False
    if wanted.get("exclude_external_shared_channels") and channel.is_ext_shared:
        return False
    if wanted.get("exclude_bot_users") and channel.is_im:
        return not any(workspace.people[member].is_bot for member in channel.members)
    return True


def offers(workspace: Workspace, person: Person, wanted: Mapping[str, Any]) -> Iterator[Offer]:
    """Channels by name, then group DMs, DMs, and the people one could write to; archived channels are left out."""
    seen = [
        channel
        for channel in workspace.channels.values()
        if not channel.is_archived and workspace.can_see(person, channel) and fits(workspace, channel, wanted)
    ]
    seen.sort(key=lambda channel: (channel.is_im, channel.is_mpim, channel.name))
    yield from (offer_of(workspace, person, channel) for channel in seen)
    if "im" not in (wanted.get("include") or KINDS):
        return
    mine = (channel for channel in workspace.channels.values() if channel.is_im and person.id in channel.members)
    not_again = {SLACKBOT, person.id, *(member for channel in mine for member in channel.members)}
    may_meet = direct_messages.Acquaintance(workspace, person)
    for other in workspace.people.values():
        absent = other.is_bot or other.deleted or other.id in not_again
        if not absent and may_meet(other):
            yield Offer(other.id, other.real_name, other.title)


def offer_of(workspace: Workspace, person: Person, channel: Channel) -> Offer:
    """A conversation as its line in the list."""
    if channel.kind in ("channel", "group"):
        return Offer(channel.id, f"#{channel.name}", channel.purpose)
    others = [workspace.people[member] for member in channel.members if member != person.id]
    if channel.is_im:
        return Offer(channel.id, others[0].real_name, "App" if others[0].is_bot else others[0].title)
    return Offer(channel.id, ", ".join(other.shown_name or other.real_name for other in others))


def named(workspace: Workspace, person: Person, conversation: str) -> Offer | None:
    """What is chosen already, whatever the filter says; None where the person may not see it."""
    channel = workspace.channels.get(conversation)
    if channel is not None:
        return offer_of(workspace, person, channel) if workspace.can_see(person, channel) else None
    other = workspace.people.get(conversation)
    return Offer(other.id, other.real_name, other.title) if other else None
