"""A lead or champion agrees to an objective, or sends it back with a comment."""

from dataclasses import dataclass
from datetime import datetime

from bot.okr.errors import NotFound, OkrError
from bot.okr.human_ids import objective_id
from bot.okr.permissions import Action, check
from bot.okr.setting import Agreement
from bot.store import agreements, deliveries, drafts
from bot.store.session import Session
from bot.store.tables import Delivery, Member, Objective
from bot.usecases.actors import Acting, Actor, acting, acting_as
from bot.usecases.answers import InvalidAnswers
from bot.usecases.deliverable import Outgoing
from bot.usecases.publishing import put_in_force, request_key, tell_author, told_objective
from bot.usecases.relations import to_team
from bot.usecases.typed import says_something, typed_text

LONGEST_COMMENT = 3000


@dataclass(frozen=True)
class Agree:
    """**Approve** was pressed for the objective of this number."""

    actor: Actor
    number: int


@dataclass(frozen=True)
class SendBack:
    """**Send back** was pressed; `comment` is None as long as it has not been written."""

    actor: Actor
    number: int
    comment: str | None = None


def agree(session: Session, command: Agree, now: datetime) -> Agreement:
    """Publish it. Pressed again, by whomever, it answers what has become of it."""
    who, objective = _asked(session, command.actor, command.number)
    if objective.approval_asked_at is None:
        return _known(session, objective)
    asked_at = objective.approval_asked_at
    agreements.note(session, who.workspace.id, objective.id, actor_id=who.member.id, action=agreements.AGREED,
                    comment=None, now=now)  # fmt: skip
    put_in_force(session, who, objective, now)
    tell_author(session, objective, f"objective_set:{objective.id}", now)
    _settle(session, objective, asked_at, now)
    return _known(session, objective)


def may_send_back(session: Session, command: SendBack, now: datetime) -> Agreement | None:
    """None where it waits for an answer; else what has become of it. Raises NotAllowed for everybody else."""
    _, objective = _asked(session, command.actor, command.number, lock=False)
    return None if objective.approval_asked_at is not None else _known(session, objective)


def send_back(session: Session, command: SendBack, now: datetime) -> Agreement:
    """Make it a draft again and tell the author why. Raises InvalidAnswers at `comment`."""
    who, objective = _asked(session, command.actor, command.number)
    if objective.approval_asked_at is None:
        return _known(session, objective)
    comment = typed_text(command.comment)
    if comment is None or not says_something(comment):
        raise InvalidAnswers({"comment": "Say in a few words what should change."}, help_topic="set")
    if len(comment) > LONGEST_COMMENT:
        raise InvalidAnswers({"comment": f"This is too long: at most {LONGEST_COMMENT} characters."}, help_topic="set")
    asked_at, objective.approval_asked_at = objective.approval_asked_at, None
    agreements.note(session, who.workspace.id, objective.id, actor_id=who.member.id, action=agreements.SENT_BACK,
                    comment=comment, now=now)  # fmt: skip
    author = None if objective.created_by is None else session.get(Member, objective.created_by)
    if author is not None:
        deliveries.add(
            session,
            objective.workspace_id,
            kind="objective_sent_back",
            recipient=author.slack_id,
            arguments={"objective": objective.id},
            dedupe_key=f"objective_sent_back:{objective.id}:{asked_at.isoformat()}",
            not_before=now,
            now=now,
        )
    _settle(session, objective, asked_at, now)
    return _known(session, objective)


def _asked(session: Session, actor: Actor, number: int, *, lock: bool = True) -> tuple[Acting, Objective]:
    who = acting(session, actor)
    objective = drafts.objective(session, who.workspace.id, number, lock=lock)
    if objective is None:
        raise NotFound(f"There is no objective {objective_id(number)}.", help_topic="list")
    relations = to_team(session, who, objective.team_id)
    check(Action.APPROVE, relations, objective_id(number), guest=who.member.is_guest)
    return who, objective


def _known(session: Session, objective: Objective) -> Agreement:
    shown = objective_id(objective.number)
    if objective.dropped_at is not None:
        raise OkrError(f"{shown} was taken back meanwhile.", help_topic="set")
    decision = agreements.latest(session, objective.id)
    if decision is None or (decision.action == agreements.SENT_BACK and objective.published_at is not None):
        state = "is published" if objective.published_at is not None else "is a draft again"
        raise OkrError(f"{shown} {state}: there is nothing to decide any more.", help_topic="set")
    author = None if objective.created_by is None else session.get(Member, objective.created_by)
    return Agreement(
        number=objective.number,
        title=objective.title,
        agreed=decision.action == agreements.AGREED,
        by=decision.by,
        author=None if author is None else author.name,
        comment=decision.comment,
        nonce=objective.form_nonce,
    )


def _settle(session: Session, objective: Objective, asked_at: datetime, now: datetime) -> None:
    """Let the message that asked say what came of it, without its buttons."""
    asked = agreements.posted(session, objective.workspace_id, request_key(objective, asked_at))
    if asked is None:
        return
    deliveries.add(
        session,
        objective.workspace_id,
        kind="agreement_settled",
        recipient=asked.recipient,
        arguments={"objective": objective.id, "asked_at": asked_at.isoformat()},
        dedupe_key=f"agreement_settled:{objective.id}:{asked_at.isoformat()}",
        not_before=now,
        now=now,
        priority=0,
    )


def prepare_request(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The message that asks; None when it is decided or asked anew."""
    objective = session.get(Objective, delivery.arguments["objective"])
    if objective is None or objective.dropped_at is not None or objective.approval_asked_at is None:
        return None
    if objective.approval_asked_at.isoformat() != delivery.arguments["asked_at"]:
        return None
    who = acting_as(session, delivery.arguments["member"])
    return Outgoing(channel=delivery.recipient, facts=told_objective(session, who.person, objective))


def prepare_settled(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The change of that message; None where it was never sent."""
    objective = session.get_one(Objective, delivery.arguments["objective"])
    asked_at = datetime.fromisoformat(delivery.arguments["asked_at"])
    asked = agreements.posted(session, delivery.workspace_id, request_key(objective, asked_at))
    if asked is None or asked.channel is None or asked.ts is None or objective.dropped_at is not None:
        return None
    return Outgoing(channel=asked.channel, facts=_known(session, objective), update_ts=asked.ts)


def prepare_sent_back(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """What the author reads; None when they have gone on with it already."""
    objective = session.get_one(Objective, delivery.arguments["objective"])
    is_draft = objective.published_at is None and objective.approval_asked_at is None and objective.dropped_at is None
    return Outgoing(channel=delivery.recipient, facts=_known(session, objective)) if is_draft else None
