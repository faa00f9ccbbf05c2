"""The Slack app's manifest: manifest.json as it is for Socket Mode, and its variant for HTTP mode."""

import copy
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.config import SettingsError, is_loopback
from bot.web import SLACK_EVENTS

MANIFEST = Path(__file__).resolve().parents[1] / "manifest.json"
LONGEST_ADDRESS = 2900
"""Characters; Slack takes 3,000 for the address of a command, ours adds the path."""


def read_manifest() -> dict[str, Any]:
    """What the repository holds: Socket Mode."""
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return manifest


def over_http(manifest: dict[str, Any], address: str) -> dict[str, Any]:
    """The same app with its requests sent to `address`, the bot's public one. Raises SettingsError for no such one."""
    url = request_url(address)
    made = copy.deepcopy(manifest)
    for command in made["features"]["slash_commands"]:
        command["url"] = url
    settings = made["settings"]
    settings["event_subscriptions"] = {"request_url": url, **settings["event_subscriptions"]}
    settings["interactivity"] |= {"request_url": url, "message_menu_options_url": url}
    settings["socket_mode_enabled"] = False
    return made


def request_url(address: str) -> str:
    """Where Slack sends to when the bot is reached at `address`. Raises SettingsError where Slack would not take it."""
    wrong = _what_is_wrong(address)
    if wrong is not None:
        raise SettingsError(
            f"--http needs the address at which Slack reaches the bot, and {address[:80]!r} {wrong}. "
            "Write for example https://okr.example.com."
        )
    return address.rstrip("/").removesuffix(SLACK_EVENTS) + SLACK_EVENTS


def _what_is_wrong(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no address"
    if not re.fullmatch(r"[!-~]+", address) or not host or parts.scheme not in {"http", "https"}:
        return "is no address that begins with https://"
    if parts.scheme == "http" and not is_loopback(address):
        return "is not encrypted: Slack sends to https:// only (http:// is for this machine alone)"
    if parts.username is not None or parts.password is not None:
        return "has a user or a password in it"
    if parts.query or parts.fragment or "?" in address or "#" in address:
        return "has a part after ? or #"
    return "is too long" if len(address) > LONGEST_ADDRESS else None
