"""The composition root: settings become a running bot."""

import asyncio
import contextlib
import errno
import fcntl
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

import structlog
from aiohttp import ClientSession, ClientTimeout
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot import figures
from bot.clock import MovableClock, clock_from, real_clock
from bot.config import Settings, SettingsError, is_loopback, require_slack
from bot.delivery.kinds import VIEWS
from bot.delivery.sender import Drained, Sender, sender_client
from bot.okr.errors import Busy
from bot.schedule.beat import BEAT_SECONDS, Beat
from bot.schedule.jobs import Ticked, tick
from bot.slack.directory import Directory
from bot.slack.everybody import Everybody, wait_for_members
from bot.slack.installation import Installation, check_app_token, check_scopes, read_installation
from bot.slack.listeners import register
from bot.slack.listeners.events import keeping_events, work_on
from bot.slack.shell import Shell, patient_handlers
from bot.slack.socket_mode import SocketMode, until_idle
from bot.store.migrate import current, newest, upgrade
from bot.store.session import Database, read_address
from bot.usecases.channels import ask_for_the_channel
from bot.usecases.deliveries import how_it_stands
from bot.usecases.inbox import KeepEvent
from bot.usecases.outgoing import KINDS
from bot.usecases.people import person_gone
from bot.usecases.runner import Clock, UseCases
from bot.usecases.unsent import post_figures
from bot.usecases.workspaces import KeepWorkspace, keep_workspace
from bot.web import SLACK_EVENTS, Figure, LastKnown, SlackRequests, endpoints, serving

log = structlog.get_logger()

MOVABLE_BEAT_SECONDS = 1.0
"""A clock that a person moves is looked at more often, so that "next Monday" is answered at once."""
SLACK_SECONDS = 10.0
NO_ADDRESS = (errno.EADDRNOTAVAIL, socket.EAI_NONAME, socket.EAI_NODATA, socket.EAI_AGAIN)


def open_database(settings: Settings, *, migrate: bool = True) -> Database:
    """The database, migrated unless told otherwise.

    Raises DatabaseAddressError, DatabaseUnreachable, and SettingsError for an old one that may not be migrated.
    """
    if migrate:
        upgrade(settings.database_url)
    database = Database(settings.database_url)
    database.probe()
    if not migrate and current(database.engine) != newest():
        database.dispose()
        raise SettingsError("The database is not at the newest version. Run okr-bot migrate, or drop --no-migrate.")
    return database


