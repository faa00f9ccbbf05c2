"""The regions of the page and what each template is given. The whole page is these regions in one frame."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from bot.sandbox import direct_messages
from bot.sandbox.entities import Channel, Person
from bot.sandbox.page import directory, drawer, rooms
from bot.sandbox.page.blocks import Surface
from bot.sandbox.page.dates import clock_time
from bot.sandbox.page.read_marks import ReadMarks
from bot.sandbox.sandbox import Sandbox

Context = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Who looks at what: the page's address taken apart. `seen` is the ts up to which the reader had read when the
    page was opened, empty where nothing was unread: the line "New" stands behind it. `since` is the ts of the oldest
    message the reader asked for, empty for the newest ones only. `window` is the browser window; before its script has
    said which, only modals are shown that belong to none."""

    person: Person
    channel: Channel
    thread_ts: str
    tab: str
    seen: str = ""
    since: str = ""
    window: str = ""


class Regions:
    """Renders regions for a place."""

    def __init__(self, sandbox: Sandbox, environment: Environment) -> None:
        self._sandbox = sandbox
        self._environment = environment
        self.marks = ReadMarks(sandbox.workspace)

    def names(self) -> list[str]:
        """The regions that can be fetched alone."""
        return list(_REGIONS)

    def render(self, name: str, place: Place) -> str:
        """One region as HTML."""
        context = self._common(place) | _REGIONS[name](self, place)
        return self._environment.get_template(f"{name}.html").render(context)

    def page(self, place: Place) -> str:
        """The whole page, every region filled, so that nothing waits for a script."""
        context = self._common(place) | self.frame(place)
        for region in _REGIONS.values():
            context |= region(self, place)
        return self._environment.get_template("page.html").render(context)

    def _common(self, place: Place) -> Context:
        workspace, manifest = self._sandbox.workspace, self._sandbox.manifest
        is_app_dm = place.channel.is_im and workspace.team.bot_user in place.channel.members
        return {
            "show": rooms.show_for(workspace, place.person),
            "person": place.person,
            "channel": place.channel,
            "thread_ts": place.thread_ts,
            "title": rooms.channel_title(workspace, place.person, place.channel),
            "hash": "" if place.channel.is_im or place.channel.is_mpim else "#",
            "seen": place.seen,
            "is_app_dm": is_app_dm,
            "tab": place.tab if is_app_dm else "messages",
            "team_name": workspace.team.name,
            "app_name": workspace.team.app_name,
            "home_tab": manifest.home_tab,
            "can_write": manifest.messages_tab or not is_app_dm,
            "partner": rooms.partner_of(workspace, place.person, place.channel),
            "gone": direct_messages.gone_partner(workspace, place.person, place.channel),
            "is_member": place.person.id in place.channel.members,
        }

    def sidebar(self, place: Place) -> Context:
        workspace = self._sandbox.workspace
        others = rooms.open_channels(workspace, place.person)
        return {
            "sections": rooms.sidebar(workspace, self.marks, place.person, place.channel.id),
            "others": others,
            "browsing": place.channel in others,
        }

    def messages(self, place: Place) -> Context:
        workspace = self._sandbox.workspace
        shown, older = rooms.newest(workspace.visible_messages(place.person, place.channel), place.since)
        name = rooms.channel_title(workspace, place.person, place.channel)
        return {
            "older": older,
            "rows": rooms.rows(workspace, place.person, shown, self._sandbox.message_states, seen=place.seen),
            "empty_title": name if place.channel.kind in ("im", "mpim") else f"#{name}",
            "empty_text": "This is the very beginning. Say something, or type / to see the commands.",
        }

    def thread(self, place: Place) -> Context:
        if not place.thread_ts:
            return {"thread_rows": [], "reply_count": 0}
        workspace = self._sandbox.workspace
        thread = workspace.visible_messages(place.person, place.channel, place.thread_ts)
        shown, older = rooms.newest(thread[1:], place.since)
        with_parent = [*thread[:1], *shown]
        return {
            "thread_rows": rooms.rows(workspace, place.person, with_parent, self._sandbox.message_states),
            "reply_count": max(0, len(thread) - 1),
            "older_replies": older,
        }

    def modals(self, place: Place) -> Context:
        views = self._sandbox.workspace.open_views(place.person.id, place.window)
        return {"views": views, "surfaces": {view.id: Surface("modal", view.id, view.values) for view in views}}

    def home(self, place: Place) -> Context:
        home = self._sandbox.workspace.home(place.person.id)
        return {"home": home, "home_surface": Surface("home", home.id, home.values) if home else None}

    def status(self, place: Place) -> Context:
        dispatch = self._sandbox.dispatch
        return {
            "connected": dispatch.connected,
            "installed": self._sandbox.team.installed,
            "events_off": dispatch.is_switched_off,
        }

    def clock(self, place: Place) -> Context:
        workspace = self._sandbox.workspace
        zone = workspace.zone_of(place.person)
        now = workspace.clock.now().astimezone(zone)
        return {
            "clock_day": f"{now:%a}",
            "clock_date": f"{now.day} {now:%b}",
            "clock_time": clock_time(now),
            "clock_epoch": int(now.timestamp()),
            "clock_input": f"{now:%Y-%m-%dT%H:%M}",
            "clock_moved": workspace.clock.moved,
            "zone": str(zone),
            "zone_place": str(zone).rpartition("/")[2].replace("_", " "),
        }

    def developer(self, place: Place) -> Context:
        return {"entries": drawer.lines(self._sandbox.journal)}

    def waiting_faults(self, place: Place) -> Context:
        return {"faults": self._sandbox.faults.waiting()}

    def frame(self, place: Place) -> Context:
        """What stands around the regions and changes only when somebody goes elsewhere."""
        manifest = self._sandbox.manifest
        workspace = self._sandbox.workspace
        data = rooms.composer_data(manifest.commands, manifest.shortcuts or ())
        members = [member for member in place.channel.members if member in workspace.people]
        return {
            "people": [] if directory.is_large(workspace) else list(directory.present_people(workspace)),
            "composer_data": json.dumps(data, ensure_ascii=False),
            "member_count": len(members),
            "bot_token": workspace.team.bot_token,
            "rate_limits": self._sandbox.limits.enabled,
            "purpose": place.channel.topic or place.channel.purpose,
        }


_REGIONS: dict[str, Callable[[Regions, Place], Context]] = {
    "sidebar": Regions.sidebar,
    "messages": Regions.messages,
    "thread": Regions.thread,
    "modals": Regions.modals,
    "home": Regions.home,
    "status": Regions.status,
    "clock": Regions.clock,
    "developer": Regions.developer,
    "faults": Regions.waiting_faults,
}
