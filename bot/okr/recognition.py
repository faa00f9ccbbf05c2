"""Recognition (product rule 13): which emoji means what, and how many a person may give in a day."""

from collections.abc import Mapping
from types import MappingProxyType

DEFAULT_EMOJI: Mapping[str, str] = MappingProxyType(
    {"tada": "result", "muscle": "effort", "bulb": "learning", "raised_hands": "candour"}
)
"""Emoji name without colons -> kind of recognition."""

DAILY_ALLOWANCE = 10
"""Recognitions a person may give in a day of their own zone."""

_SKIN_TONE = "::skin-tone-"


def plain_emoji(reaction: str) -> str:
    """The emoji's name without a skin tone: `muscle::skin-tone-3` is `muscle`."""
    return reaction.partition(_SKIN_TONE)[0]