def require_file(settings: Settings) -> None:
    """Raise SettingsError where there is no such SQLite file: a look at what is there makes none."""
    url = read_address(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise SettingsError(f"There is no database {url.database}. Set DATABASE_URL to the one that okr-bot run uses.")


@contextlib.contextmanager
def owning(file: Path | None) -> Iterator[None]:
    """Hold an SQLite file against a second `run`. Raises SettingsError where one is running."""
    if file is None:
        yield
        return
    with _lock_file(file) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SettingsError(
                f"Another okr-bot run is using {file}. Stop it first, or set DATABASE_URL to PostgreSQL, "
                "where several may run."
            ) from error
        yield


def _lock_file(file: Path) -> TextIO:
    try:
        return open(f"{file}.run.lock", "w")
    except OSError as error:
        raise SettingsError(
            f"{file.parent} cannot be written to ({error.strerror}). Set DATABASE_URL to a file in a folder that the "
            "bot may write to."
        ) from error


def slack_session(seconds: float = SLACK_SECONDS) -> ClientSession:
    """What calls of Slack share; each ends within `seconds`. (The SDK's own timeout is for sessions that it makes.)"""
    return ClientSession(timeout=ClientTimeout(total=seconds))


def slack_client(settings: Settings, session: ClientSession, token: str, *, patient: bool = True) -> AsyncWebClient:
    """A client for calls that may be repeated: it does so if `patient`. Deliveries go through the sender's own."""
    handlers = patient_handlers() if patient else []
    client = AsyncWebClient(token=token, base_url=settings.slack_api_url, session=session, retry_handlers=handlers)
    if is_loopback(settings.slack_api_url):
        client.proxy = None  # the SDK takes HTTPS_PROXY from the environment and ignores NO_PROXY
    return client


@dataclass(frozen=True)
class Bot:
    """Everything that belongs to one running bot."""

    settings: Settings
    installation: Installation
    client: AsyncWebClient
    use_cases: UseCases
    shell: Shell
    sender: Sender
    workspace_id: int

    @property
    def everybody(self) -> Everybody:
        """Reads the members from Slack."""
        return Everybody(self.shell.directory, self.use_cases, self.installation.team)

    async def tick(self) -> Ticked:
        """One beat."""

        async def handle(event: KeepEvent) -> None:
            await work_on(self.shell, event.payload)

        return await tick(self.use_cases, self.workspace_id, handle=handle, wake=self.sender.wake)


@contextlib.asynccontextmanager
async def assembled(settings: Settings, database: Database, at: datetime | None = None) -> AsyncIterator[Bot]:
    """Put the parts together after asking Slack about the installation.

    at: where the clock begins; it runs on from there. Raises SettingsError.
    """
    assert settings.slack_bot_token is not None
    token = settings.slack_bot_token.get_secret_value()
    async with slack_session() as session:
        client = slack_client(settings, session, token)
        found = await read_installation(client)
        check_scopes(found.scopes)
        use_cases = UseCases(database, _clock(settings, session, at))
        try:
            command = KeepWorkspace(found.team, found.team_name, found.bot_user)
            workspace_id = await use_cases.do(keep_workspace, command)
            sender = Sender(
                use_cases,
                sender_client(session, token, settings.slack_api_url),
                workspace_id,
                kinds=KINDS,
                views=VIEWS,
                user_gone=person_gone,
                needs_help=ask_for_the_channel,
            )
            shell = Shell(use_cases, client, Directory(client), session, sender.wake)
            yield Bot(settings, found, client, use_cases, shell, sender, workspace_id)
        finally:
            use_cases.close()


def _clock(settings: Settings, session: ClientSession, at: datetime | None) -> Clock:
    if at is not None:
        return clock_from(at)
    return MovableClock(session, settings.clock_address) if settings.clock_address else real_clock


async def now_for(settings: Settings) -> datetime:
    """The present instant as a running bot with these settings takes it."""
    async with slack_session() as session:
        return await _clock(settings, session, None)()


def bolt_app(bot: Bot) -> AsyncApp:
    """The Bolt app with every listener."""
    found = bot.installation

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=found.team,
            bot_user_id=found.bot_user,
            bot_id=found.bot_id,
            bot_token=bot.client.token,
        )

    secret = bot.settings.slack_signing_secret
    app = AsyncApp(
        client=bot.client,
        signing_secret=None if secret is None else secret.get_secret_value().strip(),
        logger=logging.getLogger("slack_bolt"),
        # Asked once at start. Given as a function, it also keeps Bolt from becoming an OAuth app wherever
        # SLACK_CLIENT_ID and SLACK_CLIENT_SECRET happen to be in the environment.
        authorize=authorize,
        before_authorize=keeping_events(bot.shell),
        # Every kept event reaches our own code, the bot's own reactions too: what needs no work is marked so.
        ignoring_self_events_enabled=False,
    )
    register(app, bot.shell)
    return app


async def run(
    settings: Settings, database: Database, announce: Callable[[str], None], stop: asyncio.Event | None = None
) -> None:
    """Run until `stop` (SIGTERM or SIGINT, if None), then finish what is in hand.

    Raises SettingsError before anything is started.
    """
    require_slack(settings)
    stop = stop or _stop_at_signals()
    async with assembled(settings, database) as bot, contextlib.AsyncExitStack() as stack:
        if settings.slack_app_token is not None:
            await check_app_token(bot.client, settings.slack_app_token.get_secret_value())
        beat = Beat(bot.tick, seconds=MOVABLE_BEAT_SECONDS if settings.clock_address else BEAT_SECONDS)
        # Before Socket Mode's handler, which opens connections that a refusal here would leave open.
        listening = listen(settings)
        slack = _way_from_slack(bot)
        if listening is not None:
            server = await stack.enter_async_context(serving(_endpoints(bot, slack, beat), listening))
            if isinstance(slack, SlackRequests):
                slack.server = server
        await slack.open()
        announce(_connected(bot, listening))
        sending = asyncio.create_task(bot.sender.run(stop))
        reading = asyncio.create_task(bot.everybody.read_until_done())
        # A prompt made before would follow a zone that somebody has left, or ask somebody who has left.
        await wait_for_members(reading, stop)
        daily = asyncio.create_task(bot.everybody.read_daily())
        beat.start()
        await stop.wait()
        log.info("stopping")
        reading.cancel()
        daily.cancel()
        await beat.stop()
        await slack.close()
        await until_idle(lambda: not bot.shell.in_hand)
        await asyncio.gather(sending, reading, daily, return_exceptions=True)


