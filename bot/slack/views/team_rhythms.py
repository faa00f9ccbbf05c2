"""A team's rhythm: its inputs in the form, and what is told of it."""

from slackblocks import Block, StaticSelectMenu, TimePicker

from bot.okr.cadence import MONTHLY, WEEKDAYS, Rhythm, WeekTime
from bot.okr.organisation import RhythmForm, TeamRhythm
from bot.slack import ids
from bot.slack.text import Mrkdwn, escape, name, weekday, zoned
from bot.slack.views import field, footnote, option

INHERITED = "inherited"
EVERY = {
    INHERITED: "As the team it belongs to",
    "1": "Every week",
    "2": "Every 2 weeks",
    "3": "Every 3 weeks",
    "month": "Once a month",
}


def rhythm_fields(form: RhythmForm) -> list[Block]:
    """How often a round comes and, unless that is inherited, when it opens, is due and closes."""
    options = {value: option(words, value) for value, words in EVERY.items() if form.above or value != INHERITED}
    menu = StaticSelectMenu(
        action_id=ids.TEAM_RHYTHM, options=[*options.values()], initial_option=options.get(form.every)
    )
    blocks: list[Block] = [
        field(
            "Rhythm",
            menu,
            ids.TEAM_RHYTHM,
            dispatch=True,
            hint="How often everybody is asked. A round that has opened goes on as it began.",
        )
    ]
    if form.every == INHERITED and form.above is not None:
        return [*blocks, footnote(f"{name(form.above)} has: {_lower(in_words(form.above_has))}", ids.INHERITED)]
    blocks += _week_time("Opens", form.opens, ids.TEAM_OPENS_DAY, ids.TEAM_OPENS_HOUR, "By each person's own clock.")
    blocks += _week_time("Due", form.due, ids.TEAM_DUE_DAY, ids.TEAM_DUE_HOUR, "By the clock of the team's lead.")
    blocks += _week_time(
        "Closes", form.closes, ids.TEAM_CLOSES_DAY, ids.TEAM_CLOSES_HOUR, "Then the channel gets its digest."
    )
    return blocks


def _week_time(label: str, moment: WeekTime, day_id: str, hour_id: str, hint: str) -> list[Block]:
    days = [option(words, str(number)) for number, words in enumerate(WEEKDAYS)]
    menu = StaticSelectMenu(action_id=day_id, options=days, initial_option=days[moment.day])
    picker = TimePicker(action_id=hour_id, initial_time=f"{moment.hour:%H:%M}")
    return [field(label, menu, day_id), field(f"{label} at", picker, hour_id, hint=hint)]


def in_words(rhythm: Rhythm) -> str:
    """`Every 2 weeks: opens Monday 09:00 in each person's zone, due Wednesday 17:00, closes Friday 12:00`"""
    every = rhythm.every[0].upper() + rhythm.every[1:]
    if rhythm.weeks == MONTHLY:
        every += f", in the week of its first {WEEKDAYS[rhythm.opens.day]}"
    return (
        f"{every}: opens {rhythm.opens.words} in each person's zone, due {rhythm.due.words}, "
        f"closes {rhythm.closes.words}"
    )


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def rhythm_told(told: TeamRhythm) -> Mrkdwn:
    """The rhythm with its zone, from whom it comes, and when the next round opens."""
    parts = [f"{in_words(told.rhythm)} ({escape(told.zone)})."]
    if told.giver is not None:
        parts.append(f"That is the rhythm of {name(told.giver)}.")
    if told.closes_at is not None:
        parts.append(f"The round that is open closes {zoned(told.closes_at, told.zone)}.")
    if told.next_opens is not None:
        parts.append(f"Next round: {weekday(told.next_opens)}")
    return Mrkdwn(" ".join(parts))
