"""The **Check in** modal, and the receipt for what was sent."""

from collections.abc import Collection
from typing import Any

from slackblocks import (
    Block,
    Button,
    ConfirmationDialogue,
    DividerBlock,
    PlainTextInput,
    RadioButtonGroup,
    StaticSelectMenu,
)

from bot.okr.facts import CheckedIn, CheckInForm, DraftedAnswer, KeyResultStanding, Person, Receipt
from bot.okr.human_ids import key_result_id
from bot.okr.kinds import Control
from bot.slack import ids
from bot.slack.text import clock, counted, fit, lines, quoted, zoned
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
    plain_text,
    rendered,
    section,
)
from bot.slack.views.standings import (
    CONFIDENCE_WORDS,
    age_text,
    closing_text,
    confidence_words,
    for_whom,
    key_result_name,
    progress_text,
    told_check_in,
    value_text,
    way_text,
)

TITLE = "Check in"
LONGEST_ANSWER = 3000
MOST_RECEIPT_LINES = 35
LONGEST_SHOWN_NOTE = 300
LONGEST_SHOWN_ANSWER = 700
TAKEN_BACK = "*Taken back.* What you sent no longer counts."


def check_in_modal(form: CheckInForm, prompt_delivery: int | None = None, nth: int = 1) -> View:
    """A page of the modal: per key result a value and a confidence, on the last page the learning and the need.

    nth: see `ids.nth_form`.
    """
    drafted = {each.number: each for each in form.drafted}
    blocks: list[Block] = [section(_introduction(form), ids.INTRODUCTION)]
    if form.drafted_at is not None:
        blocks += _told_draft(form)
    for line in form.lines:
        blocks += _inputs(line, form.person, drafted.get(line.number), nth)
    if not form.rest:
        blocks += _last(form, nth)
    metadata = ids.CheckInMetadata(
        nonce=form.nonce,
        due=tuple(line.number for line in form.lines if line.due),
        shown=tuple(line.number for line in form.lines),
        prompt_delivery=prompt_delivery,
        page=form.page,
        rest=form.rest,
        form=nth,
        known_values=tuple(_known(line, form.person) for line in form.lines) if drafted else (),
        known_confidences=tuple(line.confidence for line in form.lines) if drafted else (),
    )
    submit = f"Send and continue {form.page}/{form.pages}" if form.rest else "Send"
    return modal(TITLE, blocks, callback_id=ids.CHECK_IN, submit=submit, metadata=metadata)


def _introduction(form: CheckInForm) -> str:
    due = f"Due {zoned(form.due_at, form.person.zone)}. " if form.due_at else ""
    rule = "A value you leave as it is counts as “no change”; a field you clear is not answered."
    if not any(line.due for line in form.lines):
        rule = "Nothing here is due: what you leave as it is is not sent."
    if form.pages == 1:
        return f"{due}{rule}"
    sent = " What you sent before is saved." if form.page > 1 else " Each page is saved when you send it."
    return f"*Page {form.page} of {form.pages}.*{sent}\n{due}{rule}"


def _told_draft(form: CheckInForm) -> list[Block]:
    """That inputs hold what was typed before, and the way to get rid of it."""
    assert form.drafted_at is not None
    which = [key_result_id(each.number) for each in form.drafted]
    which += [words for words, text in (("what you learned", form.learned), ("what you need", form.needs)) if text]
    said = f"*Not sent yet:* what you had typed until {zoned(form.drafted_at, form.person.zone)} is back in its fields"
    discard = Button(
        plain_text("Discard"),
        action_id=ids.DISCARD_DRAFT,
        confirm=ConfirmationDialogue(
            title="Discard it?",
            text="What you had typed and not sent is forgotten, and the fields show the present values.",
            confirm="Discard",
            deny="Keep it",
        ),
    )
    return [section(f"{said}: {', '.join(which)}.", ids.DRAFT, discard)]


def _last(form: CheckInForm, nth: int) -> list[Block]:
    """What stands once, on the last page."""
    blocks: list[Block] = []
    if form.more:
        blocks.append(footnote(f"and {form.more} more: send these first, then open Check in again.", ids.MORE))
    learned_id, needs_id = ids.nth_form(ids.LEARNED, nth), ids.nth_form(ids.NEEDS, nth)
    blocks.append(DividerBlock(block_id=ids.part_block(ids.LEARNINGS, 0)))
    blocks += [
        field(
            "What did we learn?",
            long_input(learned_id, form.learned),
            learned_id,
            hint="What worked, what did not, what surprised you. Your team reads it in the digest.",
            optional=True,
        ),
        field(
            "What do you need?",
            long_input(needs_id, form.needs),
            needs_id,
            hint="A decision, a hand, a piece of advice. Say from whom.",
            optional=True,
        ),
    ]
    return blocks


