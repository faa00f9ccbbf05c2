"""`/okr away` and `/okr back`."""

from bot.okr.prompting import AwayShown
from bot.slack import ids
from bot.slack.text import day, zoned
from bot.slack.views import Message, button, buttons, footnote, message, section


def away(shown: AwayShown) -> Message:
    """Until when nothing is asked, and when the next prompt comes."""
    following = ""
    if shown.next_prompt is not None:
        following = f" The next prompt comes {zoned(shown.next_prompt, shown.person.zone)}."
    if shown.until is None:
        told = f"You are here, as before.{following}" if shown.already else f"Welcome back.{following}"
        return message(told, [section(told, ids.HEADLINE), footnote("Away again: `/okr away until 12 Aug`")])
    since = f"from {day(shown.since)} " if shown.since is not None else ""
    told = (
        f"You are away {since}until {day(shown.until)}, that day included. I ask nothing, and nothing counts as missed."
    )
    return message(
        told,
        [
            section(f"{told}{following}", ids.HEADLINE),
            buttons(button("I'm Back", ids.COME_BACK)),
            footnote("Another day: `/okr away until 12 Aug`. What you want to tell meanwhile: `/okr update`"),
        ],
    )
