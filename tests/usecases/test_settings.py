"""Settings, being away, and why a message came."""

from datetime import date, timedelta

import pytest

from bot.okr.dates import UnreadableDay
from bot.okr.errors import OkrError
from bot.store.tables import Absence, RoundPart
from bot.usecases.absences import ComeBack, GoAway, come_back, go_away
from bot.usecases.actors import Actor
from bot.usecases.settings import (
    FindCountries,
    OpenSettings,
    SaveSettings,
    find_countries,
    open_settings,
    save_settings,
)
from bot.usecases.why import AskWhy, why
from tests.usecases.world import PROMPTED, TEAM, World, at

ANA = Actor(TEAM, "U0ANA")
HOUR = timedelta(hours=1)
SUNDAY = at("2026-10-04 10:00")
NEXT_MONDAY = PROMPTED + timedelta(weeks=1)


@pytest.fixture
def world(lumen: World) -> World:
    lumen.key_result("U0ANA", "Growth")
    return lumen


def asked_at(world: World) -> list[str]:
    return [f"{row.not_before:%a %H:%M}" for row in world.deliveries("prompt") if row.recipient == "U0ANA"]


def save(world: World, now: object = SUNDAY, **changes: object) -> object:
    kept = {"hour": None, "days": (0, 1, 2, 3, 4), "profile": "standard", "country": None, "region": None, **changes}
    return world.do(save_settings, SaveSettings(ANA, **kept), now)  # type: ignore[arg-type]


def test_an_own_hour_holds_from_the_next_prompt_on(world: World) -> None:
    save(world, hour="07:30")
    world.tick(PROMPTED - 2 * HOUR)
    assert asked_at(world) == []
    world.tick(PROMPTED - 1.5 * HOUR)
    assert asked_at(world) == ["Mon 05:30"]  # 7:30 in Berlin


def test_a_round_that_is_made_already_follows_the_settings(world: World) -> None:
    world.tick(SUNDAY)  # parts are made a day ahead
    assert len(world.rows(RoundPart)) == 1
    save(world, hour="14:00", days=(1, 2, 3))
    world.tick(PROMPTED + 8 * HOUR)
    assert asked_at(world) == []
    world.tick(at("2026-10-06 12:00"))
    assert asked_at(world) == ["Tue 12:00"]


