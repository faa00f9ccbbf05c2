"""The **Set up** modal: names, channel and roles of a workspace's first team."""

from slackblocks import (
    Block,
    ConversationFilter,
    ConversationSelectMenu,
    PlainTextInput,
    StaticSelectMenu,
    UserMultiSelectMenu,
    UserSelectMenu,
)

from bot.okr.facts import SetUpForm
from bot.slack import ids
from bot.slack.text import name
from bot.slack.views import (
    Message,
    View,
    button,
    buttons,
    field,
    footnote,
    message,
    modal,
    option,
    section,
    tick_box,
)

LONGEST_NAME = 80
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def set_up_modal(form: SetUpForm, metadata: ids.SetUpMetadata) -> View:
    """The modal, filled with what is known."""
    channels = ConversationSelectMenu(
        action_id=ids.TEAM_CHANNEL,
        initial_conversation=form.channel,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
        placeholder="Choose a channel",
    )
    return modal(
        "Set up",
        [
            field(
                "Team name",
                _name_input(ids.TEAM_NAME, form.team),
                ids.TEAM_NAME,
                hint="The whole company to begin with; departments and teams come below it.",
            ),
            field("Cycle", _name_input(ids.CYCLE_NAME, form.cycle), ids.CYCLE_NAME, hint="Usually a quarter."),
            field(
                "Channel",
                channels,
                ids.TEAM_CHANNEL,
                hint="Gets one digest a round. If it is private, invite me there first.",
                optional=True,
            ),
            field(
                "Lead",
                UserSelectMenu(action_id=ids.TEAM_LEAD, initial_user=form.lead, placeholder="Choose a person"),
                ids.TEAM_LEAD,
                hint="Leads the team; the digest follows the lead's time zone.",
                optional=True,
            ),
            field(
                "Champions",
                _people_input(ids.CHAMPIONS, form.champions),
                ids.CHAMPIONS,
                hint="Run the programme: cycles, roles, exceptions.",
            ),
            field(
                "Sponsors",
                _people_input(ids.SPONSORS, form.sponsors),
                ids.SPONSORS,
                hint="Executives who follow the whole picture and answer asks for help.",
                optional=True,
            ),
            *_options(form),
        ],
        callback_id=ids.SET_UP,
        submit="Save",
        metadata=metadata,
    )


def _options(form: SetUpForm) -> list[Block]:
    months = [option(words, str(month)) for month, words in enumerate(MONTHS, 1)]
    start = StaticSelectMenu(
        action_id=ids.FISCAL_START, options=months, initial_option=months[(form.fiscal_start_month - 1) % 12]
    )
    return [
        tick_box(
            "Agreement",
            "Objectives need a lead's agreement",
            ids.APPROVAL_NEEDED,
            ticked=form.approval_needed,
        ),
        tick_box(
            "Individual objectives",
            "People may have objectives of their own",
            ids.INDIVIDUAL_OBJECTIVES,
            ticked=form.individual_objectives,
        ),
        field("Business year begins in", start, ids.FISCAL_START, hint="Names the quarters of new cycles."),
    ]


def _name_input(action_id: str, value: str) -> PlainTextInput:
    return PlainTextInput(action_id=action_id, initial_value=value[:LONGEST_NAME] or None, max_length=LONGEST_NAME)


def _people_input(action_id: str, people: tuple[str, ...]) -> UserMultiSelectMenu:
    return UserMultiSelectMenu(action_id=action_id, initial_users=list(people) or None, placeholder="Choose people")


def set_up_done(team: str, cycle: str, *, has_channel: bool) -> Message:
    """Said after **Save**: what stands now and what comes next."""
    done = f"*{name(team)}* is set up for *{name(cycle)}*."
    next_step = (
        "Next come the objectives." if has_channel else "Without a channel there is no digest; you can add it later."
    )
    return message(
        f"{done} {next_step}",
        [
            section(f"{done}\n{next_step}", ids.HEADLINE),
            buttons(button("New Objective", ids.OPEN_NEW_OBJECTIVE, primary=True), button("Set Up", ids.OPEN_SET_UP)),
            footnote("What happens each week: `/okr help rhythm`"),
        ],
    )
