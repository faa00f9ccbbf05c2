"""Nothing is lost and nothing comes twice: crashes at every step, and calls of which nobody knows how they ended."""

from collections.abc import Callable

import pytest

from bot.delivery.sender import Drained
from bot.okr.errors import Busy
from tests.delivery.world import Crash, World

STEPS = {
    "before the claim": ("before", "take_in_hand"),
    "after the claim": ("after", "take_in_hand"),
    "before the call": ("before", "chat.postMessage"),
    "after the call": ("after", "chat.postMessage"),
    "before the record": ("before", "note_sent"),
    "after the record": ("after", "note_sent"),
    "while renewing the lease": ("before", "renew_lease"),
}
RECIPIENTS = ["U1", "C1", "U2", "C1", "U3", "U1"]


@pytest.mark.parametrize("step", STEPS)
async def test_after_a_crash_the_next_sender_sends_what_is_missing_and_nothing_twice(world: World, step: str) -> None:
    added = [world.add(recipient, f"message {number}") for number, recipient in enumerate(RECIPIENTS)]
    if step == "while renewing the lease":
        added.append(world.add("U9", not_before=world.in_seconds(60)))
    world.interruptions.crash_once(*STEPS[step])
    await world.run_until_crash(world.sender())

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys() == dict.fromkeys(map(world.key, added), 1)
    assert set(world.states()) == {"sent"}
    assert sorted(world.kept) == added


@pytest.mark.parametrize("step", [step for step in STEPS if step != "while renewing the lease"])
async def test_three_crashes_in_a_row_change_nothing(world: World, step: str) -> None:
    added = [world.add(recipient) for recipient in RECIPIENTS[:3]]
    for _ in range(3):
        world.interruptions.crash_once(*STEPS[step])
        try:
            await world.sender().drain()
        except Crash:
            world.end_processes()
        world.interruptions.before.clear()
        world.interruptions.after.clear()
        world.time.pass_by(20)

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys() == dict.fromkeys(map(world.key, added), 1)


@pytest.mark.parametrize(
    "fault", ["reset-before", "reset-after", "500", "stuck", "error:fatal_error", "error:internal_error"]
)
@pytest.mark.parametrize("recipient", ["U1", "C1"])
async def test_after_an_unclear_answer_the_message_is_looked_for(world: World, fault: str, recipient: str) -> None:
    world.slack.fail("chat.postMessage", fault)
    added = world.add(recipient)
    other = world.add("U7")

    sender = world.sender(call_seconds=0.3)
    await world.run_until(sender, world.all_settled)
    assert world.slack.keys() == {world.key(added): 1, world.key(other): 1}
    assert world.states() == ["sent", "sent"]
    assert world.slack.calls["conversations.history"] == 1


async def test_a_drain_waits_until_an_unclear_message_is_found(world: World) -> None:
    world.slack.fail("chat.postMessage", "reset-after")
    world.add()

    assert await world.sender().drain() == Drained(sent=1)
    assert len(world.slack.everything()) == 1


async def test_an_unclear_change_of_a_message_is_repeated(world: World) -> None:
    ts = world.slack.say("C1", "old")["ts"]
    world.slack.fail("chat.update", "reset-before", "reset-after")
    world.add("C1", "new", kind="edit", ts=ts)

    await world.run_until(world.sender(), world.all_settled)
    assert world.states() == ["sent"]
    assert world.slack.texts("C1") == ["new"]


async def test_after_a_crash_an_unclear_change_of_a_message_is_repeated(world: World) -> None:
    ts = world.slack.say("C1", "old")["ts"]
    world.add("C1", "new", kind="edit", ts=ts)
    world.interruptions.crash_once("after", "chat.update")
    await world.run_until_crash(world.sender())

    await world.run_until(world.sender(), world.all_settled)
    assert world.states() == ["sent"]
    assert world.slack.texts("C1") == ["new"]


async def test_an_answer_that_could_not_be_written_down_is_not_sent_again(world: World) -> None:
    """The database is gone for half a minute, just after Slack took the message."""
    gone_until = world.time.monotonic() + 30
    world.add()
    world.interruptions.before["note_sent"] = _busy_until(world, gone_until)
    world.interruptions.after["chat.postMessage"] = lambda: world.interruptions.before.update(
        look_for_work=_busy_until(world, gone_until), renew_lease=_busy_until(world, gone_until)
    )

    await world.run_until(world.sender(), world.all_settled)
    assert world.states() == ["sent"]
    assert len(world.slack.everything()) == 1


def _busy_until(world: World, moment: float) -> Callable[[], None]:
    def refuse() -> None:
        if world.time.monotonic() < moment:
            raise Busy

    return refuse


async def test_who_was_held_up_too_long_after_the_claim_does_not_call_any_more(world: World) -> None:
    added = world.add()

    def hold_up() -> None:
        del world.interruptions.after["take_in_hand"]
        world.time.pass_by(60)

    world.interruptions.after["take_in_hand"] = hold_up
    await world.run_until(world.sender(), world.all_settled)
    assert [attempt.outcome for attempt in world.attempts(added)] == ["held", "sent"]
    assert len(world.slack.everything()) == 1
