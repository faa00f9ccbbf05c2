"""What stands beside people's names, in messages beside the words, and what is said where something is switched off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.entities import Channel, Message, Person
from bot.sandbox.manifest import manifest_from
from bot.sandbox.page import page_routes
from bot.sandbox.page.regions import Place, Regions
from bot.sandbox.page.rendering import page_environment
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.uploaded import File
from tests.sandbox.page.parsing import Element, parse
from tests.sandbox.page.sample_app import MANIFEST

Client = TestClient[web.Request, web.Application]
NINE_IN_BERLIN = datetime(2031, 1, 6, 8, 0, tzinfo=UTC)
LATE_IN_BERLIN = datetime(2031, 1, 6, 22, 30, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(manifest=manifest_from(MANIFEST))
    made.clock.move_to(NINE_IN_BERLIN)
    yield made
    made.store.close()


def said_by(sandbox: Sandbox, user: str, **more: Any) -> Element:
    workspace = sandbox.workspace
    message = Message(channel="C0OPERATIONS", ts=workspace.next_ts(), user=user, text="Words", **more)
    workspace.keep_message(message)
    place = Place(workspace.people["U0ANA"], workspace.channels["C0OPERATIONS"], "", "messages")
    return parse(Regions(sandbox, page_environment()).render("messages", place)).one("li", data_ts=message.ts)


def marks(row: Element) -> list[str]:
    return [mark.attributes["aria-label"] for mark in row.all("span", role="img")]


def test_a_status_stands_beside_the_name_until_it_ends(sandbox: Sandbox) -> None:
    maria = sandbox.workspace.people["U0MARIA"]
    maria.status_emoji, maria.status_text = ":palm_tree:", "On holiday"
    assert marks(said_by(sandbox, "U0MARIA")) == ["Status: On holiday"]
    maria.status_expiration = int(NINE_IN_BERLIN.timestamp()) - 60
    assert marks(said_by(sandbox, "U0MARIA")) == []


@pytest.mark.parametrize(
    ("now", "shown"), [(NINE_IN_BERLIN, []), (LATE_IN_BERLIN, ["Do not disturb until 08:00"])], ids=["morning", "night"]
)
def test_do_not_disturb_is_shown_in_the_persons_own_night(sandbox: Sandbox, now: datetime, shown: list[str]) -> None:
    maria = sandbox.workspace.people["U0MARIA"]
    maria.dnd_start, maria.dnd_end = "22:00", "08:00"
    sandbox.clock.move_to(now)
    assert marks(said_by(sandbox, "U0MARIA")) == shown


@pytest.mark.parametrize(
    ("person", "badge"),
    [
        (Person("U1", "a", "Abe", None, deleted=True), "deactivated"),
        (Person("U1", "a", "Abe", None, is_restricted=True), "guest"),
        (Person("U1", "a", "Abe", None, is_ultra_restricted=True), "guest"),
        (Person("U1", "a", "Abe", None, is_stranger=True), "from another company"),
    ],
)
def test_who_is_not_a_member_like_others_has_a_badge(sandbox: Sandbox, person: Person, badge: str) -> None:
    sandbox.workspace.keep_person(person)
    assert badge in said_by(sandbox, "U1").text


def uploaded(sandbox: Sandbox, name: str, mimetype: str) -> str:
    file = File("F0" + name[0].upper(), name, f"Title of {name}", mimetype, 48_300, "U0MARIA", 0, "key", state="ready")
    sandbox.workspace.keep_file(file)
    return file.id


def test_a_picture_that_was_uploaded_is_seen_and_another_file_is_a_card(sandbox: Sandbox) -> None:
    files = [uploaded(sandbox, "plan.png", "image/png"), uploaded(sandbox, "figures.csv", "text/csv")]
    row = said_by(sandbox, sandbox.team.bot_user, from_bot=True, files=files)
    picture = row.one("img")
    assert picture.attributes["src"] == "/files/F0P/plan.png"
    assert picture.attributes["alt"] == "Title of plan.png"
    card = row.one("a", class_="file-card")
    assert card.attributes["href"] == "/files/F0F/figures.csv"
    assert "CSV · 48 KB" in card.text


@pytest.mark.parametrize("reference", [{"id": "F0P"}, {"url": "http://127.0.0.1:8065/files/F0P/plan.png"}])
def test_an_image_block_shows_an_uploaded_picture_by_id_or_address(sandbox: Sandbox, reference: dict[str, str]) -> None:
    uploaded(sandbox, "plan.png", "image/png")
    block = {"type": "image", "block_id": "b", "slack_file": reference, "alt_text": "The plan"}
    row = said_by(sandbox, sandbox.team.bot_user, from_bot=True, blocks=[block])
    assert row.one("img").attributes["src"] == "/files/F0P/plan.png"


def test_a_reaction_in_a_skin_tone_is_drawn_and_read_out_in_it(sandbox: Sandbox) -> None:
    button = said_by(sandbox, "U0MARIA", reactions={"muscle::skin-tone-6": ["U0ANA"]}).one(
        "button", class_="reaction mine"
    )
    assert "💪🏿" in button.text
    assert button.attributes["aria-label"] == "muscle, dark skin tone, 1"


def test_a_conversation_of_several_bears_the_names_of_the_others(sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    members = ["U0ANA", "U0MARIA", "U0TOM", workspace.team.bot_user]
    workspace.keep_channel(Channel("G1", "mpdm-x", "U0ANA", 0, members, is_mpim=True))
    place = Place(workspace.people["U0ANA"], workspace.channels["G1"], "", "messages")
    page = parse(Regions(sandbox, page_environment()).page(place).removeprefix("<!doctype html>"))
    assert page.one("h1").text.strip() == "Maria, Tom, OKR Bot"
    assert page.one("textarea", name="text").attributes["aria-label"] == "Message Maria, Tom, OKR Bot"


@pytest.mark.parametrize(
    ("switch", "tab", "words"),
    [("home_tab_enabled", "home", "The Home tab is off"), ("messages_tab_enabled", "messages", "has been turned off")],
)
def test_a_tab_that_the_manifest_switches_off_says_so(switch: str, tab: str, words: str) -> None:
    features = MANIFEST["features"] | {"app_home": MANIFEST["features"]["app_home"] | {switch: False}}  # type: ignore[operator, index]
    sandbox = Sandbox(manifest=manifest_from(MANIFEST | {"features": features}))
    place = Place(sandbox.workspace.people["U0ANA"], sandbox.workspace.dm("U0ANA"), "", tab)
    assert words in Regions(sandbox, page_environment()).page(place)
    sandbox.store.close()


def test_a_banner_says_when_the_app_was_removed_from_the_workspace(sandbox: Sandbox) -> None:
    sandbox.team.installed = False
    place = Place(sandbox.workspace.people["U0ANA"], sandbox.workspace.dm("U0ANA"), "", "messages")
    assert "OKR Bot is not installed" in Regions(sandbox, page_environment()).render("status", place)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(page_routes(sandbox))
    async with TestClient(TestServer(app)) as made:
        yield made


async def test_an_interaction_of_the_log_is_sent_again_with_a_fresh_trigger(client: Client, sandbox: Sandbox) -> None:
    old = {"type": "block_actions", "user": {"id": "U0ANA"}, "trigger_id": "old"}
    entry = sandbox.journal.note("interaction", "block_actions check_in", 0.0, old)
    answer = await client.post(f"/page/again/U0ANA?number={entry.number}")
    assert "not connected" in await answer.text()
    again = sandbox.journal.entries()[-1]
    assert again["name"] == "block_actions check_in"
    assert again["payload"]["trigger_id"] != old["trigger_id"]
    assert old["trigger_id"] == "old"
    call = sandbox.journal.note("call", "auth.test", 0.0, {})
    assert (await client.post(f"/page/again/U0ANA?number={call.number}")).status == 400
