"""`/okr list` and `/okr show` through the real Bolt app, with texts and sizes that nobody wishes for.

Every answer is held against Slack's limits as the local Slack enforces them, against pings and our own house rules.
"""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.slack import ids
from bot.slack.views import Message
from bot.store.session import Session
from bot.store.tables import CheckIn, KeyResult, Member, Objective, Submission, Team, Workspace
from tests.slack.hostile import HOSTILE_TEXTS
from tests.slack.listeners.desk import Desk, desk_on, eventually
from tests.slack.reading import element, problems_of, read
from tests.usecases.world import LONG_AGO, PROMPTED, World, company, world_on

MANY = 3_000
FILTERS = ("", "at risk", "stale", "missing", "all")
TEXTS = {name: text.encode("utf-8", "ignore").decode().replace("\x00", "") for name, text in HOSTILE_TEXTS.items()}
"""What a database can hold at all."""


@pytest.fixture
def lumen(sqlite_url: str) -> Iterator[World]:
    with world_on(sqlite_url) as world:
        company(world)
        for owner in ("U0ANA", "U0ANA", "U0BO"):
            world.key_result(owner, "Growth")
        world.key_result("U0OLU", "Quiet")
        yield world


@pytest.fixture
async def desk(lumen: World) -> AsyncIterator[Desk]:
    async with desk_on(lumen, PROMPTED) as made:
        yield made


async def _answer(desk: Desk, body: dict[str, Any]) -> Message:
    before = len(desk.slack.made("response"))
    await desk.send(body)
    await eventually(lambda: len(desk.slack.made("response")) > before, "an answer")
    told = desk.slack.made("response")[-1]
    found = Message(told["text"], told["blocks"])
    assert problems_of(found) == []
    return found


async def _typed(desk: Desk, text: str, user: str = "U0ANA") -> Message:
    return await _answer(desk, desk.command(text, user=user))


async def _pressed(desk: Desk, shown: Message, action_id: str, user: str = "U0ANA") -> Message:
    value = element(shown, action_id)["value"]
    return await _answer(desk, desk.press(action_id, value, user=user))


def _written_everywhere(session: Session, text: str) -> None:
    """Every word that people can write, as an import or a form of old might have left it."""
    for table, names in (
        (Workspace, ("name",)), (Team, ("name",)), (Member, ("name",)), (Objective, ("title", "why")),
        (KeyResult, ("title", "unit")),
    ):  # fmt: skip
        for row in session.query(table):
            for name in names:
                setattr(row, name, text)


