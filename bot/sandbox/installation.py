"""The app leaves the workspace and comes back: uninstalled, its token revoked, installed again."""

from __future__ import annotations

from bot.sandbox.entities import Json
from bot.sandbox.errors import ControlError
from bot.sandbox.sandbox import Sandbox

WAYS = {"uninstall": "account_inactive", "revoke": "token_revoked"}
"""How the app may go, and what its calls are answered from then on."""


def uninstall(sandbox: Sandbox, how: str) -> None:
    """Nothing reaches the app any more but tokens_revoked and, unless its token alone went, app_uninstalled."""
    if how not in WAYS:
        raise ControlError(f"No such way to go: “{how}”. There are {', '.join(WAYS)}.")
    team = sandbox.team
    if not team.installed:
        raise ControlError("The app is not installed.")
    team.installed, team.gone_as = False, WAYS[how]
    sandbox.workspace.keep_team()
    _tell(sandbox, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}})
    if how == "uninstall":
        _tell(sandbox, {"type": "app_uninstalled"})
    sandbox.notices.send("connection", connected=sandbox.dispatch.connected, connections=sandbox.sockets.connections)


def _tell(sandbox: Sandbox, event: Json) -> None:
    sandbox.dispatch.event(event["type"], event | {"event_ts": sandbox.workspace.next_ts()})


def reinstall(sandbox: Sandbox, token: str) -> None:
    """The app is back, with its old bot token or another one."""
    team = sandbox.team
    if team.installed:
        raise ControlError("The app is installed.")
    if token and not token.startswith("xoxb-"):
        raise ControlError("A bot token begins with xoxb-.")
    team.installed, team.gone_as = True, ""
    team.bot_token = token or team.bot_token
    sandbox.workspace.keep_team()
    sandbox.notices.send("connection", connected=sandbox.dispatch.connected, connections=sandbox.sockets.connections)
