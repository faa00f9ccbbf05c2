"""What a select of conversations offers: what the person sees, as far as the filter lets it through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox import direct_messages, submissions, views
from bot.sandbox.entities import Channel
from bot.sandbox.offered import named, offers
from bot.sandbox.page import rooms
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import manifest
from tests.sandbox.samples.driving import Listening, words

Json = dict[str, Any]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(manifest=manifest())
    workspace = made.workspace
    workspace.dm("U0ANA")
    for users in (["U0ANA", "U0TOM"], ["U0ANA", "U0TOM", "U0MARIA"], ["U0TOM", "U0MARIA"]):
        direct_messages.between(workspace, users, creator=users[0])
    workspace.keep_channel(Channel("C0SHARED", "with-contoso", "U0ANA", 0, ["U0ANA"], is_ext_shared=True))
    yield made
    made.store.close()


def offered(sandbox: Sandbox, who: str = "U0ANA", **wanted: Any) -> list[str]:
    return [one.name for one in offers(sandbox.workspace, sandbox.workspace.people[who], wanted)]


OTHERS = ["Maria Weber", "Jonas Keller", "Priya Nair", "Yuki Sato"]
PUBLIC = ["#contractors", "#general", "#operations", "#sales", "#with-contoso"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"include": ["public"]}, PUBLIC),
        ({"include": ["public"], "exclude_external_shared_channels": True}, PUBLIC[:-1]),
        ({"include": ["private"]}, ["#board"]),
        ({"include": ["mpim"]}, ["Tom, Maria"]),
        ({"include": ["im"]}, ["OKR Bot", "Tom Ellis", *OTHERS]),
        ({"include": ["im"], "exclude_bot_users": True}, ["Tom Ellis", *OTHERS]),
        ({"include": ["private", "mpim"]}, ["#board", "Tom, Maria"]),
    ],
)  # fmt: skip
def test_the_filter_decides_what_is_offered(sandbox: Sandbox, wanted: Json, expected: list[str]) -> None:
    sandbox.team.app_name = sandbox.workspace.bot.real_name = "OKR Bot"
    assert offered(sandbox, **wanted) == expected


def test_without_a_filter_everything_the_person_sees_is_offered(sandbox: Sandbox) -> None:
    everything = offered(sandbox)
    assert {"#board", "Tom, Maria", "Tom Ellis", "#with-contoso", "Maria Weber"} <= set(everything)
    assert not {"#old-office", "Ana Torres", "Slackbot", "Olaf Brandt"} & set(everything)
    assert offered(sandbox, "U0GUS") == ["#contractors", "Jonas Keller"]


def test_a_direct_message_is_chosen_by_its_id_and_a_person_without_one_by_theirs(sandbox: Sandbox) -> None:
    ids = {
        one.name: one.id for one in offers(sandbox.workspace, sandbox.workspace.people["U0ANA"], {"include": ["im"]})
    }
    assert ids["Tom Ellis"].startswith("D")
    assert ids["Maria Weber"] == "U0MARIA"


def test_what_is_chosen_already_is_shown_though_the_filter_would_not_offer_it(sandbox: Sandbox) -> None:
    workspace, ana = sandbox.workspace, sandbox.workspace.people["U0ANA"]
    show = rooms.show_for(workspace, ana)
    element = {"type": "conversations_select", "filter": {"include": ["private"]}}
    choices = show.choices(element, {"selected_conversation": "C0GENERAL"})
    assert [(one.value, one.chosen) for one in choices] == [("C0GENERAL", True), ("C0BOARD", False)]
    foreign = direct_messages.find(workspace, ["U0TOM", "U0MARIA"])
    assert foreign is not None
    assert named(workspace, ana, foreign.id) is None


def test_a_select_of_channels_offers_public_ones_only(sandbox: Sandbox) -> None:
    show = rooms.show_for(sandbox.workspace, sandbox.workspace.people["U0ANA"])
    assert [str(one.label) for one in show.choices({"type": "channels_select"}, {})] == PUBLIC


def modal(**more: Any) -> Json:
    element = {"type": "conversations_select", "action_id": "where", "default_to_current_conversation": True, **more}
    blocks = [{"type": "input", "block_id": "b", "label": words("Where"), "element": element}]
    return {"type": "modal", "title": words("Where"), "submit": words("Send"), "blocks": blocks}


@pytest.mark.parametrize(("include", "filled"), [(["private"], "C0BOARD"), (["public"], None)])
def test_the_current_conversation_is_filled_in_only_where_the_filter_offers_it(
    sandbox: Sandbox, include: list[str], filled: str | None
) -> None:
    trigger = sandbox.tickets.issue_trigger("U0ANA", channel="C0BOARD")
    view = views.open_modal(sandbox, trigger, modal(filter={"include": include}))
    assert view.values["b"]["where"]["selected_conversation"] == filled


async def test_a_response_url_for_a_person_leads_to_the_direct_message_with_them(sandbox: Sandbox) -> None:
    app = Listening()
    sandbox.dispatch.transports.insert(0, app)
    view = views.open_modal(sandbox, sandbox.tickets.issue_trigger("U0ANA"), modal(response_url_enabled=True))
    await submissions.submit(sandbox, sandbox.workspace.people["U0ANA"], view.id, {"b": "U0MARIA"})
    sent = sandbox.journal.entries(kind="interaction")[-1]["payload"]["response_urls"][0]
    channel = sandbox.workspace.channels[sent["channel_id"]]
    assert set(channel.members) == {"U0ANA", "U0MARIA"}
