"""What was pressed on a prompt, and what the **Snooze**, **Skip** and **Settings** modals hold."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.slack import ids, parse
from bot.slack.entered import Entered
from bot.usecases.prompt_answers import NoChange, OpenAnswer, ShowWaiting, Skip, Snooze
from bot.usecases.settings import SaveSettings

Payload = Mapping[str, Any]


def no_change(body: Payload) -> NoChange:
    """**No change**: the message names it, so that every press on it is the same answer."""
    return NoChange(parse.actor(body), f"no-change:{_where(body)}"[:64])


def opening(body: Payload) -> OpenAnswer:
    """**Snooze** or **Skip**."""
    return OpenAnswer(parse.actor(body), _where(body))


def waiting(body: Payload) -> ShowWaiting:
    """**Show Them**."""
    return ShowWaiting(parse.actor(body))


def snooze(body: Payload) -> Snooze:
    """**Snooze** was sent."""
    view = body["view"]
    state = Entered(view)
    chosen = state.choice(ids.SNOOZE_UNTIL)
    until = state.instant(ids.SNOOZE_AT) if chosen in (None, ids.CHOSEN_TIME) else datetime.fromisoformat(str(chosen))
    return Snooze(parse.actor(body), until, ids.unpack(view.get("private_metadata"), ids.PromptPlace).where)


def skip(body: Payload) -> Skip:
    """**Skip** was sent: the chosen reason, and the person's own words behind it."""
    view = body["view"]
    state = Entered(view)
    told = [state.choice(ids.SKIP_REASON), state.text(ids.SKIP_WORDS)]
    place = ids.unpack(view.get("private_metadata"), ids.PromptPlace)
    return Skip(parse.actor(body), ". ".join(each.strip() for each in told if each), place.where)


def chosen_country(body: Payload) -> str | None:
    """The country just chosen in the settings."""
    return Entered(body["view"]).choice(ids.SETTINGS_COUNTRY)


def settings(body: Payload) -> SaveSettings:
    """**Save** in the settings."""
    state = Entered(body["view"])
    country = state.choice(ids.SETTINGS_COUNTRY)
    return SaveSettings(
        actor=parse.actor(body),
        hour=state.hour(ids.SETTINGS_HOUR),
        days=tuple(int(each) for each in state.ticked(ids.SETTINGS_DAYS)),
        profile=state.choice(ids.SETTINGS_PROFILE),
        country=country,
        region=None if country is None else state.choice(ids.settings_region(country)),
    )


def _where(body: Payload) -> str:
    container = body.get("container") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id") or ""
    return f"{channel}:{container.get('message_ts') or ''}"
