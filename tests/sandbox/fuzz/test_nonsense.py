"""The local Slack survives what nobody should send; `python -m bench sandbox-fuzz` sends far more of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.sandbox_fuzz import fuzz
from bot.sandbox.entities import View
from bot.sandbox.errors import ControlError
from bot.sandbox.interactions import fill_in
from tests.local_slack import LocalSlackError
from tests.sandbox.conftest import Running

COUNT = 600

PATIENCE_SECONDS = 90.0
"""A busy machine is slow; a connection that hangs would wait for ever."""


def test_nonsense_breaks_nothing(tmp_path: Path) -> None:
    findings = fuzz(COUNT, seed=7, data=tmp_path, patience=PATIENCE_SECONDS)
    assert findings.broken == {}
    assert findings.contradictions == []
    assert findings.requests + findings.frames == COUNT
    assert findings.statuses[200] > COUNT / 4
    assert findings.statuses[400] > COUNT / 20


def test_values_that_are_no_form_are_refused_in_a_sentence(slack: Running) -> None:
    sandbox = slack.sandbox
    view = View("V1", "modal", "U0ANA", {"blocks": []}, "1.h", "V1")
    with pytest.raises(ControlError, match="are an object"):
        fill_in(sandbox, view, 7)  # type: ignore[arg-type]


def test_a_zone_or_a_time_beyond_measure_is_refused_in_a_sentence(slack: Running) -> None:
    with pytest.raises(LocalSlackError, match="is not an IANA time zone"):
        slack.change_person("ana", tz="x" * 3_000)
    with pytest.raises(LocalSlackError, match="cannot be read"):
        slack.move_clock(forward=10**30)
