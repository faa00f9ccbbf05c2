"""Who works on a key result beside its owner."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.store.tables import Contributor, Member


def of(session: Session, key_result_ids: Iterable[int]) -> dict[int, list[Member]]:
    """The contributors of each key result, by name; one statement, none where nothing is asked for."""
    wanted = set(key_result_ids)
    found: dict[int, list[Member]] = {id_: [] for id_ in wanted}
    if wanted:
        rows = session.execute(
            select(Contributor.key_result_id, Member)
            .join(Member, Member.id == Contributor.member_id)
            .where(Contributor.key_result_id.in_(wanted))
            .order_by(Member.name, Member.id)
        )
        for id_, member in rows:
            found[id_].append(member)
    return found


def keep(session: Session, workspace_id: int, key_result_id: int, member_ids: Iterable[int]) -> None:
    """Make these the key result's contributors, in place of those it had."""
    session.execute(delete(Contributor).where(Contributor.key_result_id == key_result_id))
    session.add_all(
        Contributor(workspace_id=workspace_id, key_result_id=key_result_id, member_id=member_id)
        for member_id in sorted(set(member_ids))
    )
