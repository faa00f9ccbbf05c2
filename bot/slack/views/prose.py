"""The prose of messages: Jinja2 templates whose blocks are the parts of one message.

Printing a text that is not marked as `Mrkdwn` escapes it, so a forgotten filter pings nobody; an unknown name is an
error, not an empty place.
"""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.slack import text
from bot.slack.text import Mrkdwn


def _safe(value: Any) -> Any:
    return text.escape(value) if isinstance(value, str) else value


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Autoescape is for HTML; mrkdwn is made safe by `finalize`.
    environment = Environment(
        loader=PackageLoader("bot", "templates"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
        auto_reload=False,
    )
    environment.filters.update(
        {
            "escape": text.escape,
            "title": text.title,
            "name": text.name,
            "names": text.names,
            "paragraph": text.paragraph,
            "quoted": text.quoted,
            "day": text.day,
            "counted": text.counted,
        }
    )
    return environment


def prose(template: str, part: str, **values: Any) -> Mrkdwn:
    """One part (a Jinja2 block) of a message's template, its line ends trimmed."""
    loaded = _environment().get_template(f"{template}.j2")
    context = loaded.new_context(values)
    written = "".join(loaded.blocks[part](context))
    return Mrkdwn("\n".join(line.strip() for line in written.strip().splitlines() if line.strip()))
