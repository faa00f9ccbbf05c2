"""Seeds: the workspace a YAML file describes, and what is wrong with one, in a sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.errors import SandboxError
from bot.sandbox.sandbox import Sandbox
from tests.local_slack import LocalSlackError
from tests.sandbox.conftest import SCOPES, Running, Starter, manifest

Json = dict[str, Any]

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "sandbox.md"


@pytest.fixture
def slack(start_slack: Starter, tmp_path: Path) -> Running:
    """The workspace of the example in the documentation."""
    example = re.search(r"```yaml\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    seed = tmp_path / "seed.yaml"
    seed.write_text(example[1], encoding="utf-8")
    scopes = (*SCOPES, "dnd:read", "usergroups:read", "users:read.email")
    return start_slack(seed=seed, manifest=manifest(scopes=scopes))


def everybody(slack: Running) -> dict[str, Json]:
    return {one["name"]: one for one in slack.client("xoxb-mine").users_list(include_locale=True)["members"]}


def test_the_example_of_the_documentation_makes_a_workspace_of_every_kind_of_person(slack: Running) -> None:
    people = everybody(slack)
    assert people["ana"]["is_admin"]
    assert people["ana"]["profile"]["email"] == "ana@example.com"
    assert people["maria"]["is_primary_owner"]
    assert people["maria"]["locale"] == "de-DE"
    assert people["maria"]["profile"]["display_name"] == "Mia"
    assert people["gus"]["is_restricted"]
    assert people["sam"]["is_ultra_restricted"]
    assert people["olaf"]["deleted"]
    assert people["zoe"]["is_stranger"]
    assert people["zoe"]["team_id"] == people["zoe"]["profile"]["team"] == "T0CONTOSO"
    assert people["standup"]["is_bot"]
    assert people["standup"]["profile"]["bot_id"] != "B0SANDBOX"
    assert people["tom"]["profile"]["status_text"] == "On holiday"
    assert people["tom"]["profile"]["status_emoji"] == ":palm_tree:"
    assert people["tom"]["profile"]["status_expiration"] == 1_894_006_800


def test_nights_groups_and_places_of_the_example_are_there(slack: Running) -> None:
    client = slack.client("xoxb-mine")
    assert client.dnd_info(user="U0YUKI")["dnd_enabled"]
    assert client.usergroups_list(include_users=True)["usergroups"][0]["users"] == ["U0ANA", "U0TOM"]
    places = {one["name"]: one for one in slack.workspace()["channels"] if one.get("name")}
    assert places["board"]["is_private"]
    assert places["old-office"]["is_archived"]
    assert places["with-contoso"]["is_ext_shared"]
    assert places["sales"]["creator"] == "U0TOM"
    assert places["sales"]["topic"]["value"] == "Numbers by Friday"
    assert "U0GUS" not in places["general"]["members"]


def test_what_was_said_is_there_with_mentions_reactions_and_replies(slack: Running) -> None:
    said = slack.messages("ana", "#general")[0]
    assert said["text"] == "Good morning <@U0ANA>, how is KR-3?"
    assert said["reactions"] == [{"name": "wave", "users": ["U0ANA", "U0YUKI"], "count": 2}]
    thread = slack.messages("ana", "#general", thread_ts=said["ts"])
    assert [one["text"] for one in thread[1:]] == ["45,000 &amp; growing"]


def test_a_guest_sees_the_own_channel_only_and_a_stranger_the_shared_one(slack: Running) -> None:
    assert slack.messages("sam", "#with-contoso") == []
    with pytest.raises(LocalSlackError, match="cannot see"):
        slack.messages("sam", "#general")
    slack.say("zoe", "hello from Contoso", channel="#with-contoso")
    envelope = slack.events("message")[-1]
    assert envelope["is_ext_shared_channel"]
    assert envelope["event"]["user"] == "U0ZOE"


def test_another_bot_has_no_dm_with_the_app(slack: Running) -> None:
    with pytest.raises(SlackApiError, match="cannot_dm_bot"):
        slack.client("xoxb-mine").conversations_open(users="U0STANDUP")


ANA = "people: [{handle: ana, name: Ana}"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("people: [{name: A, guess: true}]", "person has no “guess”"),
        (f"{ANA}]\nchanels: []", "seed has no “chanels”"),
        (f"{ANA}]\nworkspace: {{tz: Europe/Berlin, color: red}}", "workspace has no “color”"),
        (f"{ANA}]\nworkspace: Northwind", "workspace must be a mapping"),
        (f"{ANA}, {{handle: ana, name: Ana Two}}]", "introduces “ana” twice"),
        ("people: [{name: A, deactivated: true}]", "nobody is there"),
        ("people: [{name: A, company: Contoso}]", "nobody is there"),
        (f"{ANA}, {{name: Zoe, company: Contoso}}]\nchannels: [{{name: x, members: [zoe]}}]", "x is not shared"),
        (
            f"{ANA}, {{name: Sam, single_channel_guest: true}}]\n"
            "channels: [{name: x, members: [sam]}, {name: y, members: [sam]}]",
            "single-channel guest and in two channels",
        ),
        (f"{ANA}]\nopens_as: tom", "somebody it does not introduce: tom"),
        (f"{ANA}]\nchannels: [{{members: [ana]}}]", "channel in the seed needs a name"),
        (f"{ANA}]\nchannels: [{{name: x, messages: [{{user: ana}}]}}]", "needs a user and a text"),
        (f"{ANA}]\nusergroups: [{{name: x}}]", "user group in the seed needs a handle"),
        ("people: [{name: A, dnd: {from: late, until: early}}]", "needs from and until"),
        ("people: [{name: A, dnd: {from: '22:00'}}]", "needs from and until"),
        ("people: [{name: A, status: {text: x, until: soon}}]", "is not a time"),
    ],
)
def test_what_is_wrong_with_a_seed_is_said_in_a_sentence(tmp_path: Path, written: str, sentence: str) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(written, encoding="utf-8")
    with pytest.raises(SandboxError, match=sentence):
        Sandbox(seed=seed)


def test_somebody_new_is_described_in_the_same_words(start_slack: Starter) -> None:
    slack = start_slack()
    assert slack.add_person(name="Noor Haddad", status="New here")["person"]["profile"]["status_text"] == "New here"
    with pytest.raises(LocalSlackError, match="person has no “guess”"):
        slack.add_person(name="Nobody", guess=True)


def test_what_a_person_of_another_company_says_and_presses_names_that_company(slack: Running) -> None:
    client = slack.client("xoxb-mine")
    slack.say("zoe", "hello", channel="#with-contoso")
    place = client.conversations_list()["channels"]
    shared = next(one for one in place if one["name"] == "with-contoso")
    assert shared["shared_team_ids"] == ["T0SANDBOX", "T0CONTOSO"]
    heard = slack.events("message")[-1]
    assert heard["is_ext_shared_channel"]
    said = heard["event"]
    assert said["user_team"] == said["source_team"] == said["team"] == "T0CONTOSO"
    post = client.chat_postMessage(
        channel=shared["id"],
        text="x",
        blocks=[
            {
                "type": "actions",
                "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
            }
        ],
    )
    slack.press("zoe", "go", channel=shared["id"], ts=post["ts"])
    payload = slack.calls(kind="interaction")[-1]["payload"]
    assert (payload["user"]["team_id"], payload["team"]["id"]) == ("T0CONTOSO", "T0SANDBOX")


def test_every_bot_can_be_looked_up(slack: Running) -> None:
    client = slack.client("xoxb-mine")
    robot = everybody(slack)["standup"]
    described = client.bots_info(bot=robot["profile"]["bot_id"])["bot"]
    assert (described["name"], described["user_id"]) == ("Standup Robot", robot["id"])
    assert client.bots_info()["bot"]["id"] == "B0SANDBOX"
    with pytest.raises(SlackApiError, match="bot_not_found"):
        client.bots_info(bot="B0NOBODY")


def test_a_dm_tells_that_its_person_has_left(slack: Running) -> None:
    client = slack.client("xoxb-mine")
    client.conversations_open(users="U0TOM")
    slack.post("person", user="tom", changes={"deleted": True})
    listed = client.conversations_list(types="im")["channels"]
    assert {one["user"]: one["is_user_deleted"] for one in listed}["U0TOM"]
