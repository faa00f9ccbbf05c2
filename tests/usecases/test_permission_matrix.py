"""Who may do what, driven through the use cases themselves: role by action by whose object.

One table (`bot.okr.permissions.MAY`) says it; commands, buttons on old messages and Home all end in these use cases.
Every try is rolled back, so that one company serves them all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.okr.changing import State
from bot.okr.errors import NotAllowed, NotFound
from bot.okr.forms import ObjectiveFields
from bot.okr.permissions import MAY, Action, Relation, may
from bot.store.tables import CheckIn, Contributor, KeyResult, Objective, Submission, TeamObserver
from bot.usecases import check_in_edits
from bot.usecases.actors import Actor, UnknownMember
from bot.usecases.agreements import Agree, Withdraw, agree, withdraw
from bot.usecases.changing import OpenEdit, open_edit
from bot.usecases.changing_objectives import (
    OpenObjectiveEdit,
    SaveObjectiveEdit,
    open_objective_edit,
    save_objective_edit,
)
from bot.usecases.checkins import LineAnswer, SendLines, UndoSubmission, send_lines, undo_submission
from bot.usecases.cycle_forms import OpenCycle, open_cycle
from bot.usecases.cycles import ArchiveCycle, archive_cycle
from bot.usecases.details import ShowKeyResult, ShowObjective, show_key_result, show_objective
from bot.usecases.leavers import OpenHandOver, open_hand_over
from bot.usecases.objectives import DiscardDraft, Refused, SetObjective, discard_draft, set_objective
from bot.usecases.roles import ChangeRole, change_role
from bot.usecases.team_forms import OpenTeam, SaveTeam, open_team, save_team
from bot.usecases.teams import ArchiveTeam, archive_team
from bot.usecases.workspaces import OpenSetUp, open_set_up
from tests.databases import TestDatabases
from tests.usecases.world import QUARTER, TEAM, Member, World, at, world_on

NOW = at("2026-10-06 10:00")
R = Relation
PEOPLE: dict[str, set[Relation]] = {
    "U0AUTHOR": {R.AUTHOR},
    "U0OWNER": {R.OWNER},
    "U0DELEGATE": {R.DELEGATE},
    "U0CONTRIBUTOR": {R.CONTRIBUTOR},
    "U0MEMBER": {R.MEMBER},
    "U0LEAD": {R.LEAD},
    "U0LEADABOVE": {R.LEAD},
    "U0OBSERVER": {R.OBSERVER},
    "U0SPONSOR": {R.SPONSOR},
    "U0CHAMPION": {R.CHAMPION},
    "U0ANYBODY": set(),
    "U0OTHERLEAD": set(),
    "U0OTHERMEMBER": set(),
}
"""Everybody in one relation to the team Growth, its objective, key result, draft and check-in; the last three
in none."""
PUBLIC, PRIVATE, DRAFT, ASKED = 1, 2, 3, 4


def made(world: World) -> World:
    """Growth below Lumen, with a public, a private, a drafted and a waiting objective."""

    def work() -> None:
        for slack_id in PEOPLE:
            world.member(slack_id, slack_id.title())
        world.role("U0SPONSOR", "sponsor")
        world.role("U0CHAMPION", "champion")
        root = world.team("Lumen", level="company", lead="U0LEADABOVE")
        world.team("Growth", lead="U0LEAD", parent_id=root)
        world.team("Elsewhere", lead="U0OTHERLEAD", parent_id=root)
        world.joins("U0MEMBER", "Growth")
        world.joins("U0OTHERMEMBER", "Elsewhere")
        world.cycle(*QUARTER)
        for _ in (PUBLIC, PRIVATE, DRAFT, ASKED):
            world.key_result("U0OWNER", "Growth")
        world.member("U0LEAVER", "Leaver")
        world.key_result("U0LEAVER", "Growth")

    world.together(work)
    world.change(Member, world.members["U0LEAVER"], deactivated_at=NOW)
    ids, growth = world.members, world.teams["Growth"]
    world.add(TeamObserver(workspace_id=world.workspace_id, team_id=growth, member_id=ids["U0OBSERVER"]))
    for row in world.rows(KeyResult):
        world.change(KeyResult, row.id, delegate_id=ids["U0DELEGATE"])
        link = {"key_result_id": row.id, "member_id": ids["U0CONTRIBUTOR"]}
        world.add(Contributor(workspace_id=world.workspace_id, **link))
    states: dict[int, dict[str, Any]] = {
        PUBLIC: {},
        PRIVATE: {"private": True},
        DRAFT: {"published_at": None, "form_nonce": "draft"},
        ASKED: {"published_at": None, "approval_asked_at": NOW},
    }
    for objective in world.rows(Objective):
        owned = {"created_by": ids["U0AUTHOR"], "owner_id": ids["U0OWNER"]}
        world.change(Objective, objective.id, **owned, **states.get(objective.number, {}))
    sent = world.add(
        Submission(workspace_id=world.workspace_id, member_id=ids["U0AUTHOR"], source="modal", submitted_at=NOW)
    )
    moments = {"as_of": NOW, "recorded_at": NOW, "author_id": ids["U0AUTHOR"], "value": 5}
    world.add(CheckIn(workspace_id=world.workspace_id, submission_id=sent.id, key_result_id=1, **moments))
    return world


@pytest.fixture(scope="module")
def company(databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with databases.sqlite(tmp_path_factory.mktemp("matrix")) as url, world_on(url) as world:
        yield made(world)


Doing = Callable[[World, Actor], tuple[Callable[..., Any], Any]]


def _save_team(world: World, actor: Actor, **more: Any) -> tuple[Callable[..., Any], Any]:
    values: dict[str, Any] = {
        "team": None, "name": "New", "level": "team", "parent": world.teams["Growth"], "lead": "U0LEAD",
        "channel": None, "members": (), "observers": (), "source": "hand", **more,
    }  # fmt: skip
    return save_team, SaveTeam(actor, "nonce", **values)


def _edit_growth(world: World, actor: Actor) -> tuple[Callable[..., Any], Any]:
    return _save_team(world, actor, team=world.teams["Growth"], name="Growth", parent=world.teams["Lumen"])


def _set(world: World, actor: Actor) -> tuple[Callable[..., Any], Any]:
    fields = ObjectiveFields(title="Grow", team=world.teams["Growth"], cycle=world.cycle_id)
    return set_objective, SetObjective(actor, "new", 1, fields)


def _drop(world: World, actor: Actor) -> tuple[Callable[..., Any], Any]:
    return save_objective_edit, SaveObjectiveEdit(
        actor, PUBLIC, title="Objective 1", why="", team=world.teams["Growth"], cycle=world.cycle_id, supports=None,
        owner="U0OWNER", private=False, state=State.DROPPED, reason="Not any more", form=1, seen=0,
    )  # fmt: skip


DRIVEN: dict[str, tuple[Action, Doing]] = {
    "show an objective": (Action.READ, lambda w, a: (show_objective, ShowObjective(a, PUBLIC))),
    "show a key result": (Action.READ, lambda w, a: (show_key_result, ShowKeyResult(a, PUBLIC))),
    "show a private objective": (Action.READ_PRIVATE, lambda w, a: (show_objective, ShowObjective(a, PRIVATE))),
    "show a private key result": (Action.READ_PRIVATE, lambda w, a: (show_key_result, ShowKeyResult(a, PRIVATE))),
    "show a draft": (Action.SEE_DRAFT, lambda w, a: (show_objective, ShowObjective(a, DRAFT))),
    "check in": (Action.CHECK_IN, lambda w, a: (send_lines, SendLines(a, "line", (LineAnswer(PUBLIC, "7", None),)))),
    "undo": (Action.UNDO_CHECK_IN, lambda w, a: (undo_submission, UndoSubmission(a, 1))),
    "edit a check-in": (
        Action.EDIT_CHECK_IN,
        lambda w, a: (check_in_edits.open_edit, check_in_edits.OpenEdit(a, 1, 1)),
    ),
    "hand over": (Action.HAND_OVER, lambda w, a: (open_hand_over, OpenHandOver(a, w.members["U0LEAVER"]))),
    "set an objective": (Action.SET_OBJECTIVE, _set),
    "discard a draft": (Action.EDIT_DRAFT, lambda w, a: (discard_draft, DiscardDraft(a, "draft", "n", 1))),
    "approve": (Action.APPROVE, lambda w, a: (agree, Agree(a, ASKED))),
    "withdraw": (Action.WITHDRAW, lambda w, a: (withdraw, Withdraw(a, ASKED))),
    "edit an objective": (Action.EDIT_OBJECTIVE, lambda w, a: (open_objective_edit, OpenObjectiveEdit(a, PUBLIC))),
    "drop an objective": (Action.DROP_OBJECTIVE, _drop),
    "edit a key result": (Action.EDIT_KEY_RESULT, lambda w, a: (open_edit, OpenEdit(a, PUBLIC))),
    "make a team": (Action.MAKE_TEAM, _save_team),
    "edit a team": (Action.EDIT_TEAM, _edit_growth),
    "open a team's form": (Action.EDIT_TEAM, lambda w, a: (open_team, OpenTeam(a, "n", w.teams["Growth"]))),
    "archive a team": (Action.ARCHIVE_TEAM, lambda w, a: (archive_team, ArchiveTeam(a, w.teams["Growth"]))),
    "make a cycle": (Action.EDIT_CYCLE, lambda w, a: (open_cycle, OpenCycle(a, "n"))),
    "edit a cycle": (Action.EDIT_CYCLE, lambda w, a: (open_cycle, OpenCycle(a, "n", cycle=w.cycle_id))),
    "restore a cycle": (Action.EDIT_CYCLE, lambda w, a: (archive_cycle, ArchiveCycle(a, w.cycle_id, back=True))),
    "give a role": (Action.GRANT_ROLE, lambda w, a: (change_role, ChangeRole(a, "U0ANYBODY", "sponsor"))),
    "take a role": (Action.GRANT_ROLE, lambda w, a: (change_role, ChangeRole(a, "U0SPONSOR", "sponsor", off=True))),
    "set up": (Action.CHANGE_WORKSPACE, lambda w, a: (open_set_up, OpenSetUp(a))),
}
NO_GUESTS = {"discard a draft"}
"""What follows is a form for setting, and guests set nothing, so no guest is the author of a draft."""


class _Enough(Exception):
    """Ends a try that went through, so that nothing of it stays."""


class _RefusedAtAField(Exception):
    """A form that says at its field what one may not choose."""


def refused(world: World, doing: Doing, who: str, **changed: Any) -> bool:
    """Whether the use case refuses it to somebody who is `changed` (a guest, deactivated, a bot)."""
    use_case, command = doing(world, Actor(TEAM, who))

    def work(session: Session) -> None:
        if changed:
            session.execute(update(Member).where(Member.slack_id == who).values(**changed))
        answer = use_case(session, command, NOW + timedelta(minutes=1))
        raise _RefusedAtAField if isinstance(answer, Refused) else _Enough

    with _ended() as outcome:
        world.database.transact(work, seconds=30)
    return outcome[0]


@contextmanager
def _ended() -> Iterator[list[bool]]:
    outcome: list[bool] = []
    try:
        yield outcome
    except _Enough:
        outcome.append(False)
    except (NotAllowed, NotFound, UnknownMember, _RefusedAtAField):
        outcome.append(True)


def test_every_action_of_the_table_is_driven() -> None:
    assert {action for action, _ in DRIVEN.values()} == set(MAY)


@pytest.mark.parametrize("what", DRIVEN)
def test_everybody_may_do_what_the_table_says_and_nothing_else(company: World, what: str) -> None:
    action, doing = DRIVEN[what]
    found = {who: not refused(company, doing, who) for who in PEOPLE}
    assert found == {who: may(action, relations) for who, relations in PEOPLE.items()}


@pytest.mark.parametrize("what", [each for each in DRIVEN if each not in NO_GUESTS])
def test_guests_hold_only_what_is_theirs(company: World, what: str) -> None:
    action, doing = DRIVEN[what]
    # To guests every objective is as a private one: they read what they work on.
    action = Action.READ_PRIVATE if action is Action.READ else action
    found = {who: not refused(company, doing, who, is_guest=True) for who in PEOPLE}
    assert found == {who: may(action, relations, guest=True) for who, relations in PEOPLE.items()}


@pytest.mark.parametrize("changed", [{"deactivated_at": NOW}, {"is_bot": True}])
@pytest.mark.parametrize("what", DRIVEN)
def test_who_has_left_and_bots_may_do_nothing(company: World, what: str, changed: dict[str, Any]) -> None:
    assert all(refused(company, DRIVEN[what][1], who, **changed) for who in PEOPLE)


@pytest.mark.parametrize("what", DRIVEN)
def test_strangers_of_a_shared_channel_may_do_nothing(company: World, what: str) -> None:
    assert refused(company, DRIVEN[what][1], "U0STRANGER")
