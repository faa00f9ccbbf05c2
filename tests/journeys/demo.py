"""`okr-bot demo` as a newcomer starts it, and Chromium to look at it."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from tests.journeys.bot_process import environment_of, free_port
from tests.local_slack import SlackControl, eventually

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
READY = 90.0
PATIENCE_MS = 30_000


@dataclass(frozen=True)
class Demo:
    """A running demo: its page, and its workspace as a test sees it."""

    url: str
    slack: SlackControl
    log_file: Path

    @property
    def log(self) -> str:
        """What it printed."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Start it in an empty folder, wait until it says that it is open, and end it with Ctrl-C."""
    port, log_file = free_port(), folder / "demo.log"
    url = f"http://127.0.0.1:{port}/"
    demo = Demo(url, SlackControl(url), log_file)
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo"],
            env=environment_of({"SANDBOX_PORT": str(port)}),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        eventually(lambda: "Open it" in demo.log or process.poll() is not None, "the demo to be ready", READY)
        assert process.poll() is None, demo.log
        yield demo
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0, demo.log
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(30)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    assert CHROMIUM.exists(), "The browser journeys need Debian's Chromium: apt-get install chromium"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """Somebody in front of the page, who finds things by what they say."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE_MS)

    @property
    def messages(self) -> Locator:
        """The messages of the open conversation."""
        return self.page.locator("[data-region=messages] .message")

    @property
    def thread(self) -> Locator:
        """The open thread."""
        return self.page.get_by_role("complementary", name="Thread")

    def open_the_form(self) -> Locator:
        """Press **Check in** on the prompt."""
        self.messages.get_by_role("button", name="Check in").last.click()
        dialog = self.page.get_by_role("dialog", name="Check in")
        expect(dialog).to_be_visible()
        return dialog

    def move_the_clock(self, button: str) -> None:
        """Open the clock and press one of its buttons."""
        self.page.locator("button.clock").click()
        self.page.get_by_role("button", name=button).click()

    def go_to(self, channel: str) -> None:
        """Open a conversation from the sidebar."""
        self.page.get_by_role("navigation", name="Channels and people").get_by_role("link", name=channel).first.click()

    def become(self, name: str) -> None:
        """Switch to another person."""
        self.page.get_by_label("You are").select_option(label=name)
        expect(self.page.get_by_label("You are").locator("option:checked")).to_have_text(name)

    def open_the_thread_of(self, message: Locator) -> None:
        """Open the replies of a message."""
        message.locator(".replies").click()
        expect(self.thread).to_be_visible()

    def react(self, message: Locator, emoji: str) -> None:
        """Add a reaction through the emoji picker."""
        message.hover()
        message.get_by_role("toolbar").get_by_role("button", name="Add a reaction").click()
        picker = self.page.get_by_role("dialog", name="Emoji")
        picker.get_by_role("searchbox", name="Find an emoji").fill(emoji)
        picker.get_by_role("button", name=emoji, exact=True).first.click()
        expect(message.locator(".reaction.mine")).to_be_visible()


ANSWERS = {
    "KR-7 value": "2100",
    "KR-8 value": "99.4",
    "KR-9 value": "4350",
    "KR-11 value": "35",
    "KR-12 value": "24",
}
LEARNED = "Skippers try the new tide curve first thing in the morning, so a release must be out by Sunday night."


def fill_in(dialog: Locator) -> None:
    """Type what Noor has to say: a value for each of her five key results, and what was learned."""
    expect(dialog.get_by_label("value")).to_have_count(len(ANSWERS))
    for label, value in ANSWERS.items():
        dialog.get_by_label(label, exact=True).fill(value)
    dialog.get_by_label("What did we learn?").fill(LEARNED)
