"""A browser, a running local Slack with the sample app, and windows onto it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.sandbox.page.sample_app import PROMPT, Running, running_sandbox
from tests.sandbox.page.windows import ANA, CHROMIUM, QUIET, Windows


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM.exists(), "These journeys need Debian's Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def slack() -> Iterator[Running]:
    with running_sandbox() as running:
        running.post(channel=ANA, text="Five key results are due", blocks=PROMPT)
        yield running


@pytest.fixture
def windows(browser: Browser, slack: Running) -> Iterator[Windows]:
    opened = Windows(browser, slack)
    yield opened
    opened.close()
    assert opened.mistakes == []
