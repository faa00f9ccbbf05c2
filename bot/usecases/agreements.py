"""A lead or champion agrees to an objective or sends it back with a comment; its author may take it back."""

from dataclasses import dataclass
from datetime import datetime

from bot.okr.cycle import GRACE
from bot.okr.errors import NotFound, OkrError
from bot.okr.human_ids import key_result_id, objective_id
from bot.okr.permissions import Action, check
from bot.okr.setting import Agreement, AskedAnew, ChangedMeanwhile, ObjectiveSet, Outcome
from bot.okr.zones import local_day
from bot.store import agreements, deliveries, drafts
from bot.store.session import Session
from bot.store.tables import Delivery, Member, Objective
from bot.usecases.actors import Acting, Actor, acting, acting_as
from bot.usecases.answers import InvalidAnswers
from bot.usecases.asking import settle, stop_waiting, tell_author
from bot.usecases.deliverable import Outgoing
from bot.usecases.history import change_told
from bot.usecases.publishing import put_in_force, told_objective, version_of
from bot.usecases.relations import to_objective, to_team
from bot.usecases.typed import says_something, typed_text

LONGEST_COMMENT = 3000
MOST_CHANGES = 20
DECIDING = frozenset({agreements.ASKED, *agreements.DECISIONS, agreements.PASSED_ON})


@dataclass(frozen=True)
class Agree:
    """**Approve** was pressed for the objective of this number.

    `version` and `seen` as the message showed them; None on one that was sent before messages had them.
    """

    actor: Actor
    number: int
    version: str | None = None
    seen: int | None = None


@dataclass(frozen=True)
class SendBack:
    """**Send back** was pressed; `comment` is None as long as it has not been written."""

    actor: Actor
    number: int
    comment: str | None = None


@dataclass(frozen=True)
class Withdraw:
    """**Withdraw** was pressed."""

    actor: Actor
    number: int


@dataclass(frozen=True)
class ShowRequest:
    """Somebody who may agree wants to read again what waits."""

    actor: Actor
    number: int


def agree(session: Session, command: Agree, now: datetime) -> Agreement | AskedAnew:
    """Publish it, if it still says what was read. Pressed again, by whomever, it answers what has become of it.

    Raises OkrError where its team is in the archive or its cycle is over.
    """
    who, objective = _asked(session, command.actor, command.number)
    if objective.approval_asked_at is None:
        return _known(session, who, objective)
    changed = _changed_since(session, objective, command.seen)
    # A message without a version shows what was asked first.
    if changed if command.version is None else command.version != version_of(session, objective):
        return AskedAnew(told_objective(session, who.person, objective), changed)
    _check_place(session, who, objective, now)
    agreements.note(session, who.workspace.id, objective.id, actor_id=who.member.id, action=agreements.AGREED,
                    comment=None, now=now)  # fmt: skip
    asked_at = objective.approval_asked_at
    put_in_force(session, who, objective, now)
    tell_author(session, objective, f"objective_set:{objective.id}", now)
    settle(session, objective, asked_at, now, Outcome.AGREED)
    return _known(session, who, objective)


def show_request(session: Session, command: ShowRequest, now: datetime) -> ObjectiveSet | Agreement:
    """What waits, as it is now; what has become of it where it does not wait any more."""
    who, objective = _asked(session, command.actor, command.number, lock=False)
    if objective.approval_asked_at is None:
        return _known(session, who, objective)
    return told_objective(session, who.person, objective)


def _changed_since(session: Session, objective: Objective, seen: int | None) -> tuple[ChangedMeanwhile, ...]:
    """What was changed since somebody read it (None: since it was asked)."""
    since = agreements.asked_last(session, objective.id) if seen is None else seen
    return tuple(
        ChangedMeanwhile(
            shown_id=objective_id(objective.number) if result is None else key_result_id(result.number),
            unit=None if result is None else result.unit,
            change=change_told(session, change, author),
        )
        for change, author, result in agreements.changes_after(session, objective.id, since, MOST_CHANGES)
        if change.action not in DECIDING
    )


