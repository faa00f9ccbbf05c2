"""How a figure is taken and printed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, two amounts of it, and how many times the first is the second."""

    what: str
    measured: str
    beside: str
    ratio: float


def quantile(seconds: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the measurements lie."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(seconds: float) -> str:
    """`12.3 ms`"""
    return f"{seconds * 1000:.1f} ms"


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned columns."""
    cells = [("what", "measured", "beside", "ratio")]
    cells += [(row.what, row.measured, row.beside, f"{row.ratio:.1f}x") for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
