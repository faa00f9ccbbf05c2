"""What somebody is told when they were recognised."""

import re
from types import MappingProxyType

from bot.okr.facts import RecognitionNotice
from bot.slack import ids
from bot.slack.text import LONGEST_TITLE, Mrkdwn, names
from bot.slack.views import Message, footnote, message, section
from bot.slack.views.prose import prose

KIND_WORDS = MappingProxyType(
    {
        "result": "the result",
        "effort": "your effort",
        "learning": "what you learned",
        "candour": "your candour",
    }
)
_EMOJI_NAME = re.compile(r"[a-z0-9_+'-]{1,100}(?:::skin-tone-[2-6])?")
_LINK = re.compile(r"https?://[^\s<>|]{1,1000}")


def notice(recognition: RecognitionNotice) -> Message:
    """Who recognised what, in one sentence, with the way to the message."""
    values = {
        "giver": recognition.giver,
        "by_lead": recognition.by_lead,
        "what": KIND_WORDS.get(recognition.kind, "your check-in"),
        "emoji": _emoji(recognition.emoji),
        "key_results": names(recognition.key_results, 300, LONGEST_TITLE),
        "link": _link(recognition.link),
    }
    return message(
        prose("recognition", "summary", **values),
        [
            section(prose("recognition", "headline", **values), ids.HEADLINE),
            footnote(prose("recognition", "about", **values)),
        ],
    )


def _emoji(emoji_name: str) -> Mrkdwn:
    bare = emoji_name.strip(":")
    return Mrkdwn(f":{bare}:" if _EMOJI_NAME.fullmatch(bare) else "")


def _link(address: str | None) -> Mrkdwn:
    return Mrkdwn(f"<{address}|See the check-in>" if address and _LINK.fullmatch(address) else "")
