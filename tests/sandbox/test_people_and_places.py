"""Channels and group DMs the app makes, people of every kind, do-not-disturb, and the app's own coming and going."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox import dnd
from bot.sandbox.entities import Person
from bot.sandbox.sandbox import Sandbox
from tests.local_slack import LocalSlackError, eventually
from tests.sandbox.conftest import EVENTS, SCOPES, Running, Starter, manifest

Json = dict[str, Any]

MORE_SCOPES = (
    *SCOPES,
    *("app_mentions:read", "channels:manage", "channels:join", "dnd:read", "groups:history", "groups:write"),
    *("mpim:write", "mpim:read", "mpim:history", "usergroups:read", "users:read.email", "users.profile:read"),
)
MORE_EVENTS = (
    *EVENTS,
    *("app_mention", "app_uninstalled", "channel_created", "dnd_updated_user", "member_left_channel"),
    *("message.groups", "message.mpim", "tokens_revoked"),
)


@pytest.fixture
def slack(start_slack: Starter) -> Running:
    return start_slack(manifest=manifest(scopes=MORE_SCOPES, events=MORE_EVENTS))


def kinds(slack: Running) -> list[str]:
    return [one["event"]["type"] for one in slack.events()]


def test_the_app_makes_a_channel_and_brings_people_in(slack: Running) -> None:
    client = slack.client()
    made = client.conversations_create(name="okr-q4")["channel"]
    assert made["creator"] == "U0SANDBOXBOT"
    assert made["is_member"]
    assert not made["is_private"]
    client.conversations_invite(channel=made["id"], users=["U0ANA", "U0TOM"])
    assert client.conversations_members(channel=made["id"])["members"] == ["U0SANDBOXBOT", "U0ANA", "U0TOM"]
    assert kinds(slack) == ["channel_created", "member_joined_channel", "member_joined_channel"]
    assert slack.events("member_joined_channel")[0]["event"]["inviter"] == "U0SANDBOXBOT"
    assert slack.say("ana", "hello", channel="#okr-q4")["ok"]


def test_a_private_channel_is_nobody_elses_business(slack: Running) -> None:
    made = slack.client().conversations_create(name="okr-board", is_private=True)["channel"]
    assert made["is_private"]
    assert kinds(slack) == []
    with pytest.raises(LocalSlackError, match="cannot see this channel"):
        slack.messages("ana", "#okr-board")


def test_nobody_is_invited_unless_all_may_come_or_the_app_insists(slack: Running) -> None:
    client = slack.client()
    with pytest.raises(SlackApiError) as refused:
        client.conversations_invite(channel="C0OPERATIONS", users="U0TOM,U0ANA")
    assert refused.value.response["errors"] == [{"user": "U0ANA", "ok": False, "error": "already_in_channel"}]
    assert "U0TOM" not in client.conversations_members(channel="C0OPERATIONS")["members"]
    client.conversations_invite(channel="C0OPERATIONS", users="U0TOM,U0ANA", force=True)
    assert "U0TOM" in client.conversations_members(channel="C0OPERATIONS")["members"]


def test_a_single_channel_guest_has_one_channel_and_a_stranger_needs_a_shared_one(slack: Running) -> None:
    slack.add_person(handle="sam", name="Sam Guest", single_channel_guest=True)
    slack.add_person(handle="zed", name="Zed Elsewhere", stranger=True)
    client = slack.client()
    client.conversations_invite(channel="C0OPERATIONS", users="U0SAM")
    with pytest.raises(SlackApiError, match="ura_max_channels"):
        client.conversations_invite(channel="C0GENERAL", users="U0SAM")
    with pytest.raises(SlackApiError, match="no_external_invite_permission"):
        client.conversations_invite(channel="C0GENERAL", users="U0ZED")


def test_a_group_dm_is_one_conversation_for_the_same_people(slack: Running) -> None:
    client = slack.client()
    first = client.conversations_open(users=["U0ANA", "U0TOM"])
    again = client.conversations_open(users=["U0TOM", "U0ANA"])
    assert first["channel"]["id"] == again["channel"]["id"]
    assert again["already_open"]
    channel = str(first["channel"]["id"])
    client.chat_postMessage(channel=channel, text="both of you")
    assert [one["text"] for one in slack.messages("tom", channel)] == ["both of you"]
    with pytest.raises(LocalSlackError, match="cannot see"):
        slack.messages("maria", channel)
    slack.say("ana", "yes", channel=channel)
    assert slack.events("message")[-1]["event"]["channel_type"] == "mpim"
    listed = client.conversations_list(types="mpim")["channels"]
    assert [one["is_mpim"] for one in listed] == [True]
    with pytest.raises(SlackApiError, match="too_many_users"):
        client.conversations_open(users=[f"U{number}" for number in range(9)])


def test_a_group_dm_needs_a_scope_of_its_own(start_slack: Starter) -> None:
    slack = start_slack()
    with pytest.raises(SlackApiError) as refused:
        slack.client().conversations_open(users="U0ANA,U0TOM")
    assert refused.value.response["needed"] == "mpim:write"


def test_do_not_disturb_follows_the_persons_own_night(slack: Running) -> None:
    slack.move_clock(to="2026-10-05T12:00:00Z")
    slack.change_person("yuki", dnd_start="22:00", dnd_end="08:00")
    night = slack.client().dnd_info(user="U0YUKI")
    assert night["dnd_enabled"]
    assert datetime.fromtimestamp(int(night["next_dnd_start_ts"]), UTC).isoformat() == "2026-10-05T13:00:00+00:00"
    assert datetime.fromtimestamp(int(night["next_dnd_end_ts"]), UTC).isoformat() == "2026-10-05T23:00:00+00:00"
    team = slack.client().dnd_teamInfo(users=["U0YUKI", "U0ANA", "U0NOBODY"])["users"]
    assert {user: one["dnd_enabled"] for user, one in team.items()} == {"U0YUKI": True, "U0ANA": False}
    assert kinds(slack) == ["dnd_updated_user"]
    with pytest.raises(LocalSlackError, match="such as 22:00"):
        slack.change_person("yuki", dnd_start="late")


def test_a_night_that_has_begun_is_the_one_that_counts() -> None:
    person = Person("U1", "a", "A", "Europe/Berlin", dnd_start="22:00", dnd_end="08:00")
    berlin = Sandbox().workspace.zone_of(person)
    status = dnd.status(person, berlin, datetime(2026, 10, 5, 1, 0, tzinfo=UTC))  # 3:00 in Berlin
    assert datetime.fromtimestamp(status["next_dnd_start_ts"], berlin).isoformat() == "2026-10-04T22:00:00+02:00"
    assert datetime.fromtimestamp(status["next_dnd_end_ts"], berlin).isoformat() == "2026-10-05T08:00:00+02:00"


def test_people_are_found_by_address_and_group(slack: Running) -> None:
    client = slack.client()
    address = client.users_info(user="U0ANA")["user"]["profile"]["email"]
    assert client.users_lookupByEmail(email=address.upper())["user"]["id"] == "U0ANA"
    slack.change_person("ana", status_text="On holiday", status_emoji=":palm_tree:")
    assert client.users_profile_get(user="U0ANA")["profile"]["status_text"] == "On holiday"
    group = client.usergroups_list(include_users=True)["usergroups"][0]
    assert client.usergroups_users_list(usergroup=group["id"])["users"] == group["users"]
    mine = client.users_conversations(types="public_channel")["channels"]
    assert {one["name"] for one in mine} == {"general", "operations", "contractors"}


def test_leaving_is_announced_also_of_the_app_itself(slack: Running) -> None:
    slack.post("leave", user="jonas", channel="#operations")
    event = slack.events("member_left_channel")[-1]["event"]
    assert (event["user"], event["channel"], event["channel_type"]) == ("U0JONAS", "C0OPERATIONS", "C")
    slack.post("leave", user="ana", channel="#operations", remove="@bot")
    assert slack.events("member_left_channel")[-1]["event"]["user"] == "U0SANDBOXBOT"
    slack.say("ana", "are you there?", channel="#operations")
    assert "message" not in kinds(slack)


def test_the_app_hears_its_name_in_a_channel(slack: Running) -> None:
    slack.say("ana", "<@U0SANDBOXBOT> help", channel="#operations")
    event = slack.events("app_mention")[-1]["event"]
    assert event["text"] == "<@U0SANDBOXBOT> help"
    assert event["channel"] == "C0OPERATIONS"
    slack.say("ana", "<@U0SANDBOXBOT> in our DM")
    assert kinds(slack).count("app_mention") == 1


def test_an_event_needs_its_scope(start_slack: Starter) -> None:
    scopes = tuple(scope for scope in SCOPES if scope != "reactions:read")
    slack = start_slack(manifest=manifest(scopes=scopes))
    said = slack.say("ana", "hello")
    slack.react("ana", "@bot", said["ts"], "tada")
    assert kinds(slack) == ["message"]


@pytest.mark.parametrize(
    ("how", "error", "events"),
    [
        ("uninstall", "account_inactive", ["tokens_revoked", "app_uninstalled"]),
        ("revoke", "token_revoked", ["tokens_revoked"]),
    ],
)
def test_an_app_that_is_taken_out_is_told_and_then_refused(
    slack: Running, how: str, error: str, events: list[str]
) -> None:
    slack.post("uninstall", how=how)
    assert kinds(slack) == events
    assert slack.events("tokens_revoked")[0]["event"]["tokens"] == {"oauth": [], "bot": ["U0SANDBOXBOT"]}
    with pytest.raises(SlackApiError, match=error):
        slack.client().auth_test()
    slack.say("ana", "is anybody there?")
    assert kinds(slack) == events
    assert "not installed" in slack.command("ana", "/okr")["failure"]
    slack.post("reinstall", token="xoxb-another")
    assert slack.client("xoxb-another").auth_test()["ok"]
    with pytest.raises(SlackApiError, match="invalid_auth"):
        slack.client().auth_test()
    slack.say("ana", "back again")
    eventually(lambda: kinds(slack)[-1] == "message", "the event after the return")
