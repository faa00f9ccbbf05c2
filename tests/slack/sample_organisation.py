"""Roles, teams and cycles as use cases hand them to views."""

from dataclasses import replace
from datetime import date

from bot.okr.cadence import Rhythm
from bot.okr.organisation import (
    CycleForm,
    CycleLine,
    CycleShown,
    CyclesShown,
    Entry,
    LedTeam,
    RhythmForm,
    RolesShown,
    TeamForm,
    TeamLine,
    TeamRhythm,
    TeamShown,
    TeamTree,
)
from tests.slack.sample_facts import ANN


def roles_shown(**changes: object) -> RolesShown:
    """Who has which role, asked by a champion who has just appointed somebody."""
    shown = RolesShown(
        person=ANN,
        champions=("Ann Carter", "Eve Moss"),
        sponsors=("Sam Okafor",),
        leads=(LedTeam("Lumen", "Ann Carter"), LedTeam("Growth", "Lea Lind")),
        more_leads=0,
        may_change=True,
        said="Eve Moss is champion now.",
    )
    return replace(shown, **changes)  # type: ignore[arg-type]


def many_roles() -> RolesShown:
    """The same in a large company."""
    return roles_shown(champions=("Ann",) * 500, leads=roles_shown().leads * 15, more_leads=90)


def team_line(number: int, **changes: object) -> TeamLine:
    """A team in the tree."""
    line = TeamLine(id=number, name="Growth", depth=1, lead="Lea Lind", members=7, channel="C0GROWTH")
    return replace(line, **changes)  # type: ignore[arg-type]


def team_tree(**changes: object) -> TeamTree:
    """The company with two teams below it."""
    lines = (
        team_line(1, name="Lumen", depth=0, lead="Ann Carter", members=40),
        team_line(2),
        team_line(3, name="Quiet", lead=None, channel=None, members=1),
    )
    tree = TeamTree(ANN, lines, 0, ("Old Office",), may_make=True)
    return replace(tree, **changes)  # type: ignore[arg-type]


def large_tree() -> TeamTree:
    """More teams than are shown, some of them deep."""
    return team_tree(lines=tuple(team_line(n, depth=n) for n in range(1, 61)), more=400, archived=("Old Office",) * 30)


def team_shown(**changes: object) -> TeamShown:
    """A team as its champion sees it."""
    shown = TeamShown(
        person=ANN,
        id=2,
        name="Growth",
        level="team",
        parent="Lumen",
        lead="Lea Lind",
        channel="C0GROWTH",
        members=("Ann Carter", "Bo Berg"),
        observers=("Sam Okafor",),
        source="group",
        below=("Sales",),
        archived=False,
        may_edit=True,
        may_make=True,
        may_archive=True,
        rhythm=TeamRhythm(Rhythm(weeks=2), "Europe/Berlin", "Lumen", date(2026, 11, 30)),
        said="Growth is saved.",
    )
    return replace(shown, **changes)  # type: ignore[arg-type]


def team_form(**changes: object) -> TeamForm:
    """The form for changing a team."""
    form = TeamForm(
        person=ANN,
        nonce="n0nce",
        team=2,
        name="Growth",
        level="team",
        parent=Entry("1", "Lumen"),
        parents=(Entry("1", "Lumen"), Entry("3", "Quiet")),
        lead="U2",
        channel="C0GROWTH",
        members=("U2", "U3"),
        observers=("U4",),
        source="hand",
        rhythm=RhythmForm(every="2", above="Lumen"),
    )
    return replace(form, **changes)  # type: ignore[arg-type]


def cycle_line(number: int, **changes: object) -> CycleLine:
    """A cycle in the list."""
    line = CycleLine(number, "Q4 2026", date(2026, 10, 1), date(2026, 12, 31), 80)
    return replace(line, **changes)  # type: ignore[arg-type]


def cycles_shown(**changes: object) -> CyclesShown:
    """A year with its quarters, asked by a champion."""
    shown = CyclesShown(
        person=ANN,
        current=(cycle_line(1, is_default=True), cycle_line(2, name="2026", starts_on=date(2026, 1, 1), days=0)),
        coming=(cycle_line(3, name="Q1 2027", days=1),),
        past=(cycle_line(4, name="Q3 2026", days=12),),
        more_past=0,
        archived=("Trial",),
        may_change=True,
    )
    return replace(shown, **changes)  # type: ignore[arg-type]


def cycle_shown(**changes: object) -> CycleShown:
    """One cycle as its champion sees it."""
    line = cycle_line(1, is_default=True, drafts_from=date(2026, 9, 15))
    shown = CycleShown(ANN, line, "current", 3, 9, archived=False, may_change=True, said="Q4 2026 is saved.")
    return replace(shown, **changes)  # type: ignore[arg-type]


def cycle_form(**changes: object) -> CycleForm:
    """The form for a new cycle."""
    form = CycleForm(ANN, "n0nce", 1, None, "Q1 2027", date(2027, 1, 1), date(2027, 3, 31), None)
    return replace(form, **changes)  # type: ignore[arg-type]
