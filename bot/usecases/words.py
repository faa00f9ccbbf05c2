"""An answer in words: a message in the DM with the bot, saved as a whole or kept as a draft, and answered there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.okr.errors import Busy, NothingDue, OkrError, UnreadableNumber
from bot.okr.facts import Receipt
from bot.okr.human_ids import key_result_id
from bot.okr.kinds import Control
from bot.okr.prompting import HowToAnswer, WordsNotKept
from bot.okr.zones import local_day
from bot.store import answer_drafts, attention, checkins, deliveries
from bot.store.session import Session
from bot.store.tables import Delivery
from bot.usecases import receipts
from bot.usecases.actors import Acting, Actor, acting, acting_as
from bot.usecases.answers import NOTHING_SAVED, Kept, answerable, read_line
from bot.usecases.checkins import LineAnswer, SendLines, send_lines
from bot.usecases.deliverable import Outgoing
from bot.usecases.prompt_answers import AGAIN, HELP, NOTHING_DUE, due_now
from bot.usecases.prompting import PROMPT, REMINDER
from bot.usecases.prompts import LISTED
from bot.usecases.standings import Placed, mine

KIND = "words_answered"
SOURCE = "words"
ASKING = (PROMPT, REMINDER, AGAIN)
MOST_TOLD = 5
LONGEST_TOLD = 400
LONGEST_DRAFT = 3000
OLDEST = timedelta(days=7)
"""What was written longer ago counts for the moment it is worked on."""


class Meaning(StrEnum):
    """What a message is."""

    ANSWER = "answer"
    ALL_THE_SAME = "all the same"
    SOMETHING_ELSE = "something else"


@dataclass(frozen=True)
class Part:
    """One key result's part of an answer: by its `place` in the last list, by its `number`, or by neither.

    `value` and the rest are as in LineAnswer; `problem` is the sentence for what can't be read, `typed` the whole part.
    """

    place: int | None = None
    number: int | None = None
    value: str = ""
    confidence: int | None = None
    note: str | None = None
    rest: str | None = None
    problem: str | None = None
    typed: str = ""


@dataclass(frozen=True)
class AnswerWords:
    """A message to the bot. `channel` and `ts` name it, however many events tell of it; a reply has a `thread_ts`."""

    actor: Actor
    channel: str
    ts: str
    thread_ts: str | None
    said_at: datetime
    meaning: Meaning
    parts: tuple[Part, ...] = ()

    @property
    def nonce(self) -> str:
        """What names the submission."""
        return f"{SOURCE}:{self.channel}:{self.ts}"[:64]


@dataclass
class _Reading:
    """What an answer says, as far as it was understood."""

    lines: dict[int, LineAnswer] = field(default_factory=dict)
    typed: dict[int, str] = field(default_factory=dict)
    kept: dict[int, Kept] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    placed: dict[int, Placed] = field(default_factory=dict)


def answer_words(session: Session, command: AnswerWords, now: datetime) -> None:
    """Save an answer, all of it or nothing, and answer it. The same message again does nothing.

    It counts for the moment it was written. What can't be saved is told and kept for the form. Something else than an
    answer is told once a day how to answer. Raises UnknownMember, NotAllowed.
    """
    who = acting(session, command.actor)
    if command.meaning is Meaning.SOMETHING_ELSE:
        day = local_day(now, who.zone).isoformat()
        _reply(session, who, command, {LISTED: len(_last_list(session, who, command))}, f"{KIND}:hint:{day}", now)
        return
    key = f"{KIND}:{command.channel}:{command.ts}"
    if deliveries.id_of(session, who.workspace.id, key) is None:
        moment = command.said_at if now - OLDEST <= command.said_at <= now else now
        _reply(session, who, command, _answer(session, who, command, moment), key, now)


def _reply(
    session: Session, who: Acting, command: AnswerWords, told: dict[str, object], key: str, now: datetime
) -> None:
    key = f"{key}:{who.member.id}" if command.meaning is Meaning.SOMETHING_ELSE else key
    deliveries.add(
        session,
        who.workspace.id,
        kind=KIND,
        recipient=who.member.slack_id,
        arguments={"member": who.member.id, "channel": command.channel, "thread_ts": command.thread_ts, **told},
        dedupe_key=key,
        not_before=now,
        now=now,
        priority=receipts.FIRST,
    )


def _answer(session: Session, who: Acting, command: AnswerWords, moment: datetime) -> dict[str, object]:
    """Save it, or keep it for the form. Answers what the reply has to tell."""
    listed = _last_list(session, who, command)
    before = checkins.by_nonce(session, who.workspace.id, command.nonce)
    if before is not None:
        return {"submission": before.id}
    reading = _Reading()
    try:
        if command.meaning is Meaning.ALL_THE_SAME:
            _read_all_the_same(session, who, reading, moment)
        else:
            _read(session, who, command.parts, listed, reading, moment)
        if not reading.wrong:
            sent = SendLines(command.actor, command.nonce, tuple(reading.lines.values()), SOURCE)
            return {"submission": send_lines(session, sent, moment).submission}
    except Busy:
        raise
    except OkrError as refused:
        reading.wrong.append(refused.sentence)
    in_form = _keep_for_the_form(session, who, reading, moment)
    understood = [_understood(each, who.person.locale) for each in list(reading.kept.values())[:MOST_TOLD]]
    wrong = [_told(each) for each in reading.wrong[:MOST_TOLD]]
    if len(reading.wrong) > MOST_TOLD:
        wrong.append(f"And {len(reading.wrong) - MOST_TOLD} more.")
    return {"understood": understood, "wrong": wrong, "in_form": in_form, LISTED: len(listed)}


def _last_list(session: Session, who: Acting, command: AnswerWords) -> list[int]:
    """The key results that the last message asked about, in its order; below a message that asked, that one's."""
    asked = attention.newest_list(session, who.workspace.id, who.member.slack_id, ASKING, command.ts, command.thread_ts)
    return [] if asked is None else [int(number) for number in asked.arguments.get(LISTED, ())]


