"""What a person sees and does: `/control/say`, `press`, `submit`, ..."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import asdict, replace
from typing import Any

from bot.sandbox import direct_messages, files, interactions, membership, messages, places, submissions
from bot.sandbox.control.registry import (
    Wish,
    acting_person,
    action,
    named_channel,
    named_message,
    named_people,
    named_window,
    need,
    present_person,
)
from bot.sandbox.control.workshop import clock_face
from bot.sandbox.elements import Placed, find_element
from bot.sandbox.entities import Json, Message, Person
from bot.sandbox.errors import ControlError
from bot.sandbox.places import Place
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.text import as_sent


def _place(sandbox: Sandbox, wish: Wish, person: Person) -> Place:
    if wish.get("view_id"):
        return places.in_view(sandbox, person, str(wish["view_id"]))  # its window is known
    return replace(_place_outside_modals(sandbox, wish, person), window=named_window(wish))


def _place_outside_modals(sandbox: Sandbox, wish: Wish, person: Person) -> Place:
    if wish.get("home"):
        return places.in_home(sandbox, person)
    if wish.get("ephemeral_ts"):
        return places.in_note(sandbox, person, str(wish["ephemeral_ts"]))
    return places.in_message(sandbox, person, named_channel(sandbox, wish, person), str(need(wish, "ts")))


CHOICES = (
    "value",
    "selected_option",
    "selected_options",
    "selected_user",
    "selected_users",
    "selected_channel",
    "selected_channels",
    "selected_conversation",
    "selected_conversations",
    "selected_date",
    "selected_time",
    "selected_date_time",
    "rich_text_value",
)


def _given(wish: Wish) -> Any:
    return next((wish[name] for name in CHOICES if name in wish), None)


@action("GET", "workspace")
async def show_workspace(sandbox: Sandbox, wish: Wish) -> Json:
    """People, channels, the app, the clock, who the page opens as."""
    workspace, team, now = sandbox.workspace, sandbox.team, sandbox.clock.now()
    return {
        "team": {"id": team.id, "name": team.name, "domain": team.domain, "tz": team.tz},
        "app": {
            "id": team.app_id,
            "name": team.app_name,
            "bot_id": team.bot_id,
            "bot_user": team.bot_user,
            "connected": sandbox.dispatch.connected,
            "installed": team.installed,
            "events_off": sandbox.dispatch.is_switched_off,
            "connections": sandbox.sockets.connections,
            "commands": [asdict(command) for command in sandbox.manifest.commands],
            "shortcuts": [asdict(shortcut) for shortcut in sandbox.manifest.shortcuts or ()],
        },
        "clock": clock_face(sandbox),
        "opens_as": workspace.opens_as().id,
        "people": [person.as_slack(team, now, include_locale=True) for person in workspace.people.values()],
        "channels": [
            channel.as_slack(team, num_members=True) | {"members": list(channel.members)}
            for channel in workspace.channels.values()
        ],
        "rate_limits": sandbox.limits.enabled,
    }


@action("GET", "messages")
async def show_messages(sandbox: Sandbox, wish: Wish) -> Json:
    """A channel or thread as this person sees it, oldest first; the newest `limit` (default 200)."""
    person = acting_person(sandbox, wish)
    channel = named_channel(sandbox, wish, person)
    seen = sandbox.workspace.visible_messages(person, channel, wish.get("thread_ts") or None)
    newest = seen[-int(wish.get("limit") or 200) :]
    return {
        "channel": channel.id,
        "messages": [
            sandbox.workspace.as_slack(message, with_metadata=True) | {"is_ephemeral": message.only_for is not None}
            for message in newest
        ],
        "has_more": len(newest) < len(seen),
    }


@action("POST", "say")
async def say(sandbox: Sandbox, wish: Wish) -> Json:
    """Write a message, or run a command."""
    person = present_person(sandbox, wish)
    channel = named_channel(sandbox, wish, person)
    return await interactions.say(
        sandbox,
        person,
        channel,
        str(need(wish, "text")),
        thread_ts=wish.get("thread_ts") or None,
        window=named_window(wish),
    )


@action("POST", "upload")
async def upload(sandbox: Sandbox, wish: Wish) -> Json:
    """A file from `base64` or `text`: as a message with `channel` given, else to be named in a form's file input."""
    person = present_person(sandbox, wish)
    try:
        content = b64decode(str(wish.get("base64") or ""), validate=True) or str(wish.get("text") or "").encode()
    except ValueError as error:
        raise ControlError("The file's content is not base64.") from error
    if not content:
        raise ControlError("An empty file is not uploaded.")
    file = files.add(sandbox, person, str(need(wish, "filename")), content)
    ts = None
    if wish.get("channel"):
        channel = named_channel(sandbox, wish, person)
        said = str(wish.get("comment") or "")
        ts = interactions.say_with_files(sandbox, person, channel, said, [file.id], wish.get("thread_ts") or None)
    return {"ok": True, "ts": ts, "file": file.as_slack(sandbox.team, sandbox.base_url, sandbox.workspace.channels)}


