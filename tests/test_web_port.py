"""Where the bot's web endpoints listen, when that cannot be had."""

import socket

import pytest
from pydantic import SecretStr

from bot.app import listen
from bot.config import Settings, SettingsError


def test_a_port_that_was_asked_for_and_is_taken_is_said_in_plain_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError) as refused:
            listen(Settings(host="127.0.0.1", port=port))
    assert (
        str(refused.value)
        == f"Port {port} on 127.0.0.1 cannot be used (Address already in use). Set PORT to a free one."
    )


@pytest.mark.parametrize("over_http", [False, True])
def test_a_usual_port_that_is_taken_is_done_without_in_socket_mode_and_said_over_http(over_http: bool) -> None:
    secret = SecretStr("secret") if over_http else None
    with socket.create_server(("127.0.0.1", 0)) as taken:
        # As if the port that nobody set were this one.
        settings = Settings.model_construct({"host"}, port=taken.getsockname()[1], slack_signing_secret=secret)
        if not over_http:
            assert listen(settings) is None
            return
        with pytest.raises(SettingsError, match=r"^Port \d+ on 127.0.0.1 cannot be used .+ Set PORT to a free one.$"):
            listen(settings)


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
def test_a_host_that_is_not_this_machine_is_named_and_not_the_port(host: str) -> None:
    with pytest.raises(SettingsError) as refused:
        listen(Settings(host=host, port=0))
    assert str(refused.value).startswith(f"HOST {host} is no address of this machine")
    assert "while attempting" not in str(refused.value)
