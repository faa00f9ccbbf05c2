"""Every screen of the page, in both themes, on a desktop and on a phone, is held against axe-core's main rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.sandbox.entities import Person
from tests.sandbox.page import gallery
from tests.sandbox.page.accessibility import problems_of
from tests.sandbox.page.sample_app import Running, help_view
from tests.sandbox.page.windows import ANA, DESKTOP, PHONE, Windows, check_in_form, messages

pytestmark = pytest.mark.slow

LOOKS = [(size, scheme) for size in ("desktop", "phone") for scheme in ("light", "dark")]
SIZES = {"desktop": DESKTOP, "phone": PHONE}


def _message_tool(page: Page, name: str) -> None:
    row = messages(page).last
    row.hover()
    row.get_by_role("button", name=name).first.click()


def _close(page: Page) -> None:
    page.keyboard.press("Escape")


def _emoji(page: Page) -> None:
    _message_tool(page, "Add a reaction")
    expect(page.get_by_role("searchbox", name="Find an emoji")).to_be_visible()


def _thread(page: Page) -> None:
    _message_tool(page, "Reply in thread")
    expect(page.get_by_role("textbox", name="Reply in thread")).to_be_visible()


def _message_menu(page: Page) -> None:
    _message_tool(page, "More actions")
    expect(page.get_by_role("menuitem", name="Recognise this")).to_be_visible()


def _clock(page: Page) -> None:
    page.locator("button.clock").click()
    expect(page.get_by_label("Another time")).to_be_visible()


def _shortcuts(page: Page) -> None:
    page.get_by_role("button", name="Shortcuts").click()
    expect(page.get_by_role("menuitem", name="Check in")).to_be_visible()


def _hints(page: Page) -> None:
    page.locator("[data-composer=channel] textarea").press_sequentially("/")
    expect(page.get_by_role("option", name="/okr")).to_be_visible()


def _keys(page: Page) -> None:
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def _goto(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Go to").get_by_role("option", name="#general")).to_be_visible()


def _new_message(page: Page) -> None:
    sidebar = page.get_by_role("button", name="Channels and people")  # on a phone it is a drawer of its own
    if sidebar.is_visible():
        sidebar.click()
    page.get_by_role("button", name="New direct message").click()
    dialog = page.get_by_role("dialog", name="New direct message")
    dialog.get_by_label("To").fill("mar")
    dialog.get_by_role("option", name="Maria Weber").click()
    dialog.get_by_label("To").fill("t")
    expect(dialog.get_by_role("option", name="Tom Ellis")).to_be_visible()


SCREENS: list[tuple[str, Callable[[Page], None]]] = [
    ("emoji", _emoji),
    ("message menu", _message_menu),
    ("clock", _clock),
    ("shortcuts", _shortcuts),
    ("keys", _keys),
    ("go to", _goto),
    ("new message", _new_message),
    ("hints", _hints),
]


def look(found: list[str], page: Page, screen: str) -> None:
    found += [f"{screen}: {problem}" for problem in problems_of(page)]


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=["-".join(look) for look in LOOKS])
def test_conversations_and_what_opens_in_them(windows: Windows, slack: Running, size: str, scheme: str) -> None:
    for blocks in (gallery.TALKING, gallery.SHOWING, gallery.CHART):
        slack.post(channel="C0OPERATIONS", text="Every block", blocks=blocks)
    slack.post(channel="C0OPERATIONS", text="*Bold* `code` <https://example.com|link> <@U0ANA> <@U0MARIA>\n&gt; quoted")
    found: list[str] = []
    page = windows.open("/client/U0ANA/C0OPERATIONS", size=SIZES[size], scheme=scheme)
    expect(messages(page)).to_have_count(4)
    look(found, page, "every block")
    for name, opened in SCREENS:
        opened(page)
        look(found, page, name)
        _close(page)
        if name in ("go to", "new message", "hints"):
            _close(page)
            _close(page)
            page.locator("[data-composer=channel] textarea").fill("")
    _thread(page)
    look(found, page, "thread")
    page.get_by_role("button", name="Close thread").click()
    if size == "phone":
        page.get_by_role("button", name="Channels and people").click()
        expect(page.get_by_role("navigation", name="Channels and people")).to_be_visible()
        page.get_by_text("Browse other channels").click()
        look(found, page, "sidebar")
        page.get_by_role("button", name="Developer's drawer").click()
    else:
        page.get_by_role("button", name="Developer's drawer").click()
    page.locator(".entry summary").first.click()
    look(found, page, "drawer")
    page.get_by_role("button", name="Faults").click()
    look(found, page, "faults")
    assert found == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=["-".join(look) for look in LOOKS])
def test_modals_home_and_what_goes_wrong(windows: Windows, slack: Running, size: str, scheme: str) -> None:
    found: list[str] = []
    page = windows.open("/client/U0ANA/D0ANA", size=SIZES[size], scheme=scheme)
    dialog = check_in_form(page)
    dialog.get_by_label("KR-3 value").fill("plenty")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("Write a number")).to_be_visible()
    look(found, page, "modal with an error")
    dialog.get_by_role("button", name="Ask for help").click()
    above = page.get_by_role("dialog", name="Ask for help")
    above.get_by_label("Topics").click()
    above.get_by_role("option", name="Money").click()
    look(found, page, "modal on a modal, with a list open")
    _close(page)
    _close(page)
    expect(above).to_be_hidden()
    _close(page)
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Skip", exact=True).click()
    expect(page.get_by_role("alertdialog", name="Skip this week?")).to_be_visible()
    look(found, page, "question")
    _close(page)
    page.get_by_role("button", name="No change").click()
    expect(page.get_by_text("Only visible to you")).to_be_visible()
    look(found, page, "note")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="My week")).to_be_visible()
    look(found, page, "home")
    page.evaluate("document.getElementById('late').hidden = false")
    page.evaluate("document.getElementById('late-words').textContent = 'The app did not answer within 3 seconds.'")
    look(found, page, "app late")
    slack.disconnect_app()
    expect(page.locator(".status .banner")).to_be_visible()
    page.locator("[data-region=home]").get_by_role("button", name="Check in").click()
    expect(page.get_by_role("alert").filter(has_text="not connected")).to_be_visible()
    look(found, page, "app away")
    assert found == []


def crowded(slack: Running) -> None:
    async def move_in() -> None:
        for number in range(300):
            person = Person(f"U1{number:04d}", f"p{number}", f"Person Number{number}", "Europe/Berlin")
            slack.sandbox.workspace.people[person.id] = person

    slack.do(move_in())


@pytest.mark.parametrize("size", list(SIZES))
def test_in_a_large_workspace_people_are_found_by_typing(windows: Windows, slack: Running, size: str) -> None:
    crowded(slack)
    page = windows.open("/client/U0ANA/D0ANA", size=SIZES[size])
    view: dict[str, Any] = help_view()
    trigger = slack.sandbox.tickets.issue_trigger(ANA)
    slack.call("views.open", trigger_id=trigger, view=view)
    dialog = page.get_by_role("dialog", name="Ask for help")
    whom = dialog.get_by_label("Whom do you ask?")
    whom.fill("number217")
    dialog.get_by_role("option", name="Person Number217").click()
    expect(whom).to_have_value("Person Number217")
    dialog.get_by_label("This week").check()
    dialog.get_by_role("button", name="Ask", exact=True).click()
    expect(dialog).to_be_hidden()
    sent = slack.sandbox.journal.entries(name="view_submission help_form")[-1]["payload"]["view"]["state"]["values"]
    assert sent["whom"]["whom"]["selected_user"] == "U10217"
    switcher = page.get_by_label("You are")
    expect(switcher).to_have_value("Ana Torres")
    switcher.fill("number42")
    expect(page.get_by_role("option", name="Person Number42", exact=True)).to_be_visible()
    assert problems_of(page) == []
    switcher.press("Enter")
    expect(page).to_have_url(re.compile("/client/U10042/D0"))
    expect(page.get_by_label("You are")).to_have_value("Person Number42")
