"""Digest posts, and which message shows which submission."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.session import insert_once
from bot.store.tables import DigestPost, PostedMessage, Round


def keep_post(session: Session, workspace_id: int, values: dict[str, object]) -> DigestPost:
    """The post of a round; the same one when it was kept before."""
    insert_once(session, DigestPost, {"workspace_id": workspace_id, **values}, ["round_id"])
    found = session.scalar(select(DigestPost).where(DigestPost.round_id == values["round_id"]))
    assert found is not None
    return found


def keep_message(
    session: Session,
    workspace_id: int,
    channel: str,
    ts: str,
    *,
    digest_post_id: int | None = None,
    submission_id: int | None = None,
) -> None:
    """Remember what a message shows."""
    values = {
        "workspace_id": workspace_id,
        "channel": channel,
        "ts": ts,
        "digest_post_id": digest_post_id,
        "submission_id": submission_id,
    }
    insert_once(session, PostedMessage, values, ["workspace_id", "channel", "ts"])


def posts_of_rounds(session: Session, round_ids: Iterable[int]) -> list[tuple[DigestPost, Round]]:
    """The posts these rounds have."""
    wanted = set(round_ids)
    if not wanted:
        return []
    rows = session.execute(
        select(DigestPost, Round).join(Round, Round.id == DigestPost.round_id).where(DigestPost.round_id.in_(wanted))
    )
    return [(row[0], row[1]) for row in rows]


def with_round(session: Session, post_id: int) -> tuple[DigestPost, Round] | None:
    """A post and the round it shows."""
    row = session.execute(
        select(DigestPost, Round).join(Round, Round.id == DigestPost.round_id).where(DigestPost.id == post_id)
    ).first()
    return None if row is None else (row[0], row[1])


def messages_of(session: Session, submission_id: int) -> list[PostedMessage]:
    """Every message that shows a submission: its receipt, its places in digest threads."""
    return list(
        session.scalars(
            select(PostedMessage).where(PostedMessage.submission_id == submission_id).order_by(PostedMessage.id)
        )
    )


def message_at(session: Session, workspace_id: int, channel: str, ts: str) -> PostedMessage | None:
    """What the message at (channel, ts) shows, if it is one of ours."""
    return session.scalar(
        select(PostedMessage).where(
            PostedMessage.workspace_id == workspace_id, PostedMessage.channel == channel, PostedMessage.ts == ts
        )
    )
