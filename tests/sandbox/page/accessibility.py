"""A small check of a page as it stands in the browser: names, roles, ids, contrast of text, order of focus.

It looks for what axe-core's rules of the same names look for; colours are the computed ones, blended as painted.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

CHECK = (Path(__file__).parent / "accessibility.js").read_text(encoding="utf-8")
FOCUSED = (Path(__file__).parent / "focused.js").read_text(encoding="utf-8")


def problems_of(page: Page) -> list[str]:
    """What is wrong with the page as it stands now; empty when nothing is."""
    found: list[str] = page.evaluate(CHECK)
    return found


def walk_by_tab(page: Page, steps: int) -> list[dict[str, object]]:
    """Press Tab `steps` times and say where the focus was each time."""
    stops: list[dict[str, object]] = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    return stops
