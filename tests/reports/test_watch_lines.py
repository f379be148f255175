from __future__ import annotations

import pytest

from seppcheck.reports.watch_lines import write_entry
from tests.reports.hostile import LIVE_ON_A_TERMINAL, hostile_run
from tests.reports.nights import GO, ZURICH, Stream, calm_night, hostile_night, night_of


def test_a_change_is_a_line_that_begins_with_the_time() -> None:
    stream = Stream()
    for entry in calm_night().entries:
        write_entry(entry, stream, "en", ZURICH)
    lines = stream.written.splitlines()
    assert all(line.startswith("2026-11-24 08:0") for line in lines)
    assert "2026-11-24 08:04:00 UTC (09:04:00 +01:00)  [Cannot tell → Go] Go: move the MX now" in lines


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_every_encoding_and_hostile_text(encoding: str) -> None:
    for night in (hostile_night(), night_of(hostile_run(), GO)):
        stream = Stream(encoding)
        for entry in night.entries:
            write_entry(entry, stream, "en", ZURICH)
        assert not [live for live in LIVE_ON_A_TERMINAL if live in stream.written]
        assert r"\x1b" in stream.written
