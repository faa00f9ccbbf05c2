"""Browser windows of the people in a test, and how the page's most used parts are found in them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.sandbox.page.sample_app import Running

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
ANA, MARIA = "U0ANA", "U0MARIA"

expect.set_options(timeout=10_000)


class Windows:
    """Opens browser windows and remembers what went wrong in their scripts."""

    def __init__(self, browser: Browser, slack: Running) -> None:
        self._browser = browser
        self._slack = slack
        self._contexts: list[BrowserContext] = []
        self.mistakes: list[str] = []

    def open(self, address: str, *, size: ViewportSize = DESKTOP, scheme: str = "light") -> Page:
        context = self._browser.new_context(
            viewport=size, color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.mistakes.append(str(error)))
        page.on("console", lambda line: self.mistakes.append(line.text) if "Content Security" in line.text else None)
        page.goto(self._slack.url + address)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def check_in_form(page: Page) -> Locator:
    page.locator(".message").get_by_role("button", name="Check in").click()
    dialog = page.get_by_role("dialog", name="Check in")
    expect(dialog).to_be_visible()
    return dialog


def messages(page: Page) -> Locator:
    return page.locator("[data-region=messages] .message")
