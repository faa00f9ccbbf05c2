"""The editor of `rich_text_input`: written by keys and buttons as in Slack, sent as Slack sends it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.sandbox.page.accessibility import problems_of
from tests.sandbox.page.sample_app import Running, plain
from tests.sandbox.page.windows import DESKTOP, PHONE, Windows

pytestmark = pytest.mark.slow

Json = dict[str, Any]


def text(words: str, **style: bool) -> Json:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def section(*leaves: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(leaves)}


def listing(style: str, *items: Json, **more: int) -> Json:
    return {"type": "rich_text_list", "style": style, "elements": list(items), **more}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


# As Slack's own clients write it: the text above a list ends with a line break, numbers go on behind a deeper list.
EVERYTHING = rich(
    section(
        text("Hi "), {"type": "user", "user_id": "U0MARIA", "style": {"bold": True}},
        text(", see ", bold=True, italic=True),
        {"type": "link", "url": 'https://example.com/?a="b"', "text": "<this>", "style": {"strike": True}},
        {"type": "link", "url": "https://bare.example", "unsafe": True}, text("\nand "),
        {"type": "channel", "channel_id": "C0GENERAL"}, text("\n"),
    ),
    listing("ordered", section(text("one\nstill one")), section(), indent=0, border=1),
    listing("bullet", section({"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fc", "skin_tone": 3}),
            indent=1, border=0),
    listing("ordered", section(text("three", code=True, underline=True)), indent=0, offset=2, border=1),
    listing("ordered", section(text("ten")), indent=0, offset=9),
    {"type": "rich_text_quote", "border": 1, "elements": [
        {"type": "broadcast", "range": "here"}, {"type": "usergroup", "usergroup_id": "S1"},
        text(" \u05e9\u05dc\u05d5\u05dd")]},
    section(text("A")),
    section({"type": "date", "timestamp": 1791171000, "format": "{date}", "fallback": "x"},
            {"type": "color", "value": "#aabbcc"}),
    {"type": "rich_text_preformatted", "border": 0, "language": "js", "elements": [
        text('if (a < b) {\n\n  "x"\n}'), {"type": "link", "url": "https://e.example"}]},
    section(text("end 👩\u200d🌾 " + "x" * 10_000)),
)  # fmt: skip

CONVERTED = """async ([value, labels]) => {
  const { fromRichText, fromDom, toHtml, toRichText } = await import("/static/page/rich_text.js");
  const shown = document.createElement("div");
  shown.innerHTML = toHtml(fromRichText(value, labels));
  return toRichText(fromDom(shown));
}"""


def modal(*elements: Json, **block: Any) -> Json:
    inputs = [
        {"type": "input", "block_id": f"note{number}", "label": plain(f"Note {number}"), "element": element, **block}
        for number, element in enumerate(elements)
    ]
    return {
        "type": "modal", "callback_id": "help_form", "title": plain("Notes"), "submit": plain("Send"), "blocks": inputs,
    }  # fmt: skip


def editor(**more: Any) -> Json:
    return {"type": "rich_text_input", "action_id": "words", "placeholder": plain("What happened?"), **more}


def opened(page: Page, slack: Running, view: Json) -> Locator:
    slack.call("views.open", trigger_id=slack.sandbox.tickets.issue_trigger("U0ANA"), view=view)
    dialog = page.get_by_role("dialog", name="Notes")
    expect(dialog).to_be_visible()
    return dialog


def offered(dialog: Locator) -> Locator:
    return dialog.get_by_role("listbox", name="Suggestions")


def sent(slack: Running) -> Any:
    entry = slack.sandbox.journal.entries(name="view_submission help_form")[-1]
    return entry["payload"]["view"]["state"]["values"]["note0"]["words"]


def test_what_an_app_gives_comes_back_to_the_letter_unless_somebody_changes_it(
    windows: Windows, slack: Running
) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        dialog = opened(page, slack, modal(editor(initial_value=EVERYTHING, focus_on_load=True, max_lines=8)))
        field = dialog.get_by_role("textbox", name="Note 0")
        expect(field).to_be_focused()
        expect(field.get_by_text("@Maria")).to_be_visible()
        labels = page.evaluate("JSON.parse(document.querySelector('.rich-input').dataset.labels)")
        assert page.evaluate(CONVERTED, [EVERYTHING, labels]) == EVERYTHING
        assert problems_of(page) == []
        page.keyboard.type("!")
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+Enter")
        expect(dialog).to_be_hidden()
        assert sent(slack) == {"type": "rich_text_input", "rich_text_value": EVERYTHING}


def test_words_are_written_by_keys_signs_and_lists(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    keys = page.keyboard
    dialog = opened(page, slack, modal(editor()))
    field = dialog.get_by_role("textbox", name="Note 0")
    expect(field).to_be_focused()
    keys.type("Hello ")
    keys.press("Control+b")
    expect(dialog.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")
    keys.type("world")
    keys.press("Control+b")
    keys.type(" `x` ~no~ :ra")
    expect(offered(dialog).get_by_role("option", name=":rainbow:")).to_be_visible()
    keys.type("inb")
    expect(offered(dialog).get_by_role("option")).to_have_count(1)
    keys.press("Tab")
    keys.press("Enter")
    keys.type("- one")
    keys.press("Enter")
    keys.type("deep")
    keys.press("Tab")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("two @mar")
    expect(offered(dialog).get_by_role("option", name="Maria Weber")).to_be_visible()
    keys.press("Enter")
    keys.type("in #gene")
    expect(offered(dialog).get_by_role("option", name="#general")).to_be_visible()
    keys.press("Enter")
    keys.press("Backspace")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("> so")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("```y = 1")
    keys.press("Enter")
    keys.type("  z")
    keys.press("ArrowDown")
    keys.press("Control+Shift+Digit7")
    keys.type("last👩\u200d🌾")
    keys.press("Backspace")
    keys.type(" (https://example.com/a). or word")
    keys.press("Control+Backspace")
    keys.type("https://b.example")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    assert sent(slack)["rich_text_value"] == rich(
        section(text("Hello "), text("world", bold=True), text(" "), text("x", code=True), text(" "),
                text("no", strike=True), text(" "), {"type": "emoji", "name": "rainbow", "unicode": "1f308"},
                text(" \n")),
        listing("bullet", section(text("one")), indent=0, border=0),
        listing("bullet", section(text("deep")), indent=1, border=0),
        listing("bullet", section(text("two "), {"type": "user", "user_id": "U0MARIA"}, text(" in "),
                                  {"type": "channel", "channel_id": "C0GENERAL"}), indent=0, border=0),
        {"type": "rich_text_quote", "elements": [text("so")]},
        {"type": "rich_text_preformatted", "elements": [text("y = 1\n  z")]},
        listing("ordered", section(
            text("last ("), {"type": "link", "url": "https://example.com/a"}, text("). or "),
            {"type": "link", "url": "https://b.example"}), indent=0, border=0),
    )  # fmt: skip


def selected(page: Page, field: Locator, words: str) -> None:
    """The words, which end the field's text, are selected by keys."""
    field.focus()
    page.keyboard.press("Control+End")
    for _ in words:
        page.keyboard.press("Shift+ArrowLeft")


