"""The local Slack survives what nobody should send; `python -m bench sandbox-fuzz` sends far more of it."""

from __future__ import annotations

from pathlib import Path

from bench.sandbox_fuzz import fuzz

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
