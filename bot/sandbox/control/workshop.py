"""What is around the people: the clock, faults, limits, the log, repetition of events."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

from bot.sandbox import installation
from bot.sandbox.clock import parse_moment, preset_moment
from bot.sandbox.control.registry import Wish, action, need
from bot.sandbox.entities import Json
from bot.sandbox.errors import ControlError
from bot.sandbox.limits import RATES
from bot.sandbox.sandbox import Sandbox

MOST_REDELIVERIES = 50

LONGEST_PROCESSING_SECONDS = 86_400


@action("GET", "clock")
async def show_clock(sandbox: Sandbox, wish: Wish) -> Json:
    """What the workspace's clock says."""
    return clock_face(sandbox)


def _quarter_start(sandbox: Sandbox) -> date | None:
    written = sandbox.team.quarter_start
    return date.fromisoformat(written) if written else None


def clock_face(sandbox: Sandbox) -> Json:
    """The clock as the control API shows it."""
    return {"now": sandbox.clock.as_iso(), "moved": sandbox.clock.moved, "tz": sandbox.team.tz}


@action("POST", "clock")
async def move_clock(sandbox: Sandbox, wish: Wish) -> Json:
    """Move the clock: `to` an ISO time, a `preset` (in the zone of `user`, else the workspace's), `forward` seconds,
    or `real` to follow real time again."""
    who = sandbox.workspace.person(str(wish["user"])) if wish.get("user") else None
    zone, now = sandbox.workspace.zone_of(who), sandbox.clock.now()
    if wish.get("to"):
        sandbox.clock.move_to(parse_moment(str(wish["to"]), zone, now))
    elif wish.get("preset"):
        sandbox.clock.move_to(preset_moment(str(wish["preset"]), now, zone, _quarter_start(sandbox)))
    elif wish.get("forward") is not None:
        sandbox.clock.move_to(now + timedelta(seconds=float(wish["forward"])))
    elif wish.get("real"):
        sandbox.clock.follow_real_time()
    else:
        raise ControlError("Say where the clock goes: to, preset, forward or real.")
    sandbox.keep_clock()
    sandbox.notices.send("clock", **clock_face(sandbox))
    return clock_face(sandbox)


@action("GET", "faults")
async def show_faults(sandbox: Sandbox, wish: Wish) -> Json:
    """The faults still to come."""
    return {"faults": [asdict(fault) for fault in sandbox.faults.waiting()]}


@action("POST", "faults")
async def add_fault(sandbox: Sandbox, wish: Wish) -> Json:
    """The next `times` calls of `method` fail."""
    return {"ok": True, "fault": asdict(sandbox.faults.add(wish))}


@action("DELETE", "faults")
async def clear_faults(sandbox: Sandbox, wish: Wish) -> Json:
    """No more faults."""
    sandbox.faults.clear()
    return {"ok": True}


@action("POST", "limits")
async def set_limits(sandbox: Sandbox, wish: Wish) -> Json:
    """Switch rate limits and the splitting of long texts; how long an uploaded file is processed."""
    if "enabled" in wish or not wish:
        sandbox.limits.enabled = bool(wish.get("enabled", True))
        sandbox.limits.reset()
    if RATES.keys() & wish.keys():
        sandbox.limits.set_rates(wish)
    if "split_long_texts" in wish:
        sandbox.split_long_texts = bool(wish["split_long_texts"])
    if "processing_seconds" in wish:
        seconds = float(wish["processing_seconds"])
        if not 0 <= seconds <= LONGEST_PROCESSING_SECONDS:
            raise ControlError(f"Processing takes 0 to {LONGEST_PROCESSING_SECONDS} seconds.")
        sandbox.processing_seconds = seconds
    return {
        "ok": True,
        "enabled": sandbox.limits.enabled,
        **sandbox.limits.rates,
        "split_long_texts": sandbox.split_long_texts,
        "processing_seconds": sandbox.processing_seconds,
    }


@action("GET", "calls")
async def show_calls(sandbox: Sandbox, wish: Wish) -> Json:
    """The log: calls, events, interactions, acks; filter by `method`, `kind`, `after` (number), `limit`."""
    entries = sandbox.journal.entries(
        kind=wish.get("kind") or None,
        name=wish.get("method") or None,
        after=int(wish.get("after") or 0),
        limit=int(wish.get("limit") or 1000),
    )
    return {"calls": entries}


@action("GET", "events")
async def show_events(sandbox: Sandbox, wish: Wish) -> Json:
    """The events sent so far, whole envelopes, oldest first."""
    wanted = wish.get("type")
    return {"events": [one for one in sandbox.dispatch.events() if wanted in (None, "", one["event"]["type"])]}


@action("POST", "uninstall")
async def uninstall(sandbox: Sandbox, wish: Wish) -> Json:
    """Take the app out of the workspace (`how`: `uninstall`), or revoke its token alone (`revoke`)."""
    installation.uninstall(sandbox, str(wish.get("how") or "uninstall"))
    return {"ok": True, "installed": sandbox.team.installed, "calls_answer": sandbox.team.gone_as}


@action("POST", "events-on")
async def switch_events_on(sandbox: Sandbox, wish: Wish) -> Json:
    """Deliver events over HTTP again, after too many of them had failed."""
    if not sandbox.team.events_off:
        raise ControlError("Event delivery is not switched off.")
    sandbox.dispatch.switch_on()
    return {"ok": True}


@action("POST", "reinstall")
async def reinstall(sandbox: Sandbox, wish: Wish) -> Json:
    """Install the app again, with another bot `token` if one is given."""
    installation.reinstall(sandbox, str(wish.get("token") or ""))
    return {"ok": True, "installed": sandbox.team.installed, "bot_token": sandbox.team.bot_token}


@action("POST", "ssl-check")
async def ssl_check(sandbox: Sandbox, wish: Wish) -> Json:
    """Probe the app's Request URL as Slack does for a slash command's certificate."""
    if sandbox.http is None:
        raise ControlError("The app has no Request URL; give one with --request-url.")
    return {"ok": await sandbox.http.probe()}


@action("POST", "redeliver")
async def redeliver(sandbox: Sandbox, wish: Wish) -> Json:
    """Deliver an event again."""
    times = int(wish.get("times", 1))
    if not 1 <= times <= MOST_REDELIVERIES:
        raise ControlError(f"An event is delivered again once to {MOST_REDELIVERIES} times.")
    acked = await sandbox.dispatch.redeliver(str(need(wish, "event_id")), times)
    return {"ok": all(acked), "acked": acked}


@action("POST", "verify-url")
async def verify_url(sandbox: Sandbox, wish: Wish) -> Json:
    """Send the url_verification challenge to the app's Request URL."""
    if sandbox.http is None:
        raise ControlError("The app has no Request URL; give one with --request-url.")
    return {"ok": await sandbox.http.verify()}


@action("POST", "disconnect")
async def disconnect(sandbox: Sandbox, wish: Wish) -> Json:
    """Ask the app's connections to reconnect, as Slack does (`warning`, `refresh_requested`, `link_disabled`)."""
    return {"ok": True, "asked": await sandbox.sockets.disconnect(str(wish.get("reason") or "refresh_requested"))}
