"""The coming weeks, rehearsed: the batches of the beat and the steps of the sender on a copy, with a clock of its own.

Nothing is sent and nothing of the original is changed. Time goes from one moment at which something is due to the next.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

import structlog

from bot.okr.attention import week_begins
from bot.okr.cadence import FURTHEST_EAST, Rhythm, monday_of
from bot.okr.errors import NothingDue, OkrError
from bot.okr.facts import Digest, Prompt
from bot.okr.rehearsing import WEEK, Answers, Ledger, Rehearsed, RehearsedMessage
from bot.okr.zones import first_known_zone
from bot.store import deliveries, members, rehearsing, rounds
from bot.store.copying import COPY_SECONDS, copy_workspace, scratch_database
from bot.store.session import Database, Session
from bot.store.tables import Delivery, Workspace
from bot.usecases.actors import Actor
from bot.usecases.budget import counts, is_limited
from bot.usecases.cycles import plan_next_quarter
from bot.usecases.deliverable import Outgoing
from bot.usecases.deliveries import (
    HeldLease,
    InHand,
    NotTaken,
    SenderIdentity,
    Sent,
    TakeInHand,
    note_sent,
    take_in_hand,
    take_lease,
)
from bot.usecases.faults import origin
from bot.usecases.outgoing import KINDS
from bot.usecases.prompt_answers import AGAIN, NoChange, no_change
from bot.usecases.rounds import MADE_AHEAD, TickCommand, open_rounds
from bot.usecases.ticking import BATCHES, MOST_BATCHES

R = TypeVar("R")
log = structlog.get_logger(__name__)

MOST_WEEKS = 53
STEP_SECONDS = 600.0
A_DAY = timedelta(days=1)
AT_ONCE = 50
MOST_WAITS = 50
"""A message that waits so often for something on its way waits for what will never come here."""
METHODS = ("chat.postMessage", "chat.update")
BY_CALENDAR = (plan_next_quarter, open_rounds)
QUESTIONS = ("prompt", "reminder", AGAIN)
LIMITED = tuple(name for name, kind in KINDS.items() if is_limited(kind.reason))


@dataclass(frozen=True)
class Rehearse:
    """Which workspace, for how many weeks, and what is taken for granted.

    recipients: only what these get, people and channels by Slack id; teams: the teams in which they are asked, all of
    them, by row id. None: everybody.
    """

    workspace_id: int
    weeks: int
    answers: Answers = Answers.NONE
    recipients: Collection[str] | None = None
    teams: Collection[int] | None = None


Tell = Callable[[RehearsedMessage], None]
Progress = Callable[[int, int], None]


def not_told(message: RehearsedMessage) -> None:
    """For who wants to know the numbers only."""


def not_shown(done: int, whole: int) -> None:
    """For whom nobody waits."""


def rehearse(
    source: Database, command: Rehearse, now: datetime, tell: Tell = not_told, progress: Progress = not_shown
) -> Rehearsed:
    """Copy the workspace and play its coming weeks. `tell` hears of every message in the order of time.

    progress: days that are rehearsed, and of how many. Raises Busy where the original does not answer.
    """
    with scratch_database() as copy:
        source.transact(
            lambda session: copy_workspace(session, copy, command.workspace_id, now, teams=command.teams),
            writes=False,
            seconds=COPY_SECONDS,
        )
        return _Stage(copy, command, now, tell).play(progress)


@dataclass
class _Stage:
    """A copy, and how far it has been played. `names`: everybody's name and zone by Slack id."""

    copy: Database
    command: Rehearse
    now: datetime
    tell: Tell
    ledger: Ledger = field(default_factory=Ledger)
    names: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    zone: str = "UTC"
    slack_team: str = ""
    fence: int = 0
    opens_next: datetime = field(init=False)
    posted: int = 0
    waited: dict[int, int] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.opens_next = self.now

    def play(self, progress: Progress) -> Rehearsed:
        """From now to the end of the last week."""
        since, whole = self.now, self.command.weeks * 7
        ends = since + self.command.weeks * WEEK
        asks_until = self._do(self._begin)
        while self.now < ends:
            self._beat()
            self.now = min(ends, self._do(self._next))
            progress((self.now - since).days, whole)
        return Rehearsed(since, self.command.weeks, self.command.answers, self.ledger, asks_until)

    def _do(self, work: Callable[[Session], R]) -> R:
        return self.copy.transact(work, seconds=STEP_SECONDS)

    def _begin(self, session: Session) -> date | None:
        workspace_id = self.command.workspace_id
        self.slack_team = session.get_one(Workspace, workspace_id).slack_id
        self.names = rehearsing.names(session, workspace_id)
        self.zone = first_known_zone([members.first_champion_zone(members.roles(session, workspace_id))]).key
        # What went this week before is in the budget already.
        for recipient, at in rehearsing.sent_since(session, workspace_id, LIMITED, self.now - WEEK - A_DAY):
            zone = first_known_zone([self.names.get(recipient, ("", None))[1]])
            if at >= week_begins(self.now, zone):
                self.ledger.counted[recipient, monday_of(at.astimezone(zone).date())] += 1
        lease = take_lease(session, self._sender(2 * self.command.weeks * WEEK), self.now)
        assert lease is not None  # nobody else knows the copy
        self.fence = lease.fence
        return rehearsing.last_day_asked(session, workspace_id)

    def _sender(self, length: timedelta = A_DAY) -> SenderIdentity:
        now = self.now
        return SenderIdentity(self.command.workspace_id, "rehearsal", length, clock=lambda _session: now)

    def _next(self, session: Session) -> datetime:
        """The next moment at which a beat or the sender has something to do."""
        if self.now >= self.opens_next:
            self.opens_next = self._opens_next(session)
        due = rehearsing.next_moment(session, self.command.workspace_id, self.now)
        return self.opens_next if due is None else min(due, self.opens_next)

    def _opens_next(self, session: Session) -> datetime:
        """When a round is made next, by the calendar alone; at the latest in a day."""
        found = [self.now + A_DAY]
        for kept in rounds.rhythms(session, self.command.workspace_id):
            rhythm = Rhythm.read(kept)
            monday = monday_of(self.now.date() - WEEK)
            while (opens := rhythm.opens_at(monday, FURTHEST_EAST) - MADE_AHEAD) <= self.now or not rhythm.has_round(
                monday
            ):
                monday += WEEK
            found.append(opens)
        return min(found)

    # --- one moment

    def _beat(self) -> None:
        # Between two openings nothing can be made by these: what they look at is the calendar, and it is long.
        opens = self.now >= self.opens_next
        for batch in BATCHES if opens else [each for each in BATCHES if each not in BY_CALENDAR]:
            command = TickCommand(self.command.workspace_id)
            for _ in range(MOST_BATCHES):
                now = self.now
                if not self._do(lambda session: batch(session, command, now)):  # noqa: B023 (called at once)
                    break
        only_to = self.command.recipients
        if only_to is not None:
            self._do(lambda session: rehearsing.leave_to_others(session, self.command.workspace_id, only_to, self.now))
        while self._do(self._send_some):
            pass

    def _send_some(self, session: Session) -> int:
        """Send some of what is due. Answers how many there were."""
        due = deliveries.due(session, self.command.workspace_id, self.now, not_ids=self.given_up, limit=AT_ONCE)
        for each in due:
            self._send(session, each)
            session.flush()
            # Every message is made from what the database says, as the sender makes it.
            session.expunge_all()
        return len(due)

    def _send(self, session: Session, due: deliveries.Due) -> None:
        lease = HeldLease(self._sender(), self.fence)
        try:
            with session.begin_nested():
                taken = take_in_hand(session, TakeInHand(lease, due.delivery_id, KINDS, METHODS), self.now)
        except Exception as error:
            # The sender would try it again; here it makes the proof worth less, which is told in the end.
            log.error("rehearsal_not_made", kind=due.kind, error=type(error).__name__, at=origin(error))
            self.given_up.add(due.delivery_id)
            self.ledger.not_made[due.kind] += 1
            return
        if taken is NotTaken.WAITS:
            self.waited[due.delivery_id] = self.waited.get(due.delivery_id, 0) + 1
            if self.waited[due.delivery_id] >= MOST_WAITS:
                self.given_up.add(due.delivery_id)
        if isinstance(taken, InHand):
            self.waited.pop(due.delivery_id, None)
            self._post(session, taken, due.recipient)

    def _post(self, session: Session, taken: InHand, recipient: str) -> None:
        """What Slack would answer, and what is kept of that; then what the receiver answers."""
        self.posted += 1
        outgoing, now = taken.outgoing, self.now
        channel = f"D{outgoing.channel[1:]}" if outgoing.channel in self.names else outgoing.channel
        ts = outgoing.update_ts or f"{int(now.timestamp())}.{self.posted:06d}"
        sent = Sent(taken.delivery_id, taken.number, channel, ts, KINDS, clock=lambda _session: now)
        delivery = session.get_one(Delivery, taken.delivery_id)
        if outgoing.update_ts is None:
            self._note(delivery, outgoing)
        note_sent(session, sent, now)
        if self.command.answers is Answers.ALL and taken.kind in QUESTIONS and recipient in self.names:
            self._answer(session, recipient, taken.delivery_id)

    def _note(self, delivery: Delivery, outgoing: Outgoing) -> None:
        person, zone = self.names.get(delivery.recipient, (None, self.zone))
        teams, key_results = _about(outgoing.facts)
        message = RehearsedMessage(
            at=self.now,
            zone=first_known_zone([zone]).key,
            recipient=delivery.recipient,
            person=person,
            kind=delivery.kind,
            teams=teams,
            key_results=key_results,
            counted=counts(KINDS, delivery, outgoing),
        )
        self.ledger.note(message)
        self.tell(message)

    def _answer(self, session: Session, recipient: str, delivery_id: int) -> None:
        command = NoChange(Actor(self.slack_team, recipient), f"rehearsal:{delivery_id}")
        try:
            with session.begin_nested():
                no_change(session, command, self.now)
        except NothingDue:
            return
        except OkrError as error:
            log.error("rehearsal_not_answered", error=type(error).__name__, at=origin(error))
            self.ledger.not_made["answer"] += 1


def _about(facts: object) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The teams and key results a message is about, where it asks or tells about some."""
    if isinstance(facts, Prompt):
        return tuple(dict.fromkeys(each.team for each in facts.due)), tuple(each.number for each in facts.due)
    if isinstance(facts, Digest):
        return (facts.team,), ()
    return (), ()
