"""Public holidays, by country and region, from the `holidays` library."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import holidays

from bot.okr.asking import no_holidays
from bot.okr.errors import OkrError


class UnknownPlace(OkrError):
    """No calendar of public holidays is known for that country or region."""


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """The two-letter codes of the countries whose holidays are known, each with the codes of its regions."""
    found = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(regions) for code, regions in sorted(found.items()) if len(code) == 2}


@lru_cache(maxsize=512)
def region_words(country: str) -> dict[str, str]:
    """What the regions of a country are called, by their codes."""
    calendar = holidays.country_holidays(country)
    aliases = calendar.get_subdivision_aliases()
    return {code: (aliases.get(code) or [code])[0] for code in countries().get(country, ())}


def check_place(country: str | None, region: str | None) -> None:
    """Raises UnknownPlace, at the field that is wrong, unless holidays are known there (or no country is given)."""
    if country is None:
        if region is not None:
            raise UnknownPlace("Choose the country that this region belongs to.", field="country")
        return
    if country not in countries():
        raise UnknownPlace(f"I don't know the public holidays of “{country[:40]}”.", field="country")
    if region is not None and region not in countries()[country]:
        raise UnknownPlace(f"I don't know a region “{region[:40]}” of that country.", field="region")


def holidays_of(country: str | None, region: str | None) -> Callable[[date], bool]:
    """Answers for a day whether it is a public holiday there. Without a country, or in an unknown one: never."""
    try:
        check_place(country, region)
    except UnknownPlace:
        # A later version of the library may drop a place: that must not stop anybody's prompt.
        return no_holidays
    return no_holidays if country is None else _calendar(country, region).__contains__


@lru_cache(maxsize=1024)
def _calendar(country: str, region: str | None) -> "holidays.HolidayBase":
    return holidays.country_holidays(country, subdiv=region)


def holiday_name(day: date, country: str | None, region: str | None) -> str | None:
    """What the public holiday is called; None where that day is none."""
    if country is None or not holidays_of(country, region)(day):
        return None
    return str(_calendar(country, region).get(day))
