"""The operator sends again or drops by hand, beside a sender that is at work."""

import pytest
from sqlalchemy import select

from bot.store import unsent
from bot.store.session import Session
from bot.store.tables import Change
from bot.usecases.unsent import BY_HAND, ByHand, DropByHand, SendAgain, drop_by_hand, send_again
from tests.delivery.fake_time import START
from tests.delivery.world import World


def again(world: World, *ids: int, yes: bool = False) -> ByHand:
    """Retry by hand."""
    command = SendAgain(ids, may_arrive_twice=yes)
    return world.database.transact(lambda session: send_again(session, command, world.time.now()), seconds=20)


def drop(world: World, *ids: int) -> ByHand:
    """Drop by hand."""
    command = DropByHand(ids, "told in person")
    return world.database.transact(lambda session: drop_by_hand(session, command, world.time.now()), seconds=20)


def changes(world: World) -> list[tuple[int, str, str, str, str | None]]:
    """The change log: which, what, from, by whom, why."""

    def work(session: Session) -> list[tuple[int, str, str, str, str | None]]:
        return [
            (row.entity_id, row.action, (row.before or {})["state"], (row.after or {})["by"], row.reason)
            for row in session.scalars(select(Change).where(Change.entity == "delivery").order_by(Change.id))
        ]

    return world.database.transact(work, writes=False)


async def test_what_was_given_up_has_all_its_tries_again_and_the_first_is_the_whole_message(world: World) -> None:
    given_up = world.add(kind="broken")
    for _ in range(12):
        await world.sender().drain()
        world.time.pass_by(1800)
    assert world.states() == ["failed"]
    assert again(world, given_up).done == [given_up]
    assert (world.row(given_up).state, world.row(given_up).settled_at) == ("pending", None)
    await world.sender().drain()
    assert (world.states(), len(world.attempts(given_up))) == (["pending"], 13), "it has more than one try"
    world.set_row(given_up, kind="note")
    world.time.pass_by(1800)
    await world.sender().drain()
    assert world.states() == ["sent"]
    assert world.attempts(given_up)[-1].form == "full"
    assert changes(world) == [(given_up, "sent_again", "failed", "operator", None)]


async def test_what_may_have_arrived_is_sent_again_only_when_that_was_said(world: World) -> None:
    doubtful = world.add()
    world.set_row(doubtful, state="unknown", attempts=1, reason="who knows")
    assert "may have arrived" in again(world, doubtful).not_done[doubtful]
    assert world.states() == ["unknown"]
    result = again(world, doubtful, yes=True)
    assert (result.done, result.unsure) == ([doubtful], [doubtful])
    await world.sender().drain()
    assert len(world.slack.messages["D1"]) == 1
    assert "sent already" in again(world, doubtful, yes=True).not_done[doubtful]


async def test_a_retry_and_a_drop_lose_against_a_call_that_is_under_way(world: World) -> None:
    waiting = world.add()
    world.set_row(waiting, attempts=1)
    seen = world.row(waiting)
    results: list[object] = []

    def meanwhile() -> None:
        results.extend([again(world, waiting, yes=True), drop(world, waiting)])
        # What somebody had read before the sender took it is worth nothing any more.
        now = world.time.now()
        results.append(world.database.transact(lambda session: unsent.send_again(session, seen, "x", now)))
        results.append(world.database.transact(lambda session: unsent.drop(session, seen, "x", now)))

    world.interruptions.before["chat.postMessage"] = meanwhile
    await world.sender().drain()
    retried, dropped, *stale = results
    assert isinstance(retried, ByHand)
    assert isinstance(dropped, ByHand)
    assert "is being sent now" in retried.not_done[waiting]
    assert "is being sent now" in dropped.not_done[waiting]
    assert stale == [False, False]
    assert (world.states(), len(world.slack.messages["D1"]), changes(world)) == (["sent"], 1, [])


async def test_a_retry_just_before_the_sender_looks_is_one_message(world: World) -> None:
    waiting = world.add()
    world.set_row(waiting, attempts=1, reason="ratelimited", not_before=world.in_seconds(3600))
    done: list[ByHand] = []

    def meanwhile() -> None:
        del world.interruptions.before["look_for_work"]
        done.extend([again(world, waiting), again(world, waiting)])

    world.interruptions.before["look_for_work"] = meanwhile
    await world.sender().drain()
    assert done[0].done == [waiting]
    assert "is due already" in done[1].not_done[waiting]
    assert len(world.slack.messages["D1"]) == 1


async def test_what_was_dropped_by_hand_is_not_sent_until_it_is_taken_back(world: World) -> None:
    first, second = world.add("U1"), world.add("U2")
    assert drop(world, second, first, second).done == [first, second]
    assert "dropped already" in drop(world, first).not_done[first]
    await world.sender().drain()
    assert (world.states(), dict(world.slack.messages)) == (["dropped", "dropped"], {})
    assert world.row(first).reason == f"{BY_HAND}: told in person"
    assert again(world, first).done == [first]
    await world.sender().drain()
    assert world.states() == ["sent", "dropped"]
    assert changes(world)[0] == (first, "dropped", "pending", "operator", "told in person")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"attempts": 0}, "waits for its time"),
        ({"attempts": 1, "held_since": START}, "attention budget"),
        ({"state": "dropped", "reason": "nobody needs it any more"}, "nothing to send"),
    ],
    ids=["too early", "held", "not needed"],
)
async def test_what_is_right_as_it_is_is_left_so(world: World, row: dict[str, object], why: str) -> None:
    delivery = world.add(not_before=world.in_seconds(3600))
    world.set_row(delivery, **row)
    before = world.row(delivery)
    result = again(world, delivery, 999)
    assert why in result.not_done[delivery]
    assert (result.not_done[999], result.done) == ("is not known", [])
    after = world.row(delivery)
    assert (after.state, after.not_before, after.held_since) == (before.state, before.not_before, before.held_since)
