"""How soon Send is acknowledged through Bolt, database and all, beside a Bolt app that only acknowledges."""

import asyncio
import logging
import time
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bench.company import MONDAY_NINE, SLACK_TEAM, fill, fresh_database
from bench.figures import Row, milliseconds, quantile
from bot.app import Bot, bolt_app
from bot.config import Settings
from bot.slack import ids
from bot.slack.directory import Directory
from bot.slack.installation import Installation
from bot.slack.shell import Shell
from bot.slack.views.checkins import check_in_modal
from bot.usecases.actors import Actor
from bot.usecases.checkins import OpenForm, open_form
from bot.usecases.runner import UseCases

TIMES = 150
NOWHERE = "http://127.0.0.1:9/api/"


def _bare() -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=SLACK_TEAM, bot_token="xoxb-bench", bot_user_id="U0BOT")

    app = AsyncApp(authorize=authorize, logger=logging.getLogger("bench"))

    @app.view(ids.CHECK_IN)
    async def only_acknowledge(ack: Any) -> None:
        await ack()

    return app


def _submission(view: dict[str, Any], index: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            is_text = block["element"]["type"] == "plain_text_input"
            entry = {"value": str(index + 1)} if block["block_id"].endswith(".value") else {"value": None}
            values[block["block_id"]] = {block["block_id"]: entry if is_text else {"selected_option": None}}
    metadata = replace(ids.unpack(view["private_metadata"], ids.CheckInMetadata), nonce=f"form-{index}")
    return {
        "type": "view_submission",
        "team": {"id": SLACK_TEAM},
        "user": {"id": "U0", "team_id": SLACK_TEAM},
        "view": {**view, "private_metadata": ids.pack(metadata), "state": {"values": values}},
    }


async def _times(app: AsyncApp, view: dict[str, Any]) -> list[float]:
    taken: list[float] = []
    for index in range(TIMES):
        request = AsyncBoltRequest(mode="socket_mode", body=_submission(view, index))
        began = time.perf_counter()
        response = await app.async_dispatch(request)
        taken.append(time.perf_counter() - began)
        if response.status != 200 or response.body:
            raise RuntimeError(f"not acknowledged: {response.status} {response.body}")
    return taken


async def _measured() -> tuple[list[float], list[float]]:
    async def clock() -> datetime:
        return MONDAY_NINE

    with fresh_database() as database:
        workspace_id = fill(database, members=10, owners=5)
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(token="xoxb-bench", base_url=NOWHERE, session=session)
            use_cases = UseCases(database, clock)
            shell = Shell(use_cases, client, Directory(client), session, lambda: None)
            found = Installation(SLACK_TEAM, "Bench", "U0BOT", "B0BOT", None)
            settings = Settings(slack_api_url=NOWHERE)
            bot = Bot(settings, found, client, use_cases, shell, None, workspace_id)  # type: ignore[arg-type]
            form = await use_cases.do(open_form, OpenForm(Actor(SLACK_TEAM, "U0"), "n"), writes=False)
            view = check_in_modal(form)
            bare, whole = _bare(), bolt_app(bot)
            try:
                return await _times(whole, view), await _times(bare, view)
            finally:
                use_cases.close()


def rows() -> list[Row]:
    """Median and 99th percentile."""
    whole, bare = asyncio.run(_measured())
    return [
        Row(
            f"Send acknowledged, p{round(share * 100)}",
            f"{milliseconds(quantile(whole, share))} with the check-in committed",
            f"{milliseconds(quantile(bare, share))} by a listener that only acknowledges",
            quantile(whole, share) / quantile(bare, share),
        )
        for share in (0.5, 0.99)
    ]
