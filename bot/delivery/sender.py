"""Sends the deliveries of one workspace: one process at a time, each message once, as fast as Slack takes them."""

import asyncio
import os
import secrets
import socket
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.courier import Courier, View
from bot.delivery.failures import FailedCall, understand
from bot.delivery.leaseholder import LeaseHolder, RealTime
from bot.delivery.pacing import Pacing, Rates
from bot.okr.errors import Busy
from bot.store.leases import DatabaseClock
from bot.store.session import database_now
from bot.usecases.deliverable import OutgoingKind, nothing_more
from bot.usecases.deliveries import AfterSending, LookForWork, SenderIdentity, Work, look_for_work
from bot.usecases.faults import origin
from bot.usecases.runner import UseCases

log = structlog.get_logger(__name__)

CALL_SECONDS = 8.0
MOST_IN_FLIGHT = 4
IDLE_SECONDS = 1.0
"""How soon a delivery is seen that another process has added."""
CALL_AGE = timedelta(seconds=15)
"""No call can be under way for so long: HAND_SECONDS until it begins, CALL_SECONDS until it is given up, and a margin
in which Slack may still be working on it."""
ASK_FOR_LEASE_SECONDS = 3.0
LONGEST_HOLD_IN_DRAIN = 60.0
FIRST_PROBE_SECONDS = 5.0
LONGEST_PROBE_SECONDS = 600.0
LONGEST_DATABASE_PAUSE = 10.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def sender_client(session: ClientSession, token: str, base_url: str | None = None) -> AsyncWebClient:
    """The client that only the sender uses. It repeats nothing by itself: a repeated post may be a second message."""
    client = AsyncWebClient(
        token=token,
        base_url=base_url or AsyncWebClient.BASE_URL,
        session=session,
        retry_handlers=[],
        timeout=int(CALL_SECONDS),
    )
    if urlsplit(client.base_url).hostname in LOOPBACK:
        # The SDK reads HTTPS_PROXY but not NO_PROXY.
        client.proxy = None
    return client


@dataclass(frozen=True)
class Drained:
    """What `drain` did. `held_elsewhere`: another process holds the lease and sends; nothing was done here.

    postponed: put off until later, for whatever reason; unresolved: it is not known yet whether they arrived.
    trouble: why nothing can be sent at the moment, in a sentence.
    """

    sent: int = 0
    dropped: int = 0
    failed: int = 0
    unknown: int = 0
    postponed: int = 0
    unresolved: int = 0
    held_elsewhere: bool = False
    trouble: str | None = None


