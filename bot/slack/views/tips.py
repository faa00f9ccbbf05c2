"""A tip at the moment of an error: one sentence that teaches, for each topic of the help."""

from types import MappingProxyType

from bot.slack.views.help_pages import ALIASES

TIPS = MappingProxyType(
    {
        "start": "An objective says what will be better, and its key results are the numbers that show it.",
        "update": "A check-in is the value as it is now, then how sure you are from 0 to 10, then a short note.",
        "numbers": "Type the new value as a number, such as 45k, or the step with a sign, such as +3.",
        "list": "Every list can be narrowed down with a name and with what you look for: company at risk.",
        "show": "Every objective has a number such as O-1, every key result one such as KR-3.",
        "edit": "Changing or dropping something is normal; what it was before stays in its history.",
        "set": "A good key result is a number that somebody can look up and that can go wrong.",
        "key-results": "Progress is the share of the way from start to target, so the two must differ.",
        "status": "Status compares the progress made with the share of the cycle that has passed.",
        "weights": "Only the ratio of weights counts: 2 and 1 is the same as 200 and 100.",
        "rhythm": "Once a week every key result gets a check-in: asked on Monday, due on Wednesday, told on Friday.",
        "recognition": "Thanks work best when they name what somebody did, close to when they did it.",
        "roles": "Owners answer for their key results, leads for their teams, champions for the programme.",
        "cycles": "A cycle gives objectives their first and last day; a quarter is long enough to move a number.",
        "teams": "Every team belongs to another one up to the company, so that objectives can support each other.",
        "settings": "Hours and zones follow your Slack profile, so that nobody is asked at night.",
        "operator": "Whoever runs the bot finds every error by its reference in the log.",
    }
)


def tip(topic: str) -> str | None:
    """The tip for a topic or another word for it; None where there is no such page."""
    return TIPS.get(ALIASES.get(topic, topic))
