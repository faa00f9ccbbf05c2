"""`data_visualization` blocks as inline SVG of our own, each with the same figures as a table beside it."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

Json = dict[str, Any]
Series = list[tuple[str, list[float]]]

WIDTH, HEIGHT = 480, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 10, 30


def figure_text(value: float) -> str:
    """A figure as short as it is exact enough to read: 1200, 0.35."""
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def nice_ticks(low: float, high: float) -> list[float]:
    """Three to six round values that span low..high, zero included."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = 1.0
    rough = (high - low) / 4
    magnitude = 10 ** math.floor(math.log10(rough))
    step = next(size * magnitude for size in (1, 2, 2.5, 5, 10) if size * magnitude >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(index * step, 10) for index in range(first, last + 1)]


def _axis_series(chart: Json) -> tuple[list[str], Series]:
    categories = [str(name) for name in chart.get("axis_config", {}).get("categories", [])]
    series: Series = []
    for item in chart.get("series", []):
        points = {str(point.get("label")): float(point.get("value", 0)) for point in item.get("data", [])}
        series.append((str(item.get("name", "")), [points.get(name, 0.0) for name in categories]))
    return categories, series


class _Plane:
    """Places categories and values on the drawing."""

    def __init__(self, categories: Sequence[str], series: Series) -> None:
        values = [value for _, points in series for value in points] or [0.0]
        self.ticks = nice_ticks(min(values), max(values))
        self.slot = (WIDTH - LEFT - RIGHT) / max(len(categories), 1)

    def x(self, index: int) -> float:
        return round(LEFT + self.slot * (index + 0.5), 1)

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low), 1)


def _axes(plane: _Plane, categories: Sequence[str]) -> Markup:
    parts = [
        Markup(
            '<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/><text x="{3}" y="{4}" text-anchor="end">{5}</text>'
        ).format(LEFT, WIDTH - RIGHT, plane.y(tick), LEFT - 6, plane.y(tick) + 4, figure_text(tick))
        for tick in plane.ticks
    ]
    every = math.ceil(len(categories) / 8)
    parts += [
        Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            plane.x(index), HEIGHT - 10, name if len(name) < 12 else name[:10] + "…"
        )
        for index, name in enumerate(categories)
        if index % every == 0
    ]
    return Markup("").join(parts)


def _bars(plane: _Plane, series: Series) -> Markup:
    width = plane.slot * 0.72 / max(len(series), 1)
    parts = []
    for number, (name, points) in enumerate(series):
        for index, value in enumerate(points):
            top, bottom = min(plane.y(value), plane.y(0)), max(plane.y(value), plane.y(0))
            x = plane.x(index) - plane.slot * 0.36 + width * number
            parts.append(
                Markup(
                    '<rect class="s{}" x="{:.1f}" y="{}" width="{:.1f}" height="{:.1f}" rx="2">'
                    "<title>{}: {}</title></rect>"
                ).format(number % 6 + 1, x, top, max(width - 1.5, 1), max(bottom - top, 1), name, figure_text(value))
            )
    return Markup("").join(parts)


def _lines(plane: _Plane, series: Series, *, filled: bool) -> Markup:
    parts = []
    for number, (name, points) in enumerate(series):
        shade = number % 6 + 1
        path = [f"{plane.x(index)},{plane.y(value)}" for index, value in enumerate(points)]
        if filled and path:
            ground = plane.y(0)
            corners = [f"{plane.x(0)},{ground}", *path, f"{plane.x(len(path) - 1)},{ground}"]
            parts.append(Markup('<polygon class="s{} area" points="{}"/>').format(shade, " ".join(corners)))
        parts.append(Markup('<polyline class="l{}" points="{}"/>').format(shade, " ".join(path)))
        parts += [
            Markup('<circle class="s{}" cx="{}" cy="{}" r="3.5"><title>{}: {}</title></circle>').format(
                shade, plane.x(index), plane.y(value), name, figure_text(value)
            )
            for index, value in enumerate(points)
        ]
    return Markup("").join(parts)


