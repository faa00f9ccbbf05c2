"""Every screen of the bot, on a company of a few key results that grows to thousands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from bot.okr.changing import State
from bot.okr.details import Mark
from bot.okr.forms import KeyResultFields
from bot.store.session import Session
from bot.store.tables import Change, Cycle, Draft, KeyResult, MemberRole, RoundPart, Team
from bot.usecases import check_in_edits
from bot.usecases.actors import Actor
from bot.usecases.agreements import SendBack, may_send_back
from bot.usecases.changing import OpenEdit, RedrawEdit, open_edit, redraw_edit
from bot.usecases.changing_objectives import OpenObjectiveEdit, open_objective_edit
from bot.usecases.check_in_pages import DiscardDrafts, discard_drafts
from bot.usecases.checkins import OpenForm, open_form
from bot.usecases.cycle_forms import OpenCycle, open_cycle
from bot.usecases.cycles import ShowCycle, ShowCycles, show_cycle, show_cycles
from bot.usecases.details import (
    ShowKeyResult,
    ShowObjective,
    ShowObjectiveHistory,
    show_key_result,
    show_objective,
    show_objective_history,
)
from bot.usecases.history import Window
from bot.usecases.in_step import FindSources, find_sources
from bot.usecases.key_results import ChooseKind, choose_kind
from bot.usecases.leavers import OpenHandOver, open_hand_over
from bot.usecases.lists import ListKeyResults, list_key_results
from bot.usecases.objectives import OpenDraft, OpenObjective, open_draft, open_objective
from bot.usecases.people import KeepPeople, SlackPerson, keep_people
from bot.usecases.roles import ShowRoles, show_roles
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
from bot.usecases.team_forms import FindParents, OpenTeam, find_parents, open_team
from bot.usecases.teams import ShowTeam, ShowTeams, show_team, show_teams
from bot.usecases.weeks import ShowMyWeek, my_week
from bot.usecases.workspaces import OpenSetUp, open_set_up
from tests.usecases.test_objectives import press_next, press_save, set_one
from tests.usecases.world import PROMPTED, TEAM, CheckIn, Member, Objective, Submission, Workspace, World, at, company

TUESDAY = PROMPTED + timedelta(days=1)
FRIDAY = at("2026-10-09 10:00")
LATE = at("2026-11-16 09:00")
"""Half of the quarter is over, so that what was at 7 percent is at risk."""
ANA, CLEO, LEA = Actor(TEAM, "U0ANA"), Actor(TEAM, "U0CLEO"), Actor(TEAM, "U0LEA")
MANY_OF_ONE = 60


@dataclass(frozen=True)
class Screen:
    """A use case that shows something, what it is asked, and when; `writes`: it keeps what was typed."""

    use_case: Any
    command: Any
    now: datetime = TUESDAY

    @property
    def writes(self) -> bool:
        """Forms that are redrawn keep a draft."""
        return self.use_case in (choose_kind, discard_drafts)


LISTS: Mapping[str, dict[str, Any]] = {
    "list, my own": {},
    "list, a person": {"person": "U0BO"},
    "list, a team": {"team": "Growth"},
    "list, the company": {"company": True},
    "list, a page": {"team": "Growth", "after": 1},
    "list, the page before": {"team": "Growth", "before": 3},
    "list, beyond the end": {"company": True, "after": 10**6},
    "list, missing": {"only": "missing"},
    "list, missing in a team": {"team": "Growth", "only": "missing"},
    "list, missing, a page": {"only": "missing", "after": 1},
}
FILTERED: Mapping[str, dict[str, Any]] = {
    "mine": {},
    "a person": {"person": "U0BO"},
    "a team": {"team": "Growth"},
    "the company": {"company": True},
    "a page": {"company": True, "after": 1},
}
FILTERS = ("at risk", "stale", "all")


def screens(world: World) -> dict[str, Screen]:
    """Every screen, on the company that `small` made."""
    waiting, draft = _number(world, "waits"), _number(world, "draft")
    older = Window(older_than=Mark(LATE, 1, 10**6))
    newer = Window(newer_than=Mark(PROMPTED, 1, 10**9))
    typed = KeyResultFields(title="Typed", kind="milestones")
    redrawing = RedrawEdit(ANA, 1, typed, world.row(1).objective_id, State.IN_FORCE, form=1, seen=0)
    found: dict[str, Screen] = {
        "my week": Screen(my_week, ShowMyWeek(ANA)),
        "check in": Screen(open_form, OpenForm(ANA, "n")),
        "check in, drafts discarded": Screen(discard_drafts, DiscardDrafts(ANA, "n", 1, (1, 6, 7))),
        "edit a check-in": Screen(check_in_edits.open_edit, check_in_edits.OpenEdit(Actor(TEAM, "U0BO"), 1, 2)),
        "choose a check-in to edit": Screen(check_in_edits.open_edit, check_in_edits.OpenEdit(Actor(TEAM, "U0BO"), 1)),
        "key result": Screen(show_key_result, ShowKeyResult(ANA, 1)),
        "key result, a guardrail": Screen(show_key_result, ShowKeyResult(ANA, 6)),
        "key result, milestones": Screen(show_key_result, ShowKeyResult(ANA, 7)),
        "key result, older": Screen(show_key_result, ShowKeyResult(ANA, 1, older)),
        "key result, newer": Screen(show_key_result, ShowKeyResult(ANA, 1, newer)),
        "objective": Screen(show_objective, ShowObjective(ANA, 1)),
        "objective, history": Screen(show_objective_history, ShowObjectiveHistory(ANA, 1)),
        "objective, older": Screen(show_objective_history, ShowObjectiveHistory(ANA, 1, older)),
        "edit key result": Screen(open_edit, OpenEdit(ANA, 1)),
        "edit key result, milestones": Screen(open_edit, OpenEdit(ANA, 7)),
        "edit key result, redrawn": Screen(redraw_edit, redrawing),
        "edit objective": Screen(open_objective_edit, OpenObjectiveEdit(CLEO, 1)),
        "menu of objectives": Screen(suggest_places, SuggestPlaces(ANA, "o", 1)),
        "menu of what it supports": Screen(suggest_supports, SuggestSupports(ANA, "", None, objective=1)),
        "menu of cycles": Screen(suggest_cycles, SuggestCycles(ANA, "q")),
        "new objective": Screen(open_objective, OpenObjective(ANA, "n")),
        "go on with a draft": Screen(open_draft, OpenDraft(ANA, "draft", 2)),
        "choose kind": Screen(choose_kind, ChooseKind(ANA, draft, 2, typed)),
        "choose kind, a lead": Screen(choose_kind, ChooseKind(LEA, draft, 2, typed)),
        "send back": Screen(may_send_back, SendBack(LEA, waiting)),
        "roles": Screen(show_roles, ShowRoles(ANA)),
        "supports": Screen(suggest_supports, SuggestSupports(ANA, "many", None, "n")),
        "teams": Screen(suggest_teams, SuggestTeams(CLEO, "gr")),
        "tree of teams": Screen(show_teams, ShowTeams(ANA)),
        "a team": Screen(show_teams, ShowTeams(ANA, "Growth")),
        "a team by its button": Screen(show_team, ShowTeam(ANA, world.teams["Growth"])),
        "new team": Screen(open_team, OpenTeam(CLEO, "n")),
        "edit team": Screen(open_team, OpenTeam(CLEO, "n", 2)),
        "teams above": Screen(find_parents, FindParents(CLEO, 2, "l")),
        "who is kept in step": Screen(find_sources, FindSources(TEAM)),
        "cycles": Screen(show_cycles, ShowCycles(ANA)),
        "a cycle": Screen(show_cycles, ShowCycles(ANA, "Q4 2026")),
        "a cycle by its button": Screen(show_cycle, ShowCycle(ANA, 1)),
        "new cycle": Screen(open_cycle, OpenCycle(CLEO, "n")),
        "edit cycle": Screen(open_cycle, OpenCycle(CLEO, "n", cycle=1)),
        "set up": Screen(open_set_up, OpenSetUp(CLEO)),
        "hand over": Screen(open_hand_over, OpenHandOver(LEA, world.members["U0GONE"])),
    }
    lists = {f"list, {name}, {only}": {**of, "only": only} for only in FILTERS for name, of in FILTERED.items()}
    for name, given in {**LISTS, **lists}.items():
        found[name] = Screen(list_key_results, ListKeyResults(ANA, **given))
        found[f"{name}, late"] = Screen(list_key_results, ListKeyResults(ANA, **given), LATE)
    return found


def _number(world: World, nonce: str) -> int:
    return world.rows(Objective, Objective.form_nonce == nonce)[0].number


def small(world: World) -> World:
    """A round under way and closed, one submission in it; every kind, what is private, what waits, who has left.

    Ana owns KR-1 (metric), KR-6 (guardrail) and KR-7 (milestones); Bo KR-2, KR-3, KR-4; KR-5 is private, and KR-8 was
    of somebody who has left. One objective waits for agreement, one is a draft.
    """
    company(world)
    world.key_result("U0ANA", "Growth")
    world.key_result("U0BO", "Growth")
    above = world.row(1).objective_id
    world.key_result("U0BO", "Growth", kind="stay_below", objective=above)
    world.key_result("U0BO", "Growth", kind="milestones", steps="Alpha\nBeta", objective=above)
    secret = world.key_result("U0OLU", "Quiet")
    world.change(Objective, world.row(secret).objective_id, private=True)
    world.key_result("U0ANA", "Growth", kind="stay_above")
    world.key_result("U0ANA", "Growth", kind="milestones", steps="Alpha\nBeta")
    world.member("U0GONE", "Gone")
    world.key_result("U0GONE", "Growth")
    world.tick(PROMPTED)
    world.say("U0BO", "2 5", PROMPTED + timedelta(hours=1))
    world.say("U0ANA", "1 5", PROMPTED + timedelta(hours=2))
    world.tick(FRIDAY)
    world.change(Workspace, world.workspace_id, approval_needed=True)
    set_one(world, nonce="waits", supports=above)
    page = press_next(world, nonce="draft", supports=above)
    press_save(world, page, another=True, kind="milestones", milestones="A\nB")
    world.do(keep_people, KeepPeople(TEAM, (SlackPerson("U0GONE", "Gone", deleted=True),)), FRIDAY)
    return world


def fill(world: World, many: int) -> None:
    """Add this many key results with as many owners, each with a check-in; and many of whatever one person has."""
    world.database.transact(lambda session: _people(session, world, many), seconds=300)
    world.database.transact(lambda session: _of_one(session, world), seconds=300)


def _people(session: Session, world: World, many: int) -> None:
    base = {"workspace_id": world.workspace_id}
    people = session.scalars(
        insert(Member).returning(Member.id, sort_by_parameter_order=True),
        [
            {**base, "slack_id": f"U{i}", "name": f"Person {i}", "zone": "Asia/Tokyo", "is_admin": False,
             "is_guest": False, "is_bot": False}
            for i in range(many)
        ],
    ).all()  # fmt: skip
    objective = session.query(Objective).order_by(Objective.id).first()
    assert objective is not None
    results = session.scalars(
        insert(KeyResult).returning(KeyResult.id, sort_by_parameter_order=True),
        [_result(world, objective, 1000 + i, owner) for i, owner in enumerate(people)],
    ).all()
    _checked_in(session, world, list(zip(results, people, strict=True)))
    round_id = session.query(RoundPart).first().round_id  # type: ignore[union-attr]
    times = dict.fromkeys(("opens_at", "prompt_at", "due_at", "closes_at", "settled_at"), PROMPTED)
    parts = {**base, "round_id": round_id, **times}
    session.execute(insert(RoundPart), [{**parts, "member_id": person} for person in people])


def _result(world: World, objective: Objective, number: int, owner: int, kind: str = "metric") -> dict[str, Any]:
    return {
        "workspace_id": world.workspace_id, "number": number, "objective_id": objective.id, "title": "Many",
        "kind": kind, "start": Decimal(0), "target": Decimal(100), "weight": Decimal(1), "owner_id": owner,
        "created_at": objective.created_at,
    }  # fmt: skip


def _checked_in(session: Session, world: World, by_whom: list[tuple[int, int]]) -> None:
    base = {"workspace_id": world.workspace_id, "version": 1}
    moments = [PROMPTED + timedelta(minutes=1, seconds=second % 3000) for second in range(len(by_whom))]
    sent = session.scalars(
        insert(Submission).returning(Submission.id, sort_by_parameter_order=True),
        [
            {**base, "member_id": person, "source": "modal", "submitted_at": moment}
            for (_, person), moment in zip(by_whom, moments, strict=True)
        ],
    ).all()
    session.execute(
        insert(CheckIn),
        [
            {**base, "submission_id": submission, "key_result_id": result, "as_of": moment, "recorded_at": moment,
             "author_id": person, "value": Decimal(7), "unchanged": False, "withdrawn": False}
            for submission, (result, person), moment in zip(sent, by_whom, moments, strict=True)
        ],
    )  # fmt: skip


def _of_one(session: Session, world: World) -> None:
    """Key results of Ana, Bo and who has left, a long history, many teams, cycles, champions and drafts."""
    base: dict[str, Any] = {"workspace_id": world.workspace_id}
    ana, objective = world.members["U0ANA"], session.query(Objective).order_by(Objective.id).first()
    assert objective is not None
    rows = [
        _result(world, objective, 100 + at_ * MANY_OF_ONE + i, world.members[who], kind)
        for at_, (who, kind) in enumerate([("U0ANA", "metric"), ("U0ANA", "stay_above"), ("U0GONE", "metric")])
        for i in range(MANY_OF_ONE)
    ]
    session.execute(insert(KeyResult), rows)
    first = session.query(KeyResult).order_by(KeyResult.id).first()
    assert first is not None
    _checked_in(session, world, [(first.id, ana)] * MANY_OF_ONE)
    changed = {**base, "at": PROMPTED, "actor_id": ana, "action": "changed", "before": {}, "after": {"title": "Many"}}
    for entity, id_ in (("key_result", first.id), ("objective", objective.id)):
        session.execute(insert(Change), [{**changed, "entity": entity, "entity_id": id_}] * MANY_OF_ONE)
    root = session.query(Team).order_by(Team.id).first()
    assert root is not None
    below = {**base, "level": "team", "parent_id": root.id}
    session.execute(insert(Team), [{**below, "name": f"Greater {i}"} for i in range(MANY_OF_ONE)])
    days = {**base, "starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}
    session.execute(insert(Cycle), [{**days, "name": f"Other {i}"} for i in range(MANY_OF_ONE)])
    champions = session.query(Member).order_by(Member.id.desc()).limit(MANY_OF_ONE)
    session.execute(
        insert(MemberRole),
        [{**base, "member_id": each.id, "role": "champion", "since": PROMPTED} for each in champions],
    )
    left = {**base, "member_id": ana, "form": "objective", "fields": {"title": "Left"}, "updated_at": PROMPTED}
    session.execute(insert(Draft), [{**left, "subject": f"left{i}"} for i in range(MANY_OF_ONE)])
