"""`/okr show`: what one reads of a key result or an objective, and of what became of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.okr.details import AgreedChange, CheckInVersion, KeyResultDetails, ObjectiveDetails
from bot.okr.errors import NotAllowed, NotFound
from bot.store import changes
from bot.store.tables import Contributor
from bot.usecases.actors import Actor
from bot.usecases.checkins import send_form
from bot.usecases.details import (
    ShowKeyResult,
    ShowObjective,
    ShowObjectiveHistory,
    show_key_result,
    show_objective,
    show_objective_history,
)
from bot.usecases.history import PAGE, Window
from tests.usecases.world import PROMPTED, TEAM, KeyResult, Member, Objective, World, with_typed

TUESDAY = PROMPTED + timedelta(days=1)


def shown(world: World, number: int = 1, who: str = "U0ANA", **window: Any) -> KeyResultDetails:
    command = ShowKeyResult(Actor(TEAM, who), number, Window(**window))
    return world.do(show_key_result, command, TUESDAY, writes=False)


def objective_shown(world: World, number: int = 1, who: str = "U0ANA") -> ObjectiveDetails:
    return world.do(show_objective, ShowObjective(Actor(TEAM, who), number), TUESDAY, writes=False)


def note(world: World, entity: str, entity_id: int, action: str, at: Any, who: str | None, **more: Any) -> None:
    """Write a line into the change log."""

    def work(session: Any) -> None:
        changes.note(
            session,
            world.workspace_id,
            at=at,
            actor_id=None if who is None else world.members[who],
            entity=entity,
            entity_id=entity_id,
            action=action,
            **more,
        )

    world.database.transact(work, seconds=30)


@pytest.fixture
def growth(lumen: World) -> World:
    """KR-1 and KR-2 are Ana's and Bo's in Growth."""
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    return lumen


def test_a_key_result_is_shown_with_everybody_around_it_and_what_it_supports(growth: World) -> None:
    row = growth.row(1)
    growth.change(KeyResult, row.id, delegate_id=growth.members["U0BO"])
    for person in ("U0OLU", "U0LEA"):
        growth.add(
            Contributor(workspace_id=growth.workspace_id, key_result_id=row.id, member_id=growth.members[person])
        )
    growth.change(Objective, row.objective_id, parent_id=growth.row(2).objective_id)
    growth.say("U0ANA", "1 45 8", TUESDAY)
    found = shown(growth)
    assert (found.standing.owner, found.delegate, found.contributors) == ("Ana", "Bo", ("Lea", "Olu"))
    assert found.supports is not None
    assert (found.supports.number, found.supports.title) == (2, "Objective 2")
    assert (found.standing.now, found.standing.confidence, found.cycle) == (Decimal(45), 8, "Q4 2026")
    assert found.taken_out is None
    assert not found.draft


def test_its_history_has_every_version_with_before_after_author_and_date(growth: World) -> None:
    first = growth.say("U0ANA", "1 20 5", TUESDAY)
    growth.undo("U0ANA", first.submission, TUESDAY + timedelta(minutes=5))
    form = growth.open("U0ANA", TUESDAY + timedelta(hours=1)).put(1, "30")
    form.send(TUESDAY + timedelta(hours=1))
    growth.do(send_form, with_typed(form.command(), 1, "35"), TUESDAY + timedelta(hours=2))
    entries = shown(growth).history.entries
    versions = [each for each in entries if isinstance(each, CheckInVersion)]
    assert [(each.before, each.after, each.version) for each in versions] == [
        (Decimal(0), Decimal(35), 2),
        (Decimal(0), Decimal(30), 1),
        (Decimal(0), Decimal(20), 2),
        (Decimal(0), Decimal(20), 1),
    ]
    assert [each.superseded for each in versions] == [False, True, False, True]
    assert [each.withdrawn for each in versions] == [False, False, True, False]
    assert {each.author for each in versions} == {"Ana"}
    assert versions[0].at == TUESDAY + timedelta(hours=2)


def test_a_change_of_the_target_tells_who_why_and_what_it_was(growth: World) -> None:
    note(
        growth, "key_result", growth.row(1).id, "changed", TUESDAY, "U0LEA",
        before={"target": "100", "owner_id": growth.members["U0BO"], "objective_id": growth.row(2).objective_id,
                "kind": "metric", "weight": "1", "form_nonce": "secret"},
        after={"target": "80.5", "owner_id": growth.members["U0ANA"], "objective_id": growth.row(1).objective_id,
               "kind": "yes_no", "weight": "2.50", "form_nonce": "more"},
        reason="The market is half of what we thought.",
    )  # fmt: skip
    (change,) = shown(growth).history.entries
    assert isinstance(change, AgreedChange)
    assert (change.author, change.action, change.reason) == ("Lea", "changed", "The market is half of what we thought.")
    assert {part.label: (part.before, part.after) for part in change.parts} == {
        "kind": ("Metric", "Yes/no"),
        "target": (Decimal(100), Decimal("80.5")),
        "weight": (Decimal(1), Decimal("2.5")),
        "owner": ("Bo", "Ana"),
        "objective": ("O-2 Objective 2", "O-1 Objective 1"),
    }


def test_a_history_is_paged_without_losing_or_doubling_what_comes_in_between(growth: World) -> None:
    for index in range(PAGE * 2 + 3):
        at = TUESDAY + timedelta(minutes=index // 2)  # several at the very same instant
        growth.say("U0ANA", f"1 {index}", at) if index % 3 else note(
            growth, "key_result", growth.row(1).id, "changed", at, None, before={"title": str(index)}
        )
    newest = shown(growth)
    growth.say("U0ANA", "1 99", TUESDAY + timedelta(hours=3))
    middle = shown(growth, older_than=newest.history.older_than)
    last = shown(growth, older_than=middle.history.older_than)
    pages = [newest.history, middle.history, last.history]
    assert [len(page.entries) for page in pages] == [PAGE, PAGE, 3]
    seen = [entry for page in pages for entry in page.entries]
    assert len(set(seen)) == PAGE * 2 + 3
    assert [each.at for each in seen] == sorted((each.at for each in seen), reverse=True)
    assert last.history.older_than is None
    assert newest.history.newer_than is None
    assert shown(growth, newer_than=last.history.newer_than).history.entries == middle.history.entries
    front = shown(growth, newer_than=middle.history.newer_than).history
    assert front.entries == newest.history.entries
    assert front.newer_than is not None, "one came in meanwhile"
    assert [each.after for each in shown(growth, newer_than=front.newer_than).history.entries] == [Decimal(99)]  # type: ignore[union-attr]


def test_what_was_dropped_or_postponed_can_still_be_read_with_its_reason(growth: World) -> None:
    out = {"dropped_at": TUESDAY, "drop_kind": "postponed", "drop_reason": "Next quarter"}
    growth.change(KeyResult, growth.row(1).id, **out)
    found = shown(growth)
    assert found.taken_out is not None
    assert (found.taken_out.kind, found.taken_out.reason, found.with_objective) == ("postponed", "Next quarter", False)
    growth.change(Objective, growth.row(2).objective_id, **{**out, "drop_kind": "dropped"})
    with_it = shown(growth, 2)
    assert with_it.taken_out is not None
    assert (with_it.taken_out.kind, with_it.with_objective) == ("dropped", True)
    assert objective_shown(growth, 2).taken_out == with_it.taken_out


def test_an_objective_is_shown_with_its_key_results_and_what_is_around_it(growth: World) -> None:
    one, two = growth.row(1), growth.row(2)
    growth.key_result("U0BO", "Growth", objective=one.objective_id, weight="3")
    growth.key_result("U0OLU", "Quiet")
    growth.change(Objective, one.objective_id, parent_id=two.objective_id, why="Because")
    growth.change(Objective, growth.row(4).objective_id, parent_id=one.objective_id)
    growth.say("U0ANA", "1 40", TUESDAY)
    found = objective_shown(growth)
    assert [each.number for each in found.key_results] == [1, 3]
    assert (found.progress, found.unknown_share, found.why) == (Decimal("0.1"), Decimal("0.75"), "Because")
    assert found.supports is not None
    assert found.supports.title == "Objective 2"
    assert [each.number for each in found.supported_by] == [3]
    growth.change(KeyResult, one.id, dropped_at=TUESDAY)
    assert [each.number for each in objective_shown(growth).key_results] == [3]


def test_an_objectives_history_is_its_own(growth: World) -> None:
    objective_id = growth.row(1).objective_id
    for entity_id, words in ((objective_id, "ours"), (growth.row(2).objective_id, "theirs")):
        note(growth, "objective", entity_id, "changed", TUESDAY, "U0LEA", before={"title": words}, after={"title": "x"})
    note(growth, "key_result", objective_id, "changed", TUESDAY, "U0LEA", before={"title": "no objective"})
    found = growth.do(show_objective_history, ShowObjectiveHistory(Actor(TEAM, "U0BO"), 1), TUESDAY, writes=False)
    (entry,) = found.history.entries
    assert isinstance(entry, AgreedChange)
    assert entry.parts[0].before == "ours"


def test_who_may_not_read_a_private_objective_learns_only_its_number(growth: World) -> None:
    one, two = growth.row(1), growth.row(2)
    growth.change(Objective, one.objective_id, private=True, title="Buy a rival")
    growth.change(Objective, two.objective_id, parent_id=one.objective_id)
    growth.key_result("U0OLU", "Quiet", objective=two.objective_id)
    for show in (lambda: shown(growth, who="U0OLU"), lambda: objective_shown(growth, who="U0OLU")):
        with pytest.raises(NotAllowed, match="is private") as refused:
            show()
        assert "rival" not in refused.value.sentence
    supports = shown(growth, 3, who="U0OLU").supports
    assert supports is not None
    assert (supports.number, supports.title) == (1, None)
    for reader in ("U0BO", "U0LEA", "U0SAM", "U0CLEO"):
        assert shown(growth, who=reader).standing.objective_title == "Buy a rival"


def test_who_works_on_a_private_objective_reads_it_from_another_team_too(growth: World) -> None:
    growth.change(Objective, growth.row(1).objective_id, private=True)
    growth.change(KeyResult, growth.row(1).id, delegate_id=growth.members["U0OLU"])
    assert shown(growth, who="U0OLU").private
    assert objective_shown(growth, who="U0OLU").private


def test_a_private_objective_named_in_a_history_is_only_a_number(growth: World) -> None:
    growth.change(Objective, growth.row(2).objective_id, private=True, title="Buy a rival")
    from_there, to_here = ({"objective_id": growth.row(number).objective_id} for number in (2, 1))
    note(growth, "key_result", growth.row(1).id, "moved", TUESDAY, "U0LEA", before=from_there, after=to_here)
    (moved,) = shown(growth).history.entries
    assert isinstance(moved, AgreedChange)
    assert moved.parts[0].before == "O-2"


def test_a_draft_is_there_only_for_who_may_see_it(growth: World) -> None:
    growth.change(Objective, growth.row(1).objective_id, published_at=None, created_by=growth.members["U0ANA"])
    assert shown(growth).draft
    assert objective_shown(growth, who="U0LEA").draft
    for refused in (lambda: shown(growth, who="U0BO"), lambda: objective_shown(growth, who="U0BO")):
        with pytest.raises(NotFound, match="There is no"):
            refused()


def test_guests_read_what_is_theirs_and_nothing_else(growth: World) -> None:
    growth.change(Member, growth.members["U0BO"], is_guest=True)
    assert shown(growth, 2, who="U0BO").standing.owner == "Bo"
    with pytest.raises(NotAllowed, match="not shared with guests"):
        shown(growth, 1, who="U0BO")


def test_who_may_change_it_is_known(growth: World) -> None:
    assert {who: shown(growth, who=who).may_edit for who in ("U0ANA", "U0BO", "U0LEA", "U0CLEO", "U0SAM")} == {
        "U0ANA": True, "U0BO": False, "U0LEA": True, "U0CLEO": True, "U0SAM": False
    }  # fmt: skip


def test_what_does_not_exist_is_said_so(growth: World) -> None:
    with pytest.raises(NotFound, match="There is no KR-99"):
        shown(growth, 99)
    with pytest.raises(NotFound, match="There is no O-99"):
        objective_shown(growth, 99)


def test_an_owner_who_has_left_is_marked(growth: World) -> None:
    growth.change(Member, growth.members["U0BO"], deactivated_at=TUESDAY)
    found = shown(growth, 2)
    assert (found.standing.owner, found.owner_left) == ("Bo", True)


def test_an_objective_adds_up_all_its_key_results_and_says_what_each_weighs(lumen: World) -> None:
    first = lumen.key_result("U0ANA", "Growth", weight="100000")
    above = lumen.row(first).objective_id
    for weight in ("20000", "1000"):
        lumen.key_result("U0ANA", "Growth", weight=weight, objective=above)
    lumen.say("U0ANA", "1 100", TUESDAY)
    told = objective_shown(lumen)
    assert [round(each * 100, 1) for each in told.weights] == [Decimal("82.6"), Decimal("16.5"), Decimal("0.8")]
    assert told.progress is not None
    assert round(told.progress * 100, 1) == Decimal("82.6")
    for _ in range(37):
        lumen.key_result("U0ANA", "Growth", weight="1000", objective=above)
    many = objective_shown(lumen)
    assert (len(many.key_results), many.more) == (30, 10)
    assert many.progress == Decimal(100_000) / Decimal(158_000)
