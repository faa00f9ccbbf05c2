"""`/okr settings`: when, on which days and how much somebody wants to be asked."""

from dataclasses import dataclass
from datetime import datetime, time

from bot.okr.attention import Profile
from bot.okr.days_off import check_place, countries, region_words
from bot.okr.errors import OkrError
from bot.okr.locales import country_words
from bot.okr.prompting import Place, SettingsForm, SettingsSaved
from bot.store.session import Session
from bot.usecases.actors import Acting, Actor, acting
from bot.usecases.coming_prompts import next_prompt
from bot.usecases.habits import days_kept, profile_kept
from bot.usecases.rounds import follow_people

HELP = "settings"
MOST_FOUND = 100


@dataclass(frozen=True)
class OpenSettings:
    """`/okr settings`; `country` is the one just chosen in the form, None for the one that is kept."""

    actor: Actor
    country: str | None = None


@dataclass(frozen=True)
class SaveSettings:
    """**Save**. `hour` is `HH:MM`, None for the team's."""

    actor: Actor
    hour: str | None
    days: tuple[int, ...]
    profile: str | None
    country: str | None
    region: str | None


@dataclass(frozen=True)
class FindCountries:
    """Somebody types a country's name."""

    actor: Actor
    typed: str


def open_settings(session: Session, command: OpenSettings, now: datetime) -> SettingsForm:
    """What holds now."""
    who = acting(session, command.actor)
    member = who.member
    country = command.country or member.country
    known = country in countries()
    region = member.region if country == member.country else None
    regions = tuple(Place(*each) for each in region_words(country).items()) if known and country else ()
    return SettingsForm(
        person=who.person,
        hour=member.prompt_hour,
        days=tuple(sorted(days_kept(member.prompt_days))),
        profile=profile_kept(member.profile).value,
        country=_place(country, who) if known and country else None,
        region=next((each for each in regions if each.code == region), None),
        regions=regions,
    )


def find_countries(session: Session, command: FindCountries, now: datetime) -> tuple[Place, ...]:
    """The countries whose name or code begins with, or holds, what was typed."""
    who = acting(session, command.actor)
    typed = command.typed.strip().casefold()
    places = [_place(code, who) for code in countries()]
    found = [each for each in places if typed in each.words.casefold() or typed == each.code.casefold()]
    found.sort(key=lambda each: (not each.words.casefold().startswith(typed), each.words.casefold()))
    return tuple(found[:MOST_FOUND])


def save_settings(session: Session, command: SaveSettings, now: datetime) -> SettingsSaved:
    """Keep them; they hold from now on, also for a round under way. Raises OkrError at the field that is wrong."""
    who = acting(session, command.actor)
    member = who.member
    member.prompt_hour = None if command.hour is None else _hour(command.hour)
    if not command.days:
        raise OkrError("Choose at least one day on which I may ask.", help_topic=HELP, field="days")
    member.prompt_days = "".join(str(day) for day in sorted(set(command.days)))
    if command.profile not in {each.value for each in Profile}:
        raise OkrError("Choose light, standard or active.", help_topic=HELP, field="profile")
    member.profile = command.profile
    check_place(command.country, command.region)
    member.country, member.region = command.country, command.region
    session.flush()
    follow_people(session, who.workspace.id, [member.id], now)
    return SettingsSaved(
        person=who.person,
        hour=member.prompt_hour,
        days=tuple(sorted(set(command.days))),
        profile=member.profile,
        country=None if member.country is None else _place(member.country, who).words,
        region=None if member.region is None else region_words(member.country or "").get(member.region),
        next_prompt=next_prompt(session, who, now),
    )


def _hour(text: str) -> str:
    try:
        return f"{time.fromisoformat(text):%H:%M}"
    except ValueError:
        raise OkrError("Choose an hour such as 09:00.", help_topic=HELP, field="hour") from None


def _place(code: str, who: Acting) -> Place:
    return Place(code, country_words(code, who.person.locale))
