"""`/okr cycle`: the list, one cycle, its form and the archive."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.okr.organisation import CycleShown
from bot.slack import ids, organising, parse
from bot.slack.organisation_grammar import NewCycle, ShowCycles
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.cycles import cycle, cycle_modal, cycles
from bot.usecases.cycle_forms import QUARTER, YEAR, OpenCycle, open_cycle, save_cycle
from bot.usecases.cycles import ArchiveCycle, ShowCycle, archive_cycle, show_cycle, show_cycles
from bot.usecases.cycles import ShowCycles as Show

Body = Mapping[str, Any]


async def show(shell: Shell, body: Body, typed: ShowCycles) -> None:
    """Answer `/okr cycle [NAME]`."""
    found = await shell.do(show_cycles, Show(parse.actor(body), typed.name), writes=False)
    await shell.tell(body, cycle(found) if isinstance(found, CycleShown) else cycles(found))


async def open_new(shell: Shell, body: Body, typed: NewCycle) -> None:
    """Answer `/okr cycle new [NAME]`."""
    await shell.open_modal(body, _modal(shell, OpenCycle(parse.actor(body), parse.new_nonce(), name=typed.name)))


async def _modal(shell: Shell, command: OpenCycle) -> View:
    form = await shell.do(open_cycle, command, writes=False)
    return cycle_modal(form, ids.CycleMetadata(form.nonce, form.form, form.cycle, form.seen))


def _cycle_in(body: Body) -> int:
    return ids.unpack(parse.pressed(body).value, ids.CycleRef).cycle


def _from_buttons(app: AsyncApp, shell: Shell) -> None:
    @app.action(ids.CYCLES_OPEN)
    async def all_cycles(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await show(shell, body, ShowCycles())

    @app.action(ids.CYCLE_CHOICE)
    async def one_cycle(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        command = ShowCycle(parse.actor(body), _cycle_in(body))
        await shell.tell(body, cycle(await shell.do(show_cycle, command, writes=False)))

    @app.action(ids.CYCLE_NEW)
    async def new(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await open_new(shell, body, NewCycle())

    @app.action(ids.CYCLE_EDIT)
    async def edit(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        command = OpenCycle(parse.actor(body), parse.new_nonce(), cycle=_cycle_in(body))
        await shell.open_modal(body, _modal(shell, command))

    async def archive(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        back = body["actions"][0]["action_id"] == ids.CYCLE_RESTORE
        shown = await shell.do(archive_cycle, ArchiveCycle(parse.actor(body), _cycle_in(body), back))
        await shell.tell(body, cycle(shown), replace=parse.pressed(body).on_message)

    app.action(ids.CYCLE_ARCHIVE)(archive)
    app.action(ids.CYCLE_RESTORE)(archive)


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to the buttons, and to the form's shortcuts and **Save**."""
    _from_buttons(app, shell)

    async def propose(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        view = body["view"]
        metadata = ids.unpack(view.get("private_metadata"), ids.CycleMetadata)
        proposal = YEAR if body["actions"][0]["action_id"] == ids.CYCLE_NEXT_YEAR else QUARTER
        command = OpenCycle(parse.actor(body), metadata.nonce, metadata.form + 1, proposal=proposal)
        await shell.client.views_update(view_id=view["id"], hash=view.get("hash"), view=await _modal(shell, command))

    app.action(ids.CYCLE_NEXT_QUARTER)(propose)
    app.action(ids.CYCLE_NEXT_YEAR)(propose)

    @app.view(ids.CYCLE)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        form = organising.cycle_form(body["view"], parse.actor(body))
        await shell.do(save_cycle, form)
        await ack()
