"""The `markdown` block as safe HTML: the part of Markdown that Slack prints (headings, lists, tables, quotes, code,
links)."""

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from bot.sandbox.expansion import TABLE_DIVIDER
from bot.sandbox.page import mrkdwn
from bot.sandbox.page.viewer import Viewer

_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<url>[^)\s]+)\)"
    r"|(?P<strong>\*\*(?=\S)[^\n]+?(?<=\S)\*\*|__(?=\S)[^\n]+?(?<=\S)__)"
    r"|(?P<strike>~~(?=\S)[^\n]+?(?<=\S)~~)"
    r"|(?P<emphasis>(?<![\w*])\*(?=\S)[^*\n]+?(?<=\S)\*(?!\w)|(?<!\w)_(?=\S)[^_\n]+?(?<=\S)_(?!\w))"
)
_TAGS = {"strong": ("strong", 2), "strike": ("s", 2), "emphasis": ("em", 1)}
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_CELL_EDGE = re.compile(r"(?<!\\)\|")
_ITEM = re.compile(r"(?P<indent>\s*)(?:(?P<bullet>[-*+])|(?P<number>\d{1,9})[.)])\s+(?P<text>.*)")


def _inline(text: str) -> Markup:
    out: list[Markup] = []
    at = 0
    for match in _INLINE.finditer(text):
        out.append(mrkdwn.with_emoji(text[at : match.start()]))
        at = match.end()
        kind = match.lastgroup or ""
        if kind == "code":
            out.append(Markup("<code>{}</code>").format(match.group("code")))
        elif kind == "url":
            out.append(mrkdwn.link(match.group("url"), _inline(match.group("label"))))
        else:
            tag, width = _TAGS[kind]
            out.append(Markup(f"<{tag}>{{}}</{tag}>").format(_inline(match.group(kind)[width:-width])))
    out.append(mrkdwn.with_emoji(text[at:]))
    return Markup("").join(out)


def _same(lines: list[str], start: int, belongs: Callable[[str], bool]) -> Iterator[str]:
    for line in lines[start:]:
        if not belongs(line):
            return
        yield line


def _list(items: list[re.Match[str]]) -> Markup:
    """One list; items that stand deeper than the first are lists inside the item above them."""
    tag = "ol" if items[0].group("number") else "ul"
    tops = [at for at, item in enumerate(items) if len(item.group("indent")) <= len(items[0].group("indent"))]
    body = [
        Markup("<li>{}{}</li>").format(
            _inline(items[at].group("text")), _list(items[at + 1 : end]) if end > at + 1 else ""
        )
        for at, end in zip(tops, [*tops[1:], len(items)], strict=True)
    ]
    return Markup(f"<{tag}>{{}}</{tag}>").format(Markup("").join(body))


def _begins_table(lines: list[str], at: int) -> bool:
    return "|" in lines[at] and at + 1 < len(lines) and bool(TABLE_DIVIDER.match(lines[at + 1]))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _CELL_EDGE.split(inner)]


def _side(rule: str) -> str:
    if not rule.endswith(":"):
        return ""
    return "mid" if rule.startswith(":") else "num"


def _table(lines: list[str]) -> Markup:
    """A table; every row has as many cells as its head."""
    head, divider, *rows = map(_cells, lines)
    classes = [_side(cell) for cell in divider] + [""] * len(head)

    def row(cells: list[str], tag: str) -> Markup:
        padded = [*cells, *[""] * len(head)][: len(head)]
        one = Markup(f'<{tag}{" scope=col" if tag == "th" else ""} class="{{}}">{{}}</{tag}>')
        made = [one.format(name, _inline(cell)) for name, cell in zip(classes, padded, strict=False)]
        return Markup("<tr>{}</tr>").format(Markup("").join(made))

    body = Markup("").join(row(cells, "td") for cells in rows)
    frame = (
        '<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table class="data">{}{}</table></div>'
    )
    return Markup(frame).format(
        Markup("<thead>{}</thead>").format(row(head, "th")), Markup("<tbody>{}</tbody>").format(body) if rows else ""
    )


def _is_paragraph_line(line: str) -> bool:
    begins_something = _HEADING.match(line) or _ITEM.match(line) or line.startswith((">", "```", "---"))
    return bool(line.strip()) and not begins_something


def _block_at(lines: list[str], start: int) -> tuple[Markup, int]:
    """The block that begins at line `start`, and how many lines it takes."""
    line = lines[start]
    if line.startswith("```"):
        code = list(_same(lines, start + 1, lambda text: not text.startswith("```")))
        return Markup("<pre><code>{}</code></pre>").format("\n".join(code)), len(code) + 2
    heading = _HEADING.match(line)
    if heading:
        # A message is part of a page: its headings start below the page's own.
        level = min(len(heading.group(1)) + 2, 6)
        return Markup(f"<h{level}>{{}}</h{level}>").format(_inline(heading.group(2))), 1
    if line.startswith("---"):
        return Markup("<hr>"), 1
    if line.startswith(">"):
        quoted = list(_same(lines, start, lambda text: text.startswith(">")))
        inner = Markup("<br>").join(_inline(text[1:].strip()) for text in quoted)
        return Markup("<blockquote>{}</blockquote>").format(inner), len(quoted)
    if _begins_table(lines, start):
        rows = [line, lines[start + 1], *_same(lines, start + 2, lambda text: "|" in text)]
        return _table(rows), len(rows)
    if _ITEM.match(line):
        items = [
            item for text in _same(lines, start, lambda text: bool(_ITEM.match(text))) if (item := _ITEM.match(text))
        ]
        return _list(items), len(items)
    end = start + 1
    while end < len(lines) and _is_paragraph_line(lines[end]) and not _begins_table(lines, end):
        end += 1
    words = lines[start:end]
    return Markup("<p>{}</p>").format(Markup("<br>").join(_inline(text) for text in words)), len(words)


def markdown(text: str, viewer: Viewer) -> Markup:
    """Markdown as HTML that is safe whatever the text is."""
    del viewer  # the same signature as the other renderers: a block's text and who reads it
    lines = text.split("\n")
    out: list[Markup] = []
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        block, taken = _block_at(lines, at)
        out.append(block)
        at += taken
    return Markup("").join(out) or escape("")
