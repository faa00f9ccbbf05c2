"""`/okr list`: key results of a person, a team or the company, whole or filtered, page by page."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.okr.errors import NotFound
from bot.okr.facts import KeyResultStanding, ListedKeyResults, ListPlace
from bot.okr.status import Status
from bot.store import keyresults, members, teams
from bot.store.keyresults import Beyond
from bot.store.session import Session
from bot.store.tables import Team
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.relations import may_read, to_objectives
from bot.usecases.standings import Placed, background, days_shown, hidden, place

SHOWN = 20
NAMES_SHOWN = 60


@dataclass(frozen=True)
class ListKeyResults:
    """Of whom: `person` (a `U…` id), `team` (a name, or `team_id`), `company`, else the actor's own.

    `only` is a filter or None: `at risk` (at risk or off track), `stale` (hollow or unknown), `missing` (people with
    nothing yet), `all`. `after` and `before` are where a page goes on: the number of a key result (for `missing` the
    row id of a member).
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
    today, grace_from = days_shown(now, who)
    if command.only == "missing":
        return _missing(session, command, who, of, today)
    beyond = Beyond(command.after, command.before)
    filtered = command.only in {"at risk", "stale"}
    if filtered:
        rows = keyresults.open_in(session, who.workspace.id, of.scope, today, grace_from)
        placed = [each for each in _place(session, who, rows, now) if _wanted(each, command.only)]
        numbers = [each.row.number for each in placed]
        start, end = _cut(numbers, beyond, SHOWN)
        shown, before, total = placed[start:end], start, len(placed)
    else:
        rows = keyresults.open_in(session, who.workspace.id, of.scope, today, grace_from, SHOWN, beyond)
        if not rows and command.before is not None:  # all before it are gone meanwhile
            rows = keyresults.open_in(session, who.workspace.id, of.scope, today, grace_from, SHOWN)
        shown = _place(session, who, rows, now)
        below = rows[0].number if rows else (command.after or 0) + 1
        total, before = keyresults.count_open(session, who.workspace.id, of.scope, today, grace_from, below)
    return ListedKeyResults(
        person=who.person,
        heading=of.heading,
        shown=tuple(_readable(session, who, shown)),
        total=total,
        first=before + 1,
        after=shown[-1].row.number if shown and before + len(shown) < total else None,
        before=_going_back(before, shown[0].row.number if shown else None, command),
        place=of.place,
    )


def _place(session: Session, who: Acting, rows: Sequence[keyresults.KeyResultRow], now: datetime) -> list[Placed]:
    behind = background(session, rows)
    return [place(row, None, now, who.workspace_zone, behind) for row in rows]


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
        return max(0, end - size), end
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


def _wanted(each: Placed, only: str | None) -> bool:
    if only == "at risk":
        return each.standing.status in (Status.AT_RISK, Status.OFF_TRACK)
    if only == "stale":
        return each.standing.freshness.stale
    return True


def _of(session: Session, command: ListKeyResults, who: Acting) -> _Of:
    only = f", {command.only}" if command.only and command.only != "all" else ""
    place = ListPlace("me", only=command.only)
    if command.person is not None:
        person = members.by_slack_id(session, who.workspace.id, command.person)
        if person is None:
            raise NotFound("I don't know this person. Type @ and choose somebody of this workspace.")
        scope = keyresults.Scope(owner_id=person.id)
        return _Of(scope, f"Key results of {person.name}{only}", replace(place, scope="person", person=command.person))
    if command.team is not None or command.team_id is not None:
        team = _team(session, command, who)
        scope = keyresults.Scope(team_id=team.id)
        return _Of(scope, f"Key results of {team.name}{only}", replace(place, scope="team", team=team.id), team)
    if command.company or command.only == "missing":
        return _Of(keyresults.Scope(), f"Key results of {who.workspace.name}{only}", replace(place, scope="company"))
    return _Of(keyresults.Scope(owner_id=who.member.id), f"My key results{only}", place)


def _team(session: Session, command: ListKeyResults, who: Acting) -> Team:
    if command.team_id is not None:
        team = session.get(Team, command.team_id)
        if team is None or team.workspace_id != who.workspace.id:
            raise NotFound("I can't find this team any more.")
        return team
    typed = command.team or ""
    team = teams.named(session, who.workspace.id, typed)
    if team is None:
        raise _no_such_team(session, who, typed)
    return team


def _no_such_team(session: Session, who: Acting, typed: str) -> NotFound:
    names = teams.names(session, who.workspace.id)
    near = difflib.get_close_matches(typed.lower(), [name.lower() for name in names], n=1)
    meant = next((name for name in names if near and name.lower() == near[0]), None)
    shown = typed if len(typed) <= 60 else f"{typed[:59]}…"
    hint = f" Did you mean {meant}?" if meant else ""
    return NotFound(f"There is no team called “{shown}”.{hint}")
