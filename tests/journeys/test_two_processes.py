"""Two bots for one workspace: both listen, one sends, the other takes over."""

import pytest

from bot.store.tables import Delivery
from tests.journeys.bot_process import PATIENCE, BotProcess
from tests.journeys.office import CHANNEL, CLOSE, MONDAY, NEW_YORK_MONDAY, Office
from tests.local_slack import eventually

pytestmark = pytest.mark.slow


def is_sender(bot: BotProcess) -> bool:
    return "okr_bot_sending 1.0" in bot.ask("/metrics")[1]


def test_two_bots_prompt_everybody_once_and_when_the_sender_is_killed_the_other_takes_over(
    postgres_office: Office,
) -> None:
    office = postgres_office
    bots = [office.launch_bot(), office.launch_bot()]
    for bot in bots:
        bot.wait_until_connected()
    assert office.slack.workspace()["app"]["connections"] == 2
    # Kolkata's working hours are over by the time New York's begin.
    office.slack.move_clock(to=MONDAY)
    office.wait_for("prompt", ["sent"] * 2)
    office.slack.move_clock(to=NEW_YORK_MONDAY)
    office.wait_for("prompt", ["sent"] * 3)
    eventually(lambda: sum(map(is_sender, bots)) == 1, "exactly one bot to be the sender", PATIENCE)
    sender, other = sorted(bots, key=is_sender, reverse=True)

    sender.kill()
    eventually(lambda: office.slack.workspace()["app"]["connections"] == 1, "Slack to notice", PATIENCE)
    office.forget_the_last_holder()
    eventually(lambda: is_sender(other), "the other bot to take over", PATIENCE)
    office.check_in("ana")
    office.slack.move_clock(to=CLOSE)
    office.wait_for("digest_entry", ["sent"])
    for person in ("ana", "priya", "tom"):
        assert len(office.bot_messages(person)) == 1
    assert len(office.bot_messages("maria", CHANNEL)) == 1
    assert {row.state for row in office.rows(Delivery)} == {"sent"}


def test_a_second_bot_on_one_sqlite_file_is_refused_but_other_commands_work_beside_the_first(
    sqlite_office: Office,
) -> None:
    office = sqlite_office
    office.start_bot()
    refused = office.okr_bot("run")
    assert refused.returncode == 2
    assert "Another okr-bot run is using" in refused.stderr
    assert "DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr

    migrated = office.okr_bot("migrate")
    assert (migrated.returncode, "nothing had to be done" in migrated.stdout) == (0, True), migrated
    doctored = office.okr_bot("doctor")
    assert (doctored.returncode, "problem" in doctored.stdout) == (0, False), doctored
    ticked = office.okr_bot("tick", "--at", "2026-10-05T09:05:00+02:00")
    assert ticked.returncode == 0, ticked
    assert "Another process is sending for this workspace, so sending is left to it." in ticked.stdout
    office.slack.move_clock(to="2026-10-05T09:05:00+02:00")
    office.wait_for("prompt", ["sent"])
    assert len(office.bot_messages("ana")) == 1
