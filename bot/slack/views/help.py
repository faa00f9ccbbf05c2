"""`/okr help`, and what is said to a word that is no command."""

from difflib import get_close_matches

from slackblocks import Block, Option, StaticSelectMenu

from bot.slack import ids
from bot.slack.text import single_line, title
from bot.slack.views import Message, button, buttons, footnote, message, plain_text, section
from bot.slack.views.help_pages import ALIASES, PAGES, Page

OVERVIEW = (
    "`/okr` - your week: what is due, and buttons\n"
    "`/okr update` - check in, with a form\n"
    "`/okr update KR-3 45k 8 short note` - check in, in one line\n"
    "`/okr set` - a new objective with its key results\n"
    "`/okr list` - your key results; also `@person`, a team's name, `company`, and `at risk`, `stale`, `missing`\n"
    "`/okr show KR-3`, `/okr show O-1` - one of them whole, with its history\n"
    "`/okr edit KR-3`, `/okr edit O-1` - change, hand over, move or drop it\n"
    "`/okr team`, `/okr cycle`, `/okr role` - teams, cycles, and who is lead, sponsor, champion\n"
    "`/okr help TOPIC` - more about one topic"
)


def help_message(topic: str | None = None) -> Message:
    """The overview, or the page of a topic; an unknown topic says so and shows the overview."""
    if not topic:
        return _overview("What you can type")
    page = _page(topic)
    return (
        _overview(f"I have no page about “{title(topic, 40)}”. This is what there is") if page is None else _told(page)
    )


def _page(topic: str) -> Page | None:
    asked = single_line(topic).casefold()
    found = ALIASES.get(asked, asked)
    if found not in PAGES:
        close = get_close_matches(asked, [*PAGES, *ALIASES], n=1, cutoff=0.75)
        found = ALIASES.get(close[0], close[0]) if close else ""
    return PAGES.get(found)


def _overview(heading: str) -> Message:
    topics = "\n".join(f"*{page.topic}* - {page.about}" for page in PAGES.values())
    blocks: list[Block] = [
        section(f"*{heading}*\n{OVERVIEW}", ids.HEADLINE),
        section(f"Topics, for example `/okr help update`:\n{topics}", ids.INTRODUCTION, accessory=_topic_menu()),
    ]
    return message(f"{heading}: /okr, /okr update, /okr set, /okr edit, /okr list, /okr show, /okr help TOPIC.", blocks)


def _told(page: Page) -> Message:
    return message(
        f"Help, {page.topic}: {page.about}",
        [
            section(f"*{page.topic}* - {page.about}\n{page.text}", ids.HEADLINE),
            buttons(button("All Topics", ids.HELP_TOPIC, ids.HelpPage())),
        ],
    )


def _topic_menu() -> StaticSelectMenu:
    return StaticSelectMenu(
        action_id=ids.HELP_TOPIC_CHOICE,
        options=[
            Option(plain_text(page.topic, 75), value=ids.pack(ids.HelpPage(page.topic))) for page in PAGES.values()
        ],
        placeholder="Choose a topic",
    )


def unknown_command(word: str, nearest: str | None) -> Message:
    """A word that is no command, with what was probably meant."""
    meant = f" Did you mean `/okr {nearest}`?" if nearest else ""
    said = f"I don't know “{title(word, 40)}”.{meant}"
    return _pointing_to_help(said)


def not_yet(word: str) -> Message:
    """A command that is planned."""
    return _pointing_to_help(
        f"`/okr {title(word, 40)}` is planned, but it is not there yet. "
        "Today there are `/okr`, `/okr update`, `/okr set`, `/okr edit`, `/okr list` and `/okr show`, and `/okr team`, "
        "`/okr cycle` and `/okr role`."
    )


def _pointing_to_help(said: str) -> Message:
    return message(
        said,
        [
            section(said, ids.HEADLINE),
            buttons(button("Show Help", ids.HELP_TOPIC, ids.HelpPage())),
            footnote("Everything there is: `/okr help`"),
        ],
    )
