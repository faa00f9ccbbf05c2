"""Checking in: Send, page after page, the one-line way, and Undo."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from bot.okr.checkins import check_undo
from bot.okr.errors import NotAllowed, NotFound, NothingDue, OkrError, UnreadableNumber
from bot.okr.facts import CheckInForm, Receipt
from bot.okr.human_ids import key_result_id
from bot.store import checkins
from bot.store.session import Session
from bot.store.tables import CheckIn, Submission
from bot.usecases import receipts
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.answers import (
    NOTHING_SAVED,
    Answerable,
    FieldAnswer,
    InvalidAnswers,
    Kept,
    LineAnswer,
    answerable,
    counts_for,
    read_field,
    read_line,
)
from bot.usecases.check_in_pages import OpenForm, forget_sent, open_form, page_nonce, page_of
from bot.usecases.typed import typed_text

__all__ = [
    "FieldAnswer",
    "InvalidAnswers",
    "LineAnswer",
    "OpenForm",
    "SendForm",
    "SendLines",
    "SentPage",
    "UndoSubmission",
    "open_form",
    "send_form",
    "send_lines",
    "send_page",
    "undo_submission",
]


MOST_TOLD = 5
"""Of a line with many parts, so many are told when something can't be read."""


@dataclass(frozen=True)
class SendForm:
    """Send was pressed. `due` are the numbers that the form had shown as due.

    `nonce` names this page, `form` the whole form where it has several; `rest` are the numbers of the pages to come.
    """

    actor: Actor
    nonce: str
    answers: tuple[FieldAnswer, ...]
    due: frozenset[int] = frozenset()
    learned: str | None = None
    needs: str | None = None
    form: str = ""
    page: int = 1
    rest: tuple[int, ...] = ()


@dataclass(frozen=True)
class SentPage:
    """What became of a page: its receipt (None where nothing of it was to be kept), and the page that comes next."""

    receipt: Receipt | None
    following: CheckInForm | None


@dataclass(frozen=True)
class SendLines:
    """`/okr update KR-3 45k 8 note | KR-4 =`. `nonce` is the same when Slack delivers the command again.

    `source`: the way it came, line or words.
    """

    actor: Actor
    nonce: str
    lines: tuple[LineAnswer, ...]
    source: str = "line"


@dataclass(frozen=True)
class UndoSubmission:
    """Undo was pressed."""

    actor: Actor
    submission: int


@dataclass
class _Sent:
    """Everything one press of Send wants to keep."""

    who: Acting
    nonce: str
    source: str
    digest: str
    kept: list[Kept] = field(default_factory=list)
    learned: str | None = None
    needs: str | None = None


def send_page(session: Session, command: SendForm, now: datetime) -> SentPage:
    """Keep what a page of the form sent, and answer with the next one. Raises what `send_form` raises.

    A page on which nothing is due and nothing was changed keeps nothing, where another one came before or comes next.
    """
    nothing: NothingDue | None = None
    receipt = None
    try:
        receipt = send_form(session, command, now)
    except NothingDue as error:
        nothing = error
    who = acting(session, command.actor)
    following = page_of(session, who, command.form, command.page + 1, command.rest, now) if command.rest else None
    if nothing is not None and following is None and command.page == 1:
        raise nothing
    forget_sent(session, who, (answer.number for answer in command.answers), words=not command.rest)
    return SentPage(receipt, following)


def send_form(session: Session, command: SendForm, now: datetime) -> Receipt:
    """Keep what the **Check in** modal sent, all of it or nothing.

    Untouched due key results become "no change"; others count only if changed; a cleared value is not answered. The
    same form with the same values again is the same submission, with other values its next version.
    Raises InvalidAnswers, NotAllowed, NotFound, NothingDue, OutsideCycle.
    """
    who = acting(session, command.actor)
    digest = _digest(asdict(command))
    before = checkins.by_nonce(session, who.workspace.id, command.nonce)
    if before is not None and before.values_digest == digest:
        return receipts.receipt_of(session, before, now, repeated=True)
    found = answerable(session, who, [answer.number for answer in command.answers], now)
    # The second version of a form still answers what its first version answered.
    earlier = _lines_of(session, before)
    sent = _Sent(who, command.nonce, "modal", digest)
    sent.learned, sent.needs = typed_text(command.learned), typed_text(command.needs)
    errors: dict[str, str] = {}
    for answer in command.answers:
        number = answer.number
        if number in found.refused:
            # Dropped or given to somebody else since the form was opened: no reason to refuse the other answers.
            if answer.touched:
                errors[answer.field] = found.refused[number].sentence
            continue
        placed, was = found.placed[number], earlier.get(number)
        due = number in command.due and (placed.standing.due or (was is not None and not was.withdrawn))
        try:
            kept = read_field(answer, placed, due, who, was)
        except UnreadableNumber as error:
            errors[answer.field] = error.sentence
        else:
            if kept is not None:
                sent.kept.append(kept)
    if errors:
        raise InvalidAnswers(errors)
    if not sent.kept and (sent.learned or sent.needs):
        earlier_page = _earlier_page(session, who, command)
        if earlier_page is not None:
            return _say_more(session, earlier_page, sent, now)
    if not sent.kept and not sent.learned and not sent.needs:
        raise NothingDue(
            f"{_why_nothing(command, found)} Change a value, or close this window.",
            field=command.answers[0].field if command.answers else None,
        )
    return _keep(session, sent, before, now)


