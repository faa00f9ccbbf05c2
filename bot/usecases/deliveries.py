"""What the sender writes down: each step of a delivery is one short transaction, committed before the next begins."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.okr.errors import OkrError
from bot.store import deliveries, leases
from bot.store.deliveries import Due, Standing, Stranded
from bot.store.leases import DatabaseClock
from bot.store.session import Session, database_now
from bot.store.tables import Attempt, Delivery
from bot.usecases.budget import is_held
from bot.usecases.deliverable import Outgoing, OutgoingKind, Wait, nothing_more

LEASE_LENGTH = timedelta(seconds=15)
MAX_TRIES = 12
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=30)
SHORTEST_WAIT = timedelta(seconds=1)

AfterSending = Callable[[Session, Delivery, datetime], None]


class Form(StrEnum):
    """How much of a message is sent: all of it; its text only; its text without metadata."""

    FULL = "full"
    PLAIN = "plain"
    BARE = "bare"


class After(StrEnum):
    """What becomes of a delivery after a try that did not succeed; also kept as the try's outcome."""

    RETRY = "retry"
    """It waits longer after each such try, and is given up after MAX_TRIES."""
    NOT_PREPARED = "not_prepared"
    """The same, for a message that could not even be made."""
    NOT_THERE = "not_there"
    """The same, after looking for the message and not finding it."""
    LIMITED = "limited"
    """It waits as long as Slack asked for."""
    HELD = "held"
    """It waits as it did: the fault is not its own."""
    REFUSED = "refused"
    """Slack did not like the message itself: it is sent as plain text, once."""
    UNCLEAR = "unclear"
    """Nobody knows whether it arrived: it stays as it is until somebody has looked for it."""
    FAILED = "failed"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


COUNTED = (After.RETRY, After.NOT_PREPARED, After.NOT_THERE)


@dataclass(frozen=True)
class SenderIdentity:
    """Who sends: the workspace, a name no other holder has, how long its lease lasts, and the database's clock."""

    workspace_id: int
    holder: str
    length: timedelta = LEASE_LENGTH
    clock: DatabaseClock = database_now


@dataclass(frozen=True)
class HeldLease:
    """A lease and its fencing number."""

    sender: SenderIdentity
    fence: int


def take_lease(session: Session, sender: SenderIdentity, now: datetime) -> HeldLease | None:
    """Become the workspace's sender; None while somebody else is."""
    fence = leases.take(session, sender.workspace_id, sender.holder, sender.length, sender.clock)
    return None if fence is None else HeldLease(sender, fence)


def renew_lease(session: Session, lease: HeldLease, now: datetime) -> bool:
    """Stay the sender. False when somebody else has become it."""
    by = lease.sender
    return leases.renew(session, by.workspace_id, by.holder, lease.fence, by.length, by.clock)


def release_lease(session: Session, lease: HeldLease, now: datetime) -> bool:
    """Let somebody else send at once."""
    by = lease.sender
    return leases.release(session, by.workspace_id, by.holder, lease.fence, by.clock)


@dataclass(frozen=True)
class LookForWork:
    """What the sender may not send now: to whom, of which kinds, and what it has in hand.

    over: deliveries whose call is known to be over. call_age: after that long no call can be under way. all_earlier: so
    long has the lease been held that no call of an earlier holder can be under way.
    """

    lease: HeldLease
    call_age: timedelta
    busy: Collection[str] = ()
    resting_kinds: Collection[str] = ()
    in_hand: Collection[int] = ()
    over: Collection[int] = ()
    looked_up_later: Collection[int] = ()
    all_earlier: bool = False
    limit: int = 50


@dataclass(frozen=True)
class Work:
    """What may be sent now, most urgent first; what has to be looked for; and how long nothing else is due.

    open_calls: how many deliveries have a call whose outcome is not known, besides those in hand or looked up later.
    """

    due: list[Due]
    stranded: list[Stranded]
    open_calls: int
    seconds_to_next: float | None


