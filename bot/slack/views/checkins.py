"""The **Check in** modal, and the receipt for what was sent."""

from slackblocks import Block, DividerBlock, PlainTextInput, RadioButtonGroup, StaticSelectMenu

from bot.okr.facts import CheckedIn, CheckInForm, KeyResultStanding, Person, Receipt
from bot.okr.human_ids import key_result_id
from bot.okr.kinds import Control
from bot.slack import ids
from bot.slack.text import clock, counted, lines, quoted, zoned
from bot.slack.views import (
    Message,
    View,
    button,
    buttons,
    field,
    footnote,
    message,
    modal,
    option,
    section,
)
from bot.slack.views.standings import (
    CONFIDENCE_WORDS,
    age_text,
    closing_text,
    confidence_words,
    key_result_name,
    progress_text,
    told_check_in,
    value_text,
    way_text,
)

TITLE = "Check in"
LONGEST_ANSWER = 3000
MOST_LINES = 20
MOST_RECEIPT_LINES = 35
LONGEST_SHOWN_NOTE = 300
LONGEST_SHOWN_ANSWER = 700
TAKEN_BACK = "*Taken back.* What you sent no longer counts."


def check_in_modal(form: CheckInForm, prompt_delivery: int | None = None) -> View:
    """The modal: per key result a value and a confidence, at the end the learning and the need."""
    shown = form.lines[:MOST_LINES]
    hidden = form.more + len(form.lines) - len(shown)
    blocks: list[Block] = [section(_introduction(form), ids.INTRODUCTION)]
    for line in shown:
        blocks += _inputs(line, form.person)
    if hidden:
        blocks.append(footnote(f"and {hidden} more: send these first, then open Check in again.", ids.MORE))
    blocks.append(DividerBlock(block_id=ids.part_block(ids.LEARNINGS, 0)))
    blocks += [
        field(
            "What did we learn?",
            _long_input(ids.LEARNED),
            ids.LEARNED,
            hint="What worked, what did not, what surprised you. Your team reads it in the digest.",
            optional=True,
        ),
        field(
            "What do you need?",
            _long_input(ids.NEEDS),
            ids.NEEDS,
            hint="A decision, a hand, a piece of advice. Say from whom.",
            optional=True,
        ),
    ]
    metadata = ids.CheckInMetadata(
        nonce=form.nonce,
        due=tuple(line.number for line in shown if line.due),
        shown=tuple(line.number for line in shown),
        prompt_delivery=prompt_delivery,
    )
    return modal(TITLE, blocks, callback_id=ids.CHECK_IN, submit="Send", metadata=metadata)


def _introduction(form: CheckInForm) -> str:
    due = f"Due {zoned(form.due_at, form.person.zone)}. " if form.due_at else ""
    return f"{due}A value you leave as it is counts as “no change”; a field you clear is not answered."


def _inputs(line: KeyResultStanding, person: Person) -> list[Block]:
    shown_id = key_result_id(line.number)
    facts = [
        "due" if line.due else "not due, counts only if you change it",
        progress_text(line, person.locale),
        age_text(line),
        closing_text(line),
    ]
    told = lines(
        [
            f"{key_result_name(line.number, line.title)} · {way_text(line, person.locale)}",
            " · ".join(fact for fact in facts if fact),
        ]
    )
    value_id, confidence_id = ids.value_block(line.number), ids.confidence_block(line.number)
    return [
        section(told, ids.standing_block(line.number)),
        field(
            f"{shown_id} value",
            _value_input(line, person),
            value_id,
            optional=True,
        ),
        field(
            f"{shown_id} confidence",
            StaticSelectMenu(
                action_id=confidence_id,
                options=_CONFIDENCE_OPTIONS,
                initial_option=_CONFIDENCE_OPTIONS[line.confidence] if line.confidence is not None else None,
                placeholder="How likely is the target?",
            ),
            confidence_id,
            optional=True,
        ),
    ]


