"""The steps of milestones key results."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.okr.kinds import Milestone
from bot.store.tables import MilestoneStep


def of(session: Session, key_result_ids: Iterable[int]) -> dict[int, tuple[Milestone, ...]]:
    """The steps of each key result in their order; one statement, none where nothing is asked for."""
    wanted = set(key_result_ids)
    found: dict[int, list[Milestone]] = {id_: [] for id_ in wanted}
    if wanted:
        rows = session.execute(
            select(MilestoneStep.key_result_id, MilestoneStep.name, MilestoneStep.share)
            .where(MilestoneStep.key_result_id.in_(wanted))
            .order_by(MilestoneStep.key_result_id, MilestoneStep.position)
        )
        for id_, name, share in rows:
            found[id_].append(Milestone(name, share))
    return {id_: tuple(steps) for id_, steps in found.items()}


def keep(session: Session, workspace_id: int, key_result_id: int, steps: Sequence[Milestone]) -> None:
    """Make these the key result's steps, in place of those it had."""
    session.execute(delete(MilestoneStep).where(MilestoneStep.key_result_id == key_result_id))
    session.add_all(
        MilestoneStep(
            workspace_id=workspace_id, key_result_id=key_result_id, position=position, name=step.name, share=step.share
        )
        for position, step in enumerate(steps, 1)
    )
