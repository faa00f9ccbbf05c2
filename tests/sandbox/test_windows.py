"""A modal opens in the browser window somebody clicked in, and every window has modals of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import interactions, places, submissions, views
from bot.sandbox.entities import View
from bot.sandbox.errors import ControlError, Refused
from bot.sandbox.sandbox import Sandbox
from tests.local_slack import LocalSlackError
from tests.sandbox.conftest import Running, manifest
from tests.sandbox.samples.driving import Listening, words

Json = dict[str, Any]


def form(title: str) -> Json:
    button = {"type": "button", "action_id": "more", "text": words("More")}
    blocks = [{"type": "actions", "block_id": "row", "elements": [button]}]
    return {"type": "modal", "title": words(title), "submit": words("Send"), "blocks": blocks}


class Two:
    """Ana with two windows."""

    def __init__(self, folder: Path) -> None:
        self.app = Listening()
        self.sandbox = Sandbox(data=folder, manifest=manifest())
        self.sandbox.dispatch.transports.insert(0, self.app)
        self.ana = self.sandbox.workspace.people["U0ANA"]

    async def command(self, window: str) -> str:
        """Run a command in a window; answers the trigger."""
        channel = self.sandbox.workspace.dm("U0ANA")
        await interactions.run_command(self.sandbox, self.ana, channel, "/okr", "", window=window)
        return self.trigger()

    def trigger(self) -> str:
        return str(self.sandbox.journal.entries(kind="interaction")[-1]["payload"]["trigger_id"])

    def open(self, trigger: str, title: str) -> View:
        return views.open_modal(self.sandbox, trigger, form(title))

    def titles(self, window: str | None = None) -> list[str]:
        shown = self.sandbox.workspace.open_views("U0ANA", window)
        return [str(view.body["title"]["text"]) for view in shown]


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    made = Two(tmp_path)
    yield made
    await made.sandbox.close()


async def test_each_window_shows_the_modal_its_own_command_opened(two: Two) -> None:
    two.open(await two.command("left"), "Left")
    two.open(await two.command("right"), "Right")
    assert (two.titles("left"), two.titles("right")) == (["Left"], ["Right"])
    assert two.titles() == ["Left", "Right"]
    two.open(await two.command("left"), "Left again")
    assert (two.titles("left"), two.titles("right")) == (["Left again"], ["Right"])
    assert two.titles() == ["Right", "Left again"]


async def test_a_click_in_a_modal_pushes_onto_it_and_sending_closes_that_window_alone(two: Two) -> None:
    left = two.open(await two.command("left"), "Left")
    right = two.open(await two.command("right"), "Right")
    await interactions.press(two.sandbox, two.ana, places.in_view(two.sandbox, two.ana, left.id), "more")
    above = views.push_modal(two.sandbox, two.trigger(), form("Above"))
    assert (above.window, above.root_view_id) == ("left", left.id)
    assert (two.titles("left"), two.titles("right")) == (["Left", "Above"], ["Right"])
    with pytest.raises(ControlError, match="on top"):
        places.in_view(two.sandbox, two.ana, left.id)
    await submissions.submit(two.sandbox, two.ana, right.id)
    assert (two.titles("left"), two.titles("right")) == (["Left", "Above"], [])
    await submissions.close(two.sandbox, two.ana, above.id, everything=True)
    assert two.titles() == []
    with pytest.raises(Refused, match="not_found"):
        views.push_modal(two.sandbox, two.sandbox.tickets.issue_trigger("U0ANA", from_modal=left.id), form("Late"))


async def test_buttons_on_home_and_shortcuts_open_in_their_window_too(two: Two) -> None:
    views.publish_home(two.sandbox, two.ana, {"type": "home", "blocks": form("x")["blocks"]}, None)
    place = places.in_home(two.sandbox, two.ana)
    await interactions.press(two.sandbox, two.ana, places.Place(**{**vars(place), "window": "left"}), "more")
    assert two.open(two.trigger(), "From Home").window == "left"
    await interactions.use_shortcut(two.sandbox, two.ana, "check_in", window="right")
    assert two.open(two.trigger(), "From a shortcut").window == "right"


async def test_a_modal_of_no_known_window_is_shown_in_all(two: Two) -> None:
    two.open(await two.command(""), "Anywhere")
    two.open(await two.command("left"), "Left")
    assert two.titles("left") == ["Anywhere", "Left"]
    assert two.titles("right") == ["Anywhere"]


async def test_modals_of_windows_long_gone_are_forgotten_and_the_others_survive_a_restart(
    two: Two, tmp_path: Path
) -> None:
    for number in range(views.MOST_WINDOWS + 2):
        two.open(await two.command(f"w{number}"), f"Modal {number}")
    assert two.titles("w0") == two.titles("w1") == []
    assert len(two.titles()) == len(two.sandbox.workspace.views) == views.MOST_WINDOWS
    again = Sandbox(data=tmp_path)
    assert [view.body["title"]["text"] for view in again.workspace.open_views("U0ANA", "w7")] == ["Modal 7"]
    again.store.close()


def test_a_window_is_named_plainly(slack: Running) -> None:
    with pytest.raises(LocalSlackError, match="up to 40 letters"):
        slack.post("command", user="ana", command="/okr", window="U0TOM/x")