def _way_from_slack(bot: Bot) -> SocketMode | SlackRequests:
    settings, app = bot.settings, bolt_app(bot)
    if settings.slack_app_token is None:
        assert settings.slack_signing_secret is not None
        return SlackRequests(app, settings.slack_signing_secret.get_secret_value().strip())
    return SocketMode(
        app,
        settings.slack_app_token.get_secret_value(),
        bot.client,
        is_idle=lambda: not bot.shell.in_hand,
        no_proxy=is_loopback(settings.slack_api_url),
    )


def _connected(bot: Bot, listening: socket.socket | None) -> str:
    """The one line that says that everything is there."""
    where = f"OKR Bot is connected to {bot.installation.team_name} ({bot.installation.team})"
    if not bot.settings.over_http or listening is None:
        return f"{where} over Socket Mode."
    host, port = listening.getsockname()[:2]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return (
        f"{where} over HTTP and listens on {address}. In Slack, enter https://YOUR-ADDRESS{SLACK_EVENTS}, which your "
        "proxy passes on to it, as the request URL of events, of interactivity (and its options) and of /okr; "
        "okr-bot manifest --http https://YOUR-ADDRESS prints a manifest that has it everywhere."
    )


def _stop_at_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    return stop


def listen(settings: Settings) -> socket.socket | None:
    """A socket for the web endpoints. Where PORT was not set and its default is taken, they are off, with a warning.

    Raises SettingsError where a port that was asked for is taken, and in HTTP mode, which needs one, any port.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        why = str(error.strerror).partition(" (while ")[0]  # Python adds the address once more
        if error.errno in NO_ADDRESS:
            raise SettingsError(
                f"HOST {settings.host} is no address of this machine ({why}). "
                "Set HOST to one, for example 127.0.0.1 or 0.0.0.0."
            ) from error
        if "port" not in settings.model_fields_set and not settings.over_http:
            log.warning("web_endpoints_off", why=f"port {settings.port} is in use; set PORT to a free one")
            return None
        raise SettingsError(
            f"Port {settings.port} on {settings.host} cannot be used ({why}). Set PORT to a free one."
        ) from error


def _endpoints(bot: Bot, slack: SocketMode | SlackRequests, beat: Beat) -> Starlette:
    async def readiness() -> dict[str, str]:
        wrong: dict[str, str] = {}
        trouble = await slack.trouble()
        if trouble is not None:
            wrong["slack"] = trouble
        if bot.sender.trouble:
            wrong["sender"] = bot.sender.trouble
        try:
            await bot.use_cases.do(how_it_stands, bot.workspace_id, writes=False)
        except Busy as busy:
            wrong["database"] = busy.sentence
        return wrong

    async def of_the_database() -> list[Figure]:
        found = await bot.use_cases.do(post_figures, bot.workspace_id, writes=False)
        return figures.of_the_database(found, KINDS)

    known = LastKnown(of_the_database)

    async def every_figure() -> list[Figure]:
        of_the_process = figures.of_the_process(is_sending=bot.sender.is_sending, beat_age=beat.age)
        return [*await known.read(), *of_the_process]

    return endpoints(readiness, every_figure, slack.routes)


@contextlib.contextmanager
def owning_file(settings: Settings) -> Iterator[None]:
    """Hold the SQLite file of these settings, if it is one, against a second `run`."""
    url = read_address(settings.database_url)
    file = Path(url.database).resolve() if url.get_backend_name() == "sqlite" and url.database else None
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"The folder {file.parent} cannot be made ({error.strerror}). Set DATABASE_URL to a file in a folder "
                "that the bot may write to."
            ) from error
    with owning(file):
        yield


async def tick_once(settings: Settings, database: Database, at: datetime | None) -> tuple[Ticked, Drained]:
    """One beat at `at` (now, if None), then send until nothing due waits. Raises SettingsError.

    Members are read first, unless they were within the hour: a tick is a start too, but a scheduler may make one every
    minute.
    """
    async with assembled(settings, database, at) as bot:
        await bot.everybody.read_if_old()
        done = await bot.tick()
        return done, await bot.sender.drain()
