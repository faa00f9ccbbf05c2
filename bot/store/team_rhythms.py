"""The rhythm of every team, beside the tree it is inherited in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.store.tables import Round, Team

AT_ONCE = 1_000


@dataclass(frozen=True)
class KeptRhythm:
    """What is kept of a team's rhythm. `own` is None where it keeps that of the team above; `holds` is in force."""

    team_id: int
    parent_id: int | None
    own: str | None
    holds: str


@dataclass(frozen=True)
class OpenedRound:
    """A round that has opened for somebody."""

    monday: date
    closes_at: datetime
    closed_at: datetime | None


def everywhere(session: Session, workspace_id: int) -> list[KeptRhythm]:
    """Every team of the workspace, archived ones too, oldest first; one statement."""
    rows = session.execute(
        select(Team.id, Team.parent_id, Team.own_rhythm, Team.rhythm)
        .where(Team.workspace_id == workspace_id)
        .order_by(Team.id)
    )
    return [KeptRhythm(*row) for row in rows]


def keep(session: Session, team_ids: Sequence[int], rhythm: str) -> None:
    """Let this rhythm hold in these teams; a statement for each thousand."""
    for start in range(0, len(team_ids), AT_ONCE):
        session.execute(update(Team).where(Team.id.in_(team_ids[start : start + AT_ONCE])).values(rhythm=rhythm))


def newest_opened(session: Session, team_id: int, now: datetime) -> OpenedRound | None:
    """The newest round of a team that has opened by `now`; one statement."""
    row = session.execute(
        select(Round.monday, Round.closes_at, Round.closed_at)
        .where(Round.team_id == team_id, Round.opens_at <= now)
        .order_by(Round.monday.desc())
        .limit(1)
    ).first()
    return None if row is None else OpenedRound(*row)
