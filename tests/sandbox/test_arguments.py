"""Arguments no client of Slack's sends, but somebody's does: odd numbers, cursors, tokens and texts."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox.sandbox import Sandbox
from tests.local_slack import LocalSlackError
from tests.sandbox.conftest import RealTime, Running, manifest

Json = dict[str, Any]


@pytest.fixture(scope="module")
def one_slack() -> Iterator[Running]:
    real_time = RealTime()
    running = Running(Sandbox(manifest=manifest(), real_time=real_time, rate_limits=False), real_time)
    yield running
    running.stop()


def ask(slack: Running, method: str, body: str, *, token: str | None = "xoxb-sandbox") -> Json:
    headers = {"Content-Type": "application/json; charset=utf-8"} | (
        {"Authorization": f"Bearer {token}"} if token else {}
    )
    request = urllib.request.Request(f"{slack.api_url}{method}", data=body.encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=5) as response:
        answer: Json = json.load(response)
        return answer


@pytest.mark.parametrize("limit", ["1e999", "true", '"1_0"', '"٣"', "2.5", '"many"', "-1"])
def test_a_limit_that_is_no_whole_number_is_refused(one_slack: Running, limit: str) -> None:
    answer = ask(one_slack, "conversations.history", f'{{"channel": "C0GENERAL", "limit": {limit}}}')
    assert answer["error"] == "invalid_limit"


@pytest.mark.parametrize(
    ("method", "limit", "error"),
    [
        ("conversations.list", 1000, None),
        ("conversations.list", 1001, "invalid_limit"),
        ("users.conversations", 999, None),
        ("users.conversations", 1000, "invalid_limit"),
        ("users.list", 5000, None),
        ("conversations.list", 0, None),
        ("conversations.list", -1, "invalid_limit"),
    ],
)
def test_a_page_may_be_as_large_as_documented(one_slack: Running, method: str, limit: int, error: str | None) -> None:
    request = urllib.request.Request(
        f"{one_slack.api_url}{method}?limit={limit}", headers={"Authorization": "Bearer xoxb-sandbox"}
    )
    with urllib.request.urlopen(request, timeout=5) as response:
        assert json.load(response).get("error") == error


@pytest.mark.parametrize("cursor", ["next:-1", "next:1_0", "next:", "next:٣", "next_ts:1", "next_ts:-123456789012345"])
@pytest.mark.parametrize("method", ["conversations.history", "conversations.list"])
def test_a_cursor_nobody_was_given_is_refused(one_slack: Running, method: str, cursor: str) -> None:
    made_up = base64.b64encode(cursor.encode()).decode()
    query = f"?channel=C0GENERAL&cursor={made_up}"
    assert ask(one_slack, method + query, "{}")["error"] == "invalid_cursor"


def test_an_app_token_counts_in_the_header_alone(one_slack: Running) -> None:
    answer = ask(one_slack, "apps.connections.open?token=xapp-sandbox", "{}", token=None)
    assert answer["error"] == "not_authed"


def test_pages_of_history_stay_whole_while_messages_come_and_go(slack: Running) -> None:
    client = slack.client()
    stamps = [str(client.chat_postMessage(channel="U0ANA", text=str(number))["ts"]) for number in range(6)]
    first = client.conversations_history(channel="D0ANA", limit=2)
    assert [one["text"] for one in first["messages"]] == ["5", "4"]
    client.chat_postMessage(channel="U0ANA", text="new")
    client.chat_delete(channel="D0ANA", ts=stamps[5])
    client.chat_delete(channel="D0ANA", ts=stamps[3])
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_history(channel="D0ANA", limit=2, cursor=cursor)
    assert [one["text"] for one in second["messages"]] == ["2", "1"]


def test_pages_of_a_thread_stay_whole_while_replies_go(slack: Running) -> None:
    client = slack.client()
    root = str(client.chat_postMessage(channel="U0ANA", text="root")["ts"])
    replies = [
        str(client.chat_postMessage(channel="U0ANA", text=str(number), thread_ts=root)["ts"]) for number in range(4)
    ]
    first = client.conversations_replies(channel="D0ANA", ts=root, limit=2)
    assert [one["text"] for one in first["messages"]] == ["root", "0", "1"]
    client.chat_delete(channel="D0ANA", ts=replies[0])
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_replies(channel="D0ANA", ts=root, limit=2, cursor=cursor)
    assert [one["text"] for one in second["messages"]] == ["2", "3"]
    assert second["has_more"] is False


@pytest.mark.parametrize("thread_ts", ["0", "abc", "17954011486 96556"])
def test_a_thread_ts_that_is_no_ts_is_named(one_slack: Running, thread_ts: str) -> None:
    answer = ask(one_slack, "chat.postMessage", json.dumps({"channel": "U0ANA", "text": "x", "thread_ts": thread_ts}))
    assert answer["error"] == "invalid_thread_ts"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {thread_ts} is not a valid thread_ts"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"text": " \n\t"}, "no_text"),
        ({"attachments": [{}]}, "no_text"),
        ({"attachments": [{"color": "#ff0000", "text": ""}]}, "no_text"),
        ({"attachments": [{"color": "#ff0000", "text": "seen"}]}, None),
        ({"text": {"type": "mrkdwn", "text": "x"}}, "invalid_arguments"),
        ({"text": ["a", "b"]}, "invalid_arguments"),
        ({"text": 45}, None),
    ],
)
def test_a_message_says_something(one_slack: Running, content: Json, error: str | None) -> None:
    answer = ask(one_slack, "chat.postMessage", json.dumps({"channel": "U0ANA", **content}))
    assert answer.get("error") == error


def test_pictures_are_looked_for_in_blocks_alone(one_slack: Running) -> None:
    unreachable = "http://printer.local/a.png"
    image = {"type": "image", "image_url": unreachable, "alt_text": "x"}
    elsewhere = {
        "metadata": {"event_type": "a", "event_payload": {"image_url": unreachable, "slack_file": {"id": "F1"}}},
        "attachments": [{"text": "x", "image_url": unreachable}],
    }
    post = {"channel": "U0ANA", "text": "x"}
    assert ask(one_slack, "chat.postMessage", json.dumps(post | elsewhere))["ok"]
    answer = ask(one_slack, "chat.postMessage", json.dumps(post | {"attachments": [{"blocks": [image]}]}))
    assert answer["error"] == "invalid_attachments"
    assert answer["errors"] == ["downloading image failed [json-pointer:/attachments/0/blocks/0/image_url]"]


def test_blocks_validate_counts_characters_and_expands_markdown(one_slack: Running) -> None:
    faces = {"type": "section", "text": {"type": "plain_text", "text": "\N{SLIGHTLY SMILING FACE}" * 2900}}
    assert ask(one_slack, "blocks.validate", json.dumps({"blocks": [faces] * 10}), token=None)["ok"]
    assert ask(one_slack, "blocks.validate", json.dumps({"blocks": [faces] * 40}), token=None)["error"] == (
        "invalid_arguments"
    )
    rules = {"type": "markdown", "text": "---\n" * 51}
    answer = ask(one_slack, "blocks.validate", json.dumps({"blocks": [rules]}), token=None)
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["message"] == "no more than 50 items allowed"


@pytest.mark.parametrize(("size", "error"), [(256_000, "invalid_arguments"), (256_001, "view_too_large")])
def test_a_view_may_take_250_kilobytes(one_slack: Running, size: int, error: str) -> None:
    empty = {"type": "modal", "private_metadata": ""}
    filler = size - len(json.dumps(empty, separators=(",", ":")))
    body = json.dumps({"trigger_id": "x", "view": empty | {"private_metadata": "x" * filler}})
    answer = ask(one_slack, "views.open", body)
    assert answer["error"] == error
    if error == "view_too_large":
        assert "response_metadata" not in answer


def test_a_reply_for_the_whole_channel_says_so(one_slack: Running) -> None:
    root = ask(one_slack, "chat.postMessage", '{"channel": "C0OPERATIONS", "text": "root"}')["ts"]
    reply = {"channel": "C0OPERATIONS", "text": "all of you", "thread_ts": root}
    loud = ask(one_slack, "chat.postMessage", json.dumps(reply | {"reply_broadcast": True}))["message"]
    quiet = ask(one_slack, "chat.postMessage", json.dumps(reply))["message"]
    assert (loud["subtype"], quiet.get("subtype")) == ("thread_broadcast", None)


def test_every_profile_has_pictures(one_slack: Running) -> None:
    profile = ask(one_slack, "users.info?user=U0ANA", "{}")["user"]["profile"]
    assert all(profile[f"image_{size}"].startswith("https://") for size in (24, 32, 48, 72, 192, 512))


def test_a_conversation_has_a_locale_when_asked(one_slack: Running) -> None:
    assert "locale" not in ask(one_slack, "conversations.info?channel=C0GENERAL", "{}")["channel"]
    assert ask(one_slack, "conversations.info?channel=C0GENERAL&include_locale=true", "{}")["channel"]["locale"]


def test_a_message_has_fifty_different_reactions_at_most(one_slack: Running) -> None:
    post = {"channel": "C0OPERATIONS", "timestamp": one_slack.say("ana", "hello", channel="#operations")["ts"]}
    for number in range(50):
        who = ("ana", "jonas", "maria")[number // 20]
        one_slack.react(who, "#operations", post["timestamp"], f"face_{number}")
    assert ask(one_slack, "reactions.add", json.dumps(post | {"name": "one_more"}))["error"] == "too_many_emoji"
    assert ask(one_slack, "reactions.add", json.dumps(post | {"name": "face_1"}))["ok"]


BAD_SECTION = {"type": "section", "text": {"type": "invalid", "text": "x"}}
UNSUPPORTED = {
    "code": "failed_constraint",
    "message": "unsupported type: invalid",
    "constraint": {"type": "enum", "expected": ["plain_text", "mrkdwn"], "got": "invalid"},
}


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"blocks": [BAD_SECTION]}, "/0/text/type"),
        ({"blocks": json.dumps([BAD_SECTION])}, "/0/text/type"),
        ({"message": {"blocks": [BAD_SECTION]}}, "/blocks/0/text/type"),
        ({"message": {"attachments": [{"blocks": [BAD_SECTION]}]}}, "/attachments/0/blocks/0/text/type"),
        (
            {"view": {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [BAD_SECTION]}},
            "/blocks/0/text/type",
        ),
    ],
)
def test_blocks_validate_points_into_what_it_was_given(one_slack: Running, given: Json, pointer: str) -> None:
    answer = ask(one_slack, "blocks.validate", json.dumps(given), token=None)
    assert answer["error"] == f"invalid_{next(iter(given))}"
    assert answer["errors"][-1] == UNSUPPORTED | {"pointer": pointer}


def test_blocks_validate_takes_a_message_without_a_text(one_slack: Running) -> None:
    answer = ask(one_slack, "blocks.validate", '{"message": {"text": "x", "blocks": []}}', token=None)
    assert answer["error"] == "invalid_message"
    assert [one["message"] for one in answer["errors"]] == ["invalid additional property: text"]


@pytest.mark.parametrize("given", [{"blocks": "[{"}, {}, {"blocks": "[]", "view": "{}"}])
def test_blocks_validate_needs_one_argument_of_json(one_slack: Running, given: Json) -> None:
    assert ask(one_slack, "blocks.validate", json.dumps(given), token=None)["error"] == "invalid_arguments"


def test_an_empty_argument_counts_as_none(one_slack: Running) -> None:
    assert ask(one_slack, "conversations.list?types=", "{}")["ok"]
    assert ask(one_slack, "bots.info?bot=", "{}")["ok"]


@pytest.mark.parametrize(
    ("content_type", "error"),
    [
        ("text/plain", None),
        ("application/json; charset=ISO-8859-1", None),
        ("application/json; charset=us-ascii", "invalid_charset"),
        ("application/xml", "invalid_post_type"),
    ],
)
def test_a_body_has_one_of_the_documented_types_and_charsets(
    one_slack: Running, content_type: str, error: str | None
) -> None:
    headers = {"Content-Type": content_type, "Authorization": "Bearer xoxb-sandbox"}
    request = urllib.request.Request(f"{one_slack.api_url}auth.test", data=b"{}", headers=headers)
    with urllib.request.urlopen(request, timeout=5) as response:
        assert json.load(response).get("error") == error


def test_a_call_that_cannot_be_read_is_in_the_log_all_the_same(one_slack: Running) -> None:
    assert ask(one_slack, "auth.test", "{")["error"] == "invalid_json"
    entry = one_slack.calls("auth.test")[-1]
    assert (entry["payload"], entry["answer"]) == ({}, {"ok": False, "error": "invalid_json"})


def test_an_unknown_method_is_unknown_whatever_comes_with_it(one_slack: Running) -> None:
    assert ask(one_slack, "chat.shout", "{") == {"ok": False, "error": "unknown_method", "req_method": "chat.shout"}


@pytest.mark.parametrize("wish", [{"times": 0}, {"times": -1}, {"seconds": -1}, {"retry_after": -5}])
def test_a_fault_that_makes_no_sense_is_refused(one_slack: Running, wish: Json) -> None:
    with pytest.raises(LocalSlackError, match="at least once"):
        one_slack.post("faults", method="auth.test", kind="slow", **wish)
    assert one_slack.get("faults")["faults"] == []
