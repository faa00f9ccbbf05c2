"""Approval by a lead or champion, where the workspace wants it."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.okr.errors import NotAllowed, OkrError
from bot.okr.setting import Agreement, ObjectiveSet
from bot.store.tables import Change, Delivery, Member, Objective
from bot.usecases.actors import Actor
from bot.usecases.agreements import Agree, SendBack, agree, may_send_back, send_back
from bot.usecases.answers import InvalidAnswers
from bot.usecases.objectives import OpenObjective, open_objective
from bot.usecases.workspace_options import ChangeOptions, change_workspace_options
from tests.usecases.test_objectives import NOW, at_once, press_next, press_save, set_one
from tests.usecases.world import TEAM, Team, Workspace, World, at

LATER = at("2026-10-07 10:00")


@pytest.fixture
def strict(lumen: World) -> World:
    lumen.do(change_workspace_options, ChangeOptions(Actor(TEAM, "U0CLEO"), approval_needed=True), NOW)
    return lumen


def approve(world: World, who: str = "U0LEA") -> Agreement:
    return world.do(agree, Agree(Actor(TEAM, who), 1), LATER)


def reject(world: World, who: str = "U0LEA", comment: str | None = "Which schools?") -> Agreement:
    return world.do(send_back, SendBack(Actor(TEAM, who), 1, comment), LATER)


def told(world: World, now: Any = NOW) -> list[tuple[str, str, object]]:
    """What went out: kind, to whom, and whether it changed a message."""
    return [(row.kind, row.recipient, sent.update_ts is not None) for row, sent in world.deliver(now)]


def test_what_a_member_sets_waits_for_the_lead_and_is_in_no_list(strict: World) -> None:
    page = press_next(strict)
    assert page.asks
    done = press_save(strict, page)
    assert isinstance(done, ObjectiveSet)
    assert (done.asked, done.agreed_by) == ("Lea", None)
    (row,) = strict.rows(Objective)
    assert (row.published_at, row.approval_asked_at) == (None, NOW)
    with pytest.raises(OkrError, match="no open key result"):
        strict.say("U0ANA", "1 5", NOW)
    assert strict.do(open_objective, OpenObjective(Actor(TEAM, "U0ANA"), "n2"), NOW).drafts == ()
    assert press_save(strict, page) == done, "the same form again"
    with pytest.raises(OkrError, match="waits for agreement"):
        press_save(strict, page, target="90")
    assert told(strict) == [("objective_set", "U0ANA", False), ("agreement_asked", "U0LEA", False)]


def test_the_lead_agrees_once_and_both_are_told(strict: World) -> None:
    set_one(strict)
    told(strict)
    done = approve(strict)
    assert (done.agreed, done.by, done.author) == (True, "Lea", "Ana")
    (row,) = strict.rows(Objective)
    assert (row.published_at, row.approval_asked_at) == (LATER, None)
    sent = strict.deliver(LATER)
    assert [(row.kind, row.recipient, out.update_ts is not None) for row, out in sent] == [
        ("objective_set", "U0ANA", False), ("agreement_settled", "U0LEA", True),
    ]  # fmt: skip
    assert isinstance(sent[0][1].facts, ObjectiveSet)
    assert sent[0][1].facts.agreed_by == "Lea"
    assert approve(strict, "U0CLEO") == done == reject(strict, "U0CLEO"), "a second click answers what happened"
    assert strict.do(may_send_back, SendBack(Actor(TEAM, "U0LEA"), 1), LATER) == done
    assert told(strict, LATER) == []
    assert strict.say("U0ANA", "1 150", LATER).lines[0].after == 150


def test_it_is_sent_back_with_a_comment_and_asked_again(strict: World) -> None:
    set_one(strict)
    told(strict)
    assert strict.do(may_send_back, SendBack(Actor(TEAM, "U0LEA"), 1), LATER) is None
    for nothing in (None, "  ", "\u200b"):
        with pytest.raises(InvalidAnswers):
            reject(strict, comment=nothing)
    done = reject(strict)
    assert (done.agreed, done.comment) == (False, "Which schools?")
    assert approve(strict) == done == reject(strict, comment="Again")
    assert [(row.action, row.reason) for row in strict.rows(Change) if row.reason] == [("sent back", "Which schools?")]
    assert sorted(told(strict, LATER)) == [
        ("agreement_settled", "U0LEA", True), ("objective_sent_back", "U0ANA", False),
    ]  # fmt: skip
    assert [
        each.number for each in strict.do(open_objective, OpenObjective(Actor(TEAM, "U0ANA"), "n2"), NOW).drafts
    ] == [1]

    page = press_next(strict, title="Delight schools in Wales")
    asked = press_save(strict, page, now=LATER, title="", start="", target="", unit="")
    assert isinstance(asked, ObjectiveSet)
    assert asked.asked == "Lea"
    assert told(strict, LATER) == [("objective_set", "U0ANA", False), ("agreement_asked", "U0LEA", False)]


def test_a_request_that_was_overtaken_is_not_sent(strict: World) -> None:
    set_one(strict)
    approve(strict, "U0CLEO")
    assert [kind for kind, *_ in told(strict, LATER)] == ["objective_set", "objective_set"]


@pytest.mark.parametrize("who", ["U0LEA", "U0CLEO"])
def test_leads_and_champions_need_nobody_s_agreement(strict: World, who: str) -> None:
    page = press_next(strict, who, team=strict.teams["Growth"])
    assert not page.asks
    press_save(strict, page, who)
    assert strict.rows(Objective)[0].published_at == NOW


def test_without_a_lead_the_first_champion_is_asked(strict: World) -> None:
    strict.change(Member, strict.members["U0LEA"], deactivated_at=NOW)
    set_one(strict)
    assert told(strict)[1][:2] == ("agreement_asked", "U0CLEO")


def test_where_nobody_can_be_asked_nobody_is(empty: World) -> None:
    empty.member("U0ANA", "Ana")
    empty.change(Workspace, empty.workspace_id, approval_needed=True)
    assert set_one(empty).asked is None
    assert empty.rows(Objective)[0].published_at is not None


@pytest.mark.parametrize("who", ["U0ANA", "U0BO", "U0SAM"])
def test_nobody_else_agrees(strict: World, who: str) -> None:
    set_one(strict)
    for press in (approve, reject):
        with pytest.raises(NotAllowed, match="Only the lead"):
            press(strict, who)


def test_the_lead_s_lead_may_agree(strict: World) -> None:
    root = strict.teams["Lumen"]
    strict.change(Team, root, lead_id=strict.members["U0OLU"])
    set_one(strict)
    assert approve(strict, "U0OLU").by == "Olu"


def test_what_was_discarded_can_t_be_decided(strict: World) -> None:
    set_one(strict)
    strict.change(Objective, strict.rows(Objective)[0].id, dropped_at=NOW)
    with pytest.raises(OkrError, match="taken back"):
        approve(strict)
    with pytest.raises(OkrError, match="no objective O-9"):
        strict.do(agree, Agree(Actor(TEAM, "U0LEA"), 9), NOW)
    assert told(strict) == []


def test_two_who_decide_at_once_decide_once(strict: World) -> None:
    set_one(strict)
    answers: list[Agreement] = []
    presses: list[Callable[[], Agreement]] = [lambda: approve(strict), lambda: reject(strict, "U0CLEO")]
    at_once(lambda index: answers.append(presses[index]()), 2)
    assert answers[0] == answers[1]
    assert len([row for row in strict.rows(Delivery) if row.kind == "agreement_settled"]) == 1


def test_options_are_for_champions(lumen: World) -> None:
    with pytest.raises(NotAllowed, match="champion"):
        lumen.do(change_workspace_options, ChangeOptions(Actor(TEAM, "U0LEA"), approval_needed=True), NOW)
    with pytest.raises(OkrError):
        lumen.do(change_workspace_options, ChangeOptions(Actor(TEAM, "U0CLEO"), fiscal_start_month=13), NOW)
    change = ChangeOptions(Actor(TEAM, "U0CLEO"), individual_objectives=True, fiscal_start_month=4)
    for _ in range(2):
        lumen.do(change_workspace_options, change, NOW)
    (workspace,) = lumen.rows(Workspace)
    assert (workspace.approval_needed, workspace.individual_objectives, workspace.fiscal_start_month) == (
        False, True, 4,
    )  # fmt: skip
    assert len(lumen.rows(Change)) == 1
