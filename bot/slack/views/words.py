"""The reply to a message in the DM: the receipt, what could not be read, or how to answer."""

from bot.okr.facts import Receipt
from bot.okr.prompting import HowToAnswer, WordsNotKept
from bot.slack import ids
from bot.slack.text import Mrkdwn, lines, paragraph
from bot.slack.views import Message, button, buttons, footnote, message, section
from bot.slack.views.checkins import receipt

LONGEST_SENTENCE = 500


def words_answered(told: Receipt | WordsNotKept | HowToAnswer) -> Message:
    """What became of a message."""
    if isinstance(told, Receipt):
        return receipt(told)
    return _not_kept(told) if isinstance(told, WordsNotKept) else _how_to_answer(told)


def _not_kept(told: WordsNotKept) -> Message:
    headline = "*Nothing is saved yet.*"
    what = [f"• {paragraph(each, LONGEST_SENTENCE)}" for each in told.wrong]
    understood = [paragraph(each, LONGEST_SENTENCE) for each in told.understood]
    said = [f"I read {'; '.join(understood)}."] if understood else []
    way = f"Or write it again here: {_example(told.listed)}"
    if told.in_form:
        way = f"What you wrote waits in the form, to be put right and sent. {way}"
    return message(
        " ".join([headline, *said, *what]),
        [
            section(lines([headline, *said, *what]), ids.HEADLINE),
            buttons(button("Open Check-in", ids.CHECK_IN_OPEN, ids.CheckInOpening(), primary=True)),
            footnote(f"{way} More: `/okr help update`"),
        ],
    )


def _how_to_answer(told: HowToAnswer) -> Message:
    where = "its number in my last list, or its id such as KR-3" if told.listed else "its id"
    said = (
        f"I read check-ins here, such as {_example(told.listed)}: first which key result ({where}), then the value, "
        "your confidence from 0 to 10 if you like, and a note. `=` alone says that nothing has changed."
    )
    return message(
        f"I read check-ins here, such as {_example(told.listed)}. Everything else I can do: /okr help",
        [section(said, ids.HEADLINE), footnote("Everything else I can do: `/okr help`")],
    )


def _example(listed: int) -> Mrkdwn:
    if not listed:
        return Mrkdwn("`KR-3 45k 8 note`")
    return Mrkdwn("`1 45k 8 note`" if listed == 1 else "`1 45k 8 note | 2 =`")
