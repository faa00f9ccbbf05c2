"""Somebody leaves: whoever is responsible hears once what is without an owner, and hands it over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.okr.errors import NotAllowed, NotFound, OkrError
from bot.okr.human_ids import Prefix, parse_human_id
from bot.okr.leaving import HandedOver, HandOverForm, LeaverNotice, Orphaned, Received
from bot.okr.permissions import Action, may
from bot.okr.zones import UTC_ZONE, local_day
from bot.store import changes, deliveries, keyresults, leaving, members, objectives
from bot.store.session import Session
from bot.store.tables import Change, Delivery, KeyResult, Member, Objective
from bot.usecases.actors import Acting, Actor, acting, acting_as, person_of
from bot.usecases.answers import InvalidAnswers
from bot.usecases.deliverable import Outgoing
from bot.usecases.relations import to_teams

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
    """A page of the form was sent: everything to one person (`U…`), or single ones (`KR-3` -> `U…`) to others.

    `shown`: what had a line of its own on this page.
    """

    actor: Actor
    leaver: int
    everything_to: str | None
    single: Mapping[str, str]
    shown: tuple[str, ...] = ()
    page: int = 1


@dataclass(frozen=True)
class _Left:
    """Something without an owner: an objective, or a key result (both by row id), with the lead of its team."""

    row_id: int
    told: Orphaned
    team_id: int
    lead_id: int | None

    @property
    def key(self) -> str:
        """`KR-3`, `O-1`."""
        return self.told.shown_id


def somebody_left(session: Session, workspace_id: int, left: Iterable[Member], now: datetime) -> None:
    """Queue one message for each lead (else the first champion) of what is without an owner now.

    What waited for the leaver to hand it over, of others who had left before, is told to the next who may.
    """
    holders = members.roles(session, workspace_id)
    for gone in left:
        heard = _responsible(session, _left_behind(session, workspace_id, gone.id, now), gone.id, holders)
        recipients = {each.id: each for each in heard.values()}
        champion = _first_champion(holders)
        if champion is not None and leaving.led_by(session, workspace_id, gone.id):
            recipients |= members.by_ids(session, [champion])
        _queue(session, workspace_id, gone, recipients.values(), now)
        for earlier in leaving.gone_before(session, workspace_id, LEFT, gone.slack_id):
            found = _left_behind(session, workspace_id, earlier.id, now)
            heard = _responsible(session, found, earlier.id, holders)
            was_champion = any(each.member_id == gone.id and each.role == "champion" for each in holders)
            passed_on = [each.key for each in found if each.key in heard and (was_champion or each.lead_id == gone.id)]
            recipients = {heard[key].id: heard[key] for key in passed_on}
            _queue(session, workspace_id, earlier, recipients.values(), now, f":{gone.id}")


def _queue(
    session: Session, workspace_id: int, leaver: Member, to: Iterable[Member], now: datetime, occasion: str = ""
) -> None:
    for recipient in to:
        deliveries.add(
            session,
            workspace_id,
            kind=LEFT,
            recipient=recipient.slack_id,
            arguments={"leaver": leaver.id, "member": recipient.id},
            # Leaving once more after a return is another occasion.
            dedupe_key=f"{LEFT}:{leaver.id}:{recipient.id}:{leaver.deactivated_at}{occasion}",
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
    found = _left_behind(session, delivery.workspace_id, leaver.id, now)
    holders = members.roles(session, delivery.workspace_id)
    responsible = _responsible(session, found, leaver.id, holders)
    theirs = [each for each in found if each.key in responsible and responsible[each.key].id == reader.id]
    led = leaving.led_by(session, delivery.workspace_id, leaver.id) if reader.id == _first_champion(holders) else []
    if not theirs and not led:
        return None
    facts = LeaverNotice(
        person=acting_as(session, reader.id).person,
        leaver=leaver.name,
        leaver_id=leaver.id,
        orphaned=tuple(each.told for each in theirs[:SHOWN]),
        more=max(0, len(theirs) - SHOWN),
        led=tuple(led),
    )
    return Outgoing(channel=delivery.recipient, facts=facts)


def open_hand_over(session: Session, command: OpenHandOver, now: datetime) -> HandOverForm:
    """The form with everything that the member may hand over. Raises OkrError that says who has done it already."""
    who = acting(session, command.actor)
    leaver, found = _theirs(session, who, command.leaver, now)
    return _page(who, leaver, found, page=1, handed=0)


def _page(who: Acting, leaver: Member, found: Sequence[_Left], *, page: int, handed: int) -> HandOverForm:
    return HandOverForm(
        person=who.person,
        leaver=leaver.name,
        leaver_id=leaver.id,
        orphaned=tuple(each.told for each in found[:SHOWN]),
        more=max(0, len(found) - SHOWN),
        page=page,
        handed=handed,
    )


def hand_over(session: Session, command: HandOver, now: datetime) -> HandedOver:
    """Give each its new owner. What somebody else has handed over meanwhile stays as they left it.

    Raises InvalidAnswers (field `all`), and OkrError that says who has done it already.
    """
    who = acting(session, command.actor)
    leaver, found = _theirs(session, who, command.leaver, now)
    following = _following(found, command)
    given = _given(session, who, command, found, may_be_none=bool(following) or command.page > 1)
    received: dict[int, list[_Left]] = {}
    for each in found:
        owner = given.get(each.key)
        if owner is not None and _give(session, who, leaver, each, owner, now):
            received.setdefault(owner.id, []).append(each)
    if received:
        whole = {str(owner_id): [each.key for each in theirs] for owner_id, theirs in received.items()}
        change = changes.note(
            session, who.workspace.id, at=now, actor_id=who.member.id, entity=ENTITY, entity_id=leaver.id,
            action=ACTION, after=whole,
        )  # fmt: skip
        session.flush()
        _tell(session, who, change, received, now)
    owners = members.by_ids(session, received)
    handed = sum(map(len, received.values()))
    page = command.page + 1
    return HandedOver(
        person=who.person,
        leaver=leaver.name,
        received=tuple(
            Received(owners[owner_id].name, tuple(each.told for each in theirs))
            for owner_id, theirs in received.items()
        ),
        left=len(found) - handed,
        following=_page(who, leaver, following, page=page, handed=handed) if following else None,
    )


def _following(found: Sequence[_Left], command: HandOver) -> Sequence[_Left]:
    """What the next page shows; nothing where everything goes to somebody."""
    if command.everything_to or not command.shown:
        return ()
    shown = set(command.shown)
    last = max((at for at, each in enumerate(found) if each.key in shown), default=-1)
    return found[last + 1 :] if last >= 0 else [each for each in found if each.key not in shown]


def _give(session: Session, who: Acting, leaver: Member, each: _Left, owner: Member, now: datetime) -> bool:
    """Whether it was the leaver's still, and is the new owner's now."""
    before, after = {"owner_id": leaver.id}, {"owner_id": owner.id}
    if each.told.is_objective:
        objective = session.get_one(Objective, each.row_id, with_for_update=True, populate_existing=True)
        owned, wrote = objective.owner_id == leaver.id, objective.created_by == leaver.id
        if not owned and not (wrote and objective.published_at is None):
            return False
        objective.owner_id = owner.id if owned else objective.owner_id
        objective.created_by = owner.id if wrote and objective.published_at is None else objective.created_by
    else:
        key_result = session.get_one(KeyResult, each.row_id, with_for_update=True, populate_existing=True)
        if key_result.owner_id != leaver.id:
            return False
        key_result.owner_id = owner.id
        key_result.delegate_id = None if key_result.delegate_id == owner.id else key_result.delegate_id
    entity = "objective" if each.told.is_objective else "key_result"
    changes.note(
        session, who.workspace.id, at=now, actor_id=who.member.id, entity=entity, entity_id=each.row_id,
        action=ACTION, before=before, after=after, reason=f"{leaver.name} has left.",
    )  # fmt: skip
    return True


def prepare_received(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """What somebody was handed by another; None where none of it is theirs any more."""
    change = session.get(Change, delivery.arguments["change"])
    owner = session.get(Member, delivery.arguments["member"])
    if change is None or owner is None or owner.deactivated_at is not None:
        return None
    theirs = _still_theirs(session, delivery.workspace_id, owner, (change.after or {}).get(str(owner.id), []))
    if not theirs:
        return None
    leaver = session.get_one(Member, change.entity_id)
    giver = None if change.actor_id is None else session.get(Member, change.actor_id)
    facts = HandedOver(
        person=person_of(owner),
        leaver=leaver.name,
        received=(Received(owner.name, theirs),),
        left=0,
        giver=None if giver is None else giver.name,
    )
    return Outgoing(channel=delivery.recipient, facts=facts)


def _still_theirs(session: Session, workspace_id: int, owner: Member, keys: Sequence[str]) -> tuple[Orphaned, ...]:
    """What of these (`KR-3`, `O-1`) still belongs to somebody."""
    named = [parse_human_id(each) for each in keys]
    numbers = [each.number for each in named if each.prefix is Prefix.KEY_RESULT]
    rows = keyresults.numbered(session, workspace_id, numbers).values()
    found = [Orphaned(row.number, row.title, row.team_name) for row in rows if row.owner_id == owner.id]
    for each in named:
        row = None if each.prefix is Prefix.KEY_RESULT else objectives.numbered(session, workspace_id, each.number)
        if row is not None and owner.id in (row.objective.owner_id, row.objective.created_by):
            found.append(Orphaned(row.objective.number, row.objective.title, row.team.name, is_objective=True))
    return tuple(found)


def _tell(
    session: Session, who: Acting, change: Change, received: Mapping[int, Sequence[_Left]], now: datetime
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


def _given(
    session: Session, who: Acting, command: HandOver, found: Sequence[_Left], *, may_be_none: bool
) -> dict[str, Member]:
    """The new owner of each (`KR-3`) that gets one."""
    named = {each.key: command.single.get(each.key) or command.everything_to for each in found}
    if not any(named.values()) and not may_be_none:
        raise InvalidAnswers({"all": "Choose who shall own them, all or one by one."}, help_topic=HELP)
    known = members.by_slack_ids(session, who.workspace.id, {slack_id for slack_id in named.values() if slack_id})
    given = {}
    for key, slack_id in named.items():
        if slack_id is None:
            continue
        owner = known.get(slack_id)
        if owner is None or owner.is_bot or owner.deactivated_at is not None:
            sentence = f"{key}: this is nobody who can own it. Choose a person of this workspace."
            raise InvalidAnswers({"all": sentence}, help_topic=HELP)
        given[key] = owner
    return given


def _theirs(session: Session, who: Acting, leaver_id: int, now: datetime) -> tuple[Member, list[_Left]]:
    leaver = session.get(Member, leaver_id)
    if leaver is None or leaver.workspace_id != who.workspace.id:
        raise NotFound("I can't find this person any more.", help_topic=HELP)
    if leaver.deactivated_at is None:
        raise OkrError(f"{leaver.name} is back, so there is nothing to hand over.", help_topic=HELP)
    found = _left_behind(session, who.workspace.id, leaver.id, now)
    relations = to_teams(session, who, {each.team_id for each in found}) if found else {}
    theirs = [each for each in found if may(Action.HAND_OVER, relations[each.team_id], guest=who.member.is_guest)]
    if found and not theirs:
        raise NotAllowed(
            f"What {leaver.name} owned belongs to teams you do not lead: their leads or a champion hand it over.",
            help_topic=HELP,
        )
    if not found:
        raise OkrError(_nothing_left(session, who, leaver), help_topic=HELP)
    return leaver, theirs


def _nothing_left(session: Session, who: Acting, leaver: Member) -> str:
    done = changes.since(session, who.workspace.id, ENTITY, leaver.id, 0)
    by = next((name for change, name in reversed(done) if change.action == ACTION and name), None)
    by_whom = "" if by is None else f" by {by}" if by != who.member.name else " by you"
    return f"Nothing of {leaver.name} is left to hand over: it was done already{by_whom}."


def _left_behind(session: Session, workspace_id: int, member_id: int, now: datetime) -> list[_Left]:
    """What somebody owns, or wrote and has not published, in cycles that are not over: objectives, then key results."""
    today = local_day(now, UTC_ZONE)
    own = [
        _Left(row.id, Orphaned(row.number, row.title, row.team_name, is_objective=True), row.team_id, row.lead_id)
        for row in leaving.objectives_of(session, workspace_id, member_id, today)
    ]
    results = [
        _Left(row.id, Orphaned(row.number, row.title, row.team_name), row.team_id, row.lead_id)
        for row in keyresults.owned_by(session, workspace_id, member_id, today)
    ]
    return own + sorted(results, key=lambda each: each.told.number)


def _first_champion(holders: Sequence[members.RoleHolder]) -> int | None:
    return next((each.member_id for each in holders if each.role == "champion" and each.is_active), None)


def _responsible(
    session: Session, found: Sequence[_Left], leaver_id: int, holders: Sequence[members.RoleHolder]
) -> dict[str, Member]:
    """Who hears of each (`KR-3`): the team's lead, else the first champion; none where there is neither."""
    champion = _first_champion(holders)
    wanted = {each.lead_id for each in found if each.lead_id is not None} | ({champion} if champion else set())
    active = {
        member.id: member
        for member in members.by_ids(session, wanted - {leaver_id}).values()
        if member.deactivated_at is None
    }
    heard = {each.key: active.get(each.lead_id or 0) or active.get(champion or 0) for each in found}
    return {key: member for key, member in heard.items() if member is not None}
