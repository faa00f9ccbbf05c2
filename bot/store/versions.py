"""Versions of a check-in: the newest one is in force, unless it takes the check-in back."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from bot.store.tables import CheckIn


def superseded(version: type[CheckIn]) -> ColumnElement[bool]:
    """Whether there is a newer version of this check-in; `version` is `CheckIn` or an alias of it."""
    newer = aliased(CheckIn)
    return (
        select(newer.id)
        .where(
            newer.submission_id == version.submission_id,
            newer.key_result_id == version.key_result_id,
            newer.version > version.version,
        )
        .exists()
    )
