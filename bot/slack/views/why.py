"""`/okr why`: the rule behind each recent message, and how to change it."""

from bot.okr.attention import BUDGET
from bot.okr.prompting import RecentMessage, WhyShown
from bot.slack import ids
from bot.slack.text import Mrkdwn, counted, day, escape, lines, names, zoned
from bot.slack.views import Message, button, buttons, footnote, message, section

RULES = {
    "prompt": "Your check-in was due: you answer for key results there.",
    "prompt_again": "You had snoozed the prompt until then.",
    "reminder": "Your check-in was due that day and not there yet; there is one reminder a round.",
    "recognition": "Somebody reacted to your check-in.",
    "agreement_asked": "An objective waited for your agreement.",
    "closed_channel": "A digest could not be posted, and you can open the channel.",
    "change_notice": "Somebody changed what you answer for.",
}
OTHERWISE = "Something you are responsible for changed or waits for you."
LONGEST_TEAMS = 120


def why(shown: WhyShown) -> Message:
    """The last messages with their reasons; the budget; the next time; the ways to change it."""
    zone = shown.person.zone
    used = f"{shown.used} of {BUDGET} messages that nobody asked for have come this week."
    following = "I have nothing to ask you about at the moment."
    if shown.next_prompt is not None:
        following = f"The next prompt comes {zoned(shown.next_prompt, zone)}."
    if shown.away_until is not None:
        following = f"You are away until {day(shown.away_until)}. {following}"
    waiting = (
        f"{counted(shown.waiting, 'message waits', 'messages wait')} for the next prompt." if shown.waiting else ""
    )
    told = [_told(each, zone) for each in shown.recent] or [Mrkdwn("I have not written to you by myself yet.")]
    controls = [button("Settings", ids.SETTINGS_OPEN)]
    if shown.waiting:
        controls.append(button("Show Them", ids.WAITING_SHOW))
    return message(
        f"{used} {following}",
        [
            section(lines([f"*Why I wrote to you*\n{used} {waiting}".rstrip(), following]), ids.HEADLINE),
            section(lines(told), ids.HISTORY),
            buttons(*controls),
            footnote(
                f"Your profile is {escape(shown.profile)}. Hour, days and profile: `/okr settings`. On leave: "
                "`/okr away until 12 Aug`. A team's rhythm is set by its lead: `/okr team`"
            ),
        ],
    )


def _told(each: RecentMessage, zone: str) -> Mrkdwn:
    rule = RULES.get(each.kind, OTHERWISE)
    teams = f" Team: {names(each.teams, LONGEST_TEAMS)}" if each.teams else ""
    every = f", {escape(each.every)}." if each.every else ""
    free = "" if each.counted else " You had asked for it."
    return Mrkdwn(f"• {zoned(each.sent_at, zone)}: {rule}{teams}{every}{free}")
