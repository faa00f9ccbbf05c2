"""Changing a check-in afterwards: its value, confidence and note, the day it counts for, and whether it counts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.okr.cycle import GRACE, check_as_of, default_as_of
from bot.okr.errors import NotFound, OkrError, UnreadableNumber
from bot.okr.facts import EditChoice, Edited, EditForm
from bot.okr.human_ids import key_result_id
from bot.okr.kinds import kind_of
from bot.okr.permissions import Action, Relation, check
from bot.okr.zones import first_known_zone, instant_of, local_day
from bot.store import checkins, keyresults, milestones
from bot.store.checkins import KeptLine
from bot.store.keyresults import KeyResultRow
from bot.store.session import Session
from bot.store.tables import CheckIn, Submission
from bot.usecases import receipts
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.answers import InvalidAnswers
from bot.usecases.relations import to_key_results
from bot.usecases.standings import terms_of
from bot.usecases.typed import typed_text

AS_OF = "as_of"
HELP = "update"
_END_OF_DAY = timedelta(seconds=1)


@dataclass(frozen=True)
class OpenEdit:
    """**Edit** was pressed: on a submission, perhaps on one of its key results."""

    actor: Actor
    submission: int
    number: int | None = None


@dataclass(frozen=True)
class EditCheckIn:
    """**Save** was pressed in the **Edit** modal. `version` is the one it was filled with, `day` the one chosen.

    `value_field` names the value's input for error messages. `same_note`: nobody touched the note. `withdrawn`: it is
    to be taken back, so that nothing else of the form matters.
    """

    actor: Actor
    submission: int
    number: int
    version: int
    value: str | None
    confidence: int | None
    note: str | None
    day: date | None
    value_field: str = "value"
    same_note: bool = False
    withdrawn: bool = False


@dataclass(frozen=True)
class _Said:
    """What the next version of a check-in is to say."""

    value: Decimal | None
    confidence: int | None
    note: str | None
    as_of: datetime
    withdrawn: bool


@dataclass(frozen=True)
class _Found:
    """A check-in that may be changed, and what it belongs to.

    Days are those of who edits (`who.zone`), `today` too; the cycle ends by the team's clock (`zone`).
    """

    who: Acting
    submission: Submission
    line: KeptLine
    row: KeyResultRow
    zone: ZoneInfo
    today: date

    @property
    def day(self) -> date:
        """The day it counts for."""
        return local_day(self.line.as_of, self.who.zone)

    @property
    def last_day(self) -> date:
        """The latest day it may count for."""
        return default_as_of(self.today, self.row.ends_on)


def open_edit(session: Session, command: OpenEdit, now: datetime) -> EditForm | EditChoice:
    """What the **Edit** modal shows; where a submission has several check-ins and none is named, the choice.

    Raises NotFound, NotAllowed, OutsideCycle. Eight statements at most.
    """
    who = acting(session, command.actor)
    submission, lines = _lines(session, who, session.get(Submission, command.submission))
    if command.number is None and len(lines) > 1:
        told = receipts.told_all(session, lines, who.workspace_zone)
        return EditChoice(who.person, submission.id, told)
    number = lines[0].number if command.number is None else command.number
    found = _find(session, who, submission, lines, number, now)
    return _form(session, found)


def edit_check_in(session: Session, command: EditCheckIn, now: datetime) -> Edited | EditForm:
    """Keep the next version of a check-in: changed, taken back, or put back. Its history stays.

    Where somebody else was faster: the form again, with what they said.

    Raises InvalidAnswers (by `value_field` and `as_of`), NotFound, NotAllowed, OutsideCycle.
    """
    who = acting(session, command.actor)
    submission, lines = _lines(session, who, checkins.by_id(session, who.workspace.id, command.submission))
    found = _find(session, who, submission, lines, command.number, now)
    line = found.line
    said, day = _said(session, found, command, now)
    if said == _Said(line.value, line.confidence, line.note, line.as_of, line.withdrawn):
        return _edited(session, who, line, already=True)
    if line.version != command.version:
        return _form(session, found, changed_meanwhile=True)
    session.add(_next_version(found, said, day, now))
    submission.version += 1
    session.flush()
    kept_lines = checkins.lines(session, [submission.id])
    kept = next(each for each in kept_lines if each.number == line.number)
    if kept.unchanged != (kept.value == kept.before):
        # Whether it is a change shows only once it stands in its place among the others.
        session.get_one(CheckIn, kept.check_in_id).unchanged = kept.value == kept.before
    _stands_or_not(submission, kept_lines, now)
    session.flush()
    moved = [(line.team_id, line.as_of)] if said.as_of != line.as_of else []
    gone = said.withdrawn and not line.withdrawn
    receipts.show_again(session, submission, now, due_again=bool(moved) or gone, moved=moved)
    others = checkins.following(session, line.key_result_id, {line.as_of, said.as_of}, submission.id)
    receipts.follow(session, submission, others, now)
    return _edited(session, who, kept)


def _said(session: Session, found: _Found, command: EditCheckIn, now: datetime) -> tuple[_Said, date]:
    """What the form says, and the day it is about."""
    line = found.line
    if command.withdrawn:
        # What is taken back stays as it was said: who puts it back finds that again.
        return _Said(line.value, line.confidence, line.note, line.as_of, True), found.day
    value, as_of, day = _read(session, found, command, now)
    note = line.note if command.same_note else typed_text(command.note)
    return _Said(value, command.confidence, note, as_of, False), day


def _stands_or_not(submission: Submission, lines: list[KeptLine], now: datetime) -> None:
    """A submission of which nothing is left was taken back; with a check-in that was put back it stands again."""
    if any(not line.withdrawn for line in lines):
        submission.undone_at = None
    elif not submission.learned and not submission.needs:
        submission.undone_at = submission.undone_at or now


def _edited(session: Session, who: Acting, line: KeptLine, *, already: bool = False) -> Edited:
    fresh = [each for each in checkins.lines(session, [line.submission_id]) if each.number == line.number]
    (told,) = receipts.told_all(session, fresh, who.workspace_zone)
    return Edited(who.person, told, already)


def _lines(session: Session, who: Acting, submission: Submission | None) -> tuple[Submission, list[KeptLine]]:
    """The submission with its check-ins, those that were taken back too. Raises NotFound."""
    if submission is not None and submission.workspace_id == who.workspace.id:
        lines = checkins.lines(session, [submission.id])
        if lines:
            return submission, lines
    raise NotFound("There is no check-in to change here. Say it anew with /okr update.", help_topic=HELP)


def _find(
    session: Session, who: Acting, submission: Submission, lines: list[KeptLine], number: int, now: datetime
) -> _Found:
    line = next((each for each in lines if each.number == number), None)
    row = keyresults.numbered(session, who.workspace.id, [number]).get(number)
    if line is None or row is None:
        raise NotFound(
            f"There is nothing of {key_result_id(number)} to change here: it was dropped or postponed.",
            help_topic=HELP,
        )
    relations = set(to_key_results(session, who, [row])[row.id])
    relations |= {Relation.AUTHOR} if submission.member_id == who.member.id else set()
    check(Action.EDIT_CHECK_IN, relations, f"this check-in on {key_result_id(number)}", guest=who.member.is_guest)
    zone = first_known_zone([row.lead_zone, who.workspace_zone])
    teams_today, today = local_day(now, zone), local_day(now, who.zone)
    if teams_today < row.starts_on <= today:  # it may have begun where the member is
        teams_today = row.starts_on
    check_as_of(default_as_of(teams_today, row.ends_on), teams_today, row.starts_on, row.ends_on)
    # Where the member is it may still be the day before the cycle, or already the day after its grace.
    return _Found(who, submission, line, row, zone, min(max(today, row.starts_on), row.ends_on + GRACE))


def _form(session: Session, found: _Found, *, changed_meanwhile: bool = False) -> EditForm:
    (told,) = receipts.told_all(session, [found.line], found.who.workspace_zone)
    return EditForm(
        person=found.who.person,
        submission=found.submission.id,
        line=told,
        version=found.line.version,
        day=found.day,
        first_day=min(found.row.starts_on, found.day),
        last_day=found.last_day,
        changed_meanwhile=changed_meanwhile,
    )


def _read(
    session: Session, found: _Found, command: EditCheckIn, now: datetime
) -> tuple[Decimal | None, datetime, date]:
    """The value, and the instant and day it counts for; every wrong field is told at once."""
    errors: dict[str, str] = {}
    value, day, as_of = found.line.value, command.day or found.day, found.line.as_of
    try:
        value = _value(session, found, command)
    except UnreadableNumber as error:
        errors[command.value_field] = error.sentence
    if day != found.day:
        try:
            check_as_of(day, found.today, found.row.starts_on, found.row.ends_on)
        except OkrError as error:
            errors[AS_OF] = error.sentence
        else:
            as_of = _instant(found, day, now)
    if errors:
        raise InvalidAnswers(errors, help_topic=HELP)
    return value, as_of, day


def _value(session: Session, found: _Found, command: EditCheckIn) -> Decimal | None:
    typed, line = typed_text(command.value), found.line
    if typed is None:
        if line.value is None:
            return None
        raise UnreadableNumber("A check-in has a value. Write the one it should have had.")
    kind = kind_of(line.kind)
    steps = milestones.of(session, [line.key_result_id])[line.key_result_id] if kind.has_steps else ()
    return kind.read(typed, terms_of(found.row, steps), found.who.person.locale)


def _instant(found: _Found, day: date, now: datetime) -> datetime:
    """The instant a check-in of that day is about: when it was sent, where that was the day; else the day's end.

    What is said later about a day counts more than what was said on it, so it stands behind that.
    """
    sent = found.submission.submitted_at
    if day == local_day(sent, found.who.zone):
        return min(sent, _end_of(found.row.ends_on, found.zone))
    # The end of the day for who edits or for the team, whichever comes first, lies in that day for both.
    return min(_end_of(day, found.who.zone), _end_of(day, found.zone), now)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return instant_of(day + timedelta(days=1), clock_time(0), zone) - _END_OF_DAY


def _next_version(found: _Found, said: _Said, day: date, now: datetime) -> CheckIn:
    line = found.line
    natural = default_as_of(local_day(found.submission.submitted_at, found.who.zone), found.row.ends_on)
    return CheckIn(
        workspace_id=found.who.workspace.id,
        submission_id=found.submission.id,
        key_result_id=line.key_result_id,
        version=line.version + 1,
        as_of=said.as_of,
        recorded_at=now,
        author_id=found.who.member.id,
        value=said.value,
        before=line.before,
        confidence=said.confidence,
        note=said.note,
        unchanged=line.unchanged and said.value == line.value,
        withdrawn=said.withdrawn,
        back_dated=line.back_dated if day == found.day else day != natural,
    )
