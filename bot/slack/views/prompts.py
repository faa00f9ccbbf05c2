"""The DM that asks."""

from slackblocks import Block

from bot.okr.facts import Prompt
from bot.okr.human_ids import key_result_id
from bot.slack import ids
from bot.slack.text import zoned
from bot.slack.views import Message, button, buttons, footnote, message, section
from bot.slack.views.prose import prose
from bot.slack.views.standings import told_standing

MOST_SHOWN = 20


def prompt(asking: Prompt, delivery: int | None = None) -> Message:
    """What is due, where it stands, when an answer is due, and one button. `delivery` is this prompt's own."""
    values = {
        "count": len(asking.due),
        "due_at": zoned(asking.due_at, asking.person.zone),
        "week_of": asking.week_of,
        "example": key_result_id(asking.due[0].number) if asking.due else "KR-3",
    }
    shown = asking.due[:MOST_SHOWN]
    blocks: list[Block] = [section(prose("prompt", "headline", **values), ids.HEADLINE)]
    blocks += [section(told_standing(each, asking.person), ids.standing_block(each.number)) for each in shown]
    if len(asking.due) > len(shown):
        blocks.append(footnote(f"and {len(asking.due) - len(shown)} more", ids.MORE))
    # The label is fixed by the product's documentation, hence the lower case.
    opening = button("Check in", ids.CHECK_IN_OPEN, ids.CheckInOpening(delivery), primary=True)
    blocks += [buttons(opening), footnote(prose("prompt", "tip", **values))]
    return message(prose("prompt", "summary", **values), blocks)
