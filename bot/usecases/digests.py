"""The digest of a closed round: one post in the team's channel, one thread message per submission."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.okr.facts import Digest, DigestEntry
from bot.okr.status import Status
from bot.store import checkins, deliveries, digests, keyresults, members, rounds
from bot.store.session import Session
from bot.store.tables import Delivery, Member, PostedMessage, Round, Submission
from bot.usecases.actors import person_of
from bot.usecases.deliverable import Outgoing, Wait
from bot.usecases.receipts import told_all
from bot.usecases.standings import Placed, background, hidden, is_asked, is_unanswered, place, rolled_up

ENTRY_PRIORITY = 45
NEEDS_ATTENTION = (Status.OFF_TRACK, Status.AT_RISK)


@dataclass(frozen=True)
class _Told:
    """One submission with its lines about the team's key results, newest versions.

    `words_alone`: it has no check-in at all, it only says what was learned or needed.
    """

    submission: Submission
    author: Member
    lines: tuple[checkins.KeptLine, ...]
    words_alone: bool

    @property
    def answers(self) -> bool:
        """Whether a check-in of it is in force."""
        return self.submission.undone_at is None and any(not line.withdrawn for line in self.lines)

    @property
    def counts(self) -> bool:
        """Whether anything of it is still in force."""
        words_left = self.submission.undone_at is None and bool(self.lines) and _has_words(self.submission)
        return self.answers or words_left or (self.words_alone and self.submission.undone_at is None)

    @property
    def readable(self) -> bool:
        """Whether the channel may read what was learned: not where it is about private key results alone."""
        return self.words_alone or any(not line.private for line in self.lines)


def _has_words(submission: Submission) -> bool:
    return bool(submission.learned or submission.needs)


def prepare(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """The digest of a round; None where the team has no open key result any more."""
    opening = rounds.one(session, delivery.arguments["round"])
    facts = None if opening is None else _digest(session, delivery.workspace_id, opening, now)
    return None if facts is None else Outgoing(channel=delivery.recipient, facts=facts)


def prepare_refresh(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """A digest that is posted already, as it stands after a late, edited or undone check-in."""
    found = digests.with_round(session, delivery.arguments["post"])
    if found is None:
        return None
    post, row = found
    opening = rounds.one(session, row.id)
    facts = None if opening is None else _digest(session, delivery.workspace_id, opening, now)
    return None if facts is None else Outgoing(channel=post.channel, facts=facts, update_ts=post.ts)


def sent(session: Session, delivery: Delivery, now: datetime) -> None:
    """Keep where the digest stands and add one thread message per submission."""
    if delivery.channel is None or delivery.ts is None:
        return
    opening = rounds.one(session, delivery.arguments["round"])
    if opening is None:
        return
    post = digests.keep_post(
        session,
        delivery.workspace_id,
        {"round_id": opening.round_id, "channel": delivery.channel, "ts": delivery.ts, "posted_at": now},
    )
    digests.keep_message(session, delivery.workspace_id, post.channel, post.ts, digest_post_id=post.id)
    for each in _submissions(session, opening, rounds.next_opens_at(session, opening)):
        if each.counts:
            deliveries.add(
                session,
                delivery.workspace_id,
                kind="digest_entry",
                recipient=post.channel,
                arguments={"post": post.id, "submission": each.submission.id},
                dedupe_key=f"entry:{post.id}:{each.submission.id}",
                not_before=now,
                now=now,
                priority=ENTRY_PRIORITY,
            )


def prepare_entry(session: Session, delivery: Delivery, now: datetime) -> Outgoing | Wait | None:
    """One submission for the digest's thread; None when it was undone meanwhile."""
    found = digests.with_round(session, delivery.arguments["post"])
    submission = session.get(Submission, delivery.arguments["submission"])
    if found is None or submission is None or submission.undone_at is not None:
        return None
    post, row = found
    facts = _entry(session, submission, row)
    return None if facts is None else Outgoing(channel=post.channel, thread_ts=post.ts, facts=facts)


def entry_sent(session: Session, delivery: Delivery, now: datetime) -> None:
    """Remember which submission the thread message shows: reactions find it by that."""
    if delivery.channel and delivery.ts:
        digests.keep_message(
            session,
            delivery.workspace_id,
            delivery.channel,
            delivery.ts,
            digest_post_id=delivery.arguments["post"],
            submission_id=delivery.arguments["submission"],
        )


def prepare_entry_refresh(session: Session, delivery: Delivery, now: datetime) -> Outgoing | None:
    """A thread message as its submission stands after an edit or an undo."""
    message = session.get(PostedMessage, delivery.arguments["message"])
    if message is None or message.submission_id is None or message.digest_post_id is None:
        return None
    found = digests.with_round(session, message.digest_post_id)
    facts = None if found is None else _entry(session, session.get_one(Submission, message.submission_id), found[1])
    return None if facts is None else Outgoing(channel=message.channel, facts=facts, update_ts=message.ts)


