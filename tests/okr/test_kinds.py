from decimal import Decimal as D

import pytest

from bot.okr.errors import KindNotOffered
from bot.okr.kinds import KINDS, METRIC, Standing, measured, offered_kinds


def test_the_kinds_bear_the_names_people_see_in_the_modal() -> None:
    labels = ["Metric", "Stay above", "Stay below", "Milestones", "Yes/no", "Baseline"]
    assert [kind.label for kind in KINDS.values()] == labels
    assert all(name == kind.name for name, kind in KINDS.items())


def test_only_what_can_be_measured_is_offered() -> None:
    assert offered_kinds() == [METRIC]


def test_a_metric_is_measured_by_the_way_from_start_to_target() -> None:
    assert measured("metric", Standing(start=D(200), target=D(0), now=D(100))) == D("0.5")


@pytest.mark.parametrize("name", ["baseline", "no such kind", ""])
def test_a_kind_that_is_not_offered_yet_is_answered_with_those_that_are(name: str) -> None:
    with pytest.raises(KindNotOffered, match="Metric"):
        measured(name, Standing(D(0), D(1), D(0)))
