"""What `okr-bot doctor` asks the database: is it there, at which version, and what in it needs somebody."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import exc as sa_exc
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store.keyresults import IN_FORCE
from bot.store.migrate import current, knows, newest
from bot.store.session import Database, DatabaseUnreachable, database_now, read_address
from bot.store.tables import Cycle, Delivery, InboxRow, KeyResult, Member, Objective, Team, Workspace

MOMENT_SECONDS = 5.0


@dataclass(frozen=True)
class DatabaseState:
    """What stands at `DATABASE_URL`: its place in words without any password, its version and the one this code wants.

    `version` is None where nothing was migrated yet; one that is not known is of a newer bot. `clock` (the database's
    own) is None for a file, which has none.
    """

    place: str
    version: str | None
    wanted: str
    clock: datetime | None = None
    version_is_known: bool = True


def place_of(address: str) -> str:
    """Where that is, in words, without user and password. Raises DatabaseAddressError."""
    url = read_address(address)
    if url.get_backend_name() == "sqlite":
        return f"SQLite file {url.database}"
    port = f":{url.port}" if url.port else ""
    return f"PostgreSQL database {url.database or '?'} at {url.host or 'this machine'}{port}"


def database_state(database: Database, address: str) -> DatabaseState:
    """Look at a database. Raises DatabaseUnreachable; a file that is not there is not made."""
    place = place_of(address)
    if database.file is not None and not database.file.exists():
        _check_folder(place, database.file)
        return DatabaseState(place, None, newest())
    database.probe()
    try:
        version = current(database.engine)
        clock = None if database.is_sqlite else database.transact(database_now, writes=False, seconds=MOMENT_SECONDS)
    except sa_exc.SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise DatabaseUnreachable(f"The {place} cannot be read ({cause}).", help_topic="operator") from error
    return DatabaseState(place, version, newest(), clock, version is None or knows(version))


def _check_folder(place: str, file: Path) -> None:
    """Raise DatabaseUnreachable where a file that is not there yet could not be made."""
    folder = next(each for each in file.parents if each.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise DatabaseUnreachable(
            f"The {place} is not there and cannot be made, because this account may not write to {folder}. Set "
            "DATABASE_URL to a file in a folder that it may write to.",
            help_topic="operator",
        )


def workspaces(session: Session, slack_id: str | None) -> Sequence[Workspace]:
    """The workspace of that Slack team (`T…`), or every one where it is None."""
    wanted = select(Workspace).order_by(Workspace.id)
    return session.scalars(wanted if slack_id is None else wanted.where(Workspace.slack_id == slack_id)).all()


def digest_channels(session: Session, workspace_id: int) -> dict[str, list[str]]:
    """The channels (`C…`) of teams that are not archived, each with the names of its teams."""
    found: dict[str, list[str]] = {}
    rows = session.execute(
        select(Team.channel, Team.name)
        .where(Team.workspace_id == workspace_id, Team.channel.is_not(None), Team.archived_at.is_(None))
        .order_by(Team.id)
    )
    for channel, name in rows:
        found.setdefault(str(channel), []).append(name)
    return found


def left_behind(session: Session, workspace_id: int, day: date) -> dict[str, list[int]]:
    """Numbers of key results in cycles that have not ended on `day` whose owner is deactivated, by the owner's name."""
    found: dict[str, list[int]] = {}
    rows = session.execute(
        select(Member.name, KeyResult.number)
        .join(Member, Member.id == KeyResult.owner_id)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .where(
            KeyResult.workspace_id == workspace_id,
            Member.deactivated_at.is_not(None),
            Cycle.ends_on >= day,
            *IN_FORCE,
        )
        .order_by(KeyResult.number)
    )
    for name, number in rows:
        found.setdefault(name, []).append(number)
    return found


def zones(session: Session, workspace_id: int) -> dict[str | None, int]:
    """The zones of the people there are, each with how many have it."""
    rows = session.execute(
        select(Member.zone, func.count())
        .where(Member.workspace_id == workspace_id, Member.deactivated_at.is_(None), Member.is_bot.is_(False))
        .group_by(Member.zone)
    )
    return dict(rows.all())


def ended_badly(session: Session, workspace_id: int, since: datetime) -> list[tuple[str, str, int]]:
    """Deliveries that became failed or unknown after `since`: state, kind, how many."""
    rows = session.execute(
        select(Delivery.state, Delivery.kind, func.count())
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.state.in_(["failed", "unknown"]),
            Delivery.settled_at >= since,
        )
        .group_by(Delivery.state, Delivery.kind)
        .order_by(Delivery.state, Delivery.kind)
    )
    return [(state, kind, count) for state, kind, count in rows]


def events_given_up(session: Session, slack_team: str, max_attempts: int) -> int:
    """How many kept events failed so often that they are left alone."""
    counted = select(func.count()).where(
        InboxRow.slack_team == slack_team, InboxRow.processed_at.is_(None), InboxRow.attempts >= max_attempts
    )
    return session.scalar(counted.select_from(InboxRow)) or 0
