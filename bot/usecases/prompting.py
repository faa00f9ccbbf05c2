"""What a beat asks: the prompt and the one reminder of every part whose hour has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.okr.asking import Away, Habits, part_times, remind_at
from bot.okr.cadence import Excuse, Rhythm
from bot.okr.zones import first_known_zone, local_day
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
        return self.habits.next_moment(max(planned, now), self.hour, self.row.closes_at)

    @property
    def hour(self) -> time:
        """The hour at which they are asked."""
        return self.habits.hour or Rhythm.read(self.row.rhythm).opens.hour


def make_prompts(session: Session, command: TickCommand, now: datetime) -> int:
    """Turn every part whose hour has come into one prompt per member and day. Answers how many parts were settled.

    A prompt that is late (the bot was down) waits for the member's next working hours; where the round closes before,
    it is left out.
    """
    found = rounds.parts_to_prompt(session, command.workspace_id, now, command.limit)
    for each in _waiting(session, found, now):
        part = each.part
        assert part.prompt_at is not None  # it was asked for by its time
        if _comes_later(each, now):
            continue
        moment = each.next_moment(part.prompt_at, now)
        part.settled_at = now
        if moment is None or each.member.deactivated_at is not None:
            part.reminder_settled_at = now
            continue
        # After a prompt that came late the reminder keeps its distance, or is left out.
        part.remind_at = remind_at(moment, min(part.due_at, each.row.closes_at), each.hour, each.habits)
        part.delivery_id = _queue(session, each, PROMPT, PROMPT_PRIORITY, moment, now)
    session.flush()
    return len(found)


def _comes_later(each: _Waiting, now: datetime) -> bool:
    """Whether they moved, went away or changed their hours while the part was being made, so that it is not time yet.

    Two transactions at once do not see each other: the part may hold times of before such a change.
    """
    part = each.part
    times = part_times(each.row.monday, first_known_zone([each.row.zone]), each.habits, Rhythm.read(each.row.rhythm))
    if times.prompt_at is not None and times.prompt_at <= now:
        return False
    part.opens_at, part.prompt_at, part.remind_at = times.opens_at, times.prompt_at, times.remind_at
    part.due_at, part.closes_at = times.due_at, times.closes_at
    if times.prompt_at is None:
        part.settled_at = part.reminder_settled_at = part.excused_at = now
        part.excuse = Excuse.AWAY.value
    return True


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
