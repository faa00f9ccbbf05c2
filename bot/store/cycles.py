"""Cycles."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store.tables import Cycle


def current(session: Session, workspace_id: int, day: date) -> Cycle | None:
    """The cycle that holds `day`; of several the one that began last (a quarter before its year)."""
    return session.scalar(
        select(Cycle)
        .where(Cycle.workspace_id == workspace_id, Cycle.starts_on <= day, Cycle.ends_on >= day)
        .order_by(Cycle.starts_on.desc(), Cycle.ends_on, Cycle.id)
        .limit(1)
    )


def is_any(session: Session, workspace_id: int) -> bool:
    """Whether the workspace has a cycle at all."""
    return session.scalar(select(Cycle.id).where(Cycle.workspace_id == workspace_id).limit(1)) is not None


def with_text(session: Session, workspace_id: int, typed: str, limit: int) -> list[Cycle]:
    """Cycles with this in their name, the latest first, without archived ones."""
    found = select(Cycle).where(
        Cycle.workspace_id == workspace_id,
        Cycle.archived_at.is_(None),
        func.lower(Cycle.name).contains(typed.lower(), autoescape=True),
    )
    return list(session.scalars(found.order_by(Cycle.starts_on.desc(), Cycle.id.desc()).limit(limit)))
