"""A team's rhythm: set in its form, held by the teams below, followed by rounds, prompts and the half-life."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.okr.cadence import WEEKLY, RefusedRhythm, Rhythm
from bot.okr.errors import OkrError
from bot.okr.facts import Prompt
from bot.okr.organisation import TeamRhythm, TeamShown
from bot.store.tables import Change
from bot.store.team_rhythms import KeptRhythm
from bot.usecases import team_rhythms
from bot.usecases.actors import Actor
from bot.usecases.deliverable import Outgoing
from bot.usecases.lists import ListKeyResults, list_key_results
from bot.usecases.team_forms import OpenTeam, SaveTeam, open_team, save_team
from bot.usecases.team_rhythms import INHERITED, TypedRhythm, TypedWeekTime, follow_rhythms
from bot.usecases.teams import ArchiveTeam, ShowTeam, archive_team, show_team
from tests.usecases.test_statements import counted
from tests.usecases.world import MONDAY, PROMPTED, TEAM, Round, RoundPart, Team, World, at

SUNDAY = at("2026-10-04 10:00")
TUESDAY = at("2026-10-06 10:00")
CLEO = Actor(TEAM, "U0CLEO")
WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
FORMS = count(1)


def typed(every: str, **moments: str) -> TypedRhythm:
    """`typed("2", due="3 17:00")`: Thursday 17:00."""
    return TypedRhythm(every, **{name: TypedWeekTime(*text.split()) for name, text in moments.items()})


def save(world: World, name: str, rhythm: TypedRhythm | None, now: datetime, **more: Any) -> int:
    """Save a team's form, with another rhythm."""
    [row] = world.rows(Team, Team.id == world.teams[name]) if name in world.teams else [None]
    values: dict[str, Any] = {
        "team": row and row.id, "level": "team", "parent": row and row.parent_id, "channel": row and row.channel,
        "lead": next((who for who, each in world.members.items() if row and each == row.lead_id), None),
        "members": (), "observers": (), "source": "hand", **more,
    }  # fmt: skip
    command = SaveTeam(CLEO, f"form {next(FORMS)}", name=name, rhythm=rhythm, **values)
    world.teams[name] = world.do(save_team, command, now)
    return world.teams[name]


def rhythms(world: World) -> dict[str, str]:
    """What holds in each team, as `2 week`."""
    return {row.name: row.rhythm.split(" open")[0] for row in world.rows(Team)}


def told(world: World, name: str, now: datetime) -> TeamRhythm:
    shown = world.do(show_team, ShowTeam(CLEO, world.teams[name]), now)
    assert isinstance(shown, TeamShown)
    return shown.rhythm


def prompted_on(world: World, who: str = "U0ANA") -> list[str]:
    return [f"{row.not_before:%d %b}" for row in world.deliveries("prompt") if row.recipient == who]


def weeks(world: World, many: int, start: datetime = PROMPTED) -> None:
    """Monday morning (nine or ten in Berlin, where summer time ends meanwhile) and Friday evening of so many weeks."""
    for number in range(many):
        world.tick(start + number * WEEK + HOUR)
        world.tick(start + number * WEEK + timedelta(days=4, hours=12))


# --- how often


