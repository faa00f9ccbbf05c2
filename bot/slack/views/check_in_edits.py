"""The **Edit** modal for a check-in, the choice before it, and what is told afterwards."""

from slackblocks import ActionsBlock, Block, DatePicker, StaticSelectMenu

from bot.okr.facts import CheckedIn, EditChoice, Edited, EditForm
from bot.okr.human_ids import key_result_id
from bot.slack import ids
from bot.slack.text import Mrkdwn, day, lines, plain, quoted
from bot.slack.views import Message, View, field, footnote, message, modal, option, section, tick_box
from bot.slack.views.checkins import confidence_field, note_field, value_input
from bot.slack.views.standings import told_check_in

TITLE = "Edit check-in"
MOST_OPTIONS = 100
LONGEST_SHOWN_NOTE = 300


def edit_modal(form: EditForm) -> View:
    """Value, confidence, note and day of one check-in as it stands."""
    line, person = form.line, form.person
    number = line.number
    value_id = ids.value_block(number)
    known = line.kind.prefill(line.after, line.terms, person.locale)
    picker = DatePicker(action_id=ids.AS_OF, initial_date=form.day.isoformat())
    blocks: list[Block] = [
        section(_stands(form), ids.INTRODUCTION),
        field(f"{key_result_id(number)} value", value_input(line, known, value_id), value_id, optional=True),
        confidence_field(number, line.confidence, ids.confidence_block(number)),
        note_field(number, line.note),
        field(
            "As of",
            picker,
            ids.AS_OF,
            hint=f"The day it counts for, from {day(form.first_day)} to {day(form.last_day)}. Another day than the one "
            "it was sent on is marked as back-dated.",
        ),
        tick_box(
            "Take it back",
            "It is taken back: it counts for nothing, and its history stays.",
            ids.TAKE_BACK,
            ticked=line.withdrawn,
        ),
    ]
    metadata = ids.CheckInEditing(form.submission, number, form.version)
    return modal(TITLE, blocks, callback_id=ids.EDIT_CHECK_IN, submit="Save", metadata=metadata)


def _stands(form: EditForm) -> Mrkdwn:
    told = told_check_in(form.line, form.person.locale)
    if form.line.withdrawn:
        told = Mrkdwn(f"{told} · taken back")
    if not form.changed_meanwhile:
        return told
    note = quoted(form.line.note, LONGEST_SHOWN_NOTE) if form.line.note else ""
    return lines(
        [
            "*Changed meanwhile.* Somebody has edited this check-in while you had it open. What you typed is still "
            "here, and nothing of it is saved yet: *Save* puts it in place of this:",
            told,
            note,
        ]
    )


def choice_modal(choice: EditChoice) -> View:
    """Which of a submission's check-ins shall be changed; choosing one shows its form."""
    locale = choice.person.locale
    menu = StaticSelectMenu(
        action_id=ids.EDIT_CHECK_IN_CHOICE,
        options=[option(_words(line, locale), str(line.number)) for line in choice.lines[:MOST_OPTIONS]],
        placeholder="Choose a key result",
    )
    blocks: list[Block] = [
        section("Which check-in do you want to change?", ids.HEADLINE),
        ActionsBlock([menu], block_id=ids.EDIT_CHECK_IN_CHOICE),
    ]
    if len(choice.lines) > MOST_OPTIONS:
        blocks.append(footnote("The others are reached by their own page: `/okr show KR-3`.", ids.MORE))
    return modal(TITLE, blocks, callback_id=ids.EDIT_WHICH, metadata=ids.EditOpening(choice.submission))


def _words(line: CheckedIn, locale: str) -> str:
    value = line.kind.say(line.after, line.terms, locale)
    return f"{key_result_id(line.number)}: {value}{', taken back' if line.withdrawn else ''} - {line.title}"


def edited(done: Edited) -> Message:
    """What stands now."""
    told = told_check_in(done.line, done.person.locale)
    note = quoted(done.line.note, LONGEST_SHOWN_NOTE) if done.line.note else ""
    head = "*Nothing to change*: it says so already." if done.already else "*Edited.*"
    after = "" if done.already else "Receipts and digests that show it are corrected in place."
    if done.line.withdrawn:
        head = "*Taken back already.*" if done.already else "*Taken back.* It counts for nothing now."
        after = (
            f"Its history stays. To put it back, press Edit beside it in `/okr show {key_result_id(done.line.number)}`."
        )
    blocks: list[Block] = [section(lines([head, told, note]), ids.HEADLINE)]
    return message(f"{head} {plain(told)}", [*blocks, *([footnote(after)] if after else [])])