# --- what it says


def _read_all_the_same(session: Session, who: Acting, reading: _Reading, moment: datetime) -> None:
    due = due_now(session, who, moment)
    if not due:
        raise NothingDue(NOTHING_DUE, help_topic=HELP)
    reading.lines = {each.row.number: LineAnswer(each.row.number, "=") for each in due}


def _read(
    session: Session, who: Acting, parts: Iterable[Part], listed: list[int], reading: _Reading, moment: datetime
) -> None:
    for part in parts:
        number = _number(part, listed, reading)
        if number is None:
            continue
        if number in reading.typed:
            reading.wrong.append(f"{key_result_id(number)} stands in your message twice. Name each key result once.")
            continue
        reading.typed[number] = part.typed
        value = part.value or (
            str(part.place) if part.number is None and part.place and part.place > len(listed) else ""
        )
        if part.problem is not None:
            reading.wrong.append(part.problem)
        elif not value:
            reading.wrong.append(f"I read {_named(part, number)}, but no value after it.")
        else:
            reading.lines[number] = LineAnswer(number, value, part.confidence, part.note, part.rest)
    found = answerable(session, who, reading.typed, moment)
    reading.placed = found.placed
    reading.wrong += [error.sentence for error in found.refused.values()]
    for number, line in reading.lines.items():
        if number in found.refused:
            continue
        try:
            reading.kept[number] = read_line(line, found.placed[number], who)
        except UnreadableNumber as error:
            reading.wrong.append(f"{key_result_id(number)}: {error.sentence}")


def _number(part: Part, listed: list[int], reading: _Reading) -> int | None:
    """Which key result a part is about; None where that can't be told, which then stands in `wrong`."""
    if part.number is not None:
        return part.number
    if part.place is not None and 1 <= part.place <= len(listed):
        return listed[part.place - 1]
    alone = not part.value and not part.problem  # `45`, with nothing behind it
    if len(listed) == 1 and ((part.place is None and part.typed and part.value) or (part.place is not None and alone)):
        return listed[0]
    if part.place is None:
        reading.wrong.append(
            part.problem or f"I can't tell which key result “{_short(part.typed)}” is for. {_how(listed)}"
        )
    elif not listed:
        reading.wrong.append(f"I have sent you no list yet, so I can't tell what number {part.place} is. Write KR-3.")
    else:
        last = "one key result" if len(listed) == 1 else f"{len(listed)} key results"
        reading.wrong.append(
            f"There is no number {part.place} in my last list, which has {last}. "
            f"If you mean {key_result_id(part.place)}, write it so."
            if part.place
            else f"My last list has {last}, and it begins with number 1."
        )
    return None


