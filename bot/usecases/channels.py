"""A team's channel that is closed to the bot: whoever can open it is asked once a week."""

from datetime import datetime

from bot.okr.facts import ClosedChannel
from bot.store import deliveries, members, teams
from bot.store.session import Session
from bot.store.tables import Delivery, Round, Team
from bot.usecases.deliverable import Outgoing

PRIORITY = 30


def ask_for_the_channel(session: Session, delivery: Delivery, now: datetime) -> None:
    """After a digest that Slack refused: tell the team's lead, or else the first champion, what to do."""
    if delivery.kind != "digest":
        return
    row = session.get_one(Round, delivery.arguments["round"])
    recipient = _who_can_help(session, row)
    if recipient is None:
        return
    deliveries.add(
        session,
        delivery.workspace_id,
        kind="closed_channel",
        recipient=recipient,
        arguments={"team": row.team_id, "channel": delivery.recipient},
        dedupe_key=f"closed_channel:{delivery.id}",
        not_before=now,
        now=now,
        priority=PRIORITY,
    )


def _who_can_help(session: Session, row: Round) -> str | None:
    _, lead = teams.with_lead(session, row.team_id)
    if lead is not None and lead.deactivated_at is None:
        return lead.slack_id
    holders = members.roles(session, row.workspace_id)
    return next((each.slack_id for each in holders if each.role == "champion" and each.is_active), None)


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The request for help; None when the team has another channel by now."""
    team = session.get_one(Team, delivery.arguments["team"])
    if team.channel != delivery.arguments["channel"] or team.archived_at is not None:
        return None
    return Outgoing(delivery.recipient, ClosedChannel(team.name, delivery.arguments["channel"]))
