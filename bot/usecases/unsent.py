"""What waits, what went wrong and who sends, for the operator; and what the operator changes by hand."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.okr.errors import NotFound
from bot.store import changes, deliveries, health, leases, unsent
from bot.store.leases import LeaseStands
from bot.store.session import Session
from bot.store.tables import Delivery, Workspace
from bot.store.unsent import OPEN, InboxCounts, Listed, OpenCounts, PromptCounts, Shown
from bot.usecases.deliveries import LEASE_LENGTH
from bot.usecases.inbox import MAX_ATTEMPTS

OPERATOR = "operator"
BY_HAND = "dropped by hand"
AGAIN = "sent again by hand"
MOST_REASONS = 5
SLACK_ID = re.compile(r"[UWCDG][A-Z0-9]{5,}")


@dataclass(frozen=True)
class ListDeliveries:
    """Which to list. to: a receiver's name, part of it, or a Slack id; None for all. workspace: `T…`, for several."""

    shown: tuple[Shown, ...] = OPEN
    to: str | None = None
    limit: int = 50
    workspace: str | None = None


@dataclass(frozen=True)
class Post:
    """How the messages of a workspace stand.

    by_shown: all open ones. waiting: how long the oldest due one has waited. lease: who sends. channels: the teams of a
    channel (`C…`). rows: those asked for, `found` in all. failures: why events of Slack were given up.
    """

    workspace: str
    by_shown: dict[Shown, int]
    waiting: timedelta | None
    lease: LeaseStands | None
    channels: dict[str, list[str]]
    rows: list[Listed]
    found: int
    events: InboxCounts
    failures: list[str]


def list_deliveries(session: Session, command: ListDeliveries, now: datetime) -> Post:
    """What the operator wants to see. Raises NotFound for a workspace or a receiver that is not known."""
    workspace = _workspace(session, command.workspace)
    to = None if command.to is None else _receivers(session, workspace.id, command.to)
    counts = unsent.open_counts(session, workspace.id, now)
    events = unsent.inbox_counts(session, workspace.id, MAX_ATTEMPTS)
    return Post(
        workspace.name,
        _by_shown(counts),
        None if counts.oldest_due is None else now - counts.oldest_due,
        leases.stands(session, workspace.id),
        health.digest_channels(session, workspace.id),
        unsent.listed(session, workspace.id, command.shown, to, now, command.limit),
        unsent.count(session, workspace.id, command.shown, to, now),
        events,
        unsent.why_events_failed(session, workspace.id, MAX_ATTEMPTS, MOST_REASONS) if events.given_up else [],
    )


def _workspace(session: Session, slack_id: str | None) -> Workspace:
    found = health.workspaces(session, slack_id)
    if len(found) == 1:
        return found[0]
    if slack_id is not None:
        raise NotFound(f"There is no workspace {slack_id} in this database.", help_topic="operator")
    if not found:
        raise NotFound("This database has no workspace yet, so nothing was sent.", help_topic="operator")
    ids = ", ".join(each.slack_id for each in found)
    raise NotFound(
        f"This database has {len(found)} workspaces ({ids}). Say which one with --workspace.", help_topic="operator"
    )


def _receivers(session: Session, workspace_id: int, to: str) -> list[str]:
    wanted = to.strip().removeprefix("@").casefold()
    people = unsent.names(session, workspace_id)
    found = [slack_id for slack_id, name in people if name.casefold() == wanted]
    found = found or [slack_id for slack_id, name in people if wanted and wanted in name.casefold()]
    if SLACK_ID.fullmatch(to.strip()):
        found.append(to.strip())
    if not found:
        raise NotFound(
            f"Nobody here is called {to}. Give a name, a part of it, or the id of a person (U…) or a channel (C…).",
            help_topic="operator",
        )
    return found


def _by_shown(counts: OpenCounts) -> dict[Shown, int]:
    found = dict.fromkeys(OPEN, 0)
    for (shown, _), count in counts.by_shown_and_kind.items():
        found[shown] += count
    return found


# --- by hand


@dataclass(frozen=True)
class SendAgain:
    """Try these deliveries now. may_arrive_twice: also those of which nobody knows whether they have arrived."""

    ids: tuple[int, ...]
    may_arrive_twice: bool = False


@dataclass(frozen=True)
class DropByHand:
    """End these deliveries; `reason` is the operator's."""

    ids: tuple[int, ...]
    reason: str


@dataclass
class ByHand:
    """What was done, and what could not be: the reason by id. `unsure`: those that may arrive twice."""

    done: list[int] = field(default_factory=list)
    not_done: dict[int, str] = field(default_factory=dict)
    unsure: list[int] = field(default_factory=list)


