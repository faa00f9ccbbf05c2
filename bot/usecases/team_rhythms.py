"""A team's own rhythm, and the one it has from the team above (product rule 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.okr.cadence import (
    FIRST_ANCHOR,
    MONTHLY,
    WEEK,
    WEEKLY,
    RefusedRhythm,
    Rhythm,
    WeekTime,
    monday_of,
    next_opening,
)
from bot.okr.organisation import RhythmForm, TeamRhythm
from bot.okr.zones import first_known_zone, local_day
from bot.store import team_rhythms
from bot.store.session import Session
from bot.store.tables import Team
from bot.store.team_rhythms import KeptRhythm
from bot.usecases.rounds import follow_rhythm

INHERITED = "inherited"
EVERY = {"1": 1, "2": 2, "3": 3, "month": MONTHLY}
"""What the form's menu says, as the `weeks` of a rhythm."""
HELP = "rhythm"


@dataclass(frozen=True)
class TypedWeekTime:
    """A day (`0` is Monday) and an hour (`HH:MM`) as the form holds them; None where it does not show them."""

    day: str | None = None
    hour: str | None = None


@dataclass(frozen=True)
class TypedRhythm:
    """The rhythm as the form holds it; `every` is INHERITED or of EVERY. What is not shown stays as it is."""

    every: str
    opens: TypedWeekTime = TypedWeekTime()
    due: TypedWeekTime = TypedWeekTime()
    closes: TypedWeekTime = TypedWeekTime()


def follow_rhythms(session: Session, workspace_id: int, now: datetime) -> None:
    """Let every team without a rhythm of its own have that of the nearest team above which has one.

    Rounds of teams whose rhythm changes by that are made anew where they have not opened. Whoever calls this holds the
    lock of the workspace. The tree is read once, and each rhythm that is new somewhere is written once.
    """
    session.flush()
    kept = team_rhythms.everywhere(session, workspace_id)
    changed: dict[str, list[int]] = {}
    for each, holds in zip(kept, _effective(kept), strict=True):
        if each.holds != holds:
            changed.setdefault(holds, []).append(each.team_id)
    for rhythm, team_ids in changed.items():
        team_rhythms.keep(session, team_ids, rhythm)
    follow_rhythm(session, [each for team_ids in changed.values() for each in team_ids], now)


def _effective(kept: Sequence[KeptRhythm]) -> list[str]:
    """What holds in each of these teams; the weekly rhythm where nobody above has one, or where they form a ring."""
    rows: Mapping[int | None, KeptRhythm] = {each.team_id: each for each in kept}
    found: dict[int | None, str] = {}
    for each in kept:
        way: list[int | None] = []
        at: int | None = each.team_id
        while at in rows and at not in found and at not in way and rows[at].own is None:
            way.append(at)
            at = rows[at].parent_id
        holds = found.get(at) or (rows[at].own if at in rows else None) or str(WEEKLY)
        found.update(dict.fromkeys([*way, each.team_id], holds))
    return [found[each.team_id] for each in kept]


def own_rhythm(
    session: Session, team: Team, typed: TypedRhythm | None, above: Team | None, zone: ZoneInfo, now: datetime
) -> str | None:
    """The rhythm a team is given, as it is kept; None where it keeps the one `above` (None: nothing is above it).

    Every second or third week is counted from the round that has opened this week, else from the coming one, unless
    it was counted already. Raises RefusedRhythm with `field` (`every`, `opens`, `due`, `closes`).
    """
    if typed is None:
        return team.own_rhythm
    if typed.every == INHERITED:
        return None
    if typed.every not in EVERY:
        raise RefusedRhythm("Choose how often a round comes.", help_topic=HELP, field="every")
    before = WEEKLY if above is None else Rhythm.read(above.rhythm)
    before = before if team.own_rhythm is None else Rhythm.read(team.own_rhythm)
    wanted = Rhythm(
        EVERY[typed.every],
        _week_time("opens", typed.opens, before.opens),
        _week_time("due", typed.due, before.due),
        _week_time("closes", typed.closes, before.closes),
        before.anchor,
    )
    if wanted.weeks in (1, MONTHLY):
        # Which weeks count needs no saying; so all teams of one rhythm are kept alike.
        wanted = wanted if wanted == before else wanted.anchored(FIRST_ANCHOR)
    elif wanted.weeks != before.weeks:
        wanted = wanted.anchored(_first_monday(session, team, wanted, zone, now))
    if above is None and team.own_rhythm is None and wanted == WEEKLY:
        return None
    return str(wanted)


def _week_time(field: str, typed: TypedWeekTime, before: WeekTime) -> WeekTime:
    try:
        day = before.day if typed.day is None else int(typed.day)
        hour = before.hour if typed.hour is None else time.fromisoformat(typed.hour).replace(second=0, microsecond=0)
        return WeekTime(day, hour.replace(tzinfo=None))
    except ValueError:
        raise RefusedRhythm("Choose a day and an hour such as 09:00.", help_topic=HELP, field=field) from None


def _first_monday(session: Session, team: Team, wanted: Rhythm, zone: ZoneInfo, now: datetime) -> date:
    monday = monday_of(local_day(now, zone))
    opened = None if team.id is None else team_rhythms.newest_opened(session, team.id, now)
    if opened is not None and opened.monday >= monday:
        return opened.monday
    return monday if wanted.opens_at(monday, zone) > now else monday + WEEK


def team_rhythm(
    session: Session, team: Team, lead_zone: str | None, workspace_zone: str | None, giver: Team | None, now: datetime
) -> TeamRhythm:
    """What is told of a team's rhythm. `giver`: the team it has it from; None where it is its own. One statement."""
    rhythm = Rhythm.read(team.rhythm)
    zone = first_known_zone([lead_zone, workspace_zone])
    opened = team_rhythms.newest_opened(session, team.id, now)
    following = None
    if team.archived_at is None:
        following = next_opening(rhythm, now, zone, after=None if opened is None else opened.monday)
    under_way = opened is not None and opened.closed_at is None and opened.closes_at > now
    return TeamRhythm(
        rhythm=rhythm,
        zone=zone.key,
        giver=None if giver is None else giver.name,
        next_opens=following,
        closes_at=opened.closes_at if opened is not None and under_way else None,
    )


def rhythm_form(team: Team | None, above: Team | None, every: str | None) -> RhythmForm:
    """What the form is filled with. `every` is what was just chosen in it, None when it is opened."""
    own = None if team is None else team.own_rhythm
    inherited = WEEKLY if above is None else Rhythm.read(above.rhythm)
    holds = inherited if own is None else Rhythm.read(own)
    kept = next(name for name, weeks in EVERY.items() if weeks == holds.weeks)
    if own is None and above is not None:
        kept = INHERITED
    offered = [*EVERY] if above is None else [INHERITED, *EVERY]
    return RhythmForm(
        every=every if every in offered else kept,
        opens=holds.opens,
        due=holds.due,
        closes=holds.closes,
        above=None if above is None else above.name,
        above_has=inherited,
    )