def _inputs(line: KeyResultStanding, person: Person, draft: DraftedAnswer | None, nth: int) -> list[Block]:
    counts = "due" if line.due else "not due, counts only if you change it"
    whose = for_whom(line)
    # Of somebody else's it is told first whose it is, on a line of its own.
    first, rest = ([counts, whose], []) if whose else ([], [counts])
    rest += [progress_text(line, person.locale), age_text(line), closing_text(line)]
    head = f"{key_result_name(line.number, line.title)} · {way_text(line, person.locale)}"
    told = lines([head, " · ".join(first), " · ".join(fact for fact in rest if fact)])
    value_id = ids.nth_form(ids.value_block(line.number), nth)
    confidence_id = ids.nth_form(ids.confidence_block(line.number), nth)
    value = _known(line, person) if draft is None else draft.value
    confidence = line.confidence if draft is None else draft.confidence
    note = None if draft is None else draft.note
    blocks: list[Block] = [
        section(told, ids.standing_block(line.number), _add_note(line.number) if note is None else None),
        field(f"{key_result_id(line.number)} value", value_input(line, value, value_id), value_id, optional=True),
        confidence_field(line.number, confidence, confidence_id),
    ]
    return blocks if note is None else [*blocks, note_field(line.number, note, nth)]


def _known(line: KeyResultStanding, person: Person) -> str | None:
    """What the value's input holds while nobody has typed."""
    return line.kind.prefill(line.now, line.terms, person.locale)


def value_input(
    told: KeyResultStanding | CheckedIn, value: str | None, value_id: str
) -> PlainTextInput | RadioButtonGroup | StaticSelectMenu:
    """What a key result's kind takes a value with; `value` is what it holds."""
    kind = told.kind
    if kind.control is Control.TEXT:
        return PlainTextInput(action_id=value_id, initial_value=(value or "")[:LONGEST_ANSWER] or None)
    options = [option(words, sent) for sent, words in kind.options(told.terms)]
    chosen = next((each for each in options if each.value == value), None)
    if kind.control is Control.RADIO:
        return RadioButtonGroup(action_id=value_id, options=options, initial_option=chosen)
    return StaticSelectMenu(action_id=value_id, options=options, initial_option=chosen, placeholder="Last one reached")


def confidence_field(number: int, confidence: int | None, confidence_id: str) -> Block:
    """The input for a confidence."""
    known = confidence is not None and 0 <= confidence < len(_CONFIDENCE_OPTIONS)
    menu = StaticSelectMenu(
        action_id=confidence_id,
        options=_CONFIDENCE_OPTIONS,
        initial_option=_CONFIDENCE_OPTIONS[confidence] if known and confidence is not None else None,
        placeholder="How likely is the target?",
    )
    return field(f"{key_result_id(number)} confidence", menu, confidence_id, optional=True)


def note_field(number: int, note: str | None = None, nth: int = 1) -> Block:
    """The input for a note."""
    note_id = ids.nth_form(ids.note_block(number), nth)
    return field(f"{key_result_id(number)} note", long_input(note_id, note), note_id, optional=True)


def _add_note(number: int) -> Button:
    return Button(
        plain_text("Add a note"),
        action_id=ids.one_of(ids.ADD_NOTE, number),
        value=ids.pack(ids.KeyResultRef(number)),
        accessibility_label=f"Add a note to {key_result_id(number)}",
    )


def with_notes(view: View, numbers: Collection[int], nth: int = 1) -> View:
    """An open page with the notes of these key results to be typed, and everything else as it is.

    Slack keeps what stands in inputs whose ids stay.
    """
    blocks: list[dict[str, Any]] = []
    present = {block.get("block_id") for block in view["blocks"]}
    for block in view["blocks"]:
        block_id = str(block.get("block_id"))
        behind = ids.key_result_of_confidence_block(block_id)
        wanted = {ids.standing_block(number) for number in numbers}
        blocks.append({name: part for name, part in block.items() if name != "accessory" or block_id not in wanted})
        if behind is not None and behind in numbers and ids.nth_form(ids.note_block(behind), nth) not in present:
            blocks.append(rendered(note_field(behind, None, nth)))
    kept = ("type", "title", "submit", "close", "callback_id", "private_metadata")
    return {**{name: view[name] for name in kept if view.get(name)}, "blocks": blocks}


_CONFIDENCE_OPTIONS = [
    option(confidence_words(confidence), str(confidence)) for confidence in range(len(CONFIDENCE_WORDS))
]


def long_input(action_id: str, known: str | None = None) -> PlainTextInput:
    """An input for several lines."""
    return PlainTextInput(
        action_id=action_id,
        multiline=True,
        max_length=LONGEST_ANSWER,
        initial_value=fit(known, LONGEST_ANSWER) if known else None,
    )


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
    when = zoned(kept.submitted_at, kept.person.zone) + (", edited since" if kept.edited else "")
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
    if kept.lines and not kept.undone:
        controls.append(button("Edit", ids.EDIT_CHECK_IN_OPEN, ids.EditOpening(kept.submission)))
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
