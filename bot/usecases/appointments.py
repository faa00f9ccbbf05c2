"""The note to who is given a role, or relieved of one, by somebody else: what it means and how to begin."""

from datetime import datetime

from bot.okr.organisation import RoleNotice
from bot.store import deliveries, members
from bot.store.session import Session
from bot.store.tables import Delivery, Member, Team
from bot.usecases.actors import Acting, acting_as, person_of
from bot.usecases.deliverable import Outgoing

KIND = "role_changed"
PRIORITY = 45
LEAD = "lead"


def tell(
    session: Session, who: Acting, person: Member | None, role: str, now: datetime, *, team: Team | None = None,
    off: bool = False,
) -> None:  # fmt: skip
    """Queue it, unless they did it themselves or have left; given and taken to and fro on one day, it is told once."""
    if person is None or person.id == who.member.id or person.deactivated_at is not None or person.is_bot:
        return
    team_id = None if team is None else team.id
    deliveries.add(
        session,
        who.workspace.id,
        kind=KIND,
        recipient=person.slack_id,
        arguments={"member": person.id, "role": role, "team": team_id, "off": off, "giver": who.member.id},
        dedupe_key=f"{KIND}:{person.id}:{role}:{team_id or 0}:{'off' if off else 'on'}:{now.date().isoformat()}",
        not_before=now,
        now=now,
        priority=PRIORITY,
    )


def tell_leads(session: Session, who: Acting, team: Team, before: int | None, now: datetime) -> None:
    """Tell the new lead of a team and the one of before (row ids), where they are not the same person."""
    if team.lead_id == before:
        return
    people = members.by_ids(session, [each for each in (before, team.lead_id) if each is not None])
    tell(session, who, people.get(before or 0), LEAD, now, team=team, off=True)
    tell(session, who, people.get(team.lead_id or 0), LEAD, now, team=team)


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The note; None where it is not so any more."""
    told = delivery.arguments
    member = session.get(Member, told["member"])
    if member is None or member.deactivated_at is not None:
        return None
    who = acting_as(session, member.id)
    team = None if told["team"] is None else session.get(Team, told["team"])
    if told["role"] == LEAD:
        holds = team is not None and team.lead_id == member.id and team.archived_at is None
    else:
        holds = any(each.member_id == member.id and each.role == told["role"] for each in who.roles)
    if holds is told["off"]:
        return None
    giver = session.get(Member, told["giver"])
    facts = RoleNotice(
        person=person_of(member),
        role=told["role"],
        team=None if team is None else team.name,
        giver=None if giver is None else giver.name,
        off=told["off"],
    )
    return Outgoing(channel=delivery.recipient, facts=facts)
