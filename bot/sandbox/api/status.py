"""auth.test, api.test, apps.connections.open, team.info, bots.info, blocks.validate."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from bot.sandbox.api.registry import Call, method
from bot.sandbox.blockkit import validate_view
from bot.sandbox.entities import Json
from bot.sandbox.errors import Refused
from bot.sandbox.rules import message_problems

LARGEST_VALIDATED = 100_000


@method("api.test", token=None, tier=4)
def api_test(call: Call) -> Json:
    """Answers its arguments, or the error asked for."""
    if call.text("error"):
        raise Refused(call.text("error"), args=dict(call.arguments))
    return {"args": {name: value for name, value in call.arguments.items() if name != "token"}}


@method("auth.test")
def auth_test(call: Call) -> Json:
    """Who the token belongs to."""
    team, workspace = call.sandbox.team, call.sandbox.workspace
    return {
        "url": f"{call.sandbox.base_url}/",
        "team": team.name,
        "user": workspace.bot.name,
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", token="app", tier=3)
def connections_open(call: Call) -> Json:
    """An address for one Socket Mode connection."""
    address = call.sandbox.base_url.replace("http", "ws", 1)
    ticket = call.sandbox.sockets.issue_ticket()
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.sandbox.team.app_id}"}


@method("team.info", scopes=("team:read",), tier=3)
def team_info(call: Call) -> Json:
    """The workspace."""
    team = call.sandbox.team
    if call.text("team") not in ("", team.id):
        raise Refused("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": f"{call.sandbox.base_url}/",
            "domain": team.domain,
            "email_domain": "",
            "icon": {"image_default": True},
            "avatar_base_url": "https://ca.slack-edge.com/",
            "is_verified": False,
        }
    }


@method("bots.info", scopes=("users:read",), tier=3, json_body=False)
def bots_info(call: Call) -> Json:
    """The app's bot, or another one of the workspace."""
    team = call.sandbox.team
    for robot in call.sandbox.workspace.people.values():
        app_id, bot_id = robot.bot_ids(team)
        if robot.is_bot and bot_id == call.text("bot", team.bot_id):
            bot = {"id": bot_id, "deleted": robot.deleted, "name": robot.real_name, "updated": robot.updated}
            return {"bot": bot | {"app_id": app_id, "user_id": robot.id, "icons": {}}}
    raise Refused("bot_not_found")


@method("blocks.validate", token=None)
def blocks_validate(call: Call) -> Json:
    """Slack's own check of exactly one of `blocks`, `view` or `message`."""
    given = [name for name in ("blocks", "view", "message") if call.arguments.get(name) not in (None, "")]
    if len(given) != 1:
        raise Refused("invalid_arguments", messages=["must provide exactly one of `blocks`, `view`, or `message`"])
    name = given[0]
    value: Any = call.structure(name, error=f"invalid_{name}")
    if name == "message" and not isinstance(value, dict):
        raise Refused("invalid_message")
    given_text = call.arguments[name]
    written = (
        given_text if isinstance(given_text, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    )
    if len(written) > LARGEST_VALIDATED:
        raise Refused("invalid_arguments", messages=[f"{name} must be less than {LARGEST_VALIDATED + 1} characters"])
    if name == "view":
        problems = validate_view(value)
    else:
        problems = message_problems({"blocks": value} if name == "blocks" else value)
    if problems:
        raise Refused(f"invalid_{name}", errors=[_as_error(problem) for problem in problems])
    return {}


def _as_error(problem: Any) -> Json:
    return {key: value for key, value in asdict(problem).items() if value is not None}
