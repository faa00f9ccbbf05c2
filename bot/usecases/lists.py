"""`/okr list`: key results of a person, a team or the company, whole or filtered."""

import difflib
from dataclasses import dataclass
from datetime import datetime

from bot.okr.errors import NotFound
from bot.okr.facts import ListedKeyResults
from bot.okr.status import Status
from bot.store import keyresults, members, teams
from bot.store.session import Session
from bot.store.tables import Team
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.standings import Placed, days_shown, place_all

SHOWN = 20
MOST_WITHOUT = 200


@dataclass(frozen=True)
class ListKeyResults:
    """Of whom: `person` (a `U…` id), `team` (a name), `company`, else the actor's own. `only`: a filter or None.

    Filters: `at risk` (at risk or off track), `stale` (hollow or unknown), `missing` (people with nothing yet), `all`.
    """

    actor: Actor
    person: str | None = None
    team: str | None = None
    company: bool = False
    only: str | None = None


def list_key_results(session: Session, command: ListKeyResults, now: datetime) -> ListedKeyResults:
    """The list, at most twenty key results of it, with how many there are. Raises NotFound for unknown names."""
    who = acting(session, command.actor)
    scope, heading, team = _scope(session, command, who)
    today, grace_from = days_shown(now, who)
    if command.only == "missing":
        team_id = None if team is None else team.id
        without = keyresults.without_key_results(
            session, who.workspace.id, today, team_id, scope.owner_id, MOST_WITHOUT
        )
        return ListedKeyResults(who.person, heading, (), without.total, tuple(without.names))
    filtered = command.only in {"at risk", "stale"}
    rows = keyresults.open_in(session, who.workspace.id, scope, today, grace_from, limit=None if filtered else SHOWN)
    placed = [each for each in place_all(session, rows, now, who.workspace_zone) if _wanted(each, command.only)]
    total = len(placed)
    if not filtered:
        total = keyresults.count_open(session, who.workspace.id, scope, today, grace_from)
    return ListedKeyResults(
        person=who.person,
        heading=heading,
        shown=tuple(each.standing for each in placed[:SHOWN]),
        total=total,
    )


def _wanted(each: Placed, only: str | None) -> bool:
    if only == "at risk":
        return each.standing.status in (Status.AT_RISK, Status.OFF_TRACK)
    if only == "stale":
        return each.standing.freshness.stale
    return True


def _scope(session: Session, command: ListKeyResults, who: Acting) -> tuple[keyresults.Scope, str, Team | None]:
    only = f", {command.only}" if command.only and command.only != "all" else ""
    if command.person is not None:
        person = members.by_slack_id(session, who.workspace.id, command.person)
        if person is None:
            raise NotFound("I don't know this person. Type @ and choose somebody of this workspace.")
        return keyresults.Scope(owner_id=person.id), f"Key results of {person.name}{only}", None
    if command.team is not None:
        team = teams.named(session, who.workspace.id, command.team)
        if team is None:
            raise _no_such_team(session, who, command.team)
        return keyresults.Scope(team_id=team.id), f"Key results of {team.name}{only}", team
    if command.company or command.only == "missing":
        return keyresults.Scope(), f"Key results of {who.workspace.name}{only}", None
    return keyresults.Scope(owner_id=who.member.id), f"My key results{only}", None


def _no_such_team(session: Session, who: Acting, typed: str) -> NotFound:
    names = teams.names(session, who.workspace.id)
    near = difflib.get_close_matches(typed.lower(), [name.lower() for name in names], n=1)
    meant = next((name for name in names if near and name.lower() == near[0]), None)
    shown = typed if len(typed) <= 60 else f"{typed[:59]}…"
    hint = f" Did you mean {meant}?" if meant else ""
    return NotFound(f"There is no team called “{shown}”.{hint}")
