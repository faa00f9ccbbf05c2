"""Rounds and each member's part in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select, union_all
from sqlalchemy.orm import Session, aliased

from bot.store.keyresults import IN_FORCE
from bot.store.tables import Cycle, Delivery, KeyResult, Member, Objective, Round, RoundPart, Team


@dataclass(frozen=True)
class Opening:
    """When a round opened for somebody, and how long it takes answers on time."""

    round_id: int
    team_id: int
    monday: date
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    prompt_at: dict[int, datetime]
    """Member row id -> the instant the round opened for them."""

    def opened_for(self, *member_ids: int | None) -> datetime:
        """The instant from which a check-in of one of these answers this round."""
        known = [self.prompt_at[member_id] for member_id in member_ids if member_id in self.prompt_at]
        return min(known, default=self.opens_at)


@dataclass(frozen=True)
class Asked:
    """A member who answers for open key results in a team but has no part in the round of a Monday yet."""

    team_id: int
    member_id: int
    zone: str | None
    first_created_at: datetime
    lead_zone: str | None
    round_id: int | None


def latest(session: Session, team_ids: Iterable[int], now: datetime) -> dict[int, Opening]:
    """For each team the newest round that has opened by `now`, with every member's own opening. Two statements."""
    wanted = set(team_ids)
    if not wanted:
        return {}
    newest = (
        select(Round.team_id, func.max(Round.monday).label("monday"))
        .where(Round.team_id.in_(wanted), Round.opens_at <= now)
        .group_by(Round.team_id)
        .subquery()
    )
    rounds = list(
        session.scalars(
            select(Round).join(newest, and_(newest.c.team_id == Round.team_id, newest.c.monday == Round.monday))
        )
    )
    prompts: dict[int, dict[int, datetime]] = {each.id: {} for each in rounds}
    if rounds:
        for round_id, member_id, prompt_at in session.execute(
            select(RoundPart.round_id, RoundPart.member_id, RoundPart.prompt_at).where(RoundPart.round_id.in_(prompts))
        ):
            prompts[round_id][member_id] = prompt_at
    return {each.team_id: _opening(each, prompts[each.id]) for each in rounds}


def one(session: Session, round_id: int) -> Opening | None:
    """A round with its members' openings. One statement."""
    rows = session.execute(
        select(Round, RoundPart.member_id, RoundPart.prompt_at)
        .outerjoin(RoundPart, RoundPart.round_id == Round.id)
        .where(Round.id == round_id)
    ).all()
    if not rows:
        return None
    return _opening(rows[0][0], {member_id: prompt_at for _, member_id, prompt_at in rows if member_id is not None})


def _opening(row: Round, prompts: dict[int, datetime]) -> Opening:
    return Opening(row.id, row.team_id, row.monday, row.opens_at, row.due_at, row.closes_at, row.closed_at, prompts)


def not_asked_yet(session: Session, workspace_id: int, monday: date, limit: int) -> list[Asked]:
    """Owners and delegates of key results whose cycle holds the Monday, without a part in that round."""
    lead = aliased(Member)
    part = (
        select(RoundPart.id)
        .join(Round, Round.id == RoundPart.round_id)
        .where(Round.team_id == Objective.team_id, Round.monday == monday, RoundPart.member_id == Member.id)
    )
    answers = union_all(
        select(KeyResult.id, KeyResult.owner_id.label("member_id")).where(KeyResult.owner_id.is_not(None)),
        select(KeyResult.id, KeyResult.delegate_id).where(KeyResult.delegate_id.is_not(None)),
    ).subquery()
    rows = session.execute(
        select(
            Objective.team_id,
            Member.id,
            Member.zone,
            func.min(KeyResult.created_at),
            lead.zone,
            Round.id,
        )
        .select_from(KeyResult)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .join(Team, Team.id == Objective.team_id)
        .join(answers, answers.c.id == KeyResult.id)
        .join(Member, Member.id == answers.c.member_id)
        .outerjoin(lead, lead.id == Team.lead_id)
        .outerjoin(Round, and_(Round.team_id == Objective.team_id, Round.monday == monday))
        .where(
            KeyResult.workspace_id == workspace_id,
            *IN_FORCE,
            Team.archived_at.is_(None),
            Member.deactivated_at.is_(None),
            Cycle.starts_on <= monday,
            Cycle.ends_on >= monday,
            ~part.exists(),
        )
        .group_by(Objective.team_id, Member.id, Member.zone, lead.zone, Round.id)
        .order_by(Objective.team_id, Member.id)
        .limit(limit)
    )
    return [Asked(*row) for row in rows]


def parts_to_prompt(session: Session, workspace_id: int, now: datetime, limit: int) -> list[RoundPart]:
    """Parts whose prompt time has come and which are not settled, earliest first."""
    return list(
        session.scalars(
            select(RoundPart)
            .where(
                RoundPart.workspace_id == workspace_id,
                RoundPart.settled_at.is_(None),
                RoundPart.prompt_at <= now,
            )
            .order_by(RoundPart.prompt_at, RoundPart.member_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def parts_to_come(
    session: Session, workspace_id: int, slack_ids: Iterable[str]
) -> list[tuple[RoundPart, Round, str | None]]:
    """The parts of these people that are not settled, each with its round and the member's zone."""
    return [
        (part, row, zone)
        for part, row, zone in session.execute(
            select(RoundPart, Round, Member.zone)
            .join(Round, Round.id == RoundPart.round_id)
            .join(Member, Member.id == RoundPart.member_id)
            .where(
                RoundPart.workspace_id == workspace_id,
                RoundPart.settled_at.is_(None),
                Member.slack_id.in_(list(slack_ids)),
            )
            .order_by(RoundPart.id)
        )
    ]


def to_close(session: Session, workspace_id: int, now: datetime, limit: int) -> list[Round]:
    """Rounds whose close has come."""
    return list(
        session.scalars(
            select(Round)
            .where(Round.workspace_id == workspace_id, Round.closed_at.is_(None), Round.closes_at <= now)
            .order_by(Round.closes_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def next_opens_at(session: Session, opening: Opening) -> datetime | None:
    """When the team's following round opened; None while there is none."""
    return session.scalar(
        select(func.min(Round.opens_at)).where(Round.team_id == opening.team_id, Round.monday > opening.monday)
    )


def id_of(session: Session, team_id: int, monday: date) -> int:
    """The row id of a team's round."""
    return session.scalars(select(Round.id).where(Round.team_id == team_id, Round.monday == monday)).one()


def by_ids(session: Session, round_ids: Iterable[int]) -> dict[int, Round]:
    """Rounds by their row ids."""
    return {row.id: row for row in session.scalars(select(Round).where(Round.id.in_(set(round_ids))))}


def prompt_sent(session: Session, member_id: int, round_ids: Iterable[int]) -> Delivery | None:
    """The newest prompt that was sent to this member for one of these rounds."""
    wanted = set(round_ids)
    if not wanted:
        return None
    return session.scalar(
        select(Delivery)
        .join(RoundPart, RoundPart.delivery_id == Delivery.id)
        .where(RoundPart.member_id == member_id, RoundPart.round_id.in_(wanted), Delivery.state == "sent")
        .order_by(Delivery.id.desc())
        .limit(1)
    )
