"""What an export reads, and the keys it gives to what has none."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Select, and_, bindparam, collate, func, or_, select, update
from sqlalchemy.orm import Session

from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.zones import utc
from bot.store.tables import CheckIn, Cycle, KeyResult, Member, MemberRole, Objective, Submission, Team

KeyedRow = TypeVar("KeyedRow", Member, Team, Cycle, Objective, KeyResult)

PAGE = 5_000
_LONGEST_SLUG = 60


def every(session: Session, workspace_id: int, row: type[KeyedRow]) -> list[KeyedRow]:
    """Every row of a table, oldest first."""
    found = session.scalars(select(row).where(row.workspace_id == workspace_id).order_by(row.id))
    return list(found)


def keys_of(rows: Iterable[KeyedRow]) -> dict[int, str]:
    """The key of each row, by its id: its own, else one made of its human id, Slack id or name."""
    listed = list(rows)
    keys = {row.id: row.external_key for row in listed if row.external_key}
    taken = set(keys.values())
    for row in listed:
        if row.id not in keys:
            keys[row.id] = _free(_natural_key(row), taken)
            taken.add(keys[row.id])
    return keys


def _natural_key(row: Member | Team | Cycle | Objective | KeyResult) -> str:
    if isinstance(row, Member):
        return row.slack_id
    if isinstance(row, Objective):
        return objective_id(row.number)
    if isinstance(row, KeyResult):
        return key_result_id(row.number)
    slug = re.sub(r"[^\w]+", "-", row.name.casefold()).strip("-")[:_LONGEST_SLUG]
    return slug or ("team" if isinstance(row, Team) else "cycle")


def _free(wanted: str, taken: set[str]) -> str:
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key


def keep_keys(session: Session, workspace_id: int) -> None:
    """Give every row that an export names its key for good, so that it is found again when it is imported."""
    for row in (Member, Team, Cycle, Objective, KeyResult):
        keyless = select(row.id).where(row.workspace_id == workspace_id, row.external_key.is_(None))
        if session.scalar(keyless.limit(1)) is None:
            continue
        rows: list[Any] = every(session, workspace_id, row)
        keys = keys_of(rows)
        for each in rows:
            each.external_key = keys[each.id]
    session.flush()
    _keep_keys_of_submissions(session, workspace_id)


def _keep_keys_of_submissions(session: Session, workspace_id: int) -> None:
    """`U0MIA:2026-10-05T09:00:00+00:00`, some thousand at a time."""
    keyless = (
        select(Submission.id, Submission.submitted_at, Member.slack_id)
        .join(Member, Member.id == Submission.member_id)
        .where(Submission.workspace_id == workspace_id, Submission.external_key.is_(None))
        .order_by(Submission.id)
        .limit(PAGE)
    )
    statement = update(Submission.__table__).where(Submission.__table__.c.id == bindparam("row"))  # type: ignore[arg-type]
    last = 0
    while page := session.execute(keyless.where(Submission.id > last)).all():
        last = page[-1].id
        wanted = [(id_, submission_key(who, at)) for id_, at, who in page]
        # Two at the same instant are told apart by a number; it may stand in the database already.
        taken = _keys_like(session, workspace_id, {key for _, key in wanted})
        keys = []
        for id_, key in wanted:
            free = _free(key, taken)
            taken.add(free)
            keys.append({"row": id_, "key": free})
        session.connection().execute(statement.values(external_key=bindparam("key")), keys)


def submission_key(slack_id: str, at: datetime) -> str:
    """The key of what somebody sent at an instant."""
    return f"{slack_id}:{utc(at).isoformat()}"


def _keys_like(session: Session, workspace_id: int, wanted: set[str]) -> set[str]:
    """Those of the wanted keys that are taken, each with its counted forms (`…-2`)."""
    keys = select(Submission.external_key).where(Submission.workspace_id == workspace_id)
    listed = sorted(wanted)
    found: set[str] = set()
    for begin in range(0, len(listed), 1_000):
        found |= {key for key in session.scalars(keys.where(Submission.external_key.in_(listed[begin : begin + 1_000])))
                  if key}  # fmt: skip
    for key in sorted(found):
        counted = Submission.external_key.startswith(f"{key}-", autoescape=True)
        found |= {each for each in session.scalars(keys.where(counted)) if each}
    return found


def roles(session: Session, workspace_id: int) -> dict[int, list[tuple[str, datetime]]]:
    """The workspace-wide roles of each member, by name."""
    found: dict[int, list[tuple[str, datetime]]] = {}
    rows = session.execute(
        select(MemberRole.member_id, MemberRole.role, MemberRole.since)
        .where(MemberRole.workspace_id == workspace_id)
        .order_by(MemberRole.member_id, MemberRole.role)
    )
    for member_id, role, since in rows:
        found.setdefault(member_id, []).append((role, since))
    return found


def newest_check_in(session: Session) -> int:
    """The id of the newest check-in: what comes later belongs to a later export."""
    return session.scalar(select(func.max(CheckIn.id))) or 0


def how_many_check_ins(session: Session, workspace_id: int) -> int:
    """How many versions of check-ins there are."""
    return session.scalar(select(func.count()).where(CheckIn.workspace_id == workspace_id)) or 0


def check_ins(session: Session, workspace_id: int, newest: int) -> Iterator[Row[*tuple[Any, ...]]]:
    """Every version of every check-in with its submission, in an order that no database decides; never all at once."""
    key: Any = Submission.external_key
    if session.get_bind().dialect.name == "postgresql":
        key = collate(key, "C")  # by code points, as SQLite sorts
    statement: Select[*tuple[Any, ...]] = (
        select(
            Submission.id.label("submission_id"),
            Submission.external_key.label("key"),
            Submission.member_id,
            Submission.submitted_at.label("sent_at"),
            Submission.undone_at,
            Submission.source,
            Submission.learned,
            Submission.needs,
            CheckIn.key_result_id,
            CheckIn.author_id,
            CheckIn.as_of,
            CheckIn.value,
            CheckIn.confidence,
            CheckIn.note,
            CheckIn.version,
            CheckIn.recorded_at,
            CheckIn.before,
            CheckIn.unchanged,
            CheckIn.withdrawn,
            CheckIn.back_dated,
        )
        .outerjoin(CheckIn, and_(CheckIn.submission_id == Submission.id, CheckIn.id <= newest))
        .outerjoin(KeyResult, KeyResult.id == CheckIn.key_result_id)
        .where(
            Submission.workspace_id == workspace_id,
            Submission.external_key.is_not(None),
            or_(CheckIn.id.is_not(None), Submission.learned.is_not(None), Submission.needs.is_not(None)),
        )
        .order_by(Submission.submitted_at, key, KeyResult.number, CheckIn.version)
    )
    yield from session.execute(statement, execution_options={"yield_per": 1_000})


def grouped(pairs: Iterable[tuple[int, int]], keys: Mapping[int, str]) -> dict[int, list[str]]:
    """What belongs to each row, as sorted keys."""
    found: dict[int, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(keys[other])
    return {one: sorted(others) for one, others in found.items()}
