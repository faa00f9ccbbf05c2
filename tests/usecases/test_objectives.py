"""Setting an objective: form after form, from the first word to published."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.okr.details import AgreedChange
from bot.okr.errors import NotAllowed, NotFound, OkrError
from bot.okr.forms import KeyResultFields, ObjectiveFields
from bot.okr.setting import KeyResultForm, ObjectiveForm, ObjectiveSet
from bot.store.tables import Change, CheckIn, Contributor, Cycle, Draft, KeyResult, Membership, MilestoneStep, Objective
from bot.usecases import key_results
from bot.usecases.actors import Actor, UnknownPerson
from bot.usecases.details import ShowKeyResult, show_key_result
from bot.usecases.key_results import ChooseKind, SaveKeyResult, choose_kind, save_key_result
from bot.usecases.objectives import (
    DiscardDraft,
    OpenDraft,
    OpenObjective,
    Refused,
    SetObjective,
    discard_draft,
    open_draft,
    open_objective,
    set_objective,
)
from bot.usecases.suggestions import SuggestTeams, suggest_teams
from tests.usecases.world import TEAM, Team, Workspace, World, at

NOW = at("2026-10-06 10:00")
DAYS = KeyResultFields(title="Days to light", start="200", target="100", unit="days", weight="1", owner_id="U0ANA")
YEAR = (at("2026-01-01 00:00").date(), at("2026-12-31 00:00").date())
NEXT_QUARTER = (at("2027-01-01 00:00").date(), at("2027-03-31 00:00").date())


def shown(world: World, who: str = "U0ANA", nonce: str = "n1") -> ObjectiveForm:
    return world.do(open_objective, OpenObjective(Actor(TEAM, who), nonce), NOW)


def press_next(world: World, who: str = "U0ANA", nonce: str = "n1", **fields: Any) -> KeyResultForm:
    typed = ObjectiveFields(**{"title": "Delight schools", **fields})
    form = world.do(set_objective, SetObjective(Actor(TEAM, who), nonce, 1, typed), NOW)
    assert isinstance(form, KeyResultForm), form
    return form


def refusal(answer: object) -> dict[str, str]:
    assert isinstance(answer, Refused), answer
    return answer.error.by_field


def press_save(
    world: World,
    form: KeyResultForm,
    who: str = "U0ANA",
    *,
    another: bool = False,
    now: datetime = NOW,
    window: str = "",
    **fields: Any,
) -> KeyResultForm | ObjectiveSet | Refused:
    typed = replace(DAYS, **{"owner_id": who, **fields})
    command = SaveKeyResult(Actor(TEAM, who), form.objective, form.form, typed, another, window)
    return world.do(save_key_result, command, now)


def set_one(world: World, who: str = "U0ANA", nonce: str = "n1", **fields: Any) -> ObjectiveSet:
    """The whole way: an objective with one key result."""
    done = press_save(world, press_next(world, who, nonce, **fields), who)
    assert isinstance(done, ObjectiveSet), done
    return done


def at_once(work: Callable[[int], object], times: int) -> None:
    together = threading.Barrier(times)

    def press(index: int) -> None:
        together.wait()
        work(index)

    presses = [threading.Thread(target=press, args=(index,)) for index in range(times)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()


# --- the ordinary way


def test_an_objective_is_set_form_by_form_and_published_with_the_last_one(lumen: World) -> None:
    form = shown(lumen)
    assert (form.team.words, [each.words for each in form.cycles], form.drafts) == ("Growth", ["Q4 2026"], ())
    page = press_next(lumen, why="They are dark", team=form.team.value, cycle=form.cycles[0].value)
    assert (page.objective, page.form, page.fields.owner_id, page.kept) == (1, 1, "U0ANA", ())
    assert lumen.rows(Objective)[0].published_at is None

    second = press_save(lumen, page, another=True)
    assert isinstance(second, KeyResultForm)
    assert (second.form, [each.title for each in second.kept]) == (2, ["Days to light"])
    assert second.fields.is_blank
    steps: dict[str, Any] = {
        "kind": "milestones",
        "title": "Open the shop",
        "milestones": "Alpha = 10\nBeta = 90",
        "weight": "2",
    }
    done = press_save(lumen, second, owner_id="U0BO", contributor_ids=("U0ANA",), delegate_id="U0LEA", **steps)
    assert isinstance(done, ObjectiveSet)

    assert (done.number, done.title, done.team, done.cycle) == (1, "Delight schools", "Growth", "Q4 2026")
    assert [(each.number, each.owner, each.weight) for each in done.key_results] == [
        (1, "Ana", Decimal(1)), (2, "Bo", Decimal(2)),
    ]  # fmt: skip
    assert [step.name for step in done.key_results[1].terms.milestones] == ["Alpha", "Beta"]
    (objective,) = lumen.rows(Objective)
    assert (objective.published_at, objective.why, objective.created_by) == (
        NOW,
        "They are dark",
        lumen.members["U0ANA"],
    )
    results = lumen.rows(KeyResult)
    assert [row.delegate_id for row in results] == [None, lumen.members["U0LEA"]]
    assert [row.member_id for row in lumen.rows(Contributor)] == [lumen.members["U0ANA"]]
    assert len(lumen.rows(MilestoneStep)) == 2
    logged = [(row.action, row.entity, (row.after or {})["id"]) for row in lumen.rows(Change)]
    assert sorted(logged) == [
        ("set", "key_result", "KR-1"), ("set", "key_result", "KR-2"), ("set", "objective", "O-1"),
    ]  # fmt: skip
    history = lumen.do(show_key_result, ShowKeyResult(Actor(TEAM, "U0BO"), 2), NOW, writes=False).history
    (entry,) = history.entries
    assert isinstance(entry, AgreedChange)
    assert {part.label: part.after for part in entry.parts}["milestones"] == "Alpha = 10, Beta = 90"
    assert [row.recipient for row in lumen.deliveries()] == ["U0ANA"]
    assert lumen.deliver(NOW)[0][1].facts == done
    assert lumen.rows(Draft) == []


def test_an_empty_form_after_the_first_key_result_publishes(lumen: World) -> None:
    second = press_save(lumen, press_next(lumen), another=True)
    assert isinstance(second, KeyResultForm)
    done = press_save(lumen, second, title=" ", start="", target="", unit="")
    assert isinstance(done, ObjectiveSet)
    assert len(done.key_results) == 1


def test_without_a_key_result_there_is_nothing_to_publish(lumen: World) -> None:
    errors = refusal(press_save(lumen, press_next(lumen), title="", start="", target="", unit=""))
    assert set(errors) == {"title", "start", "target"}
    assert lumen.rows(Objective)[0].published_at is None


def test_who_has_no_team_sets_it_for_the_company_and_joins_it(lumen: World) -> None:
    assert set_one(lumen, who="U0SAM").team == "Lumen"
    assert lumen.members["U0SAM"] in [row.member_id for row in lumen.rows(Membership)]


def test_a_draft_s_key_results_count_from_the_moment_they_are_published(lumen: World) -> None:
    page = press_next(lumen)
    press_save(lumen, page, another=True)
    lumen.change(KeyResult, lumen.rows(KeyResult)[0].id, created_at=at("2026-09-01 10:00"))
    press_save(lumen, replace(page, form=2), title="", start="", target="", unit="")
    assert lumen.rows(KeyResult)[0].created_at == NOW


# --- the same form again


def test_the_same_forms_twice_are_one_objective(lumen: World) -> None:
    assert press_next(lumen) == press_next(lumen)
    page = press_next(lumen)
    assert press_save(lumen, page, another=True) == press_save(lumen, page, another=True)
    last = replace(page, form=2)
    assert press_save(lumen, last, title="Shops") == press_save(lumen, last, title="Shops")
    assert len(lumen.rows(Objective)) == 1
    assert len(lumen.rows(KeyResult)) == 2
    assert len(lumen.deliveries("objective_set")) == 1


def test_the_same_form_with_other_words_is_a_newer_wording_as_long_as_it_is_a_draft(lumen: World) -> None:
    press_next(lumen)
    page = press_next(lumen, title="Delight every school", private=True)
    press_save(lumen, page, another=True)
    press_save(lumen, page, another=True, title="Nights without light", weight="3")
    assert [(row.title, row.private) for row in lumen.rows(Objective)] == [("Delight every school", True)]
    assert [(row.title, row.weight) for row in lumen.rows(KeyResult)] == [("Nights without light", Decimal(3))]


def test_what_comes_after_it_was_published_is_refused_and_not_lost_in_silence(lumen: World) -> None:
    page = press_next(lumen)
    press_save(lumen, page)
    with pytest.raises(OkrError, match="published already"):
        press_save(lumen, replace(page, form=2), title="Shops")
    with pytest.raises(OkrError, match="published already"):
        press_next(lumen, title="Another title")
    assert lumen.rows(Objective)[0].title == "Delight schools"


def test_what_was_put_right_in_a_form_whose_answer_got_lost_is_kept_too(lumen: World) -> None:
    page = press_next(lumen)
    press_save(lumen, page)
    done = press_save(lumen, page, target="90", weight="2")
    assert isinstance(done, ObjectiveSet)
    assert [(each.terms.target, each.weight) for each in done.key_results] == [(Decimal(90), Decimal(2))]
    change = lumen.rows(Change)[-1]
    assert (change.action, change.before, change.after) == (
        "changed", {"target": "100", "weight": "1"}, {"target": "90", "weight": "2"},
    )  # fmt: skip
    assert set(refusal(press_save(lumen, page, target="soon"))) == {"target"}
    with pytest.raises(OkrError, match="/okr edit KR-1"):
        press_save(lumen, page, target="80")
    assert lumen.rows(KeyResult)[0].target == 90


def test_double_clicks_at_the_same_moment_are_one_objective(lumen: World) -> None:
    at_once(lambda _: press_next(lumen), 3)
    page = press_next(lumen)
    at_once(lambda _: press_save(lumen, page), 3)
    assert len(lumen.rows(Objective)) == len(lumen.rows(KeyResult)) == len(lumen.deliveries("objective_set")) == 1


def test_objectives_of_many_at_once_have_numbers_of_their_own(lumen: World) -> None:
    at_once(lambda index: set_one(lumen, nonce=f"n{index}"), 6)
    assert sorted(row.number for row in lumen.rows(Objective)) == [1, 2, 3, 4, 5, 6]
    assert sorted(row.number for row in lumen.rows(KeyResult)) == [1, 2, 3, 4, 5, 6]


def test_numbers_are_never_used_again(lumen: World) -> None:
    set_one(lumen)
    lumen.change(Objective, lumen.rows(Objective)[0].id, dropped_at=NOW)
    lumen.change(KeyResult, lumen.rows(KeyResult)[0].id, dropped_at=NOW)
    told = set_one(lumen, nonce="n3")
    assert (told.number, told.key_results[0].number) == (2, 2)


# --- what cannot be taken


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"title": " \n "}, {"title"}),
        ({"title": "\u200b\u200d"}, {"title"}),
        ({"title": "x" * 3001}, {"title"}),
        ({"why": "x" * 3001}, {"why"}),
        ({"team": 10_000}, {"team"}),
        ({"cycle": 10_000}, {"cycle"}),
        ({"supports": 99}, {"supports"}),
        ({"title": "", "team": 10_000, "cycle": 10_000, "supports": 1}, {"title", "team", "cycle", "supports"}),
    ],
)
def test_every_wrong_field_is_named_at_once_and_what_was_typed_is_kept(
    on_sqlite: World, wrong: dict[str, Any], fields: set[str]
) -> None:
    typed = ObjectiveFields(**{"title": "Delight schools", **wrong})
    answer = on_sqlite.do(set_objective, SetObjective(Actor(TEAM, "U0ANA"), "n1", 1, typed), NOW)
    assert set(refusal(answer)) == fields
    assert on_sqlite.rows(Objective) == []
    assert ObjectiveFields.found(on_sqlite.rows(Draft)[0].fields) == typed


def test_white_space_and_halves_of_characters_do_no_harm(lumen: World) -> None:
    done = press_save(lumen, press_next(lumen, title="  Delight\n  schools \ud83d "), unit=" ")
    assert isinstance(done, ObjectiveSet)
    assert done.title == "Delight schools ?"
    assert done.key_results[0].terms.unit is None


def test_a_target_below_the_start_and_negative_numbers_are_fine(lumen: World) -> None:
    done = press_save(lumen, press_next(lumen), start="-5", target="-100.5", unit="")
    assert isinstance(done, ObjectiveSet)
    assert (done.key_results[0].terms.start, done.key_results[0].terms.target) == (Decimal(-5), Decimal("-100.5"))


def test_weights_that_make_nothing_are_refused_at_the_weight(lumen: World) -> None:
    page = press_next(lumen)
    assert set(refusal(press_save(lumen, page, weight="0"))) == {"weight"}
    assert lumen.rows(Objective)[0].published_at is None
    second = press_save(lumen, page, weight="0", another=True)
    assert isinstance(second, KeyResultForm)
    assert isinstance(press_save(lumen, second, weight="2", title="Shops"), ObjectiveSet)


# --- where


def test_an_archived_team_gets_no_new_objective(lumen: World) -> None:
    lumen.change(Team, lumen.teams["Growth"], archived_at=NOW)
    assert shown(lumen).team.words == "Lumen"
    assert set_one(lumen).team == "Lumen"


def test_of_two_cycles_under_way_the_one_that_began_last_is_meant(lumen: World) -> None:
    lumen.cycle(*YEAR, name="2026")
    assert set_one(lumen).cycle == "Q4 2026"


def test_coming_cycles_are_offered_when_they_are_open_for_drafts(lumen: World) -> None:
    lumen.cycle(*YEAR, name="2026")
    coming = lumen.cycle(*NEXT_QUARTER, name="Q1 2027")
    closed = lumen.cycle(*NEXT_QUARTER, name="Not yet")
    lumen.change(Cycle, closed, drafts_from=at("2026-12-01 00:00").date())
    lumen.change(Cycle, lumen.cycle(*YEAR, name="Put away"), archived_at=NOW)
    lumen.cycle(at("2026-07-01 00:00").date(), at("2026-09-30 00:00").date(), name="Q3 2026")
    assert [each.words for each in shown(lumen).cycles] == ["2026", "Q4 2026", "Q1 2027"]
    assert press_next(lumen, cycle=coming).objective == 1
    typed = ObjectiveFields("Too early", cycle=closed)
    answer = lumen.do(set_objective, SetObjective(Actor(TEAM, "U0ANA"), "n2", 1, typed), NOW)
    assert set(refusal(answer)) == {"cycle"}


def test_teams_are_those_one_may_set_objectives_for(lumen: World) -> None:
    lumen.team("Pilots", parent_id=lumen.teams["Growth"])
    offers = {who: [each.words for each in shown(lumen, who).teams or ()] for who in ("U0ANA", "U0LEA", "U0CLEO")}
    assert offers == {
        "U0ANA": ["Growth"], "U0LEA": ["Growth", "Pilots"], "U0CLEO": ["Lumen", "Growth", "Quiet", "Pilots"],
    }  # fmt: skip
    typed = ObjectiveFields("For others", team=lumen.teams["Quiet"])
    answer = lumen.do(set_objective, SetObjective(Actor(TEAM, "U0ANA"), "n1", 1, typed), NOW)
    assert set(refusal(answer)) == {"team"}


def test_guests_set_nothing(lumen: World) -> None:
    lumen.member("U0GUEST", "Guest", is_guest=True)
    lumen.joins("U0GUEST", "Growth")
    with pytest.raises(NotAllowed, match="Guests own key results"):
        shown(lumen, "U0GUEST")


def test_more_than_a_hundred_teams_are_searched(on_sqlite: World) -> None:
    for number in range(100):
        on_sqlite.team(f"Team {number}")
    form = shown(on_sqlite, "U0CLEO")
    assert (form.teams, form.team.words) == (None, "Lumen")
    search = SuggestTeams(Actor(TEAM, "U0CLEO"), "team 9")
    assert [each.words for each in on_sqlite.do(suggest_teams, search, NOW)][:2] == ["Team 9", "Team 90"]
    assert on_sqlite.do(suggest_teams, replace(search, actor=Actor(TEAM, "U0ANA")), NOW) == ()
    far = on_sqlite.teams["Team 99"]
    assert press_next(on_sqlite, "U0CLEO", team=far).objective == 1
    assert on_sqlite.rows(Objective)[0].team_id == far


def test_people_s_own_objectives_are_an_option_of_the_workspace(lumen: World) -> None:
    press_next(lumen, individual=True)
    lumen.change(Workspace, lumen.workspace_id, individual_objectives=True)
    assert shown(lumen).may_be_individual
    press_next(lumen, nonce="n2", individual=True)
    assert [row.owner_id for row in lumen.rows(Objective)] == [None, lumen.members["U0ANA"]]


# --- drafts


def test_what_was_begun_is_offered_next_time_and_gone_on_with(lumen: World) -> None:
    page = press_next(lumen, why="They are dark", private=True)
    press_save(lumen, page, another=True)
    offered = shown(lumen, nonce="other").drafts
    assert [(each.nonce, each.number, each.key_results) for each in offered] == [("n1", 1, 1)]
    assert shown(lumen, "U0BO").drafts == ()
    form = lumen.do(open_draft, OpenDraft(Actor(TEAM, "U0ANA"), "n1", 2), NOW)
    assert (form.nonce, form.form, form.fields.title, form.fields.why) == ("n1", 2, "Delight schools", "They are dark")
    assert (form.fields.private, form.begun) == (True, offered[0])
    again = press_next(lumen, title="Delight all schools")
    assert (again.form, len(again.kept)) == (2, 1)


def test_a_first_page_that_was_refused_is_offered_too(lumen: World) -> None:
    typed = ObjectiveFields("Half a thought", why="because", team=10_000)
    lumen.do(set_objective, SetObjective(Actor(TEAM, "U0ANA"), "n1", 1, typed), NOW)
    (offered,) = shown(lumen, nonce="n2").drafts
    assert (offered.nonce, offered.number, offered.title) == ("n1", None, "Half a thought")
    form = lumen.do(open_draft, OpenDraft(Actor(TEAM, "U0ANA"), "n1", 2), NOW)
    assert (form.fields.title, form.fields.why, form.team.words) == ("Half a thought", "because", "Growth")
    press_next(lumen, title="A whole thought")
    assert lumen.rows(Draft) == []


def test_choosing_a_kind_keeps_what_was_typed_also_what_it_does_not_ask_for(lumen: World) -> None:
    page = press_next(lumen)

    def choose(kind: str, **fields: Any) -> KeyResultFields:
        typed = replace(DAYS, kind=kind, **fields)
        command = ChooseKind(Actor(TEAM, "U0ANA"), page.objective, page.form, typed)
        return lumen.do(choose_kind, command, NOW).fields

    hidden: dict[str, Any] = {"start": "", "target": "", "unit": ""}
    assert choose("milestones").start == "200"
    asked = choose("yes_no", **hidden, milestones="Alpha")
    assert (asked.start, asked.milestones) == ("200", "Alpha")
    back = choose("metric", **hidden)
    assert (back.start, back.target, back.unit, back.milestones) == ("200", "100", "days", "Alpha")
    cleared = choose("stay_above", unit="", commit="150")
    assert (cleared.unit, cleared.commit) == ("", "150")
    assert press_next(lumen).fields == cleared
    done = press_save(lumen, page, kind="yes_no", **hidden)
    assert isinstance(done, ObjectiveSet)
    assert lumen.rows(Draft) == []


def test_a_refused_key_result_is_there_again_when_one_goes_on(lumen: World) -> None:
    page = press_next(lumen)
    assert set(refusal(press_save(lumen, page, target="soon"))) == {"target"}
    assert press_next(lumen).fields.target == "soon"
    assert lumen.rows(KeyResult) == []


def test_two_windows_of_one_draft_do_not_write_over_each_other(lumen: World) -> None:
    desk, phone = press_next(lumen), press_next(lumen)
    assert desk.form == phone.form
    press_save(lumen, desk, another=True, title="At the desk", window="desk")
    press_save(lumen, desk, another=True, title="At the desk", window="desk")
    press_save(lumen, phone, another=True, title="On the phone", window="phone")
    assert [row.title for row in lumen.rows(KeyResult)] == ["At the desk", "On the phone"]


def test_more_key_results_than_an_objective_takes_are_refused_with_the_way_on(
    on_sqlite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_results, "LONGEST_CHAIN", 2)
    page = press_next(on_sqlite)
    for _ in range(2):
        page = press_save(on_sqlite, page, another=True)  # type: ignore[assignment]
        assert isinstance(page, KeyResultForm)
    told = refusal(press_save(on_sqlite, page))
    assert told == {"title": "An objective has at most 2 key results. Empty this field and press Save to set it."}
    done = press_save(on_sqlite, page, title="")
    assert isinstance(done, ObjectiveSet), "whatever stands in the other fields"
    assert len(done.key_results) == 2


def test_whom_slack_knows_nobody_of_is_told_at_the_field_and_the_draft_is_kept(lumen: World) -> None:
    page = press_next(lumen)
    with pytest.raises(UnknownPerson):
        press_save(lumen, page, owner_id="U0NEW")
    typed = replace(DAYS, owner_id="U0NEW")
    command = SaveKeyResult(Actor(TEAM, "U0ANA"), page.objective, page.form, typed, False, nobody=frozenset({"U0NEW"}))
    assert set(refusal(lumen.do(save_key_result, command, NOW))) == {"owner"}
    assert press_next(lumen).fields == typed


def test_what_was_typed_for_a_new_one_is_kept_when_one_goes_on_with_a_draft(lumen: World) -> None:
    press_next(lumen)
    left = ObjectiveFields("Half a thought", why="because")
    later = NOW + timedelta(minutes=1)
    form = lumen.do(open_draft, OpenDraft(Actor(TEAM, "U0ANA"), "n1", 2, left, "n2"), later)
    assert form.fields.title == "Delight schools"
    assert [(each.nonce, each.title) for each in shown(lumen, nonce="n3").drafts] == [
        ("n2", "Half a thought"), ("n1", "Delight schools"),
    ]  # fmt: skip
    assert lumen.do(open_draft, OpenDraft(Actor(TEAM, "U0ANA"), "n2", 3), NOW).fields.why == "because"
    lumen.do(open_draft, OpenDraft(Actor(TEAM, "U0ANA"), "n1", 2, ObjectiveFields(), "n4"), NOW)
    assert len(shown(lumen, nonce="n3").drafts) == 2, "an empty form leaves nothing"


def test_what_was_typed_for_a_new_one_is_kept_when_a_draft_is_discarded(lumen: World) -> None:
    press_next(lumen)
    typed = ObjectiveFields("Half a thought", private=True)
    form = lumen.do(discard_draft, DiscardDraft(Actor(TEAM, "U0ANA"), "n1", "n2", 1, typed), NOW)
    assert (form.fields.title, form.fields.private, form.drafts) == ("Half a thought", True, ())
    assert [each.title for each in shown(lumen, nonce="n3").drafts] == ["Half a thought"]


def test_every_draft_is_offered_the_newest_first(on_sqlite: World) -> None:
    for number in range(8):
        moment = NOW + timedelta(minutes=number)
        typed = ObjectiveFields(f"Draft {number}", team=10_000 if number % 2 else None)
        on_sqlite.do(set_objective, SetObjective(Actor(TEAM, "U0ANA"), f"n{number}", 1, typed), moment)
    assert [each.title for each in shown(on_sqlite, nonce="x").drafts] == [
        f"Draft {number}" for number in range(7, -1, -1)
    ]


@pytest.mark.parametrize(
    ("table", "which", "meanwhile", "said"),
    [
        (Team, "Growth", {"archived_at": NOW}, "Growth is in the archive"),
        (Cycle, None, {"archived_at": NOW}, "Q4 2026 is in the archive"),
        (Cycle, None, {"ends_on": at("2026-10-05 00:00").date()}, "Q4 2026 is over"),
        (Membership, "U0ANA", {"member_id": 1}, "You can't set objectives for the team Growth any more"),
    ],
)
def test_a_draft_whose_place_is_gone_is_kept_and_finds_another_one(
    on_sqlite: World, table: type[Any], which: str | None, meanwhile: dict[str, Any], said: str
) -> None:
    page = press_next(on_sqlite)
    if table is Membership:
        row_id = on_sqlite.rows(Membership, Membership.member_id == on_sqlite.members["U0ANA"])[0].id
    else:
        row_id = on_sqlite.teams[which] if which else on_sqlite.cycle_id
    on_sqlite.change(table, row_id, **meanwhile)
    told = refusal(press_save(on_sqlite, page))["title"]
    assert said in told
    assert "Continue" in told
    assert on_sqlite.rows(Objective)[0].published_at is None
    form = on_sqlite.do(open_draft, OpenDraft(Actor(TEAM, "U0ANA"), "n1", 2), NOW)
    fields: dict[str, Any] = {"team": form.fields.team, "cycle": form.fields.cycle}
    again = press_next(on_sqlite, **fields)
    assert len(again.kept) == 1
    done = press_save(on_sqlite, again, title="", start="", target="", unit="")
    assert isinstance(done, ObjectiveSet)


def test_a_discarded_draft_is_gone_and_its_window_stays(lumen: World) -> None:
    page = press_next(lumen)
    press_save(lumen, page, another=True)
    press_next(lumen, nonce="n2", title="Another")
    command = DiscardDraft(Actor(TEAM, "U0ANA"), "n1", "n3", 1)
    form = lumen.do(discard_draft, command, NOW)
    assert (form.nonce, form.form, [each.title for each in form.drafts]) == ("n3", 1, ["Another"])
    assert lumen.do(discard_draft, command, NOW) == form
    with pytest.raises(OkrError, match="discarded"):
        lumen.do(open_draft, OpenDraft(Actor(TEAM, "U0ANA"), "n1", 2), NOW)
    with pytest.raises(NotFound, match="discarded"):
        press_save(lumen, page)
    with pytest.raises(NotFound):
        lumen.do(open_draft, OpenDraft(Actor(TEAM, "U0ANA"), "never", 2), NOW)


def test_somebody_else_s_draft_is_not_touched(lumen: World) -> None:
    page = press_next(lumen)
    for use_case, command in (
        (open_draft, OpenDraft(Actor(TEAM, "U0BO"), "n1", 2)),
        (discard_draft, DiscardDraft(Actor(TEAM, "U0BO"), "n1", "n2", 1)),
        (set_objective, SetObjective(Actor(TEAM, "U0BO"), "n1", 1, ObjectiveFields("Taken"))),
        (save_key_result, SaveKeyResult(Actor(TEAM, "U0BO"), page.objective, 1, DAYS, False)),
        (choose_kind, ChooseKind(Actor(TEAM, "U0BO"), page.objective, 1, DAYS)),
    ):
        with pytest.raises(NotAllowed, match="draft O-1"):
            lumen.do(use_case, command, NOW)  # type: ignore[arg-type]
    assert isinstance(press_save(lumen, page, who="U0LEA"), ObjectiveSet), "the lead may"
    assert [row.recipient for row in lumen.deliveries("objective_set")] == ["U0ANA"]


def test_a_draft_is_in_no_list_and_takes_no_check_in(lumen: World) -> None:
    press_save(lumen, press_next(lumen), another=True)
    with pytest.raises(OkrError, match="no open key result KR-1"):
        lumen.say("U0ANA", "1 5", NOW)
    assert lumen.rows(CheckIn) == []
