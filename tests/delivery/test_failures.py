"""Slack's error codes have a class, and each class a consequence."""

import pytest
from aiohttp import ClientConnectorError, ClientOSError
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError

from bot.delivery.failures import CODES, REACTIONS, Failure, classify, understand


def test_every_class_has_its_consequence() -> None:
    assert set(REACTIONS) == set(Failure)


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("ratelimited", Failure.LIMITED),
        ("fatal_error", Failure.UNCLEAR),
        ("service_unavailable", Failure.UNCLEAR),
        ("not_in_channel", Failure.NEEDS_HELP),
        ("restricted_action_read_only_channel", Failure.NEEDS_HELP),
        ("user_disabled", Failure.USER_GONE),
        ("token_revoked", Failure.INSTALL_BROKEN),
        ("missing_scope", Failure.INSTALL_BROKEN),
        ("invalid_blocks_format", Failure.OUR_BUG),
        ("metadata_too_large", Failure.OUR_BUG),
        ("invalid_metadata_schema", Failure.OUR_BUG),
        ("message_not_found", Failure.NO_LONGER_THERE),
        ("a_code_of_next_year", Failure.TEMPORARY),
    ],
)
def test_a_code_has_its_class(code: str, failure: Failure) -> None:
    assert classify(code) is failure


def test_no_code_is_in_two_classes() -> None:
    from bot.delivery.failures import _CODES_BY_CLASS

    assert len(CODES) == sum(len(codes.split()) for codes in _CODES_BY_CLASS.values())


def test_a_page_of_html_says_nothing_about_the_message() -> None:
    # What the asynchronous client makes of a 503 with HTML: an empty answer.
    error: Exception = SlackApiError("", {})  # type: ignore[no-untyped-call]
    assert understand(error).failure is Failure.UNCLEAR


def test_a_refused_connection_has_carried_nothing() -> None:
    key = ConnectionKey("slack.test", 443, True, True, None, None, None)
    assert understand(ClientConnectorError(key, OSError("refused"))).failure is Failure.TEMPORARY


@pytest.mark.parametrize("error", [ClientOSError("reset"), TimeoutError(), AttributeError("a surprise")])
def test_a_broken_connection_or_a_surprise_may_have_carried_the_message(error: Exception) -> None:
    assert understand(error).failure is Failure.UNCLEAR
