"""What may be answered to a prompt besides a check-in: **No change**, **Snooze**, **Skip**."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.okr.asking import Habits
from bot.okr.cadence import Excuse
from bot.okr.errors import NothingDue, OkrError
from bot.okr.facts import Receipt
from bot.okr.prompting import SkipForm, Skipped, Snoozed, SnoozeForm
from bot.okr.zones import local_day
from bot.store import attention, changes, checkins, deliveries, rounds
from bot.store.session import Session
from bot.store.tables import Delivery, Member, RoundPart
from bot.usecases.actors import Acting, Actor, acting, acting_as
from bot.usecases.budget import USUAL_HOUR, room_again
from bot.usecases.checkins import LineAnswer, SendLines, send_lines
from bot.usecases.deliverable import Outgoing
from bot.usecases.habits import away_of, habits_of
from bot.usecases.standings import Placed, mine

HELP = "rhythm"
LATER = timedelta(hours=3)
LONGEST_REASON = 300
NOTHING_DUE = "Nothing waits for your answer any more. `/okr` shows where everything stands."
AGAIN = "prompt_again"
ANSWERED = "prompt_answered"
PRIORITY = 0


@dataclass(frozen=True)
class NoChange:
    """**No change** was pressed on a message. `nonce` is the same for every press on the same message."""

    actor: Actor
    nonce: str


def no_change(session: Session, command: NoChange, now: datetime) -> Receipt:
    """Answer "no change" for everything that is due. Pressed again, it answers the same. Raises NothingDue."""
    who = acting(session, command.actor)
    due = due_now(session, who, now)
    if not due and checkins.by_nonce(session, who.workspace.id, command.nonce) is None:
        raise NothingDue(NOTHING_DUE, help_topic=HELP)
    lines = tuple(LineAnswer(each.row.number, "=") for each in due)
    return send_lines(session, SendLines(command.actor, command.nonce, lines), now)


@dataclass(frozen=True)
class OpenAnswer:
    """**Snooze** or **Skip** was pressed. `where` names the message: it is changed when the answer is there."""

    actor: Actor
    where: str


def open_snooze(session: Session, command: OpenAnswer, now: datetime) -> SnoozeForm:
    """The moments to choose from. Raises NothingDue."""
    who = acting(session, command.actor)
    due = _due_or_refuse(session, who, now)
    habits = _habits(session, who, now)
    hour = habits.hour or USUAL_HOUR
    closes = _closes(due, who)
    later = habits.next_moment(now + LATER, hour, closes)
    tomorrow = habits.next_moment(_end_of_day(now, habits), hour, closes)
    is_today = later is not None and local_day(later, habits.zone) == local_day(now, habits.zone)
    return SnoozeForm(who.person, later if is_today else None, tomorrow, closes, command.where)


@dataclass(frozen=True)
class Snooze:
    """Ask again at `until`. `where`: `channel:ts` of the message it was pressed on."""

    actor: Actor
    until: datetime | None
    where: str


def snooze(session: Session, command: Snooze, now: datetime) -> Snoozed:
    """Put the prompt off. The last choice counts. Raises NothingDue, and OkrError at the field `at`."""
    who = acting(session, command.actor)
    due = _due_or_refuse(session, who, now)
    closes = _closes(due, who)
    if command.until is None:
        raise OkrError("Choose when I should ask again.", help_topic=HELP, field="at")
    if command.until <= now:
        raise OkrError("This time has passed. Choose a later one.", help_topic=HELP, field="at")
    if command.until >= closes:
        raise OkrError(
            "That is after this round closes. Choose an earlier time, or skip it.", help_topic=HELP, field="at"
        )
    for part in _parts(session, who, due):
        part.snoozed_until = command.until
    deliveries.add(
        session,
        who.workspace.id,
        kind=AGAIN,
        recipient=who.member.slack_id,
        arguments={"member": who.member.id},
        dedupe_key=f"{AGAIN}:{who.member.id}:{command.until.isoformat()}",
        not_before=command.until,
        now=now,
        priority=PRIORITY,
    )
    _tell(session, who, command.where, {"snoozed": command.until.isoformat()}, now)
    return _snoozed(who, due, command.until)


def open_skip(session: Session, command: OpenAnswer, now: datetime) -> SkipForm:
    """What a skip would mean. Raises NothingDue."""
    who = acting(session, command.actor)
    return SkipForm(who.person, len(_due_or_refuse(session, who, now)), command.where)


@dataclass(frozen=True)
class Skip:
    """Leave this round out, and say why."""

    actor: Actor
    reason: str
    where: str


def skip(session: Session, command: Skip, now: datetime) -> Skipped:
    """Nothing is expected for this round; an answer still counts. Raises NothingDue, and OkrError at `reason`."""
    who = acting(session, command.actor)
    due = _due_or_refuse(session, who, now)
    reason = command.reason.strip()
    if not reason:
        raise OkrError("Say in a word why, so that nobody wonders.", help_topic=HELP, field="reason")
    for part in _parts(session, who, due):
        part.excuse, part.excuse_reason, part.excused_at = Excuse.SKIPPED, reason[:LONGEST_REASON], now
        part.reminder_settled_at = part.reminder_settled_at or now
        changes.note(
            session,
            who.workspace.id,
            at=now,
            actor_id=who.member.id,
            entity="round_part",
            entity_id=part.id,
            action="skipped",
            reason=reason[:LONGEST_REASON],
        )
    session.flush()
    room_again(session, who.workspace.id, who.member.slack_id, now)
    facts = Skipped(who.person, len(due), reason[:LONGEST_REASON], _closes(due, who))
    _tell(
        session,
        who,
        command.where,
        {"skipped": len(due), "reason": facts.reason, "until": facts.until.isoformat()},
        now,
    )
    return facts


@dataclass(frozen=True)
class ShowWaiting:
    """**Show Them** was pressed: what waits for room in the attention budget is to come now."""

    actor: Actor


def show_waiting(session: Session, command: ShowWaiting, now: datetime) -> int:
    """Let it come. Answers how many messages that are."""
    who = acting(session, command.actor)
    return attention.ask_for_held(session, who.workspace.id, who.member.slack_id, now)


# --- the message that stood there before


def _tell(session: Session, who: Acting, where: str, told: Mapping[str, object], now: datetime) -> None:
    """Change the prompt into what was answered."""
    channel, _, ts = where.partition(":")
    if not channel or not ts:
        return
    deliveries.add(
        session,
        who.workspace.id,
        kind=ANSWERED,
        recipient=who.member.slack_id,
        arguments={"member": who.member.id, "channel": channel, "ts": ts, **told},
        dedupe_key=f"{ANSWERED}:{where}:{now.isoformat()}",
        not_before=now,
        now=now,
        priority=PRIORITY,
    )


def prepare_answered(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The prompt as it reads after **Snooze** or **Skip**; None where an answer has come in the meantime."""
    who = acting_as(session, delivery.arguments["member"])
    asked = delivery.arguments
    facts: Snoozed | Skipped
    if "snoozed" in asked:
        due = due_now(session, who, now)
        if not due:
            return None
        facts = _snoozed(who, due, datetime.fromisoformat(asked["snoozed"]))
    else:
        facts = Skipped(who.person, asked["skipped"], asked["reason"], datetime.fromisoformat(asked["until"]))
    return Outgoing(channel=asked["channel"], facts=facts, update_ts=asked["ts"])


