"""A tip at the moment of an error: one sentence that teaches, for each topic of the help and for some inputs."""

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
        "rhythm": "Each round asks for a check-in: as a rule on Monday, due on Wednesday, told on Friday.",
        "recognition": "Thanks work best when they name what somebody did, close to when they did it.",
        "roles": "Owners answer for their key results, leads for their teams, champions for the programme.",
        "cycles": "A cycle gives objectives their first and last day; a quarter is long enough to move a number.",
        "teams": "Every team belongs to another one up to the company, so that objectives can support each other.",
        "settings": "Hours and zones follow your Slack profile, so that nobody is asked at night.",
        "away": "Away days stop every clock: nothing is asked, and nothing is late or missed because of them.",
        "operator": "Whoever runs the bot finds every error by its reference in the log.",
    }
)

_ANY = ""
_LEVELS = "Commit is the least you promise, Stretch lies beyond the target; either may stay empty."
_PEOPLE = "One person owns a key result, contributors work on it as well, and a delegate checks in for the owner."
_AT_INPUTS = MappingProxyType(
    {
        ("numbers", _ANY): "Here goes the value itself, such as 45k; a step such as +3 is for the one-line check-in.",
        ("key-results", "title"): TIPS["set"],
        ("key-results", "milestones"): "Shares say how much each step is worth; without any, all steps count the same.",
        ("key-results", "weight"): TIPS["weights"],
        ("key-results", "commit"): _LEVELS,
        ("key-results", "stretch"): _LEVELS,
        ("key-results", "owner"): _PEOPLE,
        ("key-results", "contributors"): _PEOPLE,
        ("key-results", "delegate"): _PEOPLE,
        ("update", "as_of"): "A check-in counts for one day of its cycle, and never for a day to come.",
        ("edit", "all"): "Whoever owns a key result is the one who is asked about it each week.",
    }
)
"""Where the topic's own tip would be beside the point: by the topic and the use cases' word for the input, or any."""


def tip(topic: str, field: str | None = None) -> str | None:
    """The tip for a topic or another word for it; None where there is no such page.

    field: the input it stands at (empty: some input); None outside of forms.
    """
    page = ALIASES.get(topic, topic)
    at_input = None if field is None else _AT_INPUTS.get((page, field)) or _AT_INPUTS.get((page, _ANY))
    return at_input or TIPS.get(page)
