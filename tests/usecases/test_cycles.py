"""Cycles: quarters by the fiscal year, years beside them, made, changed, archived."""

from datetime import date
from typing import Any

import pytest

from bot.okr.cycle import Quarter, quarter_of, year_of
from bot.okr.errors import NotAllowed, NotFound, OkrError
from bot.okr.forms import ObjectiveFields
from bot.okr.organisation import CycleForm, CycleShown, CyclesShown
from bot.slack.views.cycles import cycles
from bot.store.tables import Change, Cycle
from bot.usecases import cycle_forms
from bot.usecases.actors import Actor
from bot.usecases.cycle_forms import OpenCycle, SaveCycle, open_cycle, save_cycle
from bot.usecases.cycles import ArchiveCycle, RefusedCycle, ShowCycles, archive_cycle, plan_next_quarter, show_cycles
from bot.usecases.objectives import OpenDraft, OpenObjective, SetObjective, open_draft, open_objective, set_objective
from bot.usecases.rounds import TickCommand
from bot.usecases.workspaces import SaveSetUp, save_set_up
from tests.usecases.world import TEAM, Member, Objective, Team, Workspace, World, at

NOW = at("2026-10-06 10:00")
SPRING = (date(2027, 1, 1), date(2027, 3, 31))


def all_cycles(world: World, who: str = "U0CLEO", now: Any = NOW) -> CyclesShown:
    found = world.do(show_cycles, ShowCycles(Actor(TEAM, who)), now)
    assert isinstance(found, CyclesShown)
    return found


def one(world: World, name: str, who: str = "U0CLEO") -> CycleShown:
    found = world.do(show_cycles, ShowCycles(Actor(TEAM, who), name), NOW)
    assert isinstance(found, CycleShown)
    return found


def form(world: World, who: str = "U0CLEO", **more: Any) -> CycleForm:
    return world.do(open_cycle, OpenCycle(Actor(TEAM, who), "n", **more), NOW)


def save(
    world: World, name: str, days: tuple[date | None, date | None] = SPRING, who: str = "U0CLEO", **more: Any
) -> int:
    values: dict[str, Any] = {"nonce": name, "cycle": None, "drafts_from": None, **more}
    command = SaveCycle(Actor(TEAM, who), name=name, starts_on=days[0], ends_on=days[1], **values)
    return world.do(save_cycle, command, NOW)


def archive(world: World, cycle_id: int, *, back: bool = False, now: Any = NOW) -> CycleShown:
    return world.do(archive_cycle, ArchiveCycle(Actor(TEAM, "U0CLEO"), cycle_id, back), now)


def test_the_list_says_what_runs_what_comes_and_what_is_over(lumen: World) -> None:
    save(lumen, "2026", (date(2026, 1, 1), date(2026, 12, 31)))
    save(lumen, "Q1 2027")
    save(lumen, "Q3 2026", (date(2026, 7, 1), date(2026, 9, 30)))
    shown = all_cycles(lumen, "U0ANA")
    assert [(each.name, each.days, each.is_default) for each in shown.current] == [
        ("2026", 86, False), ("Q4 2026", 86, True),
    ]  # fmt: skip
    assert [(each.name, each.days) for each in (*shown.coming, *shown.past)] == [("Q1 2027", 87), ("Q3 2026", 6)]
    assert not shown.may_change
    assert one(lumen, "q4 2026").line.is_default
    with pytest.raises(NotFound, match=r"Did you mean Q4 2026\?"):
        one(lumen, "Q4 202")


def test_new_objectives_are_for_the_shortest_cycle_that_runs(lumen: World) -> None:
    save(lumen, "Half", (date(2026, 9, 1), date(2027, 2, 28)))
    opened = lumen.do(open_objective, OpenObjective(Actor(TEAM, "U0ANA"), "n"), NOW)
    assert "Q4 2026" in str(opened)
    save(lumen, "October", (date(2026, 10, 1), date(2026, 10, 31)))
    assert [each.name for each in all_cycles(lumen).current if each.is_default] == ["October"]


