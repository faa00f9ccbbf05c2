"""Texts as people typed them, made fit to be kept."""

import unicodedata

# Letters and symbols by their category that show nothing at all: fillers of Hangul, the empty Braille cell.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def typed_text(typed: str | None) -> str | None:
    """What was typed, or None where that is nothing but space. Halves of characters, which no database takes, go."""
    whole = (typed or "").encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\x00", "").strip() or None


def typed_line(typed: str | None) -> str:
    """The same on one line, runs of white space taken together; empty where nothing was typed."""
    return " ".join((typed_text(typed) or "").split())


def typed_reason(typed: str | None) -> str | None:
    """The same for a reason; None also where there is nothing to see in it."""
    text = typed_text(typed)
    return text if text is not None and says_something(text) else None


def says_something(text: str) -> bool:
    """Whether there is anything to see: a letter, digit, sign or emoji, not only space and zero-width characters."""
    return any(unicodedata.category(char)[0] in "LNPS" and char not in _INVISIBLE for char in text)
