"""Outgoing messages that are not the direct answer to a click: each is sent once, or it is said why not."""
