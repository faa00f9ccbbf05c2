"""What a person sees in each region of the page, as plain facts for the templates."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.sandbox import direct_messages, offered
from bot.sandbox.entities import Channel, Json, Message, Person
from bot.sandbox.manifest import Command, Shortcut
from bot.sandbox.page import emoji
from bot.sandbox.page.attached import Attached, attached, picture_address
from bot.sandbox.page.blocks import Show, Surface, moment
from bot.sandbox.page.dates import clock_time, day_heading
from bot.sandbox.page.directory import ChannelNames, PeopleNames, is_large, present_people
from bot.sandbox.page.faces import Face, face_of
from bot.sandbox.page.read_marks import ReadMarks
from bot.sandbox.page.viewer import Viewer
from bot.sandbox.state import Workspace

GROUPED_WITHIN_SECONDS = 300
NEWEST_SHOWN = 200


@dataclass(frozen=True)
class Reaction:
    """One emoji under a message. `who` is a sentence for a tooltip, `label` the name in words."""

    name: str
    label: str
    char: str
    count: int
    mine: bool
    who: str


@dataclass(frozen=True)
class Row:
    """One message as it stands in the list."""

    message: Message
    face: Face
    time: str
    full_time: str
    surface: Surface
    reactions: list[Reaction]
    reply_count: int
    last_reply: str
    repliers: list[Face]
    follows: bool
    heading: str
    is_new: bool
    files: list[Attached]


@dataclass(frozen=True)
class Entry:
    """One line of the sidebar."""

    channel: Channel
    name: str
    kind: str
    unread: int
    current: bool
    face: Face | None = None


def viewer_of(workspace: Workspace, person: Person) -> Viewer:
    """The person as a reader: zone, clock and the names they know."""
    return Viewer(
        id=person.id,
        zone=str(workspace.zone_of(person)),
        now=workspace.clock.now(),
        people=PeopleNames(workspace),
        channels=ChannelNames(workspace, person),
        groups={group.id: group.handle for group in workspace.groups.values()},
        link_base=f"/client/{person.id}",
    )


def _public_channels(workspace: Workspace, person: Person) -> list[tuple[str, str]]:
    """What a select of channels offers: public ones only, unlike a select of conversations."""
    public = offered.offers(workspace, person, {"include": ["public"]})
    return [(one.id, one.name.removeprefix("#")) for one in public]


def show_for(workspace: Workspace, person: Person) -> Show:
    """The text renderer with the people and channels this person may choose from."""
    viewer = viewer_of(workspace, person)
    searched = is_large(workspace)
    people = [] if searched else [(one.id, one.real_name) for one in present_people(workspace)]
    return Show(
        viewer,
        people,
        searched=searched,
        conversations=partial(_conversations, workspace, person, searched),
        channels=lambda: _public_channels(workspace, person),
        picture=partial(picture_address, workspace),
    )


def _conversations(
    workspace: Workspace, person: Person, searched: bool, wanted: Json, chosen: set[str]
) -> list[tuple[str, str]]:
    """What a select of conversations lists: all its filter lets through; where that is looked up while somebody types,
    only what is chosen."""
    offers = [] if searched else list(offered.offers(workspace, person, wanted))
    listed = {one.id for one in offers}
    kept = (offered.named(workspace, person, one) for one in sorted(chosen - listed))
    return [(one.id, one.name) for one in [*filter(None, kept), *offers]]


def channel_title(workspace: Workspace, person: Person, channel: Channel) -> str:
    """`operations`, or the names of whom a DM is with."""
    if channel.is_mpim:
        return ", ".join(face_of(workspace, member).name for member in channel.members if member != person.id)
    if not channel.is_im:
        return channel.name
    other = next((member for member in channel.members if member != person.id), channel.im_user)
    return face_of(workspace, other).name


def partner_of(workspace: Workspace, person: Person, channel: Channel) -> Face | None:
    """Whom a direct message between two people is with."""
    if not channel.is_im or workspace.bot_is_in(channel):
        return None
    return next((face_of(workspace, member) for member in channel.members if member != person.id), None)


def sidebar(workspace: Workspace, marks: ReadMarks, person: Person, current: str) -> dict[str, list[Entry]]:
    """Entries by heading: channels, direct messages, apps. Archived channels are left out, and conversations that
    others have begun and written nothing in."""
    workspace.dm(person.id)
    found: dict[str, list[Entry]] = {"Channels": [], "Direct messages": [], "Apps": []}
    for channel in workspace.channels_of(person):
        hidden = channel.is_archived or not direct_messages.is_shown(workspace, person, channel)
        if hidden and channel.id != current:
            continue
        unread = 0 if channel.id == current else marks.unread(person.id, channel.id)
        name = channel_title(workspace, person, channel)
        if channel.is_mpim:
            heading = "Direct messages"
            entry = Entry(channel, name, "group", unread, channel.id == current)
        elif channel.is_im:
            with_app = workspace.team.bot_user in channel.members
            other = next((member for member in channel.members if member != person.id), person.id)
            heading, kind = ("Apps", "app") if with_app else ("Direct messages", "dm")
            entry = Entry(channel, name, kind, unread, channel.id == current, face_of(workspace, other))
        else:
            heading = "Channels"
            entry = Entry(channel, name, "private" if channel.is_private else "channel", unread, channel.id == current)
        found[heading].append(entry)
    return {heading: entries for heading, entries in found.items() if entries or heading == "Direct messages"}


def open_channels(workspace: Workspace, person: Person) -> list[Channel]:
    """Public channels the person could look into without being a member."""
    return [
        channel
        for channel in sorted(workspace.channels.values(), key=lambda one: one.name)
        if channel.kind == "channel"
        and person.id not in channel.members
        and not channel.is_archived
        and workspace.can_see(person, channel)
    ]


def _reactions(workspace: Workspace, message: Message, person: Person) -> list[Reaction]:
    return [
        Reaction(
            name=name,
            label=emoji.in_words(name),
            char=emoji.character(name) or f":{name}:",
            count=len(users),
            mine=person.id in users,
            who=", ".join(face_of(workspace, user).name for user in users) + f" reacted with :{name}:",
        )
        for name, users in message.reactions.items()
        if users
    ]


States = Mapping[tuple[str, str], dict[str, dict[str, Json]]]
"""What people have chosen in the inputs of messages: (person, ts), block id, action id."""


def _row(
    workspace: Workspace,
    viewer: Viewer,
    person: Person,
    message: Message,
    previous: Message | None,
    seen: str | None,
    states: States,
) -> Row:
    at = viewer.local(moment(message.ts))
    before = viewer.local(moment(previous.ts)) if previous else None
    new_day = before is None or before.date() != at.date()
    replies = [] if message.is_reply else workspace.replies(message.channel, message.ts)
    kind = "ephemeral" if message.only_for else "message"
    unseen = bool(seen) and message.ts > str(seen) and message.user != person.id and not message.only_for
    is_new = unseen and (previous is None or previous.ts <= str(seen))
    return Row(
        message=message,
        face=face_of(workspace, message.user),
        time=clock_time(at),
        full_time=f"{at:%A}, {at.day} {at:%B} {at:%Y}, {clock_time(at)} ({viewer.zone})",
        surface=Surface(kind, f"{message.channel}-{message.ts}", states.get((person.id, message.ts), {})),
        reactions=_reactions(workspace, message, person),
        reply_count=len(replies),
        last_reply=_when(viewer.local(moment(replies[-1].ts)), viewer.local(viewer.now)) if replies else "",
        repliers=[face_of(workspace, user) for user in dict.fromkeys(reply.user for reply in replies)][:3],
        follows=bool(previous and not new_day and _continues(previous, message)),
        heading=day_heading(at, viewer.local(viewer.now)) if new_day else "",
        is_new=is_new,
        files=attached(workspace, message.files),
    )


def _continues(previous: Message, message: Message) -> bool:
    starts_thread = message.is_reply and not previous.is_reply
    same = (
        previous.user == message.user
        and not previous.is_deleted
        and previous.only_for == message.only_for
        and not starts_thread
    )
    return same and float(message.ts) - float(previous.ts) < GROUPED_WITHIN_SECONDS


def _when(moment_: datetime, now: datetime) -> str:
    day = day_heading(moment_, now)
    return f"today at {clock_time(moment_)}" if day == "Today" else f"{day} at {clock_time(moment_)}"


def newest(messages: Sequence[Message], since: str = "") -> tuple[Sequence[Message], str]:
    """The newest messages, or all from `since` (a ts) on where that is further back, and the `since` that would show
    as many more; empty where there are no older ones."""
    start = max(0, len(messages) - NEWEST_SHOWN)
    if since:
        start = min(start, bisect.bisect_left(messages, since, key=lambda message: message.ts))
    return messages[start:], messages[max(0, start - NEWEST_SHOWN)].ts if start else ""


def rows(
    workspace: Workspace,
    person: Person,
    messages: Sequence[Message],
    states: States,
    *,
    seen: str | None = None,
) -> list[Row]:
    """Messages as rows, oldest first; `seen` is the ts after which a message is new."""
    viewer = viewer_of(workspace, person)
    return [
        _row(workspace, viewer, person, message, previous, seen, states)
        for previous, message in zip([None, *messages], messages, strict=False)
    ]


def composer_data(commands: Sequence[Command], shortcuts: Sequence[Shortcut]) -> Json:
    """What the composer knows without asking; people and channels it looks up while somebody types."""
    return {
        "commands": [
            {"name": command.name, "hint": command.usage_hint, "text": command.description} for command in commands
        ],
        "shortcuts": [{"id": one.callback_id, "name": one.name, "kind": one.kind} for one in shortcuts],
    }
