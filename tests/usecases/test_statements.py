"""What screens cost in SQL statements: at most eight, and the same for one key result and for ten thousand."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, insert

from bot.store.session import Session
from bot.store.tables import KeyResult, RoundPart
from bot.usecases import check_in_edits
from bot.usecases.actors import Actor
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
from bot.usecases.key_results import ChooseKind, choose_kind
from bot.usecases.lists import ListKeyResults, list_key_results
from bot.usecases.objectives import OpenDraft, OpenObjective, open_draft, open_objective
from bot.usecases.roles import ShowRoles, show_roles
from bot.usecases.suggestions import (
    SuggestCycles,
    SuggestPlaces,
    SuggestSupports,
    SuggestTeams,
    suggest_cycles,
    suggest_places,
    suggest_supports,
    suggest_teams,
)
from bot.usecases.team_forms import OpenTeam, open_team
from bot.usecases.teams import ShowTeams, show_teams
from bot.usecases.weeks import ShowMyWeek, my_week
from bot.usecases.workspaces import OpenSetUp, open_set_up
from tests.usecases.test_objectives import press_next, press_save
from tests.usecases.world import (
    PROMPTED,
    TEAM,
    CheckIn,
    Member,
    Objective,
    Submission,
    Workspace,
    World,
    at,
    company,
    world_on,
)

TUESDAY = PROMPTED + timedelta(days=1)
FRIDAY = at("2026-10-09 10:00")
MOST = 8
MANY = 10_000
ANA, CLEO = Actor(TEAM, "U0ANA"), Actor(TEAM, "U0CLEO")

SCREENS: dict[str, tuple[Any, Any]] = {
    "my week": (my_week, ShowMyWeek(ANA)),
    "check in": (open_form, OpenForm(ANA, "n")),
    "edit a check-in": (check_in_edits.open_edit, check_in_edits.OpenEdit(Actor(TEAM, "U0BO"), 1, 2)),
    "list, my own": (list_key_results, ListKeyResults(ANA)),
    "list, a person": (list_key_results, ListKeyResults(ANA, person="U0BO")),
    "list, a team": (list_key_results, ListKeyResults(ANA, team="Growth")),
    "list, the company": (list_key_results, ListKeyResults(ANA, company=True)),
    "list, at risk": (list_key_results, ListKeyResults(ANA, company=True, only="at risk")),
    "list, stale": (list_key_results, ListKeyResults(ANA, team="Growth", only="stale")),
    "list, a page": (list_key_results, ListKeyResults(ANA, team="Growth", after=1)),
    "list, missing": (list_key_results, ListKeyResults(ANA, only="missing")),
    "key result": (show_key_result, ShowKeyResult(ANA, 1)),
    "objective": (show_objective, ShowObjective(ANA, 1)),
    "objective, history": (show_objective_history, ShowObjectiveHistory(ANA, 1)),
    "edit key result": (open_edit, OpenEdit(ANA, 1)),
    "edit objective": (open_objective_edit, OpenObjectiveEdit(CLEO, 1)),
    "menu of objectives": (suggest_places, SuggestPlaces(ANA, "o", 1)),
    "supports, of another": (suggest_supports, SuggestSupports(ANA, "", None, objective=1)),
    "menu of cycles": (suggest_cycles, SuggestCycles(ANA, "q")),
    "new objective": (open_objective, OpenObjective(ANA, "n")),
    "roles": (show_roles, ShowRoles(ANA)),
    "supports": (suggest_supports, SuggestSupports(ANA, "many", None, "n")),
    "teams": (suggest_teams, SuggestTeams(CLEO, "gr")),
    "tree of teams": (show_teams, ShowTeams(ANA)),
    "a team": (show_teams, ShowTeams(ANA, "Growth")),
    "edit team": (open_team, OpenTeam(CLEO, "n", 2)),
    "cycles": (show_cycles, ShowCycles(ANA)),
    "a cycle": (show_cycles, ShowCycles(ANA, "Q4 2026")),
    "edit cycle": (open_cycle, OpenCycle(CLEO, "n", cycle=1)),
    "set up": (open_set_up, OpenSetUp(CLEO)),
}


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)


@dataclass
class Cost:
    """How many statements each screen took."""

    world: World

    def of(self, work: Callable[[], object]) -> int:
        with counted(self.world) as seen:
            work()
        return len(seen)

    def of_every_screen(self) -> dict[str, int]:
        costs = {
            name: self.of(partial(self.world.do, use_case, command, TUESDAY))
            for name, (use_case, command) in SCREENS.items()
        }
        for kind, now in (("prompt", TUESDAY), ("digest", FRIDAY)):
            row = self.world.deliveries(kind)[0]
            costs[kind] = self.of(partial(self.world.prepare, row, now))
        return costs


def of_every_kind_here(world: World) -> None:
    """A guardrail and milestones beside Ana's metric, and something private of another team."""
    objective_id = world.row(1).objective_id
    world.key_result("U0BO", "Growth", kind="stay_below", objective=objective_id)
    world.key_result("U0BO", "Growth", kind="milestones", steps="Alpha\nBeta", objective=objective_id)
    secret = world.key_result("U0OLU", "Quiet")
    world.change(Objective, world.row(secret).objective_id, private=True)


