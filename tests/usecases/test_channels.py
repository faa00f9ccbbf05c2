"""A channel that is closed to the bot: whoever can open it is told once."""

from datetime import UTC, datetime, timedelta

from bot.okr.facts import ClosedChannel
from bot.store.tables import Delivery, Team
from bot.usecases.channels import ask_for_the_channel
from bot.usecases.deliverable import Outgoing
from tests.usecases.world import World

MONDAY = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 10, 9, 16, 0, tzinfo=UTC)


def refused(world: World, now: datetime) -> None:
    """Slack refuses the digest, as the sender notes it."""
    digest = world.deliveries("digest")[0].id
    world.database.transact(lambda session: ask_for_the_channel(session, session.get_one(Delivery, digest), now))


def closed_round(world: World) -> None:
    world.key_result("U0ANA", "Growth")
    world.tick(MONDAY)
    world.tick(FRIDAY)


def test_the_lead_is_asked_once_to_open_the_channel(lumen: World) -> None:
    closed_round(lumen)
    refused(lumen, FRIDAY)
    refused(lumen, FRIDAY + timedelta(minutes=1))
    (asked,) = lumen.deliveries("closed_channel")
    outgoing = lumen.prepare(asked, FRIDAY)
    assert isinstance(outgoing, Outgoing)
    assert outgoing.facts == ClosedChannel("Growth", "C0GROWTH")
    assert asked.recipient == outgoing.channel


def test_nobody_is_asked_any_more_once_the_team_has_another_channel(lumen: World) -> None:
    closed_round(lumen)
    refused(lumen, FRIDAY)
    (asked,) = lumen.deliveries("closed_channel")
    lumen.change(Team, lumen.rows(Team, Team.name == "Growth")[0].id, channel="C0OTHER")
    assert lumen.prepare(asked, FRIDAY) is None
