"""One delivery on its way: claimed, made, posted, written down; or looked for, when its fate is unclear."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.failures import REACTIONS, FailedCall, Failure, understand
from bot.delivery.leaseholder import LeaseHolder, RealTime
from bot.delivery.pacing import POST, UPDATE, Pacing
from bot.delivery.reconcile import Absent, Found, Later, Unreadable, look_for, metadata
from bot.okr.errors import Busy
from bot.slack.views import Message
from bot.store.deliveries import Due, Stranded
from bot.usecases.deliverable import OutgoingKind, nothing_more
from bot.usecases.deliveries import (
    After,
    AfterSending,
    Form,
    InHand,
    NotPrepared,
    NotSent,
    NotTaken,
    SenderIdentity,
    Sent,
    TakeInHand,
    WhereToLook,
    is_person,
    note_not_prepared,
    note_not_sent,
    note_sent,
    take_in_hand,
    where_to_look,
)
from bot.usecases.faults import origin
from bot.usecases.runner import UseCases

log = structlog.get_logger(__name__)

C = TypeVar("C")
R = TypeVar("R")
View = Callable[[Any], Message]

HAND_SECONDS = 4.0
"""So soon after its claim a delivery has to be posted; later, others could take its call for over."""
LONGEST_TEXT = 3900
"""Slack splits a longer text without blocks into several messages, and refuses it as an edit."""
RECORD_SECONDS = 60.0
RECORD_SECONDS_WHEN_STOPPING = 5.0
FIRST_LOOK_UP_PAUSE = 5.0
LONGEST_LOOK_UP_PAUSE = 300.0


@dataclass
class Unresolved:
    """A delivery whose fate is unclear: when its call ended, how often it was looked up and when it is next."""

    call_ended: float | None = None
    look_ups: int = 0
    next_look_up: float = 0.0


@dataclass
class Courier:
    """Takes single deliveries through all their steps. Every step is committed before the next begins.

    counts: how the deliveries ended (sent, dropped, failed, unknown, postponed, unclear).
    broken: told of a refusal that concerns the whole installation; works: told of a post that Slack took.
    """

    use_cases: UseCases
    client: AsyncWebClient
    sender: SenderIdentity
    holder: LeaseHolder
    pacing: Pacing
    time: RealTime
    kinds: Mapping[str, OutgoingKind]
    views: Mapping[str, View]
    call_seconds: float
    user_gone: AfterSending
    needs_help: AfterSending
    broken: Callable[[FailedCall], None]
    works: Callable[[], None]
    counts: Counter[str] = field(default_factory=Counter)
    unresolved: dict[int, Unresolved] = field(default_factory=dict)
    updates: set[str] = field(default_factory=set)
    """The kinds that, as far as is known, edit a message."""
    stopping: bool = False

    def method_of(self, kind: str) -> str:
        """Which Web API method a kind probably needs."""
        return UPDATE if kind in self.updates else POST

    # --- sending

    def reserve(self, due: Due) -> str:
        """Count the call that `send` is about to make. Answers its probable method."""
        method = self.method_of(due.kind)
        self.pacing.take(method, due.recipient)
        return method

    async def send(self, due: Due, method: str) -> None:
        """Take one due delivery from claim to record. What fails is written down; only the database may raise Busy."""
        began = self.time.monotonic()
        counts = False
        try:
            taken = await self._take(due, method)
            # What somebody else has taken costs its turn all the same: who has lost the lease without knowing it must
            # not ask the database as fast as it answers.
            counts = taken is NotTaken.GONE
            if isinstance(taken, InHand):
                if taken.method != method:
                    self.pacing.give_back(method, due.recipient)
                    method = taken.method
                    self.pacing.take(method, due.recipient)
                counts = await self._post(taken, due, began)
        finally:
            if not counts:
                self.pacing.give_back(method, due.recipient)

    async def _take(self, due: Due, reserved: str) -> InHand | NotTaken | None:
        free = [name for name in (POST, UPDATE) if name == reserved or not self.pacing.seconds_until(name)]
        command = TakeInHand(self.holder.lease, due.delivery_id, self.kinds, free)
        try:
            taken = await self.use_cases.do(take_in_hand, command)
        except Busy:
            raise
        except Exception as error:
            log.error("delivery_not_prepared", **_about(due), error=type(error).__name__, at=origin(error))
            failed = NotPrepared(self.holder.lease, due.delivery_id, type(error).__name__)
            self._count(await self.use_cases.do(note_not_prepared, failed))
            return None
        if taken is NotTaken.METHOD_RESTS:
            self._learn(due.kind, POST if reserved == UPDATE else UPDATE)
        elif taken is NotTaken.DROPPED:
            self.counts["dropped"] += 1
            log.info("delivery_dropped", **_about(due))
        elif taken is NotTaken.WAITS:
            self.counts["postponed"] += 1
        if isinstance(taken, InHand):
            self._learn(due.kind, taken.method)
        return taken

    async def _post(self, in_hand: InHand, due: Due, began: float) -> bool:
        """Make the message and the call, and write down the outcome. Answers whether a call was made."""
        try:
            message = self.views[in_hand.kind](in_hand.outgoing.facts)
        except Exception as error:
            log.error("delivery_not_rendered", **_about(due), error=type(error).__name__, at=origin(error))
            await self._not_sent(in_hand, After.NOT_PREPARED, type(error).__name__)
            return False
        if self.time.monotonic() - began > HAND_SECONDS or not self.holder.is_valid():
            log.warning("delivery_came_too_late_to_its_call", **_about(due))
            await self._not_sent(in_hand, After.HELD, "too_late", "the bot was held up before the call")
            return False
        try:
            channel, ts = await self._call(in_hand, message)
        except Exception as error:
            await self._refused(in_hand, understand(error, to_person=is_person(in_hand.outgoing.channel)), due)
            return True
        self.works()
        await self._sent(in_hand.delivery_id, in_hand.number, channel, ts, due)
        return True

    async def _call(self, in_hand: InHand, message: Message) -> tuple[str, str]:
        outgoing = in_hand.outgoing
        full = in_hand.form is Form.FULL
        content: dict[str, Any] = {"text": message.text if full else message.text[:LONGEST_TEXT]}
        if full:
            content["blocks"] = message.blocks
        elif outgoing.update_ts is not None:
            content["blocks"] = []
        if in_hand.form is not Form.BARE:
            content["metadata"] = metadata(in_hand.delivery_id, in_hand.key)
        # The shared HTTP session knows no limit of this client's; this one holds for the whole call.
        async with asyncio.timeout(self.call_seconds):
            if outgoing.update_ts is not None:
                answer = await self.client.chat_update(channel=outgoing.channel, ts=outgoing.update_ts, **content)
            else:
                answer = await self.client.chat_postMessage(
                    channel=outgoing.channel,
                    thread_ts=outgoing.thread_ts,
                    unfurl_links=False,
                    unfurl_media=False,
                    **content,
                )
        return str(answer["channel"]), str(answer["ts"])

    async def _refused(self, in_hand: InHand, failed: FailedCall, due: Due) -> None:
        after = REACTIONS[failed.failure]
        if failed.failure is Failure.LIMITED:
            self.pacing.hold(in_hand.method, failed.retry_after)
        elif failed.failure is Failure.INSTALL_BROKEN:
            self.broken(failed)
        elif failed.failure is Failure.UNCLEAR:
            if in_hand.outgoing.update_ts is not None:
                after = After.RETRY
            else:
                self.unresolved[in_hand.delivery_id] = Unresolved(call_ended=self.time.monotonic())
        elif failed.failure is Failure.OUR_BUG and in_hand.form is not Form.FULL:
            after = After.FAILED
        level = log.error if failed.failure is Failure.OUR_BUG else log.warning
        level("delivery_not_sent", **_about(due), error=failed.code, failure=str(failed.failure), after=str(after))
        told = {Failure.USER_GONE: self.user_gone, Failure.NEEDS_HELP: self.needs_help}
        ended = told.get(failed.failure, nothing_more)
        await self._not_sent(in_hand, after, failed.code, failed.sentence, failed.retry_after, ended)

    # --- looking for

    async def look_up(self, row: Stranded) -> None:
        """Find out what became of a delivery whose call ended without a record."""
        about = {"delivery": row.delivery_id, "kind": row.kind}
        if row.update_ts is not None:
            await self._resolve(row, After.RETRY, "unclear", "it is unclear whether it arrived; an edit is repeated")
            return
        place = await self.use_cases.do(where_to_look, WhereToLook(self.sender, row), writes=False)
        finding = await look_for(self.client, row, place, self.call_seconds)
        match finding:
            case Found(channel, ts):
                log.info("delivery_found_in_slack", **about)
                due = Due(row.delivery_id, row.kind, row.recipient)
                await self._sent(row.delivery_id, row.number, channel, ts, due)
                self.unresolved.pop(row.delivery_id, None)
            case Absent():
                log.info("delivery_not_in_slack", **about)
                await self._resolve(row, After.NOT_THERE, "not_there", "it had not arrived")
            case Unreadable(reason):
                log.error("delivery_unknown", **about, reason=reason)
                await self._resolve(row, After.UNKNOWN, "unreadable", f"It may or may not have arrived: {reason}.")
            case Later(failed):
                self._look_up_later(row, failed)

    def _look_up_later(self, row: Stranded, failed: FailedCall) -> None:
        if failed.failure is Failure.INSTALL_BROKEN:
            self.broken(failed)
        state = self.unresolved.setdefault(row.delivery_id, Unresolved())
        pause = min(LONGEST_LOOK_UP_PAUSE, FIRST_LOOK_UP_PAUSE * (1 << min(state.look_ups, 10)))
        state.look_ups += 1
        state.next_look_up = self.time.monotonic() + max(pause, failed.retry_after)
        log.warning("delivery_not_looked_up", delivery=row.delivery_id, kind=row.kind, error=failed.code)

    # --- writing down

    async def _resolve(self, row: Stranded, after: After, error: str, reason: str) -> None:
        command = NotSent(row.delivery_id, row.number, after, error, reason, clock=self.sender.clock)
        self._count(await self._record(note_not_sent, command, row.delivery_id))
        self.unresolved.pop(row.delivery_id, None)

    async def _not_sent(
        self,
        in_hand: InHand,
        after: After,
        error: str,
        reason: str | None = None,
        retry_after: float = 0.0,
        ended: AfterSending = nothing_more,
    ) -> None:
        command = NotSent(
            in_hand.delivery_id,
            in_hand.number,
            after,
            error,
            reason,
            retry_after,
            ended,
            self.sender.clock,
        )
        self._count(await self._record(note_not_sent, command, in_hand.delivery_id))

    async def _sent(self, delivery_id: int, number: int, channel: str, ts: str, due: Due) -> None:
        command = Sent(delivery_id, number, channel, ts, self.kinds, clock=self.sender.clock)
        try:
            new = await self._record(note_sent, command, delivery_id)
        except Exception as error:
            # The message stands in Slack: that is kept in any case, or it would be sent again.
            log.error("delivery_sent_but_not_kept", **_about(due), error=type(error).__name__, at=origin(error))
            bare = Sent(delivery_id, number, channel, ts, self.kinds, False, self.sender.clock)
            new = await self._record(note_sent, bare, delivery_id)
        if new:
            self.counts["sent"] += 1
            log.info("delivery_sent", **_about(due))

    async def _record(self, use_case: Callable[[Any, C, Any], R], command: C, delivery_id: int) -> R | None:
        """Write down an outcome, again and again while the database does not answer.

        None when it could not be written down: then the delivery is looked for, like after a crash.
        """
        began, pause = self.time.monotonic(), 0.2
        while True:
            try:
                return await self.use_cases.do(use_case, command)
            except Busy:
                limit = RECORD_SECONDS_WHEN_STOPPING if self.stopping else RECORD_SECONDS
                if self.time.monotonic() - began > limit:
                    log.error("delivery_outcome_not_written_down", delivery=delivery_id)
                    self.unresolved[delivery_id] = Unresolved(call_ended=self.time.monotonic())
                    return None
                await self.time.sleep(pause)
                pause = min(2 * pause, 5.0)

    def _count(self, after: After | None) -> None:
        if after is None:
            return
        self.counts["postponed" if after not in _ENDS else str(after)] += 1

    def _learn(self, kind: str, method: str) -> None:
        if method == UPDATE:
            self.updates.add(kind)
        else:
            self.updates.discard(kind)


_ENDS = (After.FAILED, After.DROPPED, After.UNKNOWN, After.UNCLEAR)


def _about(due: Due) -> dict[str, Any]:
    return {"delivery": due.delivery_id, "kind": due.kind}
