"""The work of a kept event, done once however often Slack sends it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.store.session import Session
from bot.usecases.inbox import mark_processed

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True)
class Once(Generic[C, R]):
    """The use case that an event asks for."""

    event_id: str
    use_case: Callable[[Session, C, datetime], R]
    command: C


def once(session: Session, work: Once[C, R], now: datetime) -> R | None:
    """Do the work and mark the event as processed, in one transaction. None when it was done before."""
    if not mark_processed(session, work.event_id, now):
        return None
    return work.use_case(session, work.command, now)


def nothing(session: Session, command: object, now: datetime) -> None:
    """For events that need no work."""
