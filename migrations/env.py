"""Runs the migrations on the database that `okr-bot migrate` (or DATABASE_URL) names."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text

from bot.store.session import read_address
from bot.store.tables import Base

address = context.config.attributes.get("address") or os.environ.get("DATABASE_URL") or "sqlite:///okr.db"


def run() -> None:
    engine = create_engine(read_address(address), poolclass=pool.NullPool)
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.isolation_level = None
            raw.execute("PRAGMA busy_timeout=30000")
            # A batch migration copies tables: with foreign keys on, dropping the old copy would delete its children.
            # The switch works only outside a transaction, so it stands before BEGIN.
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("BEGIN IMMEDIATE")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
                if broken:
                    raise RuntimeError(f"the migration left {len(broken)} rows without their parent: {broken[:3]}")
        connection.commit()
    engine.dispose()


run()
