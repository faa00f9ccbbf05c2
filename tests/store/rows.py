"""One row in every table."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from bot.store.tables import (
    Absence,
    Attempt,
    Base,
    Change,
    CheckIn,
    Contributor,
    Cycle,
    Delivery,
    DigestPost,
    Draft,
    InboxRow,
    KeyResult,
    Member,
    MemberRole,
    Membership,
    MilestoneStep,
    Objective,
    PostedMessage,
    RecognisedKeyResult,
    Recognition,
    RecognitionEmoji,
    Round,
    RoundPart,
    SenderLease,
    Submission,
    Team,
    TeamObserver,
    Workspace,
)

NOW = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
DAY = date(2026, 10, 5)
ONE = {"workspace_id": 1}


def every_row() -> list[Base]:
    """Parents first; every id is 1."""
    return [
        Workspace(slack_id="T1", name="Lumen", created_at=NOW),
        Member(**ONE, slack_id="U1", name="Ana"),
        MemberRole(**ONE, member_id=1, role="champion", since=NOW),
        RecognitionEmoji(**ONE, emoji="tada", kind="result"),
        Team(**ONE, name="Growth", level="team", lead_id=1),
        Membership(**ONE, team_id=1, member_id=1),
        TeamObserver(**ONE, team_id=1, member_id=1),
        Change(**ONE, at=NOW, actor_id=1, entity="team", entity_id=1, action="made", after={"name": "Growth"}),
        Cycle(**ONE, name="Q4", starts_on=DAY, ends_on=DAY),
        Objective(**ONE, number=1, title="Grow", team_id=1, cycle_id=1, created_at=NOW),
        KeyResult(
            **ONE, number=1, objective_id=1, title="Schools", kind="metric", start=Decimal(0), target=Decimal(9),
            owner_id=1, created_at=NOW,
        ),
        MilestoneStep(**ONE, key_result_id=1, position=1, name="Beta", share=Decimal("12.5")),
        Contributor(**ONE, key_result_id=1, member_id=1),
        Draft(**ONE, member_id=1, form="check_in", subject="", fields={"kr.1.value": "7"}, updated_at=NOW),
        Submission(**ONE, member_id=1, source="modal", submitted_at=NOW, form_nonce="n"),
        CheckIn(
            **ONE, submission_id=1, key_result_id=1, as_of=NOW, recorded_at=NOW, author_id=1,
            value=Decimal("12345678901.123456"),
        ),
        Round(**ONE, team_id=1, monday=DAY, zone="UTC", rhythm="1 week", opens_at=NOW, due_at=NOW, closes_at=NOW),
        Delivery(
            **ONE, kind="prompt", recipient="U1", arguments={"member": 1}, dedupe_key="d", not_before=NOW,
            created_at=NOW,
        ),
        RoundPart(
            **ONE, round_id=1, member_id=1, opens_at=NOW, prompt_at=NOW, due_at=NOW, closes_at=NOW, delivery_id=1,
            reminder_id=1,
        ),
        Absence(**ONE, member_id=1, since=NOW, until=NOW + timedelta(days=1), source="command", created_at=NOW),
        Attempt(**ONE, delivery_id=1, number=1, fence=1, channel="D1", form="full", started_at=NOW),
        DigestPost(**ONE, round_id=1, channel="C1", ts="1.1", posted_at=NOW),
        PostedMessage(**ONE, channel="C1", ts="1.1", digest_post_id=1, submission_id=1),
        Recognition(
            **ONE, giver_id=1, receiver_id=1, submission_id=1, channel="C1", ts="1.1", emoji="tada", kind="result",
            event_at=NOW, given_at=NOW,
        ),
        RecognisedKeyResult(**ONE, recognition_id=1, key_result_id=1),
        InboxRow(**ONE, slack_team="T1", event_id="E1", payload={"type": "event_callback"}, received_at=NOW),
        SenderLease(**ONE, holder="me", fence=1, until=NOW),
    ]  # fmt: skip


def add_every_row(session: Session) -> None:
    """Keep them, one by one."""
    for row in every_row():
        session.add(row)
        session.flush()
