"""Texts as people typed them, made fit to be kept."""


def typed_text(typed: str | None) -> str | None:
    """What was typed, or None where that is nothing but space. Halves of characters, which no database takes, go."""
    whole = (typed or "").encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\x00", "").strip() or None


def typed_line(typed: str | None) -> str:
    """The same on one line, runs of white space taken together; empty where nothing was typed."""
    return " ".join((typed_text(typed) or "").split())