def test_a_public_holiday_of_the_region_moves_the_prompt(world: World) -> None:
    # Saturday 3 October 2026 is a holiday in Germany; the Monday after All Saints' Day is none, 2026-11-01 a Sunday.
    save(world, country="US", region=None)
    columbus_day = at("2026-10-12 07:00")
    world.tick(PROMPTED)
    world.say("U0ANA", "1 5", PROMPTED + HOUR)
    world.tick(columbus_day)
    world.tick(columbus_day + timedelta(days=1))
    assert asked_at(world) == ["Mon 07:00", "Tue 07:00"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hour": "nine"}, "hour"),
        ({"days": ()}, "days"),
        ({"profile": "loud"}, "profile"),
        ({"profile": None}, "profile"),
        ({"country": "XX"}, "country"),
        ({"country": "DE", "region": "CA"}, "region"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field_and_nothing_is_kept(
    world: World, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(OkrError) as refused:
        save(world, hour="10:00", **changes) if "hour" not in changes else save(world, **changes)
    assert refused.value.field == field
    assert world.do(open_settings, OpenSettings(ANA), SUNDAY, writes=False).hour is None


def test_the_form_shows_what_holds_and_the_regions_of_the_chosen_country(world: World) -> None:
    save(world, hour="08:15", days=(6, 0), profile="active", country="DE", region="BY")
    form = world.do(open_settings, OpenSettings(ANA), SUNDAY, writes=False)
    assert (form.hour, form.days, form.profile) == ("08:15", (0, 6), "active")
    assert form.country is not None
    assert form.region is not None
    assert (form.country.words, form.region.words, len(form.regions)) == ("Germany", "Bayern", 17)
    other = world.do(open_settings, OpenSettings(ANA, "NZ"), SUNDAY, writes=False)
    assert (other.country and other.country.code, other.region) == ("NZ", None)


def test_a_country_is_found_by_what_its_name_holds(world: World) -> None:
    found = world.do(find_countries, FindCountries(ANA, "germ"), SUNDAY, writes=False)
    assert [each.code for each in found] == ["DE"]
    assert len(world.do(find_countries, FindCountries(ANA, ""), SUNDAY, writes=False)) == 100
    assert world.do(find_countries, FindCountries(ANA, "<!channel>"), SUNDAY, writes=False) == ()


# --- away


def test_who_is_away_is_asked_nothing_until_the_day_after(world: World) -> None:
    shown = world.do(go_away, GoAway(ANA, "6 Oct"), SUNDAY)
    assert (shown.until, shown.since) == (date(2026, 10, 6), None)
    assert shown.next_prompt == at("2026-10-07 07:00")
    for now in (PROMPTED, PROMPTED + timedelta(days=1), at("2026-10-07 06:59")):
        world.tick(now)
        assert asked_at(world) == []
    world.tick(at("2026-10-07 07:00"))
    assert asked_at(world) == ["Wed 07:00"]


def test_a_first_day_may_lie_ahead_and_can_be_corrected(world: World) -> None:
    first = world.do(go_away, GoAway(ANA, "9 Oct", "7 Oct"), SUNDAY)
    assert (first.since, first.until) == (date(2026, 10, 7), date(2026, 10, 9))
    assert first.next_prompt == PROMPTED
    world.do(go_away, GoAway(ANA, "16 Oct", "7 Oct"), SUNDAY)
    (absence,) = world.rows(Absence)
    assert absence.until == at("2026-10-16 22:00")


def test_away_said_twice_is_one_absence_with_the_later_word(world: World) -> None:
    world.do(go_away, GoAway(ANA, "6 Oct"), SUNDAY)
    world.do(go_away, GoAway(ANA, "13 Oct"), SUNDAY + HOUR)
    (absence,) = world.rows(Absence)
    assert (absence.since, absence.until) == (SUNDAY, at("2026-10-13 22:00"))


def test_back_earlier_brings_the_prompt_at_once_and_only_one(world: World) -> None:
    world.do(go_away, GoAway(ANA, "30 Oct"), SUNDAY)
    world.tick(PROMPTED)
    world.tick(at("2026-10-06 08:00"))
    shown = world.do(come_back, ComeBack(ANA), at("2026-10-06 08:00"))
    assert (shown.until, shown.already) == (None, False)
    world.tick(at("2026-10-06 08:01"))
    assert asked_at(world) == ["Tue 08:01"]
    again = world.do(come_back, ComeBack(ANA), at("2026-10-06 09:00"))
    assert again.already
    world.tick(at("2026-10-06 09:01"))
    assert len(asked_at(world)) == 1


def test_three_weeks_away_end_with_one_prompt_and_nothing_missed(world: World) -> None:
    world.do(go_away, GoAway(ANA, "25 Oct"), SUNDAY)
    for days in range(0, 21):
        world.tick(PROMPTED + timedelta(days=days))
        world.deliver(PROMPTED + timedelta(days=days))
    assert asked_at(world) == []
    world.tick(at("2026-10-26 08:00"))  # winter time since Sunday
    assert asked_at(world) == ["Mon 08:00"]
    assert {part.excuse for part in world.rows(RoundPart)} == {"away", None}


@pytest.mark.parametrize("until", ["yesterday", "3 Oct 2026", "2030-01-01", "<!channel>"])
def test_a_day_that_can_not_be_is_refused(world: World, until: str) -> None:
    with pytest.raises(UnreadableDay):
        world.do(go_away, GoAway(ANA, until), SUNDAY)
    assert world.rows(Absence) == []


def test_an_absence_that_ends_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(UnreadableDay, match="ends before it begins"):
        world.do(go_away, GoAway(ANA, "6 Oct", "9 Oct"), SUNDAY)


def test_away_without_a_day_says_how_it_stands(world: World) -> None:
    assert world.do(go_away, GoAway(ANA, None), SUNDAY).until is None
    world.do(go_away, GoAway(ANA, "6 Oct"), SUNDAY)
    assert world.do(go_away, GoAway(ANA, None), SUNDAY).until == date(2026, 10, 6)


# --- why


def test_why_names_the_rule_the_schedule_and_the_next_time(world: World) -> None:
    world.tick(PROMPTED)
    world.deliver(PROMPTED)
    shown = world.do(why, AskWhy(ANA), PROMPTED + HOUR, writes=False)
    (message,) = shown.recent
    assert (message.kind, message.teams, message.every, message.counted) == ("prompt", ("Growth",), "every week", True)
    assert (shown.used, shown.waiting, shown.profile) == (1, 0, "standard")
    assert shown.next_prompt == NEXT_MONDAY


def test_why_of_somebody_who_got_nothing(world: World) -> None:
    shown = world.do(why, AskWhy(Actor(TEAM, "U0OLU")), PROMPTED, writes=False)
    assert (shown.recent, shown.used, shown.next_prompt) == ((), 0, None)
