"""Where in the workspace somebody presses or chooses: a message, a note only they see, a modal, Home."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.entities import Channel, Json, Message, Person, View
from bot.sandbox.errors import ControlError
from bot.sandbox.sandbox import Sandbox

CHANNEL_NAMES = {"im": "directmessage", "group": "privategroup"}


def public_name(channel: Channel) -> str:
    """A conversation's name as payloads give it: a DM and a private channel have none of their own."""
    return CHANNEL_NAMES.get(channel.kind, channel.name)


@dataclass(frozen=True)
class Place:
    """Where something is pressed: a message (perhaps an ephemeral one) or a view, and in which browser window."""

    blocks: list[Json]
    container: Json
    more: Json = field(default_factory=dict)
    message: Message | None = None
    view: View | None = None
    window: str = ""


def in_message(sandbox: Sandbox, person: Person, channel: Channel, ts: str) -> Place:
    """The place of a kept message."""
    if not sandbox.workspace.can_see(person, channel):
        raise ControlError(f"{person.shown_name} cannot see this channel.")
    message = sandbox.workspace.timeline(channel.id).by_ts.get(ts)
    if message is None:
        raise ControlError(f"There is no message {ts} in this channel.")
    return _message_place(sandbox, message, channel)


def in_note(sandbox: Sandbox, person: Person, ts: str) -> Place:
    """The place of an ephemeral message."""
    note = sandbox.workspace.ephemerals.get(ts)
    if note is None or note.only_for != person.id:
        raise ControlError(f"{person.shown_name} has no ephemeral message {ts}.")
    return _message_place(sandbox, note, sandbox.workspace.channels[note.channel])


def _message_place(sandbox: Sandbox, message: Message, channel: Channel) -> Place:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    more: Json = {"channel": channel_reference(channel)}
    if message.only_for is None:
        more["message"] = sandbox.workspace.as_slack(message)
    attached = [block for one in message.attachments for block in one.get("blocks", [])]
    return Place([*message.blocks, *attached], container, more, message=message)


def channel_reference(channel: Channel) -> Json:
    """`{"id", "name"}` as interaction payloads name a conversation."""
    return {"id": channel.id, "name": public_name(channel)}


def in_view(sandbox: Sandbox, person: Person, view_id: str) -> Place:
    """The place of the person's topmost modal."""
    return place_of(top_modal(sandbox, person, view_id))


def in_home(sandbox: Sandbox, person: Person) -> Place:
    """The place of the person's Home tab."""
    view = sandbox.workspace.home(person.id)
    if view is None:
        raise ControlError(f"The app has not published a Home tab for {person.shown_name}.")
    return place_of(view)


def place_of(view: View) -> Place:
    """The place of a modal or Home tab."""
    return Place(view.blocks, {"type": "view", "view_id": view.id}, view=view, window=view.window)


def top_modal(sandbox: Sandbox, person: Person, view_id: str) -> View:
    """A modal of the person's, which must be the topmost of its window."""
    view = sandbox.workspace.views.get(view_id)
    if view is None or view.user != person.id or sandbox.workspace.stacks.get(view.stack, [])[-1:] != [view_id]:
        raise ControlError(f"{person.shown_name} has no open modal {view_id} on top.")
    return view