def small(world: World) -> World:
    """Ana, Bo and a key result each; a round under way and closed, one submission in it."""
    company(world)
    world.key_result("U0ANA", "Growth")
    world.key_result("U0BO", "Growth")
    of_every_kind_here(world)
    world.tick(PROMPTED)
    world.say("U0BO", "2 5", PROMPTED + timedelta(hours=1))
    world.tick(FRIDAY)
    return world


def fill(world: World, many: int) -> None:
    """Add this many key results with as many owners, each with a check-in."""

    def work(session: Session) -> None:
        people = session.scalars(
            insert(Member).returning(Member.id, sort_by_parameter_order=True),
            [
                {"workspace_id": world.workspace_id, "slack_id": f"U{i}", "name": f"Person {i}", "zone": "Asia/Tokyo",
                 "is_admin": False, "is_guest": False, "is_bot": False}
                for i in range(many)
            ],
        ).all()  # fmt: skip
        objective = session.query(Objective).first()
        assert objective is not None
        results = session.scalars(
            insert(KeyResult).returning(KeyResult.id, sort_by_parameter_order=True),
            [
                {"workspace_id": world.workspace_id, "number": 100 + i, "objective_id": objective.id, "title": "Many",
                 "kind": "metric", "start": Decimal(0), "target": Decimal(100), "weight": Decimal(1),
                 "owner_id": owner, "created_at": objective.created_at}
                for i, owner in enumerate(people)
            ],
        ).all()  # fmt: skip
        sent = session.scalars(
            insert(Submission).returning(Submission.id, sort_by_parameter_order=True),
            [
                {"workspace_id": world.workspace_id, "member_id": person, "source": "modal", "version": 1,
                 "submitted_at": PROMPTED + timedelta(minutes=1)}
                for person in people
            ],
        ).all()  # fmt: skip
        session.execute(
            insert(CheckIn),
            [
                {"workspace_id": world.workspace_id, "submission_id": submission, "key_result_id": result, "version": 1,
                 "as_of": PROMPTED + timedelta(minutes=1), "recorded_at": PROMPTED, "author_id": person,
                 "value": Decimal(7), "unchanged": False, "withdrawn": False}
                for submission, result, person in zip(sent, results, people, strict=True)
            ],
        )  # fmt: skip
        round_id = session.query(RoundPart).first().round_id  # type: ignore[union-attr]
        session.execute(
            insert(RoundPart),
            [
                {"workspace_id": world.workspace_id, "round_id": round_id, "member_id": person,
                 "prompt_at": PROMPTED, "settled_at": PROMPTED}
                for person in people
            ],
        )  # fmt: skip

    world.database.transact(work, seconds=300)


