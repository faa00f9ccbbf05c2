"""What was found, in words: one line for each thing that was looked at, and what to do where it is wrong. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bot.config import SLACK_API, Settings
from bot.okr.errors import UnknownZone
from bot.okr.zones import zone_named
from bot.slack.examination import Channel
from bot.slack.installation import OPTIONAL_SCOPES, Installation, missing_scopes
from bot.store.health import DatabaseState
from bot.usecases.health import Health

MOST_SKEW = timedelta(seconds=5)
"""Slack's signatures bear five minutes; more than a few seconds show that nobody sets this machine's clock."""
MEMBERS_OLD = timedelta(days=2)
WAITS_TOO_LONG = timedelta(minutes=15)
MOST_NAMED = 5
LONGEST_NAME = 60


class State(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    PROBLEM = "problem"
    SKIPPED = "skipped"
    """It could not be looked at because of a problem that another line tells."""


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it stands, and a sentence (with what to do where it is a problem)."""

    check: str
    state: State
    text: str

    @property
    def line(self) -> str:
        """For people on a console."""
        return f"{self.state:<8} {self.check:<11} {self.text}"


def ok(check: str, text: str) -> Finding:
    """All is well."""
    return Finding(check, State.OK, text)


def problem(check: str, text: str) -> Finding:
    """Something is wrong."""
    return Finding(check, State.PROBLEM, text)


def skipped(check: str, why: str) -> Finding:
    """Not looked at."""
    return Finding(check, State.SKIPPED, f"Not looked at, because {why}.")


@dataclass(frozen=True)
class Reading:
    """Another clock's reading, exact to `step`, and this machine's own before and after it was asked for."""

    shown: datetime
    asked: datetime
    answered: datetime
    step: timedelta = timedelta(0)

    @property
    def ahead(self) -> timedelta:
        """How far the other clock is surely ahead of this machine's; negative: behind; 0 where they may agree."""
        least, most = self.shown - self.answered, self.shown + self.step - self.asked
        if least > timedelta(0):
            return least
        return most if most < timedelta(0) else timedelta(0)


def the_mode(settings: Settings) -> Finding:
    """Which way Slack's requests come, once what that needs was found to be good."""
    if settings.over_http:
        return ok("mode", "HTTP: POST /slack/events on HOST and PORT; SLACK_SIGNING_SECRET is set.")
    unused = " SLACK_SIGNING_SECRET is not used." if settings.slack_signing_secret is not None else ""
    return ok("mode", f"Socket Mode: Slack accepts SLACK_APP_TOKEN.{unused}")


def the_token(found: Installation, settings: Settings) -> Finding:
    """Whose the bot token is."""
    where = "Slack" if settings.slack_api_url == SLACK_API else f"The Slack at {settings.slack_api_url}"
    return ok("token", f"{where} accepts SLACK_BOT_TOKEN: the bot of {_shown(found.team_name)} ({found.team}).")


def the_scopes(found: Installation) -> Finding:
    """Whether the installed app may do what the manifest asks for."""
    if found.scopes is None:
        return ok("scopes", "Slack does not say which scopes the app has.")
    missing = missing_scopes(found.scopes)
    if missing is not None:
        return problem("scopes", missing)
    off = [f"without {scope}, {what}" for scope, what in OPTIONAL_SCOPES.items() if scope not in found.scopes]
    return ok("scopes", "; ".join(["All scopes that are needed are there", *off]) + ".")


def the_database(state: DatabaseState) -> Finding:
    """Whether the database is as this version wants it."""
    if state.version == state.wanted:
        return ok("database", f"The {state.place} answers and is at the newest version ({state.version}).")
    if state.version is None:
        return problem(
            "database", f"The {state.place} holds nothing yet. okr-bot run makes what it needs, or okr-bot migrate."
        )
    if not state.version_is_known:
        return problem(
            "database",
            f"The {state.place} is at version {state.version}, which is newer than this bot. Install the newer bot.",
        )
    return problem(
        "database",
        f"The {state.place} is at version {state.version} and this bot wants {state.wanted}. Run okr-bot migrate "
        "(okr-bot run does it too).",
    )


