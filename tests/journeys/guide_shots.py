"""The pictures of the guides: forms and messages of the local Slack, cut out of a walk through the sample company."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, ViewportSize, expect

from tests.journeys.demo import Demo, Visitor
from tests.journeys.small_png import shrunk

GUIDE: ViewportSize = {"width": 900, "height": 1000}
TALL: ViewportSize = {"width": 900, "height": 1500}
LOW: ViewportSize = {"width": 900, "height": 760}
WHOLE_FORM = "document.querySelectorAll('dialog').forEach(each => each.style.maxHeight = 'none')"
"""A form is as high as what it asks for, so that a picture has all of it."""

NOOR, DANIEL, CHAMPION, LEAVER = "Noor Haddad", "Daniel Osei", "Tomasz Wieczorek", "Hana Kobayashi"


@dataclass
class Walk:
    """Somebody who types commands, fills in forms, and keeps what they look like."""

    visitor: Visitor
    folder: Path

    def keep(self, name: str, what: Locator) -> None:
        """The picture of a form or a message as it is now."""
        page = self.visitor.page
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement?.blur()")
        (self.folder / f"{name}.png").write_bytes(shrunk(what.screenshot(animations="disabled")))

    def become(self, name: str) -> None:
        """Go on as somebody else, in their conversation with the bot."""
        self.visitor.become(name)
        self.visitor.go_to("OKR Bot")

    def type(self, command: str) -> None:
        """Type a command into the conversation with the bot."""
        field = self.visitor.page.get_by_role("textbox", name="Message OKR Bot")
        field.fill(command)
        field.press("Enter")

    def form(self, title: str) -> Locator:
        """The form that is open."""
        dialog = self.visitor.page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        return dialog

    def told(self, words: str) -> Locator:
        """The last message that says this."""
        message = self.visitor.messages.filter(has_text=words).last
        expect(message).to_be_visible()
        return message

    def leave(self, dialog: Locator) -> None:
        """Close a form without sending it."""
        self.visitor.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()

    def fill(self, dialog: Locator, **values: str) -> None:
        """Fill in text fields; `_` in a name is a space."""
        for label, value in values.items():
            dialog.get_by_label(label.replace("_", " "), exact=True).fill(value)

    def press(self, dialog: Locator, button: str) -> None:
        """Press a button of a form or a message."""
        dialog.get_by_role("button", name=button, exact=True).last.click()


def take_pictures_of_the_guides(demo: Demo, browser: Browser, folder: Path) -> None:
    """One walk: a member sets and answers, a lead changes, a champion sets up."""
    page = browser.new_page(viewport=GUIDE, reduced_motion="reduce", color_scheme="light")
    walk = Walk(Visitor(page), folder)
    page.goto(demo.url)
    _check_in_with_a_note(walk)
    _set_an_objective(walk)
    _change_and_show(walk)
    _agree(walk)
    _organise(walk)
    page.close()


def take_picture_of_a_hand_over(demo: Demo, browser: Browser, folder: Path) -> None:
    """In a week of its own: the lead gets two messages unasked in a week, and the prompt is the first."""
    page = browser.new_page(viewport=GUIDE, reduced_motion="reduce", color_scheme="light")
    page.goto(demo.url)
    _hand_over(Walk(Visitor(page), folder), demo)
    page.close()


def _check_in_with_a_note(walk: Walk) -> None:
    dialog = walk.visitor.open_the_form()
    dialog.get_by_label("KR-7 value", exact=True).fill("2100")
    dialog.get_by_role("button", name="Add a note").first.click()
    note = dialog.get_by_label("KR-7 note")
    expect(note).to_be_visible()
    note.fill("The new chart format halves the first load.")
    walk.visitor.page.set_viewport_size(LOW)
    walk.keep("check-in-note", dialog)
    walk.leave(dialog)
    walk.visitor.page.set_viewport_size(GUIDE)


def _set_an_objective(walk: Walk) -> None:
    page = walk.visitor.page
    walk.type("/okr set")
    dialog = walk.form("New objective")
    walk.fill(dialog, Objective="Skippers plan a whole week at sea", Why_it_matters="Most look only one day ahead.")
    dialog.get_by_label("Supports").click()
    page.get_by_role("option", name="O-1 ").click()
    walk.keep("new-objective", dialog)
    walk.press(dialog, "Next")

    dialog = walk.form("Key result")
    page.set_viewport_size(TALL)
    walk.fill(dialog, Key_result="Skippers who open the week view", Start="0", Target="2k", Unit="skippers")
    walk.fill(dialog, Commit="1,500", Stretch="2,500")
    dialog.get_by_label("Save and add another").get_by_role("checkbox").check()
    page.evaluate(WHOLE_FORM)
    walk.keep("key-result", dialog)
    walk.press(dialog, "Save")

    expect(dialog.get_by_text("1 key result is kept")).to_be_visible()
    page.set_viewport_size(GUIDE)
    walk.fill(dialog, Key_result="The week view covers three seas")
    dialog.get_by_label("Kind").select_option(label="Milestones")
    walk.fill(dialog, Milestones="North Sea = 40\nBaltic = 40\nChannel = 20")
    dialog.get_by_text("1 key result is kept").scroll_into_view_if_needed()
    walk.keep("milestones", dialog)
    walk.press(dialog, "Save")
    walk.keep("objective-set", walk.told("Skippers plan a whole week at sea is set"))


def _change_and_show(walk: Walk) -> None:
    page = walk.visitor.page
    walk.become(DANIEL)
    page.set_viewport_size(TALL)
    walk.type("/okr edit KR-9")
    dialog = walk.form("Edit KR-9")
    walk.fill(dialog, Target="5,000", Why="The Baltic charts come in spring")
    page.set_viewport_size(GUIDE)
    dialog.get_by_label("Why", exact=True).scroll_into_view_if_needed()
    walk.keep("edit", dialog)
    walk.press(dialog, "Save")
    saved = walk.form("Saved")
    walk.leave(saved)
    walk.type("/okr show KR-9")
    page.set_viewport_size(TALL)
    walk.keep("show", walk.told("History, newest first"))
    page.set_viewport_size(GUIDE)


def _agree(walk: Walk) -> None:
    walk.become(CHAMPION)
    walk.type("/okr")
    walk.press(walk.told("Your week"), "Set Up")
    dialog = walk.form("Set up")
    dialog.get_by_label("Agreement").get_by_role("checkbox").check()
    walk.keep("set-up", dialog)
    walk.press(dialog, "Save")
    walk.told("is set up for")

    walk.become(NOOR)
    walk.type("/okr set")
    dialog = walk.form("New objective")
    walk.fill(
        dialog, Objective="Skippers find a berth before sunset", Why_it_matters="Nobody likes to anchor in the dark."
    )
    walk.press(dialog, "Next")
    dialog = walk.form("Key result")
    walk.fill(dialog, Key_result="Berths booked in the app in a week", Start="20", Target="400", Unit="berths")
    walk.press(dialog, "Save")
    walk.told("waits for")
    walk.become(DANIEL)
    walk.keep("agreement", walk.told("asks you to agree"))


def _organise(walk: Walk) -> None:
    walk.become(CHAMPION)
    walk.type("/okr team")
    walk.keep("teams", walk.told("5 teams"))
    walk.type("/okr team new Charts")
    dialog = walk.form("New team")
    walk.keep("team", dialog)
    walk.leave(dialog)
    walk.type("/okr cycle")
    walk.keep("cycles", walk.told("Coming"))
    walk.type("/okr role")
    walk.keep("roles", walk.told("run the programme"))


def _hand_over(walk: Walk, demo: Demo) -> None:
    demo.slack.change_person(LEAVER.split()[0].lower(), deleted=True)
    walk.become(DANIEL)
    message = walk.told(f"{LEAVER} has left")
    walk.press(message, "Hand Over")
    dialog = walk.form("Hand over")
    walk.keep("hand-over", dialog)
    walk.leave(dialog)