def _entry(session: Session, submission: Submission, row: Round) -> DigestEntry | None:
    author = session.get_one(Member, submission.member_id)
    all_lines = checkins.lines(session, [submission.id])
    of_team = [line for line in all_lines if line.team_id == row.team_id]
    if (all_lines and not of_team) or not (all_lines or _has_words(submission)):
        return None
    # A channel has readers who may not read what is private; of a submission about nothing else no word is told.
    readable = not all_lines or any(not line.private for line in of_team)
    standing = [line for line in of_team if not line.withdrawn]
    undone = submission.undone_at is not None or not (standing or (_has_words(submission) and readable))
    lines = of_team if undone else standing
    told_ = [line for line in lines if not line.private]
    return DigestEntry(
        submission=submission.id,
        person=person_of(author),
        submitted_at=submission.submitted_at,
        zone=row.zone,
        lines=told_all(session, told_, row.zone),
        learned=submission.learned if readable else None,
        needs=submission.needs if readable else None,
        late=bool(standing) and submission.submitted_at > rounds.due_for(session, row, submission.member_id),
        edited=any(line.version > 1 for line in lines),
        undone=undone,
        private=len(lines) - len(told_),
    )


def _submissions(session: Session, opening: rounds.Opening, until: datetime | None) -> list[_Told]:
    """What was submitted about the team's key results in this round, oldest first. Two statements.

    until: when the next round opened; None while there is none.
    """
    found = checkins.in_period(session, opening.team_id, opening.monday, opening.opens_at, until)
    by_submission: dict[int, list[checkins.KeptLine]] = {}
    lines = checkins.lines(session, [submission.id for submission, _ in found])
    with_lines = {line.submission_id for line in lines}
    for line in lines:
        # An edit may have moved a check-in to another round.
        in_time = opening.opens_at <= line.as_of and (until is None or line.as_of < until)
        if line.team_id == opening.team_id and in_time:
            by_submission.setdefault(line.submission_id, []).append(line)
    return [
        _Told(submission, author, tuple(by_submission.get(submission.id, ())), submission.id not in with_lines)
        for submission, author in found
    ]


def _digest(session: Session, workspace_id: int, opening: rounds.Opening, now: datetime) -> Digest | None:
    # Pace is told as of the close, so that a later refresh only shows what was added.
    at = min(now, opening.closes_at)
    # A round that is long over is told with what was said about it, not with what holds today.
    until = rounds.next_opens_at(session, opening)
    workspace_zone = members.first_champion_zone(members.roles(session, workspace_id))
    rows = [
        row
        for row in keyresults.open_in(
            session,
            workspace_id,
            keyresults.Scope(team_id=opening.team_id),
            opening.monday,
            opening.monday,
            until=until,
        )
        if row.created_at <= opening.closes_at
    ]
    if not rows:
        return None
    told_ = [each for each in _submissions(session, opening, until) if each.counts]
    behind = background(session, rows)
    placed = [place(row, opening, at, workspace_zone, behind) for row in rows]
    asked = [each for each in placed if is_asked(each.row, opening)]
    waiting = [each for each in asked if is_unanswered(each.row, opening, max(now, opening.closes_at))]
    answered, without = _people(asked, waiting, told_)
    excused = _excused(asked, opening)
    return Digest(
        team=rows[0].team_name,
        cycle=rows[0].cycle_name,
        week_of=opening.monday,
        objectives=tuple(rolled_up(placed)),
        attention=tuple(
            hidden(each.standing) if each.row.objective_is_private else each.standing
            for each in sorted(placed, key=lambda each: each.standing.progress - each.standing.expected)
            if each.standing.status in NEEDS_ATTENTION
        ),
        answered=tuple(answered),
        missing=tuple(name for name in without if name not in excused),
        away=tuple(name for name in without if name in excused),
        key_results=len(asked),
        checked_in=len(asked) - len(waiting),
        learned=tuple(each.submission.learned for each in told_ if each.submission.learned and each.readable),
    )


def _excused(asked: Iterable[Placed], opening: rounds.Opening) -> set[str]:
    """Those of whom no answer is expected this time, by name."""
    return {
        each.row.owner_name
        for each in asked
        if each.row.owner_name is not None
        and (opening.excuse_of(each.row.owner_id) is not None or opening.is_away(each.row.owner_id))
    }


def _people(
    asked: Sequence[Placed], waiting: Sequence[Placed], submissions: Iterable[_Told]
) -> tuple[list[str], list[str]]:
    """Who has answered and who has nothing yet, by name."""
    answered = dict.fromkeys(each.author.name for each in submissions if each.answers)
    not_waiting = {each.row.number for each in asked} - {each.row.number for each in waiting}
    by_owner: dict[str, bool] = {}
    for each in asked:
        if each.row.owner_name is not None:
            has_any = by_owner.get(each.row.owner_name, False)
            by_owner[each.row.owner_name] = has_any or each.row.number in not_waiting
    missing = sorted(name for name, has_any in by_owner.items() if not has_any and name not in answered)
    return list(answered), missing
