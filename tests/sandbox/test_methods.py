"""Every method against every usual mistake, in a table."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox.api import METHODS
from bot.sandbox.api.registry import Method
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import RealTime, Running, manifest

Json = dict[str, Any]

EXPECTED_METHODS = {
    *("api.test", "apps.connections.open", "auth.test", "blocks.validate", "bots.info", "dnd.info", "dnd.teamInfo"),
    *("chat.delete", "chat.getPermalink", "chat.postEphemeral", "chat.postMessage", "chat.update"),
    *(f"conversations.{name}" for name in ("create", "history", "info", "invite", "join", "list", "members", "open")),
    *("conversations.replies", "files.completeUploadExternal", "files.getUploadURLExternal", "files.info"),
    *("reactions.add", "reactions.get", "reactions.remove", "team.info", "usergroups.list", "usergroups.users.list"),
    *("users.conversations", "users.info", "users.list", "users.lookupByEmail", "users.profile.get"),
    *("views.open", "views.publish", "views.push", "views.update"),
}
ALL_SCOPES = tuple(sorted({scope for method in METHODS.values() for scope in method.scopes}))

MODAL = '{"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [{"type": "divider"}]}'
HOME = '{"type": "home", "blocks": [{"type": "divider"}]}'

Table = Iterator[Running]


def served(scopes: tuple[str, ...]) -> Running:
    real_time = RealTime()
    return Running(Sandbox(manifest=manifest(scopes=scopes), real_time=real_time, rate_limits=False), real_time)


@pytest.fixture(scope="module")
def slack() -> Table:
    running = served(ALL_SCOPES)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def unscoped() -> Table:
    running = served(("commands",))
    yield running
    running.stop()


def answer(slack: Running, method: str, token: str | None = "xoxb-sandbox", **arguments: Any) -> Json:
    body = urllib.parse.urlencode(arguments).encode()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"{slack.api_url}{method}", data=body or None, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=5) as response:
        said: Json = json.load(response)
    return said


def needing_a_token() -> list[Method]:
    return [method for method in METHODS.values() if method.token is not None]


def names(methods: list[Method]) -> list[str]:
    return [method.name for method in methods]


def test_the_methods_a_bot_like_ours_calls_are_all_there() -> None:
    assert set(METHODS) == EXPECTED_METHODS


@pytest.mark.parametrize("method", needing_a_token(), ids=names(needing_a_token()))
def test_a_call_needs_the_right_token(slack: Running, method: Method) -> None:
    assert answer(slack, method.name, token=None) == {"ok": False, "error": "not_authed"}
    assert answer(slack, method.name, token="xoxb-other") == {"ok": False, "error": "invalid_auth"}
    other_kind = "xoxb-sandbox" if method.token == "app" else "xapp-sandbox"
    if method.name != "auth.test":
        assert answer(slack, method.name, token=other_kind) == {"ok": False, "error": "not_allowed_token_type"}


SCOPED = [method for method in METHODS.values() if method.scopes]


@pytest.mark.parametrize("method", SCOPED, ids=names(SCOPED))
def test_a_call_needs_one_of_its_scopes(unscoped: Running, method: Method) -> None:
    body = answer(unscoped, method.name)
    assert body["error"] == "missing_scope"
    assert body["needed"] == ",".join(method.scopes)
    assert body["provided"] == "commands"


REQUIRED = [(method, name) for method in METHODS.values() for name in method.required]


@pytest.mark.parametrize(("method", "name"), REQUIRED, ids=[f"{method.name}-{name}" for method, name in REQUIRED])
def test_a_call_needs_its_arguments(slack: Running, method: Method, name: str) -> None:
    given = {other: "x" for other in method.required if other != name}
    body = answer(slack, method.name, **given)
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == [f"[ERROR] missing required field: {name}"]


WITH_A_CHANNEL = [
    method for method in METHODS.values() if "channel" in method.required or method.name.startswith("reactions.")
]


@pytest.mark.parametrize("channel", ["C0NOWHERE", "C0BOARD", "nonsense"])
@pytest.mark.parametrize("method", WITH_A_CHANNEL, ids=names(WITH_A_CHANNEL))
def test_a_channel_the_app_does_not_know_is_not_found(slack: Running, method: Method, channel: str) -> None:
    given = {
        **dict.fromkeys(("ts", "message_ts", "timestamp"), "1700000000.000100"),
        **{"text": "x", "user": "U0ANA", "users": "U0ANA", "name": "tada", "channel": channel},
    }
    assert answer(slack, method.name, **given)["error"] == "channel_not_found"


REFUSALS = [
    ("auth.test", {"token": "xoxb-other"}, "invalid_auth"),
    ("bots.info", {"bot": "B0NOBODY"}, "bot_not_found"),
    ("team.info", {"team": "T0ELSEWHERE"}, "team_not_found"),
    ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ("users.list", {"cursor": "nonsense"}, "invalid_cursor"),
    ("users.conversations", {"types": "secret"}, "invalid_types"),
    ("users.conversations", {"user": "U0NOBODY"}, "user_not_found"),
    ("users.conversations", {"limit": "many"}, "invalid_limit"),
    ("users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found"),
    ("users.profile.get", {"user": "U0NOBODY"}, "user_not_found"),
    ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
    ("dnd.info", {"user": "U0NOBODY"}, "user_not_found"),
    ("dnd.teamInfo", {}, "no_users_provided"),
    ("conversations.list", {"types": "secret"}, "invalid_types"),
    ("conversations.list", {"cursor": "nonsense"}, "invalid_cursor"),
    ("conversations.list", {"limit": "many"}, "invalid_limit"),
    ("conversations.members", {"channel": "C0OPERATIONS", "cursor": "x"}, "invalid_cursor"),
    ("conversations.join", {"channel": "C0OLDOFFICE"}, "is_archived"),
    ("conversations.history", {"channel": "C0SALES"}, "not_in_channel"),
    ("conversations.history", {"channel": "C0GENERAL", "oldest": "monday"}, "invalid_ts_oldest"),
    ("conversations.history", {"channel": "C0GENERAL", "latest": "monday"}, "invalid_ts_latest"),
    ("conversations.replies", {"channel": "C0GENERAL", "ts": "1700000000.000100"}, "thread_not_found"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
    ("conversations.open", {"users": "U0OLAF"}, "user_disabled"),
    ("conversations.open", {"users": "U0ANA,U0NOBODY"}, "user_not_found"),
    ("conversations.open", {"channel": "C0GENERAL"}, "method_not_supported_for_channel_type"),
    ("conversations.open", {"users": "U0SANDBOXBOT"}, "cannot_dm_bot"),
    ("conversations.create", {}, "invalid_name_required"),
    ("conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
    ("conversations.create", {"name": "Sales Team"}, "invalid_name_specials"),
    ("conversations.create", {"name": "!!"}, "invalid_name_punctuation"),
    ("conversations.create", {"name": "sales"}, "name_taken"),
    ("conversations.invite", {"channel": "C0OPERATIONS"}, "no_user"),
    ("conversations.invite", {"channel": "C0OPERATIONS", "users": "U0NOBODY"}, "user_not_found"),
    ("conversations.invite", {"channel": "C0OPERATIONS", "users": "U0ANA"}, "already_in_channel"),
    ("conversations.invite", {"channel": "C0OPERATIONS", "users": "U0OLAF"}, "cant_invite"),
    ("conversations.invite", {"channel": "C0OPERATIONS", "users": "U0SANDBOXBOT"}, "cant_invite_self"),
    ("conversations.invite", {"channel": "C0SALES", "users": "U0ANA"}, "not_in_channel"),
    ("conversations.invite", {"channel": "C0OLDOFFICE", "users": "U0ANA"}, "is_archived"),
    ("chat.postMessage", {"channel": "C0GENERAL"}, "no_text"),
    ("chat.postMessage", {"channel": "C0OLDOFFICE", "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": "U0OLAF", "text": "x"}, "user_disabled"),
    ("chat.postMessage", {"channel": "C0GENERAL", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ("chat.postMessage", {"channel": "C0GENERAL", "markdown_text": "y" * 12_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": "C0GENERAL", "text": "x", "blocks": "{}"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "C0GENERAL", "text": "x", "metadata": "{}"}, "invalid_metadata_format"),
    ("chat.postMessage", {"channel": "C0GENERAL", "text": "x", "thread_ts": "1.2"}, "cannot_reply_to_message"),
    ("chat.postEphemeral", {"channel": "C0OPERATIONS", "user": "U0TOM", "text": "x"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": "C0OPERATIONS", "user": "U0ANA"}, "no_text"),
    ("chat.postEphemeral", {"channel": "C0OPERATIONS", "user": "U0ANA", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.update", {"channel": "C0GENERAL", "ts": "1700000000.000100", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": "C0GENERAL", "ts": "1700000000.000100"}, "message_not_found"),
    ("chat.getPermalink", {"channel": "C0GENERAL", "message_ts": "1700000000.000100"}, "message_not_found"),
    ("reactions.add", {"name": "tada"}, "no_item_specified"),
    ("reactions.add", {"name": "tada", "channel": "C0GENERAL", "timestamp": "soon"}, "bad_timestamp"),
    ("reactions.add", {"name": "tada", "channel": "C0GENERAL", "timestamp": "1700000000.000100"}, "message_not_found"),
    ("reactions.get", {}, "no_item_specified"),
    ("reactions.remove", {"name": "tada"}, "no_item_specified"),
    ("files.info", {"file": "F0NOTHING"}, "file_not_found"),
    ("files.getUploadURLExternal", {"filename": "a.png"}, "missing_argument"),
    ("files.completeUploadExternal", {"files": '[{"id": "F0NOTHING"}]'}, "file_not_found"),
    ("views.open", {"view": MODAL}, "invalid_arguments"),
    ("views.open", {"view": MODAL, "trigger_id": "1.2.x"}, "invalid_trigger_id"),
    ("views.push", {"view": MODAL, "trigger_id": "1.2.x"}, "invalid_trigger_id"),
    ("views.update", {"view": MODAL}, "invalid_arguments"),
    ("views.update", {"view": MODAL, "view_id": "V0NONE"}, "not_found"),
    ("views.update", {"view": MODAL, "external_id": "none"}, "not_found"),
    ("views.publish", {"view": MODAL, "user_id": "U0ANA"}, "invalid_arguments"),
    ("views.publish", {"view": HOME, "user_id": "U0NOBODY"}, "invalid_arguments"),
    ("blocks.validate", {}, "invalid_arguments"),
    ("blocks.validate", {"view": "{}", "blocks": "[]"}, "invalid_arguments"),
    ("api.test", {"error": "my_error"}, "my_error"),
    ("chat.shout", {}, "unknown_method"),
    ("users.info", {"user": "U0ANA", "team_id": "T0SANDBOX", "surprise": "x"}, None),
    ("users.info", {"user": "U0ANA", "sur prise": "x"}, "invalid_arg_name"),
    ("users.info", {"user[]": "U0ANA"}, "invalid_array_arg"),
]


@pytest.mark.parametrize(
    ("method", "arguments", "error"), REFUSALS, ids=[f"{method}-{error}" for method, _, error in REFUSALS]
)
def test_each_refusal_has_slacks_name(slack: Running, method: str, arguments: Json, error: str | None) -> None:
    body = answer(slack, method, **arguments)
    assert (body["ok"], body.get("error")) == (error is None, error)


def posted_raw(slack: Running, method: str, body: bytes, content_type: str | None) -> Json:
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": content_type or ""}
    request = urllib.request.Request(f"{slack.api_url}{method}", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=5) as response:
        said: Json = json.load(response)
    return said


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"{", "application/json; charset=utf-8", "invalid_json"),
        (b"[]", "application/json; charset=utf-8", "json_not_object"),
        (b"channel=C0GENERAL", "text/csv", "invalid_post_type"),
        (b"channel=C0GENERAL", "application/x-www-form-urlencoded; charset=klingon", "invalid_charset"),
    ],
)
def test_a_body_that_cannot_be_read_is_named(slack: Running, body: bytes, content_type: str, error: str) -> None:
    assert posted_raw(slack, "chat.postMessage", body, content_type)["error"] == error


def test_a_method_that_reads_forms_passes_json_over(slack: Running) -> None:
    body = posted_raw(slack, "users.info", b'{"user": "U0ANA"}', "application/json; charset=utf-8")
    assert body["response_metadata"]["messages"] == ["[ERROR] missing required field: user"]


def test_a_charset_that_is_missing_or_too_much_is_a_warning(slack: Running) -> None:
    assert posted_raw(slack, "auth.test", b"{}", "application/json")["warning"] == "missing_charset"
    form = posted_raw(slack, "auth.test", b"a=b", "application/x-www-form-urlencoded; charset=utf-8")
    assert form["response_metadata"]["warnings"] == ["superfluous_charset"]
    assert "warning" not in posted_raw(slack, "auth.test", b"{}", "application/json; charset=utf-8")


def test_a_token_inside_json_does_not_count(slack: Running) -> None:
    request = urllib.request.Request(
        f"{slack.api_url}auth.test",
        data=b'{"token": "xoxb-sandbox"}',
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    with urllib.request.urlopen(request, timeout=5) as response:
        assert json.load(response)["error"] == "not_authed"


@pytest.mark.parametrize("method", names(needing_a_token()))
def test_after_an_uninstall_every_call_is_refused(method: str, gone: Running) -> None:
    if METHODS[method].token == "bot":
        assert answer(gone, method) == {"ok": False, "error": "account_inactive"}
    else:
        assert answer(gone, method, token="xapp-sandbox")["ok"]


@pytest.fixture(scope="module")
def gone() -> Table:
    running = served(ALL_SCOPES)
    running.post("uninstall")
    yield running
    running.stop()
