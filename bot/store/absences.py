"""When people are away."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.okr.asking import Away
from bot.store.tables import Absence

REMEMBERED = timedelta(days=120)
"""What is over for longer pauses no clock that still runs."""


def of(session: Session, member_ids: Iterable[int], now: datetime) -> dict[int, tuple[Away, ...]]:
    """Absences that are not over for long, by member. One statement, none for nobody."""
    wanted = set(member_ids)
    found: dict[int, list[Away]] = {}
    if not wanted:
        return {}
    rows = session.execute(
        select(Absence.member_id, Absence.since, Absence.until)
        .where(Absence.member_id.in_(wanted), Absence.until > now - REMEMBERED)
        .order_by(Absence.since, Absence.id)
    )
    for member_id, since, until in rows:
        found.setdefault(member_id, []).append(Away(since, until))
    return {member_id: tuple(each) for member_id, each in found.items()}


def under_way(session: Session, member_id: int, now: datetime) -> Absence | None:
    """The absence that holds `now`, else the next one to come; None where there is none."""
    return session.scalars(
        select(Absence)
        .where(Absence.member_id == member_id, Absence.until > now)
        .order_by(Absence.since, Absence.id)
        .limit(1)
    ).first()


def from_source(session: Session, member_id: int, source: str, now: datetime) -> Absence | None:
    """The absence that is not over and was told by that source."""
    return session.scalars(
        select(Absence)
        .where(Absence.member_id == member_id, Absence.source == source, Absence.until > now)
        .order_by(Absence.since, Absence.id)
        .limit(1)
    ).first()


def end_all(session: Session, member_id: int, now: datetime) -> bool:
    """They are back: what has begun ends now, what was to come is forgotten. Answers whether there was any."""
    gone = session.execute(
        delete(Absence).where(Absence.member_id == member_id, Absence.since >= now).returning(Absence.id)
    ).all()
    ended = session.execute(
        update(Absence)
        .where(Absence.member_id == member_id, Absence.since < now, Absence.until > now)
        .values(until=now)
        .returning(Absence.id)
        .execution_options(synchronize_session=False)
    ).all()
    return bool(gone or ended)
