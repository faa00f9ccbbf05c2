"""The workspace: people, channels, messages, views, and the questions asked about them. Knows no web framework.

Whoever changes an entity calls the matching `keep_*`, which writes it through to the store.
"""

from __future__ import annotations

import bisect
import secrets
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.clock import MovableClock
from bot.sandbox.entities import SLACKBOT, Channel, Json, Message, Person, Team, UserGroup, View, stack_name
from bot.sandbox.errors import ControlError, Refused
from bot.sandbox.names import Names
from bot.sandbox.persistence import Store
from bot.sandbox.uploaded import File

ALPHABET = string.ascii_uppercase + string.digits


def new_id(prefix: str) -> str:
    """An id as Slack makes them: a letter and ten capitals or digits."""
    return prefix + "0" + "".join(secrets.choice(ALPHABET) for _ in range(9))


@dataclass
class Timeline:
    """A channel's messages in order of ts; `threads` maps a parent's ts to its replies' ts."""

    by_ts: dict[str, Message] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Insert or replace."""
        if message.ts not in self.by_ts:
            if message.is_reply and message.thread_ts:
                bisect.insort(self.threads.setdefault(message.thread_ts, []), message.ts)
            if not message.is_reply or message.reply_broadcast:
                bisect.insort(self.roots, message.ts)
        self.by_ts[message.ts] = message

    def remove(self, ts: str) -> None:
        """Forget one message."""
        message = self.by_ts.pop(ts)
        if message.is_reply and message.thread_ts:
            replies = self.threads[message.thread_ts]
            replies.remove(ts)
            if not replies:
                del self.threads[message.thread_ts]
        if ts in self.roots:
            self.roots.remove(ts)


class Workspace:
    """All state of one local Slack, in memory and written through to `store`."""

    def __init__(self, store: Store, clock: MovableClock, team: Team) -> None:
        self.store = store
        self.clock = clock
        self.team = team
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, UserGroup] = {}
        self.files: dict[str, File] = {}
        self.base_url = "http://127.0.0.1:8065"
        """Where the local Slack is served: the beginning of a file's address."""
        self.timelines: dict[str, Timeline] = {}
        self.ephemerals: dict[str, Message] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        """Open modals, bottom first, by person and window (`stack_name`); what was opened last comes last."""
        self.homes: dict[str, str] = {}
        self._last_ts = (0, 0)
        self.names = Names(self.people)

    # -- keeping ---------------------------------------------------------------------------------------------------

    def keep_team(self) -> None:
        """Write the workspace's own row."""
        self.store.put("team", "team", vars(self.team))

    def keep_person(self, person: Person) -> None:
        """Insert or update a person."""
        self.names.forget()
        self.people[person.id] = person
        self.store.put("person", person.id, vars(person))

    def keep_channel(self, channel: Channel) -> None:
        """Insert or update a channel."""
        self.channels[channel.id] = channel
        self.store.put("channel", channel.id, vars(channel))

    def keep_group(self, group: UserGroup) -> None:
        """Insert or update a user group."""
        self.groups[group.id] = group
        self.store.put("group", group.id, vars(group))

    def keep_file(self, file: File) -> None:
        """Insert or update what is known of a file; its bytes are kept apart."""
        self.files[file.id] = file
        self.store.put("file", file.id, vars(file))

    def keep_message(self, message: Message) -> None:
        """Insert or update a message; ephemeral ones stay in memory."""
        if message.only_for:
            self.ephemerals[message.ts] = message
            return
        self.timeline(message.channel).add(message)
        self.store.put("message", f"{message.channel}/{message.ts}", vars(message))

    def remove_message(self, message: Message) -> None:
        """Delete a message or an ephemeral note."""
        if message.only_for:
            self.ephemerals.pop(message.ts, None)
            return
        self.timeline(message.channel).remove(message.ts)
        self.store.remove("message", f"{message.channel}/{message.ts}")
        # A deleted message's ts is never given again, even after a restart with the clock moved back.
        self.store.put("last_ts", "last_ts", {"ts": list(self._last_ts)})

    def keep_view(self, view: View) -> None:
        """Insert or update a view."""
        self.views[view.id] = view
        self.store.put("view", view.id, vars(view))

    def keep_stack(self, name: str, stack: list[str]) -> None:
        """Set the modals of one window, bottom first; views that are no longer open are forgotten."""
        for gone in set(self.stacks.pop(name, ())) - set(stack):
            self.views.pop(gone, None)
            self.store.remove("view", gone)
        if stack:
            self.stacks[name] = stack
            self.store.put("stack", name, {"views": stack})
        else:
            self.store.remove("stack", name)

    def keep_home(self, user: str, view: View) -> None:
        """Set a person's Home tab."""
        old = self.homes.get(user)
        if old and old != view.id:
            self.views.pop(old, None)
            self.store.remove("view", old)
        self.keep_view(view)
        self.homes[user] = view.id
        self.store.put("home", user, {"view": view.id})

    def load(self) -> None:
        """Read everything kept by an earlier run."""
        for key, body in self.store.each("person"):
            self.people[key] = Person(**body)
        for key, body in self.store.each("channel"):
            self.channels[key] = Channel(**body)
        for key, body in self.store.each("group"):
            self.groups[key] = UserGroup(**body)
        for key, body in self.store.each("file"):
            self.files[key] = File(**body)
        for _, body in self.store.each("message"):
            message = Message(**body)
            self.timeline(message.channel).add(message)
            seconds, _, fraction = message.ts.partition(".")
            self._last_ts = max(self._last_ts, (int(seconds), int(fraction)))
        kept = self.store.get("last_ts", "last_ts")
        self._last_ts = max(self._last_ts, tuple(kept["ts"]) if kept else (0, 0))
        for key, body in self.store.each("view"):
            self.views[key] = View(**body)
        for key, body in self.store.each("stack"):
            self.stacks[key] = [view for view in body["views"] if view in self.views]
        for key, body in self.store.each("home"):
            if body["view"] in self.views:
                self.homes[key] = body["view"]

    # -- time ------------------------------------------------------------------------------------------------------

    def next_ts(self) -> str:
        """A message ts from the workspace's clock, strictly greater than every earlier one."""
        reading = self.clock.seconds()
        candidate = (int(reading), int(reading % 1 * 1_000_000))
        if candidate <= self._last_ts:
            seconds, micros = self._last_ts
            candidate = (seconds + (micros + 1) // 1_000_000, (micros + 1) % 1_000_000)
        self._last_ts = candidate
        return f"{candidate[0]:010d}.{candidate[1]:06d}"

    def zone_of(self, person: Person | None) -> ZoneInfo:
        """The person's zone, or the workspace's."""
        return ZoneInfo((person.tz if person else None) or self.team.tz)

    # -- people ----------------------------------------------------------------------------------------------------

    @property
    def bot(self) -> Person:
        """The app's bot user."""
        return self.people[self.team.bot_user]

    def person(self, who: str) -> Person:
        """Find by id, handle or name; for the control API."""
        name = who.removeprefix("@")
        if name in self.people:
            return self.people[name]
        if name == "bot":
            return self.bot
        for person in self.people.values():
            if name.lower() in (person.name.lower(), person.real_name.lower(), person.display_name.lower()):
                return person
        raise ControlError(f"There is nobody called “{who}” in this workspace.")

    def humans(self) -> list[Person]:
        """Everybody except bots and Slackbot, in the order they joined."""
        return [person for person in self.people.values() if not person.is_bot and person.id != SLACKBOT]

    def opens_as(self) -> Person:
        """Who the page opens as; the first of the others where that person's account is deactivated by now."""
        if self.team.opens_as and not self.person(self.team.opens_as).deleted:
            return self.person(self.team.opens_as)
        return next(person for person in self.humans() if not (person.deleted or person.is_stranger))

    # -- channels --------------------------------------------------------------------------------------------------

    def has_dm(self, user: str) -> bool:
        """The DM between this person and the bot exists."""
        return _dm_id(user) in self.channels

    def dm(self, user: str) -> Channel:
        """The DM between a person and the bot, made when first needed."""
        if user == self.team.bot_user:
            raise ControlError("The app has no conversation with itself.")
        channel_id = _dm_id(user)
        if channel_id not in self.channels:
            self.keep_channel(
                Channel(
                    id=channel_id,
                    name="",
                    creator=user,
                    created=int(self.clock.seconds()),
                    members=[user, self.team.bot_user],
                    is_im=True,
                    im_user=user,
                )
            )
        return self.channels[channel_id]

    def channel(self, where: str, viewer: Person) -> Channel:
        """Find by id, `#name`, name, or `@bot` (the viewer's DM with the bot); for the control API."""
        if where in ("@bot", self.team.bot_user, f"@{self.bot.name}"):
            return self.dm(viewer.id)
        if where in self.channels:
            return self.channels[where]
        for channel in self.channels.values():
            if channel.name and channel.name == where.removeprefix("#"):
                return channel
        raise ControlError(f"There is no channel “{where}”.")

    def can_see(self, person: Person, channel: Channel) -> bool:
        """Members see a channel; public ones are open to everybody but guests."""
        if person.id in channel.members:
            return True
        return channel.kind == "channel" and not (person.is_restricted or person.is_ultra_restricted)

    def channels_of(self, person: Person) -> list[Channel]:
        """Channels this person is a member of, named ones first in order of name, the DM with the bot last."""
        mine = [channel for channel in self.channels.values() if person.id in channel.members]
        return sorted(mine, key=lambda channel: (channel.is_im, channel.name))

    def channel_as_slack(self, channel: Channel, *, num_members: bool = False) -> Json:
        """A conversation in Slack's JSON, with what only the people in it can tell."""
        body = channel.as_slack(self.team, num_members=num_members)
        if channel.is_im:
            return body | {"is_user_deleted": self.people[channel.im_user].deleted}
        if channel.is_ext_shared:
            teams = [self.people[member].team_id(self.team) for member in channel.members if member in self.people]
            body["shared_team_ids"] = list(dict.fromkeys([self.team.id, *teams]))
        return body

    def bot_is_in(self, channel: Channel) -> bool:
        """Events of this channel are the app's business."""
        return self.team.bot_user in channel.members

    # -- messages --------------------------------------------------------------------------------------------------

    def timeline(self, channel: str) -> Timeline:
        """The messages of one channel."""
        return self.timelines.setdefault(channel, Timeline())

    def message(self, channel: str, ts: str) -> Message:
        """One kept message, or `message_not_found`, also where only a tombstone is left."""
        message = self.timeline(channel).by_ts.get(ts)
        if message is None or message.is_deleted:
            raise Refused("message_not_found")
        return message

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """The replies of a thread, oldest first, without the parent."""
        timeline = self.timeline(channel)
        return [timeline.by_ts[ts] for ts in timeline.threads.get(thread_ts, ())]

    def roots(self, channel: str) -> list[Message]:
        """Top-level messages, oldest first."""
        timeline = self.timeline(channel)
        return [timeline.by_ts[ts] for ts in timeline.roots]

    def notes_for(self, person: Person, channel: str, thread_ts: str | None = None) -> list[Message]:
        """The ephemeral messages this person has in a channel (or thread)."""
        return [
            note
            for note in self.ephemerals.values()
            if note.only_for == person.id and note.channel == channel and note.thread_ts == thread_ts
        ]

    def visible_messages(self, person: Person, channel: Channel, thread_ts: str | None = None) -> list[Message]:
        """What this person sees in a channel or thread, oldest first, ephemeral notes included."""
        if not self.can_see(person, channel):
            raise ControlError(f"{person.shown_name} cannot see this channel.")
        if thread_ts is None:
            shown = self.roots(channel.id)
        else:
            parent = self.timeline(channel.id).by_ts.get(thread_ts)
            shown = ([parent] if parent else []) + self.replies(channel.id, thread_ts)
        notes = self.notes_for(person, channel.id, thread_ts)
        return sorted([*shown, *notes], key=lambda message: message.ts) if notes else shown

    def as_slack(self, message: Message, *, with_metadata: bool = False) -> Json:
        """A message in Slack's JSON, thread counters and all."""
        body = message.as_slack(self.team, with_metadata=with_metadata)
        author = self.people.get(message.user)
        if author is not None and author.is_stranger:
            home = author.team_id(self.team)
            body |= {"team": home, "user_team": home, "source_team": home}
        if message.files:
            files = [self.files[file] for file in message.files if file in self.files]
            body |= {
                "files": [file.as_slack(self.team, self.base_url, self.channels) for file in files],
                "upload": True,
                "display_as_bot": False,
            }
        if message.is_reply and message.thread_ts:
            parent = self.timeline(message.channel).by_ts.get(message.thread_ts)
            if parent:
                body["parent_user_id"] = parent.user
            return body
        replies = self.replies(message.channel, message.ts)
        if replies:
            authors = list(dict.fromkeys(reply.user for reply in replies))
            body |= {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users_count": len(authors),
                "latest_reply": replies[-1].ts,
                "reply_users": authors[:5],
                "is_locked": False,
                "subscribed": any(reply.user == self.team.bot_user for reply in replies),
            }
        return body

    # -- views -----------------------------------------------------------------------------------------------------

    def stacks_of(self, user: str) -> list[str]:
        """The names of a person's stacks, one per window in which a modal is open."""
        return [name for name in self.stacks if name.partition("/")[0] == user]

    def open_views(self, user: str, window: str | None = None) -> list[View]:
        """A person's open modals, bottom first: those a window shows, or without `window` those of all windows."""
        names = self.stacks_of(user) if window is None else dict.fromkeys((user, stack_name(user, window)))
        return [self.views[view] for name in names for view in self.stacks.get(name, ())]

    def home(self, user: str) -> View | None:
        """A person's Home tab, once the app has published it."""
        view = self.homes.get(user)
        return self.views[view] if view else None

    def view_with_external_id(self, external_id: str) -> View | None:
        """The view an app named itself."""
        return next((view for view in self.views.values() if view.body.get("external_id") == external_id), None)

    def all_open_views(self) -> Iterator[View]:
        """Every open modal and Home tab."""
        yield from self.views.values()


def _dm_id(user: str) -> str:
    return "D0" + user[1:].lstrip("0")


def page_of(items: Iterable[Any], offset: int, limit: int) -> tuple[list[Any], int | None]:
    """A slice of `items` and the offset of the next one, or None at the end."""
    everything = list(items)
    end = offset + limit
    return everything[offset:end], end if end < len(everything) else None
