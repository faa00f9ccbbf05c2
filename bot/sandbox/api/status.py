"""auth.test, api.test, apps.connections.open, team.info, bots.info, blocks.validate."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from bot.sandbox.api.registry import Call, method
from bot.sandbox.blockkit import Problem, problems, validate_view
from bot.sandbox.entities import Json
from bot.sandbox.errors import Refused
from bot.sandbox.rules import SCHEMA_CODES, message_problems

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
    """Slack's own check of exactly one of `blocks`, `view` or `message`; pointers begin inside what was given."""
    given = [name for name in ("blocks", "view", "message") if call.arguments.get(name) not in (None, "")]
    if len(given) != 1:
        # Documented without the `[ERROR]` that other methods put in front.
        said = ["must provide exactly one of `blocks`, `view`, or `message`"]
        raise Refused("invalid_arguments", response_metadata={"messages": said})
    name = given[0]
    value: Any = call.structure(name)
    written = call.arguments[name]
    if not isinstance(written, str):
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(written) > LARGEST_VALIDATED:
        too_long = f"must be less than {LARGEST_VALIDATED + 1} characters [json-pointer:/{name}]"
        raise Refused("invalid_arguments", messages=[too_long])
    found = _PROBLEMS[name](value)
    if found:
        raise Refused(f"invalid_{name}", errors=[_as_error(problem) for problem in found])
    return {}


def _problems_of_message(value: object) -> list[Problem]:
    """A message here has blocks and attachments alone, no text."""
    if not isinstance(value, dict):
        return [problems.wrong_type("object", "")]
    besides = [problems.additional_property(str(key), "") for key in value if key not in ("blocks", "attachments")]
    return [*message_problems({key: value[key] for key in ("blocks", "attachments") if key in value}), *besides]


def _inside(prefix: str, found: Iterable[Problem]) -> list[Problem]:
    return [replace(problem, pointer=problem.pointer.removeprefix(prefix)) for problem in found]


_PROBLEMS: Mapping[str, Callable[[object], list[Problem]]] = {
    "blocks": lambda value: _inside("/blocks", message_problems({"blocks": value})),
    "view": lambda value: _inside("/view", validate_view(value)),
    "message": _problems_of_message,
}


def _as_error(problem: Problem) -> Json:
    body = {key: value for key, value in asdict(problem).items() if value is not None}
    if problem.code not in SCHEMA_CODES:  # the error of a method that posts; here it is one line among others
        body["code"] = "invalid_type" if problem.message.startswith("must provide an ") else "failed_constraint"
    return body
