"""What every screen costs on the database of an import: statements, the usual time and the longest."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event

from bench.figures import milliseconds, quantile
from bot.okr.forms import ObjectiveFields
from bot.store import members
from bot.store.session import Database, Session
from bot.usecases import check_in_edits
from bot.usecases.actors import Actor, acting
from bot.usecases.changing import OpenEdit, open_edit
from bot.usecases.changing_objectives import OpenObjectiveEdit, open_objective_edit
from bot.usecases.checkins import OpenForm, open_form
from bot.usecases.cycle_forms import OpenCycle, open_cycle
from bot.usecases.cycles import ShowCycles, show_cycles
from bot.usecases.details import (
    ShowKeyResult,
    ShowObjective,
    ShowObjectiveHistory,
    show_key_result,
    show_objective,
    show_objective_history,
)
from bot.usecases.history import Window
from bot.usecases.key_results import ChooseKind, choose_kind
from bot.usecases.leavers import OpenHandOver, open_hand_over
from bot.usecases.lists import ListKeyResults, list_key_results
from bot.usecases.objectives import OpenDraft, OpenObjective, SetObjective, open_draft, open_objective, set_objective
from bot.usecases.people import KeepPeople, SlackPerson, keep_people
from bot.usecases.roles import ShowRoles, show_roles
from bot.usecases.suggestions import SuggestSupports, SuggestTeams, suggest_supports, suggest_teams
from bot.usecases.team_forms import OpenTeam, open_team
from bot.usecases.teams import ShowTeams, show_teams
from bot.usecases.weeks import ShowMyWeek, my_week
from bot.usecases.workspaces import OpenSetUp, open_set_up

MOST_STATEMENTS = 8
TIMES = 5
LEAVER = "U7"
LONGEST = 60.0
Screens = dict[str, tuple[Any, Any]]


def _lists(me: Actor, team: str) -> Screens:
    scopes: dict[str, dict[str, Any]] = {
        "mine": {}, "a person": {"person": "U1"}, "a team": {"team": team}, "the company": {"company": True},
    }  # fmt: skip
    found: Screens = {"list, the company, a page": (list_key_results, ListKeyResults(me, company=True, after=10_000))}
    for only in (None, "at risk", "stale", "missing", "all"):
        for name, scope in scopes.items():
            command = ListKeyResults(me, only=only, **scope)
            found[f"list, {name}{f', {only}' if only else ''}"] = (list_key_results, command)
    return found


def _shown(me: Actor, team: str) -> Screens:
    return {
        "my week": (my_week, ShowMyWeek(me)),
        "check in": (open_form, OpenForm(me, "n")),
        "edit a check-in": (check_in_edits.open_edit, check_in_edits.OpenEdit(me, 1)),
        **_lists(me, team),
        "key result": (show_key_result, ShowKeyResult(me, 1)),
        "objective": (show_objective, ShowObjective(me, 1)),
        "objective, history": (show_objective_history, ShowObjectiveHistory(me, 1)),
        "edit key result": (open_edit, OpenEdit(me, 1)),
        "edit objective": (open_objective_edit, OpenObjectiveEdit(me, 1)),
        "new objective": (open_objective, OpenObjective(me, "n")),
        "go on with a draft": (open_draft, OpenDraft(me, "bench", 2)),
        "supports": (suggest_supports, SuggestSupports(me, "objective", None, "n")),
        "menu of teams": (suggest_teams, SuggestTeams(me, "team")),
        "tree of teams": (show_teams, ShowTeams(me)),
        "a team": (show_teams, ShowTeams(me, team)),
        "new team": (open_team, OpenTeam(me, "n")),
        "edit team": (open_team, OpenTeam(me, "n", 2)),
        "cycles": (show_cycles, ShowCycles(me)),
        "edit cycle": (open_cycle, OpenCycle(me, "n", cycle=1)),
        "roles": (show_roles, ShowRoles(me)),
        "set up": (open_set_up, OpenSetUp(me)),
    }


def measure(address: str, slack_team: str, user: str, team: str, now: datetime) -> bool:
    """Print a line for each screen as `user` (a champion with key results) sees it; whether all keep to their bound.

    team: the name of one. A draft is begun for the forms of setting, and somebody leaves, so that there is something to
    hand over.
    """
    me, fine = Actor(slack_team, user), True
    database = Database(address)
    try:
        with _counted(database) as seen:
            _show(database, my_week, ShowMyWeek(me), now)  # the first time in its life a workspace is set up
            begun = _show(database, set_objective, SetObjective(me, "bench", 1, ObjectiveFields("A draft")), now)
            screens = _shown(me, team)
            screens["choose kind"] = (choose_kind, ChooseKind(me, begun.objective, begun.form, begun.fields))
            gone = SlackPerson(LEAVER, "Somebody who left", deleted=True)
            _show(database, keep_people, KeepPeople(slack_team, (gone,)), now)
            screens["hand over"] = (open_hand_over, OpenHandOver(me, _row_id(database, me, LEAVER)))
            page = _show(database, show_key_result, ShowKeyResult(me, 1), now).history
            older = ShowKeyResult(me, 1, Window(older_than=page.older_than))
            screens["key result, older"] = (show_key_result, older)
            for name, (use_case, command) in screens.items():
                fine &= _measured(database, name, use_case, command, now, seen)
    finally:
        database.dispose()
    return fine


def _row_id(database: Database, me: Actor, user: str) -> int:
    def work(session: Session) -> int:
        found = members.by_slack_id(session, acting(session, me).workspace.id, user)
        assert found is not None
        return found.id

    return database.transact(work, seconds=LONGEST)


def _measured(database: Database, name: str, use_case: Any, command: Any, now: datetime, seen: list[str]) -> bool:
    taken: list[float] = []
    most = 0
    for _ in range(TIMES):
        seen.clear()
        began = time.perf_counter()
        _show(database, use_case, command, now)
        taken.append(time.perf_counter() - began)
        most = max(most, len(seen))
    times = f"p50 {milliseconds(quantile(taken, 0.5)):>10}   max {milliseconds(max(taken)):>10}"
    sys.stdout.write(f"  {name:<29} {most:3} statements   {times}\n")
    sys.stdout.flush()
    return most <= MOST_STATEMENTS


def _show(database: Database, use_case: Any, command: Any, now: datetime) -> Any:
    return database.transact(lambda session: use_case(session, command, now), seconds=LONGEST)


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
