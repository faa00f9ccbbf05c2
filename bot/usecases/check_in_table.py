"""The table of check-ins: a CSV file, read row by row, so that its length costs no memory.

One row is one answer about one key result. Rows with the same `key` belong together: what one person said at once. A
file of an export also has the columns of `HISTORY`: each row is then one version of a check-in, kept as it was.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

from bot.okr.errors import OkrError
from bot.usecases.import_plans import Problem, suggestion
from bot.usecases.import_scalars import (
    LONGEST_KEY,
    LONGEST_NUMBER,
    LONGEST_TEXT,
    Typed,
    amount,
    confidence_of_text,
    instant_of_text,
    whole_text,
)
from bot.usecases.spreadsheets import plain_cell

NEEDED = ("key", "key_result", "at", "value")
SIMPLE = ("key", "key_result", "by", "at", "value", "confidence", "note", "learned", "needs")
HISTORY = (
    "version", "recorded_at", "before", "unchanged", "withdrawn", "back_dated", "sent_at", "undone_at", "source",
)  # fmt: skip
COLUMNS = SIMPLE + HISTORY

SEPARATORS = ",;\t"
LONGEST_LINE = 1_000_000
LONGEST_CELL = 200_000
LONGEST_SUBMISSION_KEY = 200
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """One row, with every cell read; `value` is as it was written, because how it is read depends on the key result.

    `line` is where the row begins, from 1: a text in quotes may hold line breaks. What stands under `HISTORY` is None
    (or False) where the table has no such columns.
    """

    line: int
    key: str
    key_result: str | None
    by: str | None
    at: datetime | None
    value: str | None
    confidence: int | None
    note: str | None
    learned: str | None
    needs: str | None
    version: int | None = None
    recorded_at: datetime | None = None
    before: Decimal | None = None
    unchanged: bool = False
    withdrawn: bool = False
    back_dated: bool = False
    sent_at: datetime | None = None
    undone_at: datetime | None = None
    source: str | None = None


class WrongTable(OkrError):
    """The table cannot be read any further; `problem` says where and why."""

    default_help_topic = "operator"

    def __init__(self, line: int, reason: str) -> None:
        self.problem = Problem(line, reason)
        super().__init__(reason)


class CheckInTable:
    """A table of check-ins in an open file; iterate over it once.

    Answers a CheckInRow or a Problem for each row. `read` is told how many bytes each line had.
    """

    def __init__(self, file: BinaryIO, read: Callable[[int], None] | None = None) -> None:
        """Reads the header. Raises WrongTable."""
        self._lines = 0
        self._file, self._read = file, read
        lines = self._decoded()
        header = next(lines, "")
        if not header.strip():
            raise WrongTable(1, f"the table is empty; its first line names the columns: {','.join(SIMPLE)}")
        separator = max(SEPARATORS, key=header.count)
        self.columns = self._columns(next(csv.reader([header.rstrip("\r\n")], delimiter=separator)))
        self._records = csv.reader(lines, delimiter=separator, strict=True)

    @property
    def has_history(self) -> bool:
        """Whether each row is one version of a check-in, as an export writes it."""
        return HISTORY[0] in self.columns

    def __iter__(self) -> Iterator[CheckInRow | Problem]:
        csv.field_size_limit(LONGEST_CELL)
        width = len(self.columns)
        while True:
            line = self._lines + 1
            try:
                cells = next(self._records, None)
            except csv.Error as error:
                raise WrongTable(line, self._broken(str(error))) from error
            if cells is None:
                return
            if any(cells):
                if len(cells) != width:
                    yield Problem(line, f"this row has {len(cells)} cells, the first line names {width} columns")
                else:
                    yield self._row(line, cells)

    def _broken(self, said: str) -> str:
        if "unexpected end" in said:
            return "a quotation mark opens a text here that never ends"
        if "field limit" in said:
            return f"a text here is longer than {LONGEST_CELL} characters; perhaps its quotation mark never closes"
        if "new-line character" in said:
            return "the lines of this file end with a carriage return alone; save it as CSV once more"
        return "the quotation marks here do not match; a quotation mark inside of a text is written twice"

    def _decoded(self) -> Iterator[str]:
        while raw := self._file.readline(LONGEST_LINE + 1):
            if len(raw) > LONGEST_LINE:
                raise WrongTable(self._lines + 1, f"this line is longer than {LONGEST_LINE} characters")
            if not self._lines and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise WrongTable(1, "this is UTF-16; save the table as CSV in UTF-8")
            try:
                text = raw.decode("utf-8-sig" if not self._lines else "utf-8")
            except UnicodeDecodeError as error:
                raise WrongTable(self._lines + 1, "this line is not UTF-8; save the table as CSV in UTF-8") from error
            self._lines += 1
            if self._read is not None:
                self._read(len(raw))
            yield text

    def _columns(self, names: Sequence[str]) -> tuple[str, ...]:
        found = tuple(name.strip() for name in names)
        for name in found:
            if name not in COLUMNS:
                hint = suggestion(name, COLUMNS) or f"; there are {', '.join(SIMPLE)}"
                raise WrongTable(1, f"“{whole_text(name)[:40]}” is not a column I know{hint}")
            if found.count(name) > 1:
                raise WrongTable(1, f"the column {name} stands here twice")
        missing = [name for name in NEEDED if name not in found]
        if any(name in found for name in HISTORY):
            missing += [name for name in ("by", *HISTORY) if name not in found]
        if missing:
            raise WrongTable(1, f"the table lacks the column {', '.join(missing)}")
        return found

    def _row(self, line: int, cells: Sequence[str]) -> CheckInRow | Problem:
        values: dict[str, Any] = {}
        for name, cell in zip(self.columns, cells, strict=True):
            try:
                values[name] = _READ[name](cell) if cell.strip() else None
            except OkrError as error:
                return Problem(line, f"{name}: {error.sentence}")
        missing = [name for name in self._missing(values) if values.get(name) is None]
        if missing:
            return Problem(line, f"this row needs {' and '.join(missing)}")
        for name in ("unchanged", "withdrawn", "back_dated"):
            values[name] = bool(values.get(name))
        given: dict[str, Any] = {name: values.get(name) for name in COLUMNS}
        return CheckInRow(line, **given)

    def _missing(self, values: dict[str, Any]) -> tuple[str, ...]:
        """What this row can't do without; one without a key result may hold what was learned or needed alone."""
        alone = values["key_result"] is None and (values.get("learned") or values.get("needs"))
        if self.has_history:
            return ("key", "by", "sent_at") if alone else ("key", "key_result", "by", "at", "version", "recorded_at",
                                                           "sent_at")  # fmt: skip
        return ("key", "by", "at") if alone else NEEDED


