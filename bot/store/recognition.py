"""Recognitions and what they are about."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store.session import insert_once
from bot.store.tables import KeyResult, RecognisedKeyResult, Recognition, RecognitionEmoji


def kind_of(session: Session, workspace_id: int, emoji: str) -> str | None:
    """The kind of recognition an emoji stands for in this workspace, if any."""
    return session.scalar(
        select(RecognitionEmoji.kind).where(
            RecognitionEmoji.workspace_id == workspace_id, RecognitionEmoji.emoji == emoji
        )
    )


def find(session: Session, workspace_id: int, giver_id: int, channel: str, ts: str, emoji: str) -> Recognition | None:
    """The one recognition of this giver, message and emoji, locked until the transaction ends."""
    return session.scalar(
        select(Recognition)
        .where(
            Recognition.workspace_id == workspace_id,
            Recognition.giver_id == giver_id,
            Recognition.channel == channel,
            Recognition.ts == ts,
            Recognition.emoji == emoji,
        )
        .with_for_update()
    )


def add(session: Session, values: dict[str, object]) -> int | None:
    """Keep a recognition; None when the same one was kept at this moment."""
    return insert_once(session, Recognition, values, ["workspace_id", "giver_id", "channel", "ts", "emoji"])


def tie(session: Session, workspace_id: int, recognition_id: int, key_result_ids: Iterable[int]) -> None:
    """Say which key results a recognition is about."""
    session.add_all(
        RecognisedKeyResult(workspace_id=workspace_id, recognition_id=recognition_id, key_result_id=each)
        for each in key_result_ids
    )


def given_between(session: Session, giver_id: int, since: datetime, until: datetime) -> int:
    """How many recognitions of this giver stand from [since, until)."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Recognition)
            .where(
                Recognition.giver_id == giver_id,
                Recognition.withdrawn_at.is_(None),
                Recognition.given_at >= since,
                Recognition.given_at < until,
            )
        )
        or 0
    )


def key_results_of(session: Session, recognition_id: int) -> list[tuple[int, str]]:
    """Number and title of the key results a recognition is about."""
    rows = session.execute(
        select(KeyResult.number, KeyResult.title)
        .join(RecognisedKeyResult, RecognisedKeyResult.key_result_id == KeyResult.id)
        .where(RecognisedKeyResult.recognition_id == recognition_id)
        .order_by(KeyResult.number)
    )
    return [(row[0], row[1]) for row in rows]
