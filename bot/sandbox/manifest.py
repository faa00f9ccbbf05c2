"""What the app's manifest.json grants: scopes, slash commands, shortcuts, events. Without one everything is granted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.errors import SandboxError


@dataclass(frozen=True)
class Command:
    """A registered slash command; with `should_escape` typed names arrive as `<@U123|name>`."""

    name: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class Shortcut:
    """A registered shortcut; `kind` is `global` or `message`."""

    name: str
    kind: str
    callback_id: str
    description: str


@dataclass(frozen=True)
class Manifest:
    """The installed app. `scopes` and `events` of None mean "everything"."""

    name: str | None
    scopes: frozenset[str] | None
    events: frozenset[str] | None
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...] | None
    home_tab: bool = True
    messages_tab: bool = True
    request_url: str | None = None

    def command(self, name: str) -> Command | None:
        """The registered command, or None."""
        return next((command for command in self.commands if command.name == name), None)

    def wants(self, event: str) -> bool:
        """The app subscribed to this event."""
        return self.events is None or event in self.events


EVERYTHING = Manifest(
    name=None,
    scopes=None,
    events=None,
    commands=(Command("/okr", "The app's command", "[help]", should_escape=True),),
    shortcuts=None,
)


def read_manifest(path: Path | None) -> Manifest:
    """Read a manifest.json (schema 2); None gives an app with every scope and event and the one command `/okr`."""
    if path is None:
        return EVERYTHING
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SandboxError(f"The manifest {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SandboxError(f"The manifest {path} is not JSON: {error}.") from error
    return manifest_from(written)


def manifest_from(written: dict[str, Any]) -> Manifest:
    """The same for a manifest that is already parsed."""
    features = written.get("features", {})
    settings = written.get("settings", {})
    scopes = written.get("oauth_config", {}).get("scopes", {})
    subscriptions = settings.get("event_subscriptions", {})
    home = features.get("app_home", {})
    return Manifest(
        name=features.get("bot_user", {}).get("display_name") or written.get("display_information", {}).get("name"),
        scopes=frozenset([*scopes.get("bot", ()), *scopes.get("bot_optional", ())]),
        events=frozenset(subscriptions.get("bot_events", ())),
        commands=tuple(
            Command(
                name=command["command"],
                description=command.get("description", ""),
                usage_hint=command.get("usage_hint", ""),
                should_escape=bool(command.get("should_escape")),
            )
            for command in features.get("slash_commands", ())
        ),
        shortcuts=tuple(
            Shortcut(
                name=shortcut["name"],
                kind=shortcut["type"],
                callback_id=shortcut["callback_id"],
                description=shortcut.get("description", ""),
            )
            for shortcut in features.get("shortcuts", ())
        ),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        request_url=subscriptions.get("request_url") if not settings.get("socket_mode_enabled") else None,
    )
