"""`okr-bot deliveries`: what waits and what went wrong, and sending it again or dropping it by hand."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.config import SettingsError, read_settings
from bot.logs import configure_logging

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.session import Session
    from bot.usecases.unsent import ByHand

NOT_ALL_DONE = 1
SECONDS = 10.0
LONGEST_REASON = 200
LARGEST_ID = 2**31 - 1


class State(StrEnum):
    """What may be asked for."""

    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ALL = "all"


group = typer.Typer(no_args_is_help=False, add_completion=False, rich_markup_mode=None)

AS_JSON = typer.Option("--json", help="Answer in JSON on standard output, for scripts.")
IDS = typer.Argument(metavar="ID", min=1, max=LARGEST_ID, help="The numbers that okr-bot deliveries shows.")


@group.callback(
    invoke_without_command=True,
    epilog="Examples: okr-bot deliveries --state failed; okr-bot deliveries --to Ana; okr-bot deliveries retry 12 15",
)
def deliveries(
    context: typer.Context,
    state: Annotated[
        State | None,
        typer.Option(help="Only these (held: they wait for room in somebody's attention budget); all: the sent too."),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="NAME", help="Only to this person, by name or U…, or channel, by C….")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many to list.")] = 50,
    workspace: Annotated[
        str | None, typer.Option("--workspace", metavar="T…", help="Which one, where the database has several.")
    ] = None,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Show which messages wait, failed or may not have arrived, and why. What they say is not shown.

    Safe beside a running okr-bot run.
    """
    if context.invoked_subcommand is not None:
        return
    from bot import app as application
    from bot import unsent
    from bot.store.unsent import OPEN, Shown
    from bot.usecases.unsent import ListDeliveries, list_deliveries

    settings = read_settings()
    configure_logging(settings.log_format)
    now = asyncio.run(application.now_for(settings))
    shown = OPEN if state is None else tuple(Shown) if state is State.ALL else (Shown(state.value),)
    command = ListDeliveries(shown, to, limit, workspace)
    with unsent.opened(settings) as database:
        post = database.transact(lambda session: list_deliveries(session, command, now), writes=False, seconds=SECONDS)
    typer.echo(unsent.as_json(post, now) if as_json else unsent.told(post, now, narrowed=bool(state or to)))


@group.command(epilog="Example: okr-bot deliveries retry 12 15 --yes")
def retry(
    ids: Annotated[list[int], IDS],
    yes: Annotated[
        bool, typer.Option("--yes", help="Also unknown ones, which may have arrived and would then come twice.")
    ] = False,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Send deliveries again that failed, are unknown or wait for their next try.

    Exit code 1: at least one could not be; the others were.
    """
    from bot.usecases.unsent import SendAgain, send_again

    command = SendAgain(tuple(ids), yes)
    _change(
        lambda session, now: send_again(session, command, now), "okr-bot run sends it within seconds.", as_json=as_json
    )


@group.command(epilog='Example: okr-bot deliveries drop 12 15 --reason "Ana was told in person"')
def drop(
    ids: Annotated[list[int], IDS],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the change log.")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Drop deliveries: they are not sent, and no longer told as a trouble.

    Exit code 1: at least one could not be; the others were.
    """
    from bot.usecases.unsent import DropByHand, drop_by_hand

    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        raise SettingsError(f"--reason needs a few words, {LONGEST_REASON} characters at most. Nothing was dropped.")
    command = DropByHand(tuple(ids), why)
    _change(lambda session, now: drop_by_hand(session, command, now), "dropped.", as_json=as_json)


def _change(change: "Callable[[Session, datetime], ByHand]", done: str, *, as_json: bool) -> None:
    from bot import app as application
    from bot import unsent

    settings = read_settings()
    configure_logging(settings.log_format)
    now = asyncio.run(application.now_for(settings))
    with unsent.opened(settings) as database:
        result = database.transact(lambda session: change(session, now), seconds=SECONDS)
    if as_json:
        typer.echo(unsent.done_as_json(result))
    else:
        for line in unsent.done_told(result, done):
            typer.echo(line)
        for line in unsent.not_done_told(result):
            typer.echo(line, err=True)
    if result.not_done:
        raise typer.Exit(NOT_ALL_DONE)
