"""Slack stumbles in every way it can: each message still arrives once."""

from collections.abc import Sequence

import pytest

from bot.store.tables import Delivery
from tests.journeys.conftest import OpenOffice
from tests.journeys.office import ABROAD, COMPANY, MONDAY, SEED, Office

pytestmark = pytest.mark.slow

ALL_FAULTS = 100.0
"""Seconds: each unclear call is looked up only once it must be over, and the pauses between the tries grow."""
FAULTS = ("429", "500", "reset-before", "reset-after")
ANSWERS = {"ana": "KR-1 value", "priya": "KR-6 value", "tom": "KR-7 value"}
NEXT_DOOR = SEED.replace("Asia/Kolkata", "Europe/Berlin").replace("America/New_York", "Europe/Berlin")
"""Everybody has moved to one zone since the company was imported, so that all three prompts are due at once."""


def stumble(office: Office, method: str, faults: Sequence[str]) -> None:
    for fault in faults:
        office.slack.fail_next(method, fault, retry_after=1)


@pytest.mark.parametrize(("over_http", "faults"), [(False, FAULTS), (True, ("429",))], ids=["socket-all", "http-some"])
def test_a_slack_that_stumbles_in_every_way_still_gets_each_message_once(
    open_one: OpenOffice, sqlite_url: str, over_http: bool, faults: Sequence[str]
) -> None:
    office = open_one(sqlite_url, company=COMPANY + ABROAD, seed=NEXT_DOOR, over_http=over_http)
    office.start_bot()
    stumble(office, "chat.postMessage", faults)
    office.slack.move_clock(to=MONDAY)
    office.wait_for("prompt", ["sent"] * 3, within=ALL_FAULTS)
    for person in ANSWERS:
        assert len(office.bot_messages(person)) == 1, person

    stumble(office, "chat.update", faults)
    for person, label in ANSWERS.items():
        office.check_in(person, {label: "50"})
    office.wait_for("receipt", ["sent"] * 3, within=ALL_FAULTS)
    for person in ANSWERS:
        [message] = office.bot_messages(person)
        assert "Saved" in message["text"]
    assert office.slack.get("faults")["faults"] == []
    assert {row.state for row in office.rows(Delivery)} == {"sent"}
