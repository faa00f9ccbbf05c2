"""Tidewell, the sample company: the file to import it from, and the people and channels of its local Slack."""

import json
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.okr.cycle import Quarter, quarter_of
from bot.okr.zones import instant_of, zone_named

WEEKS_BEFORE = 10
WEEKS = 13


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        keep_trailing_newline=True,
    )


@cache
def _people() -> Mapping[str, Mapping[str, Any]]:
    module: Any = _templates().get_template("people.j2").module
    return {person["key"]: person for person in module.people}


def opener_zone() -> ZoneInfo:
    """The zone of the person the page opens as; the demo's Monday is a Monday there."""
    return zone_named(_people()["noor"]["zone"])


def cycle_around(monday: date) -> Quarter:
    """Thirteen weeks that began ten weeks before `monday`, named after the quarter most of them lie in."""
    start = monday - timedelta(weeks=WEEKS_BEFORE)
    return Quarter(_mostly_in(start).name, start, _end_of(start))


def cycle_after(cycle: Quarter) -> Quarter:
    """The thirteen weeks that follow a cycle of `cycle_around`, named after the quarter that follows its own."""
    start = cycle.end + timedelta(days=1)
    # Not after its own middle: now and then two middles in a row lie in the same quarter.
    named = quarter_of(_mostly_in(cycle.start).end + timedelta(days=1))
    return Quarter(named.name, start, _end_of(start))


def _end_of(start: date) -> date:
    return start + timedelta(weeks=WEEKS, days=-1)


def _mostly_in(start: date) -> Quarter:
    return quarter_of(start + (_end_of(start) - start) / 2)


def company_file(monday: date) -> str:
    """The company as a file to import, as it stands on the morning of `monday`: a cycle, and the one that follows."""
    cycle = cycle_around(monday)

    def answered(who: str, week: int) -> str:
        person = _people()[who]
        weekday, hour = person["answers"]
        day = cycle.start + timedelta(weeks=week, days=weekday)
        zone = zone_named(person["zone"])
        return instant_of(day, time.fromisoformat(hour), zone).astimezone(zone).isoformat()

    return _rendered("company.yaml.j2", {"answered": answered}, {"cycle": cycle, "following": cycle_after(cycle)})


def workspace_file() -> str:
    """The seed of the company's local Slack."""
    return _rendered("workspace.yaml.j2", {}, {"weeks_before": WEEKS_BEFORE})


def _rendered(template: str, filters: Mapping[str, Any], names: Mapping[str, Any]) -> str:
    environment = _templates().overlay()
    # An overlay shares its filters with the environment it lies over.
    environment.filters = {**environment.filters, **filters, "quoted": _quoted, "slack_id": _slack_id}
    return environment.get_template(template).render(names)


def _quoted(text: str) -> str:
    """A text as YAML reads it back, whatever it holds."""
    return json.dumps(text, ensure_ascii=False)


def _slack_id(key: str) -> str:
    return f"U0{key.upper()}"
