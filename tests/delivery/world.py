"""A workspace with a database, a fake Slack, fake time and any number of senders."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.delivery.sender import Sender, sender_client
from bot.slack.views import Message
from bot.store import deliveries
from bot.store.session import Database
from bot.store.tables import Attempt, Delivery, Workspace
from bot.usecases.deliverable import Outgoing, OutgoingKind, Wait, nothing_more
from bot.usecases.runner import UseCases
from tests.databases import opened
from tests.delivery.fake_slack import FakeSlack, fake_slack
from tests.delivery.fake_time import FakeTime

TOKEN = "xoxb-test"


class Crash(BaseException):
    """The process is gone: nothing that follows is executed."""


@dataclass
class Interruptions:
    """What happens around the steps of a sender: a function for `before` or `after` a use case or a call, by name."""

    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    after: dict[str, Callable[[], None]] = field(default_factory=dict)

    def crash_once(self, where: str, step: str) -> None:
        """Crash the first time that `step` is reached (`where`: before or after)."""
        steps = getattr(self, where)

        def crash() -> None:
            del steps[step]
            raise Crash

        steps[step] = crash


class WatchedUseCases(UseCases):
    """Use cases during which fake time stands still, and around which something may happen."""

    def __init__(self, database: Database, time: FakeTime, interruptions: Interruptions) -> None:
        async def clock() -> datetime:
            return time.now()

        super().__init__(database, clock, workers=4)
        self._time = time
        self._interruptions = interruptions

    async def do(self, use_case: Any, command: Any, **more: Any) -> Any:
        name = use_case.__name__
        with self._time.work():
            self._interruptions.before.get(name, _nothing)()
            # On a busy machine a thread may have to wait; what the tests are about must not depend on it.
            answer = await super().do(use_case, command, **{"seconds": 20.0, **more})
            self._interruptions.after.get(name, _nothing)()
            return answer


def _nothing() -> None:
    """Nothing happens."""


@dataclass
class World:
    """Where the tests of the sender take place. `facts` decides what the kinds of deliveries say."""

    database: Database
    slack: FakeSlack
    time: FakeTime
    session: aiohttp.ClientSession
    workspace_id: int
    not_needed: set[int] = field(default_factory=set)
    kept: list[int] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    interruptions: Interruptions = field(default_factory=Interruptions)
    opened: list[UseCases] = field(default_factory=list)

    # --- what is sent

    def kinds(self) -> dict[str, OutgoingKind]:
        def note(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
            if delivery.id in self.not_needed:
                return None
            return Outgoing(
                channel=delivery.recipient,
                facts=delivery.arguments["text"],
                thread_ts=delivery.arguments.get("thread"),
            )

        def edit(session: Session, delivery: Delivery, now: datetime) -> Outgoing:
            return Outgoing(delivery.recipient, delivery.arguments["text"], update_ts=delivery.arguments["ts"])

        def waits(session: Session, delivery: Delivery, now: datetime) -> Outgoing | Wait:
            until = datetime.fromisoformat(delivery.arguments["until"])
            return Wait(until) if now < until else Outgoing(delivery.recipient, delivery.arguments["text"])

        def broken(session: Session, delivery: Delivery, now: datetime) -> Outgoing:
            raise ZeroDivisionError

        def keep(session: Session, delivery: Delivery, now: datetime) -> None:
            self.kept.append(delivery.id)

        def keep_badly(session: Session, delivery: Delivery, now: datetime) -> None:
            raise ZeroDivisionError

        return {
            "note": OutgoingKind(note, keep),
            "edit": OutgoingKind(edit, nothing_more),
            "waits": OutgoingKind(waits, nothing_more),
            "broken": OutgoingKind(broken, nothing_more),
            "ugly": OutgoingKind(note, nothing_more),
            "badly_kept": OutgoingKind(note, keep_badly),
        }

    def add(self, recipient: str = "U1", text: str = "hello", kind: str = "note", **more: Any) -> int:
        """Queue a delivery that is due now."""
        priority = more.pop("priority", 50)
        not_before = more.pop("not_before", self.time.now())

        def work(session: Session) -> int | None:
            number = session.scalar(select(func.count()).select_from(Delivery))
            return deliveries.add(
                session,
                self.workspace_id,
                kind=kind,
                recipient=recipient,
                arguments={"text": text, **more},
                dedupe_key=f"test:{self.workspace_id}:{number}",
                not_before=not_before,
                now=self.time.now(),
                priority=priority,
            )

        added = self.database.transact(work)
        assert added is not None
        return added

    # --- who sends

    def sender(self, **more: Any) -> Sender:
        """A new process's sender."""
        use_cases = WatchedUseCases(self.database, self.time, self.interruptions)
        self.opened.append(use_cases)
        client = sender_client(self.session, TOKEN, self.slack.url)
        self._watch(client)

        def user_gone(session: Session, delivery: Delivery, now: datetime) -> None:
            self.gone.append(delivery.recipient)

        def needs_help(session: Session, delivery: Delivery, now: datetime) -> None:
            self.closed.append(delivery.recipient)

        return Sender(
            use_cases,
            client,
            self.workspace_id,
            kinds=self.kinds(),
            views={kind: view_ugly if kind == "ugly" else view for kind in self.kinds()},
            user_gone=user_gone,
            needs_help=needs_help,
            **{
                "time": self.time.real,
                "database_clock": self.time.database_now,
                "call_seconds": 5.0,
                **more,
            },
        )

    def _watch(self, client: Any) -> None:
        call = client.api_call

        async def watched(api_method: str, **arguments: Any) -> Any:
            with self.time.work():
                self.interruptions.before.get(api_method, _nothing)()
                answer = await call(api_method, **arguments)
                self.interruptions.after.get(api_method, _nothing)()
                return answer

        client.api_call = watched

    async def run_until_crash(self, sender: Sender) -> None:
        """Let a sender run until it crashes."""
        try:
            await sender.run(asyncio.Event())
        except Crash:
            self.end_processes()
            return
        raise AssertionError("the sender did not crash")

    def end_processes(self) -> None:
        """What its threads had begun comes to an end, as a transaction does or does not when its client dies."""
        for use_cases in self.opened:
            use_cases.close()
        self.opened.clear()

    async def run_until(self, sender: Sender, condition: Callable[[], bool], within: float = 600.0) -> None:
        """Let a sender run until something holds, at most `within` seconds of fake time; then stop it."""
        stop = asyncio.Event()
        running = asyncio.create_task(sender.run(stop))
        limit = self.time.monotonic() + within
        try:
            await self.until(lambda: condition() or self.time.monotonic() >= limit or running.done())
            assert condition(), f"in vain for {within:g} s: {self.states()}, {[row.reason for row in self.rows()]}"
        finally:
            stop.set()
            await running

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the others work until something holds, at most a minute of real time."""
        async with asyncio.timeout(60):
            while not condition():  # noqa: ASYNC110 (a condition of the database has no event)
                await asyncio.sleep(0.002)

    # --- how it stands

    def rows(self) -> list[Delivery]:
        """The workspace's deliveries."""
        return self._read(select(Delivery).where(Delivery.workspace_id == self.workspace_id).order_by(Delivery.id))

    def row(self, delivery_id: int) -> Delivery:
        """One delivery."""
        return next(row for row in self.rows() if row.id == delivery_id)

    def states(self) -> list[str]:
        """Every delivery's state."""
        return [row.state for row in self.rows()]

    def attempts(self, delivery_id: int) -> list[Attempt]:
        """A delivery's tries."""
        return self._read(select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.number))

    def _read(self, statement: Any) -> list[Any]:
        def work(session: Session) -> list[Any]:
            rows = list(session.scalars(statement))
            session.expunge_all()
            return rows

        return self.database.transact(work, writes=False, seconds=20)

    def key(self, delivery_id: int) -> str:
        """What the delivery's message carries."""
        return f"{delivery_id}:{self.row(delivery_id).key}"

    def all_settled(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not {"pending", "sending"} & set(self.states())

    def set_row(self, delivery_id: int, **values: Any) -> None:
        """Change a delivery behind everybody's back."""
        self.database.transact(
            lambda session: session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**values))
        )

    def in_seconds(self, seconds: float) -> datetime:
        """An instant on the bot's clock."""
        return self.time.now() + timedelta(seconds=seconds)


def view(facts: object) -> Message:
    """A message that says its facts."""
    return Message(str(facts), [{"type": "section", "text": {"type": "mrkdwn", "text": str(facts)}}])


def view_ugly(facts: object) -> Message:
    """A message that cannot be made."""
    raise ZeroDivisionError


def new_workspace(database: Database, time: FakeTime) -> int:
    """A fresh workspace in a database."""

    def work(session: Session) -> int:
        number = session.scalar(select(func.count()).select_from(Workspace))
        row = Workspace(slack_id=f"T{number}", name="Test", created_at=time.now())
        session.add(row)
        session.flush()
        return row.id

    return database.transact(work)


@asynccontextmanager
async def world_on(url: str) -> AsyncIterator[World]:
    """A world on a migrated database."""
    time = FakeTime()
    with opened(url) as database:
        async with fake_slack() as slack, aiohttp.ClientSession() as session:
            slack.monotonic = time.monotonic
            world = World(database, slack, time, session, new_workspace(database, time))
            try:
                yield world
            finally:
                world.end_processes()
                await time.close()
