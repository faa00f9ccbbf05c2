"""`/okr team`: the tree, one team, and the form for one."""

from collections.abc import Sequence

from slackblocks import (
    Block,
    Button,
    ConfirmationDialogue,
    ConversationFilter,
    ConversationSelectMenu,
    ExternalSelectMenu,
    Option,
    PlainTextInput,
    StaticSelectMenu,
    UserMultiSelectMenu,
    UserSelectMenu,
)

from bot.okr.organisation import Entry, TeamForm, TeamLine, TeamShown, TeamTree
from bot.slack import ids
from bot.slack.text import counted, escape, lines, name, names
from bot.slack.views import (
    LONGEST_OPTION,
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
)
from bot.slack.views.team_rhythms import rhythm_fields, rhythm_told

LONGEST_NAME = 80
LONGEST_LIST = 800
LINES_A_SECTION = 15
MOST_OPTIONS = 100
INDENT = "\u2003"
DEEPEST = 6
LEVELS = {"department": "Department", "team": "Team"}
SOURCES = {"hand": "Chosen here", "group": "A Slack user group", "channel": "The channel's members"}
KEPT = {"group": "kept in step with a Slack user group", "channel": "kept in step with the channel's members"}


def team_tree(tree: TeamTree) -> Message:
    """The tree of teams, or the teams that share one name."""
    many = counted(len(tree.lines) + tree.more, "team", "teams")
    headline = f"Several teams are called “{name(tree.asked)}”" if tree.asked else f"*Teams*: {many}"
    blocks: list[Block] = [section(headline, ids.HEADLINE)]
    for start in range(0, len(tree.lines), LINES_A_SECTION):
        part = tree.lines[start : start + LINES_A_SECTION]
        blocks.append(section("\n".join(_line(each) for each in part), ids.part_block(ids.TREE, start)))
    if tree.more:
        blocks.append(footnote(f"and {tree.more} more: `/okr team NAME` shows any of them", ids.MORE))
    if tree.archived:
        blocks.append(footnote(f"In the archive: {names(tree.archived, LONGEST_LIST)}", ids.ARCHIVED))
    if tree.lines:
        blocks.append(section("Show one of them", ids.CHOICE, accessory=_choice(tree.lines)))
    if tree.may_make:
        blocks.append(buttons(button("New Team", ids.TEAM_NEW, ids.TeamRef())))
    blocks.append(footnote("One team: `/okr team NAME` · A new one: `/okr team new` · More: `/okr help teams`"))
    return message(headline, blocks)


def _line(each: TeamLine) -> str:
    parts = [f"*{name(each.name)}*", f"lead {_lead_told(each)}" if each.lead else "no lead"]
    parts.append(counted(each.members, "member", "members"))
    parts += [f"<#{each.channel}>"] if each.channel else []
    return INDENT * 2 * min(each.depth, DEEPEST) + " · ".join(parts)


def _choice(shown: Sequence[TeamLine]) -> StaticSelectMenu:
    return StaticSelectMenu(
        action_id=ids.TEAM_CHOICE,
        options=[_option(each.name, ids.pack(ids.TeamRef(each.id))) for each in shown[:MOST_OPTIONS]],
        placeholder="Choose a team",
    )


def _option(words: str, value: str) -> Option:
    """An option needs words to be seen, and a name may be made of what shows nothing."""
    return option(words if words.strip() else "(without a name)", value)


def team(shown: TeamShown) -> Message:
    """One team: where it belongs, who is in it, what may be done."""
    headline = f"*{name(shown.name)}*{' (in the archive)' if shown.archived else ''}"
    said = escape(shown.said) if shown.said else None
    place = LEVELS.get(shown.level, "Company") + (f" in {name(shown.parent)}" if shown.parent else "")
    kept = f" ({KEPT[shown.source]})" if shown.source in KEPT else ""
    facts = lines(
        [
            f"{headline} · {place}",
            f"Lead: {_lead_told(shown)}",
            f"Channel: {f'<#{shown.channel}>' if shown.channel else 'none, so there is no digest'}",
            f"Members{kept}: {_people(shown.members)}",
            f"Observers: {_people(shown.observers)}" if shown.observers else "",
            f"Below it: {names(shown.below, LONGEST_LIST)}" if shown.below else "",
            rhythm_told(shown.rhythm),
        ]
    )
    blocks: list[Block] = [section(said, ids.HEADLINE)] if said else []
    blocks.append(section(facts, ids.PEOPLE))
    blocks.append(buttons(*_buttons(shown)))
    return message(said or f"{headline}, {counted(len(shown.members), 'member', 'members')}", blocks)


def _lead_told(each: TeamLine | TeamShown) -> str:
    if not each.lead:
        return "nobody yet"
    return f"{name(each.lead)} (has left)" if each.lead_left else name(each.lead)


def _people(people: tuple[str, ...]) -> str:
    return f"{len(people)} - {names(people, LONGEST_LIST)}" if people else "nobody yet"


