"""`/okr`: takes the text apart and hands it to the capability it names."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import grammar, organisation_grammar, rhythm_grammar
from bot.slack.id_grammar import Edit, Show
from bot.slack.listeners import (
    changing,
    checkins,
    cycles,
    details,
    help,
    lists,
    objectives,
    rehearsals,
    roles,
    settings,
    teams,
    weeks,
)
from bot.slack.shell import Shell

Body = Mapping[str, Any]

COMMAND = "/okr"

ANSWERS: Mapping[type, Callable[[Shell, Body, Any], Awaitable[None]]] = {
    grammar.MyWeek: weeks.show,
    grammar.Help: help.show,
    grammar.Unknown: help.unknown,
    grammar.NotYet: help.not_yet,
    grammar.UpdateForm: checkins.open_from_command,
    grammar.UpdateLines: checkins.one_line,
    grammar.SetObjective: objectives.open_from_command,
    grammar.ListKeyResults: lists.show,
    Show: details.show,
    Edit: changing.open_from_command,
    organisation_grammar.ShowRoles: roles.show,
    organisation_grammar.ChangeRole: roles.change,
    organisation_grammar.ShowTeams: teams.show,
    organisation_grammar.NewTeam: teams.open_new,
    organisation_grammar.ShowCycles: cycles.show,
    organisation_grammar.NewCycle: cycles.open_new,
    rhythm_grammar.GoAway: settings.leave,
    rhythm_grammar.ComeBack: settings.be_back,
    rhythm_grammar.OpenSettings: settings.open_from_command,
    rhythm_grammar.AskWhy: settings.explain,
    rhythm_grammar.Rehearse: rehearsals.show,
}


def register(app: AsyncApp, shell: Shell) -> None:
    """Listen to the command."""

    @app.command(COMMAND)
    async def okr(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        typed = grammar.parse_command(str(body.get("text") or ""))
        await ANSWERS[type(typed)](shell, body, typed)
