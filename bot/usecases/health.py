"""How a workspace does, for the operator: what in the database needs somebody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store import deliveries, health, leases
from bot.store.leases import LeaseStands
from bot.store.session import Session
from bot.usecases.inbox import MAX_ATTEMPTS

RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Examine:
    """Which workspace: its Slack team (`T…`), or the only one there is where Slack could not be asked."""

    team: str | None


@dataclass(frozen=True)
class Health:
    """What was found.

    channels: teams by their channel. left_behind: numbers of key results by the name of an owner who is gone. zones:
    how many people have each. by_state: deliveries ever; ended_badly: state, kind and how many of the last seven days;
    waiting: how long the oldest due one has waited; lease: who sends. events_given_up: how many.
    """

    name: str
    members_read_at: datetime | None
    channels: dict[str, list[str]]
    left_behind: dict[str, list[int]]
    zones: dict[str | None, int]
    by_state: dict[str, int]
    ended_badly: list[tuple[str, str, int]]
    waiting: timedelta
    lease: LeaseStands | None
    events_given_up: int


def examine(session: Session, command: Examine, now: datetime) -> Health | None:
    """Look at everything; None where the workspace is not known yet, or cannot be told from others."""
    found = health.workspaces(session, command.team)
    if len(found) != 1:
        return None
    (workspace,) = found
    standing = deliveries.standing(session, workspace.id, now)
    return Health(
        name=workspace.name,
        members_read_at=workspace.members_synced_at,
        channels=health.digest_channels(session, workspace.id),
        left_behind=health.left_behind(session, workspace.id, now.date()),
        zones=health.zones(session, workspace.id),
        by_state=standing.by_state,
        ended_badly=health.ended_badly(session, workspace.id, now - RECENT),
        waiting=timedelta(0) if standing.oldest_due is None else now - standing.oldest_due,
        lease=leases.stands(session, workspace.id),
        events_given_up=health.events_given_up(session, workspace.slack_id, MAX_ATTEMPTS),
    )
