"""The quiet note to whom a change by somebody else concerns."""

from collections.abc import Mapping
from datetime import datetime

from bot.okr.changing import ChangeNotice
from bot.okr.human_ids import key_result_id, objective_id
from bot.store import deliveries, members
from bot.store.session import Session
from bot.store.tables import Change, Delivery, KeyResult, Member, Objective
from bot.usecases.actors import Acting, acting_as
from bot.usecases.deliverable import Outgoing
from bot.usecases.history import change_told

KIND = "change_notice"
PRIORITY = 60


def tell(session: Session, who: Acting, change: Change, concerned: Mapping[int | None, str], now: datetime) -> None:
    """Queue one note for each member (row id -> what they are to it) but who made the change and who has left."""
    people = members.by_ids(session, [id_ for id_ in concerned if id_ is not None and id_ != who.member.id])
    for member_id, member in people.items():
        if member.deactivated_at is not None or member.is_bot:
            continue
        deliveries.add(
            session,
            who.workspace.id,
            kind=KIND,
            recipient=member.slack_id,
            arguments={"change": change.id, "member": member_id, "concerns": concerned[member_id]},
            dedupe_key=f"{KIND}:{change.id}:{member_id}",
            not_before=now,
            now=now,
            priority=PRIORITY,
        )


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The note; None where its recipient has left or what it is about is gone."""
    change = session.get(Change, delivery.arguments["change"])
    member = session.get(Member, delivery.arguments["member"])
    if change is None or member is None or member.deactivated_at is not None:
        return None
    about: KeyResult | Objective | None
    if change.entity == "key_result":
        about = session.get(KeyResult, change.entity_id)
        shown_id = "" if about is None else key_result_id(about.number)
    else:
        about = session.get(Objective, change.entity_id)
        shown_id = "" if about is None else objective_id(about.number)
    if about is None:
        return None
    author = None if change.actor_id is None else session.get(Member, change.actor_id)
    return Outgoing(
        channel=delivery.recipient,
        facts=ChangeNotice(
            person=acting_as(session, member.id).person,
            concerns=delivery.arguments["concerns"],
            shown_id=shown_id,
            title=about.title,
            unit=about.unit if isinstance(about, KeyResult) else None,
            change=change_told(session, change, None if author is None else author.name),
        ),
    )