def _pie(segments: list[tuple[str, float]]) -> Markup:
    total = sum(value for _, value in segments) or 1.0
    cx, cy, radius, angle = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - 12, -math.pi / 2
    parts = []
    for number, (name, value) in enumerate(segments):
        turn = 2 * math.pi * value / total
        start, end = angle, angle + turn
        angle = end
        title = Markup("<title>{}: {} ({:.0f} %)</title>").format(name, figure_text(value), 100 * value / total)
        shade = number % 6 + 1
        if turn > 2 * math.pi - 1e-6:
            parts.append(
                Markup('<circle class="s{}" cx="{}" cy="{}" r="{}">{}</circle>').format(shade, cx, cy, radius, title)
            )
            continue
        from_, to = (f"{cx + radius * math.cos(at):.1f},{cy + radius * math.sin(at):.1f}" for at in (start, end))
        path = f"M{cx},{cy} L{from_} A{radius},{radius} 0 {int(turn > math.pi)} 1 {to} Z"
        parts.append(Markup('<path class="s{} slice" d="{}">{}</path>').format(shade, path, title))
    return Markup("").join(parts)


_AXIS_CHARTS: dict[str, Callable[[_Plane, Series], Markup]] = {
    "bar": _bars,
    "line": lambda plane, series: _lines(plane, series, filled=False),
    "area": lambda plane, series: _lines(plane, series, filled=True),
}


def _table(caption: str, heads: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]]) -> Markup:
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in heads)
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            name, Markup("").join(Markup('<td class="num">{}</td>').format(figure_text(value)) for value in values)
        )
        for name, values in rows
    )
    return Markup(
        "<details><summary>Show the figures</summary><div class='table-scroll'><table><caption>{}</caption>"
        "<thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div></details>"
    ).format(caption, head, body)


def _legend(names: Sequence[str]) -> Markup:
    entries = Markup("").join(
        Markup(
            '<li><svg class="key" viewBox="0 0 10 10" aria-hidden="true">'
            '<rect class="s{}" width="10" height="10" rx="2"/></svg>{}</li>'
        ).format(number % 6 + 1, name)
        for number, name in enumerate(names)
    )
    return Markup('<ul class="legend">{}</ul>').format(entries)


def chart(block: Json) -> Markup:
    """The whole block: title, drawing, legend and figures as a table. An unknown kind shows the title alone."""
    title = str(block.get("title", "Chart"))
    spec = block.get("chart") or {}
    kind = str(spec.get("type"))
    if kind == "pie":
        segments = [(str(item.get("label", "")), float(item.get("value", 0))) for item in spec.get("segments", [])]
        drawing, legend = _pie(segments), _legend([name for name, _ in segments])
        table = _table(title, ["Value"], [(name, [value]) for name, value in segments])
    elif kind in _AXIS_CHARTS:
        categories, series = _axis_series(spec)
        plane = _Plane(categories, series)
        drawing = _axes(plane, categories) + _AXIS_CHARTS[kind](plane, series)
        legend = _legend([name for name, _ in series])
        by_category = [(name, [points[index] for _, points in series]) for index, name in enumerate(categories)]
        table = _table(title, [name for name, _ in series], by_category)
    else:
        drawing, legend, table = Markup(""), Markup(""), Markup("")
    axis = spec.get("axis_config") or {}
    labels = " · ".join(str(axis[key]) for key in ("y_label", "x_label") if axis.get(key))
    note = Markup('<p class="axis-note">{}</p>').format(labels) if labels else Markup("")
    return Markup(
        '<figure class="chart"><figcaption>{title}</figcaption>{note}'
        '<svg viewBox="0 0 {w} {h}" role="img" aria-label="{title}">'
        "{drawing}</svg>{legend}{table}</figure>"
    ).format(title=title, note=note, w=WIDTH, h=HEIGHT, drawing=drawing, legend=legend, table=table)
