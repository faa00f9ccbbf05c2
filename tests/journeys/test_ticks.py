"""`okr-bot tick --at`: one beat at any instant, from a scheduler of the operator's own."""

import asyncio
from datetime import datetime

import pytest
from pydantic import SecretStr

from bot.app import tick_once
from bot.config import Settings
from bot.store.tables import Delivery
from tests.journeys.bot_process import PATIENCE
from tests.journeys.conftest import OpenOffice
from tests.journeys.office import ABROAD, CHANNEL, COMPANY, MONDAY, Office
from tests.local_slack import eventually

pytestmark = pytest.mark.slow


def tick(office: Office, at: str) -> int:
    """What `okr-bot tick --at` does, without starting a process each time. Answers how many messages were sent."""
    settings = Settings(
        database_url=office.database_url,
        slack_bot_token=SecretStr("xoxb-sandbox"),
        slack_api_url=office.slack.api_url,
    )
    ticked, drained = asyncio.run(tick_once(settings, office.database, datetime.fromisoformat(at)))
    assert (ticked.failed, drained.trouble, drained.held_elsewhere) == ((), None, False)
    return drained.sent


def prompted(office: Office) -> set[str]:
    people = {"ana", "maria", "priya", "tom"}
    messages = {person: len(office.bot_messages(person)) for person in people}
    assert set(messages.values()) <= {0, 1}, messages
    return {person for person, count in messages.items() if count}


@pytest.fixture
def three_zones(open_one: OpenOffice, database_url: str) -> Office:
    return open_one(database_url, company=COMPANY + ABROAD)


def test_everybody_is_prompted_once_at_nine_by_their_own_clock(three_zones: Office) -> None:
    office = three_zones
    before = office.okr_bot("tick", "--at", "2026-10-05T08:59:59+05:30")
    assert (before.returncode, "Sent 0" in before.stdout) == (0, True), before
    assert prompted(office) == set()
    tick(office, "2026-10-05T09:00:00+05:30")
    assert prompted(office) == {"priya"}
    tick(office, "2026-10-05T08:59:59+02:00")
    assert prompted(office) == {"priya"}
    assert [tick(office, "2026-10-05T09:00:00+02:00") for _ in range(2)] == [1, 0]
    assert prompted(office) == {"priya", "ana"}
    tick(office, "2026-10-05T09:00:00-04:00")
    assert prompted(office) == {"priya", "ana", "tom"}


def test_after_days_of_downtime_there_is_one_prompt_in_working_hours_and_one_digest(three_zones: Office) -> None:
    office = three_zones
    # Down from Sunday to the night before Wednesday: nobody is woken, in the morning everybody is asked once.
    tick(office, "2026-10-04T12:00:00+00:00")
    tick(office, "2026-10-07T02:00:00+02:00")
    assert prompted(office) == set()
    tick(office, "2026-10-07T09:00:00+02:00")
    tick(office, "2026-10-07T10:00:00+02:00")
    assert prompted(office) == {"ana", "priya"}
    tick(office, "2026-10-07T09:30:00-04:00")
    assert prompted(office) == {"ana", "priya", "tom"}
    tick(office, "2026-10-09T11:59:59+02:00")
    assert office.bot_messages("maria", CHANNEL) == []
    tick(office, "2026-10-09T12:00:00+02:00")
    tick(office, "2026-10-09T12:00:00+02:00")
    [digest] = office.bot_messages("maria", CHANNEL)
    assert "0 of 3 people answered" in digest["text"]


def test_who_has_answered_meanwhile_is_not_prompted_any_more(office: Office) -> None:
    office.start_bot()
    # Slack wants a pause before the prompt, and Ana is faster.
    office.slack.fail_next("chat.postMessage", "429", retry_after=4)
    office.slack.move_clock(to=MONDAY)
    eventually(lambda: office.slack.calls("chat.postMessage"), "the first try", PATIENCE)
    assert office.slack.command("ana", "/okr", "update KR-1 170 | KR-2 24500 | KR-3 91.5 | KR-4 7.85 | KR-5 =")["ok"]
    office.slack.wait_for_message("ana", "Saved", within=PATIENCE)
    office.wait_for("prompt", ["dropped"])
    assert office.bot_messages("ana") == []


def test_a_time_without_a_zone_is_refused_with_an_example(sqlite_office: Office) -> None:
    refused = sqlite_office.okr_bot("tick", "--at", "2026-10-05T09:00:00")
    assert (refused.returncode, "2026-10-05T09:00:00+00:00" in refused.stderr) == (2, True), refused
    assert sqlite_office.rows(Delivery) == []
