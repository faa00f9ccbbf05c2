"""`/metrics` answers whatever the database does."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.routing import Route

from bot.okr.errors import Busy
from bot.web import Figure, LastKnown, endpoints


async def scraped(known: LastKnown) -> tuple[int, str]:
    async def ready() -> dict[str, str]:
        return {}

    (route,) = [each for each in endpoints(ready, known.read).routes if getattr(each, "path", "") == "/metrics"]
    assert isinstance(route, Route)
    answer = await route.endpoint(Request({"type": "http", "method": "GET", "path": "/metrics", "headers": []}))
    return answer.status_code, answer.body.decode()


async def test_a_busy_database_leaves_the_figures_last_read_and_says_so() -> None:
    sent: list[int | None] = [None, 3, None, 5]

    async def figures() -> Sequence[Figure]:
        count = sent.pop(0)
        if count is None:
            raise Busy
        return [Figure("deliveries", count, {"state": "sent"})]

    known = LastKnown(figures)
    for up, shown in ((0, None), (1, 3), (0, 3), (1, 5)):
        status, text = await scraped(known)
        assert status == 200
        assert f"okr_bot_database_up {float(up)}" in text
        if shown is None:
            assert "okr_bot_deliveries" not in text
        else:
            assert f'okr_bot_deliveries{{state="sent"}} {float(shown)}' in text
