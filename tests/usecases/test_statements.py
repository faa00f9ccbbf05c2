"""What screens cost in SQL statements: at most eight, and the same for one key result and for ten thousand."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from bot.usecases.key_results import ChooseKind, choose_kind
from bot.usecases.lists import ListKeyResults, list_key_results
from bot.usecases.objectives import OpenDraft, open_draft
from bot.usecases.weeks import ShowMyWeek, my_week
from tests.usecases.screens import ANA, FRIDAY, MANY_OF_ONE, TUESDAY, fill, screens, small
from tests.usecases.test_objectives import press_next, press_save
from tests.usecases.world import PROMPTED, Workspace, World, world_on

MOST = 8
MANY = 10_000
MESSAGES = {"prompt": TUESDAY}
"""What is only prepared as long as it is of use, and when that is; all others on Friday."""


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
        """Of what people open, and of every kind of message that was made."""
        costs = {
            name: self.of(partial(self.world.do, screen.use_case, screen.command, screen.now, writes=screen.writes))
            for name, screen in screens(self.world).items()
        }
        for row in self.world.deliveries():
            costs[f"message: {row.kind}"] = self.of(partial(self.world.prepare, row, MESSAGES.get(row.kind, FRIDAY)))
        return costs


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
    assert max(costs.values()) <= MOST, costs


@pytest.mark.slow
def test_ten_thousand_key_results_cost_no_statement_more(database_url: str) -> None:
    with world_on(database_url) as world:
        cost = Cost(small(world))
        before = cost.of_every_screen()
        # A statement that grew with the rows would show with far fewer; all ten thousand are made where that is quick.
        many = MANY if world.database.engine.dialect.name == "sqlite" else MANY // 5
        fill(world, many)
        assert cost.of_every_screen() == before
        found = world.do(list_key_results, ListKeyResults(ANA, company=True), TUESDAY)
        assert (found.total, len(found.shown)) == (many + 8 + 3 * MANY_OF_ONE, 20)
