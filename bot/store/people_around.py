"""Who belongs to, leads, observes or works on what."""

from collections.abc import Collection
from dataclasses import dataclass, fields

from sqlalchemy import Select, literal, or_, select, union_all
from sqlalchemy.orm import Session

from bot.store import teams
from bot.store.tables import Contributor, KeyResult, Membership, Objective, TeamObserver


@dataclass(frozen=True)
class Around:
    """What one member is to some teams, key results and objectives: the row ids for which it holds.

    `leads` counts a team whose lead, or the lead of one above it, the member is. `wrote`, `owns` and `works_on` are
    about objectives; one works on them who owns, stands in for or contributes to one of their key results.
    """

    leads: frozenset[int]
    member_of: frozenset[int]
    observer_of: frozenset[int]
    contributes_to: frozenset[int]
    wrote: frozenset[int]
    owns: frozenset[int]
    works_on: frozenset[int]


def around(
    session: Session,
    workspace_id: int,
    member_id: int,
    *,
    team_ids: Collection[int],
    key_result_ids: Collection[int] = (),
    objective_ids: Collection[int] = (),
) -> Around:
    """What a member is to all of these; one statement."""
    led = teams.led_tree(workspace_id, member_id)
    parts: list[Select[int, str]] = []
    if team_ids:
        parts += [
            select(led.c.id, literal("leads")).where(led.c.id.in_(team_ids)),
            select(Membership.team_id, literal("member_of")).where(
                Membership.member_id == member_id, Membership.team_id.in_(team_ids)
            ),
            select(TeamObserver.team_id, literal("observer_of")).where(
                TeamObserver.member_id == member_id, TeamObserver.team_id.in_(team_ids)
            ),
        ]
    if key_result_ids:
        parts.append(
            select(Contributor.key_result_id, literal("contributes_to")).where(
                Contributor.member_id == member_id, Contributor.key_result_id.in_(key_result_ids)
            )
        )
    if objective_ids:
        contributes = select(Contributor.key_result_id).where(Contributor.member_id == member_id)
        these = Objective.id.in_(objective_ids)
        parts += [
            select(Objective.id, literal("wrote")).where(these, Objective.created_by == member_id),
            select(Objective.id, literal("owns")).where(these, Objective.owner_id == member_id),
            select(KeyResult.objective_id, literal("works_on")).where(
                KeyResult.objective_id.in_(objective_ids),
                or_(
                    KeyResult.owner_id == member_id,
                    KeyResult.delegate_id == member_id,
                    KeyResult.id.in_(contributes),
                ),
            ),
        ]
    rows = session.execute(union_all(*parts)).all() if parts else []
    found: dict[str, set[int]] = {}
    for row_id, what in rows:
        found.setdefault(what, set()).add(row_id)
    return Around(**{each.name: frozenset(found.get(each.name, ())) for each in fields(Around)})
