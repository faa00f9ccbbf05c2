"""What is not sent or not published yet: the content of forms, and objectives with their key results."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.okr.kinds import Milestone
from bot.store.alignment import Supportable
from bot.store.session import upsert
from bot.store.tables import Change, CheckIn, Cycle, Draft, KeyResult, Member, MilestoneStep, Objective, Team


def keep(
    session: Session, workspace_id: int, member_id: int, form: str, subject: str, fields: dict[str, Any], now: datetime
) -> None:
    """Keep a form's content, in place of what was kept of the same form."""
    row = {
        "workspace_id": workspace_id,
        "member_id": member_id,
        "form": form,
        "subject": subject,
        "fields": fields,
        "updated_at": now,
    }
    upsert(session, Draft, [row], ["member_id", "form", "subject"], ["fields", "updated_at"])


def found(session: Session, member_id: int, form: str, subject: str) -> dict[str, Any] | None:
    """The content kept of a form."""
    return session.scalar(
        select(Draft.fields).where(Draft.member_id == member_id, Draft.form == form, Draft.subject == subject)
    )


def forget(session: Session, member_id: int, form: str, subject: str) -> None:
    """The form was sent, or its content is not wanted any more."""
    session.execute(delete(Draft).where(Draft.member_id == member_id, Draft.form == form, Draft.subject == subject))


def newest(session: Session, member_id: int, form: str, limit: int) -> list[tuple[str, dict[str, Any], datetime]]:
    """Subject, content and moment of what somebody left in a form, the newest first."""
    rows = session.execute(
        select(Draft.subject, Draft.fields, Draft.updated_at)
        .where(Draft.member_id == member_id, Draft.form == form)
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(limit)
    )
    return [(subject, fields, kept_at) for subject, fields, kept_at in rows]


@dataclass(frozen=True)
class Unpublished:
    """An objective somebody began: its form, number, title, and how many key results it has."""

    nonce: str
    number: int
    title: str
    begun_at: datetime
    key_results: int


def unpublished(session: Session, workspace_id: int, member_id: int, limit: int) -> list[Unpublished]:
    """The objectives somebody began and nobody was asked to agree to yet, the newest first."""
    key_results = (
        select(func.count(KeyResult.id))
        .where(KeyResult.objective_id == Objective.id, KeyResult.dropped_at.is_(None))
        .correlate(Objective)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Objective.form_nonce, Objective.number, Objective.title, Objective.created_at, key_results)
        .where(
            Objective.workspace_id == workspace_id,
            Objective.created_by == member_id,
            Objective.published_at.is_(None),
            Objective.approval_asked_at.is_(None),
            Objective.dropped_at.is_(None),
            Objective.form_nonce.is_not(None),
        )
        .order_by(Objective.id.desc())
        .limit(limit)
    )
    return [Unpublished(*row) for row in rows]


def objective(session: Session, workspace_id: int, number: int, *, lock: bool = False) -> Objective | None:
    """The objective of that number, in whatever state it is. `lock`: nobody else changes it meanwhile."""
    found = select(Objective).where(Objective.workspace_id == workspace_id, Objective.number == number)
    return session.scalar(found.with_for_update() if lock else found)


@dataclass(frozen=True)
class Surroundings:
    """What an objective belongs to; `lead` leads its team, `author` set it, `supports` is what it helps along.

    `asked`: whose agreement it waits for.
    """

    team: Team
    cycle: Cycle
    lead: Member | None
    author: Member | None
    asked: Member | None
    supports: Supportable | None


def surroundings(session: Session, objective_id: int) -> Surroundings:
    """All of it in one statement."""
    lead, author, asked, above = aliased(Member), aliased(Member), aliased(Member), aliased(Objective)
    above_team, above_cycle = aliased(Team), aliased(Cycle)
    row = session.execute(
        select(Team, Cycle, lead, author, asked)
        .add_columns(above.id, above.number, above.title, above_team.name)
        .add_columns(above_cycle.name, above_cycle.starts_on, above_cycle.ends_on)
        .select_from(Objective)
        .join(Team, Team.id == Objective.team_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .outerjoin(lead, lead.id == Team.lead_id)
        .outerjoin(author, author.id == Objective.created_by)
        .outerjoin(asked, asked.id == Objective.approver_id)
        .outerjoin(above, above.id == Objective.parent_id)
        .outerjoin(above_team, above_team.id == above.team_id)
        .outerjoin(above_cycle, above_cycle.id == above.cycle_id)
        .where(Objective.id == objective_id)
    ).one()
    supports = None if row[5] is None else Supportable(*row[5:])
    return Surroundings(row[0], row[1], row[2], row[3], row[4], supports)


def key_results(session: Session, objective_id: int) -> list[tuple[KeyResult, str | None]]:
    """The key results of an objective that were not dropped, by number, with their owners' names."""
    rows = session.execute(
        select(KeyResult, Member.name)
        .outerjoin(Member, Member.id == KeyResult.owner_id)
        .where(KeyResult.objective_id == objective_id, KeyResult.dropped_at.is_(None))
        .order_by(KeyResult.number)
    )
    return [(key_result, owner) for key_result, owner in rows]


DraftedKeyResult = tuple[KeyResult, str | None, tuple[Milestone, ...]]
"""A key result, its owner's name, and its steps."""


def key_results_with_steps(session: Session, objective_id: int) -> list[DraftedKeyResult]:
    """The same with the steps of those that have milestones. One statement."""
    rows = session.execute(
        select(KeyResult, Member.name, MilestoneStep.name, MilestoneStep.share)
        .outerjoin(Member, Member.id == KeyResult.owner_id)
        .outerjoin(MilestoneStep, MilestoneStep.key_result_id == KeyResult.id)
        .where(KeyResult.objective_id == objective_id, KeyResult.dropped_at.is_(None))
        .order_by(KeyResult.number, MilestoneStep.position)
    )
    owners: dict[KeyResult, str | None] = {}
    steps: dict[KeyResult, list[Milestone]] = {}
    for key_result, owner, name, share in rows:
        owners[key_result] = owner
        reached = steps.setdefault(key_result, [])
        if name is not None:
            reached.append(Milestone(name, share))
    return [(key_result, owner, tuple(steps[key_result])) for key_result, owner in owners.items()]


def key_result_of_form(session: Session, nonce: str) -> KeyResult | None:
    """The key result that a form led to."""
    return session.scalar(select(KeyResult).where(KeyResult.form_nonce == nonce))


def forms_used(session: Session, objective_id: int) -> int:
    """How many key results an objective ever had: the next form of its chain has the next number."""
    return (
        session.scalar(select(func.count()).select_from(KeyResult).where(KeyResult.objective_id == objective_id)) or 0
    )


def has_moved_on(session: Session, key_result_id: int) -> bool:
    """Whether anybody has checked in on a key result or changed it since it was set."""
    checked = select(CheckIn.id).where(CheckIn.key_result_id == key_result_id).exists()
    changed = (
        select(Change.id)
        .where(Change.entity == "key_result", Change.entity_id == key_result_id, Change.action != "set")
        .exists()
    )
    return bool(session.scalar(select(or_(checked, changed))))