def _text(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        text = plain_cell(whole_text(cell))
        if len(text) > longest:
            raise OkrError(f"this is too long: at most {longest} characters.")
        return text

    return read


def _instant(cell: str) -> datetime:
    return instant_of_text(cell.strip())


def _number(cell: str) -> Decimal:
    return amount(Typed(0, cell.strip(), bare=True), None)


def _yes_or_no(cell: str) -> bool:
    if cell.strip().casefold() not in (YES, NO):
        raise OkrError(f"“{cell[:40]}” is neither yes nor no.")
    return cell.strip().casefold() == YES


def _version(cell: str) -> int:
    if not cell.strip().isdecimal() or not 1 <= int(cell.strip()[:9]) < 10_000:
        raise OkrError(f"“{cell[:40]}” is not a version, which is a whole number from 1.")
    return int(cell)


def _confidence(cell: str) -> int:
    return confidence_of_text(cell.strip())


_READ: dict[str, Callable[[str], Any]] = {
    "key": _text(LONGEST_SUBMISSION_KEY),
    "key_result": _text(LONGEST_KEY),
    "by": _text(320),
    "at": _instant,
    "value": _text(LONGEST_NUMBER),
    "confidence": _confidence,
    "note": _text(LONGEST_TEXT),
    "learned": _text(LONGEST_TEXT),
    "needs": _text(LONGEST_TEXT),
    "version": _version,
    "recorded_at": _instant,
    "before": _number,
    "unchanged": _yes_or_no,
    "withdrawn": _yes_or_no,
    "back_dated": _yes_or_no,
    "sent_at": _instant,
    "undone_at": _instant,
    "source": _text(16),
}
