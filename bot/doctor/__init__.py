"""`okr-bot doctor`: looks at everything the bot needs, changes nothing, says what to do. Runs beside `okr-bot run`."""
