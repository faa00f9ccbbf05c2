"""The page of the local Slack: `page_routes(sandbox)` gives its addresses to the server.

`/client/<person>/<channel>` is the page as that person sees it, so two windows can be two people. `/page/<region>/...`
is one region of it, which the script swaps in when the workspace says that something changed.
"""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from pathlib import Path

from aiohttp import web

from bot.sandbox import files
from bot.sandbox.control.registry import WINDOW
from bot.sandbox.entities import Channel, Json, Person
from bot.sandbox.errors import ControlError
from bot.sandbox.page import directory, drawer
from bot.sandbox.page.regions import Place, Regions
from bot.sandbox.page.rendering import page_environment
from bot.sandbox.reading import parse_json
from bot.sandbox.sandbox import Sandbox

TS = re.compile(r"\d+\.\d+")
STATIC = Path(__file__).parent / "static"

# Block Kit pictures may come from anywhere; everything else only from this server.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' https: http: data:; object-src 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def page_routes(sandbox: Sandbox) -> list[web.RouteDef]:
    """Everything the page needs beside the control API."""
    page = _Page(sandbox)
    return [
        web.get("/", page.entrance),
        web.get("/client/{person}", page.entrance),
        web.get("/client/{person}/{channel}", page.whole),
        web.get("/page/{region}/{person}/{channel}", page.region),
        web.post("/page/read/{person}/{channel}", page.mark_read),
        web.post("/page/upload/{person}", page.upload),
        web.post("/page/again/{person}", page.send_again),
        web.post("/page/dismiss/{person}/{channel}", page.dismiss),
        web.get("/page/find/{person}", page.find),
        web.get("/static/page/{name}", static_file),
    ]


async def static_file(request: web.Request) -> web.StreamResponse:
    """A stylesheet or script; asked for again each time and answered 304 while it is unchanged."""
    path = STATIC / request.match_info["name"]
    if path.parent != STATIC or not path.is_file():
        raise web.HTTPNotFound(text="There is no such file.")
    return web.FileResponse(path, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers=SECURITY_HEADERS)


def _window(request: web.Request) -> str:
    named = request.query.get("window", "")
    return named if WINDOW.fullmatch(named) else ""


def _filter(written: str) -> Json:
    """The filter of a select of conversations as its element has it."""
    try:
        wanted = parse_json(written) if written else {}
    except ValueError:
        wanted = None
    if not isinstance(wanted, dict) or not isinstance(wanted.get("include") or [], list):
        raise web.HTTPBadRequest(text="This is no filter of conversations.")
    return wanted


class _Page:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._regions = Regions(sandbox, page_environment())

    async def entrance(self, request: web.Request) -> web.StreamResponse:
        """Go to the person's DM with the app; without a person, as whoever the page opens as."""
        workspace = self._sandbox.workspace
        named = request.match_info.get("person")
        person = self._person(named) if named else workspace.opens_as()
        asked = f"?{request.query_string}" if request.query_string else ""
        raise web.HTTPFound(f"/client/{person.id}/{workspace.dm(person.id).id}{asked}")

    async def whole(self, request: web.Request) -> web.StreamResponse:
        """The page as one person sees one channel."""
        place = self._place(request)
        if place is None:
            # Somebody else was looking at a channel this person cannot see.
            raise web.HTTPFound(f"/client/{request.match_info['person']}")
        if place.tab == "home":
            return _html(self._regions.page(place))
        marks, reader = self._regions.marks, (place.person.id, place.channel.id)
        seen = marks.last_read(*reader) if marks.unread(*reader) else ""
        page = self._regions.page(replace(place, seen=seen))
        self._mark_read(place)
        return _html(page)

    async def region(self, request: web.Request) -> web.StreamResponse:
        """One region of that page."""
        place = self._place(request)
        name = request.match_info["region"]
        if place is None or name not in self._regions.names():
            raise web.HTTPNotFound(text="There is nothing here.")
        return _html(self._regions.render(name, place))

    async def mark_read(self, request: web.Request) -> web.StreamResponse:
        """The person has the channel's end on the screen."""
        place = self._place(request)
        if place is None:
            raise web.HTTPNotFound(text="There is no such channel.")
        return web.json_response({"changed": self._mark_read(place)})

    async def find(self, request: web.Request) -> web.StreamResponse:
        """Type-ahead: `kind` (people, mentions, channels, places) and `q`, what was typed; at most twenty answers."""
        person, kind = self._person(request.match_info["person"]), request.query.get("kind", "")
        if kind not in directory.KINDS_FOUND:
            raise web.HTTPNotFound(text="There is nothing of this kind to find.")
        wanted = _filter(request.query.get("filter", ""))
        found = directory.find(self._sandbox.workspace, person, kind, request.query.get("q", ""), wanted)
        return web.json_response({"found": [asdict(one) for one in found]})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Keep the body as a file of this person called `name`; answers Slack's file object, ready to be sent."""
        person, content = self._person(request.match_info["person"]), await request.read()
        name = request.query.get("name", "").strip()
        if not name or not content:
            raise web.HTTPBadRequest(text="A file has a name and is not empty.")
        workspace = self._sandbox.workspace
        file = files.expect(self._sandbox, name, len(content), "")
        files.receive(self._sandbox, file.upload_key, content)
        file.user, file.state = person.id, "ready"
        workspace.keep_file(file)
        return web.json_response(file.as_slack(workspace.team, self._sandbox.base_url, workspace.channels))

    async def send_again(self, request: web.Request) -> web.StreamResponse:
        """Send entry `number` of the log to the app again; the answer is what went wrong, or nothing."""
        number = request.query.get("number", "")
        try:
            failure = await drawer.send_again(self._sandbox, int(number) if number.isdecimal() else 0, _window(request))
        except ControlError as refusal:
            raise web.HTTPBadRequest(text=str(refusal)) from refusal
        return web.Response(text=failure or "")

    async def dismiss(self, request: web.Request) -> web.StreamResponse:
        """Take a note that only this person sees off the screen."""
        person = self._person(request.match_info["person"])
        note = self._sandbox.workspace.ephemerals.get(request.query.get("ts", ""))
        if note is None or note.only_for != person.id:
            raise web.HTTPNotFound(text="There is no such note.")
        self._sandbox.workspace.remove_message(note)
        return web.json_response({"ok": True})

    def _mark_read(self, place: Place) -> bool:
        """Everything is read; the person's windows on other channels hear of it, also one that opened just before."""
        changed = self._regions.marks.mark(place.person.id, place.channel.id)
        if changed:
            self._sandbox.notices.send("read", audience={place.person.id}, channel=place.channel.id)
        return changed

    def _person(self, named: str) -> Person:
        person = self._sandbox.workspace.people.get(named)
        if person is None or person.is_bot or person.deleted:
            raise web.HTTPNotFound(text="There is nobody with this id in the workspace.")
        return person

    def _place(self, request: web.Request) -> Place | None:
        workspace = self._sandbox.workspace
        person = self._person(request.match_info["person"])
        channel: Channel | None = workspace.channels.get(request.match_info["channel"])
        if channel is None or not workspace.can_see(person, channel):
            return None
        thread = request.query.get("thread", "")
        tab = request.query.get("tab", "messages")
        seen, since = request.query.get("seen", ""), request.query.get("since", "")
        return Place(
            person,
            channel,
            thread if TS.fullmatch(thread) else "",
            tab if tab in ("home", "messages") else "messages",
            seen if TS.fullmatch(seen) else "",
            since if TS.fullmatch(since) else "",
            _window(request),
        )
