"""`/okr away` and `/okr back`: no prompts, never "missed"."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.okr.dates import UnreadableDay, check_until, read_day
from bot.okr.prompting import AwayShown
from bot.okr.zones import instant_of, local_day
from bot.store import absences
from bot.store.session import Session
from bot.store.tables import Absence
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.coming_prompts import next_prompt
from bot.usecases.rounds import follow_people

COMMAND = "command"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class GoAway:
    """`/okr away from 3 Aug until 12 Aug`: both days as typed; `since` is None for from now on."""

    actor: Actor
    until: str | None
    since: str | None = None


@dataclass(frozen=True)
class ComeBack:
    """`/okr back`"""

    actor: Actor


def go_away(session: Session, command: GoAway, now: datetime) -> AwayShown:
    """Ask nothing until that day is over. Without a day: say how it stands. Raises UnreadableDay."""
    who = acting(session, command.actor)
    today = local_day(now, who.zone)
    if command.until is None:
        return _shown(session, who, now)
    until = read_day(command.until, today)
    since = today if command.since is None else read_day(command.since, today)
    check_until(until, today)
    if since > until:
        raise UnreadableDay("This ends before it begins. Name the first day, then the last one.")
    begins = now if since == today else instant_of(since, time(0), who.zone)
    ends = instant_of(until + DAY, time(0), who.zone)
    known = absences.from_source(session, who.member.id, COMMAND, now)
    if known is not None and (known.since <= begins or known.since == begins):
        # What was said before is corrected; an absence that has begun goes on from when it began.
        known.until = ends
        known.since = min(known.since, begins) if known.since <= now else begins
    else:
        session.add(
            Absence(
                workspace_id=who.workspace.id,
                member_id=who.member.id,
                since=begins,
                until=ends,
                source=COMMAND,
                created_at=now,
            )
        )
    session.flush()
    follow_people(session, who.workspace.id, [who.member.id], now)
    return _shown(session, who, now)


def come_back(session: Session, command: ComeBack, now: datetime) -> AwayShown:
    """They are here again, and what is due is asked about."""
    who = acting(session, command.actor)
    was_away = absences.end_all(session, who.member.id, now)
    if was_away:
        follow_people(session, who.workspace.id, [who.member.id], now)
    return AwayShown(who.person, None, None, next_prompt(session, who, now), already=not was_away)


def _shown(session: Session, who: Acting, now: datetime) -> AwayShown:
    known = absences.under_way(session, who.member.id, now)
    if known is None:
        return AwayShown(who.person, None, None, next_prompt(session, who, now), already=True)
    last = local_day(known.until - timedelta(seconds=1), who.zone)
    since = None if known.since <= now else local_day(known.since, who.zone)
    return AwayShown(who.person, last, since, next_prompt(session, who, now))


def last_day_away(session: Session, who: Acting, now: datetime) -> date | None:
    """Until which day they are away now; None where they are here."""
    known = absences.under_way(session, who.member.id, now)
    return None if known is None or known.since > now else local_day(known.until - timedelta(seconds=1), who.zone)
