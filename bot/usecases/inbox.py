"""Events of Slack: kept before they are acknowledged, so that none is lost and none is worked on twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.store import inbox
from bot.store.session import Session

MAX_ATTEMPTS = 5
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class KeepEvent:
    """An event as it came: the workspace's `T…` id, Slack's event id and the whole payload."""

    slack_team: str
    event_id: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Waiting:
    """Which kept events to resume: received at least `older_than` ago, at most `limit` of them."""

    older_than: timedelta = timedelta(seconds=5)
    limit: int = 50


@dataclass(frozen=True)
class EventFailed:
    """The work of an event failed; `failure` says how, without any text a person typed."""

    event_id: str
    failure: str


@dataclass(frozen=True)
class PruneProcessed:
    """How many of the processed events to forget in one go."""

    limit: int = 500


def keep_event(session: Session, command: KeepEvent, now: datetime) -> bool:
    """Keep an event. True when it is new; False when Slack sent it before, so that there is nothing to do."""
    return inbox.keep(session, command.slack_team, command.event_id, command.payload, now)


def mark_processed(session: Session, event_id: str, now: datetime) -> bool:
    """Mark the event's work as done, first thing inside the transaction that does it.

    False when somebody else has done it, or just did: then the work must not be done again.
    """
    return inbox.mark_processed(session, event_id, now)


def unprocessed(session: Session, command: Waiting, now: datetime) -> list[KeepEvent]:
    """Kept events whose work is not done, oldest first; one that failed MAX_ATTEMPTS times is left alone."""
    rows = inbox.waiting(session, now - command.older_than, MAX_ATTEMPTS, command.limit)
    return [KeepEvent(row.slack_team, row.event_id, row.payload) for row in rows]


def event_failed(session: Session, command: EventFailed, now: datetime) -> bool:
    """Count a failed try. True when it was the last one: the event is left with its failure, to be reported once."""
    return inbox.note_failure(session, command.event_id, command.failure) == MAX_ATTEMPTS


def prune_processed(session: Session, command: PruneProcessed, now: datetime) -> int:
    """Forget events processed more than a week ago. Answers how many rows went; 0 when none is left."""
    return inbox.prune(session, now, KEPT_FOR, command.limit)
