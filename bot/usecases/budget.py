"""The attention budget at work: may a message that nobody asked for go now, or does it wait (product rule 11)?"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from bot.okr.asking import Habits
from bot.okr.attention import Profile, Reason, fits, goes_by_itself, week_begins, week_ends
from bot.okr.zones import local_day
from bot.store import attention, members, rounds
from bot.store.session import Session
from bot.store.tables import Delivery, Member
from bot.usecases.actors import acting_as
from bot.usecases.deliverable import Outgoing, OutgoingKind
from bot.usecases.habits import away_of, habits_of
from bot.usecases.standings import mine

USUAL_HOUR = time(9)
LOOKED_AT_AGAIN_WITHIN = timedelta(days=21)
HELD = "waits: two messages that nobody asked for have gone this week, or are sure to"
NOT_BY_ITSELF = "waits for the next prompt: its receiver has chosen not to get such messages by themselves"


def is_held(
    session: Session, kinds: Mapping[str, OutgoingKind], delivery: Delivery, outgoing: Outgoing, now: datetime
) -> bool:
    """Whether a claimed delivery has to wait, because its receiver has got enough this week; then it is put back."""
    reason = kinds[delivery.kind].reason
    if reason is None or not counts(kinds, delivery, outgoing):
        return False
    counted = [name for name, kind in kinds.items() if counts_for(reason, kind.reason)]
    found = held_until(session, delivery, reason, counted, now)
    return found is not None and attention.hold(session, delivery, *found, now)


def counts(kinds: Mapping[str, OutgoingKind], delivery: Delivery, outgoing: Outgoing) -> bool:
    """Whether a message is one of those of which there are at most two a week.

    That is a new direct message which its receiver has not asked for, and which is no duty: a duty is never held.
    """
    is_new_dm = outgoing.update_ts is None and outgoing.thread_ts is None and delivery.recipient.startswith(("U", "W"))
    return is_new_dm and is_limited(kinds[delivery.kind].reason) and not delivery.asked_for


def is_limited(reason: Reason | None) -> bool:
    """Whether messages for that reason wait where there is no room."""
    return reason is not None and reason is not Reason.DUTY


def held_until(
    session: Session, delivery: Delivery, reason: Reason, counted: Collection[str], now: datetime
) -> tuple[datetime, str] | None:
    """When to look at it again, and why it waits; None where it may go now.

    counted: the kinds of deliveries that take room from it. Ten statements at most.
    """
    member = members.by_slack_id(session, delivery.workspace_id, delivery.recipient)
    if member is None or delivery.asked_for or reason is Reason.DUTY:
        return None
    habits = habits_of(member, away_of(session, [member], now).get(member.id, ()))
    if not goes_by_itself(reason, habits.profile):
        return _next_morning(habits, now), NOT_BY_ITSELF
    sent = attention.count_sent(
        session, delivery.workspace_id, delivery.recipient, counted, week_begins(now, habits.zone)
    )
    if fits(reason, sent, _to_come(session, delivery, member, habits, reason, now), habits.profile):
        return None
    return _next_morning(habits, week_ends(now, habits.zone)), HELD


def counts_for(reason: Reason, other: Reason | None) -> bool:
    """Whether a message that went for `other` takes room from one for `reason`.

    A duty takes the place of what could wait, but not that of the prompt or the reminder.
    """
    if other is None:
        return False
    return other is not Reason.DUTY or reason not in (Reason.PROMPT, Reason.REMINDER)


def _next_morning(habits: Habits, earliest: datetime) -> datetime:
    """Their next prompt hour after that, on a working day."""
    later = earliest + timedelta(seconds=1)
    hour = habits.hour or USUAL_HOUR
    morning = habits.next_moment(later, hour, earliest + LOOKED_AT_AGAIN_WITHIN)
    return earliest + timedelta(days=1) if morning is None or morning == later else morning


def _to_come(
    session: Session, delivery: Delivery, member: Member, habits: Habits, reason: Reason, now: datetime
) -> Counter[Reason]:
    """What is sure to be sent to them this week and comes first."""
    found: Counter[Reason] = Counter()
    if reason is Reason.PROMPT:
        return found
    until = week_ends(now, habits.zone)
    parts = rounds.still_to_ask(session, member.id, until)
    days = {local_day(part.prompt_at, habits.zone) for part in parts if part.settled_at is None and part.prompt_at}
    days |= {
        local_day(moment, habits.zone)
        for moment in attention.waiting_until(session, delivery.workspace_id, delivery.recipient, "prompt", until)
    }
    found[Reason.PROMPT] = len(days)
    if reason is Reason.REMINDER or habits.profile is Profile.LIGHT:
        return found
    to_remind = [part for part in parts if part.remind_at is not None and part.remind_at < until]
    asked_already = to_remind and all(part.settled_at is not None for part in to_remind)
    if to_remind and (not asked_already or _owes_an_answer(session, member, now)):
        found[Reason.REMINDER] = 1
    return found


def _owes_an_answer(session: Session, member: Member, now: datetime) -> bool:
    return any(each.standing.due for each in mine(session, acting_as(session, member.id), now))


def room_again(session: Session, workspace_id: int, slack_id: str, now: datetime) -> None:
    """Something was answered, so less is sure to follow this week: what waits for room is looked at again."""
    attention.look_again(session, workspace_id, slack_id, HELD, now)
