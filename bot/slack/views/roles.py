"""`/okr role`: who has which role."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.okr.organisation import RoleNotice, RolesShown
from bot.slack import ids
from bot.slack.text import Mrkdwn, escape, lines, name, names
from bot.slack.views import Message, footnote, message, section

LONGEST_LIST = 1000
_BEGIN: Mapping[str, str] = MappingProxyType(
    {
        "champion": "You run the OKR programme now: teams, cycles and roles, agreeing to objectives, and handing over "
        "what somebody leaves behind. Begin with `/okr`, *Set Up*; `/okr team` and `/okr cycle` show what there is.",
        "sponsor": "You follow the whole picture and read every objective, private ones too. Nothing is asked of you. "
        "Begin with `/okr list company`.",
        "lead": "You set and agree to objectives for it and the teams below, choose its people, check in where "
        "somebody can't, and hand over what somebody leaves behind. Begin with `/okr team`: it shows its people.",
    }
)


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


def role_changed(notice: RoleNotice) -> Message:
    """To who was given a role or relieved of one: by whom, what it means, how to begin."""
    giver = name(notice.giver) if notice.giver else Mrkdwn("Somebody")
    what = f"lead of {name(notice.team)}" if notice.team else escape(notice.role)
    if notice.off:
        head = f"{giver} relieved you: you are no longer {what}. Thank you for what you did."
        rest = "What you own stays yours, and you are asked about it as before."
    else:
        head = f"{giver} made you {what}."
        rest = _BEGIN.get(notice.role, "")
    shown = [section(head, ids.HEADLINE)]
    shown += [section(rest, ids.INTRODUCTION)] if rest else []
    return message(head, [*shown, footnote("Who may do what: `/okr help roles`")])