def test_a_screen_takes_at_most_eight_statements(empty: World) -> None:
    costs = Cost(small(empty)).of_every_screen()
    assert {name: cost for name, cost in costs.items() if cost > MOST} == {}


def test_an_empty_workspace_is_shown_in_eight_statements_too(empty: World) -> None:
    empty.member("U0ANA", "Ana", is_admin=True)
    first = Cost(empty).of(lambda: empty.do(my_week, ShowMyWeek(ANA), TUESDAY))
    again = Cost(empty).of(lambda: empty.do(my_week, ShowMyWeek(ANA), TUESDAY))
    assert again <= MOST
    assert first <= 20, "once in a workspace's life: a team, a cycle and a champion are made and written down"


def test_sending_and_undoing_have_a_bound(lumen: World, record_property: Callable[[str, object], None]) -> None:
    for _ in range(10):
        lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    lumen.deliver(PROMPTED)
    form = lumen.open("U0ANA", TUESDAY)
    sending = Cost(lumen).of(lambda: form.send(TUESDAY))
    lumen.deliver(TUESDAY)
    receipts: list[int] = []
    line = Cost(lumen).of(lambda: receipts.append(lumen.say("U0ANA", "1 5 | 2 6 | 3 7", TUESDAY).submission))
    undoing = Cost(lumen).of(lambda: lumen.undo("U0ANA", receipts[0], TUESDAY))
    for name, cost in (("send", sending), ("line", line), ("undo", undoing)):
        record_property(name, cost)
        sys.stdout.write(f"{name}: {cost} statements\n")
    # A receipt after it takes seven of them; inserts of several check-ins are one.
    assert sending <= 26
    assert line <= 26
    assert undoing <= 22


def test_the_forms_of_an_objective_have_a_bound(lumen: World, record_property: Callable[[str, object], None]) -> None:
    above = press_next(lumen, "U0CLEO", "above", title="Above", team=lumen.teams["Lumen"])
    press_save(lumen, above, "U0CLEO")
    lumen.change(Workspace, lumen.workspace_id, approval_needed=True)
    cost = Cost(lumen)
    costs = {"next": cost.of(lambda: press_next(lumen, supports=1))}
    page = press_next(lumen, supports=1)
    steps: dict[str, Any] = {"kind": "milestones", "milestones": "A\nB"}
    costs["add another"] = cost.of(lambda: press_save(lumen, page, another=True, **steps))
    second = press_next(lumen, supports=1)
    choosing = ChooseKind(ANA, second.objective, second.form, second.fields)
    costs["choose kind"] = cost.of(lambda: lumen.do(choose_kind, choosing, TUESDAY))
    costs["go on"] = cost.of(lambda: lumen.do(open_draft, OpenDraft(ANA, "n1", 2), TUESDAY))
    costs["save"] = cost.of(lambda: press_save(lumen, second))
    for row in lumen.deliveries("objective_set", "agreement_asked"):
        costs[f"told {row.id}"] = cost.of(partial(lumen.prepare, row, TUESDAY))
    for name, each in costs.items():
        record_property(name, each)
        sys.stdout.write(f"{name}: {each} statements\n")
    sending = {name: costs.pop(name) for name in ("next", "add another", "save")}
    assert max(sending.values()) <= 32, sending
    assert max(costs.values()) <= MOST + 1, costs


@pytest.mark.slow
def test_ten_thousand_key_results_cost_no_statement_more(database_url: str) -> None:
    with world_on(database_url) as world:
        cost = Cost(small(world))
        before = cost.of_every_screen()
        fill(world, MANY)
        assert cost.of_every_screen() == before
        found = world.do(list_key_results, ListKeyResults(ANA, company=True), TUESDAY)
        assert (found.total, len(found.shown)) == (MANY + 5, 20)
