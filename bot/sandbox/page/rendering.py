"""The Jinja2 environment of the page. Autoescape is on: whatever is not `Markup` from our own renderers is text."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from bot.sandbox.page import emoji
from bot.sandbox.page.blocks import PLACEHOLDERS

FOLDER = Path(__file__).parent


def _groupby_in_order(items: Iterable[Any], attribute: str) -> list[tuple[Any, list[Any]]]:
    return [(key, list(group)) for key, group in groupby(items, attrgetter(attribute))]


def page_environment() -> Environment:
    """Templates of the page. Block Kit leaves most keys out, so a missing key of a block is simply empty."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["groupby_in_order"] = _groupby_in_order
    environment.globals |= {
        "placeholders": PLACEHOLDERS,
        "emoji_groups": emoji.GROUPS,
        "in_tones": emoji.in_tones,
        "tones": emoji.TONES,
    }
    return environment


def render_blocks(environment: Environment, show: Any, surface: Any, blocks: list[dict[str, Any]]) -> str:
    """Blocks alone, for tests and previews."""
    template = environment.from_string("{% from 'blocks.html' import render with context %}{{ render(at, blocks) }}")
    return template.render(show=show, at=surface, blocks=blocks)
