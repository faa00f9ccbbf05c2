"""When somebody is asked next, by the cadence of their teams and their own habits."""

from datetime import datetime

from bot.okr.asking import part_times
from bot.okr.cadence import Rhythm, monday_of, rounds_under_way
from bot.okr.zones import first_known_zone, local_day
from bot.store import rounds
from bot.store.session import Session
from bot.usecases.actors import Acting
from bot.usecases.habits import away_of, habits_of

ROUNDS_AHEAD = 12


def next_prompt(session: Session, who: Acting, now: datetime) -> datetime | None:
    """The next time the member is asked, if nothing changes; None where they answer for nothing. Two statements."""
    habits = habits_of(who.member, away_of(session, [who.member], now).get(who.member.id, ()), who.workspace_zone)
    found: list[datetime] = []
    for asking in rounds.teams_asking(session, who.member.id, local_day(now, habits.zone)):
        rhythm = Rhythm.read(asking.rhythm)
        zone = first_known_zone([asking.lead_zone, who.workspace_zone])
        mondays = rounds_under_way(now, rhythm)
        while len(mondays) < ROUNDS_AHEAD:
            mondays.append(rhythm.next_monday(mondays[-1] if mondays else monday_of(local_day(now, habits.zone))))
        for monday in mondays:
            if monday > asking.last_day:
                break
            moment = part_times(monday, zone, habits, rhythm).prompt_at
            if moment is not None and moment > now:
                found.append(moment)
                break
    return min(found, default=None)