@action("POST", "edit")
async def edit(sandbox: Sandbox, wish: Wish) -> Json:
    """Edit one's own message."""
    person = present_person(sandbox, wish)
    message = _own(named_message(sandbox, wish, person), person)
    messages.change(
        sandbox, message, {"text": as_sent(str(need(wish, "text")), sandbox.workspace, person), "blocks": []}, person
    )
    return {"ok": True}


@action("POST", "delete")
async def delete(sandbox: Sandbox, wish: Wish) -> Json:
    """Delete one's own message."""
    person = present_person(sandbox, wish)
    messages.delete(sandbox, _own(named_message(sandbox, wish, person), person))
    return {"ok": True}


def _own(message: Message, person: Person) -> Message:
    if message.user != person.id:
        raise ControlError(f"{person.shown_name} did not write this message.")
    return message


@action("POST", "command")
async def command(sandbox: Sandbox, wish: Wish) -> Json:
    """Run a slash command and wait for its ack."""
    person = present_person(sandbox, wish)
    return await interactions.run_command(
        sandbox,
        person,
        named_channel(sandbox, wish, person),
        str(need(wish, "command")),
        str(wish.get("text") or ""),
        window=named_window(wish),
    )


@action("POST", "press")
async def press(sandbox: Sandbox, wish: Wish) -> Json:
    """Press a button or choose in a select, in a message, note, modal or Home."""
    person = present_person(sandbox, wish)
    return await interactions.press(
        sandbox,
        person,
        _place(sandbox, wish, person),
        str(need(wish, "action_id")),
        block_id=wish.get("block_id") or None,
        given=_given(wish),
        values=wish.get("values"),
    )


@action("POST", "change")
async def change(sandbox: Sandbox, wish: Wish) -> Json:
    """Fill in one input of a modal or Home."""
    person = present_person(sandbox, wish)
    place = _place(sandbox, wish, person)
    if place.view is None:
        raise ControlError("Only inputs of a modal or Home are filled in; in a message use press.")
    placed: Placed = find_element(place.blocks, str(need(wish, "action_id")), wish.get("block_id") or None)
    return await interactions.change(sandbox, person, place, placed, _given(wish))


@action("POST", "submit")
async def submit(sandbox: Sandbox, wish: Wish) -> Json:
    """Send a modal."""
    person = present_person(sandbox, wish)
    return await submissions.submit(sandbox, person, str(need(wish, "view_id")), wish.get("values") or {})


@action("POST", "close")
async def close(sandbox: Sandbox, wish: Wish) -> Json:
    """Cancel a modal, or close the whole stack."""
    person = present_person(sandbox, wish)
    return await submissions.close(sandbox, person, str(need(wish, "view_id")), everything=bool(wish.get("all")))


@action("GET", "views")
async def show_views(sandbox: Sandbox, wish: Wish) -> Json:
    """The person's open modals, bottom first (what one `window` shows, or all), and Home."""
    person = acting_person(sandbox, wish)
    shown = sandbox.workspace.open_views(person.id, named_window(wish) or None)
    home = sandbox.workspace.home(person.id)
    return {
        "stack": [view.as_slack(sandbox.team) for view in shown],
        "home": home.as_slack(sandbox.team) if home else None,
    }


