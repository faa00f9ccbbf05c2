"""A workspace's rows copied into a database of their own that is thrown away: what is tried there happens nowhere else.

The original is only read, and the database itself refuses anything else while it is.
"""

import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, event, insert, or_, select, text

from bot.store.keyresults import current_check_in_id
from bot.store.session import Database, Session
from bot.store.tables import (
    Attempt,
    Base,
    Change,
    CheckIn,
    Contributor,
    Delivery,
    DigestPost,
    Draft,
    InboxRow,
    KeyResult,
    MilestoneStep,
    Objective,
    PostedMessage,
    RecognisedKeyResult,
    Recognition,
    Round,
    RoundPart,
    SenderLease,
    Submission,
    Workspace,
)

RECENT = timedelta(days=70)
"""How much of the past is copied: more than the longest round (a month, and three weeks until it has closed)."""
COPY_SECONDS = 600.0
_LEFT_OUT = {each.__tablename__ for each in (InboxRow, Attempt, SenderLease, Draft)}
_PAGE = 1_000


@contextmanager
def scratch_database() -> Iterator[Database]:
    """An empty database with every table, readable by nobody else, and gone in the end."""
    with tempfile.TemporaryDirectory(prefix="okr-bot-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'copy.db'}", pool_size=1)

        @event.listens_for(database.engine, "connect")
        def do_not_wait_for_the_disk(raw: Any, _record: object) -> None:
            raw.execute("PRAGMA synchronous=OFF")

        try:
            Base.metadata.create_all(database.engine)
            yield database
        finally:
            database.dispose()


@contextmanager
def reading_only(session: Session) -> Iterator[None]:
    """Let the database refuse every write, and show one moment throughout. First thing in the transaction."""
    if session.get_bind().dialect.name != "sqlite":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        yield
        return
    session.execute(text("PRAGMA query_only=ON"))
    try:
        yield
    finally:
        session.execute(text("PRAGMA query_only=OFF"))


def copy_workspace(
    session: Session, into: Database, workspace_id: int, now: datetime, *, teams: Collection[int] | None = None
) -> None:
    """Copy everything that decides what is sent from `now` on, page by page.

    Left out: what came in, drafts, tries to send, and history older than RECENT that is in force nowhere.
    teams: only what these are asked about.
    """
    with reading_only(session):
        wanted = _wanted(workspace_id, now - RECENT, teams)

        def work(target: Session) -> None:
            # A team may stand before the one above it.
            target.execute(text("PRAGMA defer_foreign_keys=ON"))
            for table in Base.metadata.sorted_tables:
                if table.name not in _LEFT_OUT:
                    _copy_table(session, target, table, wanted.get(table.name, ()), workspace_id)

        into.transact(work, seconds=COPY_SECONDS)


def _copy_table(
    session: Session, target: Session, table: Table, conditions: Collection[ColumnElement[bool]], workspace_id: int
) -> None:
    own = table.c.id if table.name == Workspace.__tablename__ else table.c.workspace_id
    statement = select(table).where(own == workspace_id, *conditions)
    result = session.execute(statement, execution_options={"yield_per": _PAGE})
    for page in result.mappings().partitions():
        target.execute(insert(table), [dict(row) for row in page])


def _wanted(
    workspace_id: int, since: datetime, teams: Collection[int] | None
) -> Mapping[str, tuple[ColumnElement[bool], ...]]:
    """By table, what is copied of it; everything of the others. What a copied row points to is copied as well."""
    asked = _key_results(workspace_id, teams)
    said = _submissions(workspace_id, since)
    held = _recent_rounds(workspace_id, since, teams)
    messages = _deliveries(workspace_id, since, held)
    posts = select(DigestPost.id).where(DigestPost.round_id.in_(held))
    found: list[tuple[type[Base], tuple[ColumnElement[bool], ...]]] = [
        (KeyResult, (KeyResult.id.in_(asked),)),
        (MilestoneStep, (MilestoneStep.key_result_id.in_(asked),)),
        (Contributor, (Contributor.key_result_id.in_(asked),)),
        (Submission, (Submission.id.in_(said),)),
        (CheckIn, (CheckIn.submission_id.in_(said), CheckIn.key_result_id.in_(asked))),
        (Recognition, (Recognition.submission_id.in_(said),)),
        (
            RecognisedKeyResult,
            (
                RecognisedKeyResult.key_result_id.in_(asked),
                RecognisedKeyResult.recognition_id.in_(
                    select(Recognition.id).where(Recognition.submission_id.in_(said))
                ),
            ),
        ),
        (Round, (Round.id.in_(held),)),
        (RoundPart, (RoundPart.round_id.in_(held),)),
        (Delivery, (Delivery.id.in_(messages),)),
        (DigestPost, (DigestPost.id.in_(posts),)),
        (
            PostedMessage,
            (
                or_(PostedMessage.digest_post_id.is_(None), PostedMessage.digest_post_id.in_(posts)),
                or_(PostedMessage.submission_id.is_(None), PostedMessage.submission_id.in_(said)),
            ),
        ),
        (Change, (Change.at >= since,)),
    ]
    return {row.__tablename__: conditions for row, conditions in found}


def _key_results(workspace_id: int, teams: Collection[int] | None) -> Select[int]:
    statement = select(KeyResult.id).where(KeyResult.workspace_id == workspace_id)
    if teams is None:
        return statement
    return statement.join(Objective, Objective.id == KeyResult.objective_id).where(Objective.team_id.in_(teams))


def _submissions(workspace_id: int, since: datetime) -> Select[int]:
    """What was said lately, and whatever older is still in force; whole, so that no version loses its successor."""
    lately = select(CheckIn.submission_id).where(
        CheckIn.workspace_id == workspace_id, or_(CheckIn.recorded_at >= since, CheckIn.as_of >= since)
    )
    in_force = select(CheckIn.submission_id).join(
        KeyResult, (KeyResult.workspace_id == workspace_id) & (CheckIn.id == current_check_in_id(None))
    )
    return select(Submission.id).where(
        Submission.workspace_id == workspace_id,
        or_(Submission.submitted_at >= since, Submission.id.in_(lately), Submission.id.in_(in_force)),
    )


def _recent_rounds(workspace_id: int, since: datetime, teams: Collection[int] | None) -> Select[int]:
    conditions: list[ColumnElement[bool]] = [
        Round.workspace_id == workspace_id,
        or_(Round.closed_at.is_(None), Round.closes_at >= since),
    ]
    if teams is not None:
        conditions.append(Round.team_id.in_(teams))
    return select(Round.id).where(*conditions)


def _deliveries(workspace_id: int, since: datetime, held: Select[int]) -> Select[int]:
    """What waits, what went lately, and what the copied rounds asked with."""
    prompts, reminders = (
        select(column).where(RoundPart.round_id.in_(held), column.is_not(None))
        for column in (RoundPart.delivery_id, RoundPart.reminder_id)
    )
    return select(Delivery.id).where(
        Delivery.workspace_id == workspace_id,
        or_(
            Delivery.settled_at.is_(None),
            Delivery.settled_at >= since,
            Delivery.id.in_(prompts),
            Delivery.id.in_(reminders),
        ),
    )
