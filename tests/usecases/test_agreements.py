"""Approval by a lead or champion, where the workspace wants it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.okr.changing import State
from bot.okr.errors import NotAllowed, OkrError
from bot.okr.facts import MyWeek
from bot.okr.setting import Agreement, AskedAnew, ObjectiveSet, Outcome
from bot.store.tables import Change, Cycle, Delivery, KeyResult, Member, Objective
from bot.usecases.actors import Actor
from bot.usecases.agreements import (
    Agree,
    SendBack,
    ShowRequest,
    Withdraw,
    agree,
    may_send_back,
    send_back,
    show_request,
    withdraw,
)
from bot.usecases.answers import InvalidAnswers
from bot.usecases.changing_objectives import (
    OpenObjectiveEdit,
    SaveObjectiveEdit,
    open_objective_edit,
    save_objective_edit,
)
from bot.usecases.objectives import OpenObjective, open_objective
from bot.usecases.people import KeepPeople, SlackPerson, keep_people
from bot.usecases.roles import ChangeRole, change_role
from bot.usecases.weeks import ShowMyWeek, my_week
from bot.usecases.workspace_options import ChangeOptions, change_workspace_options
from tests.usecases.test_objectives import NOW, at_once, press_next, press_save, set_one
from tests.usecases.world import TEAM, Team, Workspace, World, at

LATER = at("2026-10-07 10:00")


@pytest.fixture
def strict(lumen: World) -> World:
    lumen.do(change_workspace_options, ChangeOptions(Actor(TEAM, "U0CLEO"), approval_needed=True), NOW)
    return lumen


def shown(world: World, who: str = "U0LEA") -> ObjectiveSet:
    """What waits, as its message shows it."""
    found = world.do(show_request, ShowRequest(Actor(TEAM, who), 1), LATER, writes=False)
    assert isinstance(found, ObjectiveSet)
    return found


def approve(world: World, who: str = "U0LEA", read: ObjectiveSet | None = None) -> Agreement:
    """Press **Approve** on what was `read`, else on what stands there now."""
    done = press_approve(world, who, read)
    assert isinstance(done, Agreement)
    return done


def press_approve(world: World, who: str = "U0LEA", read: ObjectiveSet | None = None) -> Agreement | AskedAnew:
    if read is None:
        found = world.do(show_request, ShowRequest(Actor(TEAM, "U0CLEO"), 1), LATER, writes=False)
        read = found if isinstance(found, ObjectiveSet) else None
    version, seen = (None, None) if read is None else (read.version, read.seen)
    return world.do(agree, Agree(Actor(TEAM, who), 1, version, seen), LATER)


def take_back(world: World, who: str = "U0ANA") -> Agreement:
    return world.do(withdraw, Withdraw(Actor(TEAM, who), 1), LATER)


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
    strict.change(Objective, strict.rows(Objective)[0].id, dropped_at=NOW, approval_asked_at=None)
    assert approve(strict).outcome is Outcome.DISCARDED
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


def test_the_author_takes_it_back_changes_it_and_asks_again(strict: World) -> None:
    page = press_next(strict)
    press_save(strict, page)
    told(strict)
    read = shown(strict)
    for nobody in ("U0LEA", "U0CLEO", "U0BO"):
        with pytest.raises(NotAllowed, match="Only who wrote it"):
            take_back(strict, nobody)
    done = take_back(strict)
    assert (done.outcome, done.by, done.at) == (Outcome.WITHDRAWN, "Ana", LATER)
    assert take_back(strict) == done, "a second press changes nothing"
    assert approve(strict, read=read).outcome is Outcome.WITHDRAWN
    assert strict.rows(Objective)[0].published_at is None
    assert told(strict, LATER) == [("agreement_settled", "U0LEA", True)]
    assert [row.action for row in strict.rows(Change)][-1] == "withdrawn"

    page = press_next(strict, title="Delight schools in Wales")
    press_save(strict, page, now=LATER, title="", start="", target="", unit="")
    assert [kind for kind, *_ in told(strict, LATER)] == ["objective_set", "agreement_asked"]
    anew = press_approve(strict, read=read)
    assert isinstance(anew, AskedAnew), "the message of before showed something else"
    assert anew.asked.title == "Delight schools in Wales"
    assert approve(strict, read=anew.asked).agreed
    with pytest.raises(OkrError, match="published already"):
        take_back(strict)


def edit(world: World, title: str, who: str = "U0ANA", **more: Any) -> None:
    form = world.do(open_objective_edit, OpenObjectiveEdit(Actor(TEAM, who), 1), LATER, writes=False)
    values: dict[str, Any] = {
        "why": form.why, "team": None, "cycle": None, "supports": None, "owner": None, "private": form.private,
        "state": form.state, "reason": "", "form": 1, "seen": form.seen, **more,
    }  # fmt: skip
    world.do(save_objective_edit, SaveObjectiveEdit(Actor(TEAM, who), 1, title=title, **values), LATER)


def test_what_changed_since_it_was_read_is_told_and_asked_again(strict: World) -> None:
    set_one(strict)
    told(strict)
    read = shown(strict)
    edit(strict, "Delight every school")
    anew = press_approve(strict, read=read)
    assert isinstance(anew, AskedAnew)
    assert [(each.shown_id, each.change.author) for each in anew.changes] == [("O-1", "Ana")]
    assert [part.after for part in anew.changes[0].change.parts] == ["Delight every school"]
    assert press_approve(strict, read=read) == anew, "pressed twice, asked twice"
    assert isinstance(strict.do(agree, Agree(Actor(TEAM, "U0LEA"), 1), LATER), AskedAnew), "a button without version"
    assert strict.rows(Objective)[0].published_at is None
    assert approve(strict, read=anew.asked).agreed


def test_changed_and_changed_back_is_what_was_read(strict: World) -> None:
    set_one(strict)
    read = shown(strict)
    before = strict.rows(Objective)[0].title
    edit(strict, "Something else")
    edit(strict, before)
    assert approve(strict, read=read).agreed


def test_a_key_result_that_was_taken_away_is_another_version(strict: World) -> None:
    set_one(strict)
    read = shown(strict)
    strict.change(KeyResult, strict.rows(KeyResult)[0].id, weight=5)
    assert isinstance(press_approve(strict, read=read), AskedAnew)


def test_dropped_while_it_waits_it_waits_no_more(strict: World) -> None:
    set_one(strict)
    told(strict)
    read = shown(strict)
    edit(strict, "Delight schools", state=State.DROPPED, reason="Not now")
    assert told(strict, LATER) == [("agreement_settled", "U0LEA", True)]
    assert approve(strict, read=read).outcome is Outcome.DISCARDED
    with pytest.raises(OkrError):
        take_back(strict, "U0BO")


@pytest.mark.parametrize(
    ("table", "name", "values", "said"),
    [
        (Team, "team_id", {"archived_at": NOW}, "archive"),
        (Cycle, "cycle_id", {"archived_at": NOW}, "is over"),
        (Cycle, "cycle_id", {"ends_on": NOW.date() - timedelta(days=20)}, "is over"),
    ],
)
def test_nothing_begins_in_the_archive_or_when_its_cycle_is_over(
    strict: World, table: type[Any], name: str, values: dict[str, Any], said: str
) -> None:
    set_one(strict)
    strict.change(table, getattr(strict.rows(Objective)[0], name), **values)
    with pytest.raises(OkrError, match=said):
        approve(strict)
    assert strict.rows(Objective)[0].published_at is None
    assert not reject(strict, comment="Choose another").agreed


# --- who is asked instead


def leaves(world: World, who: str, *, deleted: bool = True, **more: Any) -> None:
    person = SlackPerson(who, who[2:].title(), zone="Europe/Berlin", deleted=deleted, **more)
    world.do(keep_people, KeepPeople(TEAM, (person,)), LATER)


def asked(world: World) -> str | None:
    approver = world.rows(Objective)[0].approver_id
    return next((name for name, row_id in world.members.items() if row_id == approver), None)


def test_when_the_asked_lead_leaves_the_next_is_asked_once_and_the_author_told(strict: World) -> None:
    strict.change(Team, strict.teams["Lumen"], lead_id=strict.members["U0OLU"])
    set_one(strict)
    assert asked(strict) == "U0LEA"
    told(strict)
    for _ in range(2):
        leaves(strict, "U0LEA")
    assert asked(strict) == "U0OLU", "the lead of the team above"
    sent = strict.deliver(LATER)
    assert [(row.kind, row.recipient) for row, _ in sent] == [
        ("objective_set", "U0ANA"), ("agreement_asked", "U0OLU"), ("somebody_left", "U0CLEO"),
    ]  # fmt: skip
    assert isinstance(sent[0][1].facts, ObjectiveSet)
    assert sent[0][1].facts.asked == "Olu"
    leaves(strict, "U0OLU")
    assert asked(strict) == "U0CLEO", "then a champion"
    leaves(strict, "U0CLEO", deleted=False, is_guest=True)
    assert asked(strict) is None
    assert strict.rows(Objective)[0].approval_asked_at == NOW
    facts = [out.facts for row, out in strict.deliver(LATER) if row.kind == "objective_set"][-1]
    assert isinstance(facts, ObjectiveSet)
    assert (facts.waits, facts.asked) == (True, None)
    leaves(strict, "U0CLEO", deleted=False)
    leaves(strict, "U0OLU", deleted=False)
    assert asked(strict) == "U0CLEO", "who comes back first is asked, and stays asked"
    assert approve(strict, "U0OLU").agreed


def test_another_lead_of_the_team_is_asked_instead(strict: World) -> None:
    set_one(strict)
    told(strict)
    strict.change(Team, strict.teams["Growth"], lead_id=strict.members["U0BO"])
    strict.do(change_role, ChangeRole(Actor(TEAM, "U0CLEO"), "U0SAM", "champion"), LATER)
    assert asked(strict) == "U0BO"
    assert told(strict, LATER)[:3] == [
        ("agreement_settled", "U0LEA", True), ("objective_set", "U0ANA", False), ("agreement_asked", "U0BO", False),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        approve(strict, "U0LEA")


def test_moved_to_another_team_its_lead_is_asked(strict: World) -> None:
    strict.joins("U0ANA", "Quiet")
    set_one(strict)
    told(strict)
    edit(strict, "Delight schools", team=strict.teams["Quiet"])
    assert asked(strict) == "U0CLEO"


def week(world: World, who: str) -> list[tuple[int, bool, str | None]]:
    found = world.do(my_week, ShowMyWeek(Actor(TEAM, who)), LATER)
    assert isinstance(found, MyWeek)
    return [(each.number, each.for_reader, each.other) for each in found.waiting]


def test_the_week_shows_what_waits_for_me_and_what_i_wait_for(strict: World) -> None:
    set_one(strict)
    assert week(strict, "U0LEA") == [(1, True, "Ana")]
    assert week(strict, "U0ANA") == [(1, False, "Lea")]
    assert week(strict, "U0BO") == week(strict, "U0CLEO") == []
    approve(strict)
    assert week(strict, "U0LEA") == week(strict, "U0ANA") == []
