"""Roles, teams and cycles as use cases hand them to views."""

from dataclasses import replace

from bot.okr.organisation import LedTeam, RolesShown
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
