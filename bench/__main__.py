"""Run every measurement and print one table."""

import logging
import sys

import structlog

from bench import acknowledgements, beats, screens
from bench.figures import table


def main() -> None:
    """Measure and print; about half a minute."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows = [*acknowledgements.rows(), *beats.rows(), *screens.rows()]
    sys.stdout.write(f"{table(rows)}\n")


if __name__ == "__main__":
    main()
