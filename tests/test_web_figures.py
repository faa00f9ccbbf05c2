"""`/metrics` answers whatever the database does."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from starlette.requests import Request
from starlette.routing import Route

from bot import figures
from bot.okr.errors import Busy
from bot.schedule.beat import Beat
from bot.store import leases
from bot.store.session import database_now
from bot.store.tables import Attempt, Delivery, InboxRow, Workspace
from bot.usecases.outgoing import KINDS
from bot.usecases.unsent import PostFigures, post_figures
from bot.web import HELP, Figure, LastKnown, endpoints
from tests.usecases.world import PROMPTED, World, company, world_on


async def scraped(known: LastKnown) -> tuple[int, str]:
    async def ready() -> dict[str, str]:
        return {}

    (route,) = [each for each in endpoints(ready, known.read).routes if getattr(each, "path", "") == "/metrics"]
    assert isinstance(route, Route)
    answer = await route.endpoint(Request({"type": "http", "method": "GET", "path": "/metrics", "headers": []}))
    return answer.status_code, answer.body.decode()


async def test_a_busy_database_leaves_the_figures_last_read_and_says_so() -> None:
    sent: list[int | None] = [None, 3, None, 5]

    async def figures() -> Sequence[Figure]:
        count = sent.pop(0)
        if count is None:
            raise Busy
        return [Figure("deliveries", count, {"state": "sent"})]

    known = LastKnown(figures)
    for up, shown in ((0, None), (1, 3), (0, 3), (1, 5)):
        status, text = await scraped(known)
        assert status == 200
        assert f"okr_bot_database_up {float(up)}" in text
        if shown is None:
            assert "okr_bot_deliveries" not in text
        else:
            assert f'okr_bot_deliveries{{state="sent"}} {float(shown)}' in text


STATEMENTS = 8


def read(world: World, now: Any) -> tuple[PostFigures, int]:
    """The figures, and how many statements they cost."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        return world.database.transact(
            lambda session: post_figures(session, world.workspace_id, now), writes=False, seconds=20
        ), len(seen)
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)


def values(found: PostFigures) -> dict[tuple[str, ...], float]:
    """Figures by their name and labels."""
    return {(each.name, *each.labels.values()): each.value for each in figures.of_the_database(found, KINDS)}


def test_the_figures_of_an_empty_database_are_all_there_and_zero(database_url: str) -> None:
    with world_on(database_url) as world:
        found, _ = read(world, PROMPTED)
    shown = values(found)
    of_the_process = figures.of_the_process(is_sending=False, beat_age=None)
    names = {name for name, *_ in shown} | {each.name for each in of_the_process}
    assert names | {"database_up"} == set(HELP)
    assert {name for (name, *_), value in shown.items() if math.isnan(value)} == {
        "sender_seen_seconds",
        "last_try_seconds",
    }
    assert {value for value in shown.values() if not math.isnan(value)} == {0.0}
    assert len(shown) < 200


def test_what_waits_and_what_went_wrong_is_counted_in_eight_statements(database_url: str) -> None:
    with world_on(database_url) as world:
        company(world)
        world.key_result("U0ANA", "Growth")
        world.tick(PROMPTED)
        world.deliver(PROMPTED)
        prompts = world.deliveries("prompt")
        assert prompts
        world.open("U0ANA", PROMPTED).send(PROMPTED + timedelta(minutes=1))
        now = PROMPTED + timedelta(hours=1)
        rows: tuple[dict[str, Any], ...] = (
            {"state": "unknown"},
            {"state": "failed", "kind": "kind_of_a_newer_bot"},
            {"not_before": now - timedelta(minutes=20)},
            {"held_since": PROMPTED, "not_before": now + timedelta(hours=1)},
            {"held_since": PROMPTED, "not_before": now - timedelta(minutes=1)},
        )
        for number, more in enumerate(rows):
            row: dict[str, Any] = {
                "workspace_id": world.workspace_id, "kind": "digest", "recipient": "C1", "arguments": {},
                "dedupe_key": f"x{number}", "not_before": now, "created_at": now, "state": "pending",
            }  # fmt: skip
            world.add(Delivery(**row | more))
        slack_team = world.rows(Workspace)[0].slack_id
        for number, attempts in enumerate((0, 4, 5)):
            world.add(
                InboxRow(slack_team=slack_team, event_id=f"E{number}", payload={}, received_at=now, attempts=attempts)
            )
        world.database.transact(
            lambda session: leases.take(session, world.workspace_id, "me", timedelta(seconds=15)), seconds=20
        )
        world.database.transact(lambda session: session.add(_tried(session, world, prompts[0].id)), seconds=20)
        found, cost = read(world, now)
    shown = values(found)
    assert cost <= STATEMENTS
    assert shown["open_deliveries", "unknown", "digest"] == 1
    assert shown["open_deliveries", "failed", "other"] == 1
    assert shown["open_deliveries", "held", "digest"] == 1
    assert shown["open_deliveries", "waiting", "digest"] == 2
    assert (shown["deliveries", "unknown"], shown["deliveries", "failed"]) == (1, 1)
    assert shown["oldest_due_seconds",] >= 1200
    assert (shown["events", "waiting"], shown["events", "given_up"]) == (2, 1)
    assert (shown["prompts_sent",], shown["prompts_answered",]) == (len(prompts), 1)
    assert 0 <= shown["sender_seen_seconds",] < 60
    assert 30 <= shown["last_try_seconds",] < 90


def _tried(session: Any, world: World, delivery_id: int) -> Attempt:
    at = database_now(session) - timedelta(seconds=30)
    return Attempt(
        workspace_id=world.workspace_id, delivery_id=delivery_id, number=99, fence=1, channel="D1", form="full",
        started_at=at,
    )  # fmt: skip


async def test_a_beat_that_fails_does_not_count_as_one() -> None:
    now = [100.0]
    fails = [True]

    async def tick() -> None:
        if fails:
            raise Busy

    beat = Beat(tick, time=lambda: now[0])
    assert beat.age is None
    with pytest.raises(Busy):
        await beat.beat()
    assert beat.age is None
    fails.clear()
    await beat.beat()
    now[0] += 7
    assert beat.age == 7