def _said_often(session: Session, world: World, note: str, times: int) -> None:
    author = world.members["U0ANA"]
    key_result = session.query(KeyResult).filter_by(number=1).one()
    for at in range(times):
        moment = PROMPTED - timedelta(hours=times - at)
        submission = Submission(
            workspace_id=world.workspace_id, member_id=author, source="modal", submitted_at=moment
        )  # fmt: skip
        session.add(submission)
        session.flush()
        session.add(
            CheckIn(
                workspace_id=world.workspace_id, submission_id=submission.id, key_result_id=key_result.id,
                author_id=author, recorded_at=moment, as_of=moment, version=1, value=Decimal(10**15 + at), note=note,
                confidence=at % 11,
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["pings and marks", "one long word", "only brackets", "turning marks", "emoji", "nothing"]
)
async def test_whatever_is_written_lists_and_details_reach_slack_and_ping_nobody(desk: Desk, kind: str) -> None:
    def work(session: Session) -> None:
        _written_everywhere(session, TEXTS[kind])
        _said_often(session, desk.world, TEXTS[kind], 20)

    desk.world.database.transact(work, seconds=30)
    for asked in ("", "me all", "company", "company at risk", "<@U0BO|bo> stale", "missing"):
        listed = await _typed(desk, f"list {asked}")
        assert re.search(r": \d+ (key result|pe)|: nothing to show$", listed.text), "the summary says how many"
        assert len(listed.text) < 400, "a notification shows a line"
    key_result = await _typed(desk, "show KR-1")
    assert "KR-1" in key_result.text
    older = await _pressed(desk, key_result, ids.SHOW_OLDER)
    oldest = await _pressed(desk, older, ids.SHOW_OLDER)
    await _pressed(desk, oldest, ids.SHOW_NEWER)
    objective = await _typed(desk, "show O-1")
    assert "O-1" in objective.text
    await _pressed(desk, objective, ids.SHOW_HISTORY)


async def test_whatever_is_typed_behind_list_and_show_is_answered(desk: Desk) -> None:
    for text in TEXTS.values():
        for command in ("list", "list @", "show KR-"):
            answered = await _typed(desk, f"{command} {text}")
            assert len(answered.text) < 600
    assert "no team" in read(await _typed(desk, f"list {TEXTS['one long word']} at risk"))


NAMES = (
    ("at risk", '"at risk"'), ("at risk", "“At Risk” all"), ("me", '"me"'), ("company", "'company'"),
    ("all", '"all" all'), ("Accounts at risk", "accounts at risk"), ("Accounts all", "Accounts all all"),
    ('The "big" ones', 'the "big" ones'), ('"Quoted"', '"Quoted"'), ("Bob’s", "bob's"), ("Trailing  ", "trailing"),
    ("Two   blanks", "two blanks"), ("Ökonomie", "ökonomie"), ("ökonomie", "ÖKONOMIE"), ("Straße", "STRASSE"),
    ("ΟΔΟΣ", "οδος"), ("Cafe\u0301", "café"), ("צוות \u200fA", "צוות a"), ("Ａｌｐｈａ", "alpha"),
    ("R&D <core>", "r&amp;d &lt;core&gt;"), ("@home", '"@home"'), ("100%", "100%"), ("_", "_"),
)  # fmt: skip


async def test_a_team_is_found_by_any_name(desk: Desk) -> None:
    for name, typed in NAMES:
        desk.world.change(Team, desk.world.teams["Quiet"], name=name)
        listed = await _typed(desk, f"list {typed}")
        assert "Key results of " in listed.text, read(listed)
        assert "KR-4" in read(listed), typed
        assert "KR-1" not in read(listed), typed


async def test_the_name_to_the_letter_comes_first(desk: Desk) -> None:
    desk.world.team("growth")
    assert "Key results of growth: nothing to show" in (await _typed(desk, "list growth")).text
    assert "Key results of Growth: 3" in (await _typed(desk, "list Growth")).text
    assert "Key results of Growth: 3" in (await _typed(desk, "list GROWTH")).text


async def test_words_of_a_filter_are_a_filter_where_no_team_is_called_so(desk: Desk) -> None:
    assert "Key results of Growth, at risk" in (await _typed(desk, "list growth AT_RISK")).text
    assert "My key results, stale" in (await _typed(desk, "list stale")).text
    assert "Key results of Lumen, missing" in (await _typed(desk, "list missing")).text


async def test_three_thousand_key_results_of_one_person_are_turned_page_by_page(desk: Desk) -> None:
    def work(session: Session) -> None:
        above, owner = session.query(Objective).filter_by(number=1).one(), desk.world.members["U0BO"]
        session.add_all(
            KeyResult(
                workspace_id=desk.world.workspace_id, number=number, objective_id=above.id, title=f"Number {number}",
                kind="metric", start=Decimal(0), target=Decimal(9), weight=Decimal(1), owner_id=owner,
                created_at=LONG_AGO,
            )
            for number in range(10, 10 + MANY)
        )  # fmt: skip

    desk.world.database.transact(work, seconds=60)
    first = await _typed(desk, "list <@U0BO|bo>")
    assert "3001 key results, 1 to 20" in first.text
    assert sum(block["block_id"].endswith(".standing") for block in first.blocks) == 20
    second = await _pressed(desk, first, ids.LIST_NEXT)
    assert "21 to 40" in second.text
    assert "1 to 20" in (await _pressed(desk, second, ids.LIST_PREVIOUS)).text
    for only in FILTERS[1:]:
        assert "of Bo" in (await _typed(desk, f"list <@U0BO|bo> {only}")).text
    assert "3004 key results" in (await _typed(desk, "list company")).text
    assert "O-1" in (await _typed(desk, "show O-1")).text


async def test_an_old_button_leads_back_from_beyond_the_end(desk: Desk) -> None:
    for place in (
        ids.ListPage("me", after=10**9), ids.ListPage("company", only="at risk", after=10**9),
        ids.ListPage("company", only="stale", after=10**9), ids.ListPage("company", only="missing", after=10**9),
        ids.ListPage("me", before=0), ids.ListPage("company", only="missing", before=-1),
        ids.ListPage("person", person="U0BO", only="all", after=99), ids.ListPage("company", only="no such", after=1),
    ):  # fmt: skip
        shown = await _answer(desk, desk.press(ids.LIST_NEXT, ids.pack(place)))
        if "none of them on this page" in shown.text:
            back = await _pressed(desk, shown, ids.LIST_PREVIOUS)
            assert "none of them" not in back.text
    gone = await _answer(desk, desk.press(ids.LIST_NEXT, ids.pack(ids.ListPage("team", team=10**6))))
    assert "team any more" in read(gone)


async def test_who_is_unknown_a_guest_or_gone_is_listed_with_what_may_be_read(desk: Desk) -> None:
    world = desk.world
    world.member("U0GAST", "Gast", is_guest=True)
    world.change(Objective, 4, private=True)
    for typed in ("<@U0NOBODY|ghost>", "@ghost", "@Ana"):
        assert "don't know this person" in read(await _typed(desk, f"list {typed}"))
    guests = await _typed(desk, "list company", user="U0GAST")
    assert "4 key results" in guests.text
    assert "Key result" not in read(guests).replace("key result", "").replace("Key results of Lumen", "")
    assert "nothing to show" in (await _typed(desk, "list", user="U0GAST")).text
    assert "nothing to show" in (await _typed(desk, "list <@U0GAST|gast>")).text
    hidden = read(await _typed(desk, "list <@U0OLU|olu>"))
    assert "KR-4" in hidden
    assert "Key result 4" not in hidden
    for command in ("show KR-4", "show O-4"):
        refused = read(await _typed(desk, command))
        assert "is private" in refused
        assert "result 4" not in refused
        assert "Objective 4" not in refused
    world.change(Member, world.members["U0BO"], deactivated_at=PROMPTED)
    assert "KR-3" in read(await _typed(desk, "list <@U0BO|bo>"))
    assert "has left" in read(await _typed(desk, "show KR-3"))
