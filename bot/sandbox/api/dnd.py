"""dnd.*: who does not want to be disturbed, and until when."""

from __future__ import annotations

from bot.sandbox import dnd
from bot.sandbox.api.registry import Call, method
from bot.sandbox.entities import Json, Person
from bot.sandbox.errors import Refused

MOST_USERS = 50


def _status(call: Call, person: Person) -> Json:
    workspace = call.sandbox.workspace
    return dnd.status(person, workspace.zone_of(person), workspace.clock.now())


@method("dnd.info", scopes=("dnd:read",), tier=3, json_body=False)
def info(call: Call) -> Json:
    """One person's do-not-disturb; the bot's own, with its snooze, without `user`."""
    if not call.text("user"):
        return _status(call, call.sandbox.workspace.bot) | {"snooze_enabled": False}
    return _status(call, call.person())


@method("dnd.teamInfo", scopes=("dnd:read",), tier=2, json_body=False)
def team_info(call: Call) -> Json:
    """The same for up to fifty people; unknown ids are left out."""
    asked = [user for user in call.text("users").split(",") if user]
    if not asked:
        raise Refused("no_users_provided")
    if len(asked) > MOST_USERS:
        raise Refused("too_many_users")
    people = call.sandbox.workspace.people
    return {"users": {user: _status(call, people[user]) for user in asked if user in people}}
