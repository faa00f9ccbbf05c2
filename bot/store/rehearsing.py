"""What a rehearsal asks: when something happens next, who is asked at all, and what is left to others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.store.keyresults import IN_FORCE
from bot.store.tables import Cycle, Delivery, KeyResult, Member, Objective, Round, RoundPart, Team


def next_moment(session: Session, workspace_id: int, now: datetime) -> datetime | None:
    """When the next message may go, the next part is due for its prompt or reminder, or the next round closes."""
    moments = (
        (Delivery, Delivery.not_before, Delivery.state == "pending"),
        (RoundPart, RoundPart.prompt_at, RoundPart.settled_at.is_(None)),
        (RoundPart, RoundPart.remind_at, RoundPart.reminder_settled_at.is_(None)),
        (Round, Round.closes_at, Round.closed_at.is_(None)),
    )
    found = [
        session.scalar(select(func.min(column)).where(row.workspace_id == workspace_id, still_open, column > now))
        for row, column, still_open in moments
    ]
    return min((each for each in found if each is not None), default=None)


def leave_to_others(session: Session, workspace_id: int, recipients: Collection[str], now: datetime) -> None:
    """Forget what waits for anybody but these."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.workspace_id == workspace_id, Delivery.state == "pending", Delivery.recipient.not_in(recipients)
        )
        .values(state="dropped", settled_at=now)
        .execution_options(synchronize_session=False)
    )


def sent_since(
    session: Session, workspace_id: int, kinds: Collection[str], since: datetime
) -> list[tuple[str, datetime]]:
    """To whom messages of these kinds have gone since then without being asked for, and when."""
    rows = session.execute(
        select(Delivery.recipient, Delivery.settled_at).where(
            Delivery.workspace_id == workspace_id,
            Delivery.state.in_(("sent", "unknown")),
            Delivery.kind.in_(kinds),
            Delivery.asked_for.is_(False),
            Delivery.settled_at >= since,
        )
    )
    return [(recipient, at) for recipient, at in rows if at is not None]


@dataclass(frozen=True)
class Answering:
    """Somebody who answers for key results in a team. `channel`: where the team's digests go."""

    team_id: int
    member_id: int
    slack_id: str
    channel: str | None


def answering(session: Session, workspace_id: int, today: date) -> list[Answering]:
    """Who is asked in which team, as owner or delegate, in a cycle that has not ended. One statement."""
    person = aliased(Member)
    rows = session.execute(
        select(Team.id, person.id, person.slack_id, Team.channel)
        .select_from(KeyResult)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .join(Team, Team.id == Objective.team_id)
        .join(person, or_(person.id == KeyResult.owner_id, person.id == KeyResult.delegate_id))
        .where(
            KeyResult.workspace_id == workspace_id,
            *IN_FORCE,
            Team.archived_at.is_(None),
            person.deactivated_at.is_(None),
            Cycle.ends_on >= today,
        )
        .distinct()
        .order_by(Team.id, person.id)
    )
    return [Answering(*row) for row in rows]


def last_day_asked(session: Session, workspace_id: int) -> date | None:
    """The last day of the cycle that asks longest; None where no key result is in force."""
    return session.scalar(
        select(func.max(Cycle.ends_on))
        .select_from(KeyResult)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .join(Team, Team.id == Objective.team_id)
        .where(KeyResult.workspace_id == workspace_id, *IN_FORCE, Team.archived_at.is_(None))
    )


def names(session: Session, workspace_id: int) -> dict[str, tuple[str, str | None]]:
    """Everybody's name and zone, by Slack id."""
    rows = session.execute(select(Member.slack_id, Member.name, Member.zone).where(Member.workspace_id == workspace_id))
    return {slack_id: (name, zone) for slack_id, name, zone in rows}
