"""Asks Slack and the database, at the same time and for a few seconds at most, and collects the findings."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import holidays
from aiohttp import ClientSession

from bot.app import slack_client, slack_session
from bot.clock import real_clock, shown_at
from bot.config import Settings, SettingsError, require_slack
from bot.doctor import findings
from bot.doctor.findings import Finding, Reading, problem, skipped
from bot.okr.errors import Busy, OkrError
from bot.slack.examination import channels
from bot.slack.installation import Installation, check_app_token, read_installation
from bot.store.health import DatabaseState, database_state, place_of
from bot.store.session import Database
from bot.usecases.health import Examine, Health, examine

T = TypeVar("T")

SLACK_SECONDS = 5.0
DATABASE_SECONDS = 8.0
CHANNELS_SECONDS = 15.0
MOST_CHANNELS = 40
"""Slack answers about fifty such questions a minute, and the running bot has its own to ask."""
A_COUNTRY = "DE"
NO_DATABASE = "the database cannot be used"
NO_SLACK = "Slack does not answer or does not accept the bot token"
NOT_KNOWN = "the database does not know this workspace yet: okr-bot run makes it known"


@dataclass(frozen=True)
class Asked(Generic[T]):
    """An answer, or else the sentence about why there is none, and this machine's clock before and after."""

    answer: T | None
    trouble: str
    since: datetime
    until: datetime


async def examined(settings: Settings) -> list[Finding]:
    """Everything there is to say. Raises SettingsError and DatabaseAddressError where nothing can be looked at."""
    require_slack(settings)
    place_of(settings.database_url)
    database = Database(settings.database_url, pool_size=1)
    try:
        async with slack_session(SLACK_SECONDS) as session:
            return await _examined(settings, database, session)
    finally:
        database.dispose()


async def _examined(settings: Settings, database: Database, session: ClientSession) -> list[Finding]:
    assert settings.slack_bot_token is not None
    client = slack_client(settings, session, settings.slack_bot_token.get_secret_value(), patient=False)
    slack, state, moved_to = await asyncio.gather(
        _asked(read_installation(client)),
        _asked(_in_time(lambda: database_state(database, settings.database_url))),
        _moved_clock(settings, session),
    )
    now = moved_to or await real_clock()
    found = [*_installation(slack, settings), await _mode(settings, session, slack), _database(state)]
    found.append(findings.the_clocks(_readings(slack, state), settings, moved_to))
    usable = state.answer is not None and state.answer.version == state.answer.wanted
    health: Asked[Health | None] | None = None
    if usable:
        team = None if slack.answer is None else slack.answer.team
        looking = _in_time(lambda: database.transact(lambda each: examine(each, Examine(team), now), writes=False))
        health = await _asked(looking)
    found += await _workspace(settings, session, slack, health, now)
    found.append(findings.the_holidays(now.date(), _holidays(now.year)))
    return found


async def _asked(question: Awaitable[T]) -> Asked[T]:
    """The answer to a question; what it raises for people to read becomes its trouble."""
    since = await real_clock()
    answer, trouble = None, ""
    try:
        answer = await question
    except SettingsError as error:
        trouble = str(error)
    except Busy:
        trouble = "The database is too busy to answer in time. Ask again in a minute."
    except OkrError as error:
        trouble = error.sentence
    except TimeoutError:
        trouble = f"The database does not answer within {DATABASE_SECONDS:.0f} seconds. See that its server is well."
    return Asked(answer, trouble, since, await real_clock())


async def _in_time(work: Callable[[], T]) -> T:
    """Run `work` in a thread that nothing waits for at the end. Raises TimeoutError where it takes too long."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(answer: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(answer)  # type: ignore[arg-type]

    def run() -> None:
        answer, failure = None, None
        try:
            answer = work()
        except Exception as error:
            failure = error
        with contextlib.suppress(RuntimeError):  # whoever asked has given up, and the loop with them
            loop.call_soon_threadsafe(tell, answer, failure)

    threading.Thread(target=run, daemon=True).start()
    async with asyncio.timeout(DATABASE_SECONDS):
        return await done


async def _moved_clock(settings: Settings, session: ClientSession) -> datetime | None:
    return None if settings.clock_address is None else await shown_at(session, settings.clock_address)


def _installation(slack: Asked[Installation], settings: Settings) -> list[Finding]:
    if slack.answer is None:
        return [problem("token", slack.trouble), skipped("scopes", NO_SLACK)]
    return [findings.the_token(slack.answer, settings), findings.the_scopes(slack.answer)]


async def _mode(settings: Settings, session: ClientSession, slack: Asked[Installation]) -> Finding:
    if settings.over_http:
        return findings.the_mode(settings)
    if slack.answer is None:
        return skipped("mode", NO_SLACK)
    assert settings.slack_app_token is not None
    token = settings.slack_app_token.get_secret_value()
    # The address that Slack answers with is for one connection within half a minute; left alone, it is nothing.
    client = slack_client(settings, session, token, patient=False)
    checked = await _asked(check_app_token(client, token))
    return problem("mode", checked.trouble) if checked.trouble else findings.the_mode(settings)


def _database(state: Asked[DatabaseState]) -> Finding:
    return problem("database", state.trouble) if state.answer is None else findings.the_database(state.answer)


def _readings(slack: Asked[Installation], state: Asked[DatabaseState]) -> dict[str, Reading]:
    others = {}
    if slack.answer is not None and slack.answer.slack_clock is not None:
        whole_seconds = timedelta(seconds=1)
        others["Slack's"] = Reading(slack.answer.slack_clock, slack.since, slack.until, whole_seconds)
    if state.answer is not None and state.answer.clock is not None:
        others["the database's"] = Reading(state.answer.clock, state.since, state.until)
    return others


OF_A_WORKSPACE = ("members", "channels", "owners", "zones", "deliveries", "events")


async def _workspace(
    settings: Settings,
    session: ClientSession,
    slack: Asked[Installation],
    health: Asked[Health | None] | None,
    now: datetime,
) -> list[Finding]:
    if health is None:
        return [skipped(check, NO_DATABASE) for check in OF_A_WORKSPACE]
    if health.trouble:
        return [problem("workspace", health.trouble), *(skipped(check, NO_DATABASE) for check in OF_A_WORKSPACE)]
    if health.answer is None:
        why = NO_SLACK if slack.answer is None else NOT_KNOWN
        return [skipped(check, why) for check in OF_A_WORKSPACE]
    return [
        findings.the_members(health.answer, now),
        await _channels(settings, session, slack, health.answer),
        findings.the_owners(health.answer),
        findings.the_zones(health.answer.zones),
        findings.the_deliveries(health.answer),
        findings.the_events(health.answer),
    ]


async def _channels(settings: Settings, session: ClientSession, slack: Asked[Installation], health: Health) -> Finding:
    if slack.answer is None:
        return skipped("channels", NO_SLACK)
    assert settings.slack_bot_token is not None
    client = slack_client(settings, session, settings.slack_bot_token.get_secret_value(), patient=False)
    some = list(health.channels)[:MOST_CHANNELS]
    return findings.the_channels(health.channels, await channels(client, some, CHANNELS_SECONDS))


def _holidays(year: int) -> dict[int, int]:
    return {each: len(holidays.country_holidays(A_COUNTRY, years=each)) for each in (year, year + 1)}
