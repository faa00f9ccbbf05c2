"""The Web API as unmodified clients see it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.local_slack import LocalSlackError
from tests.sandbox.conftest import SCOPES, Running, Starter, manifest

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello *there*"}}


def refusal(error: pytest.ExceptionInfo[SlackApiError]) -> dict[str, Any]:
    body: dict[str, Any] = error.value.response.data
    return body


def raw(slack: Running, path: str, *, body: bytes | None = None, **headers: str) -> tuple[dict[str, Any], Any]:
    request = urllib.request.Request(
        f"{slack.api_url}{path}", data=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response), response.headers


def test_the_sync_client_posts_to_a_person_and_learns_the_dm(slack: Running) -> None:
    answer = slack.client().chat_postMessage(channel="U0ANA", text="Hi", blocks=[SECTION])
    assert answer["channel"] == "D0ANA"
    message = answer["message"]
    assert message["bot_id"] == "B0SANDBOX"
    assert message["user"] == "U0SANDBOXBOT"
    assert message["blocks"][0]["text"]["verbatim"] is False
    assert message["blocks"][0]["block_id"]
    assert slack.messages("ana")[-1]["text"] == "Hi"


async def test_the_async_client_sends_arguments_in_the_query_and_is_understood(slack: Running) -> None:
    client = AsyncWebClient("xoxb-sandbox", base_url=slack.api_url)
    opened = await client.conversations_open(users="U0ANA")
    assert opened["channel"]["id"] == "D0ANA"
    posted = await client.chat_postMessage(channel="D0ANA", text="Hi")
    await client.reactions_add(channel="D0ANA", timestamp=str(posted["ts"]), name="tada")
    seen = await client.conversations_history(channel="D0ANA", limit=1)
    assert seen["messages"][0]["reactions"] == [{"name": "tada", "users": ["U0SANDBOXBOT"], "count": 1}]
    assert (await client.users_info(user="U0YUKI", include_locale=True))["user"]["locale"] == "ja-JP"


def test_arguments_come_from_query_and_form_and_the_header_token_wins(slack: Running) -> None:
    body, _ = raw(
        slack, "users.info?user=U0ANA&token=wrong", body=b"include_locale=1", Authorization="Bearer xoxb-sandbox"
    )
    assert body["user"]["locale"] == "en-US"
    body, _ = raw(slack, "auth.test?token=xoxb-sandbox")
    assert body["user_id"] == "U0SANDBOXBOT"


def test_scopes_and_a_request_id_come_with_every_answer(slack: Running) -> None:
    _, headers = raw(slack, "users.list", Authorization="Bearer xoxb-sandbox")
    assert headers["x-oauth-scopes"].split(",") == sorted(SCOPES)
    assert headers["x-accepted-oauth-scopes"] == "users:read"
    assert headers["x-slack-req-id"]


@pytest.mark.parametrize(
    ("token", "error"),
    [(None, "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
def test_a_wrong_token_is_named(slack: Running, token: str | None, error: str) -> None:
    body, _ = raw(slack, "users.list", Authorization=f"Bearer {token}" if token else "")
    assert body == {"ok": False, "error": error}


def test_an_unknown_method_is_named(slack: Running) -> None:
    body, _ = raw(slack, "chat.shout", Authorization="Bearer xoxb-sandbox")
    assert body["error"] == "unknown_method"


def test_a_scope_that_was_not_granted_is_missing(start_slack: Starter) -> None:
    slack = start_slack(manifest=manifest(scopes=("users:read", "im:history")))
    with pytest.raises(SlackApiError) as error:
        slack.client().chat_postMessage(channel="U0ANA", text="Hi")
    assert refusal(error)["error"] == "missing_scope"
    assert refusal(error)["needed"] == "chat:write"
    assert refusal(error)["provided"] == "im:history,users:read"
    channel = next(one for one in slack.workspace()["channels"] if one.get("name") == "general")
    with pytest.raises(SlackApiError) as error:
        slack.client().conversations_history(channel=channel["id"])
    assert refusal(error)["needed"] == "channels:history"


def test_a_missing_argument_is_named(slack: Running) -> None:
    body, _ = raw(slack, "users.info", Authorization="Bearer xoxb-sandbox")
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == ["[ERROR] missing required field: user"]


def test_bad_blocks_are_refused_in_slacks_words(slack: Running) -> None:
    with pytest.raises(SlackApiError) as error:
        slack.client().chat_postMessage(
            channel="U0ANA", text="x", blocks=[{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
        )
    body = refusal(error)
    assert body["error"] == "invalid_blocks"
    assert "must be less than 151 characters [json-pointer:/blocks/0/text/text]" in body["errors"]
    assert body["response_metadata"]["messages"][-1].startswith("[ERROR] ")
    assert slack.messages("ana") == []


def test_blocks_validate_needs_no_token(slack: Running) -> None:
    body, _ = raw(
        slack,
        "blocks.validate",
        body=json.dumps({"blocks": [SECTION]}).encode(),
        Content_Type="application/json; charset=utf-8",
    )
    assert body == {"ok": True}
    body, _ = raw(
        slack,
        "blocks.validate",
        body=b'{"blocks": [{"type": "nonsense"}]}',
        Content_Type="application/json; charset=utf-8",
    )
    assert body["error"] == "invalid_blocks"
    assert body["errors"][-1]["pointer"] == "/0/type"


def test_metadata_comes_back_from_history_and_replies_when_asked_for(slack: Running) -> None:
    client = slack.client()
    metadata = {"event_type": "delivery", "event_payload": {"key": "k-1"}}
    parent = client.chat_postMessage(channel="U0ANA", text="parent", metadata=metadata)
    channel, ts = str(parent["channel"]), str(parent["ts"])
    client.chat_postMessage(channel=channel, text="reply", thread_ts=ts, metadata=metadata)
    with_it = client.conversations_history(channel=channel, include_all_metadata=True)
    assert with_it["messages"][0]["metadata"] == metadata
    assert "metadata" not in client.conversations_history(channel=channel)["messages"][0]
    replies = client.conversations_replies(channel=channel, ts=ts, include_all_metadata=True)["messages"]
    assert [one["metadata"] for one in replies] == [metadata, metadata]
    assert replies[0]["reply_count"] == 1
    assert replies[1]["parent_user_id"] == "U0SANDBOXBOT"


def test_metadata_that_is_none_is_refused(slack: Running) -> None:
    with pytest.raises(SlackApiError, match="invalid_metadata_format"):
        slack.client().chat_postMessage(channel="U0ANA", text="x", metadata={"event_type": "a"})


def test_history_turns_pages_newest_first(slack: Running) -> None:
    client = slack.client()
    for number in range(5):
        client.chat_postMessage(channel="U0ANA", text=str(number))
    seen: list[str] = []
    for page in client.conversations_history(channel="D0ANA", limit=2):
        seen += [message["text"] for message in page["messages"]]
    assert seen == ["4", "3", "2", "1", "0"]


def test_history_takes_bounds(slack: Running) -> None:
    client = slack.client()
    stamps = [str(client.chat_postMessage(channel="U0ANA", text=str(number))["ts"]) for number in range(4)]
    between = client.conversations_history(channel="D0ANA", oldest=stamps[0], latest=stamps[3])["messages"]
    assert [message["text"] for message in between] == ["2", "1"]
    exact = client.conversations_history(channel="D0ANA", oldest=stamps[1], latest=stamps[1], inclusive=True)
    assert [message["text"] for message in exact["messages"]] == ["1"]


def test_a_foreign_channels_history_is_closed(slack: Running) -> None:
    channels = {one["name"]: one["id"] for one in slack.workspace()["channels"] if "name" in one}
    with pytest.raises(SlackApiError, match="not_in_channel"):
        slack.client().conversations_history(channel=channels["sales"])
    with pytest.raises(SlackApiError, match="channel_not_found"):
        slack.client().conversations_info(channel=channels["board"])


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("C0OLDOFFICE", "is_archived"),
        ("C0BOARD", "channel_not_found"),
        ("C0NOWHERE", "channel_not_found"),
        ("U0OLAF", "user_disabled"),
    ],
)
def test_posting_where_one_may_not_is_refused(slack: Running, where: str, error: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        slack.client().chat_postMessage(channel=where, text="Hi")
    assert refusal(refused)["error"] == error


def test_a_public_channel_without_the_bot_needs_a_scope_of_its_own(start_slack: Starter) -> None:
    slack = start_slack()
    assert slack.client().chat_postMessage(channel="C0SALES", text="Hi")["ok"]
    strict = start_slack(manifest=manifest(scopes=("chat:write",)))
    with pytest.raises(SlackApiError, match="not_in_channel"):
        strict.client().chat_postMessage(channel="C0SALES", text="Hi")


def test_users_are_listed_by_pages_with_zone_and_standing(slack: Running) -> None:
    people = [user for page in slack.client().users_list(limit=3) for user in page["members"]]
    by_name = {user["name"]: user for user in people}
    assert len(by_name) == len(people) == 10
    assert by_name["priya"]["tz"] == "Asia/Kolkata"
    assert by_name["priya"]["tz_offset"] == 19800
    assert by_name["maria"]["is_owner"]
    assert by_name["jonas"]["is_admin"]
    assert by_name["gus"]["is_restricted"]
    assert by_name["olaf"]["deleted"]
    assert by_name["tester"]["is_bot"]
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        slack.client().users_list(cursor="nonsense")


def test_conversations_are_listed_by_type(slack: Running) -> None:
    names = {
        one["name"] for one in slack.client().conversations_list(types="public_channel,private_channel")["channels"]
    }
    assert names == {"general", "operations", "sales", "contractors", "old-office"}
    assert slack.client().conversations_members(channel="C0OPERATIONS")["members"][0] == "U0ANA"
    with pytest.raises(SlackApiError, match="invalid_types"):
        slack.client().conversations_list(types="secret")


def test_a_deleted_message_with_replies_leaves_a_tombstone_until_the_last_reply_is_gone(slack: Running) -> None:
    client = slack.client()
    root = str(client.chat_postMessage(channel="C0GENERAL", text="root")["ts"])
    reply = str(client.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root)["ts"])
    client.chat_delete(channel="C0GENERAL", ts=root)
    stone = client.conversations_history(channel="C0GENERAL")["messages"][0]
    expected = {
        "type": "message", "subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT",
        "hidden": True, "ts": root, "thread_ts": root, "parent_user_id": "USLACKBOT", "reply_count": 1,
    }  # fmt: skip
    assert {name: stone.get(name) for name in expected} == expected
    thread = client.conversations_replies(channel="C0GENERAL", ts=root)["messages"]
    assert [one["text"] for one in thread] == ["This message was deleted.", "reply"]
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_delete(channel="C0GENERAL", ts=root)
    client.chat_delete(channel="C0GENERAL", ts=reply)
    assert root not in [one["ts"] for one in client.conversations_history(channel="C0GENERAL")["messages"]]


def test_only_own_messages_are_edited_and_deleted(slack: Running) -> None:
    client = slack.client()
    said = slack.say("ana", "mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        client.chat_update(channel=said["channel"], ts=said["ts"], text="yours")
    posted = client.chat_postMessage(channel="U0ANA", text="one")
    client.chat_update(channel="D0ANA", ts=str(posted["ts"]), text="two")
    shown = slack.messages("ana")[-1]
    assert shown["text"] == "two"
    assert shown["edited"]["user"] == "U0SANDBOXBOT"
    client.chat_delete(channel="D0ANA", ts=str(posted["ts"]))
    assert [one["text"] for one in slack.messages("ana")] == ["mine"]
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel="D0ANA", ts=str(posted["ts"]), text="three")
    other = client.chat_postMessage(channel="U0ANA", text="x")
    with pytest.raises(SlackApiError, match="msg_too_long"):
        client.chat_update(channel="D0ANA", ts=str(other["ts"]), text="x" * 4001)


def test_an_ephemeral_message_is_for_one_person_and_not_in_history(slack: Running) -> None:
    client = slack.client()
    client.chat_postEphemeral(channel="C0OPERATIONS", user="U0ANA", text="psst")
    assert slack.messages("ana", "#operations")[-1]["is_ephemeral"]
    assert all(one["text"] != "psst" for one in slack.messages("jonas", "#operations"))
    assert client.conversations_history(channel="C0OPERATIONS")["messages"] == []
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        client.chat_postEphemeral(channel="C0OPERATIONS", user="U0TOM", text="psst")


def test_a_reply_needs_a_parent(slack: Running) -> None:
    with pytest.raises(SlackApiError, match="cannot_reply_to_message"):
        slack.client().chat_postMessage(channel="U0ANA", text="x", thread_ts="1700000000.000000")


def test_a_permalink_names_the_message(slack: Running) -> None:
    client = slack.client()
    posted = client.chat_postMessage(channel="U0ANA", text="x")
    link = client.chat_getPermalink(channel="D0ANA", message_ts=str(posted["ts"]))["permalink"]
    assert link == f"{slack.url}/archives/D0ANA/p{str(posted['ts']).replace('.', '')}"


def test_a_long_text_is_split_as_slack_does(slack: Running) -> None:
    slack.client().chat_postMessage(channel="U0ANA", text="x" * 4040)
    assert len(slack.messages("ana")) == 1
    slack.client().chat_postMessage(channel="U0ANA", text="y" * 4041)
    assert [len(one["text"]) for one in slack.messages("ana")] == [4040, 4000, 41]


def test_ts_keeps_growing_when_the_clock_goes_back(slack: Running) -> None:
    client = slack.client()
    first = client.chat_postMessage(channel="U0ANA", text="x")
    slack.move_clock(to="2020-01-01T00:00:00Z")
    second = client.chat_postMessage(channel="U0ANA", text="x")
    assert str(second["ts"]) > str(first["ts"])


def test_too_many_messages_a_second_into_one_channel_are_held_back(slack: Running) -> None:
    client = slack.client()
    for _ in range(10):
        client.chat_postMessage(channel="U0ANA", text="a burst is tolerated")
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="U0ANA", text="x")
    assert error.value.response.status_code == 429
    assert int(error.value.response.headers["Retry-After"]) >= 1
    client.chat_postMessage(channel="U0JONAS", text="another channel is free")
    slack.real_time.pass_by(2)
    client.chat_postMessage(channel="U0ANA", text="and so is this one, later")
    slack.rate_limits(enabled=False)
    for _ in range(12):
        client.chat_postMessage(channel="U0ANA", text="x")


def test_a_tier_two_method_is_held_back_after_twenty_calls(slack: Running) -> None:
    for _ in range(20):
        slack.client().users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        slack.client().users_list()
    slack.client().users_info(user="U0ANA")


def test_a_fault_before_the_work_does_nothing(slack: Running) -> None:
    client = slack.client()
    client.retry_handlers = []
    slack.fail_next("chat.postMessage", "429", retry_after=7)
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="U0ANA", text="x")
    assert error.value.response.headers["Retry-After"] == "7"
    slack.fail_next("chat.postMessage", "reset-before")
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        client.chat_postMessage(channel="U0ANA", text="x")
    slack.fail_next("chat.postMessage", "500")
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="U0ANA", text="x")
    assert slack.messages("ana") == []
    client.chat_postMessage(channel="U0ANA", text="x")
    assert len(slack.messages("ana")) == 1


def test_a_reset_after_the_work_has_done_the_work(slack: Running) -> None:
    client = slack.client()
    client.retry_handlers = []
    slack.fail_next("chat.postMessage", "reset-after", times=1)
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        client.chat_postMessage(channel="U0ANA", text="there all the same")
    assert [one["text"] for one in slack.messages("ana")] == ["there all the same"]
    assert slack.calls("chat.postMessage")[-1]["failure"] == "Fault: reset-after"


def test_calls_are_in_the_log_without_the_token(slack: Running) -> None:
    raw(slack, "users.info?user=U0ANA&token=xoxb-sandbox")
    entry = slack.calls("users.info")[-1]
    assert entry["payload"] == {"user": "U0ANA"}
    assert entry["answer"]["user"]["name"] == "ana"


def test_rate_limits_may_be_set(slack: Running) -> None:
    client = slack.client()
    set_to = slack.post("limits", channel_burst=2, messages_per_second_and_channel=0.01, tier_2_calls_per_minute=1)
    assert (set_to["channel_burst"], set_to["enabled"]) == (2, True)
    for _ in range(2):
        client.chat_postMessage(channel="U0ANA", text="x")
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="U0ANA", text="x")
    assert 50 < int(error.value.response.headers["Retry-After"]) <= 100
    client.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.users_list()
    with pytest.raises(LocalSlackError, match="at least 1"):
        slack.post("limits", channel_burst=0)


def test_the_whole_workspace_has_a_limit_too(slack: Running) -> None:
    slack.post("limits", workspace_messages_per_minute=3)
    client = slack.client()
    for person in ("U0ANA", "U0TOM", "U0MARIA"):
        client.chat_postMessage(channel=person, text="x")
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.chat_postMessage(channel="U0PRIYA", text="x")


def test_what_the_workspace_holds_back_costs_the_channel_nothing(slack: Running) -> None:
    slack.post("limits", workspace_messages_per_minute=1, channel_burst=2, messages_per_second_and_channel=0.001)
    client = slack.client()
    client.chat_postMessage(channel="U0ANA", text="x")
    for _ in range(3):
        with pytest.raises(SlackApiError, match="ratelimited"):
            client.chat_postMessage(channel="U0ANA", text="x")
    slack.real_time.pass_by(60)
    assert client.chat_postMessage(channel="U0ANA", text="x")["ok"]