def look_for_work(session: Session, command: LookForWork, now: datetime) -> Work:
    """Read what there is to do."""
    by = command.lease.sender
    due = deliveries.due(
        session,
        by.workspace_id,
        now,
        not_to=command.busy,
        not_kinds=command.resting_kinds,
        not_ids=command.in_hand,
        limit=command.limit,
    )
    left_alone = [*command.in_hand, *command.looked_up_later]
    open_calls = deliveries.count_sending(session, by.workspace_id, left_alone)
    stranded: list[Stranded] = []
    if open_calls:
        stranded = deliveries.stranded(
            session,
            by.workspace_id,
            age=command.call_age,
            over=command.over,
            earlier_than_fence=command.lease.fence if command.all_earlier else None,
            not_ids=left_alone,
            clock=by.clock,
        )
    following = None if due else deliveries.next_due(session, by.workspace_id)
    return Work(due, stranded, open_calls, None if following is None else (following - now).total_seconds())


@dataclass(frozen=True)
class TakeInHand:
    """Claim one delivery. `free_methods`: the Web API methods that may be called now."""

    lease: HeldLease
    delivery_id: int
    kinds: Mapping[str, OutgoingKind]
    free_methods: Collection[str]


@dataclass(frozen=True)
class InHand:
    """A delivery that is about to be sent: its try is written down, and the call must follow at once."""

    delivery_id: int
    number: int
    kind: str
    key: str
    form: Form
    outgoing: Outgoing
    method: str


class NotTaken(StrEnum):
    """Why a delivery was not taken in hand."""

    GONE = "gone"
    """Somebody else has it, it is settled, or the lease is lost."""
    DROPPED = "dropped"
    WAITS = "waits"
    METHOD_RESTS = "method rests"


def take_in_hand(session: Session, command: TakeInHand, now: datetime) -> InHand | NotTaken:
    """Claim a delivery, look up what it says now and write down the try. Whatever `prepare` raises undoes the claim."""
    by = command.lease.sender
    delivery = deliveries.claim(
        session, by.workspace_id, command.delivery_id, by.holder, command.lease.fence, now, by.clock
    )
    if delivery is None:
        return NotTaken.GONE
    outgoing = _prepare(session, command.kinds, delivery, now)
    number = delivery.attempts
    if outgoing is None:
        deliveries.settle_unsent(session, delivery.id, number, After.DROPPED, "nobody needs it any more", now)
        return NotTaken.DROPPED
    if isinstance(outgoing, Wait):
        until = max(outgoing.until, now + SHORTEST_WAIT)
        deliveries.put_back(session, delivery.id, number, until, "waits for something that is still on its way")
        return NotTaken.WAITS
    if is_held(session, command.kinds, delivery, outgoing, now):
        return NotTaken.WAITS
    method = "chat.postMessage" if outgoing.update_ts is None else "chat.update"
    if method not in command.free_methods:
        deliveries.put_back(session, delivery.id, number, None, delivery.reason)
        return NotTaken.METHOD_RESTS
    form = _next_form(deliveries.last_attempt(session, delivery.id))
    attempt = deliveries.begin_attempt(
        session,
        delivery,
        channel=outgoing.channel,
        thread_ts=outgoing.thread_ts,
        update_ts=outgoing.update_ts,
        form=form,
        clock=by.clock,
    )
    return InHand(delivery.id, attempt.number, delivery.kind, delivery.key, form, outgoing, method)


class UnknownKind(OkrError):
    """A delivery is of a kind that this version does not know; a newer one may."""


def _prepare(
    session: Session, kinds: Mapping[str, OutgoingKind], delivery: Delivery, now: datetime
) -> Outgoing | Wait | None:
    kind = kinds.get(delivery.kind)
    if kind is None:
        raise UnknownKind(f"this version knows no deliveries of the kind {delivery.kind!r}")
    return kind.prepare(session, delivery, now)


def _next_form(last: Attempt | None) -> Form:
    if last is None:
        return Form.FULL
    if last.outcome != After.REFUSED:
        return Form(last.form)
    return Form.BARE if "metadata" in (last.error or "") else Form.PLAIN


@dataclass(frozen=True)
class NotPrepared:
    """What is sent could not be looked up; `error` says why, without any text of the message."""

    lease: HeldLease
    delivery_id: int
    error: str


def note_not_prepared(session: Session, command: NotPrepared, now: datetime) -> After | None:
    """Write down a try that ended before there was anything to send. None when somebody else has the delivery."""
    by = command.lease.sender
    delivery = deliveries.claim(
        session, by.workspace_id, command.delivery_id, by.holder, command.lease.fence, now, by.clock
    )
    if delivery is None:
        return None
    attempt = deliveries.begin_attempt(
        session,
        delivery,
        channel=delivery.recipient,
        thread_ts=None,
        update_ts=None,
        form=_next_form(deliveries.last_attempt(session, delivery.id)),
        clock=by.clock,
    )
    tried = NotSent(delivery.id, attempt.number, After.NOT_PREPARED, command.error, clock=by.clock)
    return note_not_sent(session, tried, now)


