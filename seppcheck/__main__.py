"""`python -m seppcheck`."""

from seppcheck.cli import run

run()
