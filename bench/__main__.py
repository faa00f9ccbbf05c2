"""Run every measurement and print one table; `python -m bench import`, `sandbox` and `sandbox-fuzz` run alone."""

import logging
import sys

import structlog

from bench import acknowledgements, beats, imports, sandbox_fuzz, sandbox_load, screens
from bench.figures import table

ALONE = {"import": imports.main, "sandbox": sandbox_load.main, "sandbox-fuzz": sandbox_fuzz.main}
"""What takes longer and is run by name; each takes its own arguments and gives an exit code."""


def main() -> None:
    """Measure and print; about half a minute."""
    if sys.argv[1:]:
        if sys.argv[1] not in ALONE:
            sys.stderr.write(f"There is no measurement “{sys.argv[1]}”; there are {', '.join(ALONE)}.\n")
            raise SystemExit(2)
        raise SystemExit(ALONE[sys.argv[1]](sys.argv[2:]))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows = [*acknowledgements.rows(), *beats.rows(), *screens.rows()]
    sys.stdout.write(f"{table(rows)}\n")


if __name__ == "__main__":
    main()
