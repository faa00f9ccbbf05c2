"""What somebody is told who can open a channel to the bot."""

from bot.okr.facts import ClosedChannel
from bot.slack import ids
from bot.slack.text import name
from bot.slack.views import Message, message, section


def closed_channel(closed: ClosedChannel) -> Message:
    """Which digest could not be posted where, and what helps."""
    what = f"I could not post this week's digest of *{name(closed.team)}* in <#{closed.channel}>."
    helps = (
        "Invite me there with `/invite`, or unarchive the channel; the next digest then goes there. "
        "Nothing is lost: all check-ins are kept."
    )
    return message(f"{what} {helps}", [section(f"{what}\n{helps}", ids.HEADLINE)])
