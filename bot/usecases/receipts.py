"""What somebody is shown of their own submission: after Send, after Undo, in place of the prompt that asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.okr.checkins import UNDO_WINDOW, may_undo
from bot.okr.facts import CheckedIn, Receipt
from bot.okr.kinds import Milestone, kind_of
from bot.okr.zones import first_known_zone, local_day
from bot.store import checkins, deliveries, digests, milestones, rounds
from bot.store.session import Session
from bot.store.tables import Delivery, Member, Submission
from bot.usecases.actors import acting_as
from bot.usecases.budget import room_again
from bot.usecases.deliverable import Outgoing
from bot.usecases.standings import Placed, mine

FIRST = 0
"""A receipt answers a click, so it goes before everything that nobody has asked for."""
LATER = 50
"""What corrects a message in a channel has no hurry."""


def receipt_of(session: Session, submission: Submission, now: datetime, *, repeated: bool = False) -> Receipt:
    """What a submission kept, as its author is told. Seven statements at most."""
    who = acting_as(session, submission.member_id)
    member = who.member
    kept = checkins.lines(session, [submission.id])
    open_now = mine(session, who, now)
    due_times = {each.row.team_id: each.opening for each in open_now if each.opening}
    undone = submission.undone_at is not None
    late = any(
        (opening := due_times.get(line.team_id)) is not None
        and opening.opened_for(member.id) <= line.as_of
        and submission.submitted_at > opening.due_for(member.id)
        for line in kept
    )
    return Receipt(
        submission=submission.id,
        person=who.person,
        submitted_at=submission.submitted_at,
        lines=told_all(session, [line for line in kept if undone or not line.withdrawn], who.workspace_zone),
        learned=submission.learned,
        needs=submission.needs,
        undo_until=submission.submitted_at + UNDO_WINDOW
        if may_undo(submission.submitted_at, now) and not undone
        else None,
        undone=undone,
        late=late and not undone,
        still_due=sum(each.standing.due for each in open_now),
        repeated=repeated,
        edited=any(line.version > 1 and not line.withdrawn for line in kept),
    )


def told_all(session: Session, kept: Sequence[checkins.KeptLine], workspace_zone: str | None) -> tuple[CheckedIn, ...]:
    """Kept check-ins, as a view tells them; one statement at most, for the steps of milestones.

    workspace_zone: whose clock names the days of teams without a lead.
    """
    steps = milestones.of(session, {line.key_result_id for line in kept if kind_of(line.kind).has_steps})
    return tuple(_told(line, steps.get(line.key_result_id, ()), workspace_zone) for line in kept)


def _told(line: checkins.KeptLine, steps: tuple[Milestone, ...], workspace_zone: str | None) -> CheckedIn:
    zone = first_known_zone([line.lead_zone, workspace_zone])
    day = local_day(line.as_of, zone)
    return CheckedIn(
        number=line.number,
        title=line.title,
        unit=line.unit,
        before=line.before,
        after=line.value,
        start=line.start,
        target=line.target,
        # What it did not change from may have been taken back or corrected since.
        unchanged=line.unchanged and line.before == line.value,
        confidence=line.confidence,
        note=line.note,
        kind=kind_of(line.kind),
        milestones=steps,
        owner=None if line.owner_id in (None, line.sender_id) else line.owner_name,
        edited_by=None if line.author_id == line.sender_id else line.author_name,
        counts_for=None if day == local_day(line.sent_at, zone) else day,
        back_dated=line.back_dated,
        withdrawn=line.withdrawn,
    )


def deliver(session: Session, submission: Submission, answered: Sequence[Placed], source: str, now: datetime) -> None:
    """See to it that the author gets the receipt: in place of the prompt that asked, else as a message of its own.

    A one-line check-in is answered where it was typed, so for it only the prompt changes.
    """
    recipient = session.get_one(Member, submission.member_id).slack_id
    room_again(session, submission.workspace_id, recipient, now)
    prompt = rounds.prompt_sent(
        session, submission.member_id, {each.opening.round_id for each in answered if each.opening}
    )
    if prompt is not None:
        arguments: dict[str, object] = {"submission": submission.id, "channel": prompt.channel, "ts": prompt.ts}
        if _queue(session, submission, "receipt", recipient, arguments, f"receipt:prompt:{prompt.id}", now):
            return
        if any(each.standing.due for each in answered):
            _count_again(session, submission, prompt, now)
    if source == "modal":
        key = f"receipt:{submission.id}:{submission.version}"
        _queue(session, submission, "receipt", recipient, {"submission": submission.id}, key, now)


def _count_again(session: Session, submission: Submission, prompt: Delivery, now: datetime) -> None:
    """Where the prompt stood, an earlier receipt says how many are still due; this submission has changed that."""
    if prompt.channel is None or prompt.ts is None:
        return
    shown = digests.message_at(session, submission.workspace_id, prompt.channel, prompt.ts)
    if shown is None or shown.submission_id is None or shown.submission_id == submission.id:
        return
    earlier = session.get_one(Submission, shown.submission_id)
    recipient = session.get_one(Member, earlier.member_id).slack_id
    arguments: dict[str, object] = {"submission": earlier.id, "channel": shown.channel, "ts": shown.ts}
    _queue(session, earlier, "receipt", recipient, arguments, f"receipt:counted:{shown.id}:{_stamp(submission)}", now)


def _stamp(submission: Submission) -> str:
    return f"{submission.id}:{submission.version}:{'undone' if submission.undone_at else 'kept'}"


def is_shown(session: Session, submission: Submission) -> bool:
    """Whether the author has a message with its receipt already, which is then brought up to date."""
    return any(message.digest_post_id is None for message in digests.messages_of(session, submission.id))


def _queue(
    session: Session,
    submission: Submission,
    kind: str,
    recipient: str,
    arguments: dict[str, object],
    key: str,
    now: datetime,
) -> bool:
    """Add a delivery that shows this submission. False when one of that key was added before."""
    added = deliveries.add(
        session,
        submission.workspace_id,
        kind=kind,
        recipient=recipient,
        arguments=arguments,
        dedupe_key=key,
        not_before=now,
        now=now,
        priority=FIRST if kind == "receipt" else LATER,
    )
    return added is not None


Moved = tuple[int, datetime]
"""A team (its row id), and an instant that one of its check-ins was about before."""


def show_again(
    session: Session,
    submission: Submission,
    now: datetime,
    *,
    due_again: bool = False,
    moved: Iterable[Moved] = (),
) -> None:
    """Bring every message that shows this submission up to date, and the digests of closed rounds it answers.

    due_again: it was taken back or moved and something may wait for an answer now, which the receipt in place of the
    prompt says.
    moved: where its check-ins counted before, so that those rounds' digests change as well.
    """
    stamp = _stamp(submission)
    recipient = session.get_one(Member, submission.member_id).slack_id
    shown_in: set[int | None] = set()
    for message in digests.messages_of(session, submission.id):
        shown_in.add(message.digest_post_id)
        if message.digest_post_id is None:
            arguments: dict[str, object] = {
                "submission": submission.id,
                "channel": message.channel,
                "ts": message.ts,
            }
            _queue(session, submission, "receipt", recipient, arguments, f"receipt:again:{message.id}:{stamp}", now)
        else:
            key = f"entry:again:{message.id}:{stamp}"
            _queue(session, submission, "entry_refresh", message.channel, {"message": message.id}, key, now)
    kept = checkins.lines(session, [submission.id])
    if not kept:
        _show_words(session, submission, now, shown_in)
        return
    # In a grace window one submission may answer the last round of an old cycle and the present one.
    answered = _answered(session, {(line.team_id, line.as_of) for line in kept})
    left = _answered(session, moved) - answered
    if due_again:
        prompt = rounds.prompt_sent(session, submission.member_id, answered | left)
        if prompt is not None:
            _count_again(session, submission, prompt, now)
    for post, row in digests.posts_of_rounds(session, answered | left):
        again = f"digest:again:{post.id}:{stamp}"
        _queue(session, submission, "digest_refresh", post.channel, {"post": post.id}, again, now)
        if row.id in answered and post.id not in shown_in and submission.undone_at is None:
            arguments = {"post": post.id, "submission": submission.id}
            _queue(
                session, submission, "digest_entry", post.channel, arguments, f"entry:{post.id}:{submission.id}", now
            )


def _show_words(session: Session, submission: Submission, now: datetime, shown_in: set[int | None]) -> None:
    """What was learned and needed without a check-in, in the thread of the round under way if that has a digest."""
    said = submission.submitted_at
    teams = checkins.teams_of_words(session, submission, said.date())
    under_way = {each.round_id for each in rounds.latest(session, teams, said).values()}
    for post, _ in digests.posts_of_rounds(session, under_way):
        stamp = _stamp(submission)
        of: dict[str, object] = {"post": post.id}
        _queue(session, submission, "digest_refresh", post.channel, of, f"digest:again:{post.id}:{stamp}", now)
        if post.id not in shown_in and submission.undone_at is None:
            key = f"entry:{post.id}:{submission.id}"
            _queue(session, submission, "digest_entry", post.channel, {**of, "submission": submission.id}, key, now)


def _answered(session: Session, about: Iterable[Moved]) -> set[int]:
    """The rounds that check-ins of these teams answer when they are about these instants."""
    found: set[int] = set()
    teams: dict[datetime, set[int]] = {}
    for team_id, as_of in about:
        teams.setdefault(as_of, set()).add(team_id)
    for as_of, team_ids in teams.items():
        found |= {each.round_id for each in rounds.latest(session, team_ids, as_of).values()}
    return found


def follow(session: Session, changed: Submission, others: Iterable[int], now: datetime) -> None:
    """Bring the messages of other submissions up to date, whose “before” is what `changed` says."""
    for other in others:
        for message in digests.messages_of(session, other):
            key = f"{message.id}:{_stamp(changed)}"
            if message.digest_post_id is not None:
                of: dict[str, object] = {"message": message.id}
                _queue(session, changed, "entry_refresh", message.channel, of, f"entry:after:{key}", now)
                continue
            author = session.get_one(Member, session.get_one(Submission, other).member_id)
            of = {"submission": other, "channel": message.channel, "ts": message.ts}
            _queue(session, changed, "receipt", author.slack_id, of, f"receipt:after:{key}", now)


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The receipt as it stands now: a new message, or a change of the one that its arguments name."""
    submission = session.get(Submission, delivery.arguments["submission"])
    if submission is None:
        return None
    facts = receipt_of(session, submission, now)
    return Outgoing(
        channel=delivery.arguments.get("channel") or delivery.recipient,
        facts=facts,
        update_ts=delivery.arguments.get("ts"),
    )


def sent(session: Session, delivery: Delivery, now: datetime) -> None:
    """Remember where the receipt stands, so that an undo elsewhere can change it."""
    if delivery.channel and delivery.ts:
        digests.keep_message(
            session,
            delivery.workspace_id,
            delivery.channel,
            delivery.ts,
            submission_id=delivery.arguments["submission"],
        )
