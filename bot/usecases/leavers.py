"""Somebody leaves: whoever is responsible hears once what is without an owner, and hands it over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.okr.errors import NotAllowed, NotFound, OkrError
from bot.okr.human_ids import key_result_id
from bot.okr.leaving import HandedOver, HandOverForm, LeaverNotice, Orphaned, Received
from bot.okr.permissions import Action, may
from bot.okr.zones import UTC_ZONE, local_day
from bot.store import changes, deliveries, keyresults, members
from bot.store.keyresults import KeyResultRow
from bot.store.session import Session
from bot.store.tables import Change, Delivery, KeyResult, Member
from bot.usecases.actors import Acting, Actor, acting, acting_as, person_of
from bot.usecases.answers import InvalidAnswers
from bot.usecases.deliverable import Outgoing
from bot.usecases.relations import to_key_results

LEFT, RECEIVED = "somebody_left", "handed_over"
SHOWN = 20
PRIORITY = 55
HELP = "edit"
ENTITY, ACTION = "member", "handed over"


@dataclass(frozen=True)
class OpenHandOver:
    """**Hand Over** was pressed; `leaver` is a member's row id."""

    actor: Actor
    leaver: int


@dataclass(frozen=True)
class HandOver:
    """The form was sent: everything to one person (`U…`), or single ones (number -> `U…`) to others."""

    actor: Actor
    leaver: int
    everything_to: str | None
    single: Mapping[int, str]


def somebody_left(session: Session, workspace_id: int, left: Iterable[Member], now: datetime) -> None:
    """Queue one message for each lead (else the first champion) of what is without an owner now."""
    holders = members.roles(session, workspace_id)
    for leaver in left:
        rows = _owned(session, workspace_id, leaver.id, now)
        for recipient in _responsible(session, rows, leaver.id, holders).values():
            deliveries.add(
                session,
                workspace_id,
                kind=LEFT,
                recipient=recipient.slack_id,
                arguments={"leaver": leaver.id, "member": recipient.id},
                # Leaving once more after a return is another occasion.
                dedupe_key=f"{LEFT}:{leaver.id}:{recipient.id}:{leaver.deactivated_at}",
                not_before=now,
                now=now,
                priority=PRIORITY,
            )


