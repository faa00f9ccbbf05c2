"""Blocks that show figures: table, data_table and data_visualization."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.sandbox.blockkit import problems
from bot.sandbox.blockkit.limits import LIMITS
from bot.sandbox.blockkit.objects import BLOCK_ID, TYPE
from bot.sandbox.blockkit.problems import Problem
from bot.sandbox.blockkit.rich_text import RICH_TEXT
from bot.sandbox.blockkit.schema import AnyOf, ByType, Flag, Listing, Number, Rule, Schema, Shape, Text

_RAW_TEXT = Shape(required={"type": Text(enum=("raw_text",)), "text": Text(min=1)}, optional={"emoji": Flag()})
_RAW_NUMBER = Shape(required={"type": Text(enum=("raw_number",)), "value": Number(), "text": Text(min=1)})


def character_count(value: object) -> int:
    """The characters of every `text` inside a value, however deep."""
    if isinstance(value, dict):
        return sum(
            len(inner) if key == "text" and isinstance(inner, str) else character_count(inner)
            for key, inner in value.items()
        )
    if isinstance(value, list):
        return sum(character_count(item) for item in value)
    return 0


def _total_at_most(limit: str) -> Rule:
    def rule(block: Mapping[str, object], pointer: str) -> Iterable[Problem]:
        total = character_count(block.get("rows"))
        if total > LIMITS[limit]:
            yield problems.out_of_bounds("max_length", LIMITS[limit], total, f"{pointer}/rows")

    return rule


TABLE = Shape(
    required={
        "type": TYPE,
        "rows": Listing(
            Listing(AnyOf((_RAW_TEXT, RICH_TEXT)), min=LIMITS["table.cells.min"], max=LIMITS["table.cells.max"]),
            min=LIMITS["table.rows.min"],
            max=LIMITS["table.rows.max"],
        ),
    },
    optional={
        "block_id": BLOCK_ID,
        "column_settings": Listing(
            Shape(optional={"align": Text(enum=("left", "center", "right")), "is_wrapped": Flag()}),
            max=LIMITS["table.column_settings.max"],
            gaps=True,
        ),
    },
    rules=(_total_at_most("table.total.max"),),
)


def _rows_of(block: Mapping[str, object]) -> list[list[dict[str, object]]]:
    rows = block["rows"]
    return rows if isinstance(rows, list) else []


def _header_is_raw(block: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    for index, cell in enumerate(_rows_of(block)[0]):
        if cell["type"] == "rich_text":
            yield problems.not_in_enum(("raw_text", "raw_number"), "rich_text", f"{pointer}/rows/0/{index}/type")


def _rows_are_equally_wide(block: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    rows = _rows_of(block)
    width = len(rows[0])
    for index, row in enumerate(rows):
        measure = "min_items" if len(row) < width else "max_items"
        if len(row) != width:
            yield problems.out_of_bounds(measure, width, len(row), f"{pointer}/rows/{index}")


def _row_header_is_a_column(block: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    index, last = block.get("row_header_column_index"), len(_rows_of(block)[0]) - 1
    if isinstance(index, int) and index > last:
        yield problems.out_of_bounds("maximum", last, index, f"{pointer}/row_header_column_index")


DATA_TABLE = Shape(
    required={
        "type": TYPE,
        "caption": Text(min=1),
        "rows": Listing(
            Listing(
                AnyOf((_RAW_TEXT, _RAW_NUMBER, RICH_TEXT)),
                min=LIMITS["data_table.cells.min"],
                max=LIMITS["data_table.cells.max"],
            ),
            min=LIMITS["data_table.rows.min"],
            max=LIMITS["data_table.rows.max"],
        ),
    },
    optional={
        "block_id": BLOCK_ID,
        "page_size": Number(min=LIMITS["data_table.page_size.min"], max=LIMITS["data_table.page_size.max"], whole=True),
        "row_header_column_index": Number(min=LIMITS["data_table.row_header_column_index.min"], whole=True),
    },
    rules=(
        _header_is_raw,
        _rows_are_equally_wide,
        _row_header_is_a_column,
        _total_at_most("data_table.total.max"),
    ),
)

_LABEL = Text(min=1, max=LIMITS["chart.label.max"])
_AXIS_LABEL = Text(max=LIMITS["chart.axis_label.max"])


def _points_cover_categories(chart: Mapping[str, object], pointer: str) -> Iterable[Problem]:
    """Each series has a point for each category, and none besides; series differ by name."""
    series, axis = chart["series"], chart["axis_config"]
    categories = axis["categories"] if isinstance(axis, dict) else []
    seen: set[str] = set()
    for index, one in enumerate(series if isinstance(series, list) else []):
        if one["name"] in seen:
            yield problems.already_exists("name", one["name"], f"{pointer}/series/{index}/name")
        seen.add(one["name"])
        labels = [point["label"] for point in one["data"]]
        if sorted(labels) != sorted(categories):
            yield problems.not_in_enum(categories, labels, f"{pointer}/series/{index}/data")


_AXIS_CHART = Shape(
    required={
        "type": TYPE,
        "series": Listing(
            Shape(
                required={
                    "name": _LABEL,
                    "data": Listing(
                        Shape(required={"label": _LABEL, "value": Number()}),
                        min=LIMITS["chart.points.min"],
                        max=LIMITS["chart.points.max"],
                    ),
                }
            ),
            min=LIMITS["chart.series.min"],
            max=LIMITS["chart.series.max"],
        ),
        "axis_config": Shape(
            required={
                "categories": Listing(
                    _LABEL, min=LIMITS["chart.points.min"], max=LIMITS["chart.points.max"], unique=True
                )
            },
            optional={"x_label": _AXIS_LABEL, "y_label": _AXIS_LABEL},
        ),
    },
    rules=(_points_cover_categories,),
)

CHARTS: Mapping[str, Schema] = {
    "pie": Shape(
        required={
            "type": TYPE,
            "segments": Listing(
                Shape(required={"label": _LABEL, "value": Number(above=LIMITS["chart.segment.value.above"])}),
                min=LIMITS["chart.segments.min"],
                max=LIMITS["chart.segments.max"],
            ),
        }
    ),
    "bar": _AXIS_CHART,
    "area": _AXIS_CHART,
    "line": _AXIS_CHART,
}

DATA_VISUALIZATION = Shape(
    required={
        "type": TYPE,
        "title": Text(min=1, max=LIMITS["chart.title.max"]),
        "chart": ByType(CHARTS),
    },
    optional={"block_id": BLOCK_ID},
)
