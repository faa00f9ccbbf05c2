"""`/okr role`: who has which role."""

from bot.okr.organisation import RolesShown
from bot.slack import ids
from bot.slack.text import Mrkdwn, escape, lines, name, names
from bot.slack.views import Message, footnote, message, section

LONGEST_LIST = 1000


def roles(shown: RolesShown) -> Message:
    """Champions, sponsors and leads; what was just changed comes first."""
    said = escape(shown.said) if shown.said else None
    listed = lines(
        [
            f"*Champions* run the programme: {_people(shown.champions)}",
            f"*Sponsors* follow the whole picture: {_people(shown.sponsors)}",
            f"*Leads* lead a team: {_leads(shown)}",
        ]
    )
    way = (
        "`/okr role @person champion` gives a role, `/okr role @person champion off` takes it."
        if shown.may_change
        else "Champions give and take roles."
    )
    blocks = [section(said, ids.HEADLINE)] if said else []
    blocks.append(section(listed, ids.PEOPLE))
    return message(
        said or f"Champions: {_people(shown.champions)}",
        [*blocks, footnote(f"{way} Who may do what: `/okr help roles`")],
    )


def _people(people: tuple[str, ...]) -> Mrkdwn:
    return names(people, LONGEST_LIST) if people else Mrkdwn("nobody yet")


def _leads(shown: RolesShown) -> str:
    told = [f"{name(each.lead)} ({name(each.team)})" for each in shown.leads]
    more = f" and {shown.more_leads} more" if shown.more_leads > 0 else ""
    return f"{', '.join(told)}{more}" if told else "nobody yet"
