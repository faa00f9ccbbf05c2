"""How people of a language write numbers, as far as it has been proved here."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

DEFAULT_LOCALE = "en"

# Every locale listed here is held by a test to read back exactly what it prints.
OFFERED_LOCALES = (
    "en", "en_GB", "en_IN", "en_ZA", "de", "de_AT", "de_CH", "fr", "fr_CA", "fr_CH", "it", "it_CH",
    "es", "es_419", "pt_BR", "pt_PT", "nl", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu", "ro", "bg", "hr", "sl",
    "el", "tr", "ru", "uk", "he", "ar", "hi", "id", "th", "vi", "ja", "ko", "zh", "zh_Hant",
)  # fmt: skip

# Slack's name for Spanish in Latin America is no territory Unicode knows; Chinese is told apart by its script, and
# Norwegian and Hebrew have older names.
_OTHER_NAMES = {
    "es_LA": "es_419", "zh_TW": "zh_Hant", "zh_HK": "zh_Hant", "no": "nb", "no_NO": "nb", "nn": "nb", "nn_NO": "nb",
    "iw": "he", "pt": "pt_BR",
}  # fmt: skip
_PARENTS: Mapping[str, str] = get_global("parent_exceptions")


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """One locale's marks: the decimal mark, what stands before the number, and the spaces used."""

    locale: Locale
    decimal: str
    currency_first: bool
    currency_space: str
    percent_first: bool
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
        language = written.partition("_")[0]
        return language if language in OFFERED_LOCALES else DEFAULT_LOCALE
    exact = f"{parsed.language}_{parsed.territory}"
    # `es_MX` writes numbers like `es_419`, `pt_AO` like `pt_PT`.
    nearest = (exact, f"{parsed.language}_{parsed.script}", _PARENTS.get(exact, ""), parsed.language)
    found = (_OTHER_NAMES.get(name, name) for name in nearest)
    return next((name for name in found if name in OFFERED_LOCALES), DEFAULT_LOCALE)


@lru_cache(maxsize=64)
def number_style(name: str | None) -> NumberStyle:
    """The number style of the offered locale nearest to `name`."""
    locale = Locale.parse(offered_locale(name))
    currency = _shapes(locale.currency_formats["standard"].pattern)
    percent = _shapes(locale.percent_formats[None].pattern)
    return NumberStyle(
        locale=locale,
        decimal=str(locale.number_symbols["latn"]["decimal"]),
        currency_first=currency.startswith("¤"),
        currency_space="\xa0" if "\xa0" in currency else "",
        percent_first=percent.startswith("%"),
        percent_space="".join(c for c in percent if c.isspace()),
    )


def _shapes(pattern: str) -> str:
    """A pattern for numbers above zero, without the marks that only say which way a text runs."""
    return "".join(mark for mark in pattern.split(";")[0] if unicodedata.category(mark) != "Cf")


def country_words(code: str, locale: str | None) -> str:
    """What a country is called in that language; its code where nobody has said."""
    return str(Locale.parse(offered_locale(locale)).territories.get(code) or code)
