"""What the giver of a reaction is told, privately, when it could not be kept as recognition."""

from bot.okr.recognition import DAILY_ALLOWANCE
from bot.slack import ids
from bot.slack.views import Message, message, section


def where_to_react() -> Message:
    """For a reaction on a digest, which covers several people."""
    return _told(
        "This message covers several people, so the reaction thanks nobody. "
        "Open the thread and react to the check-in you mean."
    )


def allowance_used() -> Message:
    """For the reaction after the last one of the day."""
    return _told(
        f"You have recognised {DAILY_ALLOWANCE} check-ins today, which is the most for a day. "
        "This reaction is not kept as recognition; tomorrow you can give more."
    )


def _told(text: str) -> Message:
    return message(text, [section(text, ids.HEADLINE)])