def pasted(page: Page, words: str) -> None:
    page.evaluate(
        """(words) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.setData("text/plain", words);
          dataTransfer.setData("text/html", "<b>bold</b>");
          const event = { inputType: "insertFromPaste", dataTransfer, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new InputEvent("beforeinput", event));
        }""",
        words,
    )


def test_links_errors_updates_and_pasted_words_in_the_dark_on_a_phone(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/D0ANA", size=PHONE, scheme="dark")
    keys = page.keyboard
    dialog = opened(page, slack, modal(editor()))
    field = dialog.get_by_role("textbox", name="Note 0")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("Please complete this required field.")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    dialog.get_by_role("button", name="Mention someone").click()
    expect(offered(dialog).get_by_role("option", name="Ana Torres")).to_be_visible()
    assert problems_of(page) == []
    keys.press("Escape")
    expect(offered(dialog).get_by_role("option")).to_have_count(0)
    keys.press("Backspace")
    pasted(page, "one <b>\r\nsee docs")
    selected(page, field, "docs")
    keys.press("Control+Shift+u")
    link = dialog.get_by_role("dialog", name="Link")
    expect(link.get_by_label("Text")).to_have_value("docs")
    link.get_by_label("Address").fill("nonsense")
    keys.press("Enter")
    expect(link.get_by_role("alert")).to_be_visible()
    assert problems_of(page) == []
    link.get_by_label("Address").fill("example.com/x")
    keys.press("Enter")
    expect(link).to_be_hidden()
    expect(field).to_be_focused()
    view = modal(editor())
    view["blocks"].insert(0, {"type": "section", "text": plain("Something new above")})
    slack.call("views.update", view_id=dialog.get_attribute("data-view-id"), view=view)
    expect(dialog.get_by_text("Something new above")).to_be_visible()
    expect(field).to_have_text("one <b>see docs")
    dialog.get_by_role("button", name="Quote").focus()  # one stop of Tab, arrows inside
    keys.press("ArrowRight")
    expect(dialog.get_by_role("button", name="Code", exact=True)).to_be_focused()
    with page.expect_response("**/control/change"):
        dialog.get_by_role("button", name="Send").focus()
    page.reload()
    expect(field.get_by_role("link", name="docs")).to_be_visible()
    field.click()
    keys.press("Control+End")
    keys.type(" soon")
    page.reload()  # before the field is left
    expect(field).to_have_text("one <b>see docs soon")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    assert sent(slack)["rich_text_value"] == rich(
        section(text("one <b>\nsee "), {"type": "link", "url": "https://example.com/x", "text": "docs"}, text(" soon"))
    )


def test_an_app_hears_of_what_is_typed_where_it_asked_for_it(windows: Windows, slack: Running) -> None:
    page = windows.open("/client/U0ANA/D0ANA")
    keys = page.keyboard

    def dispatching(when: str) -> Json:
        return editor(action_id="ask_help", dispatch_action_config={"trigger_actions_on": [when]})

    view = modal(dispatching("on_character_entered"), dispatching("on_enter_pressed"), dispatch_action=True)
    dialog = opened(page, slack, view)
    for number in (0, 1):
        field = dialog.get_by_role("textbox", name=f"Note {number}")
        field.focus()
        keys.type("- a")
        keys.press("Enter")
        keys.press("Enter")
        keys.type("b")
        if number:
            keys.press("Enter")
        above = page.get_by_role("dialog", name="Ask for help")
        expect(above).to_be_visible()
        heard = slack.sandbox.journal.entries(name="block_actions ask_help")[-1]["payload"]["actions"]
        assert [(one["block_id"], one["rich_text_value"]) for one in heard] == [
            (f"note{number}", rich(listing("bullet", section(text("a")), indent=0, border=0), section(text("b"))))
        ]
        above.get_by_role("button", name="Back").click()
        expect(above).to_be_hidden()
