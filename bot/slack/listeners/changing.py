"""`/okr edit`, **Edit**, and the forms behind them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.okr.changing import KeyResultEdit, ObjectiveEdit
from bot.okr.human_ids import HumanId, Prefix
from bot.okr.setting import Choice
from bot.slack import edits, ids, parse
from bot.slack.id_grammar import Edit
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views import changing as views
from bot.slack.views.objectives import offered_options
from bot.usecases.changing import OpenEdit, open_edit, redraw_edit, save_edit
from bot.usecases.changing_objectives import OpenObjectiveEdit, open_objective_edit, save_objective_edit
from bot.usecases.suggestions import suggest_cycles, suggest_places, suggest_supports, suggest_teams

Body = Mapping[str, Any]


async def open_from_command(shell: Shell, body: Body, typed: Edit) -> None:
    """`/okr edit …` opens the form."""
    await shell.open_modal(body, _modal(shell, body, typed.id))


async def _modal(shell: Shell, body: Body, human_id: HumanId) -> View:
    who = parse.actor(body)
    if human_id.prefix is Prefix.KEY_RESULT:
        return views.key_result_edit(await shell.do(open_edit, OpenEdit(who, human_id.number), writes=False))
    command = OpenObjectiveEdit(who, human_id.number)
    return views.objective_edit(await shell.do(open_objective_edit, command, writes=False))


def _in_edit(body: dict[str, Any]) -> bool:
    """Whether something was chosen in one of these forms: other forms have menus of the same name."""
    return (body.get("view") or {}).get("callback_id") in (ids.EDIT_KEY_RESULT, ids.EDIT_OBJECTIVE)


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to **Edit**, to the menus of its forms and to their **Save**."""

    async def in_edit(body: dict[str, Any]) -> bool:
        return _in_edit(body)

    @app.action(ids.EDIT_OPEN)
    async def open_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _modal(shell, body, edits.of(body)))

    @app.action(ids.in_any_form(ids.KEY_RESULT_KIND), matchers=[in_edit])
    async def show_kind(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        form = await shell.do(redraw_edit, edits.redraw_key_result(body), writes=False)
        await shell.client.views_update(view_id=str(body["view"]["id"]), view=views.key_result_edit(form))

    @app.view(ids.EDIT_KEY_RESULT)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        done = await shell.do(save_edit, edits.save_key_result(body))
        shown = views.key_result_edit(done) if isinstance(done, KeyResultEdit) else views.changed(done)
        await ack(response_action="update", view=shown)

    @app.view(ids.EDIT_OBJECTIVE)
    async def save_objective(ack: AsyncAck, body: dict[str, Any]) -> None:
        done = await shell.do(save_objective_edit, edits.save_objective(body))
        shown = views.objective_edit(done) if isinstance(done, ObjectiveEdit) else views.changed(done)
        await ack(response_action="update", view=shown)

    for menu, (suggest, read) in _MENUS.items():
        app.options(ids.in_any_form(menu))(_search(shell, suggest, read))


_MENUS: Mapping[str, tuple[Callable[..., tuple[Choice, ...]], Callable[[Body], object]]] = {
    ids.EDIT_PLACE: (suggest_places, edits.suggest_places),
    ids.EDIT_SUPPORTS: (suggest_supports, edits.suggest_supports),
    ids.EDIT_TEAM: (suggest_teams, edits.suggest_teams),
    ids.EDIT_CYCLE: (suggest_cycles, edits.suggest_cycles),
}
"""What is offered in which menu that searches, and how what is typed there is read."""


def _search(
    shell: Shell, suggest: Callable[..., tuple[Choice, ...]], read: Callable[[Body], object]
) -> Callable[[AsyncAck, dict[str, Any]], Awaitable[None]]:
    async def search(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(options=offered_options(await shell.do(suggest, read(body), writes=False)))

    return search
