"""Checking in: the modal with its pages and notes, the one-line way, Undo, and changing what was said."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.okr.errors import OkrError, TooLateToUndo
from bot.okr.facts import EditChoice, EditForm
from bot.slack import answering, grammar, ids, parse
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.check_in_edits import choice_modal, edit_modal, edited
from bot.slack.views.checkins import check_in_modal, receipt, with_notes
from bot.slack.views.errors import error_modal
from bot.usecases.answers import InvalidAnswers
from bot.usecases.check_in_edits import OpenEdit, edit_check_in, open_edit
from bot.usecases.check_in_pages import discard_drafts, keep_draft
from bot.usecases.checkins import OpenForm, open_form, send_lines, send_page, undo_submission

Body = Mapping[str, Any]


async def open_from_command(shell: Shell, body: Body, typed: grammar.UpdateForm) -> None:
    """`/okr update` opens the modal."""
    await shell.open_modal(body, _modal(shell, body, None))


async def one_line(shell: Shell, body: Body, typed: grammar.UpdateLines) -> None:
    """`/okr update KR-3 45k 8 note` is answered with what changed and **Undo**."""
    await shell.tell(body, receipt(await shell.do(send_lines, parse.one_line(body, typed))))


async def _modal(shell: Shell, body: Body, prompt_delivery: int | None) -> View:
    command = OpenForm(parse.actor(body), parse.new_nonce())
    return check_in_modal(await shell.do(open_form, command, writes=False), prompt_delivery)


async def _edit_modal(shell: Shell, command: OpenEdit) -> View:
    found = await shell.do(open_edit, command, writes=False)
    return choice_modal(found) if isinstance(found, EditChoice) else edit_modal(found)


async def _add_note(shell: Shell, body: Body) -> None:
    """Show a note's input and keep everything that was typed so far, here and as a draft."""
    command = answering.draft(body, answering.pressed_note(body))
    form = answering.metadata_of(body).form
    noted = await shell.do(keep_draft, command)
    if not await shell.replace_modal(body, with_notes(body["view"], noted, form), unless_changed=True):
        # Two were pressed at once, and the other one has changed the window: what is kept now knows of both.
        noted = await shell.do(keep_draft, command)
        await shell.replace_modal(body, with_notes(body["view"], noted, form))


async def _discard(shell: Shell, body: Body) -> None:
    """Show the page without what was kept of it."""
    metadata = answering.metadata_of(body)
    form = await shell.do(discard_drafts, answering.discard(body))
    if form is None:
        gone = OkrError("There is nothing to check in here any more.", help_topic="update")
        await shell.replace_modal(body, error_modal(gone))
        return
    await shell.replace_modal(body, check_in_modal(form, metadata.prompt_delivery, metadata.form + 1))


async def _send(shell: Shell, ack: AsyncAck, body: Body) -> None:
    """Keep a page and show the next one. What can't be read stays open, and is kept as a draft as well."""
    try:
        sent = await shell.do(send_page, answering.check_in(body))
    except InvalidAnswers:
        await shell.do(keep_draft, answering.draft(body))
        raise
    if sent.following is None:
        await ack()
    else:
        following = check_in_modal(sent.following, answering.metadata_of(body).prompt_delivery)
        await ack(response_action="update", view=following)


async def _save_edit(shell: Shell, ack: AsyncAck, body: Body) -> None:
    """Keep an edit and say so; where somebody was faster, show what they said beside what was typed."""
    done = await shell.do(edit_check_in, answering.edit(body))
    if isinstance(done, EditForm):
        await ack(response_action="update", view=edit_modal(done))
        return
    await ack()
    await shell.tell(body, edited(done))


async def _undo(shell: Shell, body: Body) -> None:
    """Take a submission back; when that is over, open it for a change."""
    command = parse.undo(body)
    try:
        kept = await shell.do(undo_submission, command)
    except TooLateToUndo:
        await shell.open_modal(body, _edit_modal(shell, OpenEdit(command.actor, command.submission)))
        return
    await shell.tell(body, receipt(kept), replace=True)


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to **Check in**, **Add a Note**, **Discard**, **Send**, **Undo** and **Edit**."""

    @app.action(ids.CHECK_IN_OPEN)
    async def open_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        opening = ids.unpack(parse.pressed(body).value, ids.CheckInOpening)
        await shell.open_modal(body, _modal(shell, body, opening.prompt_delivery))

    @app.shortcut(ids.CHECK_IN_SHORTCUT)
    async def open_from_shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _modal(shell, body, None))

    @app.action(ids.in_any_form(ids.ADD_NOTE))
    async def add_note(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await _add_note(shell, body)

    @app.action(ids.DISCARD_DRAFT)
    async def discard(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await _discard(shell, body)

    @app.view(ids.CHECK_IN)
    async def send(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _send(shell, ack, body)

    @app.action(ids.UNDO_SUBMISSION)
    async def undo(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await _undo(shell, body)

    @app.action(ids.in_any_form(ids.EDIT_CHECK_IN_OPEN))
    async def open_edit_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _edit_modal(shell, answering.edit_opening(body)))

    @app.action(ids.EDIT_CHECK_IN_CHOICE)
    async def choose(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        try:
            view = await _edit_modal(shell, answering.edit_choice(body))
        except OkrError as error:
            view = error_modal(error)
        await shell.replace_modal(body, view)

    @app.view(ids.EDIT_CHECK_IN)
    async def save_edit(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _save_edit(shell, ack, body)
