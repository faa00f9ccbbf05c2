"""How people of a language write numbers, as far as it has been proved here."""

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

DEFAULT_LOCALE = "en"

# Every locale listed here is held by a test to read back exactly what it prints.
OFFERED_LOCALES = (
    "en", "en_GB", "en_IN", "de", "de_CH", "fr", "es", "es_419", "it", "nl", "pl", "pt_BR", "ja", "ko", "hi",
)  # fmt: skip

# Slack's name for Spanish in Latin America is no territory Unicode knows.
_OTHER_NAMES = {"es_LA": "es_419"}


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """One locale's marks: the decimal mark, whether a currency sign stands before the number, and the spaces used."""

    locale: Locale
    decimal: str
    currency_first: bool
    currency_space: str
    percent_space: str


def offered_locale(name: str | None) -> str:
    """The offered locale nearest to a name such as Slack's `de-DE`: itself, its language, else English."""
    if not name:
        return DEFAULT_LOCALE
    written = name.replace("-", "_")
    written = _OTHER_NAMES.get(written, written)
    if written in OFFERED_LOCALES:
        return written
    try:
        parsed = Locale.parse(written)
    except (ValueError, UnknownLocaleError):
        return DEFAULT_LOCALE
    exact = f"{parsed.language}_{parsed.territory}"
    if exact in OFFERED_LOCALES:
        return exact
    if parsed.language == "pt":
        return "pt_BR"
    return parsed.language if parsed.language in OFFERED_LOCALES else DEFAULT_LOCALE


@lru_cache(maxsize=64)
def number_style(name: str | None) -> NumberStyle:
    """The number style of the offered locale nearest to `name`."""
    locale = Locale.parse(offered_locale(name))
    currency = locale.currency_formats["standard"].pattern.split(";")[0]
    percent = locale.percent_formats[None].pattern.split(";")[0]
    return NumberStyle(
        locale=locale,
        decimal=str(locale.number_symbols["latn"]["decimal"]),
        currency_first=currency.startswith("¤"),
        currency_space="\xa0" if "\xa0" in currency else "",
        percent_space="".join(c for c in percent if c.isspace()),
    )
