"""The registry of control calls, and how their arguments name people, channels and messages."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox import direct_messages
from bot.sandbox.entities import Channel, Message, Person
from bot.sandbox.errors import ControlError
from bot.sandbox.sandbox import Sandbox

Wish = dict[str, Any]
Action = Callable[[Sandbox, Wish], Awaitable[Any]]

WINDOW = re.compile(r"[A-Za-z0-9-]{1,40}")

ACTIONS: dict[tuple[str, str], Action] = {}


def action(verb: str, path: str) -> Callable[[Action], Action]:
    """Register a control call; its arguments are the query and, for POST, the JSON body."""

    def register(run: Action) -> Action:
        ACTIONS[verb, path] = run
        return run

    return register


def need(wish: Wish, name: str) -> Any:
    """An argument that must be there."""
    value = wish.get(name)
    if value is None or value == "":
        raise ControlError(f"“{name}” is missing.")
    return value


def acting_person(sandbox: Sandbox, wish: Wish) -> Person:
    """Who acts."""
    return sandbox.workspace.person(str(need(wish, "user")))


def present_person(sandbox: Sandbox, wish: Wish) -> Person:
    """Who acts; nobody does after they were deactivated."""
    person = acting_person(sandbox, wish)
    if person.deleted:
        raise ControlError(f"{person.shown_name} is deactivated.")
    return person


def named_channel(sandbox: Sandbox, wish: Wish, person: Person) -> Channel:
    """The channel the call names; left out: the person's DM with the bot. `@tom` is the DM with Tom, `@tom,@maria` the
    group DM with both."""
    where = str(wish.get("channel") or "@bot")
    if where.startswith("@"):
        return direct_messages.start(sandbox.workspace, person, named_people(sandbox, where))
    return sandbox.workspace.channel(where, person)


def named_people(sandbox: Sandbox, written: Any) -> list[Person]:
    """People by id, handle or name: a list, or text with commas between them."""
    names = written if isinstance(written, list) else str(written).split(",")
    return [sandbox.workspace.person(str(name).strip()) for name in names if str(name).strip()]


def named_window(wish: Wish) -> str:
    """The browser window something happens in; empty where nobody says."""
    window = str(wish.get("window") or "")
    if window and not WINDOW.fullmatch(window):
        raise ControlError("The name of a window has up to 40 letters, digits and hyphens.")
    return window


def named_message(sandbox: Sandbox, wish: Wish, person: Person) -> Message:
    """The kept message the call names by channel and ts."""
    channel = named_channel(sandbox, wish, person)
    if not sandbox.workspace.can_see(person, channel):
        raise ControlError(f"{person.shown_name} cannot see this channel.")
    return sandbox.workspace.message(channel.id, str(need(wish, "ts")))
