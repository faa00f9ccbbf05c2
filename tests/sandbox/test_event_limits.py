"""Events that are too many, and an app that takes none of them: what Slack withholds, and how it comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox import interactions
from bot.sandbox.control import workshop
from bot.sandbox.dispatch import Ack, NoAck
from bot.sandbox.errors import ControlError
from bot.sandbox.event_limits import EventLimits
from bot.sandbox.limits import RATES
from bot.sandbox.page.regions import Place, Regions
from bot.sandbox.page.rendering import page_environment
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import RealTime, Starter, manifest
from tests.sandbox.samples.driving import Listening

Json = dict[str, Any]


class Endpoint(Listening):
    """A Request URL that may fail."""

    works = True

    async def deliver(self, kind: str, payload: Json, *, attempt: int, reason: str, within: float) -> Ack | NoAck:
        taken = await super().deliver(kind, payload, attempt=attempt, reason=reason, within=within)
        return taken if self.works else NoAck("The app answered with status 500.", "http_error")

    def kinds(self) -> list[str]:
        return [payload.get("event", payload)["type"] for kind, payload in self.received if kind == "events_api"]


class Slack:
    """A local Slack whose app listens at a Request URL; every event is tried once."""

    def __init__(self, folder: Path, **rates: float) -> None:
        self.real_time = RealTime()
        self.sandbox = Sandbox(data=folder, manifest=manifest(), real_time=self.real_time, retry_delays=())
        self.endpoint = Endpoint()
        self.sandbox.dispatch.transports.insert(0, self.endpoint)
        self.sandbox.dispatch.http = self.endpoint
        self.sandbox.limits.set_rates(rates)

    async def say(self, times: int) -> None:
        workspace = self.sandbox.workspace
        ana = workspace.people["U0ANA"]
        for _ in range(times):
            await interactions.say(self.sandbox, ana, workspace.dm("U0ANA"), "hello")
        for _ in range(3):
            await asyncio.sleep(0)

    @property
    def banner(self) -> str:
        workspace = self.sandbox.workspace
        place = Place(workspace.people["U0ANA"], workspace.dm("U0ANA"), "", "messages")
        return Regions(self.sandbox, page_environment()).render("status", place)


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[Slack]:
    made = Slack(tmp_path, events_per_hour=60, events_per_hour_before_switch_off=20)
    yield made
    await made.sandbox.close()


async def test_an_app_that_fails_every_event_of_an_hour_is_sent_no_more_until_somebody_says_so(slack: Slack) -> None:
    slack.endpoint.works = False
    await slack.say(19)
    assert slack.banner == ""
    await slack.say(1)
    assert "is sent no events" in slack.banner
    assert slack.endpoint.kinds() == ["message"] * 20 + ["app_rate_limited"]
    await slack.say(3)
    slack.endpoint.works = True
    await slack.say(3)
    assert len(slack.endpoint.kinds()) == 21
    ana, channel = slack.sandbox.workspace.people["U0ANA"], slack.sandbox.workspace.dm("U0ANA")
    assert (await interactions.run_command(slack.sandbox, ana, channel, "/okr", ""))["ok"]
    await workshop.switch_events_on(slack.sandbox, {})
    assert slack.banner == ""
    await slack.say(2)
    assert slack.endpoint.kinds()[21:] == ["message"] * 2
    with pytest.raises(ControlError, match="not switched off"):
        await workshop.switch_events_on(slack.sandbox, {})


async def test_it_stays_switched_off_over_a_restart_but_not_for_socket_mode(slack: Slack, tmp_path: Path) -> None:
    slack.endpoint.works = False
    await slack.say(20)
    again = Slack(tmp_path)
    assert "is sent no events" in again.banner
    again.sandbox.dispatch.transports.insert(0, Listening())
    assert again.banner == ""
    await again.sandbox.close()


async def test_one_in_twenty_is_enough_and_old_failures_do_not_count(slack: Slack) -> None:
    await slack.say(1)
    slack.endpoint.works = False
    await slack.say(19)
    assert slack.banner == ""
    slack.real_time.pass_by(3601)
    await slack.say(19)
    assert slack.banner == ""
    await slack.say(1)
    assert "is sent no events" in slack.banner


async def test_above_the_hours_events_the_rest_is_lost_and_said_once_a_minute(slack: Slack) -> None:
    await slack.say(63)
    assert slack.endpoint.kinds() == ["message"] * 60 + ["app_rate_limited"]
    kind, told = slack.endpoint.received[-1]
    minute = told.pop("minute_rate_limited")
    assert minute % 60 == 0
    assert 0 <= slack.sandbox.clock.seconds() - minute < 120
    team = slack.sandbox.team
    assert (kind, told) == (
        "events_api",
        {"token": team.verification_token, "type": "app_rate_limited", "team_id": team.id, "api_app_id": team.app_id},
    )
    slack.real_time.pass_by(61)
    await slack.say(2)
    assert slack.endpoint.kinds()[60:] == ["app_rate_limited"] * 2
    slack.real_time.pass_by(3600)
    await slack.say(1)
    assert slack.endpoint.kinds()[-1] == "message"


async def test_without_rate_limits_no_event_is_withheld(slack: Slack) -> None:
    slack.sandbox.limits.enabled = False
    await slack.say(65)
    assert slack.endpoint.kinds() == ["message"] * 65


def test_the_limits_are_those_of_slacks_documents() -> None:
    now = 1_000_000.0
    limits = EventLimits(RATES, lambda: now)
    assert sum(limits.may_send() for _ in range(30_010)) == 30_000
    assert [limits.note(succeeded=False, first=True) for _ in range(1000)] == [False] * 999 + [True]


def test_a_large_workspace_is_listed_only_with_a_limit(start_slack: Starter) -> None:
    running = start_slack()
    client = running.client()
    assert len(client.users_list()["members"]) > 5
    running.post("limits", people_listed_without_limit=5)
    with pytest.raises(SlackApiError, match="limit_required"):
        client.users_list()
    assert len(client.users_list(limit=3)["members"]) == 3
