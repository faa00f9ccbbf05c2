"""How people want to be asked, from what is kept of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.okr.asking import WORKING_DAYS, Away, Habits
from bot.okr.attention import Profile
from bot.okr.days_off import holidays_of
from bot.okr.zones import first_known_zone
from bot.store import absences
from bot.store.session import Session
from bot.store.tables import Member


def habits_of(member: Member, away: tuple[Away, ...], *other_zones: str | None) -> Habits:
    """One person's habits. `other_zones`: whose clock counts where Slack gives them no zone, first come first."""
    return Habits(
        zone=first_known_zone([member.zone, *other_zones]),
        hour=hour_kept(member.prompt_hour),
        days=days_kept(member.prompt_days),
        profile=profile_kept(member.profile),
        is_holiday=holidays_of(member.country, member.region),
        away=away,
    )


def hour_kept(text: str | None) -> time | None:
    """`HH:MM` as a time of day."""
    return None if text is None else time.fromisoformat(text)


def days_kept(text: str | None) -> frozenset[int]:
    """Digits (0 = Monday) as weekdays; Monday to Friday where nothing was chosen."""
    return WORKING_DAYS if text is None else frozenset(int(each) for each in text)


def profile_kept(text: str) -> Profile:
    """The profile; the standard one for a word that this version does not know."""
    return next((each for each in Profile if each == text), Profile.STANDARD)


def away_of(session: Session, people: Iterable[Member], now: datetime) -> Mapping[int, tuple[Away, ...]]:
    """When these people are away, by row id. One statement."""
    return absences.of(session, [each.id for each in people], now)


def zone_of(member: Member, *other_zones: str | None) -> ZoneInfo:
    """Whose clock counts for somebody."""
    return first_known_zone([member.zone, *other_zones])