def _check_place(session: Session, who: Acting, objective: Objective, now: datetime) -> None:
    team, cycle = agreements.place(session, objective.id)
    shown, way = objective_id(objective.number), "Send it back, so that its author chooses another."
    if team.archived_at is not None:
        raise OkrError(f"The team {team.name} is in the archive, so {shown} can't begin there. {way}", help_topic="set")
    if cycle.archived_at is not None or cycle.ends_on + GRACE < local_day(now, who.zone):
        raise OkrError(f"The cycle {cycle.name} is over, so {shown} can't begin in it. {way}", help_topic="set")


def withdraw(session: Session, command: Withdraw, now: datetime) -> Agreement:
    """Make it a draft again, by its author; a second time changes nothing. Raises NotAllowed, NotFound, OkrError."""
    who = acting(session, command.actor)
    objective = _found(session, who, command.number, lock=True)
    shown = objective_id(objective.number)
    check(Action.WITHDRAW, to_objective(session, who, objective), shown, guest=who.member.is_guest)
    if objective.published_at is not None:
        raise OkrError(f"{shown} is published already. /okr edit {shown} changes it.", help_topic="edit")
    if objective.approval_asked_at is not None:
        stop_waiting(session, objective, now, Outcome.WITHDRAWN)
        agreements.note(session, who.workspace.id, objective.id, actor_id=who.member.id, action=agreements.WITHDRAWN,
                        comment=None, now=now)  # fmt: skip
    return _known(session, who, objective)


def may_send_back(session: Session, command: SendBack, now: datetime) -> Agreement | None:
    """None where it waits for an answer; else what has become of it. Raises NotAllowed for everybody else."""
    who, objective = _asked(session, command.actor, command.number, lock=False)
    return None if objective.approval_asked_at is not None else _known(session, who, objective)


def send_back(session: Session, command: SendBack, now: datetime) -> Agreement:
    """Make it a draft again and tell the author why. Raises InvalidAnswers at `comment`."""
    who, objective = _asked(session, command.actor, command.number)
    if objective.approval_asked_at is None:
        return _known(session, who, objective)
    comment = typed_text(command.comment)
    if comment is None or not says_something(comment):
        raise InvalidAnswers({"comment": "Say in a few words what should change."}, help_topic="set")
    if len(comment) > LONGEST_COMMENT:
        raise InvalidAnswers({"comment": f"This is too long: at most {LONGEST_COMMENT} characters."}, help_topic="set")
    asked_at = objective.approval_asked_at
    agreements.note(session, who.workspace.id, objective.id, actor_id=who.member.id, action=agreements.SENT_BACK,
                    comment=comment, now=now)  # fmt: skip
    author = None if objective.created_by is None else session.get(Member, objective.created_by)
    if author is not None and author.deactivated_at is None:
        deliveries.add(
            session,
            objective.workspace_id,
            kind="objective_sent_back",
            recipient=author.slack_id,
            arguments={"objective": objective.id, "member": author.id},
            dedupe_key=f"objective_sent_back:{objective.id}:{asked_at.isoformat()}",
            not_before=now,
            now=now,
        )
    stop_waiting(session, objective, now, Outcome.SENT_BACK)
    return _known(session, who, objective)


def check_sent_back(done: Agreement, command: SendBack) -> None:
    """Raise InvalidAnswers at `comment` where it was decided otherwise while the comment was written."""
    if done.outcome is Outcome.SENT_BACK and done.comment == typed_text(command.comment):
        return
    what = {
        Outcome.AGREED: "approved this",
        Outcome.SENT_BACK: "sent this back with another comment",
        Outcome.WITHDRAWN: "took this back",
    }.get(done.outcome, "discarded this")
    said = f"{done.by or 'Somebody'} {what} in the meantime, so your comment is not sent. Press Cancel to close."
    raise InvalidAnswers({"comment": said}, help_topic="set")


