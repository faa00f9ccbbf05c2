"""Whatever happens in whatever order: every delivery ends exactly once in Slack, or is not needed any more."""

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.store.tables import SenderLease
from tests.delivery.test_crashes import STEPS
from tests.delivery.world import Crash, World, world_on

POST_FAULTS = ["429", "500", "reset-before", "reset-after", "error:fatal_error", "error:message_limit_exceeded"]
LOOK_UP_FAULTS = ["429", "500", "reset-before"]
RECIPIENTS = ["U1", "U2", "C1"]
PAGE = 3


class Deliveries(RuleBasedStateMachine):
    """Adds, sends, crashes, answers and loses the lease, in random order."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.world: World = self.loop.run_until_complete(self.stack.enter_async_context(world_on(url)))
        self.world.slack.page = PAGE
        self.added: list[int] = []

    @initialize(recipients=st.lists(st.sampled_from(RECIPIENTS), min_size=2, max_size=5))
    def begin(self, recipients: list[str]) -> None:
        self.add(recipients, 0)

    @rule(recipients=st.lists(st.sampled_from(RECIPIENTS), min_size=1, max_size=3), later=st.sampled_from([0, 0, 30]))
    def add_some(self, recipients: list[str], later: int) -> None:
        self.add(recipients, later)

    def add(self, recipients: list[str], later: int) -> None:
        for recipient in recipients:
            self.added.append(self.world.add(recipient, not_before=self.world.in_seconds(later)))

    @rule(data=st.data())
    def somebody_answers_before_being_asked(self, data: st.DataObject) -> None:
        self.world.not_needed.add(data.draw(st.sampled_from(self.added)))

    @rule(seconds=st.sampled_from([1, 20, 400]))
    def time_passes(self, seconds: int) -> None:
        self.world.time.pass_by(seconds)

    @rule(
        senders=st.sampled_from([1, 1, 2]),
        posts_fail=st.lists(st.sampled_from(POST_FAULTS), max_size=3),
        look_ups_fail=st.lists(st.sampled_from(LOOK_UP_FAULTS), max_size=2),
        crash=st.none() | st.sampled_from(sorted(STEPS)),
        theft=st.booleans(),
        chatter=st.booleans(),
    )
    def send(
        self,
        senders: int,
        posts_fail: list[str],
        look_ups_fail: list[str],
        crash: str | None,
        theft: bool,
        chatter: bool,
    ) -> None:
        self.world.slack.fail("chat.postMessage", *posts_fail)
        self.world.slack.fail("conversations.history", *look_ups_fail)
        if theft:
            self.world.interruptions.after["take_in_hand"] = self.lose_the_lease
        if crash is not None:
            self.world.interruptions.crash_once(*STEPS[crash])
        self.loop.run_until_complete(self._send(senders))
        self.world.interruptions.before.clear()
        self.world.interruptions.after.clear()
        if chatter:
            for recipient in ["D1", "D2", "C1"] * PAGE:
                self.world.slack.say(recipient, "chatter")

    def lose_the_lease(self) -> None:
        """Between claim and call somebody else becomes the holder."""
        self.world.interruptions.after.pop("take_in_hand", None)

        def work(session: Session) -> None:
            session.execute(
                update(SenderLease)
                .where(SenderLease.workspace_id == self.world.workspace_id)
                .values(holder="a thief", fence=SenderLease.fence + 1)
            )

        self.world.database.transact(work, seconds=20)

    async def _send(self, senders: int) -> None:
        async with asyncio.timeout(60):
            ends = await asyncio.gather(*(self._drain() for _ in range(senders)), return_exceptions=True)
        self.world.end_processes()
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _drain(self) -> None:
        with suppress(Crash):
            await self.world.sender().drain()

    @invariant()
    def nothing_stands_in_slack_twice(self) -> None:
        assert all(times == 1 for times in self.world.slack.keys().values())

    def teardown(self) -> None:
        try:
            self._let_everything_end()
        finally:
            self.loop.run_until_complete(self.stack.aclose())
            self.loop.close()

    def _let_everything_end(self) -> None:
        self.world.slack.faults.clear()
        self.world.interruptions.before.clear()
        self.world.interruptions.after.clear()
        for _ in range(4):
            self.world.time.pass_by(3600)
            self.loop.run_until_complete(self._send(1))
        found = self.world.slack.keys()
        for row in self.world.rows():
            assert row.state in ("sent", "dropped"), (row.id, row.state, row.reason)
            assert found[self.world.key(row.id)] == (1 if row.state == "sent" else 0)
            assert row.state == "sent" or row.id in self.world.not_needed
        assert len(self.world.rows()) == len(self.added)


def test_every_delivery_ends_once_whatever_happens(database_url: str) -> None:
    def deliveries() -> Deliveries:
        return Deliveries(database_url)

    machine: Any = deliveries
    run_state_machine_as_test(machine, settings=settings(max_examples=10, stateful_step_count=12, deadline=None))