def _buttons(shown: TeamShown) -> list[Button]:
    ref = ids.TeamRef(shown.id)
    found = [button("Edit", ids.TEAM_EDIT, ref, primary=True)] if shown.may_edit else []
    found += [button("New Team Below", ids.TEAM_NEW, ref)] if shown.may_make else []
    if shown.may_archive and shown.archived:
        found.append(button("Restore", ids.TEAM_RESTORE, ref))
    elif shown.may_archive:
        asking = ConfirmationDialogue(
            title="Archive this team?",
            text="It leaves every list and gets no prompts. Its objectives stay readable, and you can restore it.",
            confirm="Archive",
            deny="Keep",
        )
        found.append(Button("Archive", action_id=ids.TEAM_ARCHIVE, value=ids.pack(ref), confirm=asking))
    return [*found, button("All Teams", ids.TEAMS_OPEN)]


def team_modal(form: TeamForm, metadata: ids.TeamMetadata) -> View:
    """The form for a new team or for changing one. The company itself belongs to nothing and has no level."""
    blocks: list[Block] = [
        field(
            "Name",
            PlainTextInput(
                action_id=ids.TEAM_OWN_NAME, initial_value=form.name[:LONGEST_NAME] or None, max_length=LONGEST_NAME
            ),
            ids.TEAM_OWN_NAME,
        )
    ]
    if form.parents != ():
        blocks += [_belongs_to(form), _level(form)]
    blocks += [_lead(form), _channel(form), _members_from(form), *_members(form), _observers(form)]
    blocks += rhythm_fields(form.rhythm)
    return modal(
        "New team" if form.team is None else "Edit team",
        blocks,
        callback_id=ids.TEAM,
        submit="Save",
        metadata=metadata,
    )


def _belongs_to(form: TeamForm) -> Block:
    return field("Belongs to", _menu(ids.TEAM_PARENT, form.parent, form.parents, "Choose a team"), ids.TEAM_PARENT)


def _menu(
    action_id: str, chosen: Entry | None, entries: tuple[Entry, ...] | None, placeholder: str
) -> StaticSelectMenu | ExternalSelectMenu:
    """A menu of everything there is, or one that is searched where there is too much."""
    initial = None if chosen is None else _option(chosen.words, chosen.value)
    if entries is None:
        return ExternalSelectMenu(
            action_id=action_id, initial_option=initial, min_query_length=0, placeholder=placeholder
        )
    options = [_option(each.words, each.value) for each in entries[:MOST_OPTIONS]]
    known = next((each for each in options if chosen is not None and each.value == chosen.value), None)
    return StaticSelectMenu(action_id=action_id, options=options, initial_option=known, placeholder=placeholder)


def entries_found(entries: Sequence[Entry]) -> list[dict[str, object]]:
    """What a searched menu offers."""
    return [_option(each.words[:LONGEST_OPTION], each.value)._resolve() for each in entries[:MOST_OPTIONS]]


def _level(form: TeamForm) -> Block:
    options = {value: option(words, value) for value, words in LEVELS.items()}
    menu = StaticSelectMenu(
        action_id=ids.TEAM_LEVEL, options=[*options.values()], initial_option=options.get(form.level, options["team"])
    )
    return field("Level", menu, ids.TEAM_LEVEL)


def _lead(form: TeamForm) -> Block:
    return field(
        "Lead",
        UserSelectMenu(action_id=ids.TEAM_OWN_LEAD, initial_user=form.lead, placeholder="Choose a person"),
        ids.TEAM_OWN_LEAD,
        hint="Leads this team and those below it; the digest follows the lead's time zone.",
        optional=True,
    )


def _channel(form: TeamForm) -> Block:
    menu = ConversationSelectMenu(
        action_id=ids.TEAM_OWN_CHANNEL,
        initial_conversation=form.channel,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
        placeholder="Choose a channel",
    )
    hint = "Gets one digest a round. If it is private, invite me there first."
    return field("Channel", menu, ids.TEAM_OWN_CHANNEL, hint=hint, optional=True)


def _members_from(form: TeamForm) -> Block:
    options = {value: option(words, value) for value, words in SOURCES.items()}
    menu = StaticSelectMenu(
        action_id=ids.TEAM_SOURCE,
        options=[*options.values()],
        initial_option=options.get(form.source, options["hand"]),
    )
    return field("Members from", menu, ids.TEAM_SOURCE, dispatch=True)


def _members(form: TeamForm) -> list[Block]:
    if form.source == "channel":
        return [footnote("Who joins the channel above joins the team, and who leaves it leaves.", ids.INTRODUCTION)]
    if form.source == "group":
        if form.no_groups or form.groups == ():
            why = escape(form.no_groups) if form.no_groups else "This workspace has no user groups."
            return [section(why, ids.INTRODUCTION)]
        menu = _menu(ids.TEAM_GROUP, form.group, form.groups, "Choose a user group")
        hint = "Who joins the group joins the team, and who leaves it leaves."
        return [field("User group", menu, ids.TEAM_GROUP, hint=hint)]
    menu_of_people = UserMultiSelectMenu(
        action_id=ids.TEAM_MEMBERS, initial_users=list(form.members) or None, placeholder="Choose people"
    )
    return [field("Members", menu_of_people, ids.TEAM_MEMBERS, optional=True)]


def _observers(form: TeamForm) -> Block:
    return field(
        "Observers",
        UserMultiSelectMenu(
            action_id=ids.TEAM_OBSERVERS, initial_users=list(form.observers) or None, placeholder="Choose people"
        ),
        ids.TEAM_OBSERVERS,
        hint="Read the team's objectives, private ones too, and are asked for nothing.",
        optional=True,
    )
