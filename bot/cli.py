"""The operator's commands."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import cli_deliveries
from bot.config import Settings, SettingsError, read_settings, require_bot_token, require_slack
from bot.logs import configure_logging
from bot.okr.errors import OkrError
from bot.okr.rehearsing import Answers

WRONG_FILE = 1
WRONG_SETTING = 2
INTERRUPTED = 130
MANIFEST = Path(__file__).resolve().parents[1] / "manifest.json"

app = typer.Typer(
    name="okr-bot",
    help="OKR Bot: the OKR rhythm of a company inside Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(
    cli_deliveries.group,
    name="deliveries",
    short_help="What waits, what failed and why; retry or drop by hand.",
)


def main() -> None:
    """The entry point: what the operator has to set right is said in a sentence, with exit code 2."""
    try:
        app()
    except (SettingsError, OkrError) as error:
        typer.echo(str(error), err=True)
        sys.exit(WRONG_SETTING)


def _settings() -> Settings:
    settings = read_settings()
    configure_logging(settings.log_format)
    return settings


@app.command(epilog="Example: okr-bot run")
def run(
    no_migrate: Annotated[bool, typer.Option("--no-migrate", help="Do not bring the database up to date.")] = False,
) -> None:
    """Run the bot against Slack, over Socket Mode or HTTP, until it is stopped (SIGTERM, Ctrl-C)."""
    from bot import app as application

    settings = _settings()
    require_slack(settings)
    with application.owning_file(settings):
        database = application.open_database(settings, migrate=not no_migrate)
        try:
            asyncio.run(application.run(settings, database, _announce))
        finally:
            database.dispose()


def _announce(line: str) -> None:
    print(line, flush=True)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            f"--at {text} is not a time. Write it in ISO 8601 with an offset, for example 2026-10-05T09:00:00+02:00."
        ) from error
    if instant.tzinfo is None:
        raise SettingsError(
            f"--at {text} has no offset, so it could be any zone's. "
            f"Write for example {instant.isoformat()}+00:00 or {instant.isoformat()}Z."
        )
    return instant


@app.command(epilog="Example: okr-bot tick --at 2026-10-05T09:00:00+02:00")
def tick(
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="The instant of the beat, ISO 8601 with offset.")
    ] = None,
) -> None:
    """One beat: make what is due, then send until nothing due waits."""
    from bot import app as application

    instant = _instant(at)
    settings = _settings()
    require_bot_token(settings)
    database = application.open_database(settings)
    try:
        done, sent = asyncio.run(application.tick_once(settings, database, instant))
    finally:
        database.dispose()
    made = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in done.made.items())
    if sent.held_elsewhere:
        _announce(f"Made: {made}. Another process is sending for this workspace, so sending is left to it.")
    else:
        _announce(
            f"Made: {made}. Sent {sent.sent}, dropped {sent.dropped}, failed {sent.failed}, unknown {sent.unknown}, "
            f"put off {sent.postponed}, unresolved {sent.unresolved}."
        )
    if done.failed or sent.trouble:
        what = "; ".join([*(f"{step.replace('_', ' ')} failed" for step in done.failed), *filter(None, [sent.trouble])])
        typer.echo(f"Not all is well: {what}.", err=True)
        raise typer.Exit(1)


@app.command(epilog="Example: okr-bot migrate")
def migrate() -> None:
    """Bring the database to the newest version."""
    from bot.store.migrate import newest, upgrade

    settings = _settings()
    changed = upgrade(settings.database_url)
    _announce(f"The database is at version {newest()}{'' if changed else '; nothing had to be done'}.")


AS_JSON = typer.Option("--json", help="Answer in JSON on standard output, for scripts.")


@app.command(
    "import",
    epilog="Examples: okr-bot import company.yaml --dry-run; okr-bot import check-ins.csv; okr-bot import backup/",
)
def import_(
    path: Annotated[
        Path,
        typer.Argument(help="A YAML file, a CSV table of check-ins, or a folder with company.yaml, check-ins.csv."),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Import people, teams, cycles, objectives and check-ins. All or nothing; twice is the same as once.

    Exit code 1: the files have problems, each told with its file and line. 2: something has to be set right first.
    """
    from bot import app as application
    from bot import transfer
    from bot.usecases.import_plans import ImportProblems

    settings = _settings()
    source = transfer.source_of(path)
    database = application.open_database(settings)
    try:
        result = transfer.import_files(database, source, datetime.now(UTC), dry_run=dry_run)
        _announce(transfer.as_json(result) if as_json else transfer.told(result))
    except ImportProblems as problems:
        if as_json:
            _announce(transfer.problems_as_json(problems))
        else:
            for line in [*transfer.problems_told(problems), problems.sentence]:
                typer.echo(line, err=True)
        raise typer.Exit(WRONG_FILE) from problems
    except KeyboardInterrupt as stopped:
        typer.echo("Stopped. Nothing was imported.", err=True)
        raise typer.Exit(INTERRUPTED) from stopped
    finally:
        database.dispose()


