"""`python -m bot` is `okr-bot`."""

from bot.cli import main

main()