def _why_nothing(command: SendForm, found: Answerable) -> str:
    """Why a page without a change has nothing to send."""
    meanwhile = [number for number in sorted(command.due) if number in found.placed and _is_answered(found, number)]
    if meanwhile:
        named = ", ".join(map(key_result_id, meanwhile[:MOST_TOLD]))
        return f"There has been a check-in on {named} since you opened this, so nothing is left to send."
    gone = [found.refused[number].sentence for number in sorted(command.due) if number in found.refused]
    if gone:
        return f"{gone[0]} So nothing is left to send."
    return "Nothing has changed yet, so there is nothing to send."


def _is_answered(found: Answerable, number: int) -> bool:
    placed = found.placed[number]
    return placed.row.last_id is not None and not placed.standing.due


def _earlier_page(session: Session, who: Acting, command: SendForm) -> Submission | None:
    """What an earlier page of the form led to: the words of the last one are read with it."""
    if command.page == 1:
        return None
    nonces = [page_nonce(command.form, page) for page in range(1, command.page)]
    return checkins.newest_of_forms(session, who.workspace.id, who.member.id, nonces)


def _say_more(session: Session, submission: Submission, sent: _Sent, now: datetime) -> Receipt:
    """Add the learning and the need to a submission that has the check-ins they belong to."""
    if (submission.learned, submission.needs) == (sent.learned, sent.needs):
        return receipts.receipt_of(session, submission, now, repeated=True)
    submission.learned, submission.needs = sent.learned, sent.needs
    submission.version += 1
    session.flush()
    receipts.show_again(session, submission, now)
    return receipts.receipt_of(session, submission, now)


def send_lines(session: Session, command: SendLines, now: datetime) -> Receipt:
    """Keep a one-line check-in, all parts or none.

    Raises OkrError with what was read, what not, and an example; NotAllowed, NotFound, OutsideCycle.
    """
    who = acting(session, command.actor)
    digest = _digest(asdict(command))
    before = checkins.by_nonce(session, who.workspace.id, command.nonce)
    if before is not None:
        return receipts.receipt_of(session, before, now, repeated=True)
    numbers = [line.number for line in command.lines]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice is not None:
        raise OkrError(
            f"{key_result_id(twice)} stands in this line twice, so nothing was saved. Name each key result once.",
            help_topic="update",
        )
    found = answerable(session, who, numbers, now)
    sent = _Sent(who, command.nonce, command.source, digest)
    wrong: list[OkrError] = []
    for line in command.lines:
        if line.number in found.refused:
            wrong.append(found.refused[line.number])
            continue
        try:
            sent.kept.append(read_line(line, found.placed[line.number], who))
        except UnreadableNumber as error:
            wrong.append(UnreadableNumber(f"{key_result_id(line.number)}: {error.sentence}"))
    if wrong:
        raise _nothing_saved(sent.kept, wrong, who.person.locale)
    return _keep(session, sent, None, now)


def _nothing_saved(read: list[Kept], wrong: list[OkrError], locale: str) -> OkrError:
    """What was read and what not; of the first error's kind."""
    standings = [(each.placed.standing, each.value) for each in read[:MOST_TOLD]]
    understood = [
        f"{key_result_id(standing.number)} as {standing.kind.say(value, standing.terms, locale)}"
        for standing, value in standings
    ]
    told = [each.sentence.removesuffix(NOTHING_SAVED).rstrip() for each in wrong[:MOST_TOLD]]
    head = [f"I read {', '.join(understood)}."] if understood else []
    return type(wrong[0])(" ".join([*head, *told, NOTHING_SAVED]), help_topic=wrong[0].help_topic)


