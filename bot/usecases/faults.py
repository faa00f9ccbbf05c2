"""What may be logged and kept of an error that nobody expected."""

from pathlib import Path
from traceback import extract_tb


def origin(error: BaseException) -> str:
    """Where an error was raised (`module.py:12`). Its text is left out: it may quote what people typed."""
    frames = extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"


def way_to(error: BaseException) -> list[str]:
    """The calls that led to an error, outermost first (`module.py:12 name`), without its text."""
    frames = extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
