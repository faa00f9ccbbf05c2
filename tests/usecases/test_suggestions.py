"""What menus offer while one types: the same for a form that sets an objective and for one that changes it."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.okr.forms import ObjectiveFields
from bot.okr.setting import Choice
from bot.slack.views.objectives import offered_options
from bot.store.tables import Cycle
from bot.usecases.actors import Actor
from bot.usecases.objectives import SetObjective, set_objective
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
from tests.usecases.test_objectives import NEXT_QUARTER, NOW, YEAR, press_next, refusal, set_one
from tests.usecases.world import TEAM, KeyResult, Objective, Team, World, at

Suggested = Callable[..., list[str]]


@pytest.fixture
def tree(lumen: World) -> World:
    """O-1 of the company, O-2 of Quiet, O-3 of Quiet and private, O-4 a draft, O-5 of last quarter, O-6 Ana's."""
    set_one(lumen, "U0CLEO", "a", title="Light 100% of_all homes", team=lumen.teams["Lumen"])
    set_one(lumen, "U0OLU", "b", title="Quiet lamps")
    set_one(lumen, "U0OLU", "c", title="A secret lamp", private=True)
    press_next(lumen, "U0ANA", "d", title="A draft of a lamp")
    old = lumen.cycle(at("2026-07-01 00:00").date(), at("2026-09-30 00:00").date(), name="Q3 2026")
    set_one(lumen, "U0ANA", "e", title="An old lamp")
    lumen.change(Objective, lumen.rows(Objective)[-1].id, cycle_id=old)
    set_one(lumen, "U0ANA", "f", title="Schools see")
    return lumen


@pytest.fixture(params=["set", "edit"])
def suggested(request: pytest.FixtureRequest, tree: World) -> Suggested:
    """What **Supports** offers for O-6, in the form that sets it or in the one that changes it."""
    about: dict[str, Any] = {"nonce": "f"} if request.param == "set" else {"objective": 6}

    def ask(typed: str, who: str = "U0ANA", cycle: int | None = None) -> list[str]:
        command = SuggestSupports(Actor(TEAM, who), typed, cycle, **about)
        return [each.words for each in tree.do(suggest_supports, command, NOW, writes=False)]

    return ask


def test_what_may_be_supported_is_found_by_title_and_number(suggested: Suggested) -> None:
    assert suggested("") == suggested(" \n") == ["O-1 Light 100% of_all homes", "O-2 Quiet lamps"]
    assert suggested("LAMP") == ["O-2 Quiet lamps"]
    assert suggested("o-2") == suggested("2") == suggested("O 2") == ["O-2 Quiet lamps"]
    assert suggested("100%") == suggested("of_all") == suggested("%") == ["O-1 Light 100% of_all homes"]
    assert suggested("KR-2") == suggested("O-5") == []


HOSTILE = ("x" * 5000, "\x00", "\ud83d", "' OR 1=1 --", "O-99999999999999", "\\", "<!channel>", "[a-z]*", "\u202e")


def test_whatever_is_typed_nothing_breaks(suggested: Suggested) -> None:
    for typed in HOSTILE:
        assert set(suggested(typed)) <= {"O-1 Light 100% of_all homes", "O-2 Quiet lamps"}, typed


def test_letters_beyond_a_to_z_are_found_in_any_case(tree: World, suggested: Suggested) -> None:
    tree.change(Objective, tree.rows(Objective)[1].id, title="Über die Straße")
    for typed in ("über", "ÜBER", "Über", "straße"):
        assert suggested(typed) == ["O-2 Über die Straße"], typed


def test_private_ones_are_offered_to_who_may_read_them(tree: World, suggested: Suggested) -> None:
    assert suggested("secret", "U0BO") == []
    for who in ("U0OLU", "U0CLEO", "U0SAM"):
        assert suggested("secret", who) == ["O-3 A secret lamp"], who
    tree.change(KeyResult, tree.rows(KeyResult, KeyResult.number == 3)[0].id, delegate_id=tree.members["U0BO"])
    assert suggested("secret", "U0BO") == ["O-3 A secret lamp"]
    typed = ObjectiveFields("Mine", supports=3)
    answer = tree.do(set_objective, SetObjective(Actor(TEAM, "U0ANA"), "x", 1, typed), NOW)
    assert set(refusal(answer)) == {"supports"}


def test_guests_are_offered_nothing(tree: World, suggested: Suggested) -> None:
    tree.member("U0GUEST", "Guest", is_guest=True)
    assert suggested("", "U0GUEST") == []


def test_only_cycles_that_overlap_with_the_chosen_one_are_searched(tree: World, suggested: Suggested) -> None:
    year, coming = tree.cycle(*YEAR, name="2026"), tree.cycle(*NEXT_QUARTER, name="Q1 2027")
    assert suggested("lamp", cycle=year) == ["O-2 Quiet lamps", "O-5 An old lamp"]
    assert suggested("", cycle=coming) == []


def test_what_is_put_away_is_not_offered(tree: World, suggested: Suggested) -> None:
    tree.change(Objective, tree.rows(Objective)[0].id, dropped_at=NOW)
    tree.change(Team, tree.teams["Quiet"], archived_at=NOW)
    assert suggested("") == []
    tree.change(Team, tree.teams["Quiet"], archived_at=None)
    assert suggested("") == ["O-2 Quiet lamps"]
    now_running = tree.rows(Objective)[1].cycle_id
    tree.change(Cycle, now_running, archived_at=NOW)
    assert suggested("", cycle=now_running) == []