def _value_input(line: KeyResultStanding, person: Person) -> PlainTextInput | RadioButtonGroup | StaticSelectMenu:
    """What the key result's kind takes a value with, holding what is known now."""
    kind, value_id = line.kind, ids.value_block(line.number)
    known = kind.prefill(line.now, line.terms, person.locale)
    if kind.control is Control.TEXT:
        return PlainTextInput(action_id=value_id, initial_value=known)
    options = [option(words, value) for value, words in kind.options(line.terms)]
    chosen = next((each for each in options if each.value == known), None)
    if kind.control is Control.RADIO:
        return RadioButtonGroup(action_id=value_id, options=options, initial_option=chosen)
    return StaticSelectMenu(action_id=value_id, options=options, initial_option=chosen, placeholder="Last one reached")


_CONFIDENCE_OPTIONS = [
    option(confidence_words(confidence), str(confidence)) for confidence in range(len(CONFIDENCE_WORDS))
]


def _long_input(action_id: str) -> PlainTextInput:
    return PlainTextInput(action_id=action_id, multiline=True, max_length=LONGEST_ANSWER)


def loading_modal(title: str = TITLE) -> View:
    """Shown at once, replaced when the facts are there."""
    return modal(title, [section("One moment, I am looking it up.", ids.HEADLINE)], callback_id=ids.LOADING)


def receipt(kept: Receipt) -> Message:
    """What one submission kept, or what was taken back. Also answers the one-line form."""
    headline = TAKEN_BACK if kept.undone else _headline(kept)
    blocks: list[Block] = [section(headline, ids.HEADLINE)]
    shown = kept.lines[:MOST_RECEIPT_LINES]
    tell = _told_taken_back if kept.undone else _told_kept
    blocks += [section(tell(line, kept.person.locale), ids.standing_block(line.number)) for line in shown]
    if len(kept.lines) > len(shown):
        blocks.append(footnote(f"and {len(kept.lines) - len(shown)} more", ids.MORE))
    blocks += _answers(kept)
    blocks += _what_now(kept)
    return message(f"{headline} {_summary_of(kept)}", blocks)


def _headline(kept: Receipt) -> str:
    if kept.repeated:
        return "I had this one already, so nothing was saved twice."
    late = (
        " It came after the due time, so it counts as late; thank you for answering all the same." if kept.late else ""
    )
    number = counted(len(kept.lines), "key result", "key results")
    when = zoned(kept.submitted_at, kept.person.zone)
    return f"*Saved*: {number}, {when}.{late}" if kept.lines else f"*Saved*, {when}.{late}"


def _summary_of(kept: Receipt) -> str:
    if kept.undone:
        return "; ".join(_told_taken_back(line, kept.person.locale) for line in kept.lines[:3])
    return "; ".join(told_check_in(line, kept.person.locale) for line in kept.lines[:3])


def _told_kept(line: CheckedIn, locale: str) -> str:
    note = quoted(line.note, LONGEST_SHOWN_NOTE) if line.note else ""
    return lines([told_check_in(line, locale), note])


def _told_taken_back(line: CheckedIn, locale: str) -> str:
    before, after = value_text(line, line.before, locale), value_text(line, line.after, locale)
    name = key_result_name(line.number, line.title)
    if line.unchanged:
        return f"{name}: “no change” at {after} taken back"
    # Not "{before} again": a later check-in may stand.
    return f"{name}: {before} → {after}, taken back"


def _answers(kept: Receipt) -> list[Block]:
    learned, need = ("Learned, taken back", "Need, taken back") if kept.undone else ("You learned", "You need")
    answers = ((learned, ids.LEARNED, kept.learned), (need, ids.NEEDS, kept.needs))
    return [
        section(f"*{label}*\n{quoted(said, LONGEST_SHOWN_ANSWER)}", ids.part_block(block, 1))
        for label, block, said in answers
        if said
    ]


def _what_now(kept: Receipt) -> list[Block]:
    controls = []
    if kept.still_due:
        controls.append(button("Check in", ids.CHECK_IN_OPEN, ids.CheckInOpening(), primary=True))
    if kept.undo_until is not None:
        controls.append(button("Undo", ids.UNDO_SUBMISSION, ids.SubmissionRef(kept.submission)))
    said = []
    if kept.still_due:
        said.append(
            f"{counted(kept.still_due, 'key result is', 'key results are')} {'due' if kept.undone else 'still due'}."
        )
    if kept.undo_until is not None:
        said.append(f"Undo works until {clock(kept.undo_until, kept.person.zone)}.")
    return [*([buttons(*controls)] if controls else []), *([footnote(" ".join(said))] if said else [])]
