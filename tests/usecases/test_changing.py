"""`/okr edit`: what is changed stays in the history, and nobody's change is lost."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.okr.changing import ChangeNotice, ChangeSaved, KeyResultEdit, State
from bot.okr.details import AgreedChange, ChangedPart
from bot.okr.errors import NotAllowed, NotFound, OkrError
from bot.store.tables import Change
from bot.usecases.actors import Actor
from bot.usecases.answers import InvalidAnswers
from bot.usecases.changing import OpenEdit, RedrawEdit, SaveEdit, open_edit, redraw_edit, save_edit
from bot.usecases.details import ShowKeyResult, show_key_result
from bot.usecases.lists import ListKeyResults, list_key_results
from tests.usecases.world import PROMPTED, TEAM, KeyResult, Member, Objective, Team, World, at

TUESDAY = PROMPTED + timedelta(days=1)
BEFORE = at("2026-09-20 10:00")


@pytest.fixture
def growth(lumen: World) -> World:
    """KR-1 is Ana's, KR-2 Bo's, both in Growth; KR-3 is Olu's in Quiet."""
    lumen.key_result("U0ANA", "Growth", unit="€")
    lumen.key_result("U0BO", "Growth")
    lumen.key_result("U0OLU", "Quiet")
    return lumen


class Editing:
    """The **Edit** form as somebody has it open."""

    def __init__(self, world: World, who: str = "U0ANA", number: int = 1, now: Any = TUESDAY) -> None:
        self.world, self.who, self.now = world, who, now
        self.form: KeyResultEdit = world.do(open_edit, OpenEdit(Actor(TEAM, who), number), now, writes=False)

    def save(self, reason: str = "", objective: int | None = None, state: State | None = None, **typed: Any) -> Any:
        """Press **Save** with these fields changed."""
        command = SaveEdit(
            actor=Actor(TEAM, self.who),
            number=self.form.number,
            fields=replace(self.form.fields, **typed),
            objective=objective or self.form.objective.value,
            state=state or self.form.state,
            reason=reason,
            form=self.form.form,
            seen=self.form.seen,
        )
        done = self.world.do(save_edit, command, self.now)
        if isinstance(done, KeyResultEdit):
            self.form = done
        return done


def parts(saved: ChangeSaved) -> dict[str, tuple[Any, Any]]:
    assert saved.change is not None
    return {each.label: (each.before, each.after) for each in saved.change.parts}


def told(world: World, now: Any = TUESDAY) -> dict[str, ChangeNotice]:
    """Who got a note, and what it says."""
    return {
        delivery.recipient: outgoing.facts
        for delivery, outgoing in world.deliver(now)
        if isinstance(outgoing.facts, ChangeNotice)
    }


def refused(editing: Editing, **typed: Any) -> dict[str, str]:
    with pytest.raises(InvalidAnswers) as wrong:
        editing.save(**typed)
    return wrong.value.by_field


def test_the_form_shows_exactly_what_is_and_saving_it_as_it_is_changes_nothing(growth: World) -> None:
    growth.change(KeyResult, growth.row(1).id, target=Decimal("12345.6789"), commit_level=Decimal("99.5"))
    editing = Editing(growth)
    assert (editing.form.fields.target, editing.form.fields.commit, editing.form.fields.unit) == (
        "12345.6789", "99.5", "€",
    )  # fmt: skip
    assert (editing.form.objective.words, editing.form.state) == ("O-1 Objective 1", State.IN_FORCE)
    assert editing.save().change is None
    assert growth.how_many(Change) == 0


def test_only_what_was_changed_is_kept_with_before_after_author_and_reason(growth: World) -> None:
    saved = Editing(growth, "U0LEA").save("Half the market is gone", target="80", title="Revenue")
    assert parts(saved) == {"wording": ("Key result 1", "Revenue"), "target": (Decimal(100), Decimal(80))}
    row = growth.row(1)
    assert (row.title, row.target, row.start, row.unit, row.number) == ("Revenue", Decimal(80), Decimal(0), "€", 1)
    shown = growth.do(show_key_result, ShowKeyResult(Actor(TEAM, "U0BO"), 1), TUESDAY, writes=False)
    (change,) = shown.history.entries
    assert isinstance(change, AgreedChange)
    assert (change.author, change.reason, change.action) == ("Lea", "Half the market is gone", "changed")
    assert change.parts == (
        ChangedPart("wording", "Key result 1", "Revenue"),
        ChangedPart("target", Decimal(100), Decimal(80)),
    )