def prepare_left(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """What is without an owner still; None where nothing is, or they are back."""
    leaver = session.get(Member, delivery.arguments["leaver"])
    reader = session.get(Member, delivery.arguments["member"])
    if leaver is None or leaver.deactivated_at is None or reader is None or reader.deactivated_at is not None:
        return None
    rows = _owned(session, delivery.workspace_id, leaver.id, now)
    holders = members.roles(session, delivery.workspace_id)
    responsible = _responsible(session, rows, leaver.id, holders)
    theirs = [row for row in rows if row.id in responsible and responsible[row.id].id == reader.id]
    if not theirs:
        return None
    facts = LeaverNotice(
        person=acting_as(session, reader.id).person,
        leaver=leaver.name,
        leaver_id=leaver.id,
        orphaned=tuple(_orphaned(row) for row in theirs[:SHOWN]),
        more=max(0, len(theirs) - SHOWN),
    )
    return Outgoing(channel=delivery.recipient, facts=facts)


def open_hand_over(session: Session, command: OpenHandOver, now: datetime) -> HandOverForm:
    """The form with everything that the member may hand over. Raises OkrError that says who has done it already."""
    who = acting(session, command.actor)
    leaver, rows = _theirs(session, who, command.leaver, now)
    return HandOverForm(
        person=who.person,
        leaver=leaver.name,
        leaver_id=leaver.id,
        orphaned=tuple(_orphaned(row) for row in rows[:SHOWN]),
        more=max(0, len(rows) - SHOWN),
    )


def hand_over(session: Session, command: HandOver, now: datetime) -> HandedOver:
    """Give each its new owner. What somebody else has handed over meanwhile stays as they left it.

    Raises InvalidAnswers (field `all`), and OkrError that says who has done it already.
    """
    who = acting(session, command.actor)
    leaver, rows = _theirs(session, who, command.leaver, now)
    given = _given(session, who, command, rows)
    received: dict[int, list[KeyResultRow]] = {}
    for row in rows:
        owner = given.get(row.number)
        if owner is None:
            continue
        key_result = session.get_one(KeyResult, row.id, with_for_update=True, populate_existing=True)
        if key_result.owner_id != leaver.id:
            continue
        received.setdefault(owner.id, []).append(row)
        key_result.owner_id = owner.id
        key_result.delegate_id = None if key_result.delegate_id == owner.id else key_result.delegate_id
        changes.note(
            session, who.workspace.id, at=now, actor_id=who.member.id, entity="key_result", entity_id=row.id,
            action=ACTION, before={"owner_id": leaver.id}, after={"owner_id": owner.id},
            reason=f"{leaver.name} has left.",
        )  # fmt: skip
    whole = {str(owner_id): [row.number for row in theirs] for owner_id, theirs in received.items()}
    change = changes.note(
        session, who.workspace.id, at=now, actor_id=who.member.id, entity=ENTITY, entity_id=leaver.id, action=ACTION,
        after=whole,
    )  # fmt: skip
    session.flush()
    _tell(session, who, change, received, now)
    owners = members.by_ids(session, received)
    return HandedOver(
        person=who.person,
        leaver=leaver.name,
        received=tuple(
            Received(owners[owner_id].name, tuple(_orphaned(row) for row in theirs))
            for owner_id, theirs in received.items()
        ),
        left=len(rows) - sum(map(len, received.values())),
    )


def prepare_received(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """What somebody was handed by another; None where none of it is theirs any more."""
    change = session.get(Change, delivery.arguments["change"])
    owner = session.get(Member, delivery.arguments["member"])
    if change is None or owner is None or owner.deactivated_at is not None:
        return None
    numbers = (change.after or {}).get(str(owner.id), [])
    rows = keyresults.numbered(session, delivery.workspace_id, numbers).values()
    theirs = [row for row in rows if row.owner_id == owner.id]
    if not theirs:
        return None
    leaver = session.get_one(Member, change.entity_id)
    giver = None if change.actor_id is None else session.get(Member, change.actor_id)
    facts = HandedOver(
        person=person_of(owner),
        leaver=leaver.name,
        received=(Received(owner.name, tuple(_orphaned(row) for row in theirs)),),
        left=0,
        giver=None if giver is None else giver.name,
    )
    return Outgoing(channel=delivery.recipient, facts=facts)


def _tell(
    session: Session, who: Acting, change: Change, received: Mapping[int, Sequence[KeyResultRow]], now: datetime
) -> None:
    """One note for each new owner, however much they were given."""
    for owner in members.by_ids(session, [owner_id for owner_id in received if owner_id != who.member.id]).values():
        deliveries.add(
            session,
            who.workspace.id,
            kind=RECEIVED,
            recipient=owner.slack_id,
            arguments={"change": change.id, "member": owner.id},
            dedupe_key=f"{RECEIVED}:{change.id}:{owner.id}",
            not_before=now,
            now=now,
            priority=PRIORITY,
        )


def _given(session: Session, who: Acting, command: HandOver, rows: Sequence[KeyResultRow]) -> dict[int, Member]:
    """The new owner of each number that gets one."""
    named = {row.number: command.single.get(row.number) or command.everything_to for row in rows}
    if not any(named.values()):
        raise InvalidAnswers({"all": "Choose who shall own them, all or one by one."}, help_topic=HELP)
    known = members.by_slack_ids(session, who.workspace.id, {slack_id for slack_id in named.values() if slack_id})
    given = {}
    for number, slack_id in named.items():
        if slack_id is None:
            continue
        owner = known.get(slack_id)
        if owner is None or owner.is_bot or owner.deactivated_at is not None:
            sentence = f"{key_result_id(number)}: this is nobody who can own it. Choose a person of this workspace."
            raise InvalidAnswers({"all": sentence}, help_topic=HELP)
        given[number] = owner
    return given


def _theirs(session: Session, who: Acting, leaver_id: int, now: datetime) -> tuple[Member, list[KeyResultRow]]:
    leaver = session.get(Member, leaver_id)
    if leaver is None or leaver.workspace_id != who.workspace.id:
        raise NotFound("I can't find this person any more.", help_topic=HELP)
    if leaver.deactivated_at is None:
        raise OkrError(f"{leaver.name} is back, so there is nothing to hand over.", help_topic=HELP)
    rows = _owned(session, who.workspace.id, leaver.id, now)
    relations = to_key_results(session, who, rows) if rows else {}
    theirs = [row for row in rows if may(Action.HAND_OVER, relations[row.id], guest=who.member.is_guest)]
    if rows and not theirs:
        raise NotAllowed(
            f"What {leaver.name} owned belongs to teams you do not lead: their leads or a champion hand it over.",
            help_topic=HELP,
        )
    if not rows:
        raise OkrError(_nothing_left(session, who, leaver), help_topic=HELP)
    return leaver, theirs


def _nothing_left(session: Session, who: Acting, leaver: Member) -> str:
    done = changes.since(session, who.workspace.id, ENTITY, leaver.id, 0)
    by = next((name for change, name in reversed(done) if change.action == ACTION and name), None)
    by_whom = "" if by is None else f" by {by}" if by != who.member.name else " by you"
    return f"Nothing of {leaver.name} is left to hand over: it was done already{by_whom}."


def _owned(session: Session, workspace_id: int, member_id: int, now: datetime) -> list[KeyResultRow]:
    """What somebody owns in cycles that are not over."""
    return keyresults.owned_by(session, workspace_id, member_id, local_day(now, UTC_ZONE))


def _responsible(
    session: Session, rows: Sequence[KeyResultRow], leaver_id: int, holders: Sequence[members.RoleHolder]
) -> dict[int, Member]:
    """Who hears of each key result (row id): the team's lead, else the first champion; none where there is neither."""
    champion = next((each.member_id for each in holders if each.role == "champion" and each.is_active), None)
    wanted = {row.lead_id for row in rows if row.lead_id is not None} | ({champion} if champion else set())
    active = {
        member.id: member
        for member in members.by_ids(session, wanted - {leaver_id}).values()
        if member.deactivated_at is None
    }
    found = {row.id: active.get(row.lead_id or 0) or active.get(champion or 0) for row in rows}
    return {row_id: member for row_id, member in found.items() if member is not None}


def _orphaned(row: KeyResultRow) -> Orphaned:
    return Orphaned(row.number, row.title, row.team_name)
