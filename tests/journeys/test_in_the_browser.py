"""The whole path as a newcomer walks it: `okr-bot demo`, a page in the browser, and a mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.demo import DESKTOP, LEARNED, Visitor, chromium, fill_in, running_demo

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One demo for all of these, which go on where the one before has ended; no script of the page may fail."""
    with running_demo(tmp_path_factory.mktemp("demo")) as demo, chromium() as browser:
        mistakes: list[str] = []
        page = browser.new_page(viewport=DESKTOP)
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.goto(demo.url)
        yield page
        assert mistakes == []


def test_a_newcomer_checks_in_reads_the_digest_and_is_thanked_by_the_lead(page: Page) -> None:
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


def type_command(page: Page, text: str) -> None:
    """Write a command to the bot, when the page's own keys work."""
    page.wait_for_load_state("load")
    field = page.get_by_role("textbox", name="Message OKR Bot")
    field.fill(text)
    field.press("Enter")


def window(page: Page, title: str) -> Locator:
    """The open modal of that title."""
    dialog = page.get_by_role("dialog", name=title)
    expect(dialog).to_be_visible()
    return dialog


def test_an_objective_with_three_key_results_is_set_by_mouse(page: Page) -> None:
    noor = Visitor(page)
    type_command(page, "/okr set")
    dialog = window(page, "New objective")
    dialog.get_by_label("Objective", exact=True).fill("Skippers trust the tide curve")
    dialog.get_by_label("Supports").click()
    page.get_by_role("option", name="O-2 ").click()
    dialog.get_by_role("button", name="Next").click()

    dialog = window(page, "Key result")
    dialog.get_by_label("Key result", exact=True).fill("Skippers who check it daily")
    dialog.get_by_label("Start", exact=True).fill("200")
    dialog.get_by_label("Target", exact=True).fill("200")
    dialog.get_by_label("Save and add another").get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Start and target are the same")).to_be_visible()
    dialog.get_by_label("Target", exact=True).fill("1,200")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("1 key result is kept")).to_be_visible()
    expect(dialog.get_by_label("Key result", exact=True)).to_have_value("")

    dialog.get_by_label("Key result", exact=True).fill("The curve is there in France")
    dialog.get_by_label("Kind").select_option(label="Milestones")
    dialog.get_by_label("Milestones", exact=True).fill("Brest = 40\nCalais = 60")
    dialog.get_by_label("Save and add another").get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("2 key results are kept")).to_be_visible()

    dialog.get_by_label("Key result", exact=True).fill("Curves that are right")
    dialog.get_by_label("Kind").select_option(label="Stay above")
    dialog.get_by_label("Target", exact=True).fill("99.5")
    dialog.get_by_label("Unit").fill("%")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    told = noor.messages.filter(has_text="Skippers trust the tide curve is set for Skipper App")
    for words in ("200 → 1,200", "2 milestones", "stay above 99.5%", "Supports O-2"):
        expect(told.last).to_contain_text(words)


def test_an_objective_with_three_key_results_is_set_by_keyboard_after_it_was_left_once(page: Page) -> None:
    noor, press = Visitor(page), page.keyboard.press
    type_command(page, "/okr set")
    window(page, "New objective")
    page.keyboard.type("Everybody knows when to sail")
    press("Control+Enter")
    dialog = window(page, "Key result")
    title = dialog.get_by_label("Key result", exact=True)
    expect(title).to_be_focused()
    page.keyboard.type("Skippers who set an alarm")
    press("Tab")
    page.keyboard.type("Y")  # Yes/no
    expect(dialog.get_by_label("Start", exact=True)).to_have_count(0)
    press("Escape")
    expect(dialog).to_be_hidden()

    type_command(page, "/okr set")
    dialog = window(page, "New objective")
    press("Shift+Tab")
    press("Shift+Tab")
    expect(dialog.get_by_role("button", name="Continue")).to_be_focused()
    press("Enter")
    expect(dialog.get_by_label("Objective", exact=True)).to_have_value("Everybody knows when to sail")
    press("Control+Enter")
    dialog = window(page, "Key result")
    title = dialog.get_by_label("Key result", exact=True)
    expect(title).to_have_value("Skippers who set an alarm")
    expect(dialog.get_by_label("Kind").locator("option:checked")).to_have_text("Yes/no")
    box = dialog.get_by_role("checkbox", name="Save and add another")
    for kept in ("1 key result is kept", "2 key results are kept"):
        box.focus()
        press("Space")
        press("Control+Enter")
        expect(dialog.get_by_text(kept)).to_be_visible()
        expect(title).to_be_focused()
        page.keyboard.type("Days of fog")
        press("Tab")
        page.keyboard.type("B")  # Baseline
        expect(dialog.get_by_label("Start", exact=True)).to_have_count(0)
    press("Control+Enter")
    expect(dialog).to_be_hidden()
    told = noor.messages.filter(has_text="Everybody knows when to sail is set for Skipper App").last
    expect(told).to_contain_text("Skippers who set an alarm")
    expect(told.get_by_text("Days of fog")).to_have_count(2)