@pytest.mark.parametrize(
    "typed",
    [{"start": "5"}, {"target": "80"}, {"kind": "yes_no"}, {"unit": "k€"}, {"commit": "50"}, {"stretch": "200"},
     {"kind": "milestones", "milestones": "Alpha\nBeta"}],
)  # fmt: skip
def test_another_promise_after_the_start_wants_a_reason(growth: World, typed: dict[str, Any]) -> None:
    for nothing in ("", " \n", "\u200b\u200d"):
        assert "why you change this" in refused(Editing(growth), reason=nothing, **typed)["reason"]
    assert growth.how_many(Change) == 0
    assert parts(Editing(growth).save("because", **typed))


def test_before_the_start_and_without_a_check_in_no_reason_is_wanted(growth: World) -> None:
    assert parts(Editing(growth, now=BEFORE).save(target="80")) == {"target": (Decimal(100), Decimal(80))}
    growth.change(KeyResult, growth.row(2).id, title="New wording")
    assert parts(Editing(growth).save(title="Wording", weight="2"))["weight"] == (Decimal(1), Decimal(2))


def test_wrong_values_are_told_at_their_fields_and_nothing_is_saved(growth: World) -> None:
    growth.member("U0BOT", "Polly", is_bot=True)
    wrong = refused(Editing(growth), reason="x", target="many", weight="-1", title=" ", owner_id="U0BOT")
    assert set(wrong) == {"target", "weight", "title", "owner"}
    assert "start" in refused(Editing(growth), reason="x", target="0")["target"].lower()
    assert growth.row(1).target == Decimal(100)


def test_who_was_slower_is_told_and_loses_nothing(growth: World) -> None:
    ana, lea = Editing(growth), Editing(growth, "U0LEA")
    lea.save("Less will do", target="80", weight="3")
    again = ana.save("More is possible", target="120", title="Ana's wording")
    assert isinstance(again, KeyResultEdit)
    assert again.contested == ("Lea has changed this meanwhile: target.",)
    assert (again.fields.target, again.fields.title, again.fields.weight) == ("120", "Ana's wording", "3")
    assert growth.row(1).target == Decimal(80)
    assert parts(ana.save("More is possible", target="120", title="Ana's wording")) == {
        "wording": ("Key result 1", "Ana's wording"), "target": (Decimal(80), Decimal(120)),
    }  # fmt: skip


def test_what_somebody_else_changed_meanwhile_stays_where_the_form_was_not_touched(growth: World) -> None:
    ana, lea = Editing(growth), Editing(growth, "U0LEA")
    lea.save("Less will do", target="80")
    assert parts(ana.save(title="Ana's wording")) == {"wording": ("Key result 1", "Ana's wording")}
    assert growth.row(1).target == Decimal(80)


def test_the_same_form_sent_twice_is_one_change(growth: World) -> None:
    editing = Editing(growth)
    first = editing.save("because", target="80")
    assert editing.save("because", target="80") == first
    assert growth.how_many(Change) == 1


def test_both_owners_are_told_once_and_quietly_but_not_who_did_it(growth: World) -> None:
    Editing(growth, "U0LEA").save(owner_id="U0BO")
    notes = told(growth)
    assert {who: note.concerns for who, note in notes.items()} == {"U0ANA": "old owner", "U0BO": "new owner"}
    assert notes["U0BO"].change.author == "Lea"
    assert told(growth) == {}
    Editing(growth, "U0BO").save(owner_id="U0ANA")
    assert {who: note.concerns for who, note in told(growth).items()} == {"U0ANA": "new owner"}
    Editing(growth).save(title="Mine")
    assert told(growth) == {}
    Editing(growth, "U0LEA").save(title="Hers")
    assert {who: note.concerns for who, note in told(growth).items()} == {"U0ANA": "owner"}


