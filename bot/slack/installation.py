"""What Slack says of the bot's own installation: whose token it is, what it may do."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import SettingsError

log = structlog.get_logger()

CORE_SCOPES = frozenset(
    {
        "channels:history",
        "chat:write",
        "commands",
        "groups:history",
        "im:history",
        "im:write",
        "reactions:read",
        "users:read",
    }
)
OPTIONAL_SCOPES = MappingProxyType(
    {
        "channels:read": "teams cannot be kept in step with a public channel",
        "chat:write.public": "digests can only be posted in channels the bot was invited to",
        "groups:read": "teams cannot be kept in step with a private channel",
        "usergroups:read": "teams cannot be kept in step with a user group",
        "users:read.email": "people can only be matched by their Slack id, not by e-mail",
    }
)
"""Scope -> what is off without it."""


@dataclass(frozen=True)
class Installation:
    """Where the bot is installed. `scopes` is None where Slack does not say, as is its clock (in whole seconds)."""

    team: str
    team_name: str
    bot_user: str
    bot_id: str
    scopes: frozenset[str] | None
    slack_clock: datetime | None = None


async def read_installation(client: AsyncWebClient) -> Installation:
    """Who the bot token belongs to. Raises SettingsError with what to set."""
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise SettingsError(
            f"Slack does not accept SLACK_BOT_TOKEN ({_code(error)}). "
            "Set it to the Bot User OAuth Token (xoxb-...) of the installed app."
        ) from error
    except (ClientError, TimeoutError, OSError) as error:
        raise _unreachable(client, error) from error
    granted = answer.headers.get("x-oauth-scopes")
    return Installation(
        team=str(answer["team_id"]),
        team_name=str(answer.get("team") or answer["team_id"]),
        bot_user=str(answer["user_id"]),
        bot_id=str(answer.get("bot_id") or ""),
        scopes=None if granted is None else frozenset(each.strip() for each in granted.split(",") if each.strip()),
        slack_clock=_instant(answer.headers.get("Date")),
    )


def _instant(header: str | None) -> datetime | None:
    try:
        said = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return said.astimezone(UTC) if said.tzinfo else None


def missing_scopes(scopes: frozenset[str]) -> str | None:
    """What to do about scopes that nothing works without; None where they are all there."""
    missing = sorted(CORE_SCOPES - scopes)
    if not missing:
        return None
    return (
        f"The installed app lacks the scope{'s' if len(missing) > 1 else ''} {', '.join(missing)}. "
        "Update the app from manifest.json, install it again, and set SLACK_BOT_TOKEN to its new token."
    )


def check_scopes(scopes: frozenset[str] | None) -> None:
    """Raise SettingsError where a scope is missing that nothing works without; warn where a feature is off."""
    if scopes is None:
        return
    missing = missing_scopes(scopes)
    if missing is not None:
        raise SettingsError(missing)
    for scope, consequence in OPTIONAL_SCOPES.items():
        if scope not in scopes:
            log.warning("optional_scope_missing", scope=scope, consequence=consequence)


async def check_app_token(client: AsyncWebClient, app_token: str) -> None:
    """Raise SettingsError unless Slack accepts the app token for Socket Mode."""
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise SettingsError(
            f"Slack does not accept SLACK_APP_TOKEN ({_code(error)}). Set it to an app-level token (xapp-...) with the "
            "scope connections:write, and see that Socket Mode is switched on."
        ) from error
    except (ClientError, TimeoutError, OSError) as error:
        raise _unreachable(client, error) from error


def _code(error: SlackApiError) -> str:
    # The response may be a plain dict, the SDK's own, or aiohttp's, depending on how far the SDK got with reading it.
    data = getattr(error.response, "data", error.response)
    found = data.get("error") if isinstance(data, dict) else None
    return str(found or "no clear answer")


def _unreachable(client: AsyncWebClient, error: Exception) -> SettingsError:
    return SettingsError(
        f"Slack cannot be reached at {client.base_url} ({type(error).__name__}). "
        "Check the network, and SLACK_API_URL if you set it."
    )
