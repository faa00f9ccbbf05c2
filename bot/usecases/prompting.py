"""What a beat asks: the prompt and the one reminder of every part whose hour has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.okr.asking import Away, Habits
from bot.okr.cadence import Rhythm
from bot.okr.zones import local_day
from bot.store import deliveries, members, rounds
from bot.store.session import Session
from bot.store.tables import Member, Round, RoundPart
from bot.usecases.habits import away_of, habits_of
from bot.usecases.rounds import TickCommand

PROMPT = "prompt"
REMINDER = "reminder"
PROMPT_PRIORITY = 10
REMINDER_PRIORITY = 20


@dataclass(frozen=True)
class _Waiting:
    """A part whose hour has come, with whom and what it concerns."""

    part: RoundPart
    row: Round
    member: Member
    habits: Habits

    def next_moment(self, planned: datetime, now: datetime) -> datetime | None:
        """When what was planned for then may go, seen from now; None where the round closes for them before."""
        hour = self.habits.hour or Rhythm.read(self.row.rhythm).opens.hour
        return self.habits.next_moment(max(planned, now), hour, self.part.closes_at)


def make_prompts(session: Session, command: TickCommand, now: datetime) -> int:
    """Turn every part whose hour has come into one prompt per member and day. Answers how many parts were settled.

    A prompt that is late (the bot was down) waits for the member's next working hours; where the round closes before,
    it is left out.
    """
    found = rounds.parts_to_prompt(session, command.workspace_id, now, command.limit)
    for each in _waiting(session, found, now):
        part = each.part
        assert part.prompt_at is not None  # it was asked for by its time
        moment = each.next_moment(part.prompt_at, now)
        part.settled_at = now
        if moment is None or each.member.deactivated_at is not None:
            part.reminder_settled_at = now
        else:
            part.delivery_id = _queue(session, each, PROMPT, PROMPT_PRIORITY, moment, now)
    session.flush()
    return len(found)


def make_reminders(session: Session, command: TickCommand, now: datetime) -> int:
    """The same for reminders; one that comes late goes only while an answer is still on time."""
    found = rounds.parts_to_remind(session, command.workspace_id, now, command.limit)
    for each in _waiting(session, found, now):
        part = each.part
        assert part.remind_at is not None  # it was asked for by its time
        part.reminder_settled_at = now
        moment = each.next_moment(part.remind_at, now)
        snoozed = part.snoozed_until is not None and moment is not None and part.snoozed_until >= moment
        gone = each.member.deactivated_at is not None or part.delivery_id is None or part.excuse is not None
        if moment is not None and moment < part.due_at and not snoozed and not gone:
            part.reminder_id = _queue(session, each, REMINDER, REMINDER_PRIORITY, moment, now)
    session.flush()
    return len(found)


def _waiting(session: Session, parts: Sequence[RoundPart], now: datetime) -> list[_Waiting]:
    if not parts:
        return []
    people = members.by_ids(session, [part.member_id for part in parts])
    asked_in = rounds.by_ids(session, [part.round_id for part in parts])
    away = away_of(session, people.values(), now)
    return [_one(part, asked_in, people, away) for part in parts]


def _one(
    part: RoundPart, asked_in: Mapping[int, Round], people: Mapping[int, Member], away: Mapping[int, tuple[Away, ...]]
) -> _Waiting:
    row, member = asked_in[part.round_id], people[part.member_id]
    return _Waiting(part, row, member, habits_of(member, away.get(member.id, ()), row.zone))


def _queue(session: Session, each: _Waiting, kind: str, priority: int, moment: datetime, now: datetime) -> int | None:
    """The one message of that kind to this member on that day; several teams share it."""
    day = local_day(moment, each.habits.zone)
    key = f"{kind}:{each.member.id}:{day.isoformat()}"
    added = deliveries.add(
        session,
        each.row.workspace_id,
        kind=kind,
        recipient=each.member.slack_id,
        arguments={"member": each.member.id, "monday": each.row.monday.isoformat()},
        dedupe_key=key,
        not_before=moment,
        now=now,
        priority=priority,
    )
    return added if added is not None else deliveries.id_of(session, each.row.workspace_id, key)
