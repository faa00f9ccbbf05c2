"""Takes the pictures of README and guides from demos of their own: `python tests/journeys/shots.py [FOLDER]`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.journeys.demo import DESKTOP, PHONE, Demo, Visitor, chromium, fill_in, running_demo
from tests.journeys.guide_shots import take_picture_of_a_hand_over, take_pictures_of_the_guides
from tests.journeys.small_png import shrunk

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST_BYTES = 150_000


def take_pictures(demo: Demo, browser: Browser, folder: Path) -> None:
    """Walk the whole path once and take a picture at each station."""
    page = browser.new_page(viewport=DESKTOP, reduced_motion="reduce", color_scheme="light")
    visitor = Visitor(page)

    def take(name: str) -> None:
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement?.blur()")
        (folder / f"{name}.png").write_bytes(shrunk(page.screenshot(animations="disabled")))

    page.goto(demo.url)
    expect(visitor.messages.get_by_role("button", name="Check in").last).to_be_visible()
    take("prompt")
    dialog = visitor.open_the_form()
    dialog.get_by_label("value").first.focus()
    take("check-in")
    fill_in(dialog)
    dialog.get_by_role("button", name="Send").click()
    expect(visitor.messages.last).to_contain_text("Saved")
    take("receipt")

    visitor.move_the_clock("the round's close")
    visitor.go_to("skipper-app")
    digest = visitor.messages.filter(has_text="week of").last
    expect(digest.locator(".replies")).to_be_visible()
    visitor.become("Daniel Osei")
    digest = visitor.messages.filter(has_text="week of").last
    visitor.open_the_thread_of(digest)
    entry = visitor.thread.locator(".message", has_text="Noor Haddad checked in")
    visitor.react(entry, "tada")
    take("digest")

    visitor.become("Noor Haddad")
    visitor.go_to("OKR Bot")
    page.wait_for_load_state("load")
    field = page.get_by_role("textbox", name="Message OKR Bot")
    field.fill("/okr list Skipper App")
    field.press("Enter")
    expect(visitor.messages.last).to_contain_text("Key results of Skipper App")
    take("list")
    page.close()


def take_picture_of_a_phone(demo: Demo, browser: Browser, folder: Path) -> None:
    """The form on a window as wide as a phone."""
    page = browser.new_page(viewport=PHONE, reduced_motion="reduce", color_scheme="light", device_scale_factor=1)
    page.goto(demo.url)
    visitor = Visitor(page)
    dialog = visitor.open_the_form()
    (folder / "phone.png").write_bytes(shrunk(page.screenshot(animations="disabled")))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.close()


def main(folder: Path) -> None:
    """Take all of them. Raises AssertionError for one that is too large to be kept."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, running_demo(Path(place)) as demo, chromium() as browser:
        take_picture_of_a_phone(demo, browser, folder)
        take_pictures(demo, browser, folder)
    with tempfile.TemporaryDirectory() as place, running_demo(Path(place)) as demo, chromium() as browser:
        take_pictures_of_the_guides(demo, browser, folder)
    with tempfile.TemporaryDirectory() as place, running_demo(Path(place)) as demo, chromium() as browser:
        take_picture_of_a_hand_over(demo, browser, folder)
    for picture in sorted(folder.glob("*.png")):
        size = picture.stat().st_size
        sys.stdout.write(f"{picture} {size // 1000} kB\n")
        assert size <= LARGEST_BYTES, f"{picture} has {size} bytes; {LARGEST_BYTES} is the most"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