@pytest.mark.parametrize(
    ("month", "proposal", "name", "days"),
    [
        (1, "quarter", "Q1 2027", SPRING),
        (1, "year", "2026", (date(2026, 1, 1), date(2026, 12, 31))),
        (4, "quarter", "Q4 FY2027", SPRING),
        (2, "quarter", "Q3 FY2027", (date(2026, 8, 1), date(2026, 10, 31))),
        (2, "year", "FY2027", (date(2026, 2, 1), date(2027, 1, 31))),
    ],
)
def test_the_form_proposes_by_the_fiscal_year(
    lumen: World, month: int, proposal: str, name: str, days: tuple[date, date]
) -> None:
    lumen.change(Workspace, lumen.workspace_id, fiscal_start_month=month)
    opened = form(lumen, proposal=proposal)
    assert (opened.name, (opened.starts_on, opened.ends_on)) == (name, days)
    assert form(lumen, name=" Winter ").name == "Winter"


def test_what_is_proposed_can_be_saved_as_it_is(lumen: World) -> None:
    save(lumen, "Q1 2027", (date(2027, 1, 4), date(2027, 4, 2)))
    opened = form(lumen)
    assert (opened.name, opened.starts_on) == ("Q2 2027", date(2027, 4, 1))
    save(lumen, opened.name, (opened.starts_on, opened.ends_on), nonce="as it is")


def test_a_cycle_is_made_once_confirmed_and_written_down(lumen: World) -> None:
    made = save(lumen, " Q1  2027 ", nonce="n", drafts_from=date(2026, 12, 1))
    assert save(lumen, "Q1 2027", nonce="n") == made
    [row] = lumen.rows(Cycle, Cycle.id == made)
    assert (row.name, row.starts_on, row.ends_on, row.drafts_from) == ("Q1 2027", *SPRING, date(2026, 12, 1))
    [note] = lumen.deliveries("cycle_saved")
    assert lumen.prepare(note, NOW).facts.said == "Q1 2027 is made."  # type: ignore[union-attr]
    save(lumen, "Spring", cycle=made)
    assert [row.action for row in lumen.rows(Change, Change.entity == "cycle")] == ["made", "changed"]


