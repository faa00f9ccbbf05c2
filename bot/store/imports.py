"""What an import looks up and keeps: whole tables at once, so that its statements do not grow with its rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from bot.okr.kinds import Milestone
from bot.store.tables import (
    Base,
    CheckIn,
    Cycle,
    KeyResult,
    Member,
    MemberRole,
    MilestoneStep,
    Objective,
    Submission,
    Team,
    Workspace,
)

Identified = Member | Team | Cycle | Objective | KeyResult | Submission

# Without it a None is left out of its row, and rows with other columns would need statements of their own.
AS_GIVEN = {"render_nulls": True}

COUNTERS = {Objective: "next_objective", KeyResult: "next_key_result"}


def all_workspaces(session: Session) -> list[Workspace]:
    """Every workspace of the database."""
    return list(session.scalars(select(Workspace).order_by(Workspace.id)))


def tell_planner(session: Session) -> None:
    """Let PostgreSQL's planner know at once of what an import has just added; on its own it looks a minute later."""
    if session.get_bind().dialect.name == "postgresql":
        for table in (Member, Team, Objective, KeyResult, MilestoneStep, Submission, CheckIn):
            session.execute(text(f"ANALYZE {table.__tablename__}"))


def all_members(session: Session, workspace_id: int) -> list[Member]:
    """Every member, also without an external key: people are found by Slack id and e-mail address too."""
    return list(session.scalars(select(Member).where(Member.workspace_id == workspace_id).order_by(Member.id)))


def all_roles(session: Session, workspace_id: int) -> set[tuple[int, str]]:
    """Who holds which workspace-wide role."""
    found = session.execute(
        select(MemberRole.member_id, MemberRole.role).where(MemberRole.workspace_id == workspace_id)
    )
    return {(member_id, role) for member_id, role in found}


def all_teams(session: Session, workspace_id: int) -> list[Team]:
    """Every team, archived ones too: their objectives stay."""
    return list(session.scalars(select(Team).where(Team.workspace_id == workspace_id).order_by(Team.id)))


def pairs(
    session: Session, workspace_id: int, one: InstrumentedAttribute[int], other: InstrumentedAttribute[int]
) -> set[tuple[int, int]]:
    """The rows of a table that only says what belongs together, as (one, other)."""
    found = session.execute(select(one, other).where(one.class_.workspace_id == workspace_id))
    return {(first, second) for first, second in found}


def all_milestones(session: Session, workspace_id: int) -> dict[int, tuple[Milestone, ...]]:
    """The steps of every milestones key result, by its row's id, in their order."""
    found: dict[int, list[Milestone]] = {}
    rows = session.execute(
        select(MilestoneStep.key_result_id, MilestoneStep.name, MilestoneStep.share)
        .where(MilestoneStep.workspace_id == workspace_id)
        .order_by(MilestoneStep.key_result_id, MilestoneStep.position)
    )
    for id_, name, share in rows:
        found.setdefault(id_, []).append(Milestone(name, share))
    return {id_: tuple(steps) for id_, steps in found.items()}


def keep_milestones(session: Session, workspace_id: int, steps: Mapping[int, Sequence[Milestone]]) -> None:
    """Make these the steps of the key results with these row ids, in place of those they had."""
    if steps:
        gone = delete(MilestoneStep).where(MilestoneStep.key_result_id == bindparam("of"))
        session.connection().execute(gone, [{"of": id_} for id_ in steps])
    rows = [
        MilestoneStep(workspace_id=workspace_id, key_result_id=id_, position=position, name=step.name, share=step.share)
        for id_, of_this in steps.items()
        for position, step in enumerate(of_this, 1)
    ]
    insert_all(session, rows)


def all_cycles(session: Session, workspace_id: int) -> list[Cycle]:
    """Every cycle."""
    return list(session.scalars(select(Cycle).where(Cycle.workspace_id == workspace_id).order_by(Cycle.id)))


def all_objectives(session: Session, workspace_id: int) -> list[Objective]:
    """Every objective, also without an external key: a key may name `O-12`."""
    return list(session.scalars(select(Objective).where(Objective.workspace_id == workspace_id)))