def test_handing_over_moves_the_next_prompt_and_keeps_the_number(growth: World) -> None:
    Editing(growth, "U0LEA", now=PROMPTED - timedelta(hours=1)).save(owner_id="U0BO")
    growth.tick(PROMPTED)
    assert {row.recipient for row in growth.deliveries("prompt")} == {"U0BO", "U0OLU"}
    assert growth.say("U0BO", "1 5", PROMPTED).lines[0].number == 1


def test_moved_it_keeps_its_number_and_history_and_is_due_in_its_new_team(growth: World) -> None:
    growth.say("U0ANA", "1 20", PROMPTED - timedelta(days=1))
    growth.joins("U0LEA", "Quiet")
    there = growth.row(3).objective_id
    saved = Editing(growth, "U0LEA", now=PROMPTED - timedelta(hours=1)).save(objective=there)
    assert saved.change is not None
    assert (saved.change.action, parts(saved)["objective"]) == ("moved", ("O-1 Objective 1", "O-3 Objective 3"))
    row = growth.row(1)
    assert (row.team_name, row.objective_number, row.last_value) == ("Quiet", 3, Decimal(20))
    growth.tick(PROMPTED)
    form = growth.open("U0ANA", PROMPTED)
    assert [(line.number, line.team, line.due) for line in form.facts.lines] == [(1, "Quiet", True)]


def test_it_is_not_moved_where_one_may_set_nothing_nor_to_what_is_gone(growth: World) -> None:
    there = growth.row(3)
    assert "the team Quiet" in refused(Editing(growth), objective=there.objective_id)["objective"]
    growth.joins("U0ANA", "Quiet")
    growth.change(Objective, there.objective_id, dropped_at=TUESDAY)
    assert "not there any more" in refused(Editing(growth), objective=there.objective_id)["objective"]
    assert "not there any more" in refused(Editing(growth), objective=999)["objective"]


def test_dropping_and_postponing_want_a_reason_and_can_be_taken_back(growth: World) -> None:
    for state in (State.DROPPED, State.POSTPONED):
        assert "why it is" in refused(Editing(growth), state=state)["reason"]
        saved = Editing(growth, "U0LEA").save("The market is gone", state=state)
        assert saved.change is not None
        assert saved.change.action == state.value
        assert told(growth)["U0ANA"].change.action == state.value
        listed = growth.do(list_key_results, ListKeyResults(Actor(TEAM, "U0ANA")), TUESDAY, writes=False)
        assert listed.shown == ()
        shown = growth.do(show_key_result, ShowKeyResult(Actor(TEAM, "U0ANA"), 1), TUESDAY, writes=False)
        assert shown.taken_out is not None
        assert (shown.taken_out.kind, shown.taken_out.reason) == (state.value, "The market is gone")
        back = Editing(growth).save(state=State.IN_FORCE)
        assert back.change is not None
        assert back.change.action == "restored"
        assert growth.row(1).number == 1


def test_weights_that_would_all_be_nothing_are_refused(growth: World) -> None:
    assert "0" in refused(Editing(growth), weight="0")["weight"]
    growth.key_result("U0ANA", "Growth", objective=growth.row(1).objective_id)
    assert parts(Editing(growth).save(weight="0")) == {"weight": (Decimal(1), Decimal(0))}
    assert "weight" in refused(Editing(growth, number=4), weight="0")


def test_who_may_not_is_told_who_may(growth: World) -> None:
    for who in ("U0BO", "U0OLU", "U0SAM"):
        with pytest.raises(NotAllowed, match="its owner, the lead of the team"):
            Editing(growth, who)
    growth.change(Objective, growth.row(1).objective_id, private=True)
    with pytest.raises(NotAllowed, match="private"):
        Editing(growth, "U0OLU")
    with pytest.raises(NotFound):
        Editing(growth, number=99)


def test_a_form_that_was_opened_before_the_right_was_lost_saves_nothing(growth: World) -> None:
    editing = Editing(growth)
    Editing(growth, "U0LEA").save(owner_id="U0BO")
    with pytest.raises(NotAllowed):
        editing.save(title="Still mine")


def test_another_kind_shows_its_inputs_and_keeps_what_was_typed(growth: World) -> None:
    editing = Editing(growth)
    fields = replace(editing.form.fields, title="Typed", kind="milestones")
    there = growth.row(2).objective_id
    command = RedrawEdit(Actor(TEAM, "U0ANA"), 1, fields, there, State.POSTPONED, form=1, seen=editing.form.seen)
    shown = growth.do(redraw_edit, command, TUESDAY, writes=False)
    assert (shown.fields, shown.form, shown.state) == (fields, 2, State.POSTPONED)
    assert shown.objective.words == "O-2 Objective 2"


