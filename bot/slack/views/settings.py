"""`/okr settings`: the form, and what was saved."""

from slackblocks import Block, CheckboxGroup, ExternalSelectMenu, RadioButtonGroup, StaticSelectMenu, TimePicker

from bot.okr.cadence import WEEKDAYS
from bot.okr.prompting import Place, SettingsForm, SettingsSaved
from bot.slack import ids
from bot.slack.text import escape, lines, name, zoned
from bot.slack.views import (
    Message,
    View,
    button,
    buttons,
    field,
    footnote,
    message,
    modal,
    option,
    rendered_option,
    section,
)

PROFILES = {
    "light": "Light: the prompt only",
    "standard": "Standard: one reminder too; recognition once you have answered",
    "active": "Active: one reminder too; asks and recognition at once",
}
MOST_REGIONS = 100


def settings_modal(form: SettingsForm) -> View:
    """When, on which days, how much, and whose public holidays are kept."""
    days = [option(each, str(number)) for number, each in enumerate(WEEKDAYS)]
    profiles = [option(words, code) for code, words in PROFILES.items()]
    chosen_profile = profiles[list(PROFILES).index(form.profile)]
    blocks: list[Block] = [
        section(
            f"Times are by your Slack clock, {escape(form.person.zone)}. At most two prompts, reminders and "
            "notes a week come without being asked for.",
            ids.INTRODUCTION,
        ),
        field(
            "Prompt hour",
            TimePicker(action_id=ids.SETTINGS_HOUR, initial_time=form.hour),
            ids.SETTINGS_HOUR,
            optional=True,
            hint="Empty: your team's hour.",
        ),
        field(
            "Days",
            CheckboxGroup(
                action_id=ids.SETTINGS_DAYS,
                options=days,
                initial_options=[days[number] for number in form.days] or None,
            ),
            ids.SETTINGS_DAYS,
            hint="On which days I may ask.",
        ),
        field(
            "Profile",
            RadioButtonGroup(action_id=ids.SETTINGS_PROFILE, options=profiles, initial_option=chosen_profile),
            ids.SETTINGS_PROFILE,
        ),
        field(
            "Country",
            ExternalSelectMenu(
                action_id=ids.SETTINGS_COUNTRY,
                placeholder="Type a country",
                min_query_length=1,
                initial_option=None if form.country is None else option(form.country.words, form.country.code),
            ),
            ids.SETTINGS_COUNTRY,
            optional=True,
            dispatch=True,
            hint="On its public holidays I ask nothing.",
        ),
    ]
    if form.regions:
        blocks.append(_region(form))
    return modal("Settings", blocks, callback_id=ids.SETTINGS, submit="Save")


def _region(form: SettingsForm) -> Block:
    """Regions of one country; their input has the country in its name, so that another country's choice is gone."""
    block_id = ids.settings_region(form.country.code if form.country else "")
    offered = [option(each.words, each.code) for each in form.regions[:MOST_REGIONS]]
    chosen = next((each for each in offered if form.region and each.value == form.region.code), None)
    menu = StaticSelectMenu(action_id=block_id, options=offered, initial_option=chosen, placeholder="The whole country")
    return field("Region", menu, block_id, optional=True)


def countries_found(places: tuple[Place, ...]) -> list[dict[str, object]]:
    """The entries for what was typed."""
    return [rendered_option(option(each.words, each.code)) for each in places]


def settings_saved(saved: SettingsSaved) -> Message:
    """What holds now."""
    hour = saved.hour or "your team's hour"
    days = ", ".join(WEEKDAYS[number] for number in saved.days)
    place = " without public holidays"
    if saved.country:
        place = f" outside the public holidays of {name(saved.country)}"
        place += f", {name(saved.region)}" if saved.region else ""
    told = f"Saved. I ask at {hour} ({escape(saved.person.zone)}) on {days},{place}."
    following = ""
    if saved.next_prompt is not None:
        following = f"The next prompt comes {zoned(saved.next_prompt, saved.person.zone)}."
    return message(
        told,
        [
            section(lines([told, f"{PROFILES[saved.profile]}.", following]), ids.HEADLINE),
            buttons(button("Change", ids.SETTINGS_OPEN)),
            footnote("On leave: `/okr away until 12 Aug`. Why a message came: `/okr why`"),
        ],
    )