def _snoozed(who: Acting, due: list[Placed], until: datetime) -> Snoozed:
    return Snoozed(who.person, until, min(each.opening.due_for(who.member.id) for each in due if each.opening))


# --- what is due


def due_now(session: Session, who: Acting, now: datetime) -> list[Placed]:
    """What waits for their answer. Six statements at most."""
    return [
        each
        for each in mine(session, who, now)
        if each.standing.due and each.opening and now < each.opening.closes_for(who.member.id)
    ]


def _due_or_refuse(session: Session, who: Acting, now: datetime) -> list[Placed]:
    due = due_now(session, who, now)
    if not due:
        raise NothingDue(NOTHING_DUE, help_topic=HELP)
    return due


def _parts(session: Session, who: Acting, due: list[Placed]) -> list[RoundPart]:
    return rounds.parts_of(session, who.member.id, {each.opening.round_id for each in due if each.opening})


def _closes(due: list[Placed], who: Acting) -> datetime:
    return min(each.opening.closes_for(who.member.id) for each in due if each.opening)


def _habits(session: Session, who: Acting, now: datetime) -> Habits:
    member: Member = who.member
    return habits_of(member, away_of(session, [member], now).get(member.id, ()), who.workspace_zone)


def _end_of_day(now: datetime, habits: Habits) -> datetime:
    local = now.astimezone(habits.zone)
    return now + timedelta(days=1) - timedelta(hours=local.hour, minutes=local.minute)
