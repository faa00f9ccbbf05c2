"""**Add Key Result**: one more for an objective that is published."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.okr.changing import ChangeNotice
from bot.okr.details import AgreedChange
from bot.okr.errors import NotAllowed, NotFound, OkrError
from bot.okr.setting import KeyResultForm, ObjectiveSet
from bot.usecases.actors import Actor
from bot.usecases.adding import OpenAnother, open_another
from bot.usecases.answers import InvalidAnswers
from bot.usecases.details import ShowKeyResult, show_key_result
from bot.usecases.key_results import ChooseKind, SaveKeyResult, choose_kind, save_key_result
from bot.usecases.objectives import Refused
from tests.usecases.test_objectives import DAYS
from tests.usecases.world import PROMPTED, TEAM, KeyResult, Objective, Workspace, World

TUESDAY = PROMPTED + timedelta(days=1)


@pytest.fixture
def growth(lumen: World) -> World:
    """O-1 with Ana's key result, in Growth."""
    lumen.key_result("U0ANA", "Growth")
    return lumen


def opened(world: World, who: str = "U0LEA", number: int = 1) -> KeyResultForm:
    return world.do(open_another, OpenAnother(Actor(TEAM, who), number), TUESDAY)


def save(world: World, form: KeyResultForm, who: str = "U0LEA", *, another: bool = False, **typed: Any) -> Any:
    fields = replace(DAYS, **typed)
    command = SaveKeyResult(Actor(TEAM, who), form.objective, form.form, fields, another, "w", adding=True)
    return world.do(save_key_result, command, TUESDAY)


def test_it_counts_at_once_with_its_history_and_its_owner_is_told(growth: World) -> None:
    form = opened(growth)
    assert (form.adding, form.asks, len(form.kept), form.fields.is_blank) == (True, False, 1, True)
    done = save(growth, form)
    assert isinstance(done, ObjectiveSet)
    assert [each.number for each in done.key_results] == [1, 2]
    assert save(growth, form) == done, "a double click is one key result"
    assert len(growth.rows(KeyResult)) == 2
    shown = growth.do(show_key_result, ShowKeyResult(Actor(TEAM, "U0ANA"), 2), TUESDAY, writes=False)
    (entry,) = shown.history.entries
    assert isinstance(entry, AgreedChange)
    assert (entry.author, entry.action) == ("Lea", "set")
    told = [(row.recipient, out.facts) for row, out in growth.deliver(TUESDAY)]
    assert [(who, note.concerns) for who, note in told if isinstance(note, ChangeNotice)] == [("U0ANA", "new owner")]
    assert growth.say("U0ANA", "2 150", TUESDAY).lines[0].number == 2


def test_one_after_the_other_until_a_form_stays_empty(growth: World) -> None:
    second = save(growth, opened(growth), another=True)
    assert isinstance(second, KeyResultForm)
    assert (second.adding, second.form, len(second.kept)) == (True, 3, 2)
    done = save(growth, second, title="", start="", target="", unit="")
    assert isinstance(done, ObjectiveSet)
    assert len(growth.rows(KeyResult)) == 2


def test_what_is_wrong_is_told_and_kept_for_the_next_time(growth: World) -> None:
    form = opened(growth)
    refused = save(growth, form, target="soon")
    assert isinstance(refused, Refused)
    assert set(refused.error.by_field) == {"target"}
    assert opened(growth).fields.target == "soon"
    command = ChooseKind(Actor(TEAM, "U0LEA"), 1, form.form, replace(DAYS, kind="yes_no"), adding=True)
    chosen = growth.do(choose_kind, command, TUESDAY)
    assert (chosen.adding, chosen.fields.kind) == (True, "yes_no")


def test_weights_that_would_all_be_nothing_are_refused(growth: World) -> None:
    growth.change(KeyResult, growth.rows(KeyResult)[0].id, weight=0)
    with pytest.raises(InvalidAnswers, match="more than 0"):
        save(growth, opened(growth), weight="0")
    assert len(growth.rows(KeyResult)) == 1


def test_who_may_not_change_it_adds_nothing(growth: World) -> None:
    form = opened(growth)
    for who in ("U0BO", "U0OLU", "U0SAM"):
        with pytest.raises(NotAllowed):
            opened(growth, who)
        with pytest.raises(NotAllowed):
            save(growth, form, who)
    with pytest.raises(NotFound):
        opened(growth, number=99)
    objective = growth.rows(Objective)[0].id
    growth.change(Objective, objective, created_by=growth.members["U0BO"])
    assert opened(growth, "U0BO").objective == 1
    growth.change(Workspace, growth.workspace_id, approval_needed=True)
    with pytest.raises(NotAllowed, match="lead or champion agrees"):
        save(growth, form, "U0BO")
    assert isinstance(save(growth, form), ObjectiveSet)


def test_nothing_is_added_to_what_is_dropped_or_a_draft(growth: World) -> None:
    form, objective = opened(growth), growth.rows(Objective)[0].id
    growth.change(Objective, objective, dropped_at=TUESDAY, drop_kind="dropped")
    with pytest.raises(OkrError, match="Restore it first"):
        opened(growth)
    with pytest.raises(OkrError):
        save(growth, form)
    growth.change(Objective, objective, dropped_at=None, published_at=None)
    with pytest.raises(OkrError, match="still a draft"):
        opened(growth, "U0CLEO")
