"""State that survives a restart: one SQLite row per entity, written through at once, so `kill -9` loses nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.sandbox.errors import SandboxError

FILE_NAME = "slack.db"


class Store:
    """Entities by (kind, key) as JSON; `folder=None` keeps them in memory only."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(
            folder / FILE_NAME if folder else ":memory:", isolation_level=None, check_same_thread=False
        )
        try:
            # WAL: a write is one append that the kernel holds even if this process is killed.
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS entity (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key))"
                " WITHOUT ROWID"
            )
        except sqlite3.DatabaseError as error:
            raise SandboxError(f"The local Slack's data in {folder} cannot be read: {error}.") from error

    def put(self, kind: str, key: str, body: dict[str, Any]) -> None:
        """Insert or replace one entity."""
        self._database.execute(
            "INSERT INTO entity (kind, key, body) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
            (kind, key, json.dumps(body, ensure_ascii=False, separators=(",", ":"))),
        )

    def remove(self, kind: str, key: str) -> None:
        """Forget one entity; unknown keys are no error."""
        self._database.execute("DELETE FROM entity WHERE kind = ? AND key = ?", (kind, key))

    def each(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """All entities of one kind, in order of their keys."""
        rows = self._database.execute("SELECT key, body FROM entity WHERE kind = ? ORDER BY key", (kind,))
        for key, body in rows:
            yield key, json.loads(body)

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """One entity, or None."""
        row = self._database.execute("SELECT body FROM entity WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return json.loads(row[0]) if row else None

    def is_empty(self) -> bool:
        """Nothing has ever been kept here."""
        return self._database.execute("SELECT 1 FROM entity LIMIT 1").fetchone() is None

    def clear(self) -> None:
        """Start anew."""
        self._database.execute("DELETE FROM entity")

    def begin(self) -> None:
        """Collect the following writes until `commit` (for loading a seed)."""
        self._database.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep what was collected since `begin`."""
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._database.close()
