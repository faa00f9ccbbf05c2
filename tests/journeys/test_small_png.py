"""The pictures of the README are made small without changing what they show."""

import struct
import zlib

from tests.journeys.small_png import SIGNATURE, shrunk

RED, GREEN, WHITE = b"\xff\x00\x00", b"\x00\x80\x00", b"\xff\xff\xff"
PICTURE = [[RED, GREEN, WHITE], [RED, RED, GREEN], [WHITE, GREEN, RED], [GREEN, GREEN, GREEN], [WHITE, RED, WHITE]]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def filtered(kind: int, line: bytes, above: bytes) -> bytes:
    out = bytearray([kind])
    for x, value in enumerate(line):
        left, up, corner = (line[x - 3], above[x], above[x - 3]) if x >= 3 else (0, above[x], 0)
        nearest = min((left, up, corner), key=lambda each: abs(left + up - corner - each))
        out.append((value - (0, left, up, (left + up) // 2, nearest)[kind]) & 255)
    return bytes(out)


def test_a_picture_of_few_colours_keeps_every_pixel_whatever_filters_the_browser_chose() -> None:
    lines = [b"".join(row) for row in PICTURE]
    rows = b"".join(filtered(kind, line, lines[kind - 1] if kind else bytes(9)) for kind, line in enumerate(lines))
    header = struct.pack(">IIBBBBB", 3, len(PICTURE), 8, 2, 0, 0, 0)
    written = SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")

    small = shrunk(written)
    parts = {}
    at = len(SIGNATURE)
    while at < len(small):
        (length,) = struct.unpack(">I", small[at : at + 4])
        parts[small[at + 4 : at + 8]] = small[at + 8 : at + 8 + length]
        at += 12 + length
    palette = [parts[b"PLTE"][each : each + 3] for each in range(0, len(parts[b"PLTE"]), 3)]
    raw = zlib.decompress(parts[b"IDAT"])
    shown = [[palette[number] for number in raw[row * 4 + 1 : row * 4 + 4]] for row in range(len(PICTURE))]
    assert shown == PICTURE
