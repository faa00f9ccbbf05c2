"""Files of a message as the page shows them: pictures by themselves, everything else as a card to open."""

from __future__ import annotations

import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.state import Workspace
from bot.sandbox.uploaded import File


@dataclass(frozen=True)
class Attached:
    """One file of a message; `size` is in words."""

    id: str
    title: str
    address: str
    is_image: bool
    alt: str
    kind: str
    size: str


def size_in_words(size: int) -> str:
    """Bytes as a person reads them: 812 B, 4 KB, 1.5 MB."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def address_of(file: File) -> str:
    """Where the page loads the file from; without the host, so that it works behind any name."""
    return f"/files/{file.id}/{urllib.parse.quote(file.name)}"


def attached(workspace: Workspace, ids: Sequence[str]) -> list[Attached]:
    """The files with these ids that the workspace still has."""
    return [
        Attached(
            file.id,
            file.title or file.name,
            address_of(file),
            file.is_image,
            file.alt_txt or file.title or file.name,
            file.filetype.upper(),
            size_in_words(file.size),
        )
        for file in (workspace.files[one] for one in ids if one in workspace.files)
    ]


def picture_address(workspace: Workspace, reference: object) -> str:
    """Where the picture of a `slack_file` object is, named by id or by address; empty where there is none."""
    if not isinstance(reference, dict):
        return ""
    named = str(reference.get("id") or "")
    if not named:
        named = str(reference.get("url") or "").partition("/files/")[2].partition("/")[0]
    file = workspace.files.get(named)
    return address_of(file) if file is not None else ""