SENT = "has been sent already"
IS_SENT_NOW = "is being sent now, or the sender is still looking whether it has arrived; ask again in a minute"
MAY_COME_TWICE = "may have arrived already and would then come twice; say --yes to send it all the same"


def send_again(session: Session, command: SendAgain, now: datetime) -> ByHand:
    """Let deliveries be tried again: they are made anew from what is true then, or dropped if nobody needs them."""

    def why_not(row: Delivery) -> str | None:
        if row.state == "unknown" and not command.may_arrive_twice:
            return MAY_COME_TWICE
        return _why_not_again(row, now)

    return _change(
        session,
        command.ids,
        why_not,
        lambda row: unsent.send_again(session, row, AGAIN, now),
        lambda row: _note(session, row, "sent_again", "pending", None, now),
    )


def _why_not_again(row: Delivery, now: datetime) -> str | None:
    if row.state == "dropped" and not (row.reason or "").startswith(BY_HAND):
        return f"was dropped ({row.reason or 'nobody needs it any more'}), so there is nothing to send"
    if row.state != "pending":
        return None
    if row.not_before <= now:
        return "is due already: the sender takes it next"
    if row.held_since is not None:
        return "waits for room in its receiver's attention budget, and goes when there is some"
    return None if row.attempts > row.tries_from else "waits for its time, and was not tried yet"


def drop_by_hand(session: Session, command: DropByHand, now: datetime) -> ByHand:
    """End deliveries that are not to be sent (any more)."""
    reason = f"{BY_HAND}: {command.reason}"
    return _change(
        session,
        command.ids,
        lambda row: "was dropped already" if row.state == "dropped" else None,
        lambda row: unsent.drop(session, row, reason, now),
        lambda row: _note(session, row, "dropped", "dropped", command.reason, now),
    )


def _change(
    session: Session,
    ids: tuple[int, ...],
    why_not: Callable[[Delivery], str | None],
    change: Callable[[Delivery], bool],
    note: Callable[[Delivery], None],
) -> ByHand:
    """Change each where it is not too late, always in the same order: two operators never wait for each other."""
    result = ByHand()
    rows = unsent.by_ids(session, ids)
    for delivery_id in sorted(set(ids)):
        row = rows.get(delivery_id)
        trouble = "is not known" if row is None else _TOO_LATE.get(row.state) or why_not(row)
        if trouble is None and row is not None and change(row):
            note(row)
            result.done.append(delivery_id)
            if row.state == "unknown":
                result.unsure.append(delivery_id)
        else:
            result.not_done[delivery_id] = trouble or IS_SENT_NOW
    return result


_TOO_LATE = {"sent": SENT, "sending": IS_SENT_NOW}


def _note(session: Session, row: Delivery, action: str, state: str, reason: str | None, now: datetime) -> None:
    changes.note(
        session,
        row.workspace_id,
        at=now,
        actor_id=None,
        entity="delivery",
        entity_id=row.id,
        action=action,
        before={"state": row.state, "reason": row.reason},
        after={"state": state, "by": OPERATOR},
        reason=reason,
    )


# --- figures


@dataclass(frozen=True)
class PostFigures:
    """What `/metrics` shows of the database. Times are how long ago; None where it never was.

    sender_seen: when somebody last took or renewed the lease. last_try: when a message was last tried to be sent.
    """

    by_state: dict[str, int]
    open: OpenCounts
    oldest_due: timedelta
    sender_seen: timedelta | None
    last_try: timedelta | None
    events: InboxCounts
    prompts: PromptCounts


def post_figures(session: Session, workspace_id: int, now: datetime) -> PostFigures:
    """Count everything, in eight statements at most."""
    counts = unsent.open_counts(session, workspace_id, now)
    lease = leases.stands(session, workspace_id)
    tried = unsent.last_try(session, workspace_id)
    return PostFigures(
        by_state=deliveries.by_state(session, workspace_id),
        open=counts,
        oldest_due=timedelta(0) if counts.oldest_due is None else now - counts.oldest_due,
        sender_seen=None if lease is None else _ago(lease.until - LEASE_LENGTH, lease.now),
        last_try=None if lease is None or tried is None else _ago(tried, lease.now),
        events=unsent.inbox_counts(session, workspace_id, MAX_ATTEMPTS),
        prompts=unsent.prompt_counts(session, workspace_id, now),
    )


def _ago(then: datetime, now: datetime) -> timedelta:
    return max(timedelta(0), now - then)
