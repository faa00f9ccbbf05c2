"""`/okr list`: key results with where they stand, page by page."""

import unicodedata
from dataclasses import replace

from slackblocks import Block

from bot.okr.facts import ListedKeyResults
from bot.okr.human_ids import key_result_id
from bot.slack import ids
from bot.slack.text import counted, names, title
from bot.slack.views import Message, button, buttons, footnote, message, section
from bot.slack.views.standings import told_standing

MOST_LISTED = 40
LONGEST_IN_SUMMARY = 50
NAMELESS = "somebody without a name"


def key_results(listed: ListedKeyResults) -> Message:
    """A page of a list: where each key result stands, which of how many they are, and the ways to the other pages."""
    heading = title(listed.heading, 120)
    shown = listed.shown[:MOST_LISTED]
    found = _found(listed, len(shown))
    blocks: list[Block] = [section(f"*{heading}*: {found}", ids.HEADLINE)]
    blocks += [
        section(told_standing(each, listed.person, in_a_list=True), ids.standing_block(each.number)) for each in shown
    ]
    if listed.without:
        blocks.append(section(names([_called(each) for each in listed.without], 2500), ids.WITHOUT))
    blocks += _pages(listed)
    blocks.append(footnote(_way_on(listed)))
    # A summary is cut at its end, and how many there are must not be what is lost.
    return message(f"{title(listed.heading, LONGEST_IN_SUMMARY)}: {found}", blocks)


def _called(person: str) -> str:
    """A name that can be seen; Slack lets people have one that can't."""
    seen = any(unicodedata.category(letter)[0] not in "ZC" for letter in person)
    return person if seen else NAMELESS


def _way_on(listed: ListedKeyResults) -> str:
    if listed.total or listed.without:
        example = key_result_id(listed.shown[0].number) if listed.shown else "KR-3"
        return (
            f"Narrow it down: `/okr list company at risk`. One of them whole: `/okr show {example}`. `/okr help list`"
        )
    if listed.place.only in (None, "all"):
        return "`/okr set` sets an objective with its key results. `/okr list company` shows everybody's."
    return "The same list without its last words shows more: `/okr help list`"


def _found(listed: ListedKeyResults, shown: int) -> str:
    many = len(listed.without) or shown
    total = max(listed.total, many)
    if listed.without:
        whole = counted(total, "person has nothing yet", "people have nothing yet")
    else:
        whole = counted(total, "key result", "key results") if total else "nothing to show"
    if many == total:
        return whole
    return f"{whole}, {listed.first} to {listed.first + many - 1}" if many else f"{whole}, none of them on this page"


def _pages(listed: ListedKeyResults) -> list[Block]:
    """**Previous** and **Next**, where there is more."""
    place = ids.ListPage(listed.place.scope, listed.place.person, listed.place.team, listed.place.only)
    controls = []
    if listed.before is not None:
        controls.append(button("Previous", ids.LIST_PREVIOUS, replace(place, before=listed.before)))
    if listed.after is not None:
        controls.append(button("Next", ids.LIST_NEXT, replace(place, after=listed.after)))
    return [buttons(*controls)] if controls else []
