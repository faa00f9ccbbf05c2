"""The whole path as a newcomer walks it: `okr-bot demo`, a page in the browser, and a mouse."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import DESKTOP, LEARNED, Visitor, chromium, fill_in, running_demo

pytestmark = pytest.mark.slow


def test_a_newcomer_checks_in_reads_the_digest_and_is_thanked_by_the_lead(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo, chromium() as browser:
        mistakes: list[str] = []
        page = browser.new_page(viewport=DESKTOP)
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.goto(demo.url)
        noor = Visitor(page)
        expect(page.get_by_label("You are").locator("option:checked")).to_have_text("Noor Haddad")

        dialog = noor.open_the_form()
        fill_in(dialog)
        dialog.get_by_role("button", name="Send").click()
        expect(dialog).to_be_hidden()
        expect(noor.messages.last).to_contain_text("Saved: 5 key results")
        expect(noor.messages.get_by_role("button", name="Check in")).to_have_count(0)

        noor.move_the_clock("the round's close")
        noor.go_to("skipper-app")
        digest = noor.messages.filter(has_text="week of").last
        expect(digest).to_contain_text("Skipper App")
        noor.open_the_thread_of(digest)
        expect(noor.thread.locator(".message", has_text="Noor Haddad checked in")).to_contain_text(LEARNED)

        noor.become("Daniel Osei")
        daniel = noor
        daniel.open_the_thread_of(daniel.messages.filter(has_text="week of").last)
        daniel.react(daniel.thread.locator(".message", has_text="Noor Haddad checked in"), "tada")

        daniel.become("Noor Haddad")
        noor.go_to("OKR Bot")
        thanks = noor.messages.filter(has_text="recognised")
        expect(thanks).to_have_count(1)
        expect(thanks).to_contain_text("Daniel Osei, your lead, recognised")
        assert mistakes == []
