"""The prompt, looked up at the moment it is sent."""

from datetime import date, datetime

from bot.okr.facts import Prompt
from bot.store.session import Session
from bot.store.tables import Delivery, Member
from bot.usecases.actors import acting_as
from bot.usecases.deliverable import Outgoing
from bot.usecases.standings import mine


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """What this member is asked now; None when nothing is due any more, they have left, or the round has closed."""
    member = session.get(Member, delivery.arguments["member"])
    if member is None or member.deactivated_at is not None:
        return None
    monday = date.fromisoformat(delivery.arguments["monday"])
    who = acting_as(session, member.id)
    due = [
        each
        for each in mine(session, who, now)
        if each.standing.due and each.opening and each.opening.monday == monday and now < each.opening.closes_at
    ]
    if not due:
        return None
    return Outgoing(
        channel=delivery.recipient,
        facts=Prompt(
            person=who.person,
            due=tuple(each.standing for each in due),
            due_at=min(each.opening.due_at for each in due if each.opening),
            week_of=monday,
        ),
    )