def _asked(session: Session, actor: Actor, number: int, *, lock: bool = True) -> tuple[Acting, Objective]:
    who = acting(session, actor)
    objective = _found(session, who, number, lock=lock)
    relations = to_team(session, who, objective.team_id)
    check(Action.APPROVE, relations, objective_id(number), guest=who.member.is_guest)
    return who, objective


def _found(session: Session, who: Acting, number: int, *, lock: bool) -> Objective:
    objective = drafts.objective(session, who.workspace.id, number, lock=lock)
    if objective is None:
        raise NotFound(f"There is no objective {objective_id(number)}.", help_topic="list")
    return objective


def _known(session: Session, who: Acting, objective: Objective) -> Agreement:
    """What became of it. Raises OkrError where nobody ever decided anything about it."""
    shown = objective_id(objective.number)
    decision = agreements.latest(session, objective.id)
    author = None if objective.created_by is None else session.get(Member, objective.created_by)
    outcome = None if decision is None else Outcome(decision.action)
    by, at = ("", objective.created_at) if decision is None else (decision.by, decision.at)
    if objective.dropped_at is not None and outcome is not Outcome.DISCARDED:
        outcome, by, at = Outcome.DISCARDED, "" if author is None else author.name, objective.dropped_at
    is_stale = outcome is None or (outcome is not Outcome.AGREED and objective.published_at is not None)
    if outcome is None or is_stale:
        state = "is published" if objective.published_at is not None else "is a draft again"
        raise OkrError(f"{shown} {state}: there is nothing to decide any more.", help_topic="set")
    return Agreement(
        number=objective.number,
        title=objective.title,
        outcome=outcome,
        by=by,
        at=at,
        zone=who.zone.key,
        author=None if author is None else author.name,
        comment=None if decision is None else decision.comment,
        nonce=objective.form_nonce,
    )


def prepare_request(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The message that asks; None when it is decided or asked anew."""
    objective = session.get(Objective, delivery.arguments["objective"])
    if objective is None or objective.dropped_at is not None or objective.approval_asked_at is None:
        return None
    if objective.approval_asked_at.isoformat() != delivery.arguments["asked_at"]:
        return None
    if objective.approver_id != delivery.arguments["member"]:
        return None
    who = acting_as(session, delivery.arguments["member"])
    return Outgoing(channel=delivery.recipient, facts=told_objective(session, who.person, objective))


def prepare_settled(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The change of that message; None where it was never sent."""
    objective = session.get_one(Objective, delivery.arguments["objective"])
    request = session.get(Delivery, delivery.arguments["request"])
    if request is None or request.channel is None or request.ts is None:
        return None
    who = acting_as(session, request.arguments["member"])
    if delivery.arguments["outcome"] != Outcome.PASSED_ON:
        return Outgoing(channel=request.channel, facts=_known(session, who, objective), update_ts=request.ts)
    if who.member.deactivated_at is not None or objective.approval_asked_at is None:
        return None
    asked = None if objective.approver_id is None else session.get(Member, objective.approver_id)
    author = None if objective.created_by is None else session.get(Member, objective.created_by)
    passed_on = Agreement(
        number=objective.number,
        title=objective.title,
        outcome=Outcome.PASSED_ON,
        by="" if asked is None else asked.name,
        at=now,
        zone=who.zone.key,
        author=None if author is None else author.name,
    )
    return Outgoing(channel=request.channel, facts=passed_on, update_ts=request.ts)


def prepare_sent_back(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """What the author reads; None when they have gone on with it already."""
    objective = session.get_one(Objective, delivery.arguments["objective"])
    is_draft = objective.published_at is None and objective.approval_asked_at is None and objective.dropped_at is None
    if not is_draft:
        return None
    who = acting_as(session, delivery.arguments["member"])
    return Outgoing(channel=delivery.recipient, facts=_known(session, who, objective))
