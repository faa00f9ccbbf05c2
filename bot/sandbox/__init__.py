"""A Slack workspace on loopback: Web API, Socket Mode, Block Kit rules, a page to click in and a control API.

Nothing here imports the rest of the bot, and no table of limits is shared with it: the two must be able to disagree.
"""