def all_key_results(session: Session, workspace_id: int) -> list[KeyResult]:
    """Every key result, also without an external key: rows of a table may name `KR-34`."""
    return list(session.scalars(select(KeyResult).where(KeyResult.workspace_id == workspace_id)))


def cycles_of_objectives(session: Session, workspace_id: int) -> dict[int, int]:
    """Which cycle each objective belongs to, by row ids."""
    found = session.execute(select(Objective.id, Objective.cycle_id).where(Objective.workspace_id == workspace_id))
    return dict(found.all())


def keyed_submissions(session: Session, workspace_id: int) -> list[Submission]:
    """Submissions with an external key."""
    found = session.scalars(
        select(Submission).where(Submission.workspace_id == workspace_id, Submission.external_key.is_not(None))
    )
    return list(found)


def check_ins_of_keyed(session: Session, workspace_id: int) -> list[CheckIn]:
    """Every version of every check-in of the key results with an external key, oldest version first."""
    found = session.scalars(
        select(CheckIn)
        .join(KeyResult, KeyResult.id == CheckIn.key_result_id)
        .where(KeyResult.workspace_id == workspace_id, KeyResult.external_key.is_not(None))
        .order_by(CheckIn.version)
    )
    return list(found)


def numbers_taken(session: Session, workspace_id: int, row: type[Objective] | type[KeyResult]) -> set[int]:
    """The numbers that human ids have."""
    return set(session.scalars(select(row.number).where(row.workspace_id == workspace_id)))


def lock(session: Session, workspace_id: int) -> None:
    """Let no other import write until the transaction ends; check-ins go on where the database lets them."""
    session.execute(select(Workspace.id).where(Workspace.id == workspace_id).with_for_update(key_share=True))


def count_on(session: Session, workspace_id: int, row: type[Objective] | type[KeyResult], *, at_least: int) -> None:
    """Let the next human id be no less than this."""
    counter = COUNTERS[row]
    column = getattr(Workspace, counter)
    session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id, column < at_least)
        .values({counter: at_least})
        .execution_options(synchronize_session=False)
    )


def take_numbers(session: Session, workspace_id: int, row: type[Objective] | type[KeyResult], many: int) -> int:
    """The first of `many` human ids in a row, none of which is ever given again."""
    counter = COUNTERS[row]
    column = getattr(Workspace, counter)
    after = session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id)
        .values({counter: column + many})
        .returning(column)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return int(after) - many


def keep_all(session: Session, rows: Sequence[Identified], unique: InstrumentedAttribute[Any]) -> None:
    """Insert new rows in batches, and give each its id; `unique` tells them apart.

    SQLite does not promise to answer a batch in its order, so the session's own flush would insert one row at a time.
    """
    if not rows:
        return
    kind = type(rows[0])
    values = _values(rows)
    ids = {
        key: id_
        for id_, key in session.execute(insert(kind).returning(kind.id, unique), values, execution_options=AS_GIVEN)
    }
    for row in rows:
        row.id = ids[getattr(row, unique.key)]
        for column in kind.__mapper__.columns:
            if column.nullable and column.key not in row.__dict__:
                set_committed_value(row, column.key, None)
        make_transient_to_detached(row)
    session.add_all(rows)


def insert_all(session: Session, rows: Sequence[Base]) -> None:
    """Insert new rows in batches; nobody asks for their ids."""
    if rows:
        session.execute(insert(type(rows[0])), _values(rows), execution_options=AS_GIVEN)


def _values(rows: Sequence[Base]) -> list[dict[str, Any]]:
    """The columns that any of the rows has; a row without one has the column's default, or None."""
    columns = {column.key: column for column in type(rows[0]).__mapper__.columns}
    given = columns.keys() & {name for row in rows for name in row.__dict__}
    defaults = {name: getattr(columns[name].default, "arg", None) for name in given}
    return [{name: row.__dict__.get(name, defaults[name]) for name in given} for row in rows]