def the_clocks(others: Mapping[str, Reading], settings: Settings, moved_to: datetime | None) -> Finding:
    """This machine's clock against others' by their names, and the clock that a person moves, if there is one."""
    wrong = [
        f"{_seconds(reading.ahead)} {'behind' if reading.ahead > timedelta(0) else 'ahead of'} {whose}"
        for whose, reading in others.items()
        if abs(reading.ahead) > MOST_SKEW
    ]
    if wrong:
        return problem(
            "clock",
            f"This machine's clock is {' and '.join(wrong)}. Let NTP set it: prompts would come at the wrong time, and "
            "over HTTP Slack's signatures would be refused.",
        )
    if settings.okr_clock_url is not None and settings.clock_address is None:
        return problem(
            "clock",
            "OKR_CLOCK_URL is set and not obeyed, because SLACK_API_URL is not on this machine. Take it out.",
        )
    if settings.clock_address is not None and moved_to is None:
        return problem(
            "clock", "The clock at OKR_CLOCK_URL cannot be read. Start the local Slack, or take OKR_CLOCK_URL out."
        )
    if not others:
        return skipped("clock", "neither Slack nor the database says what time it is")
    moved = "" if moved_to is None else f"; the bot goes by OKR_CLOCK_URL, which shows {_when(moved_to)}"
    return ok("clock", f"This machine's clock agrees with {' and '.join(others)}{moved}.")


def _seconds(skew: timedelta) -> str:
    seconds = abs(skew).total_seconds()
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def the_members(health: Health, now: datetime) -> Finding:
    """Whether the bot knows who is there."""
    read_at = health.members_read_at
    if read_at is None:
        return problem("members", "The members were never read from Slack. Start okr-bot run: it reads them first.")
    if now - read_at > MEMBERS_OLD:
        return ok(
            "members",
            f"The members were last read whole on {_when(read_at)}; okr-bot run does so when it starts, and hears of "
            "changes in between.",
        )
    return ok("members", f"The members were read from Slack on {_when(read_at)}.")


CHANNEL_TROUBLE = {
    Channel.NOT_IN: "the bot is not in it, so it hears of no reaction there: type /invite and its name in the channel",
    Channel.NOT_FOUND: "Slack does not show it to the bot: invite the bot if it is private, else choose another one",
    Channel.ARCHIVED: "it is archived: choose another channel for the team, or unarchive it",
}


def the_channels(teams: Mapping[str, Sequence[str]], found: Mapping[str, Channel]) -> Finding:
    """The digest channels (`C…`) with their teams, and how those that were asked for stand."""
    if not teams:
        return ok("channels", "No team has a channel for its digest yet.")
    troubles = [
        f"{_shown(channel)} of {_some(map(_shown, teams[channel]))}: {CHANNEL_TROUBLE[state]}"
        for channel, state in found.items()
        if state in CHANNEL_TROUBLE
    ]
    unsaid = len(teams) - sum(state is not Channel.NOT_SAID for state in found.values())
    rest = f" {unsaid} could not be looked at now: ask again in a minute." if unsaid else ""
    if troubles:
        return problem("channels", f"{_some(troubles, '; ')}.{rest}")
    if unsaid == len(teams):
        return problem("channels", f"Slack says nothing of the teams' channels ({unsaid}). Ask again in a minute.")
    return ok("channels", f"The bot can use the teams' digest channels ({len(teams) - unsaid}).{rest}")


def the_owners(health: Health) -> Finding:
    """Open key results whose owner is gone."""
    if not health.left_behind:
        return ok("owners", "No open key result belongs to somebody whose account is deactivated.")
    each = [
        f"{_shown(name)} ({_some([f'KR-{number}' for number in numbers])})"
        for name, numbers in health.left_behind.items()
    ]
    return problem(
        "owners",
        f"Owners of open key results have a deactivated account: {_some(each, '; ')}. Give each to somebody else with "
        f"/okr edit KR-{next(iter(health.left_behind.values()))[0]}, or all of them from the message that their "
        "team's lead got.",
    )


