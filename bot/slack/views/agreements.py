"""Asking a lead or champion to agree to an objective, and what came of it."""

from slackblocks import Block, SectionBlock

from bot.okr.setting import Agreement, AskedAnew, ChangedMeanwhile, ObjectiveSet, Outcome
from bot.slack import ids
from bot.slack.text import Mrkdwn, lines, moment, name, paragraph, quoted, title
from bot.slack.views import Message, View, button, buttons, field, footnote, message, modal, section, text_input
from bot.slack.views.details import LONGEST_REASON, told_parts
from bot.slack.views.objectives import told_content
from bot.slack.views.standings import objective_name

LONGEST_COMMENT = 3000
LONGEST_SHOWN_WHY = 700
MOST_CHANGES = 10


def agreement_asked(asked: ObjectiveSet) -> Message:
    """The DM to who is asked: everything that was set, **Approve** and **Send Back**."""
    return _asking(asked, [])


def asked_anew(anew: AskedAnew) -> Message:
    """In place of the question that was overtaken: what has changed since, and the question as it is now."""
    told = "*It changed since you read it*, so nothing is decided yet. Please read it once more."
    parts = [_changed(each, anew.asked.person.locale) for each in anew.changes[-MOST_CHANGES:]]
    return _asking(anew.asked, [section(lines([Mrkdwn(told), *parts]), ids.CONTESTED)])


def _changed(changed: ChangedMeanwhile, locale: str) -> Mrkdwn:
    change, shown_id = changed.change, changed.shown_id
    who = name(change.author) if change.author else Mrkdwn("Somebody")
    parts = told_parts(change, changed.unit, locale)
    if not parts:
        return Mrkdwn(f"{who}, {title(shown_id, 20)}: {title(change.action, 40)}")
    why = f"Why: {title(change.reason, LONGEST_REASON)}" if change.reason else ""
    return lines([Mrkdwn(f"{who} changed {title(shown_id, 20)}:"), *parts, why])


def _asking(asked: ObjectiveSet, meanwhile: list[SectionBlock]) -> Message:
    who = name(asked.author) if asked.author else Mrkdwn("Somebody")
    what = objective_name(asked.number, asked.title)
    headline = f"{who} asks you to agree to {what} for {name(asked.team)}, {name(asked.cycle)}."
    why = [section(quoted(asked.why, LONGEST_SHOWN_WHY), ids.PEOPLE)] if asked.why and asked.why.strip() else []
    ref = ids.ObjectiveRef(asked.number, asked.version, asked.seen)
    changed = "It changed since you read it. " if meanwhile else ""
    return message(
        f"{changed}{headline}",
        [
            *meanwhile,
            section(headline, ids.HEADLINE),
            *why,
            *told_content(asked),
            buttons(
                button("Approve", ids.OBJECTIVE_APPROVE, ref, primary=True),
                button("Send Back", ids.OBJECTIVE_SEND_BACK, ref),
            ),
            footnote("Until you agree it is a draft and in no list."),
        ],
    )


def agreement_settled(done: Agreement) -> Message:
    """What came of it, in place of the question."""
    what, by = objective_name(done.number, done.title), name(done.by) if done.by else Mrkdwn("Somebody")
    author = name(done.author) if done.author else Mrkdwn("the author")
    when = moment(done.at, done.zone)
    told = {
        Outcome.AGREED: f"{by} agreed to {what}. It is published, and {author} knows.",
        Outcome.SENT_BACK: f"{by} sent this back to {author}: {what}",
        Outcome.WITHDRAWN: f"{by} took it back on {when}, so there is nothing to decide now: {what}",
        Outcome.DISCARDED: f"{by} took it back for good on {when}, so there is nothing to decide: {what}",
        Outcome.PASSED_ON: f"{by} is asked to agree now, not you any more: {what}"
        if done.by
        else f"You are not asked to agree any more: {what}",
    }[done.outcome]
    comment = _comment(done) if done.outcome is Outcome.SENT_BACK else []
    return message(told, [section(told, ids.HEADLINE), *comment])


def withdrawn(done: Agreement) -> Message:
    """To the author, in place of what said that it waits: it is a draft again, and the way on."""
    if done.outcome is Outcome.DISCARDED:
        return agreement_settled(done)
    told = _taken_back(done)
    return message(told, [section(told, ids.HEADLINE), *_continuing(done), footnote(_GOING_ON)])


def sent_back(done: Agreement) -> Message:
    """The DM to the author: the comment, and the way on."""
    told = f"{name(done.by)} sent this back, and it is a draft again: {objective_name(done.number, done.title)}"
    return message(
        told,
        [
            section(told, ids.HEADLINE),
            *_comment(done),
            *_continuing(done),
            footnote(_GOING_ON),
        ],
    )


_GOING_ON = "`/okr edit KR-3` changes a key result by its number. *Continue* leads on, *Save* asks again."


def _taken_back(done: Agreement) -> Mrkdwn:
    what = objective_name(done.number, done.title)
    if done.outcome is Outcome.WITHDRAWN:
        return Mrkdwn(f"You took it back, so it is a draft again and nobody is asked: {what}")
    return Mrkdwn(f"It is a draft again already, and nobody is asked: {what}")


def withdrawn_modal(done: Agreement) -> View:
    """The same where it was taken back in its **Edit** modal."""
    way = footnote("`/okr set` offers the draft, and its last *Save* asks again.")
    return modal("Taken back", [section(_taken_back(done), ids.HEADLINE), way], callback_id=ids.CHANGED)


def _continuing(done: Agreement) -> list[Block]:
    if not done.nonce:
        return []
    return [buttons(button("Continue", ids.DRAFT_CONTINUE, ids.DraftRef(done.nonce)))]


def _comment(done: Agreement) -> list[SectionBlock]:
    if done.comment is None or not paragraph(done.comment, LONGEST_SHOWN_WHY).strip():
        return []
    return [section(quoted(done.comment, LONGEST_SHOWN_WHY), ids.LEARNED)]


def send_back_modal(number: int) -> View:
    """The modal for the comment."""
    comment = text_input(ids.SEND_BACK_COMMENT, "", LONGEST_COMMENT, multiline=True)
    return modal(
        "Send back",
        [field("Comment", comment, ids.SEND_BACK_COMMENT, hint="What should change, and why. The author reads it.")],
        callback_id=ids.SEND_BACK,
        submit="Send back",
        metadata=ids.ObjectiveRef(number),
    )
