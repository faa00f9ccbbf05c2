"""Slack's refusals: each class has its own consequence."""

import asyncio
from itertools import pairwise

import pytest

from bot.delivery.sender import Drained
from tests.delivery.world import World


async def test_a_rate_limit_holds_the_method_for_as_long_as_slack_asks(world: World) -> None:
    world.slack.fail("chat.postMessage", "429")
    added = [world.add(f"U{number}") for number in range(8)]
    began = world.time.monotonic()

    await world.run_until(world.sender(), world.all_settled)
    assert world.slack.keys() == dict.fromkeys(map(world.key, added), 1)
    # Up to three calls were under way when Slack refused; all others wait for thirty seconds.
    assert len([at for at, _ in world.slack.posts if at < began + 30]) <= 3
    assert min(at for at, _ in world.slack.posts[3:]) >= began + 30


async def test_rate_limits_never_use_up_a_deliverys_tries(world: World) -> None:
    world.slack.fail("chat.postMessage", *["429"] * 14)
    added = world.add()

    await world.run_until(world.sender(), world.all_settled, within=900)
    assert world.row(added).state == "sent"
    assert [attempt.outcome for attempt in world.attempts(added)] == ["limited"] * 14 + ["sent"]


async def test_a_passing_refusal_is_tried_again_at_growing_intervals(world: World) -> None:
    world.slack.fail("chat.postMessage", *["error:message_limit_exceeded"] * 3)
    added = world.add()

    await world.run_until(world.sender(), world.all_settled)
    started = [attempt.started_at for attempt in world.attempts(added)]
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(started)]
    assert [round(pause / 5) for pause in pauses] == [1, 2, 4]


async def test_while_the_token_is_dead_everything_waits_and_goes_out_when_it_is_back(world: World) -> None:
    world.slack.token_is_dead = True
    added = [world.add(f"U{number}") for number in range(6)]
    sender, stop = world.sender(), asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await world.until(lambda: world.slack.calls["auth.test"] >= 4)

    assert set(world.states()) == {"pending"}
    assert "SLACK_BOT_TOKEN" in (sender.trouble or "")
    assert world.slack.calls["chat.postMessage"] <= 4
    world.slack.token_is_dead = False
    await world.until(world.all_settled)
    stop.set()
    await running

    assert sender.trouble is None
    assert world.slack.keys() == dict.fromkeys(map(world.key, added), 1)


async def test_a_drain_with_a_dead_token_ends_and_says_why(world: World) -> None:
    world.slack.token_is_dead = True
    world.add()

    drained = await world.sender().drain()
    assert "SLACK_BOT_TOKEN" in (drained.trouble or "")
    assert world.states() == ["pending"]


async def test_a_message_that_slack_refuses_is_sent_as_text_once(world: World) -> None:
    world.slack.fail("chat.postMessage", "error:invalid_blocks")
    added = world.add()

    assert (await world.sender().drain()).sent == 1
    (message,) = world.slack.everything()
    assert (message["text"], message["blocks"]) == ("hello", None)
    assert world.slack.keys() == {world.key(added): 1}


async def test_a_message_that_slack_refuses_even_as_text_has_failed(world: World) -> None:
    world.slack.fail("chat.postMessage", "error:invalid_blocks", "error:msg_too_long")
    added = world.add()

    assert (await world.sender().drain()).failed == 1
    assert world.row(added).reason == "msg_too_long"


async def test_a_message_whose_metadata_slack_refuses_goes_without(world: World) -> None:
    world.slack.fail("chat.postMessage", "error:metadata_too_large")
    world.add()

    assert (await world.sender().drain()).sent == 1
    assert "metadata" not in world.slack.everything()[0]


async def test_a_message_without_its_key_cannot_be_found_again_and_is_reported(world: World) -> None:
    world.slack.fail("chat.postMessage", "error:metadata_too_large", "reset-after")
    added = world.add()

    await world.run_until(world.sender(), world.all_settled)
    assert world.row(added).state == "unknown"


@pytest.mark.parametrize(("code", "advice"), [("not_in_channel", "/invite"), ("is_archived", "another channel")])
async def test_a_channel_that_cannot_be_posted_to_is_reported_with_what_to_do(
    world: World, code: str, advice: str
) -> None:
    world.slack.fail("chat.postMessage", f"error:{code}")
    added = world.add("C1")

    assert await world.sender().drain() == Drained(failed=1)
    assert advice in (world.row(added).reason or "")
    assert (world.gone, world.closed) == ([], ["C1"])


@pytest.mark.parametrize("code", ["user_disabled", "channel_not_found"])
async def test_a_person_who_is_gone_gets_nothing_and_is_told_of(world: World, code: str) -> None:
    world.slack.fail("chat.postMessage", f"error:{code}")
    added = world.add("U1")

    assert await world.sender().drain() == Drained(failed=1)
    assert world.row(added).state == "failed"
    assert world.gone == ["U1"]
