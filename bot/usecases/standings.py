"""Where key results stand: the rules applied to what the store knows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from bot.okr.cadence import Rhythm
from bot.okr.cycle import GRACE, closing_day
from bot.okr.facts import DigestObjective, KeyResultStanding
from bot.okr.kinds import Course, Milestone, Terms, kind_of
from bot.okr.pace import bounds, expected_progress
from bot.okr.permissions import Relation
from bot.okr.rollup import Part, roll_up
from bot.okr.status import Freshness, ShownStatus, freshness, objective_status, propose, shown_status
from bot.okr.zones import first_known_zone, local_day
from bot.store import backgrounds, rounds
from bot.store.backgrounds import Backgrounds
from bot.store.keyresults import KeyResultRow, Scope, open_in
from bot.store.session import Session
from bot.usecases.actors import Acting


@dataclass(frozen=True)
class Placed:
    """A row of the store with where it stands, and the round it answers to (None before the team's first)."""

    row: KeyResultRow
    standing: KeyResultStanding
    opening: rounds.Opening | None


def background(session: Session, rows: Iterable[KeyResultRow]) -> Backgrounds:
    """What the kinds of these rows need: at most one statement, none for metrics."""
    found = list(rows)
    courses = {row.id for row in found if kind_of(row.kind).needs_course}
    return backgrounds.of(session, courses, {row.id for row in found if kind_of(row.kind).has_steps})


def terms_of(row: KeyResultRow, steps: tuple[Milestone, ...] = ()) -> Terms:
    """What was agreed, as the row's kind reads it."""
    return Terms(row.start, row.target, row.unit, row.commit, row.stretch, steps)


def place(
    row: KeyResultRow, opening: rounds.Opening | None, now: datetime, workspace_zone: str | None, behind: Backgrounds
) -> Placed:
    """Apply the rules of progress, pace, half-life and status to one row."""
    kind = kind_of(row.kind)
    value = row.start if row.last_value is None else row.last_value
    steps = behind.milestones.get(row.id, ())
    zone = first_known_zone([row.lead_zone, workspace_zone])
    begins, ends = bounds(row.starts_on, row.ends_on, zone)
    course = Course(begins, ends, tuple(behind.points.get(row.id, ())))
    # A baseline has no start: its value is what was checked in, and nothing else.
    share = kind.progress(terms_of(row, steps), value, course, now)
    expected = kind.expected(expected_progress(row.starts_on, row.ends_on, now, zone))
    fresh = freshness(row.last_as_of, now, cadence_of(row.team_rhythm))
    standing = KeyResultStanding(
        number=row.number,
        title=row.title,
        objective_number=row.objective_number,
        objective_title=row.objective_title,
        team=row.team_name,
        owner=row.owner_name,
        unit=row.unit,
        start=row.start,
        target=row.target,
        now=value,
        progress=share,
        expected=expected,
        status=shown_status(propose(share, expected), fresh).status,
        freshness=fresh,
        confidence=row.last_confidence,
        checked_at=row.last_as_of,
        weight=row.weight or Decimal(0),
        due=is_due(row, opening, now),
        kind=kind,
        commit=row.commit,
        stretch=row.stretch,
        milestones=steps,
        closing=closing_day(row.ends_on, local_day(now, zone)),
    )
    return Placed(row, standing, opening)


def hidden(standing: KeyResultStanding) -> KeyResultStanding:
    """What somebody is told of a key result they may not read: its number, and that of its objective."""
    return replace(
        standing,
        title="",
        objective_title="",
        owner=None,
        team="",
        unit=None,
        milestones=(),
        confidence=None,
        hidden=True,
    )


def is_due(row: KeyResultRow, opening: rounds.Opening | None, now: datetime) -> bool:
    """Whether the newest round still waits for this key result's answer, also after its close.

    A round opens for a key result with its owner or its delegate, whichever hour comes first, and whoever answers first
    answers for both. A key result that was set after that is asked about in the next one, and so is one whose cycle
    began after the round's Monday. Nobody is asked for an archived team, nor in place of who has left.
    """
    if opening is None or opening.excuse_of(row.owner_id, row.delegate_id) is not None:
        return False
    return is_unanswered(row, opening, now)


def is_unanswered(row: KeyResultRow, opening: rounds.Opening, now: datetime) -> bool:
    """Whether the round asks for this key result and nobody has answered, away or not."""
    if row.team_is_archived or not is_asked(row, opening):
        return False
    opened = opening.opened_for(row.owner_id, row.delegate_id)
    return now >= opened and (row.last_as_of is None or row.last_as_of < opened)


def is_asked(row: KeyResultRow, opening: rounds.Opening) -> bool:
    """Whether the round asks for this key result at all, answered or not."""
    in_cycle = row.starts_on <= opening.monday <= row.ends_on
    somebody = row.owner_id is None or row.owner_is_active
    return in_cycle and somebody and row.created_at <= opening.opened_for(row.owner_id, row.delegate_id)


def place_all(
    session: Session, found: Iterable[KeyResultRow], now: datetime, workspace_zone: str | None
) -> list[Placed]:
    """Place rows, with the rounds of their teams (three statements at most, however many rows)."""
    rows = list(found)
    openings = rounds.latest(session, {row.team_id for row in rows}, now)
    behind = background(session, rows)
    return [place(row, openings.get(row.team_id), now, workspace_zone, behind) for row in rows]


def cadence_of(rhythm: str) -> timedelta:
    """How often a team is asked, for the half-life of what was said; `rhythm` as it is kept."""
    return _rhythm(rhythm).length


_rhythm = lru_cache(maxsize=256)(Rhythm.read)


def days_shown(now: datetime, who: Acting) -> tuple[date, date]:
    """Today for the member, and the last day a cycle may have ended on to be still shown (the grace window)."""
    today = local_day(now, who.zone)
    return today, today - GRACE


_OWN_FIRST = (None, Relation.DELEGATE, Relation.CONTRIBUTOR)


def mine(session: Session, who: Acting, now: datetime) -> list[Placed]:
    """The open key results the member answers for: what is due first, one's own before those of others.

    As owner or delegate one is asked; a contributor may answer and is never asked, so nothing is due for them. Then by
    number, those of an ended cycle last. Four statements at most.
    """
    today, grace_from = days_shown(now, who)
    rows = open_in(session, who.workspace.id, Scope(works_on_id=who.member.id), today, grace_from)
    placed = [_as_answered_by(who, each) for each in place_all(session, rows, now, who.workspace_zone)]
    return sorted(placed, key=_place_in_line)


def _as_answered_by(who: Acting, placed: Placed) -> Placed:
    if placed.row.owner_id == who.member.id:
        return placed
    if placed.row.delegate_id == who.member.id:
        return replace(placed, standing=replace(placed.standing, answers_as=Relation.DELEGATE))
    return replace(placed, standing=replace(placed.standing, answers_as=Relation.CONTRIBUTOR, due=False))


def _place_in_line(placed: Placed) -> tuple[bool, int, bool, int]:
    standing = placed.standing
    return not standing.due, _OWN_FIRST.index(standing.answers_as), standing.closing is not None, standing.number


def next_due(placed: Iterable[Placed]) -> datetime | None:
    """The nearest time an answer is due among these."""
    waiting = [each for each in placed if each.standing.due]
    return min((each.opening.due_for(each.row.owner_id) for each in waiting if each.opening), default=None)


def rolled_up(placed: Sequence[Placed]) -> list[DigestObjective]:
    """Each objective with its roll-up, its unknown share and its weakest status, by number."""
    groups: dict[int, list[Placed]] = {}
    for each in placed:
        groups.setdefault(each.row.objective_number, []).append(each)
    found = []
    for number in sorted(groups):
        group = groups[number]
        parts = [
            Part(
                progress=each.standing.progress,
                unknown=each.standing.freshness is Freshness.UNKNOWN or each.standing.checked_at is None,
                weight=each.row.weight,
            )
            for each in group
        ]
        if not sum(part.weight for part in parts):
            # Weights of nothing but 0 are refused when they are set; what is left after a drop counts alike.
            parts = [Part(progress=part.progress, unknown=part.unknown) for part in parts]
        total = roll_up(parts)
        status = objective_status(
            ShownStatus(each.standing.status, hollow=each.standing.freshness.stale) for each in group
        )
        found.append(
            DigestObjective(
                number=number,
                title=group[0].row.objective_title,
                progress=total.progress if total.progress is not None else group[0].standing.progress,
                expected=group[0].standing.expected,
                status=status.status,
                unknown_share=total.unknown_share,
                hidden=group[0].row.objective_is_private,
            )
        )
    return found
