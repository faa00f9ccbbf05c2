"""The rules of OKRs, pure: no clock, no database, no Slack. Time is always an argument."""