def undo_submission(session: Session, command: UndoSubmission, now: datetime) -> Receipt:
    """Take a submission back within ten minutes, by adding withdrawing versions. Twice is the same as once.

    Raises NotFound, NotAllowed, TooLateToUndo.
    """
    who = acting(session, command.actor)
    submission = checkins.by_id(session, who.workspace.id, command.submission)
    if submission is None:
        raise NotFound("I can't find this check-in any more.", help_topic="update")
    if submission.member_id != who.member.id:
        raise NotAllowed("Only the person who sent a check-in can undo it.", help_topic="update")
    if submission.undone_at is None:
        check_undo(submission.submitted_at, now)
        for line in checkins.lines(session, [submission.id]):
            if not line.withdrawn:
                session.add(_withdrawn(who, submission, line, now))
        submission.undone_at = now
        session.flush()
        taken_back = receipts.receipt_of(session, submission, now)
        receipts.show_again(session, submission, now, due_again=taken_back.still_due > 0)
        return taken_back
    return receipts.receipt_of(session, submission, now)


def _keep(session: Session, sent: _Sent, before: Submission | None, now: datetime) -> Receipt:
    who = sent.who
    submission = before
    if submission is None:
        submission = checkins.add(
            session,
            {
                "workspace_id": who.workspace.id,
                "member_id": who.member.id,
                "source": sent.source,
                "submitted_at": now,
                "form_nonce": sent.nonce,
                "values_digest": sent.digest,
                "version": 1,
                "learned": sent.learned,
                "needs": sent.needs,
            },
        )
        if submission is None:  # the other half of a double click was faster
            earlier = checkins.by_nonce(session, who.workspace.id, sent.nonce)
            assert earlier is not None
            if earlier.values_digest == sent.digest:
                return receipts.receipt_of(session, earlier, now, repeated=True)
            submission = before = earlier
    if before is not None:
        if before.member_id != who.member.id:
            raise NotAllowed("This form belongs to somebody else. Open your own with /okr update.")
        before.values_digest, before.version = sent.digest, before.version + 1
        before.learned, before.needs, before.undone_at = sent.learned, sent.needs, None
    earlier_lines = _lines_of(session, before)
    for kept in sent.kept:
        was = earlier_lines.pop(kept.placed.row.number, None)
        session.add(_check_in(who, submission, kept, was, now))
    for line in earlier_lines.values():
        if not line.withdrawn:
            session.add(_withdrawn(who, submission, line, now))
    session.flush()
    if before is None or not receipts.is_shown(session, submission):
        receipts.deliver(session, submission, [kept.placed for kept in sent.kept], sent.source, now)
    is_late = any(_answers_an_earlier_round(kept, who, now) for kept in sent.kept)
    if before is not None or is_late or not sent.kept:
        receipts.show_again(session, submission, now)
    return receipts.receipt_of(session, submission, now)


def _answers_an_earlier_round(kept: Kept, who: Acting, now: datetime) -> bool:
    """Whether it belongs to a round that is over, so that a digest may have to change."""
    opening = kept.placed.opening
    return opening is not None and (opening.closed_at is not None or counts_for(kept.placed.row, who, now) < now)


def _check_in(who: Acting, submission: Submission, kept: Kept, was: checkins.KeptLine | None, now: datetime) -> CheckIn:
    as_of = counts_for(kept.placed.row, who, now)
    before = was.before if was is not None else kept.placed.standing.now
    return CheckIn(
        workspace_id=who.workspace.id,
        submission_id=submission.id,
        key_result_id=kept.placed.row.id,
        version=1 if was is None else was.version + 1,
        as_of=as_of if was is None else was.as_of,
        recorded_at=now,
        author_id=who.member.id,
        value=kept.value,
        before=before,
        confidence=kept.confidence,
        note=kept.note,
        unchanged=kept.unchanged and kept.value == before,
        withdrawn=False,
    )


def _withdrawn(who: Acting, submission: Submission, line: checkins.KeptLine, now: datetime) -> CheckIn:
    return CheckIn(
        workspace_id=who.workspace.id,
        submission_id=submission.id,
        key_result_id=line.key_result_id,
        version=line.version + 1,
        as_of=line.as_of,
        recorded_at=now,
        author_id=who.member.id,
        value=line.value,
        before=line.before,
        confidence=line.confidence,
        note=line.note,
        unchanged=line.unchanged,
        withdrawn=True,
    )


def _lines_of(session: Session, submission: Submission | None) -> dict[int, checkins.KeptLine]:
    """What a submission has said so far, by the key results' numbers."""
    return {} if submission is None else {line.number: line for line in checkins.lines(session, [submission.id])}


def _digest(sent: dict[str, object]) -> str:
    """The same for the same values, whatever object they came in."""
    text = json.dumps(sent, sort_keys=True, default=lambda value: sorted(value))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