@dataclass(frozen=True)
class Sent:
    """Slack's answer. `keep_with_kind`: run the kind's own `sent` in the same transaction."""

    delivery_id: int
    number: int
    channel: str
    ts: str
    kinds: Mapping[str, OutgoingKind]
    keep_with_kind: bool = True
    clock: DatabaseClock = field(default=database_now)


def note_sent(session: Session, command: Sent, now: datetime) -> bool:
    """Write down that the message stands in Slack. False when that was known."""
    deliveries.end_attempt(session, command.delivery_id, command.number, "sent", None, command.clock)
    delivery = deliveries.settle_sent(session, command.delivery_id, command.channel, command.ts, now)
    if delivery is None:
        return False
    if not command.keep_with_kind:
        delivery.reason = "sent, but what belongs to it could not be kept; see the log"
    elif delivery.kind in command.kinds:
        command.kinds[delivery.kind].sent(session, delivery, now)
    return True


@dataclass(frozen=True)
class NotSent:
    """A try that did not succeed. `error` is Slack's code or a class of error, `reason` a sentence for people.

    retry_after: seconds, for LIMITED. ended: called in the same transaction when this try was the last one.
    """

    delivery_id: int
    number: int
    after: After
    error: str
    reason: str | None = None
    retry_after: float = 0.0
    ended: AfterSending = nothing_more
    clock: DatabaseClock = field(default=database_now)


def note_not_sent(session: Session, command: NotSent, now: datetime) -> After | None:
    """Write down what came of a try and what becomes of the delivery. None when others went on with it.

    Answers the same `after`, or FAILED when it was one try too many.
    """
    known = not deliveries.end_attempt(
        session, command.delivery_id, command.number, command.after, command.error, command.clock
    )
    if known:
        return None
    if command.after is After.UNCLEAR:
        return After.UNCLEAR
    reason = command.reason or command.error
    if command.after in (After.FAILED, After.DROPPED, After.UNKNOWN):
        return _end(session, command, command.after, reason, now)
    not_before: datetime | None = None
    if command.after is After.LIMITED:
        not_before = now + timedelta(seconds=command.retry_after)
    elif command.after in COUNTED:
        tries = deliveries.count_attempts(session, command.delivery_id, COUNTED)
        if tries >= MAX_TRIES:
            return _end(session, command, After.FAILED, f"given up after {tries} tries: {reason}", now)
        not_before = now + pause_after(tries)
    put_back = deliveries.put_back(session, command.delivery_id, command.number, not_before, reason)
    return command.after if put_back else None


def _end(session: Session, command: NotSent, state: After, reason: str, now: datetime) -> After | None:
    if not deliveries.settle_unsent(session, command.delivery_id, command.number, state, reason, now):
        return None
    delivery = session.get_one(Delivery, command.delivery_id)
    command.ended(session, delivery, now)
    return state


def pause_after(tries: int) -> timedelta:
    """How long a delivery waits after its `tries`-th failed try."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(tries - 1, 20)))


@dataclass(frozen=True)
class WhereToLook:
    """A stranded delivery, whose message may stand in Slack."""

    sender: SenderIdentity
    stranded: Stranded


@dataclass(frozen=True)
class Place:
    """The conversation (None: not known yet) and the ts of a message of ours that stood there before."""

    conversation: str | None
    after_ts: str | None


def where_to_look(session: Session, command: WhereToLook, now: datetime) -> Place:
    """Where the message of a stranded delivery would stand."""
    row, workspace_id = command.stranded, command.sender.workspace_id
    conversation: str | None = row.channel
    if is_person(row.channel):
        conversation = deliveries.known_channel(session, workspace_id, row.channel)
    if conversation is None or row.thread_ts is not None:
        return Place(conversation, None)
    return Place(conversation, deliveries.newest_before(session, workspace_id, conversation, row.started_at))


def is_person(channel: str) -> bool:
    """Whether a message goes to a person (`U…`, `W…`) and not to a conversation."""
    return channel.startswith(("U", "W"))


def how_it_stands(session: Session, workspace_id: int, now: datetime) -> Standing:
    """Rows by state and the longest wait, for metrics and `doctor`."""
    return deliveries.standing(session, workspace_id, now)
