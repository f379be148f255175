from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from seppcheck.model.outcomes import Outcome, Severity
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, Failed, Inconclusive, NotApplicable, Passed, Warned
from seppcheck.model.run import Run
from seppcheck.model.text import text
from seppcheck.reports.terminal import write_report
from seppcheck.reports.times import both
from seppcheck.reports.verdict import verdict_line
from tests.reports.drifted import drifted_run, entries
from tests.reports.hostile import LIVE_ON_A_TERMINAL, hostile_run
from tests.reports.runs import DOMAINS, GATEWAY, NOW, many_results, mixed_run, result, run_of


class Stream(io.TextIOWrapper):
    """A pipe, or a terminal, of some encoding."""

    def __init__(self, encoding: str = "utf-8", *, terminal: bool = False) -> None:
        self.bytes = io.BytesIO()
        self.terminal = terminal
        super().__init__(self.bytes, encoding=encoding, newline="\n")

    def isatty(self) -> bool:
        return self.terminal

    @property
    def written(self) -> str:
        self.flush()
        return self.bytes.getvalue().decode(self.encoding)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def shown(run: Run, stream: Stream | None = None, *, quiet: bool = False) -> str:
    stream = stream or Stream()
    write_report(run, stream, str, quiet=quiet)
    return stream.written


def test_the_answer_stands_first_and_then_what_is_wrong() -> None:
    lines = shown(mixed_run()).splitlines()
    assert lines[0].startswith("✘ Do not start: 1 blocker failed, 1 other check failed, 3 requirements could not")
    order = [line for line in lines if line and not line.startswith(" ")]
    heads = [line for line in order if line.split(" (")[0] in {"Failed", "Could not look", "Warned", "Passed"}]
    assert heads == ["Failed (2)", "Could not look (3)", "Warned (1)", "Passed (1)"]


def test_nothing_is_dropped() -> None:
    written = " ".join(shown(mixed_run()).split())
    for wanted in (
        "expected: secure.example.org",
        "observed: host-25.isp.example",
        "No answer in time.",
        "Not configured. Name what is missing",
        "not due: A1 A2 B1",
        "left out: P5",
        "no check here: I1 I2",
        "Port 25 may be closed",
        "mta-sts: no policy is planned",
        "(M. Muster) expired on 2026-10-01: it waives nothing any more",
        "waived until 2026-12-31 by Erika Mustermann",
    ):
        assert wanted in written


def test_quiet_is_the_answer_alone_on_one_line() -> None:
    written = shown(mixed_run(), quiet=True)
    assert written == verdict_line(mixed_run()) + "\n"


def test_a_pipe_gets_no_colour_and_a_terminal_does() -> None:
    assert "\x1b" not in shown(mixed_run())
    assert "\x1b[1;31m" in shown(mixed_run(), Stream(terminal=True))


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in shown(mixed_run(), Stream(terminal=True))
    assert "31m" not in shown(mixed_run(), Stream(terminal=True))


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
def test_signs_degrade_where_the_encoding_lacks_them(encoding: str) -> None:
    written = shown(hostile_run(), Stream(encoding))
    assert written.startswith("x Do not start")
    assert "? could not look" in written


@pytest.mark.parametrize("columns", ["20", "40", "60"])
def test_a_narrow_terminal_shows_everything(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    written = shown(mixed_run())
    assert max(len(line) for line in written.splitlines()) <= int(columns)
    joined = "".join(written.split())
    assert "2001:db8::25resolvesbacktohost-25.isp.example" in joined
    assert "there is no gateway record".replace(" ", "") in joined


@pytest.mark.parametrize("terminal", [True, False])
def test_hostile_text_is_seen_and_not_obeyed(terminal: bool) -> None:
    written = shown(hostile_run(), Stream(terminal=terminal))
    for live in LIVE_ON_A_TERMINAL:
        assert live not in written
    assert r"\x1b" in written
    assert r"\u202e" in written
    assert "[31m\\x1b" in written, "square brackets are no markup of rich's either"


def test_a_replay_says_so() -> None:
    assert "This is a replay of what was gathered at 2026-11-24 08:00 UTC." in shown(
        replace(mixed_run(), replay_of=NOW)
    )


def test_many_passes_are_counted_by_check() -> None:
    written = shown(run_of(many_results(30, 10)))
    assert "  check-number-3: " in written
    assert "every server of customer-0.example.org" not in written


ONE_UNSURE = "1 requirement could not be looked at"
PASS = result("dns-mx", DOMAINS[0], Passed("ok"), requirements=("C1",))
WARN = result("dns-spf", DOMAINS[0], Warned("hm"), severity=Severity.ADVICE)
FAIL = result("dns-ptr", GATEWAY, Failed("no"), requirements=("P1",))
BLOCK = result("dns-ptr", GATEWAY, Failed("no"), requirements=("P1",), severity=Severity.BLOCKER)
UNSURE = result("smtp-banner", GATEWAY, Inconclusive("?"), requirements=("P4",))
ADVICE = result("dane-tlsa", DOMAINS[0], Inconclusive("?"), severity=Severity.ADVICE)
NONE = result("dns-spf-ttl", DOMAINS[0], NotApplicable("none"), requirements=("P2",))


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        ((PASS,), "Ready: 1 check passed."),
        ((PASS, PASS, WARN), "Ready: 2 checks passed, 1 warned."),
        ((PASS, FAIL), "Do not start: 1 check failed."),
        ((BLOCK, BLOCK, FAIL, UNSURE), f"Do not start: 2 blockers failed, 1 other check failed, {ONE_UNSURE}."),
        ((PASS, UNSURE), f"Cannot tell whether you may start: {ONE_UNSURE}."),
        ((PASS, UNSURE, ADVICE), f"Cannot tell whether you may start: {ONE_UNSURE}, 1 check could not be concluded."),
        ((PASS, ADVICE), "Cannot tell whether you may start: 1 check could not be concluded."),
        ((NONE,), "Cannot tell whether you may start: nothing applied."),
        ((), "Cannot tell whether you may start: nothing was checked."),
    ],
)  # fmt: skip
def test_the_sentence_counts_what_decided(results: tuple[CheckResult, ...], sentence: str) -> None:
    assert verdict_line(run_of(results)) == sentence