def the_zones(zones: Mapping[str | None, int]) -> Finding:
    """Whether the time zones that Slack names are known here."""
    unknown = [f"{_shown(name)} ({count})" for name, count in zones.items() if name is not None and not _is_zone(name)]
    if unknown:
        return problem(
            "zones",
            f"This machine knows no zone {_some(unknown)}; these people are asked by their team's clock. Update the "
            "package tzdata, or the zones of the system.",
        )
    if not _is_zone("Europe/Berlin"):
        return problem("zones", "This machine has no data of time zones. Install the package tzdata.")
    without = zones.get(None, 0)
    unsaid = f" Slack names none for {without}; they are asked by their team's clock." if without else ""
    return ok("zones", f"The time zones of all members are known here ({len(zones) - (None in zones)}).{unsaid}")


def _is_zone(name: str) -> bool:
    try:
        zone_named(name)
    except UnknownZone:
        return False
    return True


def the_holidays(day: date, known: Mapping[int, int]) -> Finding:
    """Whether the calendars of public holidays reach this year and the next: how many days they know by year."""
    gone = [str(year) for year in (day.year, day.year + 1) if not known.get(year)]
    if gone:
        return problem(
            "holidays", f"The calendars know no public holidays of {' and '.join(gone)}. Update the package holidays."
        )
    return ok("holidays", f"The calendars of public holidays reach {day.year + 1}.")


def the_deliveries(health: Health) -> Finding:
    """What was not sent, and whether anybody sends at all."""
    counts = ", ".join(f"{health.by_state.get(state, 0)} {state}" for state in ("sent", "pending", "unknown", "failed"))
    troubles = []
    if health.ended_badly:
        each = [f"{count} {kind.replace('_', ' ')} {state}" for state, kind, count in health.ended_badly]
        troubles.append(
            f"In the last 7 days: {_some(each)}. {_what_to_do({state for state, _, _ in health.ended_badly})}"
        )
    if health.waiting > WAITS_TOO_LONG:
        troubles.append(_waits_too_long(health))
    if troubles:
        return problem("deliveries", f"{'. '.join(troubles)}. ({counts})")
    return ok("deliveries", f"{counts}; nothing failed in the last 7 days.")


def _what_to_do(states: Collection[str]) -> str:
    said = {
        "failed": "okr-bot deliveries --state failed says why",
        "unknown": "okr-bot deliveries --state unknown lists those that may or may not stand in Slack; they are not "
        "sent again by themselves",
    }
    shown = "; ".join(words for state, words in said.items() if state in states)
    return f"{shown}. Then okr-bot deliveries retry or drop, with their numbers"


def _waits_too_long(health: Health) -> str:
    minutes = int(health.waiting.total_seconds() // 60)
    waited = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
    due = f"A message has been due for {waited}"
    if health.lease is not None and health.lease.is_held:
        return f"{due} although a process sends. okr-bot deliveries --state waiting says why it is not sent"
    return (
        f"{due} and nobody sends it. See that okr-bot run runs and is well; okr-bot deliveries --state waiting shows "
        "what waits"
    )


def the_events(health: Health) -> Finding:
    """Events of Slack whose work was given up."""
    if not health.events_given_up:
        return ok("events", "No event of Slack was given up.")
    return problem(
        "events",
        f"Events of Slack whose work failed again and again and was given up: {health.events_given_up}. "
        "okr-bot deliveries says what went wrong; the log has where (event_failed).",
    )


def _shown(name: str) -> str:
    """A name that people chose, without what a terminal would obey."""
    plain = "".join(each if each.isprintable() else " " for each in name)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[:LONGEST_NAME]}…"


def _some(items: Iterable[str], between: str = ", ") -> str:
    """The first few, and how many more there are."""
    every = list(items)
    more = [f"and {len(every) - MOST_NAMED} more"] if len(every) > MOST_NAMED else []
    return between.join([*every[:MOST_NAMED], *more])
