"""Settings: what is missing or wrong is said in a sentence that names what to set."""

import pytest

from bot.config import Settings, SettingsError, is_loopback, read_settings, require_bot_token, require_slack
from bot.store.session import DatabaseAddressError, read_address

GOOD = {"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_APP_TOKEN": "xapp-test"}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def test_without_anything_set_the_defaults_hold() -> None:
    settings = read_settings()
    assert settings.database_url == "sqlite:///okr.db"
    assert (settings.host, settings.port, settings.sandbox_port) == ("127.0.0.1", 3000, 8065)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.log_format == "console"
    assert settings.clock_address is None


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, PORT="", SLACK_BOT_TOKEN="").port == 3000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("SANDBOX_PORT", "8065x"),
        ("LOG_FORMAT", "xml"),
        ("SLACK_API_URL", "slack.com"),
        ("SLACK_API_URL", "ftp://slack.com/"),
        ("SLACK_API_URL", "http://["),
        ("OKR_CLOCK_URL", "nine o'clock"),
        ("OKR_CLOCK_URL", "http://["),
        ("HOST", "not a host"),
        ("HOST", "http://127.0.0.1"),
    ],
)
def test_a_wrong_value_is_answered_with_the_setting_s_name_and_what_to_set(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} cannot be used as it is\. Set it to .+\.$") as refused:
        given(monkeypatch, **{name: value})
    assert "something else" not in str(refused.value)


@pytest.mark.parametrize("value", ["mysql://h/d", "sqlite://", "nonsense"])
def test_a_database_that_is_none_of_both_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    settings = given(monkeypatch, DATABASE_URL=value)
    with pytest.raises(DatabaseAddressError, match="DATABASE_URL"):
        read_address(settings.database_url)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xapp-test"}, "SLACK_BOT_TOKEN is not a bot token"),
        ({"SLACK_BOT_TOKEN": "xoxb-test"}, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set"),
        ({"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_APP_TOKEN": "xoxb-test"}, "SLACK_APP_TOKEN is not an app-level token"),
        (
            {"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_SIGNING_SECRET": " "},
            "SLACK_SIGNING_SECRET is not a signing secret",
        ),
        (
            {"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_SIGNING_SECRET": "xapp-test"},
            "SLACK_SIGNING_SECRET is not a signing secret",
        ),
    ],
)
def test_what_slack_needs_is_named(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str) -> None:
    settings = given(monkeypatch, **values)
    with pytest.raises(SettingsError, match=named):
        require_slack(settings)


def test_with_both_tokens_everything_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, **GOOD)
    require_bot_token(settings)
    require_slack(settings)


@pytest.mark.parametrize(
    ("values", "over_http"),
    [
        ({"SLACK_APP_TOKEN": "xapp-test"}, False),
        ({"SLACK_SIGNING_SECRET": "secret"}, True),
        ({"SLACK_APP_TOKEN": "xapp-test", "SLACK_SIGNING_SECRET": "secret"}, False),
    ],
)
def test_the_app_token_means_socket_mode_and_the_signing_secret_alone_http(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], over_http: bool
) -> None:
    settings = given(monkeypatch, SLACK_BOT_TOKEN="xoxb-test", **values)
    require_slack(settings)
    assert settings.over_http is over_http


def test_tokens_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, **GOOD, SLACK_SIGNING_SECRET="topsecret")
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    assert not any(value in shown for value in ("xoxb-test", "xapp-test", "topsecret"))


@pytest.mark.parametrize(
    ("api", "obeyed"),
    [
        ("http://127.0.0.1:8065/api/", True),
        ("http://localhost:8065/api", True),
        ("http://[::1]:8065/api/", True),
        ("http://127.8.9.1/api/", True),
        ("https://slack.com/api/", False),
        ("http://127.0.0.1.example.com/api/", False),
        ("http://localhost.example.com/api/", False),
        ("http://127.0.0.1@example.com/api/", False),
        ("http://10.0.0.1/api/", False),
    ],
)
def test_a_movable_clock_is_obeyed_only_beside_a_slack_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, api: str, obeyed: bool
) -> None:
    clock = "http://127.0.0.1:8065/clock"
    settings = given(monkeypatch, SLACK_API_URL=api, OKR_CLOCK_URL=clock)
    assert settings.clock_address == (clock if obeyed else None)
    assert is_loopback(api) is obeyed
