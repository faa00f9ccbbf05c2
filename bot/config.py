"""Settings from the environment, read once and frozen. What is wrong is said in a sentence that names the setting."""

import re
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SLACK_API = "https://slack.com/api/"
_HOST = re.compile(r"[A-Za-z0-9._:%-]+")


class SettingsError(Exception):
    """A setting is missing or wrong; the text says what to set. The process ends with exit code 2."""


class LogFormat(StrEnum):
    """How log lines look."""

    CONSOLE = "console"
    JSON = "json"


class Settings(BaseSettings):
    """Everything that can be set, under the names of the environment variables."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=False, env_ignore_empty=True)

    database_url: str = "sqlite:///okr.db"
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = SLACK_API
    okr_clock_url: str | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    sandbox_port: Annotated[int, Field(ge=0, le=65535)] = 8065
    log_format: LogFormat = LogFormat.CONSOLE

    @field_validator("slack_api_url", "okr_clock_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
            raise ValueError("must be an http or https address")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, value: str) -> str:
        return value if value.endswith("/") else f"{value}/"

    @field_validator("host")
    @classmethod
    def _is_a_host(cls, value: str) -> str:
        if not _HOST.fullmatch(value):
            raise ValueError("must be a name or an address")
        return value

    @field_validator("log_format", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @property
    def over_http(self) -> bool:
        """Whether Slack's requests come over HTTP: a signing secret is set, and no app token (it means Socket Mode)."""
        return self.slack_app_token is None and self.slack_signing_secret is not None

    @property
    def clock_address(self) -> str | None:
        """Where the movable clock is read. Obeyed only beside a Slack on this machine: never in production."""
        return self.okr_clock_url if is_loopback(self.slack_api_url) else None


def is_loopback(address: str) -> bool:
    """Whether an http address is on this machine."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_EXPECTED = {
    "host": "a name or an address of this machine, for example 127.0.0.1 or 0.0.0.0",
    "okr_clock_url": "an http or https address; leave it out for the real time",
    "port": "a number from 0 to 65535, for example 3000",
    "sandbox_port": "a number from 0 to 65535, for example 8065",
    "log_format": "console or json",
    "slack_api_url": "an http or https address; leave it out for Slack's own",
}


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError for a value that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]).lower()
        expected = _EXPECTED.get(name, "something else")
        raise SettingsError(f"{name.upper()} cannot be used as it is. Set it to {expected}.") from error


def require_bot_token(settings: Settings) -> None:
    """Raise SettingsError unless there is a bot token."""
    token = settings.slack_bot_token
    if token is None:
        raise SettingsError("SLACK_BOT_TOKEN is missing. Set it to the app's bot token; it begins with xoxb-.")
    if not token.get_secret_value().startswith("xoxb-"):
        raise SettingsError("SLACK_BOT_TOKEN is not a bot token. Set it to the one that begins with xoxb-.")


def require_slack(settings: Settings) -> None:
    """Raise SettingsError unless the settings are enough to talk to Slack, over Socket Mode or over HTTP."""
    require_bot_token(settings)
    app_token, secret = settings.slack_app_token, settings.slack_signing_secret
    if app_token is None and secret is None:
        raise SettingsError(
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. For Socket Mode, which needs no public address, "
            "set SLACK_APP_TOKEN to an app-level token with the scope connections:write (xapp-...). For HTTP mode, set "
            "SLACK_SIGNING_SECRET to the Signing Secret under Basic Information."
        )
    if app_token is not None:
        if not app_token.get_secret_value().startswith("xapp-"):
            raise SettingsError(
                "SLACK_APP_TOKEN is not an app-level token. Set it to the one that begins with xapp-, or leave it out "
                "and set SLACK_SIGNING_SECRET for HTTP mode."
            )
        return
    assert secret is not None
    if not secret.get_secret_value().strip() or secret.get_secret_value().startswith(("xoxb-", "xapp-", "xoxp-")):
        raise SettingsError(
            "SLACK_SIGNING_SECRET is not a signing secret. Set it to the Signing Secret under Basic Information; it is "
            "no token."
        )
