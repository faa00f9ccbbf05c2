"""The control API under `/control/`: what the page, our tests and outside checks use. JSON in and out.

Every call names the acting person by id, handle or name. A channel is an id, `#name`, or `@bot` for the person's DM
with the bot. A call that makes no sense is answered with 400 and `{"ok": false, "error": sentence}`.
The table of calls, their arguments and answers is in docs/sandbox.md.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.sandbox import interactions, membership, messages, submissions
from bot.sandbox.clock import parse_moment, preset_moment
from bot.sandbox.elements import Placed, find_element
from bot.sandbox.entities import Channel, Json, Message, Person
from bot.sandbox.errors import ControlError, Refused
from bot.sandbox.interactions import Place
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.text import as_sent
from bot.sandbox.web_api import SANDBOX

Wish = dict[str, Any]
Action = Callable[[Sandbox, Wish], Awaitable[Any]]

KEEP_ALIVE_SECONDS = 15

ACTIONS: dict[tuple[str, str], Action] = {}


def action(verb: str, path: str) -> Callable[[Action], Action]:
    """Register a control call; its arguments are the query and, for POST, the JSON body."""

    def register(run: Action) -> Action:
        ACTIONS[verb, path] = run
        return run

    return register


def _need(wish: Wish, name: str) -> Any:
    value = wish.get(name)
    if value is None or value == "":
        raise ControlError(f"“{name}” is missing.")
    return value


def _person(sandbox: Sandbox, wish: Wish) -> Person:
    return sandbox.workspace.person(str(_need(wish, "user")))


def _channel(sandbox: Sandbox, wish: Wish, person: Person) -> Channel:
    return sandbox.workspace.channel(str(wish.get("channel") or "@bot"), person)


def _message(sandbox: Sandbox, wish: Wish, person: Person) -> Message:
    channel = _channel(sandbox, wish, person)
    return sandbox.workspace.message(channel.id, str(_need(wish, "ts")))


def _place(sandbox: Sandbox, wish: Wish, person: Person) -> Place:
    if wish.get("view_id"):
        return interactions.in_view(sandbox, person, str(wish["view_id"]))
    if wish.get("home"):
        return interactions.in_home(sandbox, person)
    if wish.get("ephemeral_ts"):
        return interactions.in_note(sandbox, person, str(wish["ephemeral_ts"]))
    return interactions.in_message(sandbox, person, _channel(sandbox, wish, person), str(_need(wish, "ts")))


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
            "connections": sandbox.sockets.connections,
            "commands": [asdict(command) for command in sandbox.manifest.commands],
            "shortcuts": [asdict(shortcut) for shortcut in sandbox.manifest.shortcuts or ()],
        },
        "clock": _clock(sandbox),
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
    person = _person(sandbox, wish)
    channel = _channel(sandbox, wish, person)
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
    person = _person(sandbox, wish)
    channel = _channel(sandbox, wish, person)
    return await interactions.say(
        sandbox, person, channel, str(_need(wish, "text")), thread_ts=wish.get("thread_ts") or None
    )


@action("POST", "edit")
async def edit(sandbox: Sandbox, wish: Wish) -> Json:
    """Edit one's own message."""
    person = _person(sandbox, wish)
    message = _own(_message(sandbox, wish, person), person)
    messages.change(
        sandbox, message, {"text": as_sent(str(_need(wish, "text")), sandbox.workspace), "blocks": []}, person
    )
    return {"ok": True}


@action("POST", "delete")
async def delete(sandbox: Sandbox, wish: Wish) -> Json:
    """Delete one's own message."""
    person = _person(sandbox, wish)
    messages.delete(sandbox, _own(_message(sandbox, wish, person), person))
    return {"ok": True}


def _own(message: Message, person: Person) -> Message:
    if message.user != person.id:
        raise ControlError(f"{person.shown_name} did not write this message.")
    return message


