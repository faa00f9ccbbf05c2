"""What people write to each other: who takes part, what the app hears of it (nothing), and commands used there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot.sandbox.errors import SandboxError
from bot.sandbox.sandbox import Sandbox
from tests.local_slack import LocalSlackError, eventually
from tests.sandbox.conftest import EVENTS, SCOPES, Running, Starter, manifest

Json = dict[str, Any]

ALL_KINDS = "public_channel,private_channel,im,mpim"
ALL_SCOPES = (*SCOPES, "mpim:read", "mpim:history", "mpim:write", "groups:history", "files:read")


@pytest.fixture
def slack(start_slack: Starter) -> Running:
    return start_slack(manifest=manifest(scopes=ALL_SCOPES, events=(*EVENTS, "message.mpim")))


def open_dm(slack: Running, user: str, *others: str) -> str:
    return str(slack.post("open-dm", user=user, **{"with": list(others)})["channel"])


def test_two_people_have_one_conversation_whoever_begins_it(slack: Running) -> None:
    channel = open_dm(slack, "ana", "tom")
    assert channel.startswith("D")
    assert open_dm(slack, "tom", "ana") == channel
    slack.say("ana", "Shall we meet?", channel="@tom")
    slack.say("tom", "At two.", channel=channel)
    assert [one["text"] for one in slack.messages("ana", channel)] == ["Shall we meet?", "At two."]
    with pytest.raises(LocalSlackError, match="cannot see this channel"):
        slack.messages("maria", channel)
    with pytest.raises(LocalSlackError, match="cannot see this channel"):
        slack.command("maria", "/okr", channel=channel)


def test_several_people_have_one_group_however_they_are_named(slack: Running) -> None:
    channel = open_dm(slack, "ana", "tom", "maria", "tom")
    assert open_dm(slack, "maria", "ana", "tom") == channel
    assert channel != open_dm(slack, "ana", "tom")
    slack.say("ana", "All three of us", channel="@maria,@tom")
    assert [one["text"] for one in slack.messages("tom", channel)] == ["All three of us"]


@pytest.mark.parametrize("others", [("tom",), ("tom", "maria")], ids=["im", "mpim"])
def test_the_app_hears_and_sees_nothing_of_it(slack: Running, others: tuple[str, ...]) -> None:
    client = slack.client()
    channel = open_dm(slack, "ana", *others)
    said = slack.say("ana", "<@U0SANDBOXBOT> between us", channel=channel)
    slack.react("tom", channel, said["ts"], "tada")
    assert slack.events() == []
    for listed in (
        client.conversations_list(types=ALL_KINDS),
        client.users_conversations(types=ALL_KINDS),
        client.users_conversations(types=ALL_KINDS, user="U0ANA"),
    ):
        assert channel not in {one["id"] for one in listed["channels"]}
    calls = {
        "conversations.history": {}, "conversations.info": {}, "conversations.members": {},
        "conversations.replies": {"ts": said["ts"]}, "chat.postMessage": {"text": "hello"},
        "chat.getPermalink": {"message_ts": said["ts"]}, "conversations.open": {},
    }  # fmt: skip
    for method, more in calls.items():
        with pytest.raises(SlackApiError, match="channel_not_found"):
            client.api_call(method, params={"channel": channel, **more})


def test_a_file_of_two_people_is_none_of_the_apps(slack: Running) -> None:
    channel = open_dm(slack, "ana", "tom")
    file = slack.post("upload", user="ana", channel=channel, filename="plan.txt", text="secret")["file"]
    with pytest.raises(SlackApiError, match="file_not_found"):
        slack.client().files_info(file=file["id"])


@pytest.mark.parametrize(
    ("others", "name"), [(("tom",), "directmessage"), (("tom", "maria"), "mpdm-ana--tom--maria-1")]
)
def test_a_command_used_there_is_answered_to_its_user_alone(
    slack: Running, app: App, connect: Any, others: tuple[str, ...], name: str
) -> None:
    heard: list[Json] = []

    @app.command("/okr")
    def okr(ack: Any, command: Json, respond: Any) -> None:
        ack()
        heard.append(command)
        respond(text="for you")
        respond(text="for all", response_type="in_channel")

    connect(slack, app)
    channel = open_dm(slack, "ana", *others)
    slack.command("ana", "/okr", "help", channel=channel)
    eventually(lambda: len(slack.messages("ana", channel)) == 2, "both answers")
    assert (heard[0]["channel_id"], heard[0]["channel_name"]) == (channel, name)
    assert [one["text"] for one in slack.messages("ana", channel)] == ["for you", "for all"]
    assert [one["text"] for one in slack.messages("tom", channel)] == ["for all"]
    assert slack.events() == []


@pytest.mark.parametrize(
    ("who", "others", "sentence"),
    [
        ("ana", [], "at least one other person"),
        ("ana", ["ana"], "at least one other person"),
        ("ana", ["olaf"], "Olaf is deactivated"),
        ("ana", ["tom", "@bot"], "apps are not part"),
        ("ana", ["USLACKBOT"], "apps are not part"),
        ("gus", ["tom"], "no channel in common"),
        ("tom", ["gus"], "no channel in common"),
        ("tom", ["nobody"], "nobody called"),
    ],
)
def test_what_cannot_be_begun_is_refused_in_a_sentence(
    slack: Running, who: str, others: list[str], sentence: str
) -> None:
    before = len(slack.workspace()["channels"])
    with pytest.raises(LocalSlackError, match=sentence):
        open_dm(slack, who, *others)
    assert len(slack.workspace()["channels"]) == before


def test_a_guest_writes_to_those_in_the_own_channel_and_nine_are_the_most(slack: Running) -> None:
    assert open_dm(slack, "gus", "jonas").startswith("D")
    for number in range(9):
        slack.add_person(handle=f"p{number}", name=f"Person{number} One")
    assert open_dm(slack, "ana", *(f"p{number}" for number in range(8)))
    with pytest.raises(LocalSlackError, match="at most 9 people"):
        open_dm(slack, "ana", *(f"p{number}" for number in range(9)))


def test_nobody_joins_leaves_or_writes_to_who_has_left(slack: Running) -> None:
    pair, group = open_dm(slack, "ana", "tom"), open_dm(slack, "ana", "tom", "maria")
    for channel in (pair, group):
        with pytest.raises(LocalSlackError, match="cannot do this here"):
            slack.post("join", user="ana", channel=channel, invite="yuki")
        with pytest.raises(LocalSlackError, match="Nobody leaves"):
            slack.post("leave", user="ana", channel=channel)
    slack.say("ana", "hello", channel=pair)
    slack.change_person("tom", deleted=True)
    with pytest.raises(LocalSlackError, match="Tom is deactivated"):
        slack.say("ana", "still there?", channel=pair)
    assert open_dm(slack, "ana", "tom") == pair


def test_conversations_survive_a_restart(start_slack: Starter, tmp_path: Path) -> None:
    slack = start_slack(data=tmp_path)
    channel = open_dm(slack, "ana", "tom")
    slack.say("ana", "kept", channel=channel)
    again = Sandbox(data=tmp_path)
    assert [one.text for one in again.workspace.roots(channel)] == ["kept"]
    assert again.workspace.channels[channel].members == ["U0ANA", "U0TOM"]
    again.store.close()


SEED = """
people: [{handle: ana, name: Ana Torres}, {handle: tom, name: Tom Ellis}]
direct_messages: [DIRECT]
"""


def planted(tmp_path: Path, direct: str) -> Sandbox:
    seed = tmp_path / "seed.yaml"
    seed.write_text(SEED.replace("DIRECT", direct), encoding="utf-8")
    return Sandbox(seed=seed)


def test_a_seed_declares_them(tmp_path: Path) -> None:
    sandbox = planted(tmp_path, '{members: [tom, ana], messages: [{user: tom, text: "Hi @Ana Torres"}]}')
    channel = next(one for one in sandbox.workspace.channels.values() if one.is_im)
    assert (channel.members, channel.creator) == (["U0TOM", "U0ANA"], "U0TOM")
    assert [one.text for one in sandbox.workspace.roots(channel.id)] == ["Hi <@U0ANA>"]
    sandbox.store.close()
    group = planted(tmp_path, "{members: [ana, tom], bot: true}")
    assert [one.kind for one in group.workspace.channels.values()] == ["mpim"]
    group.store.close()
    with pytest.raises(SandboxError, match="2 to 9 members, not 1"):
        planted(tmp_path, "{members: [ana]}")
    with pytest.raises(SandboxError, match="has no “topic”"):
        planted(tmp_path, "{members: [ana, tom], topic: x}")
