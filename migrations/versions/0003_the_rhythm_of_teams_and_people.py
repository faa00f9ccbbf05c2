"""the rhythm of teams and people

Revision: 0003
Before: 0002
"""

import sqlalchemy as sa
from alembic import op

import bot.store.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WEEKLY = "1 week open Mon 09:00 due Wed 17:00 close Fri 12:00 from 2026-01-05"
"""What held for every team until now."""


def _instant(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, bot.store.types.UtcDateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        _instant("since", nullable=False),
        _instant("until", nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        _instant("created_at", nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_absence_member_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_absence_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_member_id_until"), ["member_id", "until"], unique=False)
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prompt_hour", sa.String(length=5), nullable=True))
        batch_op.add_column(sa.Column("prompt_days", sa.String(length=7), nullable=True))
        batch_op.add_column(sa.Column("profile", sa.String(length=16), server_default="standard", nullable=False))
        batch_op.add_column(sa.Column("country", sa.String(length=2), nullable=True))
        batch_op.add_column(sa.Column("region", sa.String(length=16), nullable=True))
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_rhythm", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("rhythm", sa.String(length=80), server_default=WEEKLY, nullable=False))
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_for", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(_instant("held_since"))
        batch_op.add_column(sa.Column("tries_from", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("sender_lease", schema=None) as batch_op:
        batch_op.add_column(_instant("since"))
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rhythm", sa.String(length=80), server_default=WEEKLY, nullable=False))
    _parts_with_times_of_their_own()


def _parts_with_times_of_their_own() -> None:
    with op.batch_alter_table("round_part", schema=None) as batch_op:
        for name in ("opens_at", "remind_at", "due_at", "closes_at", "reminder_settled_at", "snoozed_until"):
            batch_op.add_column(_instant(name))
        batch_op.add_column(sa.Column("reminder_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("excuse", sa.String(length=16), nullable=True))
        batch_op.add_column(_instant("excused_at"))
        batch_op.add_column(sa.Column("excuse_reason", sa.Text(), nullable=True))
    # Who was asked before reminders were there is not reminded afterwards.
    op.execute(
        "UPDATE round_part SET opens_at = prompt_at, reminder_settled_at = settled_at,"
        " due_at = (SELECT due_at FROM round WHERE round.id = round_part.round_id),"
        " closes_at = (SELECT closes_at FROM round WHERE round.id = round_part.round_id)"
    )
    with op.batch_alter_table("round_part", schema=None) as batch_op:
        for name in ("opens_at", "due_at", "closes_at"):
            batch_op.alter_column(name, existing_type=bot.store.types.UtcDateTime(timezone=True), nullable=False)
        batch_op.alter_column("prompt_at", existing_type=bot.store.types.UtcDateTime(timezone=True), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_round_part_reminder_id"), "delivery", ["reminder_id"], ["id"])
        batch_op.create_index(
            batch_op.f("ix_round_part_workspace_id_reminder_settled_at_remind_at"),
            ["workspace_id", "reminder_settled_at", "remind_at"],
            unique=False,
        )


def downgrade() -> None:
    op.execute("DELETE FROM round_part WHERE prompt_at IS NULL")
    with op.batch_alter_table("round_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_part_workspace_id_reminder_settled_at_remind_at"))
        batch_op.drop_constraint(batch_op.f("fk_round_part_reminder_id"), type_="foreignkey")
        batch_op.alter_column("prompt_at", existing_type=bot.store.types.UtcDateTime(timezone=True), nullable=False)
        for name in (
            "opens_at", "remind_at", "due_at", "closes_at", "reminder_settled_at", "snoozed_until", "reminder_id",
            "excuse", "excused_at", "excuse_reason",
        ):  # fmt: skip
            batch_op.drop_column(name)
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_column("rhythm")
    with op.batch_alter_table("sender_lease", schema=None) as batch_op:
        batch_op.drop_column("since")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("tries_from")
        batch_op.drop_column("held_since")
        batch_op.drop_column("asked_for")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("rhythm")
        batch_op.drop_column("own_rhythm")
    with op.batch_alter_table("member", schema=None) as batch_op:
        for name in ("region", "country", "profile", "prompt_days", "prompt_hour"):
            batch_op.drop_column(name)
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_member_id_until"))
    op.drop_table("absence")
