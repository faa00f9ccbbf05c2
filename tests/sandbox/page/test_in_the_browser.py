"""The ten things people do most, in Chromium, against a running local Slack with an unmodified Bolt app."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.sandbox.page.sample_app import Running, check_in_view, plain, running_sandbox
from tests.sandbox.page.windows import ANA, MARIA, Windows, check_in_form, messages

pytestmark = pytest.mark.slow


def test_the_page_opens_on_the_prompt_in_the_dm_with_the_app(windows: Windows) -> None:
    page = windows.open("/")
    expect(page).to_have_url(re.compile("/client/U0ANA/D0ANA$"))
    expect(page.get_by_label("You are")).to_have_value(ANA)
    expect(messages(page)).to_contain_text(["Five key results are due"])


def test_a_message_is_written_and_appears_at_once_in_two_windows_of_two_people(windows: Windows) -> None:
    ana, maria = windows.open("/client/U0ANA/C0OPERATIONS"), windows.open("/client/U0MARIA/C0OPERATIONS")
    field = ana.get_by_role("textbox", name="Message #operations")
    field.fill("The dock opens on *Thursday*")
    field.press("Enter")
    for page in (ana, maria):
        expect(messages(page).last).to_contain_text("The dock opens on Thursday")
        expect(messages(page).last.locator("strong", has_text="Thursday")).to_be_visible()
    expect(field).to_have_value("")


def test_a_channel_elsewhere_becomes_bold_with_its_count_and_reading_it_clears_that(windows: Windows) -> None:
    ana, maria = windows.open("/client/U0ANA/C0OPERATIONS"), windows.open("/client/U0MARIA/C0BOARD")
    field = maria.get_by_role("textbox", name="Message #board")
    field.fill("Numbers are in")
    field.press("Enter")
    link = ana.get_by_role("navigation", name="Channels and people").get_by_role("link", name="board")
    expect(link).to_have_accessible_name(re.compile(r"board.*1 unread"))
    link.click()
    expect(messages(ana).last).to_contain_text("Numbers are in")
    field.fill("And they are good")
    field.press("Enter")
    expect(messages(ana).last).to_contain_text("And they are good")
    ana.get_by_role("link", name="operations").click()
    expect(ana.locator("[data-channel-link=C0BOARD]")).not_to_have_class(re.compile("unread"))


def test_what_came_before_a_window_began_to_listen_is_read_once_it_is_shown_in_all_windows(
    windows: Windows, slack: Running
) -> None:
    elsewhere, slow = windows.open("/client/U0ANA/C0OPERATIONS"), windows.open("/client/U0ANA/C0GENERAL")
    board = elsewhere.locator("[data-channel-link=C0BOARD]")
    streams: list[Route] = []
    slow.route("**/control/stream?*", lambda stream: streams.append(stream))
    with slow.expect_request("**/control/stream?*"):
        slow.get_by_role("link", name="board").click()
    expect(slow.get_by_role("heading", name="board")).to_be_visible()
    said = {"user": MARIA, "channel": "C0BOARD", "text": "Numbers are in"}
    assert elsewhere.request.post(f"{slack.url}/control/say", data=said).ok
    expect(board).to_have_accessible_name(re.compile(r"board.*1 unread"))
    expect(messages(slow)).to_have_count(0)
    assert streams
    for stream in streams:
        stream.continue_()
    expect(messages(slow).last).to_contain_text("Numbers are in")
    expect(board).not_to_have_class(re.compile("unread"))
    slow.get_by_role("link", name="operations").click()
    expect(slow.locator("[data-channel-link=C0BOARD]")).not_to_have_class(re.compile("unread"))


def test_a_button_in_a_message_is_answered_with_a_note_only_its_presser_sees(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    page.get_by_role("button", name="No change").click()
    note = messages(page).last
    expect(note).to_contain_text("Only visible to you")
    expect(note).to_contain_text("Kept: no change")
    note.hover()
    note.get_by_role("button", name="Dismiss this note").click()
    expect(page.get_by_text("Only visible to you")).to_have_count(0)


def test_a_dangerous_button_asks_first(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    page.get_by_role("button", name="Skip", exact=True).click()
    question = page.get_by_role("alertdialog", name="Skip this week?")
    question.get_by_role("button", name="Stay").click()
    expect(question).to_be_hidden()
    page.get_by_role("button", name="Skip", exact=True).click()
    question.get_by_role("button", name="Skip it").click()
    expect(messages(page).first).to_contain_text("Skipped this week.")


def test_a_wrong_value_is_answered_at_its_field_and_everything_typed_stays(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    dialog = check_in_form(page)
    dialog.get_by_label("KR-3 value").fill("plenty")
    dialog.get_by_label("KR-3 confidence").select_option("8 - quite sure")
    dialog.get_by_label("What did we learn?").fill("The second shift\nneeds a lead.")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("Write a number, for example 32,000.")).to_be_visible()
    expect(dialog.get_by_label("KR-3 value")).to_be_focused()
    expect(dialog.get_by_label("KR-3 value")).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("KR-3 value")).to_have_value("plenty")
    expect(dialog.get_by_label("KR-3 confidence")).to_have_value("8")
    expect(dialog.get_by_label("What did we learn?")).to_have_value("The second shift\nneeds a lead.")
    dialog.get_by_label("KR-3 value").fill("32000")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    expect(messages(page).last).to_contain_text("KR-3 is at 32000.")


def test_an_empty_required_field_is_refused_before_the_app_is_asked(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    dialog = check_in_form(page)
    dialog.get_by_label("KR-4 value").fill("")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("Please complete this required field.")).to_be_visible()
    expect(dialog.get_by_label("KR-4 value")).to_be_focused()


def test_a_modal_on_top_of_another_is_filled_and_the_one_below_keeps_its_text(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    below = check_in_form(page)
    below.get_by_label("KR-3 value").fill("33000")
    below.get_by_role("button", name="Ask for help").click()
    above = page.get_by_role("dialog", name="Ask for help")
    whom = above.get_by_label("Whom do you ask?")
    whom.fill("pri")
    whom.press("Enter")
    expect(whom).to_have_value("Priya Nair")
    above.get_by_label("Topics").click()
    above.get_by_role("option", name="Money").click()
    above.get_by_role("option", name="Time").click()
    above.get_by_role("button", name="Remove Money").click()
    above.get_by_label("Key result").fill("kr-4")
    above.get_by_role("option", name="KR-4").click()
    above.get_by_label("This week").check()
    above.get_by_label("By when").fill("2031-02-03")
    above.get_by_role("button", name="Ask", exact=True).click()
    expect(above).to_be_hidden()
    expect(below.get_by_label("KR-3 value")).to_have_value("33000")
    sent = slack.sandbox.journal.entries(name="view_submission help_form")[-1]["payload"]["view"]["state"]["values"]
    assert sent["whom"]["whom"]["selected_user"] == "U0PRIYA"
    assert [option["value"] for option in sent["topics"]["topics"]["selected_options"]] == ["time"]
    assert sent["kr"]["kr"]["selected_option"]["value"] == "KR-4"
    assert sent["urgent"]["urgent"]["selected_option"]["value"] == "week"
    assert sent["when"]["when"]["selected_date"] == "2031-02-03"


def test_a_reaction_is_picked_counted_and_taken_back(windows: Windows, slack: Running) -> None:
    ana, maria = windows.open("/client/U0ANA/C0GENERAL"), windows.open("/client/U0MARIA/C0GENERAL")
    first = messages(ana).first
    first.hover()
    first.get_by_role("button", name="Add a reaction").first.click()
    ana.get_by_role("searchbox", name="Find an emoji").fill("tada")
    ana.get_by_role("button", name="tada", exact=True).click()
    expect(first.get_by_role("button", name="tada, 1")).to_have_attribute("aria-pressed", "true")
    messages(maria).first.get_by_role("button", name="tada, 1").click()
    expect(first.get_by_role("button", name="tada, 2")).to_be_visible()
    first.get_by_role("button", name="tada, 2").click()
    expect(first.get_by_role("button", name="tada, 1")).to_have_attribute("aria-pressed", "false")
    ts = first.get_attribute("data-ts")
    assert slack.sandbox.workspace.message("C0GENERAL", ts or "").reactions == {"tada": [MARIA]}


def test_a_thread_opens_beside_the_channel_and_takes_a_reply(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/C0GENERAL")
    messages(page).first.hover()
    messages(page).first.get_by_role("button", name="Reply in thread").click()
    reply = page.get_by_role("textbox", name="Reply in thread")
    expect(reply).to_be_focused()
    reply.fill("Welcome back")
    reply.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator(".message").last).to_contain_text("Welcome back")
    expect(messages(page).first.get_by_role("button", name="1 reply")).to_be_visible()
    page.reload()
    expect(thread.locator(".message").last).to_contain_text("Welcome back")
    thread.get_by_role("button", name="Close thread").click()
    expect(thread).to_be_hidden()


def test_a_half_typed_message_survives_what_others_write_and_a_reload(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/C0OPERATIONS")
    field = page.get_by_role("textbox", name="Message #operations")
    field.fill("Half a thou")
    slack.post(channel="C0OPERATIONS", text="Something else")
    expect(messages(page).last).to_contain_text("Something else")
    expect(field).to_have_value("Half a thou")
    expect(field).to_be_focused()
    page.reload()
    expect(field).to_have_value("Half a thou")


def test_slash_commands_are_hinted_and_run(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/C0OPERATIONS")
    field = page.get_by_role("textbox", name="Message #operations")
    field.press_sequentially("/o")
    expect(page.get_by_role("option", name="/okr")).to_contain_text("My week: what is due")
    field.press("Tab")
    expect(field).to_have_value("/okr ")
    field.press("Enter")
    expect(messages(page).last).to_contain_text("Nothing is due.")


def test_somebody_is_mentioned_by_picking_the_name(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/C0OPERATIONS")
    field = page.get_by_role("textbox", name="Message #operations")
    field.press_sequentially("Thanks @mar")
    page.get_by_role("listbox", name="Suggestions").get_by_role("option", name="Maria Weber").click()
    field.press("Enter")
    expect(messages(page).last.locator(".mention")).to_have_text("@Maria")
    assert slack.sandbox.workspace.roots("C0OPERATIONS")[-1].text == "Thanks <@U0MARIA>"
    field.press_sequentially("More in #bo")
    page.get_by_role("listbox", name="Suggestions").get_by_role("option", name="#board").click()
    field.press("Enter")
    expect(messages(page).last.get_by_role("link", name="#board")).to_have_attribute("href", "/client/U0ANA/C0BOARD")
    assert slack.sandbox.workspace.roots("C0OPERATIONS")[-1].text == "More in <#C0BOARD>"


def test_another_person_is_chosen_and_the_page_is_theirs(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/C0OPERATIONS")
    page.get_by_label("You are").select_option(label="Maria Weber")
    expect(page).to_have_url(re.compile("/client/U0MARIA/C0OPERATIONS$"))
    expect(page.get_by_label("You are")).to_have_value(MARIA)


def test_the_home_tab_is_published_when_it_is_opened(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="My week")).to_be_visible()
    page.locator("[data-region=home]").get_by_role("button", name="Check in").click()
    expect(page.get_by_role("dialog", name="Check in")).to_be_visible()


def test_shortcuts_are_in_the_composer_and_in_each_messages_menu(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem", name="Check in").click()
    expect(page.get_by_role("dialog", name="Check in")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Check in")).to_be_hidden()
    messages(page).first.hover()
    messages(page).first.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Recognise this").click()
    expect(messages(page).last).to_contain_text("Recognised.")


def test_the_clock_is_moved_by_a_button_and_says_the_persons_own_time(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0PRIYA/C0GENERAL")
    page.locator("button.clock").click()
    page.get_by_role("button", name="Next Monday, 9:00").click()
    expect(page.locator("button.clock")).to_contain_text(re.compile(r"Mon \d+ \w+ 09:00"))
    expect(page.locator("button.clock")).to_contain_text("Kolkata")
    page.locator("button.clock").click()
    page.get_by_label("Another time").fill("2031-07-07T10:30")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("button.clock")).to_contain_text("Mon 7 Jul 10:30")
    assert slack.sandbox.clock.as_iso().startswith("2031-07-07T05:0")
    page.locator("button.clock").click()
    page.get_by_role("button", name="One hour later").click()
    expect(page.locator("button.clock")).to_contain_text("Mon 7 Jul 11:30")
    page.locator("button.clock").click()
    page.get_by_role("button", name="Back to real time").click()
    expect(page.locator("button.clock")).not_to_contain_text("7 Jul")
    assert not slack.sandbox.clock.moved


def test_it_is_said_when_the_app_is_away_and_again_when_it_is_back(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    expect(page.locator(".status .banner")).to_have_count(0)
    slack.disconnect_app()
    expect(page.locator(".status .banner")).to_contain_text("OKR Bot is not connected.")
    page.get_by_role("button", name="No change").click()
    expect(page.get_by_role("alert").filter(has_text="not connected")).to_be_visible()
    slack.connect_app()
    expect(page.locator(".status .banner")).to_have_count(0)


def test_events_that_were_switched_off_are_switched_on_again(windows: Windows, slack: Running) -> None:
    slack.sandbox.dispatch.http = slack.sandbox.sockets  # as if the app listened over HTTP
    slack.sandbox.team.events_off = True
    page = windows.open("/client/U0ANA/D0ANA")
    expect(page.locator(".status .banner")).to_contain_text("OKR Bot is sent no events.")
    page.get_by_role("button", name="Switch on again").click()
    expect(page.locator(".status .banner")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Message OKR Bot")).to_be_focused()
    assert not slack.sandbox.team.events_off


def test_a_modal_whose_app_is_away_stays_with_its_text_and_says_so(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    dialog = check_in_form(page)
    dialog.get_by_label("KR-3 value").fill("34000")
    slack.disconnect_app()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert").filter(has_text="Nothing you typed is lost")).to_be_visible()
    slack.connect_app()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    expect(messages(page).last).to_contain_text("KR-3 is at 34000.")


def test_a_command_that_is_not_answered_within_three_seconds_says_so(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    field = page.get_by_role("textbox", name="Message OKR Bot")
    field.fill("/slow")
    field.press("Enter")
    field.press("Enter")
    expect(messages(page).last).to_contain_text("did not answer within 3 seconds")
    expect(page.locator("#late")).to_contain_text("did not answer within 3 seconds. (interaction /slow)")
    page.get_by_role("button", name="Open the log").click()
    drawer = page.get_by_role("region", name="Developer's drawer")
    expect(drawer.locator(".entry:visible")).to_have_count(1)
    expect(drawer.locator(".entry:visible")).to_contain_text("/slow")
    expect(page.locator("#late")).to_be_hidden()


def test_the_developers_drawer_shows_filters_and_breaks_calls(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    page.get_by_role("button", name="Developer's drawer").click()
    drawer = page.get_by_role("region", name="Developer's drawer")
    drawer.get_by_role("searchbox", name="Filter the log").fill("chat.postmessage")
    expect(drawer.locator(".entry:visible")).to_have_count(1)
    drawer.locator(".entry:visible summary").click()
    expect(drawer.locator("pre:visible").first).to_contain_text("Five key results are due")
    drawer.get_by_role("button", name="Faults").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("fails 1 more time")).to_be_visible()
    assert [fault.method for fault in slack.sandbox.faults.waiting()] == ["chat.postMessage"]
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("No faults are waiting.")).to_be_visible()
    with page.expect_response("**/control/limits"):
        page.get_by_label("Rate limits as in Slack").check()
    assert slack.sandbox.limits.enabled


def test_a_deleted_and_an_edited_message_change_in_place(windows: Windows) -> None:
    page = windows.open("/client/U0ANA/C0OPERATIONS")
    field = page.get_by_role("textbox", name="Message #operations")
    for text in ("Frist", "Second"):
        field.fill(text)
        field.press("Enter")
        expect(messages(page).last).to_contain_text(text)
    messages(page).first.hover()
    messages(page).first.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Edit message").click()
    page.get_by_role("dialog", name="Edit message").get_by_role("textbox").fill("First")
    page.get_by_role("button", name="Save").click()
    expect(messages(page).first).to_contain_text("First(edited)")
    messages(page).last.hover()
    messages(page).last.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    expect(messages(page)).to_have_count(1)


def test_the_page_finds_the_local_slack_again_after_a_restart(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    with running_sandbox(data=tmp_path) as first:
        port = int(first.url.rpartition(":")[2])
        first.post(channel="C0OPERATIONS", text="Before the restart")
        page = context.new_page()
        page.goto(f"{first.url}/client/U0ANA/C0OPERATIONS")
        expect(messages(page).last).to_contain_text("Before the restart")
        page.get_by_role("textbox", name="Message #operations").fill("Half a thou")
    expect(page.locator("body")).to_have_class(re.compile("away"))
    with running_sandbox(port=port, data=tmp_path) as second:
        expect(page.locator("body")).not_to_have_class(re.compile("away"))
        second.post(channel="C0OPERATIONS", text="After the restart")
        expect(messages(page).last).to_contain_text("After the restart")
        expect(page.get_by_role("textbox", name="Message #operations")).to_have_value("Half a thou")
        context.close()


def test_an_update_of_the_view_keeps_what_is_typed_and_where_the_cursor_stands(
    windows: Windows, slack: Running
) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    dialog = check_in_form(page)
    field = dialog.get_by_label("What did we learn?")
    field.fill("The second shift needs a lead")
    field.evaluate("node => node.setSelectionRange(4, 10)")
    view_id = dialog.get_attribute("data-view-id")
    changed = check_in_view()
    changed["blocks"].insert(0, {"type": "section", "block_id": "new", "text": {"type": "mrkdwn", "text": "*Welcome*"}})
    slack.call("views.update", view_id=view_id, view=changed)
    expect(dialog).to_contain_text("Welcome")
    expect(field).to_have_value("The second shift needs a lead")
    expect(field).to_be_focused()
    assert field.evaluate("node => [node.selectionStart, node.selectionEnd]") == [4, 10]
    page.keyboard.press("Control+a")

    def offer(**words: str) -> None:
        choices = [{"text": plain(text), "value": value} for value, text in words.items()]
        changed["blocks"] += [
            {"type": "input", "block_id": kind, "label": plain(kind), "optional": True,
             "element": {"type": kind, "action_id": kind, "options": choices}}
            for kind in ("radio_buttons", "static_select", "multi_static_select")
        ]  # fmt: skip
        slack.call("views.update", view_id=view_id, view=changed)
        del changed["blocks"][-3:]
        expect(dialog.get_by_role("radio")).to_have_count(len(words))
        expect(dialog.get_by_role("radio", name=next(iter(words.values())))).to_be_visible()

    offer(people="People", money="Money", time="Time")
    dialog.get_by_role("radio", name="Money").check()
    dialog.get_by_label("static_select", exact=True).select_option("money")
    dialog.get_by_label("multi_static_select").click()
    for name in ("Money", "Time"):
        dialog.get_by_role("option", name=name, exact=True).last.click()
    offer(space="Space", time="Time")
    expect(dialog.get_by_role("radio", checked=True)).to_have_count(0)
    expect(dialog.get_by_label("static_select", exact=True)).to_have_value("")
    expect(dialog.locator(".chips li")).to_have_text(["Time×"])
    dialog.get_by_label("static_select", exact=True).select_option("space")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    sent = slack.sandbox.journal.entries(name="view_submission check_in_form")[-1]["payload"]["view"]["state"]["values"]
    assert sent["static_select"]["static_select"]["selected_option"]["value"] == "space"
    assert [one["value"] for one in sent["multi_static_select"]["multi_static_select"]["selected_options"]] == ["time"]
    expect(page.locator(".message").get_by_role("button", name="Check in")).to_be_focused()
