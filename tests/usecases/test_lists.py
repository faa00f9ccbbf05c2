"""`/okr list` and `/okr`: whose key results, and which of them."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.okr.errors import NotFound, NothingDue
from bot.okr.facts import ListedKeyResults, MyWeek
from bot.store.tables import KeyResult, Objective, Team
from bot.usecases.actors import Actor
from bot.usecases.lists import ListKeyResults, list_key_results
from bot.usecases.weeks import ShowMyWeek, my_week
from tests.usecases.world import PROMPTED, TEAM, Member, World, at

TUESDAY = PROMPTED + timedelta(days=1)


def listed(world: World, who: str = "U0ANA", now: Any = TUESDAY, **more: Any) -> ListedKeyResults:
    return world.do(list_key_results, ListKeyResults(Actor(TEAM, who), **more), now, writes=False)


def numbers(found: ListedKeyResults) -> list[int]:
    return [each.number for each in found.shown]


@pytest.fixture
def filled(lumen: World) -> World:
    """KR-1, KR-2 Ana's and KR-3 Bo's in Growth, KR-4 Olu's in Quiet; a cycle half over; KR-1 is on track."""
    lumen.cycle(date(2026, 8, 24), date(2026, 11, 15), "Half")
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0ANA", "Growth")
    lumen.key_result("U0BO", "Growth")
    lumen.key_result("U0OLU", "Quiet")
    lumen.tick(PROMPTED)
    lumen.say("U0ANA", "1 60 | 2 30", PROMPTED + timedelta(hours=1))
    return lumen


def test_each_scope_lists_its_own(filled: World) -> None:
    mine = listed(filled)
    assert (mine.heading, numbers(mine), mine.total) == ("My key results", [1, 2], 2)
    bo = listed(filled, person="U0BO")
    assert (bo.heading, numbers(bo)) == ("Key results of Bo", [3])
    team = listed(filled, team=" growth ")
    assert (team.heading, numbers(team)) == ("Key results of Growth", [1, 2, 3])
    whole = listed(filled, company=True)
    assert (whole.heading, numbers(whole)) == ("Key results of Lumen", [1, 2, 3, 4])


def test_a_team_is_found_by_its_name_in_any_script(filled: World) -> None:
    filled.change(Team, filled.teams["Growth"], name="Öko ÄRA")
    for typed in ("Öko ÄRA", "Öko ÄRa", " ÖKO ÄRA "):
        assert numbers(listed(filled, team=typed)) == [1, 2, 3], typed


def test_each_filter_keeps_what_it_names(filled: World) -> None:
    assert numbers(listed(filled, company=True, only="at risk")) == [2]
    assert numbers(listed(filled, company=True, only="stale")) == [3, 4]
    assert numbers(listed(filled, company=True, only="all")) == [1, 2, 3, 4]
    assert listed(filled, company=True, only="stale").total == 2


def test_what_an_archived_team_owned_is_listed_with_all_only(filled: World) -> None:
    filled.change(Team, filled.teams["Growth"], archived_at=TUESDAY)
    for more in ({}, {"only": "at risk"}, {"only": "stale"}):
        assert listed(filled, **more).total == 0, more
        assert numbers(listed(filled, company=True, **more)) == ([] if more == {"only": "at risk"} else [4]), more
    assert numbers(listed(filled, only="all")) == [1, 2]
    assert numbers(listed(filled, company=True, only="all")) == [1, 2, 3, 4]
    assert numbers(listed(filled, team="growth", only="all")) == [1, 2, 3]
    with pytest.raises(NotFound, match="no team called"):
        listed(filled, team="Growth")
    # Nobody is asked about it, and who owned nothing else has nothing now.
    with pytest.raises(NothingDue):
        filled.open("U0ANA", TUESDAY)
    week = filled.do(my_week, ShowMyWeek(Actor(TEAM, "U0ANA")), TUESDAY)
    assert isinstance(week, MyWeek)
    assert (week.due, week.others) == ((), ())
    assert listed(filled, only="missing").without == ()
    assert listed(filled, only="missing", person="U0BO").without == ("Bo",)
    assert [row.number for row in (filled.row(1), filled.row(3))] == [1, 3], "one of them is shown as before"


def test_missing_names_people_who_have_nothing_yet(filled: World) -> None:
    assert listed(filled, only="missing").without == ("Lea",)
    assert listed(filled, only="missing", team="Quiet").without == ()
    filled.change(KeyResult, filled.row(4).id, dropped_at=TUESDAY)
    found = listed(filled, only="missing", team="Quiet")
    assert (found.without, found.total) == (("Olu",), 1)
    assert listed(filled, only="missing", person="U0BO").without == ()
    assert listed(filled, only="missing", person="U0OLU").without == ("Olu",)


def test_who_has_left_and_bots_are_not_missing(filled: World) -> None:
    filled.change(Member, filled.members["U0LEA"], deactivated_at=TUESDAY)
    filled.member("U0BOT", "Robot", is_bot=True)
    filled.joins("U0BOT", "Growth")
    assert listed(filled, only="missing").without == ()


def test_missing_is_paged_by_name(on_sqlite: World) -> None:
    for index in range(125):
        on_sqlite.member(f"U{index}", f"Person {index:03}")
        on_sqlite.joins(f"U{index}", "Quiet")
    found = listed(on_sqlite, only="missing", team="Quiet")
    assert (found.total, len(found.without), found.without[1], found.before) == (126, 60, "Person 000", None)
    on_sqlite.change(Member, on_sqlite.members["U0"], deactivated_at=TUESDAY)
    on_sqlite.member("U0AARON", "Aaron")
    on_sqlite.joins("U0AARON", "Quiet")
    second = listed(on_sqlite, only="missing", team_id=found.place.team, after=found.after)
    assert (second.without[0], second.first) == ("Person 059", 61)
    third = listed(on_sqlite, only="missing", team="Quiet", after=second.after)
    assert (third.without, third.after) == (tuple(f"Person {index}" for index in range(119, 125)), None)
    assert listed(on_sqlite, only="missing", team="Quiet", before=third.before).without == second.without


