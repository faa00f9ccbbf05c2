"""Rounds and each member's part in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from bot.okr.cadence import Excuse
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
    rhythm: str
    parts: dict[int, "PartTold"]
    """Member row id -> their part."""

    def opened_for(self, *member_ids: int | None) -> datetime:
        """The instant from which a check-in of one of these answers this round."""
        return min((part.opens_at for part in self._parts(member_ids)), default=self.opens_at)

    def due_for(self, member_id: int | None) -> datetime:
        """Until when their answer is on time; later than for others by the time they were away."""
        part = self.parts.get(member_id or 0)
        return self.due_at if part is None else part.due_at

    def closes_for(self, member_id: int | None) -> datetime:
        """From when on their answer is missing."""
        part = self.parts.get(member_id or 0)
        return self.closes_at if part is None else part.closes_at

    def excuse_of(self, *member_ids: int | None) -> Excuse | None:
        """Why no answer is expected of these; None where one of them is expected to answer."""
        excuses = [part.excuse for part in self._parts(member_ids)]
        return Excuse(excuses[0]) if excuses and excuses[0] and all(excuses) else None

    def is_away(self, member_id: int | None) -> bool:
        """Whether they were away for a part of the round, so that their clock runs on after its close."""
        part = self.parts.get(member_id or 0)
        return part is not None and part.closes_at > self.closes_at

    def _parts(self, member_ids: Iterable[int | None]) -> list["PartTold"]:
        return [self.parts[each] for each in member_ids if each in self.parts]


@dataclass(frozen=True)
class PartTold:
    """When a round concerns one member."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    excuse: str | None
    excuse_reason: str | None


@dataclass(frozen=True)
class Asked:
    """A member who answers for open key results in a team but has no part in the round of a Monday yet.

    last_close: when the team's last round before that Monday closes.
    """

    team_id: int
    member: Member
    first_created_at: datetime
    lead_zone: str | None
    round_id: int | None
    last_close: datetime | None


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
    parts: dict[int, dict[int, PartTold]] = {each.id: {} for each in rounds}
    if rounds:
        for part in session.scalars(select(RoundPart).where(RoundPart.round_id.in_(parts))):
            parts[part.round_id][part.member_id] = _told(part)
    return {each.team_id: _opening(each, parts[each.id]) for each in rounds}


def one(session: Session, round_id: int) -> Opening | None:
    """A round with its members' openings. One statement."""
    rows = session.execute(
        select(Round, RoundPart).outerjoin(RoundPart, RoundPart.round_id == Round.id).where(Round.id == round_id)
    ).all()
    if not rows:
        return None
    return _opening(rows[0][0], {part.member_id: _told(part) for _, part in rows if part is not None})


def _told(part: RoundPart) -> PartTold:
    return PartTold(part.opens_at, part.due_at, part.closes_at, part.excuse, part.excuse_reason)


def _opening(row: Round, parts: dict[int, PartTold]) -> Opening:
    return Opening(
        row.id, row.team_id, row.monday, row.opens_at, row.due_at, row.closes_at, row.closed_at, row.rhythm, parts
    )


def rhythms(session: Session, workspace_id: int) -> list[str]:
    """The different cadences of the workspace's teams."""
    return list(session.scalars(select(Team.rhythm).where(Team.workspace_id == workspace_id).distinct()))


def not_asked_yet(session: Session, workspace_id: int, rhythm: str, monday: date, limit: int) -> list[Asked]:
    """Who answers for key results whose cycle holds the Monday, in teams of that rhythm, and has no part in that round.

    Those are owners and delegates.
    """
    lead, earlier = aliased(Member), aliased(Round)
    last_close = (
        select(func.max(earlier.closes_at))
        .where(earlier.team_id == Objective.team_id, earlier.monday < monday)
        .correlate(Objective)
        .scalar_subquery()
    )
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
        select(Objective.team_id, Member.id, func.min(KeyResult.created_at), lead.zone, Round.id, last_close)
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
            Team.rhythm == rhythm,
            Member.deactivated_at.is_(None),
            Cycle.starts_on <= monday,
            Cycle.ends_on >= monday,
            ~part.exists(),
        )
        .group_by(Objective.team_id, Member.id, lead.zone, Round.id)
        .order_by(Objective.team_id, Member.id)
        .limit(limit)
    ).all()
    wanted = {row[1] for row in rows}
    people = {each.id: each for each in session.scalars(select(Member).where(Member.id.in_(wanted)))} if wanted else {}
    return [
        Asked(team_id, people[member_id], since, lead_zone, round_id, closed)
        for team_id, member_id, since, lead_zone, round_id, closed in rows
    ]


@dataclass(frozen=True)
class TeamAsking:
    """A team in which somebody answers for key results, and the last day of the cycle that asks longest."""

    rhythm: str
    lead_zone: str | None
    last_day: date


