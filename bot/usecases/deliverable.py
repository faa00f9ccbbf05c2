"""What a kind of delivery has to say of itself: what to send now, and what is kept once it was sent.

A delivery row holds only small arguments; its content is looked up here at the moment of sending, so a message is
never older than its data, and one that nobody needs any more is dropped. The kinds are listed in
`bot.usecases.outgoing`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.okr.attention import Reason
from bot.store.session import Session
from bot.store.tables import Delivery


@dataclass(frozen=True)
class Outgoing:
    """What to send now. `channel` is a user id (a DM), a channel id or a D id; `facts` go to the view of the kind.

    With `thread_ts` it is a reply in that thread; with `update_ts` that message is changed instead of a new one
    posted (such a change may be repeated safely).
    """

    channel: str
    facts: object
    thread_ts: str | None = None
    update_ts: str | None = None


@dataclass(frozen=True)
class Wait:
    """Not yet: something it needs is still on its way. Tried again at `until`."""

    until: datetime


@dataclass(frozen=True)
class OutgoingKind:
    """`prepare` answers what to send, Wait, or None when nobody needs it any more (the delivery is dropped).

    `sent` runs in the transaction that records Slack's answer: it keeps (channel, ts) where others look for it and
    may add further deliveries. `reason`: why it is sent without having been asked for, so that it counts against its
    receiver's attention budget; None for what answers somebody's own click, or goes to a channel.
    """

    prepare: Callable[[Session, Delivery, datetime], Outgoing | Wait | None]
    sent: Callable[[Session, Delivery, datetime], None]
    reason: Reason | None = None


def nothing_more(session: Session, delivery: Delivery, now: datetime) -> None:
    """For kinds whose answer needs no further keeping."""
