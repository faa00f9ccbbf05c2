"""Who belongs to, observes or works on what."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import literal, or_, select, union_all
from sqlalchemy.orm import Session

from bot.store.tables import Contributor, KeyResult, Membership, TeamObserver


@dataclass(frozen=True)
class AroundTeams:
    """Which of some teams a member belongs to, and which they observe."""

    member_of: frozenset[int]
    observer_of: frozenset[int]


def of_teams(session: Session, team_ids: Collection[int], member_id: int) -> AroundTeams:
    """What a member is to these teams; one statement."""
    if not team_ids:
        return AroundTeams(frozenset(), frozenset())
    rows = session.execute(
        union_all(
            select(Membership.team_id, literal("member")).where(
                Membership.member_id == member_id, Membership.team_id.in_(team_ids)
            ),
            select(TeamObserver.team_id, literal("observer")).where(
                TeamObserver.member_id == member_id, TeamObserver.team_id.in_(team_ids)
            ),
        )
    ).all()
    return AroundTeams(
        frozenset(team_id for team_id, what in rows if what == "member"),
        frozenset(team_id for team_id, what in rows if what == "observer"),
    )


def contributes_to(session: Session, key_result_ids: Collection[int], member_id: int) -> set[int]:
    """Which of these key results a member contributes to; one statement."""
    if not key_result_ids:
        return set()
    return set(
        session.scalars(
            select(Contributor.key_result_id).where(
                Contributor.member_id == member_id, Contributor.key_result_id.in_(key_result_ids)
            )
        )
    )


def works_on(session: Session, objective_id: int, member_id: int) -> bool:
    """Whether a member owns, stands in for or contributes to a key result of the objective."""
    contributes = select(Contributor.key_result_id).where(Contributor.member_id == member_id)
    return (
        session.scalar(
            select(KeyResult.id)
            .where(
                KeyResult.objective_id == objective_id,
                or_(
                    KeyResult.owner_id == member_id,
                    KeyResult.delegate_id == member_id,
                    KeyResult.id.in_(contributes),
                ),
            )
            .limit(1)
        )
        is not None
    )
