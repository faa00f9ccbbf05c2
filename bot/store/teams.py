"""Teams: one tree of company, departments and teams."""

import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import CTE, func, or_, select
from sqlalchemy.orm import Session

from bot.store.tables import Member, Team


def root(session: Session, workspace_id: int) -> Team | None:
    """The team without a parent: the company."""
    return session.scalar(
        select(Team)
        .where(Team.workspace_id == workspace_id, Team.parent_id.is_(None), Team.archived_at.is_(None))
        .order_by(Team.id)
        .limit(1)
    )


def named(
    session: Session, workspace_id: int, names: Sequence[str], *, with_archived: bool = False
) -> tuple[Team, str] | None:
    """The first of these names, as somebody would type it again, that a team has; and that team.

    The name to the letter comes first. Otherwise neither case nor the spelling of accents makes a difference, nor
    blanks, the kind of quotation marks (or a pair around everything), or what cannot be seen. `with_archived`: also a
    team that is archived, where no other has the name. One statement where case alone differs in ASCII.
    """
    among = select(Team).where(Team.workspace_id == workspace_id)
    if not with_archived:
        among = among.where(Team.archived_at.is_(None))
    among = among.order_by(Team.archived_at.is_not(None), Team.id)
    near = func.lower(Team.name).in_([name.lower() for name in names])
    spelled = list(session.scalars(among.where(or_(Team.name.in_(names), near))))
    for name in names:
        found = [each for each in spelled if each.name == name]
        found = found or [each for each in spelled if each.name.lower() == name.lower()]
        if found:
            return found[0], name
    # Databases lower the letters of other alphabets each in its own way, or not at all.
    heard: dict[str, int] = {}
    for row in session.execute(among.with_only_columns(Team.id, Team.name)):
        heard.setdefault(_as_heard(row.name), row.id)
    for name in names:
        meant = heard.get(_as_heard(name) or name)
        if meant is not None:
            return session.get_one(Team, meant), name
    return None


_QUOTATION_MARKS = {ord(mark): "'" for mark in '"“”„‟«»‘’‚‛‹›`´'}


def _as_heard(name: str) -> str:
    """A name without what nobody can tell apart by reading it."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_QUOTATION_MARKS)
    seen = "".join(" " if letter.isspace() else letter for letter in plain if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen).split()).strip("' ")


def names(session: Session, workspace_id: int) -> list[str]:
    """Every team's name, for suggestions."""
    return list(
        session.scalars(
            select(Team.name).where(Team.workspace_id == workspace_id, Team.archived_at.is_(None)).order_by(Team.name)
        )
    )


def with_lead(session: Session, team_id: int) -> tuple[Team, Member | None]:
    """A team and its lead."""
    row = session.execute(
        select(Team, Member).outerjoin(Member, Member.id == Team.lead_id).where(Team.id == team_id)
    ).one()
    return row[0], row[1]


def leads_any(session: Session, member_id: int, team_ids: Iterable[int]) -> bool:
    """Whether somebody leads one of these teams."""
    wanted = set(team_ids)
    found = select(Team.id).where(Team.id.in_(wanted), Team.lead_id == member_id).limit(1)
    return bool(wanted) and session.scalar(found) is not None


def channels(session: Session, team_ids: Iterable[int]) -> dict[int, str | None]:
    """The channel of each of these teams; archived ones are absent."""
    wanted = select(Team.id, Team.channel).where(Team.id.in_(set(team_ids)), Team.archived_at.is_(None))
    return dict(session.execute(wanted).all())


def led_tree(workspace_id: int, member_id: int) -> CTE:
    """The teams somebody leads and every team below them, as a table with the column `id`."""
    led = select(Team.id).where(Team.workspace_id == workspace_id, Team.lead_id == member_id).cte(recursive=True)
    # UNION, not UNION ALL: a tree that was bent into a ring by hand still ends.
    return led.union(select(Team.id).join(led, Team.parent_id == led.c.id))