@action("POST", "command")
async def command(sandbox: Sandbox, wish: Wish) -> Json:
    """Run a slash command and wait for its ack."""
    person = _person(sandbox, wish)
    return await interactions.run_command(
        sandbox, person, _channel(sandbox, wish, person), str(_need(wish, "command")), str(wish.get("text") or "")
    )


@action("POST", "press")
async def press(sandbox: Sandbox, wish: Wish) -> Json:
    """Press a button or choose in a select, in a message, note, modal or Home."""
    person = _person(sandbox, wish)
    return await interactions.press(
        sandbox,
        person,
        _place(sandbox, wish, person),
        str(_need(wish, "action_id")),
        block_id=wish.get("block_id") or None,
        given=_given(wish),
        values=wish.get("values"),
    )


@action("POST", "change")
async def change(sandbox: Sandbox, wish: Wish) -> Json:
    """Fill in one input of a modal or Home."""
    person = _person(sandbox, wish)
    place = _place(sandbox, wish, person)
    if place.view is None:
        raise ControlError("Only inputs of a modal or Home are filled in; in a message use press.")
    placed: Placed = find_element(place.blocks, str(_need(wish, "action_id")), wish.get("block_id") or None)
    return await interactions.change(sandbox, person, place.view, placed, _given(wish))


@action("POST", "submit")
async def submit(sandbox: Sandbox, wish: Wish) -> Json:
    """Send a modal."""
    person = _person(sandbox, wish)
    return await submissions.submit(sandbox, person, str(_need(wish, "view_id")), wish.get("values") or {})


@action("POST", "close")
async def close(sandbox: Sandbox, wish: Wish) -> Json:
    """Cancel a modal, or close the whole stack."""
    person = _person(sandbox, wish)
    return await submissions.close(sandbox, person, str(_need(wish, "view_id")), everything=bool(wish.get("all")))


@action("GET", "views")
async def show_views(sandbox: Sandbox, wish: Wish) -> Json:
    """The person's open modals, bottom first, and Home."""
    person = _person(sandbox, wish)
    home = sandbox.workspace.home(person.id)
    return {
        "stack": [view.as_slack(sandbox.team) for view in sandbox.workspace.open_views(person.id)],
        "home": home.as_slack(sandbox.team) if home else None,
    }


@action("POST", "shortcut")
async def shortcut(sandbox: Sandbox, wish: Wish) -> Json:
    """A global shortcut, or with channel and ts a message shortcut."""
    person = _person(sandbox, wish)
    channel = _channel(sandbox, wish, person) if wish.get("ts") else None
    return await interactions.use_shortcut(
        sandbox, person, str(_need(wish, "callback_id")), channel=channel, ts=wish.get("ts")
    )


@action("POST", "suggest")
async def suggest(sandbox: Sandbox, wish: Wish) -> Json:
    """Type into a select whose options come from the app."""
    person = _person(sandbox, wish)
    return await interactions.suggest(
        sandbox,
        person,
        _place(sandbox, wish, person),
        str(_need(wish, "action_id")),
        wish.get("block_id") or None,
        str(wish.get("value") or ""),
    )


@action("POST", "react")
async def react(sandbox: Sandbox, wish: Wish) -> Json:
    """Add a reaction."""
    person = _person(sandbox, wish)
    messages.react(sandbox, _message(sandbox, wish, person), str(_need(wish, "name")).strip(":"), person)
    return {"ok": True}


@action("POST", "unreact")
async def unreact(sandbox: Sandbox, wish: Wish) -> Json:
    """Take a reaction back."""
    person = _person(sandbox, wish)
    messages.unreact(sandbox, _message(sandbox, wish, person), str(_need(wish, "name")).strip(":"), person)
    return {"ok": True}


@action("POST", "open-home")
async def open_home(sandbox: Sandbox, wish: Wish) -> Json:
    """Look at the app's Home (or Messages) tab."""
    return await interactions.open_home(sandbox, _person(sandbox, wish), str(wish.get("tab") or "home"))


