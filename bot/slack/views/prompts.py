"""The DM that asks, and the one that reminds."""

from collections.abc import Mapping, Sequence

from slackblocks import Block, DateTimePicker, RadioButtonGroup

from bot.okr.facts import Prompt
from bot.okr.human_ids import key_result_id
from bot.okr.kinds import Control
from bot.okr.prompting import MOST_LISTED, SkipForm, Skipped, Snoozed, SnoozeForm
from bot.slack import ids
from bot.slack.text import Mrkdwn, counted, lines, quoted, zoned
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
    text_input,
)
from bot.slack.views.prose import prose
from bot.slack.views.standings import told_standing

LONGEST_REASON = 300
SKIP_REASONS = ("Nothing worth telling yet", "Not working on it now", "No time this week", "Something else")


def prompt(asking: Prompt, waiting: Sequence[str] = ()) -> Message:
    """What is due, where it stands, when an answer is due, and how to give one.

    waiting: the summaries of what is told along with it.
    """
    return _asking("prompt", asking, waiting)


def reminder(asking: Prompt) -> Message:
    """The same once more, shorter: the only reminder of this round."""
    return _asking("reminder", asking, ())


def answered(done: Snoozed | Skipped) -> Message:
    """In place of the prompt: what was answered, and the way back."""
    again = buttons(button("Check in", ids.CHECK_IN_OPEN, ids.CheckInOpening()))
    if isinstance(done, Snoozed):
        until, due = zoned(done.until, done.person.zone), zoned(done.due_at, done.person.zone)
        told = f"Snoozed. I ask again {until}; an answer is on time until {due}."
        return message(told, [section(told, ids.HEADLINE), again])
    what = counted(done.key_results, "key result", "key results")
    told = f"Skipped {what} this time. You can still check in until {zoned(done.until, done.person.zone)}."
    why = [section(quoted(done.reason, LONGEST_REASON), ids.WHY)] if done.reason.strip() else []
    return message(told, [section(told, ids.HEADLINE), *why, again])


def snooze_modal(form: SnoozeForm) -> View:
    """When to ask again: two moments close at hand, or any other."""
    zone = form.person.zone
    offered = []
    if form.later_today is not None:
        offered.append(option(f"Later today: {zoned(form.later_today, zone)}", form.later_today.isoformat()))
    if form.next_day is not None:
        offered.append(option(f"Next working day: {zoned(form.next_day, zone)}", form.next_day.isoformat()))
    offered.append(option("At a time I choose below", ids.CHOSEN_TIME))
    radio = RadioButtonGroup(action_id=ids.SNOOZE_UNTIL, options=offered, initial_option=offered[0])
    picker = DateTimePicker(action_id=ids.SNOOZE_AT)
    return modal(
        "Snooze",
        [
            field("Ask me again", radio, ids.SNOOZE_UNTIL),
            field("Time", picker, ids.SNOOZE_AT, optional=True, hint=f"Before {zoned(form.until, zone)}."),
        ],
        callback_id=ids.SNOOZE,
        submit="Snooze",
        metadata=ids.PromptPlace(form.where),
    )


def skip_modal(form: SkipForm) -> View:
    """Why this round is left out."""
    reasons = [option(each, each) for each in SKIP_REASONS]
    radio = RadioButtonGroup(action_id=ids.SKIP_REASON, options=reasons, initial_option=reasons[0])
    words = text_input(ids.SKIP_WORDS, "", LONGEST_REASON)
    what = counted(form.key_results, "key result is", "key results are")
    return modal(
        "Skip this round",
        [
            section(f"{what} left out this time; the digest says that you skipped, without blame.", ids.INTRODUCTION),
            field("Reason", radio, ids.SKIP_REASON),
            field("In your words", words, ids.SKIP_WORDS, optional=True),
        ],
        callback_id=ids.SKIP,
        submit="Skip",
        metadata=ids.PromptPlace(form.where),
    )


def _asking(template: str, asking: Prompt, waiting: Sequence[str]) -> Message:
    values: Mapping[str, object] = {
        "count": len(asking.due),
        "due_at": zoned(asking.due_at, asking.person.zone),
        "week_of": asking.week_of,
        "example": key_result_id(asking.due[0].number) if asking.due else "KR-3",
        "words": _in_words(asking),
    }
    shown = asking.due[:MOST_LISTED]
    blocks: list[Block] = [section(prose(template, "headline", **values), ids.HEADLINE)]
    blocks += [
        section(f"{place}. {told_standing(each, asking.person)}", ids.standing_block(each.number))
        for place, each in enumerate(shown, 1)
    ]
    if len(asking.due) > len(shown):
        blocks.append(footnote(f"and {len(asking.due) - len(shown)} more", ids.MORE))
    blocks += [
        buttons(
            button("Check in", ids.CHECK_IN_OPEN, ids.CheckInOpening(), primary=True),
            button("No change", ids.NO_CHANGE),
            button("Snooze", ids.SNOOZE_OPEN),
            button("Skip", ids.SKIP_OPEN),
        ),
        footnote(prose(template, "tip", **values)),
    ]
    if waiting:
        blocks += _also(asking, waiting)
    return message(prose(template, "summary", **values), blocks)


def _in_words(asking: Prompt) -> str:
    """How an answer in words may read, for the first of what is due."""
    value = None
    if asking.due and asking.due[0].kind.control is Control.TEXT:
        first = asking.due[0]
        value = first.kind.prefill(first.now, first.terms, asking.person.locale)
    elif asking.due:
        value = "="  # a choice is made in the form, or by its name
    return f"1 {value or '45k'} 8 note" + (" | 2 =" if len(asking.due) > 1 else "")


def _also(asking: Prompt, waiting: Sequence[str]) -> list[Block]:
    told: list[str] = [f"• {each}" for each in waiting]
    if asking.more_waiting:
        told.append(f"and {counted(asking.more_waiting, 'more message', 'more messages')}")
    blocks: list[Block] = [section(Mrkdwn(f"*Also for you*\n{lines(told)}"), ids.WAITING)]
    if asking.more_waiting or any(each.needs_answer for each in asking.waiting):
        blocks.append(buttons(button("Show Them", ids.WAITING_SHOW), block_id=ids.part_block(ids.WAITING, 1)))
    return blocks


def nothing_waits() -> Message:
    """Everything that had waited has been sent, or is dealt with."""
    told = "Nothing waits for you any more."
    return message(told, [section(told, ids.HEADLINE)])
