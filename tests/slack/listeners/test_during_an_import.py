"""While a large import holds the database, Send and the one-line way say so, and nothing typed is lost."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.slack import ids
from bot.usecases.import_files import read_plan
from bot.usecases.import_tables import TableOfCheckIns
from bot.usecases.imports import ImportCommand, ImportResult, import_plan
from tests.slack.listeners.desk import Desk, desk_on
from tests.usecases.world import PROMPTED, Submission, World, company, world_on

TUESDAY = PROMPTED + timedelta(days=1)
KEYS = "objectives: [{key: O-1, key_results: [{key: KR-1}, {key: KR-2}]}]"
ROW = "key,key_result,by,at,value\nc1,KR-2,U0ANA,2026-10-05T09:00:00Z,5\n"
LINE = "update KR-2 9 7 so far, so <good>"
ENOUGH = 30


@pytest.fixture
def lumen(database_url: str) -> Iterator[World]:
    with world_on(database_url) as world:
        company(world)
        world.key_result("U0ANA", "Growth")
        world.key_result("U0ANA", "Growth")
        world.tick(PROMPTED)
        yield world


@pytest.fixture
async def desk(lumen: World) -> AsyncIterator[Desk]:
    async with desk_on(lumen, TUESDAY) as made:
        yield made


async def test_send_is_told_in_time_and_goes_through_afterwards(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "check-ins.csv"
    table.write_text(ROW)
    holds, let_go = threading.Event(), threading.Event()

    def watched(what: str, done: int, whole: int) -> None:
        if what == "checking":
            holds.set()
            assert let_go.wait(ENOUGH)

    def carry_out() -> ImportResult:
        command = ImportCommand(read_plan(KEYS, "keys.yaml"), table=TableOfCheckIns(table), progress=watched)
        return desk.world.database.transact(lambda session: import_plan(session, command, TUESDAY), seconds=60)

    await desk.send(desk.command("update"))
    view = await desk.opened()
    sent = desk.submit(view, {ids.value_block(2): "7", ids.LEARNED: "a lot"})
    do = desk.shell.use_cases.do

    async def in_short_time(*arguments: Any, **more: Any) -> Any:
        return await do(*arguments, **{**more, "seconds": 0.3})

    under_way = asyncio.create_task(asyncio.to_thread(carry_out))
    try:
        assert await asyncio.to_thread(holds.wait, ENOUGH)
        with monkeypatch.context() as hurried:
            hurried.setattr(desk.shell.use_cases, "do", in_short_time)
            answer = json.loads((await desk.send(sent)).body)
            await desk.send(desk.command(LINE))
            refused = await desk.told()
    finally:
        let_go.set()
    result = await under_way
    assert answer["response_action"] == "errors", "the form stays open, so its text stays too"
    assert list(answer["errors"]) == [ids.value_block(1)]
    assert "send it again" in answer["errors"][ids.value_block(1)]
    assert "send it again" in refused["text"]
    [typed] = [block["text"]["text"] for block in refused["blocks"] if block["block_id"] == "typed.1"]
    assert typed == f"/okr {LINE}", "Slack has emptied the line it stood in"
    assert result.sections["check-ins"].made == 1
    assert desk.world.how_many(Submission) == 1
    assert (await desk.send(sent)).body == ""
    assert desk.world.how_many(Submission) == 2
    assert desk.world.value(2) == 7