def test_a_team_of_two_weeks_is_asked_every_other_monday(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    save(lumen, "Growth", typed("2"), SUNDAY)
    weeks(lumen, 8)
    assert prompted_on(lumen) == ["05 Oct", "19 Oct", "02 Nov", "16 Nov"]
    assert [row.monday for row in lumen.rows(Round)] == [MONDAY + number * 2 * WEEK for number in range(4)]
    assert len(lumen.deliveries("digest")) == 4


def test_once_a_month_is_the_first_of_its_weekdays(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    save(lumen, "Growth", typed("month", opens="1 10:00", due="3 12:00"), SUNDAY)
    for number in range(10):
        lumen.tick(PROMPTED + timedelta(days=1, hours=2 + (number > 2)) + number * WEEK)
    assert prompted_on(lumen) == ["06 Oct", "03 Nov", "01 Dec"]
    [first, *_] = lumen.rows(Round)
    assert (first.due_at, first.closes_at) == (at("2026-10-08 10:00"), at("2026-10-09 10:00"))


def test_somebody_in_teams_of_two_rhythms_gets_one_prompt_a_week(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0ANA", "Quiet")
    save(lumen, "Quiet", typed("2"), SUNDAY)
    asked: list[list[str]] = []
    for number in range(4):
        monday = PROMPTED + number * WEEK + HOUR
        lumen.tick(monday)
        outgoing = lumen.prepare(lumen.deliveries("prompt")[-1], monday)
        assert isinstance(outgoing, Outgoing)
        assert isinstance(outgoing.facts, Prompt)
        asked.append([line.team for line in outgoing.facts.due])
        lumen.say("U0ANA", "1 = | 2 =", monday + timedelta(hours=1))
    assert asked == [["Growth", "Quiet"], ["Growth"], ["Growth", "Quiet"], ["Growth"]]
    assert len(lumen.deliveries("prompt")) == 4


def test_a_status_gets_old_by_the_cadence_of_its_team(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0ANA", "Quiet")
    save(lumen, "Growth", typed("2"), SUNDAY)
    lumen.say("U0ANA", "1 10 | 2 10", PROMPTED)

    def freshness(days: float) -> list[str]:
        now = PROMPTED + timedelta(days=days)
        listed = lumen.do(list_key_results, ListKeyResults(Actor(TEAM, "U0ANA")), now)
        return [str(line.freshness.value) for line in sorted(listed.shown, key=lambda each: each.number)]

    assert freshness(10) == ["fresh", "fresh"]
    assert freshness(14) == ["fresh", "hollow"]
    assert freshness(20.9) == ["fresh", "unknown"]
    assert freshness(21.1) == ["hollow", "unknown"]
    assert freshness(35) == ["unknown", "unknown"]


# --- changes


def test_a_round_that_has_opened_goes_on_as_it_was(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.tick(PROMPTED)
    before: list[Any] = [*lumen.rows(Round), *lumen.rows(RoundPart)]
    save(lumen, "Growth", typed("2", opens="1 08:00", due="3 17:00", closes="4 16:00"), TUESDAY)
    after: list[Any] = [*lumen.rows(Round), *lumen.rows(RoundPart)]
    for old, new in zip(before, after, strict=True):
        assert {**vars(old), "_sa_instance_state": 0} == {**vars(new), "_sa_instance_state": 0}
    shown = told(lumen, "Growth", TUESDAY)
    assert (shown.closes_at, shown.next_opens) == (at("2026-10-09 10:00"), date(2026, 10, 20))
    lumen.say("U0ANA", "1 5", TUESDAY)
    for number in range(1, 5):
        lumen.tick(PROMPTED + number * WEEK)
        lumen.tick(PROMPTED + number * WEEK + timedelta(days=1))
    assert prompted_on(lumen) == ["05 Oct", "20 Oct", "03 Nov"], "two weeks on from the round that was open"
    assert [f"{row.closes_at:%d %b %H:%M}" for row in lumen.rows(Round)] == [
        "09 Oct 10:00", "23 Oct 14:00", "06 Nov 15:00"
    ]  # fmt: skip


def test_a_round_that_is_made_and_not_open_yet_is_made_anew(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(SUNDAY)
    [made] = lumen.rows(Round)
    assert made.monday == MONDAY
    save(lumen, "Growth", typed("1", opens="2 11:30", due="4 09:00", closes="4 17:00"), SUNDAY)
    lumen.tick(PROMPTED + timedelta(days=1))
    assert prompted_on(lumen) == []
    lumen.tick(at("2026-10-07 09:30"))
    assert prompted_on(lumen) == ["07 Oct"]
    [anew] = lumen.rows(Round)
    assert (anew.due_at, anew.closes_at) == (at("2026-10-09 07:00"), at("2026-10-09 15:00"))


@pytest.mark.parametrize(
    ("when", "asked_before", "anchor"),
    [
        ("2026-10-04 10:00", False, "2026-10-05"),  # Sunday, nothing open: the coming Monday
        ("2026-10-05 06:00", False, "2026-10-05"),  # Monday before nine
        ("2026-10-06 10:00", False, "2026-10-12"),  # Tuesday, no round this week: the coming one
        ("2026-10-06 10:00", True, "2026-10-05"),  # Tuesday, and this week's round is open
    ],
)
def test_every_other_week_is_counted_from_the_round_under_way_else_from_the_coming_one(
    lumen: World, when: str, asked_before: bool, anchor: str
) -> None:
    if asked_before:
        lumen.key_result("U0ANA", "Growth")
        lumen.tick(PROMPTED)
    save(lumen, "Growth", typed("2"), at(when))
    [row] = lumen.rows(Team, Team.name == "Growth")
    assert Rhythm.read(row.rhythm).anchor == date.fromisoformat(anchor)
    save(lumen, "Growth", typed("2", due="3 17:00"), at(when) + WEEK)
    [row] = lumen.rows(Team, Team.name == "Growth")
    assert Rhythm.read(row.rhythm).anchor == date.fromisoformat(anchor), "another hour does not move the weeks"


def test_saving_the_form_as_it_was_changes_nothing(lumen: World) -> None:
    save(lumen, "Growth", typed("3", closes="4 16:00"), SUNDAY)
    save(lumen, "Lumen", typed("1"), SUNDAY, level="company")
    before = {row.name: (row.own_rhythm, row.rhythm) for row in lumen.rows(Team)}
    form = lumen.do(open_team, OpenTeam(CLEO, "n", lumen.teams["Growth"]), TUESDAY)
    assert (form.rhythm.every, str(form.rhythm.closes)) == ("3", "Fri 16:00")
    same = typed("3", opens="0 09:00", due="2 17:00", closes="4 16:00")
    for rhythm in (None, same):
        save(lumen, "Growth", rhythm, TUESDAY)
    assert {row.name: (row.own_rhythm, row.rhythm) for row in lumen.rows(Team)} == before
    assert before["Lumen"] == (None, str(WEEKLY)), "the company has the usual rhythm without being given it"


@pytest.mark.parametrize(
    ("rhythm", "field", "why"),
    [
        (typed("1", opens="2 09:00", due="4 17:00", closes="4 12:00"), "closes", "after the next one has opened"),
        (typed("4"), "every", "Choose how often"),
        (typed("2", due="9 17:00"), "due", "such as 09:00"),
        (typed("2", opens="x 17:00"), "opens", "such as 09:00"),
        (typed("2", closes="4 25:00"), "closes", "such as 09:00"),
    ],
)
def test_a_rhythm_that_cannot_be_kept_is_refused_at_its_field(
    on_sqlite: World, rhythm: TypedRhythm, field: str, why: str
) -> None:
    with pytest.raises(RefusedRhythm, match=why) as refused:
        save(on_sqlite, "Growth", rhythm, SUNDAY)
    assert refused.value.field == field
    assert set(rhythms(on_sqlite).values()) == {"1 week"}
    assert on_sqlite.how_many(Change) == 0


def test_the_history_has_the_rhythm_before_and_after(on_sqlite: World) -> None:
    save(on_sqlite, "Growth", typed("month"), SUNDAY)
    save(on_sqlite, "Growth", typed(INHERITED), SUNDAY)
    first, second = on_sqlite.rows(Change, Change.entity == "team", Change.action == "changed")
    assert first.before is not None
    assert second.after is not None
    assert (first.before["rhythm"], second.after["rhythm"]) == (None, None)
    assert first.after is not None
    assert str(first.after["rhythm"]).startswith("month open Mon 09:00")


# --- the tree


def test_a_team_has_its_parent_s_rhythm_unless_it_is_given_one(lumen: World) -> None:
    growth = lumen.teams["Growth"]
    save(lumen, "Sales", None, SUNDAY, parent=growth)
    save(lumen, "North", typed("month"), SUNDAY, parent=lumen.teams["Sales"])
    save(lumen, "Oslo", typed(INHERITED), SUNDAY, parent=lumen.teams["North"])
    lumen.key_result("U0ANA", "Sales")
    lumen.tick(SUNDAY)
    save(lumen, "Growth", typed("2"), TUESDAY)
    expected = {
        "Lumen": "1 week", "Growth": "2 week", "Quiet": "1 week", "Sales": "2 week", "North": "month", "Oslo": "month",
    }  # fmt: skip
    assert rhythms(lumen) == expected
    assert told(lumen, "Sales", TUESDAY).giver == "Growth"
    assert told(lumen, "Oslo", TUESDAY).giver == "North"
    assert told(lumen, "Quiet", TUESDAY).giver == "Lumen"
    assert told(lumen, "North", TUESDAY).giver is None

    save(lumen, "Sales", None, TUESDAY, parent=lumen.teams["Quiet"])
    assert rhythms(lumen) == {**expected, "Sales": "1 week"}, "it follows its new parent"
    save(lumen, "North", typed(INHERITED), TUESDAY)
    save(lumen, "Lumen", typed("3"), TUESDAY, level="company")
    assert set(rhythms(lumen).values()) == {"3 week", "2 week"}
    assert rhythms(lumen)["Oslo"] == "3 week"
    form = lumen.do(open_team, OpenTeam(CLEO, "n", lumen.teams["Oslo"]), TUESDAY)
    assert (form.rhythm.every, form.rhythm.above, form.rhythm.above_has.weeks) == (INHERITED, "North", 3)


def test_a_team_in_the_archive_comes_back_with_the_rhythm_of_its_parent(lumen: World) -> None:
    lumen.key_result("U0OLU", "Quiet")
    lumen.do(archive_team, ArchiveTeam(CLEO, lumen.teams["Quiet"]), SUNDAY)
    save(lumen, "Lumen", typed("2"), SUNDAY, level="company")
    shown = told(lumen, "Quiet", SUNDAY)
    assert shown.next_opens is None
    back = lumen.do(archive_team, ArchiveTeam(CLEO, lumen.teams["Quiet"], back=True), SUNDAY)
    assert (back.rhythm.rhythm.weeks, back.rhythm.next_opens) == (2, MONDAY)
    weeks(lumen, 4)
    assert prompted_on(lumen, "U0OLU") == ["05 Oct", "19 Oct"]


def test_a_hundred_teams_follow_in_a_few_statements(on_sqlite: World) -> None:
    for number in range(100):
        on_sqlite.team(f"Team {number}", parent_id=on_sqlite.teams["Growth"])
    on_sqlite.change(Team, on_sqlite.teams["Growth"], own_rhythm=str(Rhythm(weeks=2)))

    def follow(session: Any, _command: None, now: datetime) -> None:
        follow_rhythms(session, on_sqlite.workspace_id, now)

    with counted(on_sqlite) as seen:
        on_sqlite.do(follow, None, SUNDAY)
    assert sorted(rhythms(on_sqlite).values()).count("2 week") == 101
    assert len([each for each in seen if not each.startswith(("BEGIN", "PRAGMA"))]) <= 6


OWN = st.sampled_from([None, "A", "B"])


@given(st.lists(st.tuples(st.integers(-1, 11), OWN), min_size=1, max_size=12))
def test_what_holds_is_the_nearest_rhythm_above_in_any_tree_also_in_a_ring(drawn: list[tuple[int, str | None]]) -> None:
    kept = [KeptRhythm(number, parent, own, "") for number, (parent, own) in enumerate(drawn)]

    def nearest(number: int) -> str:
        for _ in kept:
            if not 0 <= number < len(kept):
                break
            own = kept[number].own
            if own is not None:
                return own
            number = kept[number].parent_id or 0 if kept[number].parent_id is not None else -1
        return str(WEEKLY)

    assert team_rhythms._effective(kept) == [nearest(each.team_id) for each in kept]


def test_an_error_of_a_rhythm_is_one_that_forms_can_tell() -> None:
    assert issubclass(RefusedRhythm, OkrError)
