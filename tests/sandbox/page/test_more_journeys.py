"""What people do less often, and would miss: far back in a channel, by keys, through a table, again from the log."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bot.sandbox.entities import Message
from tests.sandbox.page import gallery
from tests.sandbox.page.accessibility import problems_of
from tests.sandbox.page.sample_app import Running
from tests.sandbox.page.windows import Windows, messages

pytestmark = pytest.mark.slow


def test_older_messages_come_in_above_what_is_being_read(windows: Windows, slack: Running) -> None:
    workspace = slack.sandbox.workspace

    async def talk() -> None:
        for number in range(260):
            workspace.keep_message(Message("C0OPERATIONS", workspace.next_ts(), "U0MARIA", f"Number {number}."))

    slack.do(talk())
    page = windows.open("/client/U0ANA/C0OPERATIONS")
    expect(messages(page)).to_have_count(200)
    expect(messages(page).last).to_be_in_viewport()
    page.get_by_role("button", name="Show older messages").click()
    expect(messages(page)).to_have_count(260)
    expect(page.get_by_role("button", name="Show older messages")).to_have_count(0)
    expect(page.get_by_text("Number 60.", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name="Jump to the newest").click()
    expect(messages(page).last).to_be_in_viewport()
    slack.post(channel="C0OPERATIONS", text="And a new one")
    expect(messages(page).last).to_contain_text("And a new one")
    expect(messages(page)).to_have_count(261)


def test_channels_are_reached_and_the_last_message_is_edited_by_keys(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/C0GENERAL")
    page.keyboard.press("Control+k")
    page.keyboard.type("oper")
    expect(page.get_by_role("option", name="#operations")).to_be_visible()
    expect(page.get_by_role("option", name="#general")).to_have_count(0)
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Message #operations")
    expect(field).to_be_focused()
    field.press_sequentially("See #gen")
    expect(page.get_by_role("option", name="#general")).to_be_visible()
    field.press("Tab")
    expect(field).to_have_value("See #general ")
    field.press("Enter")
    expect(messages(page).last).to_contain_text("See #general")
    field.press("ArrowUp")
    words = page.get_by_role("dialog", name="Edit message").get_by_role("textbox")
    words.fill("See nothing")
    page.get_by_role("button", name="Save").click()
    expect(messages(page).last).to_contain_text("See nothing(edited)")
    page.keyboard.press("Alt+ArrowUp")
    expect(page).to_have_url(re.compile("/client/U0ANA/C0GENERAL"))


def test_people_write_to_each_other_and_in_a_group(windows: Windows, slack: Running) -> None:
    ana, tom = windows.open("/client/U0ANA/D0ANA"), windows.open("/client/U0TOM/D0TOM")
    ana.get_by_role("button", name="New direct message").click()
    dialog = ana.get_by_role("dialog", name="New direct message")
    dialog.get_by_role("button", name="Open").click()
    expect(ana.locator("#toasts")).to_contain_text("Choose at least one other person.")
    dialog.get_by_role("combobox", name="To").fill("tom")
    dialog.get_by_role("option", name="Tom Ellis").click()
    dialog.get_by_role("button", name="Open").click()
    expect(ana.get_by_role("heading", name="Tom", level=1)).to_be_visible()
    expect(tom.locator("#side").get_by_role("link", name="Ana")).to_have_count(0)
    field = ana.get_by_role("textbox", name="Message Tom")
    field.fill("Shall we meet at two?")
    field.press("Enter")
    link = tom.locator("#side").get_by_role("link", name="Ana")
    expect(link).to_have_accessible_name(re.compile("1 unread"))
    link.click()
    expect(messages(tom).last).to_contain_text("Shall we meet at two?")
    field.fill("/okr")
    field.press("Enter")
    expect(messages(ana).last).to_contain_text("Nothing is due.")
    expect(messages(ana).last).to_contain_text("Only visible to you")
    expect(messages(tom).last).to_contain_text("Shall we meet at two?")

    tom.keyboard.press("Control+k")
    tom.get_by_role("combobox", name="Channel or person").fill("maria")
    tom.locator("#goto").get_by_role("option", name="Maria Weber").click()
    expect(tom.get_by_role("heading", name="Maria", level=1)).to_be_visible()
    tom.get_by_role("button", name="New direct message").click()
    dialog = tom.get_by_role("dialog", name="New direct message")
    for name in ("Ana Torres", "Maria Weber"):
        dialog.get_by_role("combobox", name="To").fill(name)
        dialog.get_by_role("option", name=name).click()
    dialog.get_by_role("button", name="Open").click()
    expect(tom.get_by_role("heading", name="Ana, Maria", level=1)).to_be_visible()
    tom.get_by_role("textbox", name="Message Ana, Maria").fill("All three of us")
    tom.keyboard.press("Enter")
    expect(ana.locator("#side").get_by_role("link", name="Tom, Maria")).to_have_accessible_name(re.compile("1 unread"))
    heard = [one["event"] for one in slack.sandbox.dispatch.events() if one["event"]["type"] == "message"]
    assert {one["channel"] for one in heard} == {"D0ANA"}  # the app's own prompt


def test_a_modal_opens_in_the_window_that_was_clicked_in(windows: Windows) -> None:
    left = windows.open("/client/U0ANA/D0ANA")
    right = left.context.new_page()
    right.goto(left.url)
    dialogs = [page.get_by_role("dialog", name="Check in") for page in (left, right)]
    left.locator(".message").get_by_role("button", name="Check in").click()
    expect(dialogs[0]).to_be_visible()
    dialogs[0].get_by_label("KR-3 value").fill("33000")
    field = right.get_by_role("textbox", name="Message OKR Bot")
    field.fill("/okr update")
    field.press("Enter")
    expect(dialogs[1]).to_be_visible()
    expect(dialogs[1].get_by_label("KR-3 value")).to_have_value("31200")
    dialogs[1].get_by_role("button", name="Cancel").click()
    expect(dialogs[1]).to_have_count(0)
    expect(dialogs[0].get_by_label("KR-3 value")).to_have_value("33000")
    left.reload()
    expect(dialogs[0].get_by_label("KR-3 value")).to_have_value("33000")  # though the field was never left

    copied = left.evaluate("sessionStorage.getItem('window')")
    right.evaluate("name => sessionStorage.setItem('window', name)", copied)  # as when a window is duplicated
    right.reload()
    expect(right.locator("body")).not_to_have_class(re.compile("away"))
    right.wait_for_function("name => sessionStorage.getItem('window') !== name", arg=copied)
    expect(dialogs[1]).to_have_count(0)
    expect(dialogs[0]).to_be_visible()


def test_a_table_turns_its_pages_and_sorts_by_a_column_also_after_a_change(windows: Windows, slack: Running) -> None:
    posted = slack.post(channel="C0OPERATIONS", text="Key results", blocks=gallery.SHOWING)
    page = windows.open("/client/U0ANA/C0OPERATIONS")
    rows = page.locator("tbody tr:visible th")
    expect(rows).to_have_text(["KR-1", "KR-2", "KR-3", "KR-4", "KR-5"])
    page.get_by_role("button", name="Later rows").click()
    expect(rows).to_have_text(["KR-6", "KR-7", "KR-8", "KR-9", "KR-10"])
    page.get_by_role("button", name="Value").click()
    expect(rows).to_have_text(["KR-12", "KR-11", "KR-10", "KR-9", "KR-8"])
    expect(page.get_by_role("columnheader", name="Value")).to_have_attribute("aria-sort", "ascending")
    slack.call("chat.update", channel="C0OPERATIONS", ts=posted["ts"], text="x", blocks=gallery.SHOWING)
    expect(messages(page).last).to_contain_text("(edited)")
    expect(rows).to_have_text(["KR-12", "KR-11", "KR-10", "KR-9", "KR-8"])


def test_a_reaction_is_given_in_a_skin_tone_that_is_kept(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/C0GENERAL")
    first = messages(page).first
    first.hover()
    first.get_by_role("button", name="Add a reaction").first.click()
    page.get_by_role("radio", name="Medium-dark").check(force=True)
    page.get_by_role("button", name="muscle", exact=True).click()
    expect(first.get_by_role("button", name="muscle, medium-dark skin tone, 1")).to_be_visible()
    page.reload()
    expect(page.get_by_role("radio", name="Medium-dark", include_hidden=True)).to_be_checked()
    ts = first.get_attribute("data-ts") or ""
    assert list(slack.sandbox.workspace.message("C0GENERAL", ts).reactions) == ["muscle::skin-tone-5"]


def test_a_call_and_an_interaction_of_the_log_are_made_again(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    page.get_by_role("button", name="No change").click()
    expect(messages(page).last).to_contain_text("Kept: no change")
    page.get_by_role("button", name="Developer's drawer").click()
    drawer = page.get_by_role("region", name="Developer's drawer")
    drawer.get_by_role("searchbox", name="Filter the log").fill("block_actions no_change")
    drawer.locator(".entry:visible summary").click()
    drawer.get_by_role("button", name="Send again").click()
    expect(messages(page).filter(has_text="Kept: no change")).to_have_count(2)
    drawer.get_by_role("searchbox", name="Filter the log").fill("chat.postmessage")
    drawer.locator(".entry:visible summary").click()
    drawer.get_by_role("button", name="Call again").click()
    expect(messages(page).filter(has_text="Five key results are due")).to_have_count(2)
    assert len(slack.sandbox.journal.entries(name="chat.postMessage")) == 2


def test_a_file_is_chosen_in_a_form_and_sent_with_it(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    view = {
        "type": "modal", "callback_id": "help_form", "title": {"type": "plain_text", "text": "Evidence"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [{"type": "input", "block_id": "proof", "label": {"type": "plain_text", "text": "Proof"},
                    "element": {"type": "file_input", "action_id": "files", "max_files": 2}}],
    }  # fmt: skip
    slack.call("views.open", trigger_id=slack.sandbox.tickets.issue_trigger("U0ANA"), view=view)
    dialog = page.get_by_role("dialog", name="Evidence")
    two = [
        {"name": name, "mimeType": "text/csv", "buffer": b"week,value"} for name in ("figures.csv", "wrong.csv")
    ]  # fmt: skip
    dialog.get_by_label("Proof").set_input_files(two)  # type: ignore[arg-type]
    dialog.get_by_role("button", name="Remove wrong.csv").click()
    assert problems_of(page) == []
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    sent = slack.sandbox.journal.entries(name="view_submission help_form")[-1]["payload"]["view"]["state"]["values"]
    files = sent["proof"]["files"]["files"]
    assert [(file["name"], file["size"], file["user"]) for file in files] == [("figures.csv", 10, "U0ANA")]
