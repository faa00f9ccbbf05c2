"""`/okr settings`, `/okr away`, `/okr back`, `/okr why`."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import ids, parse, prompting, rhythm_grammar
from bot.slack.shell import Shell
from bot.slack.views import View
from bot.slack.views.absences import away
from bot.slack.views.settings import countries_found, settings_modal, settings_saved
from bot.slack.views.why import why as why_view
from bot.usecases.absences import ComeBack, GoAway, come_back, go_away
from bot.usecases.settings import FindCountries, OpenSettings, find_countries, open_settings, save_settings
from bot.usecases.why import AskWhy, why

Body = Mapping[str, Any]


async def open_from_command(shell: Shell, body: Body, typed: rhythm_grammar.OpenSettings) -> None:
    """Answer `/okr settings`."""
    await shell.open_modal(body, _modal(shell, body))


async def leave(shell: Shell, body: Body, typed: rhythm_grammar.GoAway) -> None:
    """Answer `/okr away until 12 Aug`."""
    await shell.tell(body, away(await shell.do(go_away, GoAway(parse.actor(body), typed.until, typed.since))))


async def be_back(shell: Shell, body: Body, typed: rhythm_grammar.ComeBack) -> None:
    """Answer `/okr back`."""
    await shell.tell(body, away(await shell.do(come_back, ComeBack(parse.actor(body)))))


async def explain(shell: Shell, body: Body, typed: rhythm_grammar.AskWhy) -> None:
    """Answer `/okr why`."""
    await shell.tell(body, why_view(await shell.do(why, AskWhy(parse.actor(body)), writes=False)))


async def _modal(shell: Shell, body: Body, country: str | None = None) -> View:
    return settings_modal(await shell.do(open_settings, OpenSettings(parse.actor(body), country), writes=False))


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to the form and to the buttons."""

    @app.action(ids.SETTINGS_OPEN)
    async def open_from_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.open_modal(body, _modal(shell, body))

    @app.action(ids.SETTINGS_COUNTRY)
    async def other_country(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await shell.replace_modal(body, await _modal(shell, body, prompting.chosen_country(body)))

    @app.options(ids.SETTINGS_COUNTRY)
    async def countries(ack: AsyncAck, body: dict[str, Any]) -> None:
        command = FindCountries(parse.actor(body), str(body.get("value") or ""))
        await ack(options=countries_found(await shell.do(find_countries, command, writes=False)))

    @app.view(ids.SETTINGS)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        saved = await shell.do(save_settings, prompting.settings(body))
        await ack()
        await shell.tell(body, settings_saved(saved))

    @app.action(ids.COME_BACK)
    async def back(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        shown = await shell.do(come_back, ComeBack(parse.actor(body)))
        await shell.tell(body, away(shown), replace=parse.pressed(body).on_message)
