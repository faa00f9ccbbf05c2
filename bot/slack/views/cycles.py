"""`/okr cycle`: the list, one cycle, and the form for one."""

from datetime import date

from babel.dates import format_date
from slackblocks import Block, Button, ConfirmationDialogue, DatePicker, PlainTextInput, StaticSelectMenu

from bot.okr.organisation import CycleForm, CycleLine, CycleShown, CyclesShown
from bot.slack import ids
from bot.slack.text import counted, escape, lines, name, names
from bot.slack.views import Message, View, button, buttons, field, footnote, message, modal, option, section

LONGEST_NAME = 80
LONGEST_LIST = 800
MOST_OPTIONS = 100


def cycles(shown: CyclesShown) -> Message:
    """Current, coming and past cycles."""
    parts = (
        ("Current", "current", shown.current),
        ("Coming", "coming", shown.coming),
        ("Past", "past", shown.past),
    )
    blocks: list[Block] = []
    for heading, phase, found in parts:
        if found:
            told = "\n".join(_line(each, phase) for each in found)
            blocks.append(section(f"*{heading}*\n{told}", ids.part_block(ids.TREE, len(blocks))))
    if not blocks:
        blocks.append(section("There is no cycle yet.", ids.HEADLINE))
    if shown.more:
        told = f"and {shown.more} more that run or come: `/okr cycle NAME` shows any of them"
        blocks.append(footnote(told, ids.part_block(ids.MORE, 1)))
    if shown.more_past:
        blocks.append(footnote(f"and {shown.more_past} older: `/okr cycle NAME` shows any of them", ids.MORE))
    if shown.archived:
        blocks.append(footnote(f"In the archive: {names(shown.archived, LONGEST_LIST)}", ids.ARCHIVED))
    every = [*shown.current, *shown.coming, *shown.past]
    if every:
        blocks.append(section("Show one of them", ids.CHOICE, accessory=_choice(every)))
    if shown.may_change:
        blocks.append(buttons(button("New Cycle", ids.CYCLE_NEW)))
    blocks.append(footnote("One cycle: `/okr cycle NAME` · A new one: `/okr cycle new` · More: `/okr help cycles`"))
    now = names([each.name for each in shown.current], 100) if shown.current else "none"
    return message(f"Cycles. Current: {now}", blocks)


def _line(each: CycleLine, phase: str) -> str:
    mark = " · new objectives are for this one" if each.is_default else ""
    return f"*{name(each.name)}* · {_days(each)} · {_when(each, phase)}{mark}"


def _days(each: CycleLine) -> str:
    return f"{_day(each.starts_on)} to {_day(each.ends_on)}"


def _when(each: CycleLine, phase: str) -> str:
    days = counted(each.days, "day", "days")
    if phase == "current":
        return f"{days} to go" if each.days else "ends today"
    return f"begins in {days}" if phase == "coming" else f"ended {days} ago"


def _day(when: date) -> str:
    """`5 Oct 2026`"""
    return format_date(when, "d MMM y", locale="en")


def _choice(found: list[CycleLine]) -> StaticSelectMenu:
    options = [
        option(each.name if each.name.strip() else "(without a name)", ids.pack(ids.CycleRef(each.id)))
        for each in found[:MOST_OPTIONS]
    ]
    return StaticSelectMenu(action_id=ids.CYCLE_CHOICE, options=options, placeholder="Choose a cycle")


def cycle(shown: CycleShown) -> Message:
    """One cycle: its days, what is in it, what may be done."""
    each = shown.line
    headline = f"*{name(each.name)}*{' (in the archive)' if shown.archived else ''}"
    said = escape(shown.said) if shown.said else None
    facts = lines(
        [
            f"{headline} · {_days(each)} · {_when(each, shown.phase)}",
            _held(shown),
            f"Objectives may be set from {_day(each.drafts_from)} on" if each.drafts_from else "",
            "New objectives are for this one unless somebody chooses another." if each.is_default else "",
        ]
    )
    blocks: list[Block] = [section(said, ids.HEADLINE)] if said else []
    blocks.append(section(facts, ids.DETAILS))
    blocks.append(buttons(*_buttons(shown)))
    return message(said or f"{headline}, {_days(each)}", blocks)


def _held(shown: CycleShown) -> str:
    if not shown.objectives:
        return "No objective is set for it yet."
    held = counted(shown.objectives, "objective", "objectives")
    return f"{held}, {counted(shown.key_results, 'key result', 'key results')}"


def _buttons(shown: CycleShown) -> list[Button]:
    ref = ids.CycleRef(shown.line.id)
    found: list[Button] = []
    if shown.may_change and shown.archived:
        found.append(button("Restore", ids.CYCLE_RESTORE, ref))
    elif shown.may_change:
        asking = ConfirmationDialogue(
            title="Archive this cycle?",
            text="It leaves every list. Its objectives stay readable, and you can restore it.",
            confirm="Archive",
            deny="Keep",
        )
        found.append(button("Edit", ids.CYCLE_EDIT, ref, primary=True))
        found.append(Button("Archive", action_id=ids.CYCLE_ARCHIVE, value=ids.pack(ref), confirm=asking))
    return [*found, button("All Cycles", ids.CYCLES_OPEN)]


def cycle_modal(form: CycleForm, metadata: ids.CycleMetadata) -> View:
    """The form for a new cycle or for changing one."""
    blocks: list[Block] = []
    if form.cycle is None:
        shortcuts = (button("Next Quarter", ids.CYCLE_NEXT_QUARTER), button("Year", ids.CYCLE_NEXT_YEAR))
        blocks.append(buttons(*shortcuts))
    own_name, starts, ends, drafts = (
        ids.nth_form(each, form.form)
        for each in (ids.CYCLE_OWN_NAME, ids.CYCLE_STARTS, ids.CYCLE_ENDS, ids.CYCLE_DRAFTS)
    )
    typed = PlainTextInput(action_id=own_name, initial_value=form.name[:LONGEST_NAME] or None, max_length=LONGEST_NAME)
    blocks += [
        field("Name", typed, own_name),
        field("Starts", _picker(starts, form.starts_on), starts, hint="The first day."),
        field("Ends", _picker(ends, form.ends_on), ends, hint="The last day. Check-ins are taken two weeks longer."),
        field(
            "Drafts from",
            _picker(drafts, form.drafts_from),
            drafts,
            hint="The day from which objectives may be set for it. Empty: at any time.",
            optional=True,
        ),
    ]
    return modal(
        "New cycle" if form.cycle is None else "Edit cycle",
        blocks,
        callback_id=ids.CYCLE,
        submit="Save",
        metadata=metadata,
    )


def _picker(action_id: str, chosen: date | None) -> DatePicker:
    return DatePicker(action_id=action_id, initial_date=None if chosen is None else chosen.isoformat())
