"""Every table, as SQLAlchemy maps it. The migrations in `migrations/` make them; a test holds the two together.

Instants are UTC (`UtcDateTime`), calendar days are dates, values are exact decimals (`Exact`).
Every row belongs to a workspace. Relationships are not mapped on purpose: what a screen reads is one
visible query in a query module, never a hidden load while something is rendered.
"""

from bot.store.tables.base import Base
from bot.store.tables.okrs import (
    CheckIn,
    Contributor,
    Cycle,
    Draft,
    KeyResult,
    MilestoneStep,
    Objective,
    RecognisedKeyResult,
    Recognition,
    Submission,
)
from bot.store.tables.organisation import (
    Change,
    Member,
    MemberRole,
    Membership,
    RecognitionEmoji,
    Team,
    TeamObserver,
    Workspace,
)
from bot.store.tables.post import Attempt, Delivery, InboxRow, SenderLease
from bot.store.tables.rhythm import Absence, DigestPost, PostedMessage, Round, RoundPart

__all__ = [
    "Absence",
    "Attempt",
    "Base",
    "Change",
    "CheckIn",
    "Contributor",
    "Cycle",
    "Delivery",
    "DigestPost",
    "Draft",
    "InboxRow",
    "KeyResult",
    "Member",
    "MemberRole",
    "Membership",
    "MilestoneStep",
    "Objective",
    "PostedMessage",
    "RecognisedKeyResult",
    "Recognition",
    "RecognitionEmoji",
    "Round",
    "RoundPart",
    "SenderLease",
    "Submission",
    "Team",
    "TeamObserver",
    "Workspace",
]
