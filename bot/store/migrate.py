"""Bring a database to the newest schema, one process at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from bot.store.session import Database, DatabaseUnreachable

ROOT = Path(__file__).resolve().parents[2]
ADVISORY_LOCK = 0x0C0FFEE0


def configuration(address: str) -> Config:
    """Alembic's configuration for `DATABASE_URL`."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["address"] = address
    return config


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Hold everybody else off: an advisory lock on PostgreSQL, a file lock beside an SQLite file."""
    if database.file is None:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        return
    with open(f"{database.file}.migrate.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnreachable(
            f"The folder {folder} cannot be made ({error.strerror}). Set DATABASE_URL to a file in a folder that "
            "the bot may write to.",
            help_topic="operator",
        ) from error


def newest() -> str:
    """The revision this code wants."""
    head = ScriptDirectory.from_config(configuration("")).get_current_head()
    assert head is not None
    return head


def knows(revision: str) -> bool:
    """Whether this code has that revision; it has none that a newer version made."""
    return any(each.revision == revision for each in ScriptDirectory.from_config(configuration("")).walk_revisions())


def current(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(address: str, to: str = "head") -> bool:
    """Migrate to `to`. Answers whether anything had to be done. Serialised over all processes."""
    database = Database(address)
    try:
        if database.file is not None:
            _make_folder(database.file.parent)
        database.probe()
        with _alone(database):
            if to == "head" and current(database.engine) == newest():
                return False
            command.upgrade(configuration(address), to)
            return True
    finally:
        database.dispose()


def downgrade(address: str, to: str) -> None:
    """Go back to revision `to` (`base` for an empty database)."""
    database = Database(address)
    try:
        with _alone(database):
            command.downgrade(configuration(address), to)
    finally:
        database.dispose()
