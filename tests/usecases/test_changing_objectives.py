"""`/okr edit O-1`: what an objective is, where it belongs, and whether it counts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.okr.changing import ChangeNotice, ChangeSaved, ObjectiveEdit, State
from bot.okr.errors import NotAllowed, OkrError
from bot.store.tables import Change, Cycle
from bot.usecases.actors import Actor, UnknownPerson
from bot.usecases.answers import InvalidAnswers
from bot.usecases.changing_objectives import (
    OpenObjectiveEdit,
    SaveObjectiveEdit,
    open_objective_edit,
    save_objective_edit,
)
from bot.usecases.details import ShowObjectiveHistory, show_objective_history
from tests.usecases.world import PROMPTED, TEAM, Member, Objective, Team, Workspace, World, at

NEXT_QUARTER = (at("2027-01-01 00:00").date(), at("2027-03-31 00:00").date())
TUESDAY = PROMPTED + timedelta(days=1)


@pytest.fixture
def growth(lumen: World) -> World:
    """O-1 with Ana's and Bo's key results and O-2 with Bo's in Growth, O-3 with Olu's in Quiet."""
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.key_result("U0OLU", "Quiet")
    lumen.key_result("U0BO", "Growth", objective=lumen.row(1).objective_id)
    return lumen


class Editing:
    """The **Edit** form as somebody has it open."""

    def __init__(self, world: World, who: str = "U0LEA", number: int = 1) -> None:
        self.world, self.who = world, who
        command = OpenObjectiveEdit(Actor(TEAM, who), number)
        self.form: ObjectiveEdit = world.do(open_objective_edit, command, TUESDAY, writes=False)

    def save(self, **typed: Any) -> Any:
        """Press **Save** with these fields changed."""
        form = self.form
        command = SaveObjectiveEdit(
            actor=Actor(TEAM, self.who), number=form.number, title=form.title, why=form.why, team=form.team.value,
            cycle=form.cycle.value, supports=None if form.supports is None else form.supports.value, owner=form.owner,
            private=form.private, state=form.state, reason="", form=form.form, seen=form.seen,
        )  # fmt: skip
        done = self.world.do(save_objective_edit, replace(command, **typed), TUESDAY)
        if isinstance(done, ObjectiveEdit):
            self.form = done
        return done


def parts(saved: ChangeSaved) -> dict[str, tuple[Any, Any]]:
    assert saved.change is not None
    return {each.label: (each.before, each.after) for each in saved.change.parts}


def refused(editing: Editing, **typed: Any) -> dict[str, str]:
    with pytest.raises(InvalidAnswers) as wrong:
        editing.save(**typed)
    return wrong.value.by_field


def told(world: World) -> dict[str, str]:
    return {
        delivery.recipient: outgoing.facts.concerns
        for delivery, outgoing in world.deliver(TUESDAY)
        if isinstance(outgoing.facts, ChangeNotice)
    }


def test_saved_as_it_is_it_changes_nothing(growth: World) -> None:
    assert Editing(growth).save().change is None
    assert growth.how_many(Change) == 0


def test_words_privacy_and_what_it_supports_are_changed_and_kept_in_its_history(growth: World) -> None:
    above = growth.row(2).objective_id
    saved = Editing(growth).save(title="Better", why="Because", private=True, supports=above)
    assert parts(saved) == {
        "wording": ("Objective 1", "Better"), "why it matters": (None, "Because"), "private": ("no", "yes"),
        "what it supports": (None, "O-2 Objective 2"),
    }  # fmt: skip
    row = growth.row(1)
    assert (row.objective_title, row.objective_is_private) == ("Better", True)
    command = ShowObjectiveHistory(Actor(TEAM, "U0ANA"), 1)
    assert growth.do(show_objective_history, command, TUESDAY, writes=False).history.entries == (saved.change,)


def test_an_objective_supports_neither_itself_nor_what_supports_it(growth: World) -> None:
    one, two, three = (growth.row(number).objective_id for number in (1, 2, 3))
    Editing(growth, "U0CLEO", 2).save(supports=one)
    Editing(growth, "U0CLEO", 3).save(supports=two)
    for above in (one, two, three):
        assert "can't support itself" in refused(Editing(growth, "U0CLEO"), supports=above)["supports"]
    assert parts(Editing(growth, "U0CLEO", 3).save(supports=None)) == {"what it supports": ("O-2 Objective 2", None)}
    assert parts(Editing(growth, "U0CLEO").save(supports=three))


def test_it_goes_to_another_team_with_its_key_results_where_one_may_set_some(growth: World) -> None:
    quiet = growth.teams["Quiet"]
    assert "the team Quiet" in refused(Editing(growth), team=quiet)["team"]
    assert parts(Editing(growth, "U0CLEO").save(team=quiet)) == {"team": ("Growth", "Quiet")}
    assert growth.row(1).team_name == "Quiet"


def test_another_cycle_must_fit_with_what_it_supports(growth: World) -> None:
    above = growth.row(2).objective_id
    coming = growth.cycle(*NEXT_QUARTER, name="Q1 2027")
    assert "no day in common" in refused(Editing(growth), supports=above, cycle=coming)["supports"]
    Editing(growth).save(supports=above)
    assert "O-2 belongs to Q4 2026" in refused(Editing(growth), cycle=coming)["supports"]
    assert set(parts(Editing(growth).save(supports=None, cycle=coming))) == {"cycle", "what it supports"}
    assert "no day in common" in refused(Editing(growth), supports=above)["supports"]


def test_what_it_supports_may_be_dropped_meanwhile(growth: World) -> None:
    above = growth.row(2).objective_id
    Editing(growth).save(supports=above)
    form = Editing(growth)
    growth.change(Objective, above, dropped_at=TUESDAY)
    assert parts(form.save(title="Goes on")) == {"wording": ("Objective 1", "Goes on")}
    three = Editing(growth, "U0CLEO", 3)
    assert "not there any more" in refused(three, supports=above)["supports"]


def test_a_cycle_that_is_not_open_for_drafts_waits_except_for_a_champion(growth: World) -> None:
    coming = growth.cycle(*NEXT_QUARTER, name="Q1 2027")
    growth.change(Cycle, coming, drafts_from=at("2026-12-15 00:00").date())
    assert "Q1 2027 is not open yet" in refused(Editing(growth), cycle=coming)["cycle"]
    assert parts(Editing(growth, "U0CLEO").save(cycle=coming)) == {"cycle": ("Q4 2026", "Q1 2027")}


def test_while_somebody_is_asked_to_agree_only_they_and_its_author_change_it(growth: World) -> None:
    growth.change(
        Objective, growth.row(1).objective_id, published_at=None, approval_asked_at=TUESDAY,
        created_by=growth.members["U0ANA"],
    )  # fmt: skip
    assert parts(Editing(growth, "U0ANA").save(title="The author's wording"))
    with pytest.raises(OkrError):
        Editing(growth, "U0BO")
    assert parts(Editing(growth).save(title="The lead's wording"))


def test_its_new_owner_is_somebody_of_this_workspace(growth: World) -> None:
    growth.change(Workspace, growth.workspace_id, individual_objectives=True)
    growth.member("U0BOT", "Polly", is_bot=True)
    assert "Polly is an app" in refused(Editing(growth), owner="U0BOT")["owner"]
    with pytest.raises(UnknownPerson):
        Editing(growth).save(owner="U0NEW")
    assert Editing(growth).save(owner="U0BO").change.action == "handed over"
    growth.change(Member, growth.members["U0BO"], deactivated_at=TUESDAY)
    assert parts(Editing(growth).save(title="Bo's still")) == {"wording": ("Objective 1", "Bo's still")}


def test_what_is_dropped_goes_with_its_key_results_and_comes_back_with_them(growth: World) -> None:
    assert "why it is dropped" in refused(Editing(growth), state=State.DROPPED)["reason"]
    saved = Editing(growth).save(state=State.DROPPED, reason="The market is gone")
    assert saved.change is not None
    assert (saved.change.action, saved.change.reason) == ("dropped", "The market is gone")
    assert told(growth) == {"U0ANA": "its owners", "U0BO": "its owners"}
    growth.tick(PROMPTED)
    assert [(row.recipient) for row in growth.deliveries("prompt")] == ["U0BO", "U0OLU"]
    assert Editing(growth).save(state=State.IN_FORCE).change.action == "restored"
    assert growth.row(1).objective_number == 1


def test_it_is_restored_in_a_team_that_is_in_use(growth: World) -> None:
    Editing(growth).save(state=State.DROPPED, reason="x")
    growth.change(Team, growth.teams["Growth"], archived_at=TUESDAY)
    assert "Growth is in the archive" in refused(Editing(growth, "U0CLEO"), state=State.IN_FORCE)["team"]
    saved = Editing(growth, "U0CLEO").save(state=State.IN_FORCE, team=growth.teams["Quiet"])
    assert set(parts(saved)) == {"team", "state"}


def test_its_author_may_reword_it_and_not_drop_it(growth: World) -> None:
    growth.change(Objective, growth.row(1).objective_id, created_by=growth.members["U0ANA"])
    assert parts(Editing(growth, "U0ANA").save(title="Mine"))
    with pytest.raises(NotAllowed):
        Editing(growth, "U0ANA").save(state=State.DROPPED, reason="No")
    with pytest.raises(NotAllowed):
        Editing(growth, "U0BO")


def test_who_was_slower_is_told_and_loses_nothing(growth: World) -> None:
    lea, cleo = Editing(growth), Editing(growth, "U0CLEO")
    cleo.save(title="Cleo's", private=True)
    again = lea.save(title="Lea's", why="New")
    assert isinstance(again, ObjectiveEdit)
    assert again.contested == ("Cleo has changed this meanwhile: wording.",)
    assert (again.title, again.why, again.private) == ("Lea's", "New", True)
    assert parts(lea.save(title="Lea's", why="New")) == {
        "wording": ("Cleo's", "Lea's"), "why it matters": (None, "New"),
    }  # fmt: skip


def test_one_persons_own_objective_is_handed_over(growth: World) -> None:
    (workspace,) = growth.rows(Workspace)
    assert not Editing(growth).form.may_have_owner
    growth.change(Workspace, workspace.id, individual_objectives=True)
    assert parts(Editing(growth).save(owner="U0ANA")) == {"owner": (None, "Ana")}
    assert told(growth) == {"U0ANA": "new owner"}
    Editing(growth).save(owner="U0BO")
    assert told(growth) == {"U0ANA": "old owner", "U0BO": "new owner"}


def test_empty_words_are_refused(growth: World) -> None:
    assert set(refused(Editing(growth), title="  ", why="x" * 3001)) == {"title", "purpose"}
    assert "not there any more" in refused(Editing(growth), cycle=99)["cycle"]
    assert "not there any more" in refused(Editing(growth), supports=99)["supports"]
