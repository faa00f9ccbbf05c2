"""Setting objectives: the forms that follow each other, drafts, what is offered while one types."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.okr.setting import KeyResultForm, ObjectiveSet
from bot.slack import forms, grammar, ids, parse
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.key_results import key_result_modal
from bot.slack.views.objectives import added, new_objective_modal, offered_options
from bot.usecases.actors import UnknownPerson
from bot.usecases.adding import open_another
from bot.usecases.key_results import SaveKeyResult, choose_kind, save_key_result
from bot.usecases.objectives import (
    OpenObjective,
    Refused,
    discard_draft,
    open_draft,
    open_objective,
    set_objective,
)
from bot.usecases.suggestions import suggest_supports, suggest_teams

Body = Mapping[str, Any]


async def open_from_command(shell: Shell, body: Body, typed: grammar.SetObjective) -> None:
    """`/okr set` opens the modal, with what was typed behind it as the first wording."""
    await shell.open_modal(body, _modal(shell, body, typed.title or ""))


async def _modal(shell: Shell, body: Body, title: str) -> View:
    command = OpenObjective(parse.actor(body), parse.new_nonce(), title)
    return new_objective_modal(await shell.do(open_objective, command))


async def _draft_modal(shell: Shell, body: Body) -> View:
    return new_objective_modal(await shell.do(open_draft, forms.open_draft(body)))


async def _saved(shell: Shell, command: SaveKeyResult) -> KeyResultForm | ObjectiveSet | Refused:
    """Save it. Whom Slack does not know as one of this workspace is told at its field, and the draft kept."""
    while True:
        try:
            return await shell.do(save_key_result, command)
        except UnknownPerson as unknown:
            if unknown.actor.user in command.nobody:
                raise
            command = replace(command, nobody=command.nobody | {unknown.actor.user})


async def _another_modal(shell: Shell, body: Body) -> View:
    return key_result_modal(await shell.do(open_another, forms.open_another(body)))


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to **New Objective**, **Next**, **Save**, and what happens in between."""

    @app.action(ids.OPEN_NEW_OBJECTIVE)
    async def open_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _modal(shell, body, ""))

    @app.action(ids.KEY_RESULT_ADD)
    async def open_another_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _another_modal(shell, body))

    @app.view(ids.NEW_OBJECTIVE)
    async def next_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        kept = await shell.do(set_objective, forms.set_objective(body))
        if isinstance(kept, Refused):
            raise kept.error
        await ack(response_action="update", view=key_result_modal(kept))

    @app.view(ids.KEY_RESULT)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        command = forms.save_key_result(body)
        kept = await _saved(shell, command)
        if isinstance(kept, Refused):
            raise kept.error
        if isinstance(kept, KeyResultForm):
            await ack(response_action="update", view=key_result_modal(kept))
        elif command.adding:
            await ack(response_action="update", view=added(kept))
        else:
            await ack()

    @app.action(ids.in_any_form(ids.KEY_RESULT_KIND))
    async def show_kind(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        form = await shell.do(choose_kind, forms.choose_kind(body))
        await shell.update_modal(body, key_result_modal(form))

    @app.action(ids.DRAFT_DISCARD)
    async def discard(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        form = await shell.do(discard_draft, forms.discard_draft(body))
        await shell.update_modal(body, new_objective_modal(form))

    async def go_on(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        if forms.is_in_modal(body):
            await shell.update_modal(body, await _draft_modal(shell, body))
        else:
            await shell.open_modal(body, _draft_modal(shell, body))

    app.action(ids.DRAFT_CONTINUE)(go_on)
    app.action(ids.DRAFT_CHOICE)(go_on)
    _register_menus(app, shell)


def _register_menus(app: AsyncApp, shell: Shell) -> None:
    @app.options(ids.in_any_form(ids.OBJECTIVE_SUPPORTS))
    async def supports(ack: AsyncAck, body: dict[str, Any]) -> None:
        found = await shell.do(suggest_supports, forms.suggest_supports(body), writes=False)
        await ack(options=offered_options(found))

    @app.options(ids.in_any_form(ids.OBJECTIVE_TEAM))
    async def teams(ack: AsyncAck, body: dict[str, Any]) -> None:
        found = await shell.do(suggest_teams, forms.suggest_teams(body), writes=False)
        await ack(options=offered_options(found))
