"""What a beat makes: the batches, in their order. The beat calls them for the real world, a rehearsal for a copy."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.usecases.cycles import plan_next_quarter
from bot.usecases.prompting import make_prompts, make_reminders
from bot.usecases.rounds import TickCommand, close_rounds, open_rounds

Batch = Callable[[Any, TickCommand, datetime], int]

BATCHES: tuple[Batch, ...] = (plan_next_quarter, open_rounds, make_prompts, make_reminders, close_rounds)
"""What is made on a beat, in this order; each answers how many rows it handled, 0 when nothing is left."""
MOST_BATCHES = 1000
"""A batch that never ends is a fault of ours; the beat must not hang on it."""
