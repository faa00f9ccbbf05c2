"""Slack stumbles in every way it can: each message still arrives once."""

import pytest

from bot.store.tables import Delivery
from tests.journeys.conftest import OpenOffice
from tests.journeys.office import ABROAD, COMPANY, NEW_YORK_MONDAY

pytestmark = pytest.mark.slow

FAULTS = ("429", "500", "reset-before", "reset-after")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stumbling_slack_gets_each_prompt_and_each_receipt_once(
    open_one: OpenOffice, sqlite_url: str, fault: str
) -> None:
    office = open_one(sqlite_url, company=COMPANY + ABROAD)
    office.start_bot()
    office.wait_for("prompt", ["sent"])  # it is noon in Kolkata
    office.slack.fail_next("chat.postMessage", fault, times=2, retry_after=1)
    office.slack.move_clock(to=NEW_YORK_MONDAY)
    office.wait_for("prompt", ["sent"] * 3)
    for person in ("ana", "priya", "tom"):
        assert len(office.bot_messages(person)) == 1, person

    office.slack.fail_next("chat.update", fault, times=2, retry_after=1)
    office.check_in("ana")
    office.wait_for("receipt", ["sent"])
    [message] = office.bot_messages("ana")
    assert "Saved" in message["text"]
    assert {row.state for row in office.rows(Delivery)} == {"sent"}
