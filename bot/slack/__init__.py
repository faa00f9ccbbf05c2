"""Everything that speaks Slack's language: ids, texts, the grammar after `/okr`, views and listeners."""
