"""What somebody had typed in the **Check in** form and not sent: one draft for each key result, and for the words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.store.session import upsert
from bot.store.tables import Draft

FORM = "check_in"


@dataclass(frozen=True)
class KeptDraft:
    """`subject` is a key result's number as text, or the name of one of the form's other inputs."""

    subject: str
    fields: Mapping[str, Any]
    kept_at: datetime


def of(session: Session, member_id: int) -> list[KeptDraft]:
    """Everything the member has left in the form. One statement."""
    rows = session.execute(
        select(Draft.subject, Draft.fields, Draft.updated_at)
        .where(Draft.member_id == member_id, Draft.form == FORM)
        .order_by(Draft.id)
    )
    return [KeptDraft(*row) for row in rows]


def keep(
    session: Session, workspace_id: int, member_id: int, by_subject: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    """Keep these, in place of what was kept of the same subjects. One statement, none for none."""
    rows = [
        {
            "workspace_id": workspace_id,
            "member_id": member_id,
            "form": FORM,
            "subject": subject,
            "fields": dict(fields),
            "updated_at": now,
        }
        for subject, fields in by_subject.items()
    ]
    upsert(session, Draft, rows, ["member_id", "form", "subject"], ["fields", "updated_at"])


def forget(session: Session, member_id: int, subjects: Iterable[str]) -> None:
    """These were sent, or are not wanted any more."""
    gone: Collection[str] = set(subjects)
    if gone:
        session.execute(delete(Draft).where(Draft.member_id == member_id, Draft.form == FORM, Draft.subject.in_(gone)))


def forget_all(session: Session, member_id: int) -> None:
    """Nothing of what was typed is wanted any more."""
    session.execute(delete(Draft).where(Draft.member_id == member_id, Draft.form == FORM))
