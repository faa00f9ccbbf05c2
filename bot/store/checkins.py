"""Submissions and their check-ins. Check-in rows are only ever added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from bot.store.keyresults import IN_FORCE
from bot.store.session import insert_once
from bot.store.tables import CheckIn, Contributor, Cycle, KeyResult, Member, Objective, Submission, Team
from bot.store.versions import superseded


@dataclass(frozen=True)
class KeptLine:
    """One check-in of a submission in its newest version, with its key result.

    `before` is the value in force just before it, by what the check-ins are about and not by when they were typed; the
    start where there is none. `sender_id` sent the submission, `author_id` wrote this version of the check-in.
    """

    submission_id: int
    key_result_id: int
    number: int
    title: str
    team_id: int
    unit: str | None
    kind: str
    start: Decimal | None
    target: Decimal | None
    version: int
    value: Decimal | None
    before: Decimal | None
    confidence: int | None
    note: str | None
    unchanged: bool
    withdrawn: bool
    as_of: datetime
    recorded_at: datetime
    check_in_id: int
    private: bool
    back_dated: bool
    author_id: int
    author_name: str
    sender_id: int
    sent_at: datetime
    owner_id: int | None
    owner_name: str | None
    lead_zone: str | None


def by_nonce(session: Session, workspace_id: int, nonce: str) -> Submission | None:
    """The submission a form led to, locked until the transaction ends."""
    return session.scalar(
        select(Submission)
        .where(Submission.workspace_id == workspace_id, Submission.form_nonce == nonce)
        .with_for_update()
    )


def by_id(session: Session, workspace_id: int, submission_id: int) -> Submission | None:
    """A submission, locked until the transaction ends."""
    return session.scalar(
        select(Submission)
        .where(Submission.workspace_id == workspace_id, Submission.id == submission_id)
        .with_for_update()
    )


def add(session: Session, values: dict[str, object]) -> Submission | None:
    """Keep a submission; None when its form was sent at this very moment by another process."""
    new_id = insert_once(session, Submission, values, ["workspace_id", "form_nonce"])
    return None if new_id is None else session.get_one(Submission, new_id)


def newest_of_forms(session: Session, workspace_id: int, member_id: int, nonces: Iterable[str]) -> Submission | None:
    """Of the submissions these forms of a member led to, the newest one that stands."""
    return session.scalar(
        select(Submission)
        .where(
            Submission.workspace_id == workspace_id,
            Submission.member_id == member_id,
            Submission.form_nonce.in_(list(nonces)),
            Submission.undone_at.is_(None),
        )
        .order_by(Submission.id.desc())
        .limit(1)
        .with_for_update()
    )


def _value_before() -> Any:
    """The value in force just before the check-in of the query around it; nothing where it is the first."""
    each = aliased(CheckIn)
    place = tuple_(CheckIn.as_of, CheckIn.recorded_at, CheckIn.id)
    return (
        select(each.value)
        .where(
            each.key_result_id == CheckIn.key_result_id,
            each.submission_id != CheckIn.submission_id,
            each.withdrawn.is_(False),
            each.value.is_not(None),
            tuple_(each.as_of, each.recorded_at, each.id) < place,
            ~superseded(each),
        )
        .order_by(each.as_of.desc(), each.recorded_at.desc(), each.id.desc())
        .limit(1)
        .correlate(CheckIn)
        .scalar_subquery()
    )


def following(session: Session, key_result_id: int, instants: Iterable[datetime], but: int) -> list[int]:
    """The submissions with the first check-in in force after each of these instants, `but` this submission."""
    found = {_first_after(session, key_result_id, instant, but) for instant in instants}
    return sorted(each for each in found if each is not None)


def _first_after(session: Session, key_result_id: int, instant: datetime, but: int) -> int | None:
    return session.scalar(
        select(CheckIn.submission_id)
        .where(
            CheckIn.key_result_id == key_result_id,
            CheckIn.submission_id != but,
            CheckIn.as_of >= instant,
            CheckIn.withdrawn.is_(False),
            ~superseded(CheckIn),
        )
        .order_by(CheckIn.as_of, CheckIn.recorded_at, CheckIn.id)
        .limit(1)
    )


def lines(session: Session, submission_ids: Iterable[int]) -> list[KeptLine]:
    """The newest version of every check-in of these submissions, by key result number. One statement."""
    wanted = set(submission_ids)
    if not wanted:
        return []
    newest = (
        select(
            CheckIn.id,
            func.row_number()
            .over(partition_by=(CheckIn.submission_id, CheckIn.key_result_id), order_by=CheckIn.version.desc())
            .label("age"),
        )
        .where(CheckIn.submission_id.in_(wanted))
        .subquery()
    )
    author, owner, lead = aliased(Member), aliased(Member), aliased(Member)
    statement: Select[*tuple[Any, ...]] = (
        select(
            CheckIn.submission_id,
            KeyResult.id,
            KeyResult.number,
            KeyResult.title,
            Objective.team_id,
            KeyResult.unit,
            KeyResult.kind,
            KeyResult.start,
            KeyResult.target,
            CheckIn.version,
            CheckIn.value,
            func.coalesce(_value_before(), KeyResult.start),
            CheckIn.confidence,
            CheckIn.note,
            CheckIn.unchanged,
            CheckIn.withdrawn,
            CheckIn.as_of,
            CheckIn.recorded_at,
            CheckIn.id,
            Objective.private,
            CheckIn.back_dated,
            CheckIn.author_id,
            author.name,
            Submission.member_id,
            Submission.submitted_at,
            KeyResult.owner_id,
            owner.name,
            lead.zone,
        )
        .join(newest, newest.c.id == CheckIn.id)
        .join(Submission, Submission.id == CheckIn.submission_id)
        .join(author, author.id == CheckIn.author_id)
        .join(KeyResult, KeyResult.id == CheckIn.key_result_id)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Team, Team.id == Objective.team_id)
        .outerjoin(owner, owner.id == KeyResult.owner_id)
        .outerjoin(lead, lead.id == Team.lead_id)
        .where(newest.c.age == 1)
        .order_by(KeyResult.number)
    )
    return [KeptLine(*row) for row in session.execute(statement)]


def in_period(
    session: Session, team_id: int, monday: date, since: datetime, until: datetime | None
) -> list[tuple[Submission, Member]]:
    """Submissions with a check-in about the team's key results dated in [since, until), oldest first.

    Those without any check-in too, which only say what was learned or needed, where their sender answers for a public
    key result of the team in a cycle that holds `monday`.
    """
    about = (
        select(CheckIn.submission_id)
        .join(KeyResult, KeyResult.id == CheckIn.key_result_id)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .where(Objective.team_id == team_id, CheckIn.as_of >= since)
    )
    answers = _answers_for(monday)
    words = select(Submission.id).where(
        *_WORDS_ALONE,
        Submission.submitted_at >= since,
        Submission.member_id.in_(select(answers.c.member_id).where(answers.c.team_id == team_id)),
    )
    if until is not None:
        about = about.where(CheckIn.as_of < until)
        words = words.where(Submission.submitted_at < until)
    rows = session.execute(
        select(Submission, Member)
        .join(Member, Member.id == Submission.member_id)
        .where(Submission.id.in_(union_all(about, words)))
        .order_by(Submission.submitted_at, Submission.id)
    )
    return [(row[0], row[1]) for row in rows]


_WORDS_ALONE = (
    or_(Submission.learned.is_not(None), Submission.needs.is_not(None)),
    ~select(CheckIn.id).where(CheckIn.submission_id == Submission.id).exists(),
)


def _answers_for(day: date) -> Any:
    """Who answers for a public key result of which team, in a cycle that holds the day: `member_id`, `team_id`."""
    people = union_all(
        select(KeyResult.id, KeyResult.owner_id.label("member_id")),
        select(KeyResult.id, KeyResult.delegate_id),
        select(Contributor.key_result_id, Contributor.member_id),
    ).subquery()
    return (
        select(people.c.member_id, Objective.team_id)
        .select_from(KeyResult)
        .join(people, people.c.id == KeyResult.id)
        .join(Objective, Objective.id == KeyResult.objective_id)
        .join(Cycle, Cycle.id == Objective.cycle_id)
        .where(*IN_FORCE, Objective.private.is_(False), Cycle.starts_on <= day, Cycle.ends_on >= day)
        .subquery()
    )


def teams_of_words(session: Session, submission: Submission, day: date) -> set[int]:
    """The teams that a submission without check-ins is told to: those its sender answers for on that day."""
    answers = _answers_for(day)
    return set(session.scalars(select(answers.c.team_id).where(answers.c.member_id == submission.member_id)))
