"""Conversations of people without a channel: two have a direct message, up to nine a group DM.

Each is one conversation for exactly the same people. The app is told of it only as a member: what two people write to
each other is no business of the app's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from bot.sandbox.entities import SLACKBOT, Channel, Person
from bot.sandbox.errors import ControlError
from bot.sandbox.state import Workspace, new_id

MOST_OTHERS = 8
"""People in a group DM beside the one who begins it."""

LONGEST_NAME = 80


def find(workspace: Workspace, users: Sequence[str]) -> Channel | None:
    """The conversation of exactly these people, if there is one."""
    wanted = set(users)
    fitting = (channel for channel in workspace.channels.values() if channel.kind in ("im", "mpim"))
    return next((channel for channel in fitting if set(channel.members) == wanted), None)


def between(workspace: Workspace, users: Sequence[str], *, creator: str) -> Channel:
    """The conversation of exactly these people (ids, each once), made when first needed."""
    bot = workspace.team.bot_user
    if len(users) == 2 and bot in users:
        return workspace.dm(next(user for user in users if user != bot))
    found = find(workspace, users)
    if found is not None:
        return found
    is_group = len(users) > 2
    made = Channel(
        id=new_id("C" if is_group else "D"),
        name=f"mpdm-{'--'.join(workspace.people[user].name for user in users)}-1"[:LONGEST_NAME] if is_group else "",
        creator=creator,
        created=int(workspace.clock.seconds()),
        members=list(users),
        is_im=not is_group,
        im_user="" if is_group else next(user for user in users if user != creator),
        is_mpim=is_group,
    )
    workspace.keep_channel(made)
    return made


def start(workspace: Workspace, person: Person, others: Sequence[Person]) -> Channel:
    """The conversation a person asks for; refuses in a sentence where Slack offers none."""
    named = list({other.id: other for other in others if other.id != person.id}.values())
    if not named:
        raise ControlError("Choose at least one other person.")
    if len(named) > MOST_OTHERS:
        raise ControlError(f"A group DM has at most {MOST_OTHERS + 1} people; choose up to {MOST_OTHERS} others.")
    if [other.id for other in named] == [workspace.team.bot_user]:
        return workspace.dm(person.id)
    users = [person.id, *(other.id for other in named)]
    there = find(workspace, users)
    if there is not None:
        return there
    may_meet = Acquaintance(workspace, person)
    for other in named:
        _refuse(person, other, may_meet)
    return between(workspace, users, creator=person.id)


def _refuse(person: Person, other: Person, may_meet: Acquaintance) -> None:
    if other.is_bot or other.id == SLACKBOT:
        raise ControlError(f"{other.real_name} is an app; apps are not part of people's direct messages.")
    for one in (person, other):
        if one.deleted:
            raise ControlError(f"{one.shown_name} is deactivated.")
    if not may_meet(other):
        raise ControlError(f"{person.shown_name} and {other.shown_name} have no channel in common.")


class Acquaintance:
    """Whom a person may write to: members all members, but a guest or somebody of another company only those in a
    channel with them. Who that is is looked up once, and only where it matters: it may be ten thousand people."""

    def __init__(self, workspace: Workspace, person: Person) -> None:
        self._workspace = workspace
        self._person = person

    def __call__(self, other: Person) -> bool:
        """They may write to each other."""
        return (_is_member(self._person) and _is_member(other)) or other.id in self._mates

    @cached_property
    def _mates(self) -> set[str]:
        channels = [
            channel
            for channel in self._workspace.channels_of(self._person)
            if channel.kind in ("channel", "group") and not channel.is_archived
        ]
        return {member for channel in channels for member in channel.members}


def _is_member(person: Person) -> bool:
    return not (person.is_restricted or person.is_ultra_restricted or person.is_stranger)


def is_shown(workspace: Workspace, person: Person, channel: Channel) -> bool:
    """A conversation comes into the others' sidebars with its first message, as in Slack."""
    quiet = channel.kind in ("im", "mpim") and not workspace.timeline(channel.id).by_ts
    with_app = channel.is_im and workspace.bot_is_in(channel)
    return with_app or not quiet or channel.creator == person.id


def gone_partner(workspace: Workspace, person: Person, channel: Channel) -> Person | None:
    """Whom a direct message cannot reach any more, because their account is deactivated."""
    if not channel.is_im:
        return None
    others = (workspace.people[member] for member in channel.members if member != person.id)
    return next((other for other in others if other.deleted), None)