@pytest.mark.parametrize(
    ("name", "days", "more", "field"),
    [
        ("\u200b", SPRING, {}, "name"),
        ("x" * 81, SPRING, {}, "name"),
        ("q4 2026", SPRING, {}, "name"),
        ("Spring", (None, SPRING[1]), {}, "starts"),
        ("Spring", (SPRING[0], None), {}, "ends"),
        ("Spring", SPRING[::-1], {}, "ends"),
        ("Spring", (SPRING[0], date(2027, 1, 6)), {}, "ends"),
        ("Spring", (SPRING[0], date(2207, 1, 6)), {}, "ends"),
        ("Spring", SPRING, {"drafts_from": date(2027, 4, 1)}, "drafts"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    lumen: World, name: str, days: tuple[date, date], more: dict[str, Any], field: str
) -> None:
    with pytest.raises(RefusedCycle) as refused:
        save(lumen, name, days, nonce="n", **more)
    assert (refused.value.field, refused.value.help_topic) == (field, "cycles")
    assert len(lumen.rows(Cycle)) == 1


@pytest.mark.parametrize("who", ["U0LEA", "U0SAM", "U0ANA"])
def test_only_champions_change_cycles(lumen: World, who: str) -> None:
    for doing in (
        lambda: form(lumen, who),
        lambda: save(lumen, "Mine", who=who),
        lambda: lumen.do(archive_cycle, ArchiveCycle(Actor(TEAM, who), lumen.cycle_id), NOW),
    ):
        with pytest.raises(NotAllowed, match="Only a champion"):
            doing()


def test_days_cannot_be_moved_so_that_a_check_in_lies_outside(lumen: World) -> None:
    lumen.change(Team, lumen.teams["Growth"], lead_id=lumen.members["U0ANA"])
    numbers = [lumen.key_result("U0ANA", "Growth") for _ in range(5)]
    for number in numbers:
        lumen.say("U0ANA", f"{number} 5", at("2026-10-05 22:30"))  # the 6th in Berlin
    lumen.undo("U0ANA", lumen.say("U0ANA", "1 6", at("2026-12-30 10:00")).submission, at("2026-12-30 10:01"))

    def move(start: date, end: date) -> None:
        save(lumen, "Q4 2026", (start, end), cycle=lumen.cycle_id, nonce=f"{start}{end}")

    with pytest.raises(RefusedCycle, match=r"KR-1 on 6 Oct 2026, KR-2 .* and 2 more\. Choose an earlier") as refused:
        move(date(2026, 10, 7), date(2026, 12, 31))
    assert refused.value.field == "starts"
    with pytest.raises(RefusedCycle, match="Choose a later last day"):
        move(date(2026, 9, 20), date(2026, 10, 5))
    move(date(2026, 10, 6), date(2026, 10, 20))


def test_an_archived_cycle_leaves_the_list_and_comes_back(lumen: World) -> None:
    made = save(lumen, "Trial", (date(2026, 10, 1), date(2026, 10, 31)))
    assert all_cycles(lumen).current[0].name == "Trial"
    assert archive(lumen, made).said == "Trial is in the archive now."
    assert archive(lumen, made).said == "Trial is in the archive already."
    shown = all_cycles(lumen)
    assert ([each.name for each in shown.current], shown.archived) == (["Q4 2026"], ("Trial",))
    with pytest.raises(RefusedCycle, match="Restore it before"):
        form(lumen, cycle=made)
    again = save(lumen, "Trial", nonce="n2")
    with pytest.raises(RefusedCycle, match="another Trial"):
        archive(lumen, made, back=True)
    archive(lumen, again)
    assert not archive(lumen, made, back=True).archived


def test_a_cycle_with_work_in_it_is_archived_only_when_its_grace_is_over(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    for now in (NOW, at("2027-01-14 10:00")):
        with pytest.raises(RefusedCycle, match="until 14 Jan 2027"):
            archive(lumen, lumen.cycle_id, now=now)
    archive(lumen, lumen.cycle_id, now=at("2027-01-15 10:00"))
    [objective] = lumen.rows(Objective)
    assert objective.dropped_at is None


def test_the_next_quarter_is_made_two_weeks_before_and_once(lumen: World) -> None:
    def beat(now: str) -> int:
        return lumen.do(plan_next_quarter, TickCommand(lumen.workspace_id), at(now))

    # Cleo, the champion, lives in Berlin: the 17th begins there an hour before it does in UTC.
    assert [beat("2026-12-16 22:59"), beat("2026-12-16 23:00"), beat("2026-12-20 10:00")] == [0, 1, 0]
    [_, coming] = lumen.rows(Cycle)
    assert (coming.name, coming.starts_on, coming.ends_on, coming.drafts_from) == ("Q1 2027", *SPRING, None)
    archive(lumen, coming.id)
    assert beat("2026-12-28 10:00") == 0, "what was archived is not made again"


def test_where_no_quarters_are_used_none_is_made(lumen: World) -> None:
    lumen.change(Cycle, lumen.cycle_id, starts_on=date(2026, 1, 1))
    assert lumen.do(plan_next_quarter, TickCommand(lumen.workspace_id), at("2026-12-28 10:00")) == 0
    lumen.change(Cycle, lumen.cycle_id, starts_on=date(2026, 10, 1))
    save(lumen, "q1 2027", (date(2027, 1, 4), date(2027, 4, 2)))
    assert lumen.do(plan_next_quarter, TickCommand(lumen.workspace_id), at("2026-12-28 10:00")) == 0


def test_of_very_many_cycles_those_that_are_not_shown_are_counted(lumen: World) -> None:
    for number in range(1, 16):
        save(lumen, f"Sprint {number}", (date(2026, 10, 6), date(2026, 10, 12 + number)))
    assert (len(all_cycles(lumen).current), all_cycles(lumen).more) == (12, 4)
    assert "and 4 more that run or come" in str(cycles(all_cycles(lumen)).blocks)


def test_a_twin_in_the_archive_does_not_keep_the_next_quarter_away(lumen: World) -> None:
    twin = save(lumen, "Twin", (date(2026, 10, 1), date(2026, 12, 31)))
    archive(lumen, twin)
    assert lumen.do(plan_next_quarter, TickCommand(lumen.workspace_id), at("2026-12-20 10:00")) == 1


def test_of_very_many_check_ins_those_outside_the_new_days_are_seen_first(
    lumen: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cycle_forms, "MOST_LOOKED_AT", 2)
    for day in ("06", "07", "07", "07", "08"):
        number = lumen.key_result("U0ANA", "Growth")
        lumen.say("U0ANA", f"{number} 5", at(f"2026-10-{day} 20:00"))
    with pytest.raises(RefusedCycle, match="KR-5 on 8 Oct 2026"):
        save(lumen, "Q4 2026", (date(2026, 10, 1), date(2026, 10, 7)), cycle=lumen.cycle_id)
    with pytest.raises(RefusedCycle, match="KR-1 on 6 Oct 2026"):
        save(lumen, "Q4 2026", (date(2026, 10, 7), date(2026, 12, 31)), cycle=lumen.cycle_id)


def test_a_form_does_not_undo_what_another_champion_saved_meanwhile(lumen: World) -> None:
    lumen.role("U0ANA", "champion")
    days = (date(2026, 10, 1), date(2026, 12, 31))
    seen = form(lumen, cycle=lumen.cycle_id).seen
    save(lumen, "Autumn", days, "U0ANA", cycle=lumen.cycle_id, seen=seen)
    with pytest.raises(RefusedCycle, match="Ana changed Autumn while this form was open"):
        save(lumen, "Winter", days, cycle=lumen.cycle_id, seen=seen)
    save(lumen, "Winter", days, cycle=lumen.cycle_id, seen=form(lumen, cycle=lumen.cycle_id).seen)


def test_no_two_cycles_in_use_have_one_name_by_the_set_up_either(lumen: World) -> None:
    save(lumen, "2026", (date(2026, 1, 1), date(2026, 12, 31)))
    command = SaveSetUp(Actor(TEAM, "U0CLEO"), "n", "Lumen", " 2026", None, None, (), ())
    with pytest.raises(OkrError, match="another cycle of this name") as refused:
        lumen.do(save_set_up, command, NOW)
    assert refused.value.field == "cycle"
    assert [row.name for row in lumen.rows(Cycle)] == ["Q4 2026", "2026"]


def test_a_draft_goes_on_in_the_shortest_cycle_that_runs_too(lumen: World) -> None:
    save(lumen, "Half", (date(2026, 10, 2), date(2027, 2, 28)))
    fields = ObjectiveFields(title="Light", team=lumen.teams["Growth"])
    lumen.do(set_objective, SetObjective(Actor(TEAM, "U0ANA"), "n", 1, fields), NOW)
    [objective] = lumen.rows(Objective)
    assert objective.cycle_id == lumen.cycle_id
    lumen.change(Objective, objective.id, cycle_id=save(lumen, "Over", (date(2026, 9, 1), date(2026, 9, 30))))
    opened = lumen.do(open_draft, OpenDraft(Actor(TEAM, "U0ANA"), "n", 1), NOW)
    assert opened.fields.cycle == lumen.cycle_id


def test_where_a_cycle_is_over_depends_on_the_reader_s_day(lumen: World) -> None:
    lumen.change(Member, lumen.members["U0ANA"], zone="Pacific/Auckland")
    lumen.change(Member, lumen.members["U0BO"], zone="America/Los_Angeles")
    now = at("2026-12-31 20:00")
    assert [each.name for each in all_cycles(lumen, "U0ANA", now).past] == ["Q4 2026"]
    assert [(each.name, each.days) for each in all_cycles(lumen, "U0BO", now).current] == [("Q4 2026", 0)]


@pytest.mark.parametrize(
    ("day", "month", "quarter", "year"),
    [
        (date(2028, 2, 29), 3, ("Q4 FY2028", date(2027, 12, 1), date(2028, 2, 29)), ("FY2028", date(2027, 3, 1))),
        (date(2026, 7, 1), 7, ("Q1 FY2027", date(2026, 7, 1), date(2026, 9, 30)), ("FY2027", date(2026, 7, 1))),
        (date(2026, 6, 30), 7, ("Q4 FY2026", date(2026, 4, 1), date(2026, 6, 30)), ("FY2026", date(2025, 7, 1))),
        (date(2026, 1, 31), 12, ("Q1 FY2026", date(2025, 12, 1), date(2026, 2, 28)), ("FY2026", date(2025, 12, 1))),
    ],
)
def test_a_fiscal_year_is_named_after_the_year_it_ends_in(
    day: date, month: int, quarter: tuple[str, date, date], year: tuple[str, date]
) -> None:
    assert quarter_of(day, month) == Quarter(*quarter)
    found = year_of(day, month)
    assert (found.name, found.start) == year
    assert found.end.year == int(found.name[2:])
