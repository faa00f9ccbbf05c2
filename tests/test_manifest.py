"""manifest.json: within Slack's limits, and neither more nor less than the code registers and calls."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner

from bot.cli import app as cli
from bot.config import SettingsError
from bot.sandbox.manifest import manifest_from
from bot.slack import ids
from bot.slack.installation import CORE_SCOPES, OPTIONAL_SCOPES
from bot.slack.listeners import commands, events, register

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = json.loads((ROOT / "manifest.json").read_text())


def text(longest: int, shortest: int = 1) -> dict[str, Any]:
    return {"type": "string", "minLength": shortest, "maxLength": longest}


def closed(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(required), "additionalProperties": False,
    }  # fmt: skip


def some(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most, "uniqueItems": True}


BOOLEAN, INTEGER = {"type": "boolean"}, {"type": "integer"}
LIMITS = closed(
    {
        "_metadata": closed({"major_version": {"const": 2}, "minor_version": INTEGER}),
        "display_information": closed(
            {
                "name": text(35), "description": text(140), "long_description": text(4000, 175),
                "background_color": text(7, 4),
            },
            ("name",),
        ),
        "features": closed(
            {
                "bot_user": closed({"display_name": text(80), "always_online": BOOLEAN}, ("display_name",)),
                "app_home": closed(
                    {
                        "home_tab_enabled": BOOLEAN, "messages_tab_enabled": BOOLEAN,
                        "messages_tab_read_only_enabled": BOOLEAN,
                    }
                ),
                "shortcuts": some(
                    closed(
                        {
                            "name": text(24), "type": {"enum": ["message", "global"]}, "callback_id": text(255),
                            "description": text(150),
                        },
                        ("name", "type", "callback_id", "description"),
                    ),
                    10,
                ),
                "slash_commands": some(
                    closed(
                        {
                            "command": {**text(32, 2), "pattern": "^/"}, "description": text(2000),
                            "usage_hint": text(1000), "should_escape": BOOLEAN, "url": text(3000),
                        },
                        ("command", "description"),
                    ),
                    50,
                ),
            }
        ),
        "oauth_config": closed(
            {"scopes": closed({"bot": some(text(100), 255), "bot_optional": some(text(100), 255)}, ("bot",))}
        ),
        "settings": closed(
            {
                "event_subscriptions": closed({"request_url": text(3500), "bot_events": some(text(100), 100)}),
                "interactivity": closed(
                    {"is_enabled": BOOLEAN, "request_url": text(3500), "message_menu_options_url": text(3500)}
                ),
                "org_deploy_enabled": BOOLEAN,
                "socket_mode_enabled": BOOLEAN,
                "token_rotation_enabled": BOOLEAN,
            }
        ),
    },
    ("display_information",),
)  # fmt: skip

SCOPES: dict[str, frozenset[str]] = {
    "apps_connections_open": frozenset(),  # the app-level token's own scope
    "auth_test": frozenset(),
    "chat_postEphemeral": frozenset({"chat:write"}),
    "chat_postMessage": frozenset({"chat:write", "im:write"}),
    "chat_update": frozenset({"chat:write"}),
    "conversations_history": frozenset({"channels:history", "groups:history", "im:history"}),
    "conversations_members": frozenset({"channels:read", "groups:read"}),
    "conversations_open": frozenset({"im:write"}),
    "conversations_replies": frozenset({"channels:history", "groups:history", "im:history"}),
    "usergroups_list": frozenset({"usergroups:read"}),
    "usergroups_users_list": frozenset({"usergroups:read"}),
    "users_info": frozenset({"users:read"}),
    "users_list": frozenset({"users:read"}),
    "views_open": frozenset(),
    "views_update": frozenset(),
}
"""What the bot token needs for each Web API method that the code calls (a DM is posted to the user's id)."""
EVENT_SCOPES = {
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_members_changed": "usergroups:read",
    "team_join": "users:read",
    "user_change": "users:read",
}
COMMAND_SCOPE = "commands"
WITHOUT_A_CALL = {"chat:write.public", "users:read.email"}
"""Optional scopes that widen what a call may do or answers, and add no call."""


def called_methods() -> set[str]:
    """Every method of the Web API that bot/ names: as a client's attribute, or as `chat.postMessage` in a string."""
    offered = {name for name in dir(AsyncWebClient) if name[0].islower()} - {"api_call"}
    dotted = {name.replace("_", ".", 1): name for name in offered}
    found: set[str] = set()
    for file in (ROOT / "bot").rglob("*.py"):
        if "sandbox" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in offered and "_" in node.attr:
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and node.value in dotted and "_" in dotted[str(node.value)]:
                found.add(dotted[str(node.value)])
    return found


class _Recorder:
    """Takes the place of a Bolt app and writes down what is registered."""

    def __init__(self) -> None:
        self.registered: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Any:
        def register_one(*names: Any, **_matchers: Any) -> Any:
            self.registered.setdefault(kind, []).extend(names)
            return lambda listener: listener

        return register_one


@pytest.fixture(scope="module")
def registered() -> dict[str, list[Any]]:
    recorder = _Recorder()
    register(recorder, None)  # type: ignore[arg-type]
    return recorder.registered


def test_the_manifest_keeps_slack_s_limits() -> None:
    jsonschema.validate(MANIFEST, LIMITS, cls=jsonschema.Draft7Validator)


def test_commands_and_shortcuts_are_those_that_are_listened_to(registered: dict[str, list[Any]]) -> None:
    features = MANIFEST["features"]
    assert [each["command"] for each in features["slash_commands"]] == registered["command"] == [commands.COMMAND]
    assert [each["callback_id"] for each in features["shortcuts"]] == registered["shortcut"]


def test_people_in_a_command_are_escaped_so_that_they_can_be_told_apart() -> None:
    assert all(each["should_escape"] for each in MANIFEST["features"]["slash_commands"])


def test_events_are_those_that_are_listened_to(registered: dict[str, list[Any]]) -> None:
    subscribed = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    # `message.im` is subscribed to, and comes as `message`.
    named = sorted(name.partition(".")[0] for name in subscribed)
    assert named == sorted(registered["event"]) == sorted(events.HANDLERS)


def _hears(listener: str | re.Pattern[str], name: str) -> bool:
    return listener == name if isinstance(listener, str) else listener.fullmatch(name) is not None


def test_every_button_and_modal_has_a_listener(registered: dict[str, list[Any]]) -> None:
    heard = registered["action"]
    assert [name for name in ids.ACTIONS if not any(_hears(listener, name) for listener in heard)] == []
    assert set(registered["view"]) == {
        ids.CHECK_IN, ids.NEW_OBJECTIVE, ids.KEY_RESULT, ids.SEND_BACK, ids.SET_UP, ids.EDIT_OBJECTIVE,
        ids.EDIT_KEY_RESULT, ids.TEAM, ids.CYCLE, ids.HAND_OVER, ids.EDIT_CHECK_IN, ids.SETTINGS, ids.SNOOZE, ids.SKIP,
    }  # fmt: skip


def test_every_method_that_is_called_is_known_with_its_scopes() -> None:
    assert called_methods() == set(SCOPES)


def test_scopes_are_those_that_calls_and_events_need() -> None:
    needed = {COMMAND_SCOPE}.union(*(SCOPES[method] for method in called_methods()))
    needed |= {EVENT_SCOPES[name] for name in events.HANDLERS}
    scopes = MANIFEST["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == CORE_SCOPES == needed - set(OPTIONAL_SCOPES)
    assert set(scopes["bot_optional"]) == set(OPTIONAL_SCOPES) == WITHOUT_A_CALL | (needed & set(OPTIONAL_SCOPES))


def test_the_command_prints_it() -> None:
    printed = CliRunner().invoke(cli, ["manifest"])
    assert printed.exit_code == 0
    assert json.loads(printed.stdout) == MANIFEST


PUBLIC = "https://okr.example.com"


def over_http_at(address: str) -> Any:
    return CliRunner().invoke(cli, ["manifest", "--http", address])


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (PUBLIC, f"{PUBLIC}/slack/events"),
        (f"{PUBLIC}/", f"{PUBLIC}/slack/events"),
        (f"{PUBLIC}:8443/bots/okr", f"{PUBLIC}:8443/bots/okr/slack/events"),
        (f"{PUBLIC}/slack/events", f"{PUBLIC}/slack/events"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000/slack/events"),
        ("http://localhost:3000", "http://localhost:3000/slack/events"),
    ],
)
def test_for_http_mode_every_request_goes_to_the_bot_s_address(address: str, url: str) -> None:
    printed = over_http_at(address)
    assert printed.exit_code == 0
    made = json.loads(printed.stdout)
    jsonschema.validate(made, LIMITS, cls=jsonschema.Draft7Validator)
    settings = made["settings"]
    addresses = [
        settings["event_subscriptions"].pop("request_url"),
        settings["interactivity"].pop("request_url"),
        settings["interactivity"].pop("message_menu_options_url"),
        *(command.pop("url") for command in made["features"]["slash_commands"]),
    ]
    assert addresses == [url] * 4
    assert settings.pop("socket_mode_enabled") is False
    settings["socket_mode_enabled"] = True
    assert made == MANIFEST, "nothing else differs"


def test_the_local_slack_takes_the_manifest_for_http_mode_as_it_is() -> None:
    made = json.loads(over_http_at("http://127.0.0.1:3000").stdout)
    assert manifest_from(made).request_url == "http://127.0.0.1:3000/slack/events"
    assert manifest_from(MANIFEST).request_url is None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://okr.example.com", "not encrypted"),
        ("okr.example.com", "no address that begins with https://"),
        ("", "no address"),
        ("https://", "no address"),
        ("ftp://okr.example.com", "no address"),
        ("https://okr example.com", "no address"),
        ("https://[", "no address"),
        ("https://okr.example.com:port", "no address"),
        ("https://me:secret@okr.example.com", "a user or a password"),
        ("https://okr.example.com?x=1", "a part after ? or #"),
        ("https://okr.example.com#x", "a part after ? or #"),
        (f"https://okr.example.com/{'x' * 3000}", "too long"),
        ("http://127.0.0.1.example.com", "not encrypted"),
    ],
)
def test_an_address_that_slack_would_not_take_is_refused_with_a_sentence(address: str, why: str) -> None:
    refused = over_http_at(address)
    assert refused.exit_code != 0
    assert isinstance(refused.exception, SettingsError)
    assert why in str(refused.exception)
    assert "Write for example https://okr.example.com." in str(refused.exception)
    assert len(str(refused.exception)) < 300
