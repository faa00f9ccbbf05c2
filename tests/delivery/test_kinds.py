"""Every kind of delivery has a view, and every view a kind."""

from bot.delivery.kinds import VIEWS
from bot.usecases.outgoing import KINDS


def test_every_kind_of_delivery_has_its_view() -> None:
    assert set(VIEWS) == set(KINDS)
