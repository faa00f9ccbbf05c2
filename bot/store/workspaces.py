"""Workspaces, and the counters that hand out human ids."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.store.session import insert_once
from bot.store.tables import RecognitionEmoji, Workspace


def by_slack_id(session: Session, slack_id: str) -> Workspace | None:
    """The workspace of Slack's team id (`T…`)."""
    return session.scalar(select(Workspace).where(Workspace.slack_id == slack_id))


def keep(
    session: Session, *, slack_id: str, name: str, bot_user: str | None, emoji: dict[str, str], now: datetime
) -> Workspace:
    """The workspace, made at first sight with the recognition emoji given (emoji name -> kind)."""
    new_id = insert_once(
        session,
        Workspace,
        {
            "slack_id": slack_id,
            "name": name,
            "bot_user": bot_user,
            "created_at": now,
            "next_objective": 1,
            "next_key_result": 1,
        },
        ["slack_id"],
    )
    if new_id is not None:
        session.add_all(RecognitionEmoji(workspace_id=new_id, emoji=name, kind=kind) for name, kind in emoji.items())
    workspace = by_slack_id(session, slack_id)
    assert workspace is not None
    if bot_user is not None:
        workspace.name, workspace.bot_user = name, bot_user
    return workspace


def lock(session: Session, workspace_id: int) -> None:
    """Let nobody else set the workspace up until the transaction ends."""
    session.execute(select(Workspace.id).where(Workspace.id == workspace_id).with_for_update())


def take_objective_number(session: Session, workspace_id: int) -> int:
    """The next `O-` number. The row stays locked until the transaction ends, so no number is given twice."""
    return _take(session, workspace_id, "next_objective")


def take_key_result_number(session: Session, workspace_id: int) -> int:
    """The next `KR-` number; see `take_objective_number`."""
    return _take(session, workspace_id, "next_key_result")


def _take(session: Session, workspace_id: int, counter: str) -> int:
    column = getattr(Workspace, counter)
    after = session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id)
        .values({counter: column + 1})
        .returning(column)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return int(after) - 1
