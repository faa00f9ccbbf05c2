"""The rhythm of teams, and how people want to be asked, in an import."""

import pytest

from bot.store.tables import Member, Round, RoundPart, Team
from bot.usecases.import_files import read_plan
from bot.usecases.import_plans import ImportProblems
from bot.usecases.imports import ImportCommand, import_plan
from tests.usecases.world import PROMPTED, TEAM, World, at

SUNDAY = at("2026-10-04 10:00")
KEPT = "2 week open Mon 09:00 due Wed 17:00 close Fri 12:00 from 2026-10-05"


def bring_in(world: World, text: str) -> None:
    world.do(import_plan, ImportCommand(read_plan(f"workspace: {{slack_id: {TEAM}}}\n{text}", "f")), SUNDAY)


def test_teams_below_follow_and_a_round_that_is_not_open_is_made_anew(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(SUNDAY)
    monthly = "month open Tue 10:00 due Thu 17:00 close Fri 12:00 from 2026-01-05"
    teams = (
        f"- {{key: growth, name: Growth, rhythm: {KEPT}}}",
        "- {key: sales, name: Sales, parent: growth}",
        f"- {{key: north, name: North, parent: sales, rhythm: {monthly}}}",
    )
    bring_in(lumen, "\n".join(["teams:", *teams]))
    assert {row.name: (row.own_rhythm, row.rhythm) for row in lumen.rows(Team)[1:]} == {
        "Growth": (KEPT, KEPT), "Quiet": (None, lumen.rows(Team)[0].rhythm), "Sales": (None, KEPT),
        "North": (monthly, monthly),
    }  # fmt: skip
    lumen.tick(PROMPTED)
    assert [row.recipient for row in lumen.deliveries("prompt")] == ["U0ANA"]
    assert [row.rhythm for row in lumen.rows(Round)] == [KEPT], "the round that was made is made anew"
    with pytest.raises(ImportProblems):
        bring_in(lumen, "teams:\n  - {key: sales, name: Sales, parent: north}")


def test_a_person_s_settings_hold_in_the_round_that_is_made_already(lumen: World) -> None:
    lumen.key_result("U0ANA", "Growth")
    lumen.tick(SUNDAY)
    bring_in(
        lumen,
        "people:\n  - {slack_id: U0ANA, prompt_hour: 7:30, prompt_days: Tue Wed, profile: light, "
        "country: DE, region: BY}",
    )
    [ana] = lumen.rows(Member, Member.slack_id == "U0ANA")
    assert (ana.prompt_hour, ana.prompt_days, ana.profile, ana.country, ana.region) == (
        "07:30", "12", "light", "DE", "BY",
    )  # fmt: skip
    [part] = lumen.rows(RoundPart)
    assert part.prompt_at == at("2026-10-06 05:30")
    bring_in(lumen, "people:\n  - {slack_id: U0ANA, country: FR}")
    [ana] = lumen.rows(Member, Member.slack_id == "U0ANA")
    assert (ana.country, ana.region, ana.prompt_hour) == ("FR", None, "07:30"), "a region of another country is gone"
    lumen.tick(PROMPTED)
    assert lumen.deliveries("prompt") == []


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("people: [{slack_id: U0ANA, prompt_hour: '25:00'}]", "is not an hour"),
        ("people: [{slack_id: U0ANA, prompt_days: weekdays}]", "are not days of the week"),
        ("people: [{slack_id: U0ANA, profile: lite}]", "did you mean light"),
        ("people: [{slack_id: U0ANA, country: XX}]", "public holidays of “XX”"),
        ("people: [{slack_id: U0ANA, country: DE, region: Nowhere}]", "a region “Nowhere”"),
        ("people: [{slack_id: U0ANA, region: BY}]", "Choose the country"),
        ("teams: [{key: t, rhythm: fortnightly}]", "is not a rhythm"),
        (f"teams: [{{key: t, rhythm: {KEPT.replace('2026-10-05', '2026-10-06')}}}]", "from a Monday on"),
        (f"teams: [{{key: t, rhythm: {KEPT.replace('09:00', '29:00')}}}]", "is not a rhythm"),
        (
            f"teams: [{{key: t, rhythm: {KEPT.replace('2 week open Mon', '1 week open Thu')}}}]",
            "after the next one has",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_line(entry: str, why: str) -> None:
    with pytest.raises(ImportProblems) as refused:
        read_plan(f"\n{entry}", "f")
    [line] = refused.value.lines
    assert line.startswith("line 2: ")
    assert why in line
