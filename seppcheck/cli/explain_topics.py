"""What `seppcheck explain` prints besides manual pages: texts that are made to be redirected into a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from seppcheck.exchange.export_script import export_script

TOPICS: Mapping[str, Callable[[], str]] = {"exchange-export": export_script}
"""By their names on the command line."""
