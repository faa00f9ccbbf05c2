"""Who there is: workspaces, members, roles, teams; and the log of what they changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.okr.cadence import WEEKLY
from bot.store.tables.base import Base

WEEKLY_KEPT = str(WEEKLY)


class Workspace(Base):
    """One Slack workspace (`T…`). The counters hand out human ids, which are never used twice.

    `fiscal_start_month` (1-12) names the quarters; `approval_needed`: an objective is published only after a lead or
    champion agreed; `individual_objectives`: people may own objectives, not only teams.
    """

    __tablename__ = "workspace"
    id: Mapped[int] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    bot_user: Mapped[str | None] = mapped_column(String(32))
    members_synced_at: Mapped[datetime | None]
    fiscal_start_month: Mapped[int] = mapped_column(default=1)
    approval_needed: Mapped[bool] = mapped_column(default=False)
    individual_objectives: Mapped[bool] = mapped_column(default=False)
    next_objective: Mapped[int] = mapped_column(default=1)
    next_key_result: Mapped[int] = mapped_column(default=1)


class Member(Base):
    """A person of the workspace, as Slack describes them, and how they want to be asked.

    `zone` is an IANA name; None where Slack gives none. `prompt_hour` is `HH:MM`, None for the team's; `prompt_days`
    the weekdays as digits (0 = Monday), None for Monday to Friday; `profile` light, standard or active; `country` and
    `region` say whose public holidays are kept.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("workspace_id", "slack_id"),
        UniqueConstraint("workspace_id", "external_key"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    slack_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(String(320))
    zone: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str | None] = mapped_column(String(16))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    deactivated_at: Mapped[datetime | None]
    external_key: Mapped[str | None] = mapped_column(String(120))
    prompt_hour: Mapped[str | None] = mapped_column(String(5))
    prompt_days: Mapped[str | None] = mapped_column(String(7))
    profile: Mapped[str] = mapped_column(String(16), default="standard")
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(16))


class MemberRole(Base):
    """A workspace-wide role of a member: champion or sponsor. (A lead is a column of the team.)"""

    __tablename__ = "member_role"
    __table_args__ = (UniqueConstraint("workspace_id", "member_id", "role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    role: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]


class RecognitionEmoji(Base):
    """Which reaction counts as which kind of recognition in a workspace (names without colons)."""

    __tablename__ = "recognition_emoji"
    __table_args__ = (UniqueConstraint("workspace_id", "emoji"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    emoji: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(16))


class Team(Base):
    """A node of the one tree of company, departments and teams. The root has no parent.

    `members_from` says what its members are kept in step with: `group` (a Slack user group) or `channel`, whose id is
    `members_source`; both None where they are chosen by hand. `own_rhythm` is the cadence it was given, None where it
    keeps its parent's; `rhythm` is the one that holds, kept beside it so that a beat asks for one column.
    """

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("workspace_id", "external_key"), Index(None, "workspace_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    name: Mapped[str]
    level: Mapped[str] = mapped_column(String(16))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    channel: Mapped[str | None] = mapped_column(String(32))
    members_from: Mapped[str | None] = mapped_column(String(16))
    members_source: Mapped[str | None] = mapped_column(String(32))
    archived_at: Mapped[datetime | None]
    external_key: Mapped[str | None] = mapped_column(String(120))
    own_rhythm: Mapped[str | None] = mapped_column(String(80))
    rhythm: Mapped[str] = mapped_column(String(80), default=WEEKLY_KEPT)


class Membership(Base):
    """A member belongs to a team; a person may belong to several."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("team_id", "member_id"), Index(None, "member_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))


class TeamObserver(Base):
    """Somebody who reads a team's objectives, private ones too, and is never asked for anything."""

    __tablename__ = "team_observer"
    __table_args__ = (UniqueConstraint("team_id", "member_id"), Index(None, "member_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))


class Change(Base):
    """The change log: who changed what, when, from what to what, and why where a reason was asked for."""

    __tablename__ = "change"
    __table_args__ = (Index(None, "workspace_id", "entity", "entity_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    entity: Mapped[str] = mapped_column(String(32))
    entity_id: Mapped[int]
    action: Mapped[str] = mapped_column(String(32))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str | None]