@action("POST", "join")
async def join(sandbox: Sandbox, wish: Wish) -> Json:
    """Join a channel, or with `invite` bring somebody (`@bot`: the app) in."""
    person = _person(sandbox, wish)
    channel = _channel(sandbox, wish, person)
    if channel.is_im or not sandbox.workspace.can_see(person, channel):
        raise ControlError(f"{person.shown_name} cannot do this here.")
    if wish.get("invite"):
        membership.join(sandbox, channel, sandbox.workspace.person(str(wish["invite"])), inviter=person)
    else:
        membership.join(sandbox, channel, person)
    return {"ok": True}


@action("POST", "leave")
async def leave(sandbox: Sandbox, wish: Wish) -> Json:
    """Leave a channel, or with `remove` take somebody out."""
    person = _person(sandbox, wish)
    leaving = sandbox.workspace.person(str(wish["remove"])) if wish.get("remove") else person
    membership.leave(sandbox, _channel(sandbox, wish, person), leaving)
    return {"ok": True}


@action("POST", "person")
async def person(sandbox: Sandbox, wish: Wish) -> Json:
    """Change a person (user_change), or with `new` add one (team_join)."""
    if wish.get("new"):
        changed = membership.add_person(sandbox, dict(wish["new"]))
    else:
        changed = membership.change_person(sandbox, _person(sandbox, wish), dict(_need(wish, "changes")))
    return {"ok": True, "person": changed.as_slack(sandbox.team, sandbox.clock.now(), include_locale=True)}


@action("GET", "clock")
async def show_clock(sandbox: Sandbox, wish: Wish) -> Json:
    """What the workspace's clock says."""
    return _clock(sandbox)


def _clock(sandbox: Sandbox) -> Json:
    return {"now": sandbox.clock.as_iso(), "moved": sandbox.clock.moved, "tz": sandbox.team.tz}


@action("POST", "clock")
async def move_clock(sandbox: Sandbox, wish: Wish) -> Json:
    """Move the clock: `to` an ISO time, a `preset` (in the zone of `user`, else the workspace's), `forward` seconds,
    or `real` to follow real time again."""
    who = sandbox.workspace.person(str(wish["user"])) if wish.get("user") else None
    zone, now = sandbox.workspace.zone_of(who), sandbox.clock.now()
    if wish.get("to"):
        sandbox.clock.move_to(parse_moment(str(wish["to"]), zone, now))
    elif wish.get("preset"):
        sandbox.clock.move_to(preset_moment(str(wish["preset"]), now, zone))
    elif wish.get("forward") is not None:
        sandbox.clock.move_to(now + timedelta(seconds=float(wish["forward"])))
    elif wish.get("real"):
        sandbox.clock.follow_real_time()
    else:
        raise ControlError("Say where the clock goes: to, preset, forward or real.")
    sandbox.keep_clock()
    sandbox.notices.send("clock", **_clock(sandbox))
    return _clock(sandbox)


@action("GET", "faults")
async def show_faults(sandbox: Sandbox, wish: Wish) -> Json:
    """The faults still to come."""
    return {"faults": [asdict(fault) for fault in sandbox.faults.waiting()]}


@action("POST", "faults")
async def add_fault(sandbox: Sandbox, wish: Wish) -> Json:
    """The next `times` calls of `method` fail."""
    return {"ok": True, "fault": asdict(sandbox.faults.add(wish))}


@action("DELETE", "faults")
async def clear_faults(sandbox: Sandbox, wish: Wish) -> Json:
    """No more faults."""
    sandbox.faults.clear()
    return {"ok": True}


@action("POST", "limits")
async def set_limits(sandbox: Sandbox, wish: Wish) -> Json:
    """Switch rate limits on or off; what was counted is forgotten."""
    sandbox.limits.enabled = bool(wish.get("enabled", True))
    sandbox.limits.reset()
    return {"ok": True, "enabled": sandbox.limits.enabled}


