"""The change log."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.store.tables import Change


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
) -> None:
    """Write down who changed what, and why. `before` and `after` hold plain JSON values (numbers as exact text)."""
    session.add(
        Change(
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
    )
