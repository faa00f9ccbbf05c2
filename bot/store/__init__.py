"""Where the data is kept: tables, the one place that commits, and one query module per aggregate."""
