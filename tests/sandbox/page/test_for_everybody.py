"""The page by keyboard, on a phone, in both themes and with a screen reader's eyes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.sandbox.page.accessibility import walk_by_tab
from tests.sandbox.page.windows import PHONE, Windows, check_in_form, messages

pytestmark = pytest.mark.slow


def test_everything_is_reached_and_done_by_keyboard_alone(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    expect(page.get_by_role("textbox", name="Message OKR Bot")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "Check in":
            break
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Check in")
    expect(dialog.get_by_label("KR-3 value")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("35000")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("KR-3 confidence")).to_be_focused()
    page.keyboard.type("8")
    page.keyboard.press("Enter") if page.evaluate("document.activeElement.matches(':open')") else None
    expect(dialog.get_by_label("KR-3 confidence")).to_have_value("8")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(messages(page).last).to_contain_text("KR-3 is at 35000.")


def test_the_focus_stays_inside_an_open_modal_and_escape_closes_it(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    dialog = check_in_form(page)
    stops = walk_by_tab(page, 14)
    outside = [stop for stop in stops if not stop["inDialog"] and stop["tag"] != "body"]
    assert outside == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_on_a_phone_the_sidebar_is_a_drawer_and_nothing_overflows(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/C0GENERAL", size=PHONE)
    navigation = page.get_by_role("navigation", name="Channels and people")
    expect(navigation).to_be_hidden()
    page.get_by_role("button", name="Channels and people").click()
    expect(navigation).to_be_visible()
    page.keyboard.press("Escape")
    expect(navigation).to_be_hidden()
    page.get_by_role("button", name="Channels and people").click()
    navigation.get_by_role("link", name="OKR Bot").click()
    dialog = check_in_form(page)
    expect(dialog.get_by_label("KR-3 value")).to_be_in_viewport()
    expect(dialog.get_by_role("button", name="Send")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_tab_visits_everything_in_reading_order_with_a_visible_ring(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    page.locator("body").evaluate("node => { document.activeElement.blur(); node.tabIndex = -1; node.focus(); }")
    stops = walk_by_tab(page, 22)
    positions = [int(str(stop["position"])) for stop in stops]
    assert positions == sorted(positions), [stop["text"] for stop in stops]
    assert [stop for stop in stops if not (stop["ring"] and stop["onScreen"])] == []
    texts = [str(stop["text"]) for stop in stops]
    assert [
        name for name in ("Skip to the message field", "OKR Bot", "Check in", "Message OKR Bot") if name not in texts
    ] == []
