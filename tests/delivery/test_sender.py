"""What the sender does with what is due."""

import asyncio

import pytest

from bot.delivery.sender import Drained
from tests.delivery.world import World


async def test_what_is_due_is_posted_once_with_its_key_in_the_metadata(world: World) -> None:
    first, second = world.add("U1", "to a person"), world.add("C1", "to a channel")

    assert await world.sender().drain() == Drained(sent=2)

    assert world.slack.keys() == {world.key(first): 1, world.key(second): 1}
    assert world.slack.texts("D1") == ["to a person"]
    assert world.slack.messages["C1"][0]["metadata"]["event_type"] == "okr_bot_delivery"
    row = world.row(first)
    assert (row.state, row.channel, row.ts) == ("sent", "D1", world.slack.messages["D1"][0]["ts"])
    assert sorted(world.kept) == [first, second]
    assert [attempt.outcome for attempt in world.attempts(first)] == ["sent"]


async def test_a_second_drain_finds_nothing_to_send(world: World) -> None:
    world.add()
    await world.sender().drain()

    assert await world.sender().drain() == Drained()
    assert world.slack.calls["chat.postMessage"] == 1


async def test_what_is_due_later_waits_and_the_drain_ends(world: World) -> None:
    world.add(not_before=world.in_seconds(3600))

    assert await world.sender().drain() == Drained()
    assert world.states() == ["pending"]

    world.time.pass_by(3599)
    await world.run_until(world.sender(), world.all_settled, within=10)
    assert world.states() == ["sent"]


async def test_a_message_that_nobody_needs_any_more_is_dropped(world: World) -> None:
    world.not_needed.add(world.add())

    assert await world.sender().drain() == Drained(dropped=1)
    assert world.slack.everything() == []


async def test_a_message_that_waits_for_another_comes_later(world: World) -> None:
    world.add(kind="waits", until=world.in_seconds(20).isoformat())

    assert await world.sender().drain() == Drained(postponed=1)
    await world.run_until(world.sender(), world.all_settled, within=40)
    assert world.slack.texts("D1") == ["hello"]


@pytest.mark.parametrize("kind", ["broken", "ugly", "of a newer version"])
async def test_a_message_that_cannot_be_made_holds_nobody_up_and_is_given_up_in_the_end(
    world: World, kind: str
) -> None:
    broken = world.add("U1", kind=kind)
    world.add("U2")
    drained = await world.sender().drain()
    assert (drained.sent, drained.postponed) == (1, 1)

    for _ in range(11):
        world.time.pass_by(1800)
        await world.sender().drain()
    assert world.row(broken).state == "failed"
    assert "given up after 12 tries" in (world.row(broken).reason or "")
    assert world.slack.texts("D1") == []


async def test_the_most_urgent_goes_first(world: World) -> None:
    world.add("C1", "later", priority=50)
    world.add("C1", "first", priority=10)

    await world.sender().drain()
    assert world.slack.texts("C1") == ["first", "later"]


async def test_a_change_of_a_message_is_a_change_and_no_new_message(world: World) -> None:
    ts = world.slack.say("C1", "old")["ts"]
    world.add("C1", "new", kind="edit", ts=ts)

    assert await world.sender().drain() == Drained(sent=1)
    assert world.slack.texts("C1") == ["new"]
    assert world.slack.calls["chat.postMessage"] == 0


async def test_a_change_of_a_message_that_is_gone_is_dropped(world: World) -> None:
    world.add("C1", "new", kind="edit", ts="1.000000")

    assert await world.sender().drain() == Drained(dropped=1)


async def test_who_comes_second_leaves_sending_to_the_holder_of_the_lease(world: World) -> None:
    holder, stop = world.sender(), asyncio.Event()
    running = asyncio.create_task(holder.run(stop))
    await world.until(lambda: holder.is_sending)

    assert (await world.sender().drain()).held_elsewhere
    stop.set()
    await running
    assert not (await world.sender().drain()).held_elsewhere


async def test_stopping_finishes_the_call_in_hand_and_gives_the_lease_back(world: World) -> None:
    world.slack.fail("chat.postMessage", "slow")
    world.add()
    sender, stop = world.sender(), asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await world.slack.called.wait()

    stop.set()
    await asyncio.sleep(0)
    assert world.states() == ["sending"]
    world.slack.let_go.set()
    await running

    assert world.states() == ["sent"]
    assert await world.sender().drain() == Drained()


async def test_a_running_sender_sends_at_once_when_it_is_woken(world: World) -> None:
    sender, stop = world.sender(), asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await world.until(lambda: sender.is_sending)
    world.add()
    sender.wake()
    await world.slack.called.wait()
    stop.set()
    await running

    assert world.states() == ["sent"]


async def test_what_is_sent_stays_sent_when_what_belongs_to_it_cannot_be_kept(world: World) -> None:
    delivery = world.add(kind="badly_kept")

    assert await world.sender().drain() == Drained(sent=1)
    assert world.row(delivery).state == "sent"
    assert "could not be kept" in (world.row(delivery).reason or "")
    assert len(world.slack.everything()) == 1


async def test_a_channel_gets_about_one_message_a_second(world: World) -> None:
    for number in range(23):
        world.add("C1", str(number))

    await world.sender().drain()
    times = [at for at, _ in world.slack.posts]
    assert len(times) == 23
    assert 19.0 <= times[-1] - times[0] <= 21.0
    assert world.slack.texts("C1") == [str(number) for number in range(23)]


async def test_a_workspace_gets_as_many_messages_as_its_cap_allows_and_not_fewer(world: World) -> None:
    for number in range(110):
        world.add(f"U{number}")

    await world.sender().drain()
    times = [at for at, _ in world.slack.posts]
    # 10 at once, then 5 a second.
    assert 20.0 <= times[-1] - times[0] <= 21.0
    assert max(world.slack.keys().values()) == 1


async def test_one_slow_conversation_does_not_hold_up_the_others(world: World) -> None:
    for number in range(10):
        world.add("C1", str(number), priority=1)
    world.add("U2", "not held up")

    await world.sender().drain()
    assert [channel for _, channel in world.slack.posts].index("D2") <= 4
