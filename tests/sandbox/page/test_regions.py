"""What a person sees on the page: their own channels, names, zone, unread marks and private notes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox import messages
from bot.sandbox.entities import Message, Person, View
from bot.sandbox.manifest import manifest_from
from bot.sandbox.page import page_routes
from bot.sandbox.page.read_marks import ReadMarks
from bot.sandbox.page.regions import Place, Regions
from bot.sandbox.page.rendering import page_environment
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.page.parsing import Element, parse
from tests.sandbox.page.sample_app import MANIFEST, check_in_view

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(manifest=manifest_from(MANIFEST))
    yield made
    made.store.close()


def say(sandbox: Sandbox, user: str, text: str, channel: str = "C0OPERATIONS", **more: object) -> Message:
    message = Message(channel=channel, ts=sandbox.workspace.next_ts(), user=user, text=text, **more)  # type: ignore[arg-type]
    sandbox.workspace.keep_message(message)
    return message


def region(
    sandbox: Sandbox, name: str, user: str = "U0ANA", channel: str = "C0OPERATIONS", thread: str = ""
) -> Element:
    place = Place(sandbox.workspace.people[user], sandbox.workspace.channels[channel], thread, "messages")
    return parse(Regions(sandbox, page_environment()).render(name, place))


def test_a_message_shows_who_what_and_when_in_the_readers_zone(sandbox: Sandbox) -> None:
    sandbox.clock.move_to(datetime(2031, 1, 6, 8, 5, tzinfo=UTC))
    message = say(sandbox, "U0MARIA", "Good *morning*")
    for user, time in (("U0ANA", "09:05"), ("U0PRIYA", "13:35")):
        shown = region(sandbox, "messages", user).one("li", data_ts=message.ts)
        assert shown.one("strong", class_="author").text == "Maria"
        assert shown.all("time")[-1].text == time
        assert "Good morning" in shown.text


def test_messages_of_one_person_within_minutes_stand_under_one_name(sandbox: Sandbox) -> None:
    first, second = say(sandbox, "U0MARIA", "One"), say(sandbox, "U0MARIA", "Two")
    other = say(sandbox, "U0JONAS", "Three")
    page = region(sandbox, "messages")
    follows = {
        ts: "follows" in page.one("li", data_ts=ts).attributes["class"] for ts in (first.ts, second.ts, other.ts)
    }
    assert list(follows.values()) == [False, True, False]


def test_a_private_note_is_seen_by_one_person_only(sandbox: Sandbox) -> None:
    note = say(sandbox, sandbox.team.bot_user, "Just you", only_for="U0ANA", from_bot=True)
    shown = region(sandbox, "messages").one("li", data_ts=note.ts)
    assert "Only visible to you" in shown.text
    assert not region(sandbox, "messages", "U0MARIA").all("li", data_ts=note.ts)


def test_reactions_are_counted_and_ones_own_is_marked(sandbox: Sandbox) -> None:
    message = say(sandbox, "U0MARIA", "Done", reactions={"tada": ["U0ANA", "U0JONAS"]})
    for user, pressed in (("U0ANA", "true"), ("U0MARIA", "false")):
        button = region(sandbox, "messages", user).one("li", data_ts=message.ts).one("button", data_react="tada")
        assert button.attributes["aria-pressed"] == pressed
        assert button.attributes["aria-label"] == "tada, 2"
        assert "Ana, Jonas" in button.attributes["title"]


def test_replies_stand_in_the_thread_and_are_counted_in_the_channel(sandbox: Sandbox) -> None:
    parent = say(sandbox, "U0MARIA", "Question")
    reply = say(sandbox, "U0JONAS", "Answer", thread_ts=parent.ts)
    channel, thread = region(sandbox, "messages"), region(sandbox, "thread", thread=parent.ts)
    assert not channel.all("li", data_ts=reply.ts)
    assert "1 reply" in channel.one("button", data_open_thread=parent.ts, class_="replies").text
    assert thread.one("li", data_ts=reply.ts).one("strong", class_="author").text == "Jonas"


def test_a_deleted_message_with_replies_leaves_a_line_in_its_place(sandbox: Sandbox) -> None:
    parent = say(sandbox, "U0MARIA", "Question")
    reply = say(sandbox, "U0JONAS", "Answer", thread_ts=parent.ts)
    messages.delete(sandbox, parent)
    row = region(sandbox, "messages").one("li", data_ts=parent.ts)
    assert "This message was deleted." in row.text
    assert "Question" not in row.text
    assert row.one("button", class_="replies")
    assert not row.all("div", class_="tools")
    assert "This message was deleted." in region(sandbox, "thread", thread=parent.ts).text
    messages.delete(sandbox, reply)
    assert not region(sandbox, "messages").all("li", data_ts=parent.ts)


def test_an_edited_message_says_so(sandbox: Sandbox) -> None:
    message = say(sandbox, "U0MARIA", "Frist")
    assert "(edited)" not in region(sandbox, "messages").text
    message.edited_ts = sandbox.workspace.next_ts()
    assert "(edited)" in region(sandbox, "messages").text


def test_unread_messages_are_counted_until_the_channel_is_read_also_after_a_restart(sandbox: Sandbox) -> None:
    marks = ReadMarks(sandbox.workspace)
    say(sandbox, "U0MARIA", "One")
    say(sandbox, "U0ANA", "My own")
    say(sandbox, "U0MARIA", "Two")
    assert marks.unread("U0ANA", "C0OPERATIONS") == 2
    link = region(sandbox, "sidebar", channel="C0GENERAL").one("a", data_channel_link="C0OPERATIONS")
    assert "unread" in link.attributes["class"]
    assert "2 unread" in link.text
    assert marks.mark("U0ANA", "C0OPERATIONS") is True
    assert marks.mark("U0ANA", "C0OPERATIONS") is False
    assert ReadMarks(sandbox.workspace).unread("U0ANA", "C0OPERATIONS") == 0
    assert ReadMarks(sandbox.workspace).unread("U0JONAS", "C0OPERATIONS") == 3


def test_the_sidebar_lists_only_what_the_person_may_see(sandbox: Sandbox) -> None:
    def names(user: str) -> list[str]:
        return [link.one("span", class_="name").text for link in region(sandbox, "sidebar", user, "C0GENERAL").all("a")]

    assert "board" in names("U0ANA")
    assert "board" not in names("U0TOM")
    assert "OKR Bot" in names("U0TOM")


def test_a_modal_is_a_named_dialog_with_its_own_submit_text(sandbox: Sandbox) -> None:
    view = View("V1", "modal", "U0ANA", check_in_view(), "h", "V1")
    sandbox.workspace.keep_view(view)
    sandbox.workspace.keep_stack("U0ANA", ["V1"])
    dialog = region(sandbox, "modals").one("dialog")
    assert (dialog.attributes["role"], dialog.attributes["aria-label"]) == ("dialog", "Check in")
    assert dialog.one("button", data_submit="").text == "Send"
    assert dialog.all("button", data_close_view="")[-1].text == "Cancel"
    assert not region(sandbox, "modals", "U0MARIA").all("dialog")


def test_a_banner_says_when_the_app_is_not_connected(sandbox: Sandbox) -> None:
    assert "OKR Bot is not connected" in region(sandbox, "status").text


def test_the_clock_is_shown_in_the_persons_zone(sandbox: Sandbox) -> None:
    sandbox.clock.move_to(datetime(2031, 1, 6, 8, 5, tzinfo=UTC))
    assert "Mon 6 Jan 09:05 Madrid" in " ".join(region(sandbox, "clock").text.split())
    assert "13:35 Kolkata" in " ".join(region(sandbox, "clock", "U0PRIYA").text.split())


def test_the_drawer_shows_what_was_sent_and_what_came_back(sandbox: Sandbox) -> None:
    entry = sandbox.journal.note("call", "chat.postMessage", 0.0, {"channel": "<b>"})
    entry.answer, entry.ms = {"ok": False, "error": "channel_not_found"}, 1.4
    shown = region(sandbox, "developer").one("details")
    assert "bad" in shown.attributes["class"]
    assert all(words in shown.text for words in ("API call", "chat.postMessage", "channel_not_found", "1 ms", "<b>"))


def test_a_long_channel_shows_its_newest_messages_and_the_older_ones_on_demand(sandbox: Sandbox) -> None:
    said = [say(sandbox, "U0MARIA", f"Number {number}").ts for number in range(450)]
    person, channel = sandbox.workspace.people["U0ANA"], sandbox.workspace.channels["C0OPERATIONS"]

    def shown(since: str = "") -> tuple[list[str], str]:
        place = Place(person, channel, "", "messages", since=since)
        page = parse(Regions(sandbox, page_environment()).render("messages", place))
        buttons = page.all("button", class_="btn")
        older = next((button.attributes["data-older"] for button in buttons if "data-older" in button.attributes), "")
        return [row.attributes["data-ts"] for row in page.all("li") if "data-ts" in row.attributes], older

    newest, older = shown()
    assert newest == said[-200:]
    more, oldest = shown(older)
    assert more == said[-400:]
    assert shown(oldest) == (said, "")


def test_a_long_thread_keeps_its_first_message_above_the_newest_replies(sandbox: Sandbox) -> None:
    parent = say(sandbox, "U0MARIA", "Question")
    replies = [say(sandbox, "U0JONAS", f"Answer {number}", thread_ts=parent.ts).ts for number in range(230)]
    thread = region(sandbox, "thread", thread=parent.ts)
    assert [row.attributes["data-ts"] for row in thread.all("li") if "data-ts" in row.attributes] == [
        parent.ts, *replies[-200:]
    ]  # fmt: skip
    assert "230 replies" in thread.text
    assert "Show older replies" in thread.text


def crowd(sandbox: Sandbox, many: int) -> None:
    for number in range(many):
        person = Person(f"U1{number:06d}", f"p{number}", f"Person Number{number}", "Europe/Berlin")
        sandbox.workspace.people[person.id] = person


def test_in_a_large_workspace_people_are_looked_up_and_the_page_stays_small(sandbox: Sandbox) -> None:
    crowd(sandbox, 10_000)
    place = Place(sandbox.workspace.people["U0ANA"], sandbox.workspace.channels["C0GENERAL"], "", "messages")
    text = Regions(sandbox, page_environment()).page(place)
    assert len(text) < 120_000
    page = parse(text.removeprefix("<!doctype html>"))
    switcher = page.one("input", id="you-are")
    assert (switcher.attributes["role"], switcher.attributes["value"]) == ("combobox", "Ana Torres")
    chosen = View("V1", "modal", "U0ANA", {"title": {"text": "Owner"}, "blocks": [
        {"type": "input", "block_id": "b", "label": {"text": "Owner"},
         "element": {"type": "users_select", "action_id": "a", "initial_user": "U1009999"}}]}, "h", "V1")  # fmt: skip
    sandbox.workspace.keep_view(chosen)
    sandbox.workspace.keep_stack("U0ANA", ["V1"])
    owner = region(sandbox, "modals").one("input", role="combobox")
    assert (owner.attributes["value"], owner.attributes["data-chosen"]) == ("Person Number9999", "U1009999")


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(page_routes(sandbox))
    async with TestClient(TestServer(app)) as made:
        yield made


async def test_the_front_door_opens_the_dm_with_the_app_as_the_person_the_page_opens_as(client: Client) -> None:
    answer = await client.get("/", allow_redirects=False)
    assert answer.headers["Location"] == "/client/U0ANA/D0ANA"


async def test_the_front_door_opens_for_somebody_else_once_that_person_has_left(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.workspace.person("U0ANA").deleted = True
    answer = await client.get("/", allow_redirects=False)
    person = answer.headers["Location"].split("/")[2]
    assert person != "U0ANA"
    assert not sandbox.workspace.person(person).deleted


async def test_a_channel_that_a_person_cannot_see_leads_back_to_their_own(client: Client) -> None:
    answer = await client.get("/client/U0TOM/C0BOARD", allow_redirects=False)
    assert answer.headers["Location"] == "/client/U0TOM"
    assert (await client.get("/page/messages/U0TOM/C0BOARD")).status == 404
    assert (await client.get("/client/U0NOBODY/C0GENERAL")).status == 404
    assert (await client.get("/page/nonsense/U0ANA/C0GENERAL")).status == 404


async def test_the_whole_page_is_there_at_once_and_may_run_only_its_own_scripts(client: Client) -> None:
    answer = await client.get("/client/U0MARIA/C0GENERAL")
    page = parse((await answer.text()).removeprefix("<!doctype html>"))
    assert page.one("label", for_="you-are").text == "You are"
    assert [option.text for option in page.one("select", id="you-are").all("option", selected="")] == ["Maria Weber"]
    assert "a new week" in page.one("ol", data_region="messages").text
    assert page.one("textarea", name="text").attributes["aria-label"] == "Message #general"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert all(script.attributes["src"].startswith("/static/page/") for script in page.all("script"))


async def test_static_files_are_checked_and_not_sent_twice(client: Client) -> None:
    first = await client.get("/static/page/main.js")
    assert first.status == 200
    again = await client.get("/static/page/main.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    for path in ("/static/page/..%2f__init__.py", "/static/page/none.js"):
        assert (await client.get(path)).status == 404


async def test_a_private_note_can_be_dismissed_by_its_reader_only(client: Client, sandbox: Sandbox) -> None:
    note = say(sandbox, sandbox.team.bot_user, "Just you", only_for="U0ANA", from_bot=True)
    assert (await client.post(f"/page/dismiss/U0MARIA/C0OPERATIONS?ts={note.ts}")).status == 404
    assert (await client.post(f"/page/dismiss/U0ANA/C0OPERATIONS?ts={note.ts}")).status == 200
    assert not sandbox.workspace.ephemerals


async def test_what_came_since_the_last_visit_stands_under_a_line(client: Client, sandbox: Sandbox) -> None:
    say(sandbox, "U0MARIA", "Known")
    address = "/client/U0ANA/C0OPERATIONS"
    assert "new-line" not in await (await client.get(address)).text()
    known = sandbox.workspace.timeline("C0OPERATIONS").roots[-1]
    say(sandbox, "U0MARIA", "News")
    opened = parse((await (await client.get(address)).text()).removeprefix("<!doctype html>"))
    assert opened.one("body").attributes["data-seen"] == known
    rows = opened.one("ol", data_region="messages").all("li")
    assert [row.attributes["class"].split()[0] for row in rows[-3:]] == ["message", "new-line", "message"]
    assert "new-line" in await (await client.get(f"/page/messages/U0ANA/C0OPERATIONS?seen={known}")).text()
    assert "new-line" not in await (await client.get(address)).text()


async def test_reading_a_channel_takes_its_mark_away(client: Client, sandbox: Sandbox) -> None:
    messages.post(sandbox, Message("C0GENERAL", sandbox.workspace.next_ts(), "U0MARIA", "News"))
    assert "unread" in await (await client.get("/page/sidebar/U0ANA/C0OPERATIONS")).text()
    await client.post("/page/read/U0ANA/C0GENERAL")
    assert "unread" not in await (await client.get("/page/sidebar/U0ANA/C0OPERATIONS")).text()


@pytest.mark.parametrize(
    ("kind", "typed", "found"),
    [
        ("people", "mar", ["Maria Weber"]),
        ("people", "WEB m", ["Maria Weber"]),
        ("people", "okr", []),
        ("people", "olaf", []),
        ("mentions", "okr", ["OKR Bot"]),
        ("channels", "#op", ["#operations"]),
        ("channels", "old", []),
        ("channels", "board", []),
        ("places", "g", ["#general"]),
        ("places", "s", ["#sales", "Yuki Sato"]),
        ("recipients", "t", ["Ana Torres"]),
        ("recipients", "okr", ["OKR Bot"]),
    ],
)
async def test_people_and_channels_are_found_by_the_beginnings_of_their_names(
    client: Client, kind: str, typed: str, found: list[str]
) -> None:
    answer = await client.get("/page/find/U0TOM", params={"kind": kind, "q": typed})
    assert [one["name"] for one in (await answer.json())["found"]] == found
    assert (await client.get("/page/find/U0TOM", params={"kind": "secrets"})).status == 404


async def test_a_filter_narrows_what_is_found(client: Client) -> None:
    query = {"kind": "places", "q": "s", "filter": '{"include": ["public"]}'}
    answer = await client.get("/page/find/U0TOM", params=query)
    assert [one["name"] for one in (await answer.json())["found"]] == ["#sales"]
    for wrong in ("{", "[]", '{"include": 3}'):
        assert (await client.get("/page/find/U0TOM", params=query | {"filter": wrong})).status == 400


async def test_type_ahead_answers_a_few_of_many(client: Client, sandbox: Sandbox) -> None:
    crowd(sandbox, 300)
    answer = await client.get("/page/find/U0ANA", params={"kind": "people", "q": "number2"})
    names = [one["name"] for one in (await answer.json())["found"]]
    assert len(names) == 20
    assert all("Number2" in name for name in names)