@action("GET", "calls")
async def show_calls(sandbox: Sandbox, wish: Wish) -> Json:
    """The log: calls, events, interactions, acks; filter by `method`, `kind`, `after` (number), `limit`."""
    entries = sandbox.journal.entries(
        kind=wish.get("kind") or None,
        name=wish.get("method") or None,
        after=int(wish.get("after") or 0),
        limit=int(wish.get("limit") or 1000),
    )
    return {"calls": entries}


@action("GET", "events")
async def show_events(sandbox: Sandbox, wish: Wish) -> Json:
    """The events sent so far, whole envelopes, oldest first."""
    wanted = wish.get("type")
    return {"events": [one for one in sandbox.dispatch.events() if wanted in (None, "", one["event"]["type"])]}


@action("POST", "redeliver")
async def redeliver(sandbox: Sandbox, wish: Wish) -> Json:
    """Deliver an event again."""
    acked = await sandbox.dispatch.redeliver(str(_need(wish, "event_id")), int(wish.get("times", 1)))
    return {"ok": all(acked), "acked": acked}


@action("POST", "verify-url")
async def verify_url(sandbox: Sandbox, wish: Wish) -> Json:
    """Send the url_verification challenge to the app's Request URL."""
    if sandbox.http is None:
        raise ControlError("The app has no Request URL; give one with --request-url.")
    return {"ok": await sandbox.http.verify()}


@action("POST", "disconnect")
async def disconnect(sandbox: Sandbox, wish: Wish) -> Json:
    """Ask the app's connections to reconnect, as Slack does (`warning`, `refresh_requested`, `link_disabled`)."""
    return {"ok": True, "asked": await sandbox.sockets.disconnect(str(wish.get("reason") or "refresh_requested"))}


async def _run(request: web.Request) -> web.StreamResponse:
    sandbox: Sandbox = request.app[SANDBOX]
    run = ACTIONS.get((request.method, request.match_info["name"]))
    if run is None:
        return web.json_response({"ok": False, "error": "There is no such control call."}, status=404)
    wish: Wish = dict(request.query)
    if request.can_read_body:
        try:
            body = await request.json()
        except ValueError:
            return web.json_response({"ok": False, "error": "The body is not JSON."}, status=400)
        if not isinstance(body, dict):
            return web.json_response({"ok": False, "error": "The body is not a JSON object."}, status=400)
        wish |= body
    try:
        return web.json_response(await run(sandbox, wish), dumps=_dumps)
    except ControlError as error:
        return web.json_response({"ok": False, "error": str(error)}, status=400, dumps=_dumps)
    except Refused as refusal:
        return web.json_response({"ok": False, "error": refusal.code}, status=400)
    except (TypeError, ValueError) as error:
        return web.json_response({"ok": False, "error": f"An argument cannot be read: {error}"}, status=400)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


async def _stream(request: web.Request) -> web.StreamResponse:
    """Server-Sent Events: what changed for `user` (left out: everything)."""
    sandbox: Sandbox = request.app[SANDBOX]
    who = request.query.get("user")
    try:
        user = sandbox.workspace.person(who).id if who else None
    except ControlError as error:
        return web.json_response({"ok": False, "error": str(error)}, status=400)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    )
    with sandbox.notices.listening(user) as listener:
        await response.prepare(request)
        await response.write(_sse({"kind": "connection", "connected": sandbox.dispatch.connected}))
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    notice = await listener.queue.get()
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if notice["kind"] == "bye":
                break
            await response.write(_sse(notice))
    return response


def _sse(notice: Json) -> bytes:
    return f"data: {_dumps(notice)}\n\n".encode()


def control_routes() -> list[web.AbstractRouteDef]:
    """The control API's routes."""
    return [
        web.get("/control/stream", _stream),
        web.get("/control/{name}", _run),
        web.post("/control/{name}", _run),
        web.delete("/control/{name}", _run),
    ]
