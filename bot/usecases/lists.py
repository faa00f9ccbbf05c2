"""`/okr list`: key results of a person, a team or the company, whole or filtered, page by page."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.okr.errors import NotFound
from bot.okr.facts import KeyResultStanding, ListedKeyResults, ListPlace
from bot.okr.kinds import Terms, kind_of
from bot.okr.pace import bounds, expected_progress
from bot.okr.status import Status, fresh_from, known_after, least_on_track
from bot.okr.zones import first_known_zone
from bot.store import keyresults, list_filters, members, rounds, teams
from bot.store.keyresults import Beyond
from bot.store.session import Session
from bot.store.tables import Team
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.relations import may_read, to_objectives
from bot.usecases.standings import Placed, background, cadence_of, days_shown, hidden, place

SHOWN = 20
NAMES_SHOWN = 60


@dataclass(frozen=True)
class ListKeyResults:
    """Of whom: `person` (a `U…` id), `team` (a name, or `team_id`), `company`, else the actor's own.

    `only` is a filter or None: `at risk` (at risk or off track), `stale` (hollow or unknown), `missing` (people with
    nothing yet), `all` (those of archived teams too). `after` and `before` are where a page goes on: the number of a
    key result (for `missing` the row id of a member).
    """

    actor: Actor
    person: str | None = None
    team: str | None = None
    company: bool = False
    only: str | None = None
    team_id: int | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class _Of:
    """Whose key results a list shows."""

    scope: keyresults.Scope
    heading: str
    place: ListPlace
    team: Team | None = None


def list_key_results(session: Session, command: ListKeyResults, now: datetime) -> ListedKeyResults:
    """A page of the list, at most twenty key results, with how many there are. Raises NotFound for unknown names.

    A page goes on from a number, not from a count, so what is added or dropped meanwhile doubles and loses nothing.
    """
    who = acting(session, command.actor)
    of = _of(session, command, who)
    command = replace(command, only=of.place.only)
    if command.only == "missing":
        return _missing(session, command, who, of, days_shown(now, who)[0])
    page = _page_of(session, command, who, of, now)
    return ListedKeyResults(
        person=who.person,
        heading=of.heading,
        shown=tuple(_readable(session, who, page.shown)),
        total=page.total,
        first=page.before + 1,
        after=page.shown[-1].row.number if page.shown and page.before + len(page.shown) < page.total else None,
        before=_going_back(page.before, page.shown[0].row.number if page.shown else None, command),
        place=of.place,
    )


@dataclass(frozen=True)
class _Page:
    """What a page shows, how many key results the list has, and how many of them stand before the page."""

    shown: list[Placed]
    total: int
    before: int


def _page_of(session: Session, command: ListKeyResults, who: Acting, of: _Of, now: datetime) -> _Page:
    beyond = Beyond(command.after, command.before)
    if command.only == "at risk":
        return _at_risk(session, who, of, now, beyond)
    if command.only == "stale":
        today, grace_from = days_shown(now, who)
        fresh = _by_rhythm(session, who, fresh_from, now)
        found = list_filters.stale(session, who.workspace.id, of.scope, today, grace_from, fresh)
        start, end = _cut(found, beyond, SHOWN)
        rows = keyresults.numbered(session, who.workspace.id, found[start:end])
        return _Page(_place(session, who, rows.values(), now), len(found), start)
    return _unfiltered(session, command, who, of, now)


def _by_rhythm(
    session: Session, who: Acting, moment: Callable[[datetime, timedelta], datetime], now: datetime
) -> dict[str, datetime]:
    """When something must have been said to count, for each rhythm that teams have."""
    return {each: moment(now, cadence_of(each)) for each in rounds.rhythms(session, who.workspace.id)}


def _unfiltered(session: Session, command: ListKeyResults, who: Acting, of: _Of, now: datetime) -> _Page:
    today, grace_from = days_shown(now, who)
    beyond = Beyond(command.after, command.before)
    rows = keyresults.open_in(session, who.workspace.id, of.scope, today, grace_from, SHOWN, beyond)
    if not rows and command.before is not None:  # all before it are gone meanwhile
        rows = keyresults.open_in(session, who.workspace.id, of.scope, today, grace_from, SHOWN)
    below = rows[0].number if rows else (command.after or 0) + 1
    total, before = keyresults.count_open(session, who.workspace.id, of.scope, today, grace_from, below)
    return _Page(_place(session, who, rows, now), total, before)


def _at_risk(session: Session, who: Acting, of: _Of, now: datetime, beyond: Beyond) -> _Page:
    """SQL tells nearly all; the few it is not sure of are placed by the exact rule, together with the page."""
    today, grace_from = days_shown(now, who)
    beats = list_filters.beats(session, who.workspace.id, today, grace_from)
    bars = [_bar(each, now, who.workspace_zone) for each in beats]
    known = _by_rhythm(session, who, known_after, now)
    below = list_filters.below_the_bar(session, who.workspace.id, of.scope, today, grace_from, bars, known, now)
    told = {each.number: _told(each, bars[each.bar], now) for each in below}
    sure = [number for number, is_below in told.items() if is_below]
    start, end = _cut(sure, beyond, SHOWN)
    unsure = [number for number, is_below in told.items() if is_below is None]
    rows = keyresults.numbered(session, who.workspace.id, [*sure[start:end], *unsure])
    placed = {each.row.number: each for each in _place(session, who, rows.values(), now)}
    proven = [number for number in unsure if number in placed and _is_at_risk(placed[number])]
    found = sorted([*sure, *proven])
    start, end = _cut(found, beyond, SHOWN)
    return _Page([placed[number] for number in found[start:end] if number in placed], len(found), start)


def _bar(beat: list_filters.Beat, now: datetime, workspace_zone: str | None) -> list_filters.Bar:
    zone = first_known_zone([beat.lead_zone, workspace_zone])
    elapsed = expected_progress(beat.starts_on, beat.ends_on, now, zone)
    return list_filters.Bar(beat, elapsed, least_on_track(elapsed), *bounds(beat.starts_on, beat.ends_on, zone))


def _told(each: list_filters.Candidate, bar: list_filters.Bar, now: datetime) -> bool | None:
    """Whether it is below its bar; None where that takes more than the row to say."""
    if each.sure:
        return True
    kind = kind_of(each.kind)
    if kind.needs_course or "milestones" in kind.inputs:
        return None
    share = kind.progress(Terms(each.start, each.target), each.value, None, now)
    return share < least_on_track(kind.expected(bar.elapsed))


def _is_at_risk(each: Placed) -> bool:
    return each.standing.status in (Status.AT_RISK, Status.OFF_TRACK)


def _place(session: Session, who: Acting, rows: Iterable[keyresults.KeyResultRow], now: datetime) -> list[Placed]:
    found = list(rows)
    behind = background(session, found)
    return [place(row, None, now, who.workspace_zone, behind) for row in found]


def _going_back(before: int, first: int | None, command: ListKeyResults) -> int | None:
    """What the previous page ends before; a page that has become empty leads back to where it came from."""
    if before == 0:
        return None
    return first if first is not None else (command.after or 0) + 1


def _cut(keys: Sequence[int], beyond: Beyond, size: int) -> tuple[int, int]:
    """The part of these ascending keys that makes the page: from, to."""
    if beyond.after is not None:
        start = sum(key <= beyond.after for key in keys)
        return start, start + size
    if beyond.before is not None:
        end = sum(key < beyond.before for key in keys)
        return (max(0, end - size), end) if end else (0, size)  # all before it are gone meanwhile
    return 0, size


def _readable(session: Session, who: Acting, shown: Sequence[Placed]) -> list[KeyResultStanding]:
    """With those that the member may not read reduced to their numbers. One statement at most."""
    guarded = {
        each.row.objective_id: each.row.team_id
        for each in shown
        if (each.row.objective_is_private or who.member.is_guest) and each.row.owner_id != who.member.id
    }
    relations = to_objectives(session, who, guarded) if guarded else {}
    return [
        each.standing
        if each.row.objective_id not in relations
        or may_read(who, relations[each.row.objective_id], private=each.row.objective_is_private)
        else hidden(each.standing)
        for each in shown
    ]


def _missing(session: Session, command: ListKeyResults, who: Acting, of: _Of, today: date) -> ListedKeyResults:
    """People who have nothing yet, by name."""
    team_id = None if of.team is None else of.team.id
    found = keyresults.without_key_results(session, who.workspace.id, today, team_id, of.scope.owner_id)
    by_name = sorted((name.casefold(), row_id, name) for row_id, name in found)
    start, end = _cut(range(len(by_name)), _places(session, command, by_name), NAMES_SHOWN)
    shown = by_name[start:end]
    return ListedKeyResults(
        person=who.person,
        heading=of.heading,
        shown=(),
        total=len(by_name),
        without=tuple(name for _, _, name in shown),
        first=start + 1,
        after=shown[-1][1] if shown and end < len(by_name) else None,
        before=shown[0][1] if shown and start > 0 else None,
        place=of.place,
    )


def _places(session: Session, command: ListKeyResults, by_name: Sequence[tuple[str, int, str]]) -> Beyond:
    """The places that the members named by the page stand at now, or would stand at."""
    known = members.by_ids(session, {id_ for id_ in (command.after, command.before) if id_ is not None})

    def keys(row_id: int | None) -> tuple[str, int] | None:
        member = known.get(row_id or 0)
        return None if member is None else (member.name.casefold(), member.id)

    after, before = keys(command.after), keys(command.before)
    return Beyond(
        after=None if after is None else sum(each[:2] <= after for each in by_name) - 1,
        before=None if before is None else sum(each[:2] < before for each in by_name),
    )


def _of(session: Session, command: ListKeyResults, who: Acting) -> _Of:
    only = f", {command.only}" if command.only and command.only != "all" else ""
    place = ListPlace("me", only=command.only)
    if command.person is not None:
        person = members.by_slack_id(session, who.workspace.id, command.person)
        if person is None:
            raise NotFound("I don't know this person. Type @ and choose somebody of this workspace.")
        scope = keyresults.Scope(owner_id=person.id, with_archived=command.only == "all")
        return _Of(scope, f"Key results of {person.name}{only}", replace(place, scope="person", person=command.person))
    if command.team is not None or command.team_id is not None:
        team, kept = _team(session, command, who)
        place = replace(place, scope="team", team=team.id, only=kept)
        named = f"Key results of {team.name}{only if kept else ''}"
        return _Of(keyresults.Scope(team_id=team.id), named, place, team)
    if command.company or command.only == "missing":
        scope = keyresults.Scope(with_archived=command.only == "all")
        return _Of(scope, f"Key results of {who.workspace.name}{only}", replace(place, scope="company"))
    scope = keyresults.Scope(owner_id=who.member.id, with_archived=command.only == "all")
    return _Of(scope, f"My key results{only}", place)


def _team(session: Session, command: ListKeyResults, who: Acting) -> tuple[Team, str | None]:
    """The team, and the filter.

    The words of a filter belong to the name of a team where there is one of that name: "Accounts at risk".
    """
    if command.team_id is not None:
        team = session.get(Team, command.team_id)
        if team is None or team.workspace_id != who.workspace.id:
            raise NotFound("I can't find this team any more.")
        return team, command.only
    typed = (command.team or "").strip()
    wanted = [f"{typed} {command.only}", typed] if command.only else [typed]
    found = teams.named(session, who.workspace.id, wanted, with_archived=command.only == "all")
    if found is None:
        raise _no_such_team(session, who, typed)
    return found[0], command.only if found[1] == typed else None


def _no_such_team(session: Session, who: Acting, typed: str) -> NotFound:
    names = teams.names(session, who.workspace.id)
    near = difflib.get_close_matches(typed.lower(), [name.lower() for name in names], n=1)
    meant = next((name for name in names if near and name.lower() == near[0]), None)
    shown = typed if len(typed) <= 60 else f"{typed[:59]}…"
    hint = f" Did you mean {meant}?" if meant else ""
    return NotFound(f"There is no team called “{shown}”.{hint}")
