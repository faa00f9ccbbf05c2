"""What a beat decides about rounds: which open, with everybody's part in them, and which close.

Each step runs again until it answers 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.okr.asking import Away, PartTimes, part_times
from bot.okr.cadence import Excuse, Rhythm, rounds_under_way
from bot.okr.zones import first_known_zone
from bot.store import deliveries, members, rounds, teams
from bot.store.session import Session, insert_once
from bot.store.tables import Member, Round, RoundPart
from bot.usecases.habits import away_of, habits_of

DIGEST_PRIORITY = 40
STALE_DIGEST_AFTER = timedelta(days=4)
"""After a downtime longer than this past the close, the week's digest is left out: the next one tells more."""
MADE_AHEAD = timedelta(days=1)
"""Parts are made a day before the round opens: somebody's own prompt hour may lie before the team's."""


@dataclass(frozen=True)
class TickCommand:
    """One batch of a beat's work in one workspace; `limit` rows at most."""

    workspace_id: int
    limit: int = 500


def open_rounds(session: Session, command: TickCommand, now: datetime) -> int:
    """Make the rounds under way and everybody's part in them. Answers how many parts were made."""
    made = 0
    for kept in rounds.rhythms(session, command.workspace_id):
        rhythm = Rhythm.read(kept)
        for monday in rounds_under_way(now, rhythm, ahead=MADE_AHEAD):
            asked = rounds.not_asked_yet(session, command.workspace_id, kept, monday, command.limit - made)
            if asked:
                made += _make_parts(session, command.workspace_id, rhythm, monday, asked, now)
            if made >= command.limit:
                return made
    return made


def _make_parts(
    session: Session, workspace_id: int, rhythm: Rhythm, monday: date, asked: Sequence[rounds.Asked], now: datetime
) -> int:
    workspace_zone = members.first_champion_zone(members.roles(session, workspace_id))
    away = away_of(session, [each.member for each in asked], now)
    known = rounds.by_ids(session, [each.round_id for each in asked if each.round_id is not None])
    made_rounds: dict[int, Round] = {}
    made = 0
    for each in asked:
        row = known.get(each.round_id or 0) or made_rounds.get(each.team_id)
        if row is None:
            row = _make_round(session, workspace_id, rhythm, monday, each, workspace_zone, now)
        made_rounds[each.team_id] = row
        times = _times_of(row, each.member, away, each.lead_zone, workspace_zone)
        values = _new_part(row, each, times, now)
        made += insert_once(session, RoundPart, values, ["round_id", "member_id"]) is not None
        row.opens_at = min(row.opens_at, times.opens_at)
    session.flush()
    return made


def _times_of(row: Round, member: Member, away: Mapping[int, tuple[Away, ...]], *other_zones: str | None) -> PartTimes:
    habits = habits_of(member, away.get(member.id, ()), *other_zones)
    return part_times(row.monday, first_known_zone([row.zone]), habits, Rhythm.read(row.rhythm))


def _new_part(row: Round, asked: rounds.Asked, times: PartTimes, now: datetime) -> dict[str, object]:
    # Who set their first key result after the round had opened is asked in the next one; and a round that was over
    # before the bot first saw it, or that overlaps the one before, is not asked about either.
    is_late = asked.first_created_at > times.opens_at or row.closed_at is not None
    overlaps = asked.last_close is not None and asked.last_close > times.opens_at
    excuse = Excuse.NOT_APPLICABLE if overlaps else Excuse.AWAY if times.prompt_at is None else None
    settled = now if is_late or excuse else None
    return {
        "workspace_id": row.workspace_id,
        "round_id": row.id,
        "member_id": asked.member.id,
        "opens_at": times.opens_at,
        "prompt_at": times.prompt_at,
        "remind_at": times.remind_at,
        "due_at": times.due_at,
        "closes_at": times.closes_at,
        "settled_at": settled,
        "reminder_settled_at": settled,
        "excuse": excuse,
        "excused_at": now if excuse else None,
    }


def _make_round(
    session: Session,
    workspace_id: int,
    rhythm: Rhythm,
    monday: date,
    asked: rounds.Asked,
    workspace_zone: str | None,
    now: datetime,
) -> Round:
    zone = first_known_zone([asked.lead_zone, workspace_zone])
    closing = rhythm.closes_at(monday, zone)
    values = {
        "workspace_id": workspace_id,
        "team_id": asked.team_id,
        "monday": monday,
        "zone": zone.key,
        "rhythm": str(rhythm),
        "opens_at": rhythm.opens_at(monday, zone),
        "due_at": rhythm.due_at(monday, zone),
        "closes_at": closing,
        "closed_at": now if now >= closing else None,
    }
    insert_once(session, Round, values, ["team_id", "monday"])
    return rounds.of_monday(session, asked.team_id, monday)


def follow_people(session: Session, workspace_id: int, member_ids: Iterable[int], now: datetime) -> None:
    """Ask these people by their zone, hours, days and absences as they are now, in rounds under way.

    What was sent already stays; a prompt that is still to come moves, and so do reminder, due time and close.
    """
    found = rounds.parts_under_way(session, workspace_id, member_ids)
    if not found:
        return
    people = members.by_ids(session, {part.member_id for part, _ in found})
    away = away_of(session, people.values(), now)
    for part, row in found:
        times = _times_of(row, people[part.member_id], away, row.zone)
        part.due_at, part.closes_at, part.remind_at = times.due_at, times.closes_at, times.remind_at
        if part.settled_at is None:
            part.opens_at, part.prompt_at = times.opens_at, times.prompt_at
            row.opens_at = min(row.opens_at, part.opens_at)
            if times.prompt_at is None:
                part.settled_at = part.reminder_settled_at = part.excused_at = now
                part.excuse = Excuse.AWAY.value
        elif part.delivery_id is None and part.excuse == Excuse.AWAY and times.prompt_at is not None:
            # They are back earlier than they had said.
            part.settled_at = part.reminder_settled_at = part.excuse = part.excused_at = None
            part.opens_at, part.prompt_at = times.opens_at, times.prompt_at
    session.flush()


def follow_rhythm(session: Session, team_ids: Iterable[int], now: datetime) -> None:
    """The cadence of these teams has changed: a round that has opened goes on as it was, others are made anew."""
    unopened = rounds.unopened(session, team_ids, now)
    asked = rounds.with_prompts(session, [row.id for row in unopened])
    rounds.forget(session, [row.id for row in unopened if row.id not in asked])


def close_rounds(session: Session, command: TickCommand, now: datetime) -> int:
    """Close the rounds whose time has come, each with one digest for its team's channel. Answers how many closed."""
    closing = rounds.to_close(session, command.workspace_id, now, command.limit)
    if not closing:
        return 0
    channels = teams.channels(session, [row.team_id for row in closing])
    for row in closing:
        row.closed_at = now
        channel = channels.get(row.team_id)
        if channel and now - row.closes_at <= STALE_DIGEST_AFTER:
            deliveries.add(
                session,
                command.workspace_id,
                kind="digest",
                recipient=channel,
                arguments={"round": row.id},
                dedupe_key=f"digest:{row.id}",
                not_before=row.closes_at,
                now=now,
                priority=DIGEST_PRIORITY,
            )
    session.flush()
    return len(closing)
