"""Reproducible measurements: `python -m bench`. Speed is judged by ratios within one run, never across machines."""
