"""The base of all tables: how types and constraints are named."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from bot.store.types import Exact, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Names every constraint, because SQLite's batch migrations can only drop what has a name."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's way of declaring it)
        datetime: UtcDateTime,
        Decimal: Exact,
        str: Text,
        dict[str, Any]: JSON,
    }