def test_contributors_and_a_delegate_are_changed_and_told_by_name(growth: World) -> None:
    saved = Editing(growth).save(contributor_ids=("U0BO", "U0OLU"), delegate_id="U0LEA")
    assert parts(saved) == {"delegate": (None, "Lea"), "contributors": (None, "Bo, Olu")}
    assert parts(Editing(growth).save(contributor_ids=(), delegate_id=None)) == {
        "delegate": ("Lea", None), "contributors": ("Bo, Olu", None),
    }  # fmt: skip


def test_milestones_that_are_reached_stay(growth: World) -> None:
    growth.key_result("U0ANA", "Growth", kind="milestones", steps="A = 10\nB = 20\nC = 70")
    growth.say("U0ANA", "4 2", PROMPTED)
    assert "2 are reached" in refused(Editing(growth, number=4), reason="x", milestones="A")["milestones"]
    assert parts(Editing(growth, number=4).save("x", milestones="Alpha = 50\nBeta = 50"))


def test_it_is_restored_only_where_it_counts_then(growth: World) -> None:
    Editing(growth).save("x", state=State.DROPPED)
    growth.change(Objective, growth.row(2).objective_id, dropped_at=TUESDAY, drop_kind="postponed")
    home = growth.rows(KeyResult)[0].objective_id
    growth.change(Objective, home, dropped_at=TUESDAY, drop_kind="dropped")
    assert "O-1 is dropped itself" in refused(Editing(growth), state=State.IN_FORCE)["state"]
    growth.change(Objective, home, dropped_at=None)
    assert Editing(growth).save(state=State.IN_FORCE).change.action == "restored"


def test_published_ones_are_not_hidden_in_drafts_nor_drafts_slipped_among_published_ones(growth: World) -> None:
    one, two = growth.row(1).objective_id, growth.row(2).objective_id
    growth.change(Objective, two, published_at=None, created_by=growth.members["U0ANA"])
    assert "still a draft" in refused(Editing(growth), objective=two)["objective"]
    assert "Publish the draft first" in refused(Editing(growth, number=2), objective=one)["objective"]


def test_it_is_not_moved_into_the_archive(growth: World) -> None:
    growth.joins("U0ANA", "Quiet")
    there = growth.row(3)
    growth.change(Team, growth.teams["Quiet"], archived_at=TUESDAY)
    assert "Quiet is in the archive" in refused(Editing(growth), objective=there.objective_id)["objective"]


def test_while_somebody_is_asked_to_agree_only_they_and_its_author_change_it(growth: World) -> None:
    growth.change(
        Objective, growth.row(1).objective_id, published_at=None, approval_asked_at=TUESDAY,
        created_by=growth.members["U0BO"],
    )  # fmt: skip
    with pytest.raises(OkrError):
        Editing(growth)
    assert parts(Editing(growth, "U0LEA").save(title="The lead's wording"))
    assert parts(Editing(growth, "U0BO").save(title="The author's wording"))


def test_who_left_may_stay_where_they_stood_and_is_put_nowhere_else(growth: World) -> None:
    Editing(growth).save(contributor_ids=("U0BO",), delegate_id="U0BO")
    for slack_id in ("U0ANA", "U0BO"):
        growth.change(Member, growth.members[slack_id], deactivated_at=TUESDAY)
    assert parts(Editing(growth, "U0LEA").save(title="Still hers")) == {"wording": ("Key result 1", "Still hers")}
    assert set(refused(Editing(growth, "U0LEA"), owner_id="U0BO")) == {"owner"}
    assert "Bo has left" in refused(Editing(growth, "U0LEA", 3 - 1), contributor_ids=("U0BO",))["contributors"]


def test_who_has_left_is_not_told(growth: World) -> None:
    growth.change(Member, growth.members["U0ANA"], deactivated_at=TUESDAY)
    Editing(growth, "U0LEA").save(owner_id="U0BO")
    assert set(told(growth)) == {"U0BO"}
