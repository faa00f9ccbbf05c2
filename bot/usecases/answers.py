"""What somebody answers for one key result: who may, what a field means, for which moment it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal

from bot.okr.cycle import check_as_of, default_as_of
from bot.okr.errors import NotAllowed, NotFound, OkrError, UnreadableNumber
from bot.okr.human_ids import key_result_id
from bot.okr.kinds import kind_of
from bot.okr.one_line import rejoin
from bot.okr.permissions import Action, Relation, may
from bot.okr.zones import first_known_zone, instant_of, local_day
from bot.store import checkins, keyresults
from bot.store.session import Session
from bot.usecases.actors import Acting
from bot.usecases.relations import may_read, to_key_results
from bot.usecases.standings import Placed, place_all
from bot.usecases.typed import typed_text

NOTHING_SAVED = "Nothing was saved."


class InvalidAnswers(OkrError):
    """Some fields can't be read. `by_field` maps each field's name to the sentence shown there."""

    def __init__(self, by_field: dict[str, str], *, help_topic: str = "numbers") -> None:
        first = next(iter(by_field))
        super().__init__(by_field[first], help_topic=help_topic, field=first)
        self.by_field = by_field


@dataclass(frozen=True)
class FieldAnswer:
    """One key result's fields as sent, beside what the form had shown. None is an empty field.

    `field` names the value's input for error messages.
    """

    number: int
    field: str
    value: str | None
    shown_value: str | None
    confidence: int | None
    shown_confidence: int | None
    note: str | None = None

    @property
    def touched(self) -> bool:
        """Whether anything differs from what the form had shown."""
        other_value = typed_text(self.value) != typed_text(self.shown_value)
        return other_value or self.confidence != self.shown_confidence or typed_text(self.note) is not None


@dataclass(frozen=True)
class LineAnswer:
    """One part of a one-line check-in; `value` as typed (`45k`, `+3`, `=`, `done`).

    `rest` is what stood behind it as typed, where that may begin with the value's unit: `3.5 days 8`.
    """

    number: int
    value: str
    confidence: int | None = None
    note: str | None = None
    rest: str | None = None


@dataclass(frozen=True)
class Kept:
    """What is to be kept for one key result."""

    placed: Placed
    value: Decimal | None
    unchanged: bool
    confidence: int | None
    note: str | None


@dataclass(frozen=True)
class Answerable:
    """The key results of some numbers, by number: `placed` may be answered, `refused` may not, and says why."""

    placed: dict[int, Placed]
    refused: dict[int, OkrError]


def answerable(session: Session, who: Acting, wanted: Iterable[int], now: datetime) -> Answerable:
    """Which of these key results the member may check in on. Eight statements at most."""
    numbers = list(dict.fromkeys(wanted))
    rows = keyresults.numbered(session, who.workspace.id, numbers)
    # One's own need no looking up, and they are what nearly everybody answers.
    theirs = [row for row in rows.values() if who.member.id not in (row.owner_id, row.delegate_id)]
    relations = to_key_results(session, who, theirs) if theirs else {}
    refused: dict[int, OkrError] = {}
    for number in numbers:
        row = rows.get(number)
        if row is None:
            refused[number] = NotFound(
                f"There is no open key result {key_result_id(number)}: it is not there, or it is a draft, dropped or "
                "postponed. /okr list shows yours with their numbers.",
                help_topic="list",
            )
        elif row.id in relations and not may(Action.CHECK_IN, relations[row.id], guest=who.member.is_guest):
            refused[number] = _not_theirs(who, row, relations[row.id])
        else:
            try:
                counts_for(row, who, now)
            except OkrError as outside:
                refused[number] = outside
    allowed = [row for row in rows.values() if row.number not in refused]
    placed = place_all(session, allowed, now, who.workspace_zone)
    return Answerable({each.row.number: each for each in placed}, refused)


def _not_theirs(who: Acting, row: keyresults.KeyResultRow, relations: set[Relation]) -> NotAllowed:
    if not may_read(who, relations, private=row.objective_is_private):
        return NotAllowed(
            f"{key_result_id(row.number)} is private. Only who works on it, its lead or a champion can check in on it. "
            f"{NOTHING_SAVED}",
            help_topic="roles",
        )
    owner = row.owner_name or "nobody"
    lead = f", the lead of {row.team_name} ({row.lead_name})" if row.lead_name else ""
    return NotAllowed(
        f"{key_result_id(row.number)} is owned by {owner}. Only its owner, delegate or contributors{lead} or a "
        f"champion can check in on it. {NOTHING_SAVED}",
        help_topic="roles",
    )


def read_field(
    answer: FieldAnswer, placed: Placed, due: bool, who: Acting, was: checkins.KeptLine | None
) -> Kept | None:
    """What one key result's fields mean; None where they say nothing. Raises UnreadableNumber.

    was: what the same form said before, when it is sent again.
    """
    typed, shown = typed_text(answer.value), typed_text(answer.shown_value)
    note = typed_text(answer.note)
    now, known_confidence = _known(answer, placed, was)
    # Untouched: what is known now stays, even where somebody else has answered since the form was opened.
    same_confidence = answer.confidence == answer.shown_confidence
    confidence = known_confidence if same_confidence else answer.confidence
    if typed is None and shown is not None:
        if note is not None:
            raise UnreadableNumber("There is a note here and no value. Write the value, or clear the note as well.")
        return None
    if typed == shown:
        other_confidence = not same_confidence and answer.confidence is not None
        return Kept(placed, now, True, confidence, note) if due or other_confidence or note else None
    assert typed is not None
    value = kind_of(placed.row.kind).read(typed, placed.standing.terms, who.person.locale)
    if not due and value == now and same_confidence and note is None:  # the same number, written in another way
        return None
    return Kept(placed, value, value == now, confidence, note)


def read_line(line: LineAnswer, placed: Placed, who: Acting) -> Kept:
    """What one part of a one-line check-in means. Raises UnreadableNumber."""
    standing = placed.standing
    value, said_confidence, note = line.value, line.confidence, line.note
    rejoined = rejoin(value, line.rest, placed.row.unit, standing.kind.spellings(standing.terms))
    if rejoined is not None:
        value, said_confidence, note = rejoined.value, rejoined.confidence, rejoined.note
    change = standing.kind.read_change(value, standing.terms, standing.now, who.person.locale)
    confidence = said_confidence if said_confidence is not None else standing.confidence
    after = standing.now if change is None else change.value
    return Kept(placed, after, after == standing.now, confidence, typed_text(note))


def _known(answer: FieldAnswer, placed: Placed, was: checkins.KeptLine | None) -> tuple[Decimal | None, int | None]:
    """Value and confidence as they stand apart from what this very form has said before."""
    if was is None or was.check_in_id != placed.row.last_id:
        return placed.standing.now, placed.standing.confidence
    return placed.row.start if was.before is None else was.before, answer.shown_confidence


def counts_for(row: keyresults.KeyResultRow, who: Acting, now: datetime) -> datetime:
    """The instant that a check-in made now is about: now, or the last moment of a cycle in its grace window.

    A cycle begins with its first day where the member is, or where the team is, whichever comes first; it ends by the
    team's clock. Raises OutsideCycle.
    """
    zone = first_known_zone([row.lead_zone, who.workspace_zone])
    today = local_day(now, zone)
    if today < row.starts_on <= local_day(now, who.zone):
        today = row.starts_on
    day = default_as_of(today, row.ends_on)
    check_as_of(day, today, row.starts_on, row.ends_on)
    if day == today:
        return now
    return instant_of(day + timedelta(days=1), clock_time(0), zone) - timedelta(seconds=1)
