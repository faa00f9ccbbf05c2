"""Cells that a spreadsheet shows as text: no cell is a formula, however the file is split into cells.

A text that a spreadsheet could take for a formula gets an apostrophe before it, at its beginning and after everything
that may begin a cell when the file is opened with another separator. `plain_cell` takes exactly those away again.
"""

import re

# Full-width signs are formulas too where the spreadsheet speaks Japanese or Chinese.
_FORMULA = "(?='* *[=+\\-@＝＋－＠])"
_BEGINS_A_CELL = '(?:^|(?<=[,;\\t\\r\\n|"]))'
_GUARD = re.compile(f"{_BEGINS_A_CELL}{_FORMULA}|^(?='*[\\t\\r\\n])")
_GUARDED = re.compile(f"{_BEGINS_A_CELL}'{_FORMULA}|^'(?='*[\\t\\r\\n])")


def safe_cell(text: str) -> str:
    """A text for a cell; `plain_cell` gives it back."""
    return _GUARD.sub("'", text)


def plain_cell(cell: str) -> str:
    """The text of a cell that `safe_cell` made; every other text is itself."""
    return _GUARDED.sub("", cell)