class Sender:
    """The one that sends for a workspace, while it holds the lease. `run` it or `drain` once; not both at a time.

    kinds and views: what each kind of delivery is about, and how it looks; with the same keys.
    user_gone, needs_help: what is kept in the same transaction when Slack says that the recipient is no more, or that
    somebody has to open the conversation for the bot first.
    time, database_clock, call_seconds: for tests.
    """

    def __init__(
        self,
        use_cases: UseCases,
        client: AsyncWebClient,
        workspace_id: int,
        *,
        kinds: Mapping[str, OutgoingKind],
        views: Mapping[str, View],
        user_gone: AfterSending = nothing_more,
        needs_help: AfterSending = nothing_more,
        rates: Rates | None = None,
        time: RealTime | None = None,
        database_clock: DatabaseClock = database_now,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._use_cases = use_cases
        self._client = client
        self._time = time or RealTime()
        self._workspace_id = workspace_id
        holder = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(8)}"
        identity = SenderIdentity(workspace_id, holder, clock=database_clock)
        self._holder = LeaseHolder(use_cases, identity, self._time, self.wake)
        self._pacing = Pacing(self._time.monotonic, rates)
        self._courier = Courier(
            use_cases=use_cases,
            client=client,
            sender=identity,
            holder=self._holder,
            pacing=self._pacing,
            time=self._time,
            kinds=kinds,
            views=views,
            call_seconds=call_seconds,
            user_gone=user_gone,
            needs_help=needs_help,
            broken=self._installation_broken,
            works=self._installation_works,
        )
        self._call_seconds = call_seconds
        self._awake = asyncio.Event()
        self._in_hand: dict[asyncio.Task[None], tuple[int, str]] = {}
        self._trouble: str | None = None
        self._probe_at = 0.0
        self._probe_pause = FIRST_PROBE_SECONDS
        self._database_pause = 0.0

    @property
    def trouble(self) -> str | None:
        """Why nothing can be sent at the moment, in a sentence; None while all is well."""
        return self._trouble

    @property
    def is_sending(self) -> bool:
        """Whether this process is the one that sends."""
        return self._holder.is_valid()

    def wake(self) -> None:
        """Look for due deliveries now. Call it after a commit that added some."""
        self._awake.set()

    # --- running

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until `stop`; then finish the calls in hand, record them and release the lease."""
        bell = asyncio.create_task(self._wake_on(stop))
        try:
            while not stop.is_set():
                self._awake.clear()
                if not await self._hold_and_send(stop) and not stop.is_set():
                    await self._pause(ASK_FOR_LEASE_SECONDS)
            await self._finish()
        finally:
            bell.cancel()
            await self._abandon()

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._courier.stopping = True
        self.wake()

    async def _hold_and_send(self, stop: asyncio.Event) -> bool:
        """Send while the lease is ours. False when it could not be had, or something broke: then try again later."""
        try:
            if not await self._holder.take():
                return False
            await self._send_while_allowed(stop)
            return True
        except Busy:
            log.warning("sender_waits_for_database", workspace=self._workspace_id)
            return False
        except Exception as error:
            log.error("sender_stumbled", workspace=self._workspace_id, error=type(error).__name__, at=origin(error))
            return False

    async def _finish(self) -> None:
        """Let the calls in hand end and be written down, then let go of the lease."""
        while self._in_hand:
            self._awake.clear()
            await self._pause(self._call_seconds)
        await self._holder.release()

    async def _send_while_allowed(self, stop: asyncio.Event) -> None:
        keeping = asyncio.create_task(self._holder.keep())
        try:
            while not stop.is_set() and self._holder.is_valid():
                await self._pause(await self._start_what_is_due())
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def drain(self) -> Drained:
        """Send until nothing due waits, and answer what happened.

        A delivery that was put off is left for later; one of unclear fate is looked for as soon as its call must be
        over. Raises Busy when the database does not answer.
        """
        if not await self._holder.take():
            return Drained(held_elsewhere=True)
        self._courier.counts.clear()
        keeping = asyncio.create_task(self._holder.keep())
        open_calls = 0
        try:
            while self._holder.is_valid():
                pause = await self._start_what_is_due()
                if not self._in_hand:
                    rest = await self._look(everything=True)
                    open_calls = rest.open_calls
                    done = not rest.due and not open_calls
                    if done or self._trouble or self._is_held_for_long():
                        break
                await self._pause(pause)
            await self._finish()
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
            await self._abandon()
        counts = self._courier.counts
        return Drained(
            sent=counts["sent"],
            dropped=counts["dropped"],
            failed=counts["failed"],
            unknown=counts["unknown"],
            postponed=counts["postponed"],
            unresolved=open_calls + len(self._looked_up_later()),
            trouble=self._trouble,
        )

    def _is_held_for_long(self) -> bool:
        return any(self._pacing.seconds_until(method) > LONGEST_HOLD_IN_DRAIN for method in self._pacing.methods)

    # --- one look

    async def _start_what_is_due(self) -> float:
        """Begin what may begin now. Answers after how many seconds to look again."""
        self._awake.clear()
        if self._trouble is not None:
            return await self._probe()
        room = MOST_IN_FLIGHT - len(self._in_hand)
        if room <= 0:
            return IDLE_SECONDS
        try:
            work = await self._look()
        except Busy:
            self._database_pause = min(LONGEST_DATABASE_PAUSE, 2 * self._database_pause or 0.5)
            log.warning("sender_waits_for_database", workspace=self._workspace_id)
            return self._database_pause
        self._database_pause = 0.0
        for row in work.stranded[:room]:
            self._start(self._courier.look_up(row), row.delivery_id, row.recipient)
        waits = [IDLE_SECONDS]
        if work.seconds_to_next is not None and work.seconds_to_next > 0:
            waits.append(work.seconds_to_next)
        for due in work.due:
            if len(self._in_hand) >= MOST_IN_FLIGHT:
                break
            wait = self._pacing.seconds_until(self._courier.method_of(due.kind))
            if wait > 0:
                waits.append(wait)
            elif due.recipient not in self._recipients_in_hand():
                self._start(self._courier.send(due, self._courier.reserve(due)), due.delivery_id, due.recipient)
        waits.extend(self._pacing.resting().values())
        waits.extend(wait for method in self._pacing.methods if (wait := self._pacing.seconds_until(method)) > 0)
        return min(waits)

    async def _look(self, *, everything: bool = False) -> Work:
        """What there is to do; with `everything` also what has to wait for its turn."""
        now = self._time.monotonic()
        courier = self._courier
        resting = [kind for kind in courier.kinds if self._pacing.seconds_until(courier.method_of(kind)) > 0]
        since = CALL_AGE.total_seconds() - CALL_SECONDS
        command = LookForWork(
            self._holder.lease,
            CALL_AGE,
            busy=() if everything else {*self._pacing.resting(), *self._recipients_in_hand()},
            resting_kinds=() if everything else resting,
            in_hand=[delivery_id for delivery_id, _ in self._in_hand.values()],
            over=[
                delivery_id
                for delivery_id, state in courier.unresolved.items()
                if state.call_ended is not None and now - state.call_ended >= since
            ],
            looked_up_later=self._looked_up_later(),
            all_earlier=self._holder.held_for() >= CALL_AGE.total_seconds(),
        )
        return await self._use_cases.do(look_for_work, command, writes=False)

    def _looked_up_later(self) -> list[int]:
        now = self._time.monotonic()
        return [delivery_id for delivery_id, state in self._courier.unresolved.items() if state.next_look_up > now]

    def _recipients_in_hand(self) -> set[str]:
        return {recipient for _, recipient in self._in_hand.values()}

    # --- what is in hand

    def _start(self, work: Coroutine[None, None, None], delivery_id: int, recipient: str) -> None:
        self._in_hand[asyncio.create_task(work)] = (delivery_id, recipient)

    async def _pause(self, seconds: float) -> None:
        """Until something in hand ends, somebody wakes us, or `seconds` pass."""
        alarms = {
            asyncio.create_task(self._awake.wait()),
            asyncio.ensure_future(self._time.sleep(seconds)),
        }
        try:
            await asyncio.wait({*alarms, *self._in_hand}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for alarm in alarms:
                alarm.cancel()
        for task in [task for task in self._in_hand if task.done()]:
            delivery_id, _ = self._in_hand.pop(task)
            self._look_at(task, delivery_id)

    def _look_at(self, task: asyncio.Task[None], delivery_id: int) -> None:
        error = task.exception()
        if error is None:
            return
        if not isinstance(error, Exception):
            raise error
        # Whatever it was, the delivery is in a state from which it is taken up again.
        log.error("delivery_interrupted", delivery=delivery_id, error=type(error).__name__)

    async def _abandon(self) -> None:
        """Let go of what is in hand without writing anything down: it is looked for later."""
        tasks, self._in_hand = list(self._in_hand), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- when nothing can be sent at all

    def _installation_broken(self, failed: FailedCall) -> None:
        if self._trouble is None:
            log.error("sender_holds_everything", workspace=self._workspace_id, error=failed.code)
            self._probe_at = self._time.monotonic() + self._probe_pause
        self._trouble = failed.sentence

    def _installation_works(self) -> None:
        self._probe_pause = FIRST_PROBE_SECONDS

    async def _probe(self) -> float:
        """Ask Slack, at growing intervals, whether it takes the token again. Answers the seconds to the next time."""
        wait = self._probe_at - self._time.monotonic()
        if wait > 0:
            return wait
        try:
            async with asyncio.timeout(self._call_seconds):
                await self._client.auth_test()
        except Exception as error:
            self._probe_pause = min(LONGEST_PROBE_SECONDS, 2 * self._probe_pause)
            self._probe_at = self._time.monotonic() + self._probe_pause
            log.warning("sender_still_holds_everything", workspace=self._workspace_id, error=understand(error).code)
            return self._probe_pause
        # Only a post that Slack takes proves that all is well; until then the intervals keep growing.
        self._probe_pause = min(LONGEST_PROBE_SECONDS, 2 * self._probe_pause)
        self._trouble = None
        log.info("sender_tries_again", workspace=self._workspace_id)
        return 0.0
