"""A channel's name that somebody types becomes a link to it, where they can see the channel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.text import as_command_text, as_rich_text, as_sent


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.store.close()


@pytest.mark.parametrize(
    ("who", "typed", "sent"),
    [
        ("U0ANA", "see #general", "see <#C0GENERAL>"),
        ("U0ANA", "#General, #old-office. #board-", "<#C0GENERAL>, <#C0OLDOFFICE>. <#C0BOARD>-"),
        ("U0ANA", "(#general)#general", "(<#C0GENERAL>)<#C0GENERAL>"),
        ("U0TOM", "see #board", "see #board"),
        ("U0GUS", "#general #contractors", "#general <#C0CONTRACTORS>"),
        ("U0ANA", "#nowhere #1 # #-", "#nowhere #1 # #-"),
        ("U0ANA", "a#general https://x.example/a#general", "a#general https://x.example/a#general"),
        ("U0ANA", "<#C0GENERAL> <#general>", "&lt;#C0GENERAL&gt; &lt;<#C0GENERAL>&gt;"),
        ("U0ANA", "@Tom Ellis in #sales @channel", "<@U0TOM> in <#C0SALES> <!channel>"),
    ],
)  # fmt: skip
def test_a_channel_that_is_named_is_linked(sandbox: Sandbox, who: str, typed: str, sent: str) -> None:
    assert as_sent(typed, sandbox.workspace, sandbox.workspace.people[who]) == sent


def test_the_link_is_a_leaf_of_the_rich_text_beside_it(sandbox: Sandbox) -> None:
    block = as_rich_text(as_sent("in #general now", sandbox.workspace, sandbox.workspace.people["U0ANA"]), "b")
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "in "},
        {"type": "channel", "channel_id": "C0GENERAL"},
        {"type": "text", "text": " now"},
    ]


def test_a_command_gets_the_link_with_its_name_only_where_it_asks_for_that(sandbox: Sandbox) -> None:
    workspace, ana = sandbox.workspace, sandbox.workspace.people["U0ANA"]
    assert as_command_text("post in #sales", workspace, ana, should_escape=True) == "post in <#C0SALES|sales>"
    assert as_command_text("post in #sales", workspace, ana, should_escape=False) == "post in #sales"
    tom = workspace.people["U0TOM"]
    assert as_command_text("post in #board", workspace, tom, should_escape=True) == "post in #board"
