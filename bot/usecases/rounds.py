"""What a beat decides: which rounds open, who is prompted, which rounds close. Each runs again until it answers 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.okr.cadence import closes_at, due_at, earliest_prompt_at, prompt_at, prompt_moment
from bot.okr.zones import first_known_zone
from bot.store import deliveries, members, rounds, teams
from bot.store.session import Session, insert_once
from bot.store.tables import Member, Round, RoundPart

FURTHEST_WEST = ZoneInfo("Etc/GMT+12")
FURTHEST_EAST = ZoneInfo("Etc/GMT-14")
WEEK = timedelta(days=7)
DIGEST_PRIORITY = 40
PROMPT_PRIORITY = 10
STALE_DIGEST_AFTER = timedelta(days=4)
"""After a downtime longer than this past the close, the week's digest is left out: the next one tells more."""


@dataclass(frozen=True)
class TickCommand:
    """One batch of a beat's work in one workspace; `limit` rows at most."""

    workspace_id: int
    limit: int = 500


def open_rounds(session: Session, command: TickCommand, now: datetime) -> int:
    """Make the rounds under way and everybody's part in them. Answers how many parts were made."""
    made = 0
    for monday in _mondays_under_way(now):
        asked = rounds.not_asked_yet(session, command.workspace_id, monday, command.limit - made)
        if asked:
            made += _make_parts(session, command.workspace_id, monday, asked, now)
        if made >= command.limit:
            break
    return made


def _mondays_under_way(now: datetime) -> list[date]:
    """The Mondays whose round may prompt somebody somewhere by `now` and is not over everywhere, oldest first."""
    local = now.astimezone(FURTHEST_EAST).date()
    this_monday = local - timedelta(days=local.weekday())
    return [
        monday
        for monday in (this_monday - WEEK, this_monday, this_monday + WEEK)
        if earliest_prompt_at(monday) <= now < closes_at(monday, FURTHEST_WEST)
    ]


def _make_parts(session: Session, workspace_id: int, monday: date, asked: list[rounds.Asked], now: datetime) -> int:
    workspace_zone = members.first_champion_zone(members.roles(session, workspace_id))
    round_ids: dict[int, int] = {}
    made = 0
    for each in asked:
        team_zone = first_known_zone([each.lead_zone, workspace_zone])
        member_zone = first_known_zone([each.zone, each.lead_zone, workspace_zone])
        prompted = prompt_at(monday, member_zone)
        closing = closes_at(monday, team_zone)
        round_id = each.round_id or round_ids.get(each.team_id)
        if round_id is None:
            round_id = _make_round(session, workspace_id, each.team_id, monday, team_zone, now)
        round_ids[each.team_id] = round_id
        # Who set their first key result after the round had opened is asked in the next one; and a round that was over
        # before the bot first saw it is not asked about either.
        settled = each.first_created_at > prompted or now >= closing
        values = {
            "workspace_id": workspace_id,
            "round_id": round_id,
            "member_id": each.member_id,
            "prompt_at": prompted,
            "settled_at": now if settled else None,
        }
        made += insert_once(session, RoundPart, values, ["round_id", "member_id"]) is not None
        _open_earlier(session, round_id, prompted)
    return made


def _make_round(
    session: Session, workspace_id: int, team_id: int, monday: date, team_zone: ZoneInfo, now: datetime
) -> int:
    closing = closes_at(monday, team_zone)
    values = {
        "workspace_id": workspace_id,
        "team_id": team_id,
        "monday": monday,
        "zone": team_zone.key,
        "opens_at": prompt_at(monday, team_zone),
        "due_at": due_at(monday, team_zone),
        "closes_at": closing,
        "closed_at": now if now >= closing else None,
    }
    insert_once(session, Round, values, ["team_id", "monday"])
    return rounds.id_of(session, team_id, monday)


def _open_earlier(session: Session, round_id: int, prompted: datetime) -> None:
    """A round opens with the first member whose Monday morning comes."""
    row = session.get_one(Round, round_id)
    row.opens_at = min(row.opens_at, prompted)


def follow_zones(session: Session, workspace_id: int, slack_ids: Sequence[str]) -> None:
    """Ask these people, whose zone has changed, by the clock of where they are now, in rounds that have not yet."""
    if not slack_ids:
        return
    for part, row, zone in rounds.parts_to_come(session, workspace_id, slack_ids):
        part.prompt_at = prompt_at(row.monday, first_known_zone([zone, row.zone]))
        row.opens_at = min(row.opens_at, part.prompt_at)
    session.flush()


def make_prompts(session: Session, command: TickCommand, now: datetime) -> int:
    """Turn every part whose hour has come into one prompt per member and week. Answers how many parts were settled.

    A prompt that is late (the bot was down) waits for the member's next working hours; where the round closes before,
    it is left out.
    """
    parts = rounds.parts_to_prompt(session, command.workspace_id, now, command.limit)
    if not parts:
        return 0
    people = members.by_ids(session, [part.member_id for part in parts])
    asked_in = rounds.by_ids(session, [part.round_id for part in parts])
    for part in parts:
        row, member = asked_in[part.round_id], people[part.member_id]
        part.settled_at = now
        zone = first_known_zone([member.zone, row.zone])
        moment = prompt_moment(part.prompt_at, now, zone, row.closes_at)
        if moment is not None and member.deactivated_at is None:
            part.delivery_id = _prompt(session, row, member, moment, now)
    session.flush()
    return len(parts)


def _prompt(session: Session, row: Round, member: Member, moment: datetime, now: datetime) -> int | None:
    """The one prompt of this member and week; several teams share it."""
    key = f"prompt:{member.id}:{row.monday.isoformat()}"
    added = deliveries.add(
        session,
        row.workspace_id,
        kind="prompt",
        recipient=member.slack_id,
        arguments={"member": member.id, "monday": row.monday.isoformat()},
        dedupe_key=key,
        not_before=moment,
        now=now,
        priority=PROMPT_PRIORITY,
    )
    if added is not None:
        return added
    return deliveries.id_of(session, row.workspace_id, key)


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