@app.command(epilog="Example: okr-bot export backup/")
def export(
    folder: Annotated[Path, typer.Argument(help="The folder to write company.yaml and check-ins.csv into.")],
    workspace: Annotated[
        str | None, typer.Option("--workspace", metavar="T…", help="Which one, where the database has several.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the two files where they are there already.")] = False,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Export people, teams, cycles, objectives and check-ins, to be imported into any database."""
    from bot import app as application
    from bot import transfer

    database = application.open_database(_settings())
    try:
        found = transfer.export_files(database, folder, datetime.now(UTC), workspace=workspace, force=force)
        _announce(transfer.exported_as_json(found, folder) if as_json else transfer.exported_told(found, folder))
    finally:
        database.dispose()


@app.command(epilog="Examples: okr-bot rehearse --weeks 13; okr-bot rehearse --answers all --csv messages.csv")
def rehearse(
    weeks: Annotated[int, typer.Option("--weeks", help="How many weeks from now on.")] = 13,
    answers: Annotated[
        Answers, typer.Option("--answers", help="Nobody answers (the most messages), or all do at once.")
    ] = Answers.NONE,
    csv: Annotated[
        str | None, typer.Option("--csv", metavar="FILE", help="Write every message into a CSV file; - to print it.")
    ] = None,
    workspace: Annotated[
        str | None, typer.Option("--workspace", metavar="T…", help="Which one, where the database has several.")
    ] = None,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Rehearse the coming weeks on a copy: what each person would get, and that it is at most two a week.

    Nothing is sent and nothing is changed. Exit code 1: somebody would get more than two, and who.
    """
    from bot import app as application
    from bot import rehearsing

    settings = _settings()
    application.require_file(settings)
    database = application.open_database(settings, migrate=False)
    try:
        done = rehearsing.rehearse_workspace(
            database, datetime.now(UTC), weeks=weeks, answers=answers, workspace=workspace, into=csv
        )
    except KeyboardInterrupt as stopped:
        typer.echo("Stopped. Nothing was changed.", err=True)
        raise typer.Exit(INTERRUPTED) from stopped
    finally:
        database.dispose()
    lines = [rehearsing.as_json(done)] if as_json else [*rehearsing.table(done), *rehearsing.verdict(done)]
    for line in lines:
        # What is printed as CSV is not mixed with anything else.
        typer.echo(line, err=csv == rehearsing.STANDARD_OUTPUT)
    if not done.ledger.proves:
        raise typer.Exit(1)


@app.command(epilog="Example: okr-bot demo --fresh")
def demo(
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the demo's data and start anew.")] = False,
) -> None:
    """Try it: a local Slack, the bot and a sample company, in the browser."""
    from bot.demo import run_demo

    settings = read_settings()
    raise typer.Exit(run_demo(fresh=fresh, port=settings.sandbox_port))


@app.command(epilog="Example: okr-bot sandbox --port 8065 --data .sandbox")
def sandbox(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="The port to listen on (SANDBOX_PORT); 0 for any free one.")] = None,
    seed: Annotated[Path | None, typer.Option(help="A YAML file with people and channels for an empty one.")] = None,
    manifest: Annotated[Path, typer.Option(help="The app's manifest: scopes, commands, events.")] = MANIFEST,
    data: Annotated[Path | None, typer.Option(help="A folder to keep the workspace in (else memory only).")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what the folder holds.")] = False,
    request_url: Annotated[
        str | None, typer.Option(help="Where an app takes signed HTTP, while no Socket Mode connection is open.")
    ] = None,
    no_rate_limits: Annotated[bool, typer.Option("--no-rate-limits", help="Answer no call with 429.")] = False,
) -> None:
    """The local Slack alone: a workspace on this computer, for any Bolt app."""
    from bot.sandbox.errors import SandboxError
    from bot.sandbox.server import serve

    settings = read_settings()
    try:
        serve(
            host,
            settings.sandbox_port if port is None else port,
            seed=seed,
            manifest=manifest,
            data=data,
            fresh=fresh,
            rate_limits=not no_rate_limits,
            request_url=request_url,
        )
    except SandboxError as error:
        raise SettingsError(str(error)) from error


@app.command(epilog="Example: okr-bot doctor --json")
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Look at everything the bot needs and say what to do: 0 if all is well, 1 if not, 2 for a missing setting."""
    from bot.doctor.examination import examined
    from bot.doctor.findings import State

    found = asyncio.run(examined(_settings()))
    is_well = all(each.state is not State.PROBLEM for each in found)
    if as_json:
        checks = [{"check": each.check, "state": each.state, "text": each.text} for each in found]
        _announce(json.dumps({"ok": is_well, "checks": checks}, indent=2, ensure_ascii=False))
    else:
        for each in found:
            _announce(each.line)
    if not is_well:
        raise typer.Exit(1)


@app.command(epilog="Example: okr-bot manifest --http https://okr.example.com > my-app.json")
def manifest(
    http: Annotated[
        str | None,
        typer.Option("--http", metavar="URL", help="For HTTP mode: the public address at which Slack reaches the bot."),
    ] = None,
) -> None:
    """Print the manifest to create the Slack app from: for Socket Mode, or with --http for HTTP mode."""
    from bot.manifest import over_http, read_manifest

    shown = read_manifest()
    _announce(json.dumps(shown if http is None else over_http(shown, http), indent=2, ensure_ascii=False))