@pytest.mark.parametrize(
    ("phase", "good", "bad"),
    [
        (Phase.CUTOVER, "Every step is in order", "Stop and mend first"),
        (Phase.VERIFICATION, "Finished", "Not finished"),
        (Phase.DRIFT, "Still in order", "No longer in order"),
    ],
)
def test_every_phase_has_its_own_answer(phase: Phase, good: str, bad: str) -> None:
    assert verdict_line(run_of((PASS,), phase=phase)).startswith(f"{good}: ")
    assert verdict_line(run_of((FAIL,), phase=phase)).startswith(f"{bad}: ")
    assert verdict_line(run_of((UNSURE,), phase=phase)).startswith("Cannot tell whether ")


def test_a_green_cutover_says_what_comes_next() -> None:
    run = run_of((PASS,), phase=Phase.CUTOVER, next=text("Go: move the MX now"))
    assert verdict_line(run).startswith("Go: move the MX now")
    assert verdict_line(replace(run, results=(FAIL,))).startswith("Stop")


def test_a_green_answer_tells_what_nothing_looks_at() -> None:
    assert verdict_line(run_of((PASS,), uncovered=("I1",))) == "Ready: 1 check passed, 1 requirement has no check here."
    assert verdict_line(run_of((PASS,), uncovered=("I1", "I2"))).endswith("2 requirements have no check here.")


def test_an_interrupted_run_says_so() -> None:
    assert "the run was interrupted" in verdict_line(run_of((PASS, UNSURE), interrupted=True))


def test_only_a_pass_is_ever_called_ready() -> None:
    for outcome, given in ((Outcome.FAILED, FAIL), (Outcome.INCONCLUSIVE, UNSURE), (Outcome.NOT_APPLICABLE, NONE)):
        assert given.outcome is outcome
        assert not verdict_line(run_of((given,))).startswith("Ready")


def test_times_stand_behind_the_answer_in_utc_and_by_the_clock_on_the_wall() -> None:
    gate = both(NOW + timedelta(hours=3))
    lines = shown(mixed_run()).splitlines()
    assert f"example.org: the MX record may move at {gate}" in lines[:8]
    assert any(line.startswith("  MX: low since") for line in lines[:10])


def test_of_many_domains_only_those_that_wait_are_told() -> None:
    over, waiting = mixed_run().moments[2], mixed_run().moments[0]
    told = shown(mixed_run(moments=(*[over] * 30, *[waiting] * 3)))
    assert told.count("the MX record may move at") == 3
    assert "gone since" not in told
    assert "30 more such times" in told


def test_what_changed_since_the_baseline_stands_behind_the_answer() -> None:
    lines = shown(drifted_run(), Stream()).splitlines()
    place = lines.index("What changed since the baseline (3)")
    assert [line.strip() for line in lines[place + 1 : place + 5]] == [
        "✘ changed transport-rules · example.onmicrosoft.com · SEPPmail inline · priority",
        "the rule SEPPmail inline stands behind others now",
        "before: 0",
        "after: 3",
    ]
    assert place < lines.index("Passed (1)")
    assert "What changed" not in shown(mixed_run())


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            {},
            "In order, but not as it was: 1 check passed. Drift: 3 changes since the baseline of 2026-11-20 09:30 UTC.",
        ),
        (
            {"drift": entries()[:1]},
            "In order, but not as it was: 1 check passed. Drift: 1 change since the baseline of 2026-11-20 09:30 UTC.",
        ),
        (
            {"drift": ()},
            "Still in order: 1 check passed. Drift: no change since the baseline of 2026-11-20 09:30 UTC.",
        ),
        (
            {"results": (FAIL,)},
            "No longer in order: 1 check failed. Drift: 3 changes since the baseline of 2026-11-20 09:30 UTC.",
        ),
        (
            {"results": (UNSURE,), "drift_since": None},
            "No longer in order: 1 check could not be concluded. Drift: 3 changes since the baseline.",
        ),
        ({"drift_since": None}, "In order, but not as it was: 1 check passed. Drift: 3 changes since the baseline."),
    ],
)
def test_the_answer_of_a_drift_run_counts_the_changes(more: dict[str, Any], sentence: str) -> None:
    assert verdict_line(replace(drifted_run(), **more)) == sentence


def test_very_many_changes_are_counted() -> None:
    written = shown(drifted_run(entries() * 100))
    assert written.count("before:") == 200
    assert "100 more such changes: see --json" in written
