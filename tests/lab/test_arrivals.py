"""The folder of samples shows the mails as they arrive now, and never touches what somebody put there."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seppcheck.lab import Lab, running
from seppcheck.lab.record_text import HOLD
from seppcheck.scenarios.appliances import UNSET_HELO
from seppcheck.scenarios.shape import GATEWAY
from seppcheck.scenarios.tenants import RULE
from seppcheck.scenarios.zones import MX_AT_GATEWAY, mx_at_microsoft
from tests.lab.record_editor import Entry, enter

HOLD_KEY = ('customers."kunde".extended_fields', HOLD)
PARALLEL, IN, OUT = "incoming-parallel.eml", "incoming.eml", "outgoing.eml"


def edit(lab: Lab, *entries: Entry) -> None:
    enter(lab.record, datetime.now(UTC), *entries)
    lab.catch_up()


def samples(lab: Lab) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (lab.folder / "samples").iterdir()}


def run(lab: Lab, cmdlet: str, **parameters: object) -> None:
    assert lab.exchange is not None
    lab.exchange.run(cmdlet, **parameters)
    lab.catch_up()


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [("parallel", {PARALLEL}), ("inline", {IN, OUT}), ("forgotten-hold", set()), ("half-migrated", {PARALLEL, OUT})],
)
def test_while_nothing_changes_the_samples_are_those_of_the_scenario(
    scenario: str, expected: set[str], tmp_path: Path
) -> None:
    with running(scenario, tmp_path / "lab") as lab:
        before = samples(lab) if expected else {}
        lab.catch_up()
        assert before.keys() == expected
        assert not expected or samples(lab) == before


def test_a_helo_that_is_entered_is_in_the_next_mail_without_anybody_asking_for_it(tmp_path: Path) -> None:
    with running("parallel", tmp_path / "lab") as lab:
        assert f"from {UNSET_HELO} " in samples(lab)[PARALLEL]
        enter(lab.record, datetime.now(UTC), ("mail_system", "smtp_helo", f'"{GATEWAY}"'))
        deadline = time.monotonic() + 10
        while f"from {GATEWAY} (127.0.0.1)" not in samples(lab)[PARALLEL]:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_while_mail_is_held_nothing_new_arrives_and_then_what_arrives_comes_the_new_way(tmp_path: Path) -> None:
    with running("cutover", tmp_path / "lab") as lab:
        before = samples(lab)
        lab.names.replace("kunde.test", "MX", MX_AT_GATEWAY)
        edit(lab, ("mail_system", "smtp_helo", '"mail.example.test"'))
        assert samples(lab) == before
        edit(lab, (*HOLD_KEY, '"false"'))
        found = samples(lab)
        assert found.keys() == {IN, OUT}
        assert all("Received: from mail.example.test (" in mail for mail in found.values())


def test_a_hold_of_the_neighbours_holds_nobody_elses_mail(own_lab: Lab) -> None:
    edit(own_lab, ('customers."nachbar".extended_fields', HOLD, '"true"'), ("mail_system", "smtp_helo", '"new.test"'))
    assert "from new.test " in samples(own_lab)[PARALLEL]


def test_the_time_of_arrival_is_that_of_the_lab_and_of_the_last_edit(tmp_path: Path) -> None:
    now = [datetime(2031, 5, 1, 12, tzinfo=UTC)]
    with running("ready", tmp_path / "lab", clock=lambda: now[0]) as lab:
        assert "Thu, 01 May 2031 12:00:00 +0000" in samples(lab)[PARALLEL]
        now[0] += timedelta(hours=1)
        lab.catch_up()
        assert "12:00:00" in samples(lab)[PARALLEL]
        enter(lab.record, now[0], (*HOLD_KEY, '"false"'))
        lab.catch_up()
        assert "Thu, 01 May 2031 13:00:00 +0000" in samples(lab)[PARALLEL]


def test_mail_that_goes_past_the_gateway_is_not_seen(tmp_path: Path) -> None:
    with running("inline", tmp_path / "lab") as lab:
        run(lab, "Disable-TransportRule", Identity=RULE)
        assert samples(lab).keys() == {IN}
        lab.names.replace("kunde.test", "MX", mx_at_microsoft("kunde.test"))
        lab.catch_up()
        assert samples(lab).keys() == set()
        run(lab, "Enable-TransportRule", Identity=RULE)
        assert samples(lab).keys() == {OUT}


def test_a_smarthost_that_was_left_shows_in_the_outgoing_mail_alone(tmp_path: Path) -> None:
    with running("inline", tmp_path / "lab") as lab:
        assert "X-SM-smarthost" not in samples(lab)[OUT]
        edit(lab, ('domains."kunde.test"', "smarthost", '"relay.test"'))
        assert "X-SM-smarthost: [relay.test]\n" in samples(lab)[OUT]
        assert "X-SM-smarthost" not in samples(lab)[IN]


def test_files_that_somebody_else_wrote_or_wrote_over_are_not_touched(tmp_path: Path) -> None:
    with running("ready", tmp_path / "lab") as lab:
        folder = lab.folder / "samples"
        for name in ("mine.eml", OUT, PARALLEL):
            (folder / name).write_text("mine", encoding="utf-8")
        edit(lab, ("mail_system", "smtp_helo", '"new.test"'))
        assert samples(lab) == dict.fromkeys(("mine.eml", OUT, PARALLEL), "mine")
        lab.names.replace("kunde.test", "MX", MX_AT_GATEWAY)
        lab.catch_up()
        assert set(samples(lab)) == {"mine.eml", OUT, PARALLEL, IN}
        assert samples(lab)[PARALLEL] == "mine"


def test_a_folder_that_somebody_removed_stays_removed_and_the_lab_goes_on(own_lab: Lab) -> None:
    shutil.rmtree(own_lab.folder / "samples")
    edit(own_lab, ("mail_system", "smtp_helo", '"new.test"'))
    assert not (own_lab.folder / "samples").exists()
