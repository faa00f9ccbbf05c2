"""What an import looks up and keeps: whole tables at once, so that its statements do not grow with its rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from bot.store.tables import (
    Base,
    CheckIn,
    Cycle,
    KeyResult,
    Member,
    MemberRole,
    Membership,
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
    """Every team that is not archived."""
    found = session.scalars(
        select(Team).where(Team.workspace_id == workspace_id, Team.archived_at.is_(None)).order_by(Team.id)
    )
    return list(found)


def all_memberships(session: Session, workspace_id: int) -> set[tuple[int, int]]:
    """Who belongs to which team, as (team, member)."""
    found = session.execute(
        select(Membership.team_id, Membership.member_id).where(Membership.workspace_id == workspace_id)
    )
    return {(team_id, member_id) for team_id, member_id in found}


def all_cycles(session: Session, workspace_id: int) -> list[Cycle]:
    """Every cycle."""
    return list(session.scalars(select(Cycle).where(Cycle.workspace_id == workspace_id).order_by(Cycle.id)))


def keyed_objectives(session: Session, workspace_id: int) -> list[Objective]:
    """Objectives with an external key."""
    found = session.scalars(
        select(Objective).where(Objective.workspace_id == workspace_id, Objective.external_key.is_not(None))
    )
    return list(found)


def keyed_key_results(session: Session, workspace_id: int) -> list[KeyResult]:
    """Key results with an external key."""
    found = session.scalars(
        select(KeyResult).where(KeyResult.workspace_id == workspace_id, KeyResult.external_key.is_not(None))
    )
    return list(found)


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
    columns = {column.key for column in type(rows[0]).__mapper__.columns}
    given = columns & {name for row in rows for name in row.__dict__}
    return [{name: row.__dict__.get(name) for name in given} for row in rows]
