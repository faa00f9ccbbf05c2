"""OKR Bot: the OKR rhythm of a company inside Slack."""
