"""Slack's events: delivered again and again, and in hand when the bot is killed."""

import contextlib
import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot.store.tables import Delivery, InboxRow, Recognition
from tests.journeys.bot_process import PATIENCE, BotProcess
from tests.journeys.conftest import EITHER_WAY
from tests.journeys.office import CHANNEL, Office
from tests.local_slack import eventually

pytestmark = pytest.mark.slow


def is_processed(office: Office) -> bool:
    return all(row.processed_at is not None for row in office.rows(InboxRow)) and bool(office.rows(InboxRow))


def thanks(office: Office) -> int:
    return sum("recognised" in message["text"] for message in office.bot_messages("ana"))


@pytest.mark.parametrize("office", EITHER_WAY, indirect=True)
def test_an_event_delivered_again_and_again_counts_once_even_after_a_restart(office: Office) -> None:
    bot = office.start_bot()
    entry = office.reach_the_thread()
    office.slack.react("maria", CHANNEL, entry["ts"], "muscle")
    office.wait_for("recognition", ["sent"])
    [event] = office.slack.events("reaction_added")
    assert office.slack.redeliver(event["event_id"], 3)["acked"] == [True] * 3
    bot.stop()
    office.start_bot()
    assert office.slack.redeliver(event["event_id"], 1)["acked"] == [True]
    # What came after it was worked on too, so the repetitions are through.
    office.slack.unreact("maria", CHANNEL, entry["ts"], "muscle")
    eventually(lambda: office.rows(Recognition)[0].withdrawn_at is not None, "the reaction to be taken back", PATIENCE)
    assert len(office.rows(InboxRow, event_id=event["event_id"])) == 1
    assert len(office.rows(Recognition)) == 1
    assert office.states("recognition") == ["sent"]
    assert thanks(office) == 1

    # An answer in words is an event as well: one reply, below the message it answers.
    [prompt] = office.rows(Delivery, kind="prompt")
    office.slack.say("ana", "1 = 8 all quiet", thread_ts=prompt.ts)
    office.wait_for("words_answered", ["sent"])
    [words] = [each for each in office.slack.events("message") if "bot_id" not in str(each)]
    assert office.slack.redeliver(words["event_id"], 3)["acked"] == [True] * 3
    replies = [each for each in office.bot_messages("ana", thread_ts=prompt.ts) if "all quiet" in str(each["blocks"])]
    assert [reply["text"].startswith("Saved") for reply in replies] == [True]
    assert office.states("words_answered") == ["sent"]


def hold_up_recognition(office: Office) -> Callable[[], None]:
    """Keep the bot from finishing the work of a reaction. Answers what ends that."""
    file = office.database.file
    if file is not None:
        with contextlib.closing(sqlite3.connect(file, timeout=20)) as other:
            other.execute(
                "CREATE TRIGGER held_up BEFORE INSERT ON recognition BEGIN SELECT RAISE(ABORT, 'held up'); END"
            )
            other.commit()

        def let_go() -> None:
            with contextlib.closing(sqlite3.connect(file, timeout=20)) as other:
                other.execute("DROP TRIGGER held_up")
                other.commit()

        return let_go
    connection = office.database.engine.connect()
    connection.execute(text("LOCK TABLE recognition IN ACCESS EXCLUSIVE MODE"))
    return connection.close


def wait_for_the_ack(office: Office) -> None:
    def acked() -> bool:
        return any(entry.get("answer") for entry in office.slack.calls("reaction_added", kind="event"))

    eventually(acked, "the event to be acknowledged", PATIENCE)


def killed_after_the_ack(office: Office, bot: BotProcess) -> None:
    wait_for_the_ack(office)
    bot.kill()


@pytest.mark.parametrize("office", EITHER_WAY, indirect=True)
def test_an_event_whose_bot_was_killed_right_after_the_ack_is_worked_on_by_the_next_one(office: Office) -> None:
    bot = office.start_bot()
    entry = office.reach_the_thread()
    let_go = hold_up_recognition(office)
    office.slack.react("maria", CHANNEL, entry["ts"], "bulb")
    killed_after_the_ack(office, bot)
    let_go()
    [kept] = office.rows(InboxRow)
    assert (kept.processed_at, office.rows(Recognition)) == (None, [])

    office.forget_the_last_holder()
    office.start_bot()
    office.slack.move_clock(forward=60)
    eventually(lambda: is_processed(office), "the event to be worked on", PATIENCE)
    office.wait_for("recognition", ["sent"])
    [recognition] = office.rows(Recognition)
    assert (recognition.kind, thanks(office)) == ("learning", 1)
