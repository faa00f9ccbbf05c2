"""Makes a screenshot's PNG small without a library: its 256 most frequent colours, unfiltered, packed tightly."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Callable

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256
TOLD_APART = 120
"""How far (squared, over red, green and blue) a colour must be from those kept to get a place of its own."""
CHANNELS = {2: 3, 6: 4}
"""Bytes a pixel, by the colour type of the PNG: RGB, RGBA."""


def shrunk(png: bytes) -> bytes:
    """The same picture with a palette: frequent colours that differ; the others become the nearest of them.

    Takes what browsers write: eight bits a channel, RGB or RGBA, not interlaced. Raises ValueError for others.
    """
    width, height, pixels = _pixels(png)
    palette: list[bytes] = []
    index: dict[bytes, int] = {}
    for colour, _ in Counter(pixels).most_common():
        near = min(range(len(palette)), key=lambda number: _distance(palette[number], colour), default=None)
        if near is None or (len(palette) < MOST_COLOURS and _distance(palette[near], colour) > TOLD_APART):
            near = len(palette)
            palette.append(colour)
        index[colour] = near
    rows = bytearray()
    for row in range(height):
        rows.append(0)
        rows += bytes(index[each] for each in pixels[row * width : (row + 1) * width])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (("IHDR", header), ("PLTE", b"".join(palette)), ("IDAT", zlib.compress(bytes(rows), 9)), ("IEND", b""))
    return SIGNATURE + b"".join(_chunk(name.encode(), body) for name, body in parts)


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and every pixel's three bytes, row by row."""
    at, header, packed = len(SIGNATURE), b"", b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        header = body if name == b"IHDR" else header
        packed += body if name == b"IDAT" else b""
        at += 12 + length
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if depth != 8 or kind not in CHANNELS or interlaced:
        raise ValueError("only plain RGB and RGBA pictures of eight bits a channel are read")
    step = CHANNELS[kind]
    raw, above = zlib.decompress(packed), bytearray(width * step)
    pixels: list[bytes] = []
    for row in range(height):
        begin = row * (width * step + 1)
        line = bytearray(raw[begin + 1 : begin + 1 + width * step])
        _unfilter(raw[begin], line, above, step)
        pixels += [bytes(line[x : x + 3]) for x in range(0, width * step, step)]
        above = line
    return width, height, pixels


def _unfilter(kind: int, line: bytearray, above: bytearray, step: int) -> None:
    """Undo one of PNG's five filters (RFC 2083, section 6) in place."""
    if kind == 0:
        return
    guess = GUESSES[kind]
    left, corner = bytearray(step), bytearray(step)
    for x in range(len(line)):
        channel = x % step
        line[x] = (line[x] + guess(left[channel], above[x], corner[channel])) & 255
        left[channel], corner[channel] = line[x], above[x]


def _paeth(left: int, up: int, corner: int) -> int:
    estimate = left + up - corner
    return min((left, up, corner), key=lambda each: abs(estimate - each))


GUESSES: dict[int, Callable[[int, int, int], int]] = {
    1: lambda left, up, corner: left,
    2: lambda left, up, corner: up,
    3: lambda left, up, corner: (left + up) // 2,
    4: _paeth,
}
"""What each filter takes a byte for, from the bytes to the left, above, and above to the left."""
