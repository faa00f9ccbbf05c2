"""People come, move and leave, and the bot follows without being restarted."""

import pytest
from sqlalchemy import delete

from bot.store.tables import Member
from tests.journeys.bot_process import PATIENCE
from tests.journeys.conftest import OpenOffice
from tests.journeys.office import ABROAD, COMPANY, MONDAY, Office
from tests.local_slack import eventually

pytestmark = pytest.mark.slow


def member(office: Office, slack_id: str) -> Member | None:
    return next(iter(office.rows(Member, slack_id=slack_id)), None)


def test_somebody_who_has_just_joined_and_somebody_nobody_knows_are_answered_at_once(office: Office) -> None:
    office.start_bot()
    office.slack.add_person(handle="noor", name="Noor Haddad", tz="Asia/Amman")
    assert office.slack.command("noor", "/okr")["ok"]
    note = office.slack.wait_for_message("noor", "Your week", within=PATIENCE)
    assert "You own no key result" in note["text"]
    eventually(lambda: member(office, "U0NOOR"), "Noor to be known", PATIENCE)
    noor = member(office, "U0NOOR")
    assert noor is not None
    assert noor.zone == "Asia/Amman"

    office.change(delete(Member).where(Member.slack_id == "U0JONAS"))
    assert office.slack.command("jonas", "/okr")["ok"]
    office.slack.wait_for_message("jonas", "Your week", within=PATIENCE)
    found = member(office, "U0JONAS")
    assert found is not None
    assert found.is_admin


def test_a_member_who_moved_is_prompted_by_the_new_clock_and_one_who_left_not_at_all(
    open_one: OpenOffice, database_url: str
) -> None:
    office = open_one(database_url, company=COMPANY + ABROAD)
    office.slack.move_clock(to="2026-10-04T12:00:00+02:00")
    office.start_bot()
    eventually(lambda: member(office, "U0JONAS"), "everybody to be read", PATIENCE)
    office.slack.change_person("ana", tz="America/New_York")
    office.slack.change_person("priya", deleted=True)

    def known() -> bool:
        ana, priya = member(office, "U0ANA"), member(office, "U0PRIYA")
        return bool(ana and priya and ana.zone == "America/New_York" and priya.deactivated_at)

    eventually(known, "the changes to be known", PATIENCE)
    office.slack.move_clock(to=MONDAY)
    office.slack.move_clock(to="2026-10-05T08:55:00-04:00")
    assert office.okr_bot("tick", "--at", "2026-10-05T08:55:00-04:00").returncode == 0
    assert office.states("prompt") == []
    office.slack.move_clock(to="2026-10-05T09:00:00-04:00")
    office.wait_for("prompt", ["sent"] * 2)
    assert {person: len(office.bot_messages(person)) for person in ("ana", "tom")} == {"ana": 1, "tom": 1}
    assert "check_in_open" not in str(office.slack.messages("priya"))