def teams_asking(session: Session, member_id: int, today: date) -> list[TeamAsking]:
    """The teams whose rounds ask this member, as owner or delegate, in a cycle that has not ended."""
    lead = aliased(Member)
    rows = session.execute(
        select(Team.rhythm, lead.zone, func.max(Cycle.ends_on))
        .select_from(KeyResult)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .join(Team, Team.id == Objective.team_id)
        .outerjoin(lead, lead.id == Team.lead_id)
        .where(
            or_(KeyResult.owner_id == member_id, KeyResult.delegate_id == member_id),
            *IN_FORCE,
            Team.archived_at.is_(None),
            Cycle.ends_on >= today,
        )
        .group_by(Team.id, Team.rhythm, lead.zone)
        .order_by(Team.id)
    )
    return [TeamAsking(*row) for row in rows]


def teams_of_deliveries(session: Session, delivery_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """The teams whose rounds led to these messages: name and rhythm of the round, by delivery."""
    wanted = list(delivery_ids)
    found: dict[int, list[tuple[str, str]]] = {}
    rows = session.execute(
        select(RoundPart.delivery_id, RoundPart.reminder_id, Team.name, Round.rhythm)
        .join(Round, Round.id == RoundPart.round_id)
        .join(Team, Team.id == Round.team_id)
        .where(or_(RoundPart.delivery_id.in_(wanted), RoundPart.reminder_id.in_(wanted)))
        .order_by(Team.id)
    )
    for delivery_id, reminder_id, name, rhythm in rows:
        for each in (delivery_id, reminder_id):
            if each in wanted:
                found.setdefault(each, []).append((name, rhythm))
    return found


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


def parts_to_remind(session: Session, workspace_id: int, now: datetime, limit: int) -> list[RoundPart]:
    """Parts whose prompt is settled and whose reminder is due, earliest first."""
    return list(
        session.scalars(
            select(RoundPart)
            .where(
                RoundPart.workspace_id == workspace_id,
                RoundPart.reminder_settled_at.is_(None),
                RoundPart.remind_at <= now,
                RoundPart.settled_at.is_not(None),
            )
            .order_by(RoundPart.remind_at, RoundPart.member_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def still_to_ask(session: Session, member_id: int, until: datetime) -> list[RoundPart]:
    """The parts of somebody in which a prompt or a reminder is still to come before `until`."""
    prompt = and_(RoundPart.settled_at.is_(None), RoundPart.prompt_at < until)
    reminder = and_(RoundPart.reminder_settled_at.is_(None), RoundPart.remind_at < until)
    return list(
        session.scalars(
            select(RoundPart).where(RoundPart.member_id == member_id, RoundPart.excuse.is_(None), or_(prompt, reminder))
        )
    )


def parts_of(session: Session, member_id: int, round_ids: Iterable[int]) -> list[RoundPart]:
    """Somebody's parts in these rounds."""
    wanted = set(round_ids)
    return list(
        session.scalars(
            select(RoundPart)
            .where(RoundPart.member_id == member_id, RoundPart.round_id.in_(wanted))
            .order_by(RoundPart.id)
        )
    )


def parts_under_way(session: Session, workspace_id: int, member_ids: Iterable[int]) -> list[tuple[RoundPart, Round]]:
    """The parts of these people in rounds that are not closed, each with its round."""
    wanted = set(member_ids)
    if not wanted:
        return []
    rows = session.execute(
        select(RoundPart, Round)
        .join(Round, Round.id == RoundPart.round_id)
        .where(RoundPart.workspace_id == workspace_id, RoundPart.member_id.in_(wanted), Round.closed_at.is_(None))
        .order_by(RoundPart.id)
    )
    return [(part, row) for part, row in rows]


def unopened(session: Session, team_ids: Iterable[int], now: datetime) -> list[Round]:
    """The rounds of these teams that have opened for nobody yet."""
    return list(session.scalars(select(Round).where(Round.team_id.in_(set(team_ids)), Round.opens_at > now)))


def forget(session: Session, round_ids: Iterable[int]) -> None:
    """Take rounds away that nobody was asked in."""
    wanted = set(round_ids)
    session.execute(delete(RoundPart).where(RoundPart.round_id.in_(wanted)))
    session.execute(delete(Round).where(Round.id.in_(wanted)))


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


def of_monday(session: Session, team_id: int, monday: date) -> Round:
    """A team's round."""
    return session.scalars(select(Round).where(Round.team_id == team_id, Round.monday == monday)).one()


def due_for(session: Session, row: Round, member_id: int) -> datetime:
    """Until when this member's answer to a round is on time."""
    part = select(RoundPart.due_at).where(RoundPart.round_id == row.id, RoundPart.member_id == member_id)
    return session.scalar(part) or row.due_at


def with_prompts(session: Session, round_ids: Iterable[int]) -> set[int]:
    """Those of these rounds in which somebody has a prompt."""
    return set(
        session.scalars(
            select(RoundPart.round_id)
            .where(RoundPart.round_id.in_(set(round_ids)), RoundPart.delivery_id.is_not(None))
            .distinct()
        )
    )


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
