"""kill -9 at the worst moments of a message's way: after a restart every message is there once."""

import pytest

from bot.store.tables import Delivery, Recognition
from tests.journeys.bot_process import PATIENCE, BotProcess
from tests.journeys.office import CHANNEL, CLOSE, MONDAY, Office
from tests.local_slack import eventually

pytestmark = pytest.mark.slow

FAR_TOO_SLOW = 60.0


def stumbles(office: Office, method: str) -> int:
    return sum(bool(call["failure"]) for call in office.slack.calls(method, kind="call"))


def kill_in_the_call(office: Office, bot: BotProcess, kind: str, method: str = "chat.postMessage") -> BotProcess:
    """Slack has the message and is slow to say so; then the bot is gone. Answers the bot that is started instead."""
    eventually(lambda: stumbles(office, method) and "sending" in office.states(kind), f"the {kind} to arrive", PATIENCE)
    bot.kill()
    office.slack.clear_faults()
    assert office.states(kind) == ["sending"]
    office.forget_the_last_holder()
    successor = office.start_bot()
    office.wait_for(kind, ["sent"])
    return successor


def test_a_bot_killed_in_the_middle_of_every_single_call_has_sent_everything_once(office: Office) -> None:
    slack = office.slack
    bot = office.start_bot()
    slack.fail_next("chat.postMessage", "slow", seconds=FAR_TOO_SLOW)
    slack.move_clock(to=MONDAY)
    bot = kill_in_the_call(office, bot, "prompt")

    view = office.press_check_in("ana")
    slack.fail_next("chat.update", "slow", seconds=FAR_TOO_SLOW)
    assert slack.submit("ana", view["id"], {"KR-1 value": "150"})["ok"]
    bot = kill_in_the_call(office, bot, "receipt", "chat.update")

    slack.fail_next("chat.postMessage", "slow", seconds=FAR_TOO_SLOW)
    slack.move_clock(to=CLOSE)
    eventually(lambda: office.bot_messages("maria", CHANNEL), "the digest to arrive", PATIENCE)
    bot = kill_in_the_call(office, bot, "digest")
    office.wait_for("digest_entry", ["sent"])

    [digest] = office.bot_messages("maria", CHANNEL)
    [entry] = office.bot_messages("maria", CHANNEL, thread_ts=digest["ts"])
    slack.fail_next("chat.postMessage", "slow", seconds=FAR_TOO_SLOW)
    slack.react("maria", CHANNEL, entry["ts"], "tada")
    eventually(lambda: len(office.bot_messages("ana")) == 2, "the thank you to arrive", PATIENCE)
    kill_in_the_call(office, bot, "recognition")

    assert {row.state for row in office.rows(Delivery)} == {"sent"}
    assert len(office.rows(Recognition)) == 1
    assert len(office.bot_messages("ana")) == 2, "the receipt, which once was the prompt, and the thank you"
    assert len(office.bot_messages("maria", CHANNEL)) == 1
    assert len(office.bot_messages("maria", CHANNEL, thread_ts=digest["ts"])) == 1


def test_messages_claimed_by_a_killed_bot_that_never_reached_slack_are_sent_by_the_next_one(office: Office) -> None:
    slack = office.slack
    bot = office.start_bot()
    # The connection breaks before Slack has read anything, so the bot is killed with a claim and no message.
    slack.fail_next("chat.postMessage", "reset-before")
    slack.move_clock(to=MONDAY)
    eventually(lambda: stumbles(office, "chat.postMessage"), "the call to break off", PATIENCE)
    bot.kill()
    assert office.states("prompt") == ["sending"]
    assert office.bot_messages("ana") == []
    office.forget_the_last_holder()
    office.start_bot()
    office.wait_for("prompt", ["sent"])
    [prompt] = office.bot_messages("ana")
    assert prompt["ts"] == office.rows(Delivery)[0].ts