def _how(listed: list[int]) -> str:
    if len(listed) > 1:
        return f"Begin with its number in my last list, from 1 to {len(listed)}, or with its id such as KR-{listed[0]}."
    return "Begin with its id, such as KR-3."


def _named(part: Part, number: int) -> str:
    shown = key_result_id(number)
    return shown if part.place is None else f"number {part.place} ({shown})"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"


def _told(sentence: str) -> str:
    """A sentence for the reply, which says once that nothing was saved."""
    told = sentence.removesuffix(NOTHING_SAVED).rstrip()
    return told if len(told) <= LONGEST_TOLD else f"{told[: LONGEST_TOLD - 1]}…"


def _understood(kept: Kept, locale: str) -> str:
    standing = kept.placed.standing
    after = standing.kind.say(kept.value, standing.terms, locale)
    said = f"no change at {after}" if kept.unchanged else after
    confidence = f", confidence {kept.confidence}" if kept.confidence != standing.confidence else ""
    return f"{key_result_id(standing.number)} as {said}{confidence}"


# --- what waits in the form


def _keep_for_the_form(session: Session, who: Acting, reading: _Reading, moment: datetime) -> bool:
    """Keep what was said for the form's inputs, as if it had been typed there. False where nothing is to be kept."""
    open_now = {each.row.number for each in mine(session, who, moment)}
    drafts: dict[str, dict[str, object]] = {}
    for number, placed in reading.placed.items():
        if number in open_now:
            drafts[str(number)] = {
                **_draft(reading, number, placed, who.person.locale),
                "last": placed.row.last_id,
                "form": SOURCE,
            }
    answer_drafts.keep(session, who.workspace.id, who.member.id, drafts, moment)
    return bool(drafts)


def _draft(reading: _Reading, number: int, placed: Placed, locale: str) -> dict[str, object]:
    standing, line, kept = placed.standing, reading.lines.get(number), reading.kept.get(number)
    known = standing.kind.prefill(standing.now, standing.terms, locale)
    value: str | None
    if kept is not None:
        value = standing.kind.prefill(kept.value, standing.terms, locale)
        confidence, note = kept.confidence, kept.note
    elif line is not None and standing.kind.control is Control.TEXT:
        value, note = line.value[:LONGEST_DRAFT], line.note
        confidence = line.confidence if line.confidence is not None else standing.confidence
    else:  # no input holds it as it is, so it waits where a note goes
        value, confidence, note = known, standing.confidence, reading.typed[number]
    return {"value": value, "confidence": confidence, "note": note and note[:LONGEST_DRAFT], "noted": bool(note)}


# --- the reply


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The receipt, what could not be read, or how to answer; where the message stands."""
    told = delivery.arguments
    who = acting_as(session, told["member"])
    facts: Receipt | WordsNotKept | HowToAnswer
    if "submission" in told:
        kept = checkins.by_id(session, delivery.workspace_id, told["submission"])
        if kept is None:
            return None
        facts = receipts.receipt_of(session, kept, now)
    elif "wrong" in told:
        facts = WordsNotKept(who.person, tuple(told["understood"]), tuple(told["wrong"]), told["in_form"], told[LISTED])
    else:
        facts = HowToAnswer(who.person, told[LISTED])
    return Outgoing(channel=told["channel"], facts=facts, thread_ts=told["thread_ts"])


def sent(session: Session, delivery: Delivery, now: datetime) -> None:
    """Remember where a receipt stands."""
    if "submission" in delivery.arguments:
        receipts.sent(session, delivery, now)
