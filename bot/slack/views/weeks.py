"""`/okr`: my week, and the first steps in a workspace where nothing is set yet."""

from slackblocks import Block, Button, DividerBlock

from bot.okr.facts import EmptyWorkspace, MyWeek, WaitingAgreement
from bot.okr.human_ids import key_result_id
from bot.slack import ids
from bot.slack.text import Mrkdwn, counted, lines, moment, name, names, zoned
from bot.slack.views import Message, button, buttons, footnote, message, section
from bot.slack.views.standings import objective_name, told_standing

MOST_DUE = 20
MOST_OTHERS = 15
MOST_ASKED = 4
MOST_OWN = 5
APPOINTED = (
    "You are this workspace's champion from now on. *Set Up* chooses the channel for the digest and appoints others."
)


def my_week(week: MyWeek) -> Message:
    """What is due and what else is mine."""
    headline = _headline(week)
    blocks: list[Block] = [section(f"*Your week*\n{headline}", ids.HEADLINE)]
    if week.just_appointed:
        blocks.append(section(APPOINTED, ids.INTRODUCTION))
    due, others = week.due[:MOST_DUE], week.others[:MOST_OTHERS]
    blocks += [section(told_standing(each, week.person), ids.standing_block(each.number)) for each in due]
    if due and others:
        blocks += [
            DividerBlock(block_id=ids.part_block(ids.MORE, 1)),
            footnote("Not due now", ids.part_block(ids.MORE, 2)),
        ]
    blocks += [section(told_standing(each, week.person), ids.standing_block(each.number)) for each in others]
    hidden = week.more + len(week.due) - len(due) + len(week.others) - len(others)
    if hidden:
        blocks.append(footnote(f"and {hidden} more", ids.MORE))
    blocks += _waiting(week)
    blocks.append(buttons(*_buttons(week, hidden)))
    blocks.append(footnote(_tip(week)))
    appointed = f" {APPOINTED}" if week.just_appointed else ""
    return message(f"Your week: {headline}{appointed}", blocks)


def _waiting(week: MyWeek) -> list[Block]:
    """What waits for the reader's agreement, each with a button, and what they wait for."""
    asked = [each for each in week.waiting if each.for_reader]
    own = [each for each in week.waiting if not each.for_reader]
    blocks: list[Block] = []
    for at, each in enumerate(asked[:MOST_ASKED], 1):
        author = f" by {name(each.other)}" if each.other else ""
        told = f"{objective_name(each.number, each.title)}{author}, {name(each.team)}, *waits for you to agree*"
        read = button("Read It", ids.one_of(ids.AGREEMENT_OPEN, at), ids.ObjectiveRef(each.number))
        blocks.append(section(told, ids.part_block(ids.PEOPLE, at), read))
    told_own = [_waits(each, week.person.zone) for each in own[:MOST_OWN]]
    hidden = len(week.waiting) - len(asked[:MOST_ASKED]) - len(told_own)
    more = Mrkdwn(f"and {hidden} more that wait") if hidden else Mrkdwn("")
    if told_own or hidden:
        blocks.append(section(lines([*told_own, more]), ids.WITHOUT))
    return blocks


def _waits(each: WaitingAgreement, zone: str) -> Mrkdwn:
    whom = f"waits for {name(each.other)} to agree" if each.other else "waits, and nobody is left to agree to it"
    return Mrkdwn(f"{objective_name(each.number, each.title)} {whom}, since {moment(each.since, zone)}")


def _tip(week: MyWeek) -> str:
    mine = [*week.due, *week.others]
    if not mine:
        return "What a good objective looks like: `/okr help set`"
    return f"In one line: `/okr update {key_result_id(mine[0].number)} VALUE CONFIDENCE note`. More: `/okr help`"


def _headline(week: MyWeek) -> str:
    cycle = f" in {name(week.cycle)}" if week.cycle else ""
    if week.due:
        waiting = f"{counted(len(week.due), 'key result waits', 'key results wait')} for your check-in"
        if week.due_at is None:
            return f"{waiting}."
        when = zoned(week.due_at, week.person.zone)
        return f"{waiting}. It was due {when}; a late answer is welcome." if week.overdue else f"{waiting}, due {when}."
    if not week.others:
        return f"You own no key result{cycle} yet. Set an objective, or ask your lead which one is yours."
    own = len(week.others) + week.more - week.of_others
    owned = f"You own {counted(own, 'key result', 'key results')}{cycle}" if own else "You own none of these"
    helping = f" and work on {week.of_others} of others" if own and week.of_others else ""
    next_time = f" The next answer is due {zoned(week.due_at, week.person.zone)}." if week.due_at else ""
    return f"Nothing is due now. {owned}{helping}.{next_time}"


def _buttons(week: MyWeek, hidden: int) -> list[Button]:
    owns_some = bool(week.due or week.others)
    check_in = [button("Check in", ids.CHECK_IN_OPEN, ids.CheckInOpening(), primary=True)] if owns_some else []
    show_all = [button("Show All", ids.LIST_OPEN, ids.ListOpening("me"))] if hidden else []
    return [
        *check_in,
        *show_all,
        button("New Objective", ids.OPEN_NEW_OBJECTIVE, primary=not owns_some),
        *([button("Set Up", ids.OPEN_SET_UP)] if week.may_set_up else []),
        button("Refresh", ids.MY_WEEK_REFRESH),
    ]


def empty_workspace(empty: EmptyWorkspace) -> Message:
    """The first `/okr`: a champion is led on, anyone else is told who can."""
    return _first_steps(empty) if empty.may_set_up else _who_can(empty)


def _first_steps(empty: EmptyWorkspace) -> Message:
    appointed = "You are this workspace's champion from now on. " if empty.just_appointed else ""
    made = f"{appointed}I made the team *{name(empty.team)}* and the cycle *{name(empty.cycle)}* to begin with."
    steps = lines(
        [
            "1. *Set Up* names both, chooses the channel for the digest and appoints a lead.",
            "2. *New Objective* sets the first objective with its key results.",
            "Every Monday I ask the owners for a check-in; on Friday the channel gets one digest. "
            "Another rhythm is set in `/okr team`.",
        ]
    )
    return message(
        f"Welcome to OKR Bot. {made} Set Up comes next.",
        [
            section(f"*Welcome to OKR Bot*\n{made}", ids.HEADLINE),
            section(steps, ids.INTRODUCTION),
            buttons(button("Set Up", ids.OPEN_SET_UP, primary=True), button("New Objective", ids.OPEN_NEW_OBJECTIVE)),
            footnote("`/okr help` explains the rest."),
        ],
    )


def _who_can(empty: EmptyWorkspace) -> Message:
    if empty.champions:
        who = f"{names(empty.champions, 200)} can set it up: just ask."
    else:
        who = "An admin or owner of this Slack workspace can set it up: they type `/okr` and I lead them through it."
    told = f"Nobody has set an objective for *{name(empty.workspace)}* yet. {who}"
    return message(told, [section(told, ids.HEADLINE), footnote("What this is about: `/okr help`")])