@action("POST", "shortcut")
async def shortcut(sandbox: Sandbox, wish: Wish) -> Json:
    """A global shortcut, or with channel and ts a message shortcut."""
    person = present_person(sandbox, wish)
    channel = named_channel(sandbox, wish, person) if wish.get("ts") else None
    return await interactions.use_shortcut(
        sandbox, person, str(need(wish, "callback_id")), channel=channel, ts=wish.get("ts"), window=named_window(wish)
    )


@action("POST", "suggest")
async def suggest(sandbox: Sandbox, wish: Wish) -> Json:
    """Type into a select whose options come from the app."""
    person = present_person(sandbox, wish)
    return await interactions.suggest(
        sandbox,
        person,
        _place(sandbox, wish, person),
        str(need(wish, "action_id")),
        wish.get("block_id") or None,
        str(wish.get("value") or ""),
    )


@action("POST", "react")
async def react(sandbox: Sandbox, wish: Wish) -> Json:
    """Add a reaction."""
    person = present_person(sandbox, wish)
    messages.react(sandbox, named_message(sandbox, wish, person), str(need(wish, "name")).strip(":"), person)
    return {"ok": True}


@action("POST", "unreact")
async def unreact(sandbox: Sandbox, wish: Wish) -> Json:
    """Take a reaction back."""
    person = present_person(sandbox, wish)
    messages.unreact(sandbox, named_message(sandbox, wish, person), str(need(wish, "name")).strip(":"), person)
    return {"ok": True}


@action("POST", "open-home")
async def open_home(sandbox: Sandbox, wish: Wish) -> Json:
    """Look at the app's Home (or Messages) tab."""
    return await interactions.open_home(sandbox, present_person(sandbox, wish), str(wish.get("tab") or "home"))


@action("POST", "open-dm")
async def open_dm(sandbox: Sandbox, wish: Wish) -> Json:
    """Begin or find the direct message or group DM with the people in `with`; answers its id."""
    person = present_person(sandbox, wish)
    channel = direct_messages.start(sandbox.workspace, person, named_people(sandbox, wish.get("with") or ""))
    sandbox.notices.send("channel", audience={person.id}, channel=channel.id)
    return {"ok": True, "channel": channel.id}


@action("POST", "join")
async def join(sandbox: Sandbox, wish: Wish) -> Json:
    """Join a channel, or with `invite` bring somebody (`@bot`: the app) in."""
    person = present_person(sandbox, wish)
    channel = named_channel(sandbox, wish, person)
    if channel.kind in ("im", "mpim") or not sandbox.workspace.can_see(person, channel):
        raise ControlError(f"{person.shown_name} cannot do this here.")
    if channel.is_archived:
        raise ControlError("This channel is archived.")
    if wish.get("invite"):
        invited = sandbox.workspace.person(str(wish["invite"]))
        if invited.deleted:
            raise ControlError(f"{invited.shown_name} is deactivated.")
        membership.join(sandbox, channel, invited, inviter=person)
    else:
        membership.join(sandbox, channel, person)
    return {"ok": True}


@action("POST", "leave")
async def leave(sandbox: Sandbox, wish: Wish) -> Json:
    """Leave a channel, or with `remove` take somebody out."""
    person = present_person(sandbox, wish)
    leaving = sandbox.workspace.person(str(wish["remove"])) if wish.get("remove") else person
    channel = named_channel(sandbox, wish, person)
    if channel.kind in ("im", "mpim"):
        raise ControlError("Nobody leaves a direct message.")
    membership.leave(sandbox, channel, leaving)
    return {"ok": True}


@action("POST", "person")
async def person(sandbox: Sandbox, wish: Wish) -> Json:
    """Change a person (user_change), or with `new` add one (team_join)."""
    if wish.get("new"):
        changed = membership.add_person(sandbox, dict(wish["new"]))
    else:
        changed = membership.change_person(sandbox, acting_person(sandbox, wish), dict(need(wish, "changes")))
    return {"ok": True, "person": changed.as_slack(sandbox.team, sandbox.clock.now(), include_locale=True)}
