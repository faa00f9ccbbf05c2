"""Whatever people do, in whatever order: nothing is lost from a history, and what stands is what the history says.

A machine takes random steps through the use cases beside a simple model of its own, and at the end it replays what
was kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, multiple, precondition, rule, run_state_machine_as_test

from bot.okr.changing import ChangeSaved, State
from bot.okr.details import AgreedChange, CheckInVersion
from bot.okr.forms import KeyResultFields, ObjectiveFields
from bot.okr.setting import KeyResultForm, ObjectiveSet
from bot.store.tables import Change
from bot.usecases.actors import Actor
from bot.usecases.changing import OpenEdit, SaveEdit, open_edit, save_edit
from bot.usecases.changing_objectives import (
    OpenObjectiveEdit,
    SaveObjectiveEdit,
    open_objective_edit,
    save_objective_edit,
)
from bot.usecases.details import (
    ShowKeyResult,
    ShowObjective,
    ShowObjectiveHistory,
    show_key_result,
    show_objective,
    show_objective_history,
)
from bot.usecases.history import Window
from bot.usecases.key_results import SaveKeyResult, save_key_result
from bot.usecases.objectives import SetObjective, set_objective
from bot.usecases.sheets import sheet_of
from tests.usecases.world import TEAM, CheckIn, KeyResult, Objective, World, at, company, world_on

BEGIN = at("2026-10-06 08:00")
LEA = Actor(TEAM, "U0LEA")
UNDO = timedelta(minutes=10)
OWNERS = ("U0ANA", "U0BO", "U0LEA")
NUMBERS = st.integers(-30, 250).map(Decimal)
WORDS = st.sampled_from(["Days to light", "<!channel> *now*", "عَدَد", "😀 quick", "O-1"])


@dataclass
class Said:
    """A check-in as the model knows it: who sent it, its submission, and its versions, the newest last."""

    who: str
    submission: int
    sent_at: datetime
    key_result: int
    versions: list[tuple[Decimal, datetime]] = field(default_factory=list)
    withdrawn: bool = False


@dataclass
class Agreed:
    """A key result as the model knows it. `changes`: how many its history must have, the setting included."""

    number: int
    objective: int
    start: Decimal
    target: Decimal
    weight: Decimal = Decimal(1)
    owner: str = "U0ANA"
    title: str = ""
    state: State = State.IN_FORCE
    changes: int = 1
    said: list[Said] = field(default_factory=list)

    @property
    def now(self) -> Decimal:
        """The value about the latest moment; of two about the same one what was said last."""
        standing = [each for each in self.said if not each.withdrawn]
        if not standing:
            return self.start
        return max(enumerate(standing), key=lambda each: (each[1].versions[-1][1], each[0]))[1].versions[-1][0]

    @property
    def progress(self) -> Fraction:
        """Clamped to [0, 1]."""
        share = Fraction(self.now - self.start) / Fraction(self.target - self.start)
        return min(Fraction(1), max(Fraction(0), share))


@dataclass
class Aim:
    """An objective as the model knows it."""

    number: int
    title: str
    private: bool = False
    state: State = State.IN_FORCE
    changes: int = 1


class Quarter(RuleBasedStateMachine):
    """Lea, who leads Growth, sets and changes; the owners check in."""

    world: World
    nonces = count(1)
    objectives = Bundle("objectives")
    key_results = Bundle("key_results")
    check_ins = Bundle("check_ins")

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.aims: dict[int, Aim] = {}
        self.agreed: dict[int, Agreed] = {}
        self.taken = {Objective: self._numbers(Objective), KeyResult: self._numbers(KeyResult)}

    def _numbers(self, row: Any) -> set[int]:
        return {each.number for each in self.world.rows(row)}

    # --- what people do

    @rule(minutes=st.sampled_from([1, 5, 9, 11, 60 * 24, 60 * 24 * 3]))
    def wait(self, minutes: int) -> None:
        self.now = min(self.now + timedelta(minutes=minutes), at("2026-12-28 08:00"))

    @precondition(lambda self: len(self.aims) < 4)
    @rule(target=objectives, title=WORDS, private=st.booleans())
    def set_objective(self, title: str, private: bool) -> int:
        nonce = f"history-{next(self.nonces)}"
        form = self.world.do(
            set_objective, SetObjective(LEA, nonce, 1, ObjectiveFields(title, private=private)), self.now
        )
        assert isinstance(form, KeyResultForm)
        fields = KeyResultFields(title="First", start="0", target="100", owner_id="U0ANA")
        done = self.world.do(save_key_result, SaveKeyResult(LEA, form.objective, 1, fields, False), self.now)
        assert isinstance(done, ObjectiveSet)
        self._is_new(Objective, done.number)
        self.aims[done.number] = Aim(done.number, title, private)
        for each in done.key_results:
            self._is_new(KeyResult, each.number)
            self.agreed[each.number] = Agreed(each.number, done.number, Decimal(0), Decimal(100), title="First")
        return done.number

    def _is_new(self, row: type[Any], number: int) -> None:
        assert number not in self.taken[row], "a number is never used again"
        self.taken[row].add(number)

    @rule(target=key_results, objective=objectives)
    def take_one_of(self, objective: int) -> Any:
        return multiple(*(each.number for each in self.agreed.values() if each.objective == objective))

    @rule(target=check_ins, number=key_results, value=NUMBERS)
    def say(self, number: int, value: Decimal) -> Any:
        return self.check_in(number, value) if self._in_force(self.agreed[number]) else multiple()

    def check_in(self, number: int, value: Decimal) -> Said:
        """`/okr update KR-1 =5` by the owner."""
        known = self.agreed[number]
        receipt = self.world.say(known.owner, f"{number} ={value}", self.now)
        said = Said(known.owner, receipt.submission, self.now, number)
        before = known.now
        kept = self._version(said)
        assert (kept.value, kept.before) == (value, before)
        said.versions.append((value, kept.as_of))
        known.said.append(said)
        return said

    @rule(said=check_ins, value=NUMBERS, days=st.integers(0, 5))
    def change_what_was_said(self, said: Said, value: Decimal, days: int) -> None:
        self.edit_check_in(said, value, days)

    def edit_check_in(self, said: Said, value: Decimal, days: int) -> None:
        """**Edit** on a check-in: another value, perhaps about an earlier day."""
        known = self.agreed[said.key_result]
        if said.withdrawn or not self._in_force(known):
            return
        form: Any = self.world.open_edit(said.who, said.submission, self.now, said.key_result)
        day = max(form.first_day, form.day - timedelta(days=days))
        self.world.edit(said.who, said.submission, said.key_result, self.now, form, value=str(value), day=day)
        kept = self._version(said)
        assert (kept.value, kept.withdrawn) == (value, False)
        if kept.version > len(said.versions):
            said.versions.append((value, kept.as_of))

    @rule(said=check_ins)
    def undo(self, said: Said) -> None:
        known = self.agreed[said.key_result]
        if said.withdrawn or self.now - said.sent_at > UNDO:
            return
        self.world.undo(said.who, said.submission, self.now)
        said.withdrawn = True
        said.versions.append(said.versions[-1])
        if self._in_force(known):
            last = self.world.value(known.number)
            assert (known.start if last is None else last) == known.now

    @rule(number=key_results, value=NUMBERS, other=NUMBERS, minutes=st.integers(0, 10))
    def think_better_of_it(self, number: int, value: Decimal, other: Decimal, minutes: int) -> None:
        """Check in, perhaps change it, and undo: all is exactly as it was before."""
        if not self._in_force(self.agreed[number]):
            return
        before = self.world.row(number)
        said = self.check_in(number, value)
        if minutes % 2:
            self.edit_check_in(said, other, 1)
        self.now += timedelta(minutes=minutes)
        self.undo(said)
        assert self.world.row(number) == before

    @rule(number=key_results, aim=st.integers(-40, 300).map(Decimal))
    def change_target(self, number: int, aim: Decimal) -> None:
        known = self.agreed[number]
        if aim != known.start and self._change(known, target=str(aim)):
            known.target = aim

    @rule(number=key_results, weight=st.sampled_from(["0.5", "1", "2", "100000"]))
    def weigh(self, number: int, weight: str) -> None:
        if self._change(self.agreed[number], weight=weight):
            self.agreed[number].weight = Decimal(weight)

    @rule(number=key_results, owner=st.sampled_from(OWNERS), title=WORDS)
    def reword_and_hand_over(self, number: int, owner: str, title: str) -> None:
        if self._change(self.agreed[number], owner_id=owner, title=title):
            self.agreed[number].owner, self.agreed[number].title = owner, title

    @rule(number=key_results, objective=objectives)
    def move(self, number: int, objective: int) -> None:
        if self.aims[objective].state is not State.IN_FORCE:
            return
        row = self.world.rows(Objective, Objective.number == objective)[0]
        if self._change(self.agreed[number], place=row.id):
            self.agreed[number].objective = objective

    @rule(number=key_results, state=st.sampled_from(State))
    def drop_postpone_or_restore(self, number: int, state: State) -> None:
        if self._change(self.agreed[number], state=state):
            self.agreed[number].state = state

    def _change(self, known: Agreed, *, place: int | None = None, state: State | None = None, **typed: Any) -> bool:
        """Save the **Edit** form; answers whether anything was different."""
        form = self.world.do(open_edit, OpenEdit(LEA, known.number), self.now, writes=False)
        command = SaveEdit(
            actor=LEA, number=known.number, fields=replace(form.fields, **typed), reason="Because",
            objective=place or form.objective.value, state=state or form.state, form=form.form, seen=form.seen,
        )  # fmt: skip
        done = self.world.do(save_edit, command, self.now)
        assert isinstance(done, ChangeSaved)
        known.changes += done.change is not None
        return done.change is not None

    @rule(number=objectives, title=WORDS, private=st.booleans(), state=st.sampled_from(State))
    def change_objective(self, number: int, title: str, private: bool, state: State) -> None:
        form = self.world.do(open_objective_edit, OpenObjectiveEdit(LEA, number), self.now, writes=False)
        command = SaveObjectiveEdit(
            actor=LEA, number=number, title=title, why="", team=form.team.value, cycle=form.cycle.value, supports=None,
            owner=None, private=private, state=state, reason="Because", form=form.form, seen=form.seen,
        )  # fmt: skip
        self.world.do(save_objective_edit, command, self.now)
        known = self.aims[number]
        known.changes += (known.title, known.private, known.state) != (title, private, state)
        known.title, known.private, known.state = title, private, state

    # --- what was kept

    def _in_force(self, known: Agreed) -> bool:
        return known.state is State.IN_FORCE and self.aims[known.objective].state is State.IN_FORCE

    def _version(self, said: Said) -> CheckIn:
        """The newest version as it was kept."""
        return self.world.rows(CheckIn, CheckIn.submission_id == said.submission)[-1]

    def _changes(self, entity: str, number: int) -> list[Change]:
        table: Any = KeyResult if entity == "key_result" else Objective
        [row] = self.world.rows(table, table.number == number)
        return self.world.rows(Change, Change.entity == entity, Change.entity_id == row.id)

    def teardown(self) -> None:
        """Replay everything."""
        for key_result in self.agreed.values():
            self._is_whole(key_result)
        for aim in self.aims.values():
            self._adds_up(aim)

    def _is_whole(self, known: Agreed) -> None:
        [row] = self.world.rows(KeyResult, KeyResult.number == known.number)
        stands: dict[str, Any] = self.world.do(
            lambda session, of, _: sheet_of(session, of), row, self.now, writes=False
        )
        assert replayed(self._changes("key_result", known.number), {"state": State.IN_FORCE}) == stands
        assert (row.title, row.target, row.weight) == (known.title, known.target, known.weight)
        assert (stands["state"], row.owner_id) == (known.state, self.world.members[known.owner])
        told = every_page(
            lambda window: (
                self.world.do(show_key_result, ShowKeyResult(LEA, known.number, window), self.now, writes=False).history
            )
        )
        changes = [each for each in told if isinstance(each, AgreedChange)]
        versions = [each for each in told if isinstance(each, CheckInVersion)]
        assert len(changes) == known.changes
        wanted = sorted((said.submission, nth, value) for said in known.said
                        for nth, (value, _) in enumerate(said.versions, 1))  # fmt: skip
        assert sorted((each.submission, each.version, each.after) for each in versions) == wanted
        assert [each.at for each in told] == sorted((each.at for each in told), reverse=True)
        standing = {(each.submission, each.version) for each in versions if not each.superseded and not each.withdrawn}
        assert standing == {(said.submission, len(said.versions)) for said in known.said if not said.withdrawn}

    def _adds_up(self, aim: Aim) -> None:
        changes = self._changes("objective", aim.number)
        last = replayed(changes, {"state": State.IN_FORCE})
        assert (last["title"], last["private"], last["state"]) == (aim.title, aim.private, aim.state)
        told = every_page(
            lambda window: (
                self.world.do(
                    show_objective_history, ShowObjectiveHistory(LEA, aim.number, window), self.now, writes=False
                ).history
            )
        )
        assert len(told) == len(changes) == aim.changes
        shown = self.world.do(show_objective, ShowObjective(LEA, aim.number), self.now, writes=False)
        of_it = [each for each in self.agreed.values() if each.objective == aim.number and each.state is State.IN_FORCE]
        if aim.state is State.IN_FORCE and of_it:
            weights = sum((Fraction(each.weight) for each in of_it), Fraction(0))
            mean = sum((Fraction(each.weight) * each.progress for each in of_it), Fraction(0)) / weights
            assert shown.progress is not None
            assert abs(Fraction(shown.progress) - mean) < Fraction(1, 10**9)


def replayed(changes: list[Change], sheet: dict[str, Any]) -> dict[str, Any]:
    """What the changes lead to, one after the other; each must begin where the one before it had ended."""
    stands = {**sheet, **{name: value for name, value in (changes[0].after or {}).items() if name != "id"}}
    for change in changes[1:]:
        assert change.before is not None
        assert change.before.keys() == (change.after or {}).keys()
        assert {name: stands[name] for name in change.before} == change.before
        stands |= change.after or {}
    return stands


def every_page(page_of: Any) -> list[Any]:
    """All entries from the newest to the oldest page; and the same on the way back."""
    pages = [page_of(Window())]
    while pages[-1].older_than is not None:
        pages.append(page_of(Window(older_than=pages[-1].older_than)))
    if pages[-1].newer_than is not None:
        assert page_of(Window(newer_than=pages[-1].newer_than)).entries == pages[-2].entries
    return [entry for page in pages for entry in page.entries]


@contextmanager
def quarter_on(url: str) -> Iterator[type[Quarter]]:
    """The machine, with a company to act on: every run adds objectives of its own to it."""
    with world_on(url) as world:
        yield type("Quarter", (Quarter,), {"world": company(world)})


def test_nothing_is_ever_lost_and_what_stands_is_what_the_history_says(sqlite_url: str) -> None:
    with quarter_on(sqlite_url) as quarter:
        run_state_machine_as_test(quarter, settings=settings(max_examples=5, stateful_step_count=20))


def test_the_same_on_postgresql(postgres_url: str) -> None:
    with quarter_on(postgres_url) as quarter:
        run_state_machine_as_test(quarter, settings=settings(max_examples=1, stateful_step_count=20))
