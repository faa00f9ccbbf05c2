"""`/okr team`: the tree, one team, its form and the archive."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.okr.errors import OkrError
from bot.okr.organisation import Entry, TeamForm, TeamShown, TeamTree
from bot.slack import ids, organising, parse
from bot.slack.directory import GroupUnreadable
from bot.slack.entered import Entered
from bot.slack.in_step import InStep
from bot.slack.organisation_grammar import NewTeam, ShowTeams
from bot.slack.shell import Shell
from bot.slack.views import Message, View
from bot.slack.views.errors import error_message
from bot.slack.views.teams import MOST_OPTIONS, entries_found, team, team_modal, team_tree
from bot.usecases.in_step import GROUP, Source
from bot.usecases.team_forms import FindParents, OpenTeam, find_parents, open_team, save_team
from bot.usecases.teams import ArchiveTeam, ShowTeam, archive_team, show_team, show_teams
from bot.usecases.teams import ShowTeams as Show

Body = Mapping[str, Any]

READING_SECONDS = 1.2
"""How long Slack may take to say who is in a group: the modal waits for its answer, three seconds at most."""


async def show(shell: Shell, body: Body, typed: ShowTeams) -> None:
    """Answer `/okr team [NAME]`."""
    await shell.tell(body, _told(await shell.do(show_teams, Show(parse.actor(body), typed.name), writes=False)))


def _told(found: TeamTree | TeamShown) -> Message:
    return team(found) if isinstance(found, TeamShown) else team_tree(found)


async def open_new(shell: Shell, body: Body, typed: NewTeam) -> None:
    """Answer `/okr team new [NAME]`."""
    await shell.open_modal(body, _modal(shell, OpenTeam(parse.actor(body), parse.new_nonce(), name=typed.name)))


async def _modal(shell: Shell, command: OpenTeam) -> View:
    form = await shell.do(open_team, command, writes=False)
    if form.source == GROUP:
        form = await _with_groups(shell, form)
    return team_modal(form, ids.TeamMetadata(form.nonce, form.team, form.seen))


async def _with_groups(shell: Shell, form: TeamForm) -> TeamForm:
    try:
        groups = await _groups(shell)
    except GroupUnreadable as refused:
        return replace(form, no_groups=refused.sentence)
    chosen = next((each for each in groups if form.group is not None and each.value == form.group.value), None)
    return replace(form, groups=None if len(groups) > MOST_OPTIONS else tuple(groups), group=chosen)


async def _groups(shell: Shell) -> list[Entry]:
    found = await shell.directory.groups()
    return [Entry(each.id, f"{each.name} (@{each.handle})" if each.handle else each.name) for each in found]


def _team_in(body: Body) -> int:
    found = ids.unpack(parse.pressed(body).value, ids.TeamRef).team
    if found is None:
        raise ids.unreadable()
    return found


async def _read(shell: Shell, source: Source) -> tuple[str, ...] | None:
    try:
        async with asyncio.timeout(READING_SECONDS):
            return await InStep(shell.directory, shell.use_cases).read(source)
    except TimeoutError:
        return None


async def _save(shell: Shell, body: Body, ack: AsyncAck) -> None:
    form = organising.team_form(body["view"], parse.actor(body))
    source = organising.source_of(form)
    read = None if source is None else await _read(shell, source)
    await shell.do(save_team, replace(form, read=read))
    await ack()
    if source is not None:
        step = InStep(shell.directory, shell.use_cases)
        # People who are not known yet are looked up now, when nobody waits any more.
        try:
            await step.keep(source, await step.read(source) if read is None else read)
        except OkrError as refused:
            # The form is closed, so what Slack says too late is told as a message.
            await shell.tell(body, error_message(refused))


def _from_buttons(app: AsyncApp, shell: Shell) -> None:
    @app.action(ids.TEAMS_OPEN)
    async def all_teams(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await show(shell, body, ShowTeams())

    async def one_team(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        command = ShowTeam(parse.actor(body), _team_in(body))
        await shell.tell(body, team(await shell.do(show_team, command, writes=False)))

    app.action(ids.TEAM_OPEN)(one_team)
    app.action(ids.TEAM_CHOICE)(one_team)

    @app.action(ids.TEAM_NEW)
    async def new(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        below = ids.unpack(parse.pressed(body).value, ids.TeamRef).team
        await shell.open_modal(body, _modal(shell, OpenTeam(parse.actor(body), parse.new_nonce(), below=below)))

    @app.action(ids.TEAM_EDIT)
    async def edit(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        command = OpenTeam(parse.actor(body), parse.new_nonce(), team=_team_in(body))
        await shell.open_modal(body, _modal(shell, command))

    async def archive(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        back = body["actions"][0]["action_id"] == ids.TEAM_RESTORE
        shown = await shell.do(archive_team, ArchiveTeam(parse.actor(body), _team_in(body), back))
        await shell.tell(body, team(shown), replace=parse.pressed(body).on_message)

    app.action(ids.TEAM_ARCHIVE)(archive)
    app.action(ids.TEAM_RESTORE)(archive)


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to the buttons, and to the form's menus and **Save**."""
    _from_buttons(app, shell)

    async def other_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        view = body["view"]
        metadata = ids.unpack(view.get("private_metadata"), ids.TeamMetadata)
        state = Entered(view)
        command = OpenTeam(
            parse.actor(body),
            metadata.nonce,
            team=metadata.team,
            source=state.choice(ids.TEAM_SOURCE),
            every=state.choice(ids.TEAM_RHYTHM),
            seen=metadata.seen,
        )
        # What was typed stays: Slack keeps what an input holds as long as the new view has the same input.
        await shell.client.views_update(view_id=view["id"], hash=view.get("hash"), view=await _modal(shell, command))

    app.action(ids.TEAM_SOURCE)(other_form)
    app.action(ids.TEAM_RHYTHM)(other_form)

    @app.options(ids.TEAM_PARENT)
    async def parents(ack: AsyncAck, body: dict[str, Any]) -> None:
        metadata = ids.unpack(body["view"].get("private_metadata"), ids.TeamMetadata)
        command = FindParents(parse.actor(body), metadata.team, str(body.get("value") or ""))
        await ack(options=entries_found(await shell.do(find_parents, command, writes=False)))

    @app.options(ids.TEAM_GROUP)
    async def groups(ack: AsyncAck, body: dict[str, Any]) -> None:
        typed = str(body.get("value") or "").casefold()
        await ack(options=entries_found([each for each in await _groups(shell) if typed in each.words.casefold()]))

    @app.view(ids.TEAM)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _save(shell, body, ack)