def test_neither_itself_nor_what_supports_it_is_offered_also_in_a_ring(tree: World, suggested: Suggested) -> None:
    rows = {row.number: row for row in tree.rows(Objective)}
    tree.change(Objective, rows[1].id, parent_id=rows[6].id)
    tree.change(Objective, rows[2].id, parent_id=rows[1].id)
    tree.change(Objective, rows[6].id, parent_id=rows[2].id)  # a ring, bent by hand
    assert suggested("") == suggested("O-6") == suggested("O-1") == []


def test_what_supports_a_draft_is_refused_as_its_parent(tree: World) -> None:
    rows = {row.number: row for row in tree.rows(Objective)}
    tree.change(Objective, rows[2].id, parent_id=rows[4].id)
    typed = ObjectiveFields("A draft of a lamp", supports=2)
    answer = tree.do(set_objective, SetObjective(Actor(TEAM, "U0ANA"), "d", 1, typed), NOW)
    assert set(refusal(answer)) == {"supports"}


def test_of_another_cycle_than_the_one_chosen_afterwards_it_is_refused_with_the_way_out(tree: World) -> None:
    coming = tree.cycle(*NEXT_QUARTER, name="Q1 2027")
    typed = ObjectiveFields("Lamps", supports=2, cycle=coming)
    answer = tree.do(set_objective, SetObjective(Actor(TEAM, "U0ANA"), "x", 1, typed), NOW)
    assert refusal(answer) == {
        "supports": "O-2 belongs to Q4 2026, which has no day in common with Q1 2027. "
        "Choose another objective or another cycle, or leave Supports empty."
    }


def test_what_it_supports_is_kept_and_told(tree: World) -> None:
    done = set_one(tree, nonce="z", title="Lamps for schools", supports=1)
    assert done.supports is not None
    assert done.supports.words == "O-1 Light 100% of_all homes"


# --- where a key result, or an objective, may go


def placed(world: World, typed: str, who: str = "U0ANA", number: int = 5) -> list[str]:
    command = SuggestPlaces(Actor(TEAM, who), typed, number)
    return [each.words for each in world.do(suggest_places, command, NOW, writes=False)]


def test_a_key_result_goes_where_one_may_set_objectives_the_cycles_under_way_first(tree: World) -> None:
    assert placed(tree, "") == ["O-6 Schools see", "O-5 An old lamp"]
    assert placed(tree, "5") == placed(tree, "OLD") == ["O-5 An old lamp"]
    assert placed(tree, "", "U0OLU") == ["O-3 A secret lamp", "O-2 Quiet lamps"]
    assert placed(tree, "", "U0SAM") == []
    assert placed(tree, "lamp", "U0CLEO") == ["O-3 A secret lamp", "O-2 Quiet lamps", "O-5 An old lamp"]
    assert placed(tree, "", number=99) == []


def test_a_draft_s_key_result_goes_to_one_s_own_drafts_only(tree: World) -> None:
    tree.change(KeyResult, tree.rows(KeyResult)[-1].id, objective_id=tree.rows(Objective)[3].id)
    assert placed(tree, "") == placed(tree, "", "U0LEA") == placed(tree, "", "U0CLEO") == ["O-4 A draft of a lamp"]
    assert placed(tree, "", "U0BO") == []
    tree.change(Objective, tree.rows(Objective)[3].id, approval_asked_at=NOW)
    assert placed(tree, "") == []


def test_far_down_among_many_teams_and_objectives_one_s_own_are_found(on_sqlite: World) -> None:
    def many() -> None:
        for number in range(150):
            on_sqlite.team(f"A team {number}")

    on_sqlite.together(many)
    on_sqlite.key_result("U0ANA", "Growth", title="Ours")
    on_sqlite.together(lambda: [on_sqlite.key_result(None, f"A team {number}") for number in range(150)])
    found = on_sqlite.do(suggest_teams, SuggestTeams(Actor(TEAM, "U0ANA"), ""), NOW)
    assert [each.words for each in found] == ["Growth"]
    assert placed(on_sqlite, "", number=1) == ["O-1 Objective 1"]
    everything = SuggestPlaces(Actor(TEAM, "U0CLEO"), "", 1)
    assert len(on_sqlite.do(suggest_places, everything, NOW)) == 100, "what a menu takes"


def test_cycles_under_way_and_to_come_are_offered_before_those_that_are_over(tree: World) -> None:
    tree.cycle(*YEAR, name="2026")
    tree.cycle(*NEXT_QUARTER, name="Q1 2027")
    tree.change(Cycle, tree.cycle(*NEXT_QUARTER, name="Put away"), archived_at=NOW)

    def asked(typed: str) -> list[str]:
        command = SuggestCycles(Actor(TEAM, "U0ANA"), typed)
        return [each.words for each in tree.do(suggest_cycles, command, NOW, writes=False)]

    assert asked("") == ["2026", "Q4 2026", "Q1 2027", "Q3 2026"]
    assert asked("q3") == ["Q3 2026"]
    assert asked("%") == asked("\x00%") == []


def test_an_option_is_never_longer_than_slack_takes() -> None:
    long = Choice(1, "O-1 " + "\u202e👩‍👩‍👧<!channel> " * 400, "Team " * 50)
    (option,) = offered_options([long])
    assert len(option["text"]["text"]) <= 75
    assert len(option["description"]["text"]) <= 75
    (blank,) = offered_options([Choice(1, " \n ")])
    assert blank["text"]["text"].strip()
