"""kinds, drafts, people around a key result

Revision: 0002
Before: 0001
"""

import sqlalchemy as sa
from alembic import op

import bot.store.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("updated_at", bot.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_draft_member_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_draft_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("member_id", "form", "subject", name=op.f("uq_draft_member_id_form_subject")),
    )
    op.create_table(
        "team_observer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_team_observer_member_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_observer_team_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_team_observer_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_observer")),
        sa.UniqueConstraint("team_id", "member_id", name=op.f("uq_team_observer_team_id_member_id")),
    )
    with op.batch_alter_table("team_observer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_observer_member_id"), ["member_id"], unique=False)

    op.create_table(
        "contributor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key_result_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["key_result_id"], ["key_result.id"], name=op.f("fk_contributor_key_result_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_contributor_member_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_contributor_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributor")),
        sa.UniqueConstraint("key_result_id", "member_id", name=op.f("uq_contributor_key_result_id_member_id")),
    )
    with op.batch_alter_table("contributor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contributor_member_id"), ["member_id"], unique=False)

    op.create_table(
        "milestone_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("key_result_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("share", bot.store.types.Exact(length=64), nullable=False),
        sa.ForeignKeyConstraint(["key_result_id"], ["key_result.id"], name=op.f("fk_milestone_step_key_result_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_milestone_step_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_step")),
        sa.UniqueConstraint("key_result_id", "position", name=op.f("uq_milestone_step_key_result_id_position")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))

    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("back_dated", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.alter_column("value", existing_type=bot.store.types.Exact(length=64), nullable=True)

    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("drafts_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("archived_at", bot.store.types.UtcDateTime(timezone=True), nullable=True))

    with op.batch_alter_table("key_result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("commit_level", bot.store.types.Exact(length=64), nullable=True))
        batch_op.add_column(sa.Column("stretch_level", bot.store.types.Exact(length=64), nullable=True))
        batch_op.add_column(sa.Column("delegate_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("drop_kind", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("drop_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("form_nonce", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_key_result_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_key_result_form_nonce"), ["form_nonce"])
        batch_op.create_foreign_key(batch_op.f("fk_key_result_delegate_id"), "member", ["delegate_id"], ["id"])

    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("published_at", bot.store.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approval_asked_at", bot.store.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approver_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("drop_kind", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("drop_reason", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_objective_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_objective_owner_id"), "member", ["owner_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_objective_approver_id"), "member", ["approver_id"], ["id"])

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("members_from", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("members_source", sa.String(length=32), nullable=True))

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fiscal_start_month", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("approval_needed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("individual_objectives", sa.Boolean(), server_default=sa.false(), nullable=False))

    # Until now there were no drafts: whatever was set is published.
    op.execute("UPDATE objective SET published_at = created_at")


def downgrade() -> None:
    # The version before knows neither drafts nor "no change" without a value.
    op.execute("UPDATE objective SET dropped_at = created_at WHERE published_at IS NULL AND dropped_at IS NULL")
    op.execute("DELETE FROM check_in WHERE value IS NULL")
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("individual_objectives")
        batch_op.drop_column("approval_needed")
        batch_op.drop_column("fiscal_start_month")

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("members_source")
        batch_op.drop_column("members_from")

    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_objective_approver_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_objective_owner_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_objective_parent_id"))
        batch_op.drop_column("drop_reason")
        batch_op.drop_column("drop_kind")
        batch_op.drop_column("approver_id")
        batch_op.drop_column("approval_asked_at")
        batch_op.drop_column("published_at")
        batch_op.drop_column("private")
        batch_op.drop_column("owner_id")

    with op.batch_alter_table("key_result", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_key_result_delegate_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_key_result_form_nonce"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_key_result_delegate_id"))
        batch_op.drop_column("form_nonce")
        batch_op.drop_column("drop_reason")
        batch_op.drop_column("drop_kind")
        batch_op.drop_column("delegate_id")
        batch_op.drop_column("stretch_level")
        batch_op.drop_column("commit_level")

    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.drop_column("archived_at")
        batch_op.drop_column("drafts_from")

    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.alter_column("value", existing_type=bot.store.types.Exact(length=64), nullable=False)
        batch_op.drop_column("back_dated")

    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_column("reason")

    op.drop_table("milestone_step")
    with op.batch_alter_table("contributor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contributor_member_id"))

    op.drop_table("contributor")
    with op.batch_alter_table("team_observer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_observer_member_id"))

    op.drop_table("team_observer")
    op.drop_table("draft")
