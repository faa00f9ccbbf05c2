"""How many blocks Slack makes of a markdown block: its limits on blocks and tables hold after that.

Slack does not publish the rules. Assumed here: headings, rules, tables and pictures on a line of their own become
blocks of their own, and the text between them one rich_text block each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.sandbox.entities import Json

FENCE = re.compile(r"\s{0,3}(```|~~~)")
HEADING = re.compile(r"\s{0,3}#{1,6}(\s|$)")
RULE = re.compile(r"\s{0,3}([-*_])(\s*\1){2,}\s*$")
TABLE_DIVIDER = re.compile(r"\s{0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$|\s{0,3}\|\s*:?-+:?\s*\|\s*$")
PICTURE = re.compile(r"\s{0,3}!\[[^\]]*\]\([^)]*\)\s*$")


def expanded_kinds(text: str) -> list[str]:
    """The types of the blocks a markdown text becomes, in order."""
    return list(_kinds(text.splitlines()))


def _kinds(lines: Sequence[str]) -> Iterator[str]:
    in_text = in_code = in_table = False
    for number, line in enumerate(lines):
        if FENCE.match(line):
            in_code = not in_code
        if in_table and not in_code and "|" in line:
            continue
        in_table = False
        kind = "rich_text" if in_code or FENCE.match(line) else _kind(line, lines[number + 1 : number + 2])
        if kind is None:
            continue
        if kind == "rich_text" and in_text:
            continue
        in_text, in_table = kind == "rich_text", kind == "table"
        yield kind


def _kind(line: str, following: Sequence[str]) -> str | None:
    if not line.strip():
        return None
    if HEADING.match(line):
        return "header"
    if RULE.match(line):
        return "divider"
    if PICTURE.match(line):
        return "image"
    if "|" in line and following and TABLE_DIVIDER.match(following[0]):
        return "table"
    return "rich_text"


def kinds_after_expansion(blocks: Sequence[Any]) -> list[str]:
    """The types of a message's blocks once its markdown blocks are expanded."""
    kinds: list[str] = []
    for block in blocks:
        if isinstance(block, dict) and block.get("type") == "markdown":
            kinds += expanded_kinds(str(block.get("text")))
        elif isinstance(block, dict):
            kinds.append(str(block.get("type")))
    return kinds


def has_markdown(blocks: Any) -> bool:
    """Some block will be expanded."""
    return isinstance(blocks, list) and any(_is_markdown(block) for block in blocks)


def _is_markdown(block: Json) -> bool:
    return isinstance(block, dict) and block.get("type") == "markdown"