def page_after_page(world: World, **more: Any) -> list[ListedKeyResults]:
    pages = [listed(world, **more)]
    while pages[-1].after is not None:
        pages.append(listed(world, **more, after=pages[-1].after))
    return pages


def test_a_long_list_is_paged_there_and_back(filled: World) -> None:
    for _ in range(40):
        filled.key_result("U0BO", "Growth")
    for more, total in (({"team": "Growth"}, 43), ({"team": "Growth", "only": "stale"}, 41)):
        pages = page_after_page(filled, **more)
        assert [len(page.shown) for page in pages] == [20, 20, total - 40]
        assert [page.first for page in pages] == [1, 21, 41]
        assert {page.total for page in pages} == {total}
        seen = [number for page in pages for number in numbers(page)]
        assert seen == sorted(set(seen))
        back = listed(filled, **more, before=pages[2].before)
        assert (numbers(back), back.first) == (numbers(pages[1]), 21)
        assert pages[0].before is None


def test_what_changes_between_two_pages_is_neither_lost_nor_doubled(filled: World) -> None:
    for _ in range(40):
        filled.key_result("U0BO", "Growth")
    first = listed(filled, team="Growth")
    for number in (1, 3, 10):  # what was on the first page goes
        filled.change(KeyResult, filled.row(number).id, dropped_at=TUESDAY)
    second = listed(filled, team="Growth", after=first.after)
    assert numbers(second) == list(range(numbers(first)[-1] + 1, numbers(first)[-1] + 21))
    assert (second.first, second.total) == (18, 40)
    front = listed(filled, team="Growth", before=second.before)
    assert (numbers(front), front.before) == ([each for each in numbers(first) if each not in (1, 3, 10)], None)


def test_a_page_whose_key_results_are_all_gone_leads_back(filled: World) -> None:
    for _ in range(20):
        filled.key_result("U0BO", "Growth")
    first = listed(filled, team="Growth")
    second = listed(filled, team="Growth", after=first.after)
    for number in numbers(second):
        filled.change(KeyResult, filled.row(number).id, dropped_at=TUESDAY)
    gone = listed(filled, team="Growth", after=first.after)
    assert (gone.shown, gone.total) == ((), 20)
    assert numbers(listed(filled, team="Growth", before=gone.before)) == numbers(first)
    for number in numbers(first)[:19]:
        filled.change(KeyResult, filled.row(number).id, dropped_at=TUESDAY)
    last = numbers(first)[19]
    assert numbers(listed(filled, team="Growth", before=last)) == [last]


def test_private_key_results_are_counted_and_shown_as_numbers_only(filled: World) -> None:
    for number in (1, 4):
        filled.change(Objective, filled.row(number).objective_id, private=True, title="Buy a rival")
    by_olu = listed(filled, who="U0OLU", company=True)
    assert by_olu.total == 4
    assert [each.number for each in by_olu.shown if each.hidden] == [1]
    assert (by_olu.shown[0].title, by_olu.shown[0].objective_title, by_olu.shown[0].owner) == ("", "", None)
    assert not [each for each in listed(filled, who="U0SAM", company=True).shown if each.hidden]


def test_guests_see_the_words_of_what_is_theirs_only(filled: World) -> None:
    filled.change(Member, filled.members["U0BO"], is_guest=True)
    assert [each.number for each in listed(filled, who="U0BO", company=True).shown if not each.hidden] == [3]


def test_unknown_names_are_answered_with_the_nearest(filled: World) -> None:
    with pytest.raises(NotFound, match=r"no team called “Grwth”\. Did you mean Growth"):
        listed(filled, team="Grwth")
    with pytest.raises(NotFound, match="don't know this person"):
        listed(filled, person="U0NOBODY")
    with pytest.raises(NotFound) as refused:
        listed(filled, team="x" * 500)
    assert len(refused.value.sentence) < 200


def test_ended_cycles_are_listed_for_two_weeks_more(filled: World) -> None:
    assert listed(filled, now=at("2026-11-29 10:00")).total == 2
    assert listed(filled, now=at("2026-11-30 10:00")).total == 0


def test_my_week_shows_what_is_due_first(filled: World) -> None:
    filled.key_result("U0BO", "Growth", created_at=TUESDAY)
    week = filled.do(my_week, ShowMyWeek(Actor(TEAM, "U0BO")), TUESDAY)
    assert isinstance(week, MyWeek)
    assert ([each.number for each in week.due], [each.number for each in week.others]) == ([3], [5])
    assert week.due_at == at("2026-10-07 15:00")
    idle = filled.do(my_week, ShowMyWeek(Actor(TEAM, "U0SAM")), TUESDAY)
    assert isinstance(idle, MyWeek)
    assert (idle.due, idle.others, idle.cycle) == ((), (), None)


def test_silence_is_shown_hollow_after_ten_days_and_unknown_after_eighteen(filled: World) -> None:
    checked = PROMPTED + timedelta(hours=1)
    for days, freshness in ((10.5, "fresh"), (10.6, "hollow"), (17.4, "hollow"), (17.5, "unknown")):
        (first, _) = listed(filled, now=checked + timedelta(days=days)).shown
        assert first.freshness.value == freshness, days
    assert first.status.value == "unknown"
