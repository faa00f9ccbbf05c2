"""Asking a lead or champion to agree to an objective, and what came of it."""

from slackblocks import SectionBlock

from bot.okr.setting import Agreement, ObjectiveSet
from bot.slack import ids
from bot.slack.text import Mrkdwn, name, paragraph, quoted
from bot.slack.views import Message, View, button, buttons, field, footnote, message, modal, section, text_input
from bot.slack.views.objectives import told_content
from bot.slack.views.standings import objective_name

LONGEST_COMMENT = 3000
LONGEST_SHOWN_WHY = 700


def agreement_asked(asked: ObjectiveSet) -> Message:
    """The DM to who is asked: everything that was set, **Approve** and **Send Back**."""
    who = name(asked.author) if asked.author else Mrkdwn("Somebody")
    what = objective_name(asked.number, asked.title)
    headline = f"{who} asks you to agree to {what} for {name(asked.team)}, {name(asked.cycle)}."
    why = [section(quoted(asked.why, LONGEST_SHOWN_WHY), ids.PEOPLE)] if asked.why and asked.why.strip() else []
    ref = ids.ObjectiveRef(asked.number)
    return message(
        headline,
        [
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
    what, by = objective_name(done.number, done.title), name(done.by)
    author = name(done.author) if done.author else Mrkdwn("the author")
    if done.agreed:
        told = f"{by} agreed to {what}. It is published, and {author} knows."
        return message(told, [section(told, ids.HEADLINE)])
    told = f"{by} sent this back to {author}: {what}"
    return message(told, [section(told, ids.HEADLINE), *_comment(done)])


def sent_back(done: Agreement) -> Message:
    """The DM to the author: the comment, and the way on."""
    told = f"{name(done.by)} sent this back, and it is a draft again: {objective_name(done.number, done.title)}"
    continuing = [button("Continue", ids.DRAFT_CONTINUE, ids.DraftRef(done.nonce))] if done.nonce else []
    return message(
        told,
        [
            section(told, ids.HEADLINE),
            *_comment(done),
            *([buttons(*continuing)] if continuing else []),
            footnote("`/okr edit KR-3` changes a key result by its number. *Continue* leads on, *Save* asks again."),
        ],
    )


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
