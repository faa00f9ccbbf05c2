"""The prompt and the reminder, looked up at the moment they are sent."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.okr.attention import Reason
from bot.okr.facts import Prompt, Waiting
from bot.okr.prompting import MOST_LISTED
from bot.store import attention
from bot.store.session import Session
from bot.store.tables import Delivery, Member
from bot.usecases.actors import acting_as
from bot.usecases.deliverable import Outgoing, OutgoingKind, Wait
from bot.usecases.standings import mine

TOLD_ALONG = "told in the prompt"
LISTED = "listed"
"""Where a message that asks keeps the numbers of its key results, in the order they are shown."""
MOST_TOLD = 5
MOST_LOOKED_AT = 20


def prepare_reminder(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """What this member still owes; None when nothing is due any more, they have left, or it would come too late."""
    asked = _asked(session, delivery, now)
    a_new_round_has_opened = asked is not None and asked.week_of.isoformat() > delivery.arguments["monday"]
    if asked is None or now >= asked.due_at or a_new_round_has_opened:
        return None
    return _listing(delivery, asked)


def prepare_again(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The prompt once more, after a snooze."""
    asked = _asked(session, delivery, now)
    return None if asked is None else _listing(delivery, asked)


def _listing(delivery: Delivery, asked: Prompt) -> Outgoing:
    """The message, whose order is kept: an answer in words names key results by their place in it."""
    delivery.arguments = {**delivery.arguments, LISTED: _in_order(asked)}
    return Outgoing(channel=delivery.recipient, facts=asked)


def _in_order(asked: Prompt) -> list[int]:
    return [each.number for each in asked.due[:MOST_LISTED]]


def prompt_with(
    others: Mapping[str, OutgoingKind],
) -> Callable[[Session, Delivery, datetime], Outgoing | None]:
    """How a prompt is prepared that also tells what waits for room. `others`: the kinds that may wait."""

    def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
        """What this member is asked now, and what else there is to tell them."""
        asked = _asked(session, delivery, now)
        if asked is None:
            return None
        found = _waiting(session, others, delivery, now)
        told = found[:MOST_TOLD]
        # What needs no answer has been told with this; what does stays until somebody has dealt with it.
        delivery.arguments = {
            **delivery.arguments,
            "told": [row.id for row, each in told if not each.needs_answer],
            LISTED: _in_order(asked),
        }
        waiting = tuple(each for _, each in told)
        facts = replace(asked, waiting=waiting, more_waiting=len(found) - len(told))
        return Outgoing(channel=delivery.recipient, facts=facts)

    return prepare


def sent(session: Session, delivery: Delivery, now: datetime) -> None:
    """What was told along with the prompt needs no message of its own any more."""
    attention.tell_elsewhere(session, delivery.arguments.get("told", ()), TOLD_ALONG, now)
    held = attention.held(session, delivery.workspace_id, delivery.recipient)
    asked_before = [row.id for row in held if row.kind == delivery.kind]
    attention.tell_elsewhere(session, asked_before, TOLD_ALONG, now)


def _asked(session: Session, delivery: Delivery, now: datetime) -> Prompt | None:
    member = session.get(Member, delivery.arguments["member"])
    if member is None or member.deactivated_at is not None:
        return None
    who = acting_as(session, member.id)
    due = [
        each
        for each in mine(session, who, now)
        if each.standing.due and each.opening and now < each.opening.closes_for(member.id)
    ]
    if not due:
        return None
    return Prompt(
        person=who.person,
        due=tuple(each.standing for each in due),
        due_at=min(each.opening.due_for(member.id) for each in due if each.opening),
        week_of=max(each.opening.monday for each in due if each.opening),
    )


def _waiting(
    session: Session, others: Mapping[str, OutgoingKind], delivery: Delivery, now: datetime
) -> list[tuple[Delivery, Waiting]]:
    """What waits for room for the same person, what needs an answer first."""
    found = []
    for row in attention.held(session, delivery.workspace_id, delivery.recipient, MOST_LOOKED_AT):
        kind = others.get(row.kind)
        if kind is None or kind.reason is None:
            continue
        outgoing = kind.prepare(session, row, now)
        if outgoing is not None and not isinstance(outgoing, Wait):
            found.append((row, Waiting(row.kind, outgoing.facts, needs_answer=kind.reason is not Reason.NEWS)))
    return sorted(found, key=lambda each: (not each[1].needs_answer, each[0].id))
