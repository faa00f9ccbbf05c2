"""The change log."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store.tables import Change, Member


def note(
    session: Session,
    workspace_id: int,
    *,
    at: datetime,
    actor_id: int | None,
    entity: str,
    entity_id: int,
    action: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
) -> Change:
    """Write down who changed what, and why. `before` and `after` hold plain JSON values (numbers as exact text)."""
    change = Change(
        workspace_id=workspace_id,
        at=at,
        actor_id=actor_id,
        entity=entity,
        entity_id=entity_id,
        action=action,
        before=before,
        after=after,
        reason=reason,
    )
    session.add(change)
    return change


def newest(session: Session, workspace_id: int, entity: str, entity_id: int) -> int:
    """The row id of the newest change of something; 0 before the first."""
    return (
        session.scalar(
            select(func.max(Change.id)).where(
                Change.workspace_id == workspace_id, Change.entity == entity, Change.entity_id == entity_id
            )
        )
        or 0
    )


def saved_since(session: Session, workspace_id: int, entity: str, entity_id: int, seen: int | None) -> str | None:
    """Who last saved the form of a team or cycle after that change (its row id); None where nobody did."""
    if seen is None:
        return None
    found = since(session, workspace_id, entity, entity_id, seen)
    return next((name or "Somebody" for change, name in reversed(found) if change.action == "changed"), None)


def since(
    session: Session, workspace_id: int, entity: str, entity_id: int, seen: int
) -> list[tuple[Change, str | None]]:
    """The changes of something after that one, oldest first, each with the name of who made it."""
    rows = session.execute(
        select(Change, Member.name)
        .outerjoin(Member, Member.id == Change.actor_id)
        .where(
            Change.workspace_id == workspace_id,
            Change.entity == entity,
            Change.entity_id == entity_id,
            Change.id > seen,
        )
        .order_by(Change.id)
    )
    return [(row[0], row[1]) for row in rows]
