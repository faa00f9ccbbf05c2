"""How a message is looked for whose fate is unclear."""

from datetime import timedelta

import pytest

from tests.delivery.world import World


async def crashed_after_the_call(world: World) -> None:
    """A sender posts a message and is gone before it can write that down."""
    world.interruptions.crash_once("after", "chat.postMessage")
    await world.run_until_crash(world.sender())


async def test_a_message_is_found_on_the_second_page_of_the_history(world: World) -> None:
    added = world.add("C1")
    await crashed_after_the_call(world)
    for number in range(250):
        world.slack.say("C1", f"chatter {number}")

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys() == {world.key(added): 1}
    assert world.slack.calls["conversations.history"] == 2


async def test_a_message_is_found_where_slack_gives_fifteen_messages_a_page(world: World) -> None:
    world.slack.page = 15
    added = world.add("C1")
    await crashed_after_the_call(world)
    for number in range(100):
        world.slack.say("C1", f"chatter {number}")

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys() == {world.key(added): 1}


async def test_the_search_ends_at_a_message_that_stood_there_before(world: World) -> None:
    for number in range(900):
        world.slack.say("C1", f"long ago {number}")
    world.add("C1", "the last one")
    await world.sender().drain()
    added = world.add("C1")
    world.interruptions.crash_once("before", "chat.postMessage")
    await world.run_until_crash(world.sender())

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys()[world.key(added)] == 1
    assert world.slack.calls["conversations.history"] == 1


async def test_in_a_long_history_without_a_message_of_ours_the_search_ends_a_day_before_the_try(world: World) -> None:
    world.slack.clock = (world.time.now() - timedelta(days=3)).timestamp()
    for number in range(3000):
        world.slack.say("C1", f"long ago {number}")
    added = world.add("C1")
    world.interruptions.crash_once("before", "chat.postMessage")
    await world.run_until_crash(world.sender())

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys() == {world.key(added): 1}
    assert world.slack.calls["conversations.history"] == 5


@pytest.mark.parametrize("ahead", [timedelta(days=-20), timedelta(hours=2), timedelta(days=400)])
async def test_a_message_is_found_though_slacks_clock_differs_from_ours(world: World, ahead: timedelta) -> None:
    world.time.bot_clock_ahead = ahead
    world.slack.clock = world.time.database_now().timestamp()
    added = world.add("U1")
    await crashed_after_the_call(world)

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys() == {world.key(added): 1}


async def test_a_reply_is_looked_for_in_its_thread(world: World) -> None:
    parent = world.slack.say("C1", "the digest")["ts"]
    added = world.add("C1", "the entry", thread=parent)
    await crashed_after_the_call(world)
    for number in range(250):
        world.slack.say("C1", f"reply {number}", thread_ts=parent)

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys() == {world.key(added): 1}
    assert world.slack.calls["conversations.history"] == 0


async def test_a_reply_that_is_not_in_its_thread_is_sent_again(world: World) -> None:
    parent = world.slack.say("C1", "the digest")["ts"]
    added = world.add("C1", "the entry", thread=parent)
    for number in range(250):
        world.slack.say("C1", f"reply {number}", thread_ts=parent)
    world.interruptions.crash_once("before", "chat.postMessage")
    await world.run_until_crash(world.sender())

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys() == {world.key(added): 1}
    assert world.slack.calls["conversations.replies"] == 2


async def test_a_direct_message_is_looked_for_where_the_last_one_went(world: World) -> None:
    world.add("U1", "earlier")
    await world.sender().drain()
    world.add("U1", "later")
    await crashed_after_the_call(world)

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.texts("D1") == ["earlier", "later"]
    assert world.slack.calls["conversations.open"] == 0


async def test_where_the_history_cannot_be_read_the_delivery_is_reported_as_unknown(world: World) -> None:
    added = world.add("C1")
    await crashed_after_the_call(world)
    world.slack.unreadable.add("C1")

    await world.run_until(world.sender(), world.all_settled)
    assert world.row(added).state == "unknown"
    assert "not_in_channel" in (world.row(added).reason or "")
    assert len(world.slack.everything()) == 1


@pytest.mark.parametrize("fault", ["429", "500", "reset-before", "stuck"])
async def test_a_look_up_that_fails_is_repeated_later(world: World, fault: str) -> None:
    added = world.add("C1")
    await crashed_after_the_call(world)
    world.slack.fail("conversations.history", fault, fault)

    await world.run_until(world.sender(call_seconds=0.3), world.all_settled)
    assert world.row(added).state == "sent"
    assert len(world.slack.everything()) == 1
