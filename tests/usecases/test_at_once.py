"""Two who do the same at the same moment; and any order of entries leads to the same value."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.okr.errors import TooLateToUndo
from bot.okr.facts import Digest, Receipt
from bot.store.session import Session
from bot.store.tables import KeyResult
from bot.usecases.checkins import SendForm, send_form
from tests.databases import TestDatabases
from tests.usecases.world import PROMPTED, CheckIn, Objective, Submission, World, at, company, with_typed, world_on

TUESDAY = PROMPTED + timedelta(days=1)


def at_once(*work: Callable[[], Receipt]) -> list[Receipt]:
    """Run all of it from one moment on; fails when one fails."""
    together = threading.Barrier(len(work))
    answers: list[Receipt] = []
    errors: list[BaseException] = []

    def run(each: Callable[[], Receipt]) -> None:
        together.wait()
        try:
            answers.append(each())
        except Exception as error:  # told below, in the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return answers


@pytest.fixture
def form(lumen: World) -> SendForm:
    for _ in range(3):
        lumen.key_result("U0ANA", "Growth")
    lumen.tick(PROMPTED)
    return lumen.open("U0ANA", TUESDAY).put(1, "10").command()


def test_a_double_click_on_send_keeps_one_submission(lumen: World, form: SendForm) -> None:
    receipts = at_once(*[lambda: lumen.do(send_form, form, TUESDAY)] * 4)
    assert len({receipt.submission for receipt in receipts}) == 1
    assert sorted(receipt.repeated for receipt in receipts) == [False, True, True, True]
    assert lumen.how_many(Submission) == 1
    assert lumen.how_many(CheckIn) == 3
    assert len(lumen.deliveries("receipt")) == 1


def test_the_same_form_with_two_values_at_once_keeps_both_as_versions(lumen: World, form: SendForm) -> None:
    at_once(
        lambda: lumen.do(send_form, form, TUESDAY),
        lambda: lumen.do(send_form, with_typed(form, 1, "20"), TUESDAY),
    )
    assert lumen.how_many(Submission) == 1
    assert sorted(row.version for row in lumen.rows(CheckIn)) == [1, 1, 1, 2, 2, 2]
    assert lumen.value(1) in (10, 20)


def test_undo_pressed_twice_at_once_takes_back_once(lumen: World, form: SendForm) -> None:
    receipt = lumen.do(send_form, form, TUESDAY)
    at_once(*[lambda: lumen.undo("U0ANA", receipt.submission, TUESDAY)] * 3)
    assert lumen.how_many(CheckIn) == 6
    assert lumen.value(1) is None


def test_two_people_at_once_both_count(lumen: World, form: SendForm) -> None:
    at_once(
        lambda: lumen.do(send_form, form, TUESDAY),
        lambda: lumen.say("U0LEA", "1 30", TUESDAY + timedelta(seconds=1)),
    )
    assert lumen.how_many(Submission) == 2
    assert lumen.value(1) == 30


# --- the order of entries


@settings(max_examples=8)
@given(data=st.data())
def test_value_and_roll_up_do_not_depend_on_the_order_of_entry(databases: TestDatabases, data: st.DataObject) -> None:
    amounts = st.integers(-50, 150)
    entries = data.draw(
        st.lists(st.tuples(st.integers(0, 90), st.sampled_from([1, 2]), amounts), min_size=1, max_size=6)
    )
    entries = list({(minute, number): (minute, number, value) for minute, number, value in entries}.values())
    order = data.draw(st.permutations(entries))
    with databases.sqlite() as url, world_on(url) as world:
        company(world)
        world.key_result("U0ANA", "Growth", weight="3")
        (objective,) = world.rows(Objective)
        world.key_result("U0ANA", "Growth", objective=objective.id)
        world.tick(PROMPTED)
        for recorded, (minute, number, value) in enumerate(order):
            _entered(world, number, value, minute, recorded)
        expected = {number: max((m, v) for m, n, v in entries if n == number)[1] for _, number, _ in entries}
        for number in (1, 2):
            assert world.value(number) == (expected.get(number))
        friday = at("2026-10-09 10:00")
        world.tick(friday)
        (digest,) = [out.facts for _, out in world.deliver(friday) if isinstance(out.facts, Digest)]
        shares = {number: min(max(expected.get(number, 0), 0), 100) for number in (1, 2)}
        assert digest.objectives[0].progress == Decimal(3 * shares[1] + shares[2]) / 400


def _entered(world: World, number: int, value: int, minute: int, recorded: int) -> None:
    """A check-in about a minute of Tuesday, typed in whatever order."""

    def work(session: Session) -> None:
        submission = Submission(
            workspace_id=world.workspace_id,
            member_id=world.members["U0ANA"],
            source="modal",
            submitted_at=TUESDAY + timedelta(days=1, minutes=recorded),
        )
        session.add(submission)
        session.flush()
        key_result = session.query(KeyResult).filter_by(number=number).one()
        session.add(
            CheckIn(
                workspace_id=world.workspace_id,
                submission_id=submission.id,
                key_result_id=key_result.id,
                as_of=TUESDAY + timedelta(minutes=minute),
                recorded_at=TUESDAY + timedelta(days=1, minutes=recorded),
                author_id=world.members["U0ANA"],
                value=Decimal(value),
            )
        )

    world.database.transact(work, seconds=30)


class CheckIns(RuleBasedStateMachine):
    """Ana and Lea check in, send forms again with other values and undo; a plain model says what must stand."""

    databases: TestDatabases

    @initialize()
    def begin(self) -> None:
        self._database = self.databases.sqlite()
        self._world = world_on(self._database.__enter__())
        self.world = company(self._world.__enter__())
        for _ in range(2):
            self.world.key_result("U0ANA", "Growth")
        self.world.tick(PROMPTED)
        self.now = TUESDAY
        self.submissions: dict[int, dict[int, Decimal]] = {}
        """What each submission says, in the order they were sent; nothing once undone."""
        self.sent: list[tuple[int, str, SendForm | None]] = []

    def teardown(self) -> None:
        if hasattr(self, "_world"):
            self._world.__exit__(None, None, None)
            self._database.__exit__(None, None, None)

    def standing(self, number: int, without: int | None = None) -> Decimal:
        said = [each[number] for key, each in self.submissions.items() if number in each and key != without]
        return said[-1] if said else Decimal(0)

    @rule(who=st.sampled_from(["U0ANA", "U0LEA"]), number=st.sampled_from([1, 2]), value=st.integers(0, 99))
    def in_one_line(self, who: str, number: int, value: int) -> None:
        receipt = self.world.say(who, f"{number} {value}", self.now)
        self.submissions[receipt.submission] = {number: Decimal(value)}
        self.sent.append((receipt.submission, who, None))

    @rule(values=st.dictionaries(st.sampled_from([1, 2]), st.integers(100, 199), min_size=1))
    def by_the_form(self, values: dict[int, int]) -> None:
        form = self.world.open("U0ANA", self.now)
        due = {line.number for line in form.facts.lines if line.due}
        for number, value in values.items():
            form.put(number, str(value))
        changed = {number: Decimal(value) for number, value in values.items() if value != self.standing(number)}
        if not changed and not due:
            return
        said = {number: self.standing(number) for number in due} | changed
        receipt = form.send(self.now)
        self.submissions[receipt.submission] = said
        self.sent.append((receipt.submission, "U0ANA", form.command()))

    @precondition(lambda self: any(form for _, _, form in self.sent))
    @rule(data=st.data(), value=st.integers(200, 299))
    def sent_again_with_another_value(self, data: st.DataObject, value: int) -> None:
        index = data.draw(st.sampled_from([i for i, each in enumerate(self.sent) if each[2] is not None]))
        submission, who, form = self.sent[index]
        assert form is not None
        if not self.submissions[submission]:
            return  # undone: sending it again would be another story
        number = next(iter(self.submissions[submission]))
        again = with_typed(form, number, str(value))
        self.world.do(send_form, again, self.now)
        self.sent[index] = (submission, who, again)
        self.submissions[submission][number] = Decimal(value)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def undone(self, data: st.DataObject) -> None:
        submission, who, _ = data.draw(st.sampled_from(self.sent))
        try:
            self.world.undo(who, submission, self.now)
        except TooLateToUndo:
            return
        self.submissions[submission] = {}

    @rule(minutes=st.integers(1, 6))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def stands_as_the_model_says(self) -> None:
        if hasattr(self, "world"):
            values = self.world.values([1, 2])
            for number in (1, 2):
                said = [each[number] for each in self.submissions.values() if number in each]
                assert values[number] == (said[-1] if said else None)
        self.now = getattr(self, "now", TUESDAY) + timedelta(seconds=1)


def test_check_ins_edits_and_undos_in_any_order_leave_what_a_plain_model_says(databases: TestDatabases) -> None:
    machine = type("Machine", (CheckIns,), {"databases": databases})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=12, stateful_step_count=15, deadline=None, derandomize=True)
    )
