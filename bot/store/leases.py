"""Who may send for a workspace: one holder at a time, by the database's clock, with a number that grows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store.session import database_now
from bot.store.tables import SenderLease

DatabaseClock = Callable[[Session], datetime]
"""Answers the instant by the database's clock."""


def take(
    session: Session, workspace_id: int, holder: str, length: timedelta, clock: DatabaseClock = database_now
) -> int | None:
    """Become the workspace's sender. Answers the fencing number, or None while somebody else is.

    The number grows with every new holder. A lease that ends later than anybody could have asked for comes from a
    clock that was put back, and counts as lapsed.
    """
    now = clock(session)
    mine = or_(
        SenderLease.until <= now,
        SenderLease.until > now + 2 * length,
        SenderLease.holder == holder,
    )
    fence = session.scalar(
        update(SenderLease)
        .where(SenderLease.workspace_id == workspace_id, mine)
        .values(holder=holder, fence=SenderLease.fence + 1, since=now, until=now + length)
        .returning(SenderLease.fence)
        .execution_options(synchronize_session=False)
    )
    if fence is not None:
        return fence
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(SenderLease).values(workspace_id=workspace_id, holder=holder, fence=1, since=now, until=now + length)
    return session.execute(
        first.on_conflict_do_nothing(index_elements=["workspace_id"]).returning(SenderLease.fence)
    ).scalar()


def renew(
    session: Session,
    workspace_id: int,
    holder: str,
    fence: int,
    length: timedelta,
    clock: DatabaseClock = database_now,
) -> bool:
    """Stay the sender for another `length`. False when somebody else has become it."""
    return _hit(
        session,
        update(SenderLease)
        .where(
            SenderLease.workspace_id == workspace_id,
            SenderLease.holder == holder,
            SenderLease.fence == fence,
        )
        .values(until=clock(session) + length),
    )


def release(session: Session, workspace_id: int, holder: str, fence: int, clock: DatabaseClock = database_now) -> bool:
    """Let somebody else send at once. False when it was not ours any more."""
    return _hit(
        session,
        update(SenderLease)
        .where(
            SenderLease.workspace_id == workspace_id,
            SenderLease.holder == holder,
            SenderLease.fence == fence,
        )
        .values(until=clock(session)),
    )


@dataclass(frozen=True)
class LeaseStands:
    """Who sends, or sent last: `since` when, `until` when it is theirs, and what the database's clock shows `now`."""

    holder: str
    since: datetime | None
    until: datetime
    now: datetime

    @property
    def is_held(self) -> bool:
        """Whether somebody may send at this moment."""
        return self.until > self.now


def stands(session: Session, workspace_id: int, clock: DatabaseClock = database_now) -> LeaseStands | None:
    """How the lease stands; None where nobody ever had it. Two statements."""
    row = session.execute(
        select(SenderLease.holder, SenderLease.since, SenderLease.until).where(SenderLease.workspace_id == workspace_id)
    ).one_or_none()
    return None if row is None else LeaseStands(*row, clock(session))


def _hit(session: Session, statement: Any) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
