from __future__ import annotations

import re
from dataclasses import replace

import pytest

from seppcheck.model.outcomes import Outcome, Reason, Severity
from seppcheck.model.places import Places
from seppcheck.model.results import Failed, Inconclusive, Passed, Warned
from seppcheck.model.run import Run
from seppcheck.model.targets import Domain
from seppcheck.reports.annotations import to_annotations
from tests.reports.drifted import drifted_run
from tests.reports.hostile import LIVE_ON_A_TERMINAL, hostile_run
from tests.reports.runs import GATEWAY, mixed_run, result, run_of

PLACES = Places("seppcheck.toml", {("gateway", GATEWAY.name): 2, ("domain", "example.org"): 14})
COMMAND = re.compile(r"::(error|warning|notice) ([^:\n]*)::(.*)")


def unescaped(value: str) -> str:
    """What GitHub's runner makes of a value (actions/toolkit, core/src/command.ts, backwards)."""
    for escape, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        value = value.replace(escape, character)
    return value


def commands(run: Run, places: Places = PLACES) -> list[tuple[str, dict[str, str], str]]:
    found = []
    for line in to_annotations(run, places, str).splitlines():
        command = COMMAND.fullmatch(line)
        assert command, line
        properties = dict(pair.split("=", 1) for pair in command[2].split(","))
        found.append((command[1], {k: unescaped(v) for k, v in properties.items()}, unescaped(command[3])))
    return found


def test_each_result_that_needs_somebody_is_one_annotation_at_its_line() -> None:
    first, *_ = found = commands(mixed_run())
    assert first == (
        "error",
        {"file": "seppcheck.toml", "line": "2", "title": "dns-ptr"},
        (
            "secure.example.org: 2001:db8::25 resolves back to host-25.isp.example instead of secure.example.org\n"
            "expected: secure.example.org\nobserved: host-25.isp.example"
        ),
    )
    assert [(level, properties["title"]) for level, properties, _ in found] == [
        ("error", "dns-ptr"),
        ("error", "dns-mx-ttl"),
        ("warning", "gateway-mta"),
        ("warning", "smtp-banner"),
        ("warning", "dns-spf-gateway"),
        ("notice", "seppcheck"),
    ]


def test_what_could_not_be_looked_at_comes_before_what_is_a_warning_alone() -> None:
    messages = [message for level, _, message in commands(mixed_run()) if level == "warning"]
    assert messages[0].startswith("Could not look: ")
    assert messages[0].endswith("Name what is missing in seppcheck.toml and run again.")
    assert not messages[-1].startswith("Could not look: ")


def test_a_run_without_a_configuration_names_the_file_and_no_line() -> None:
    for level, properties, _ in commands(mixed_run(), Places()):
        assert "line" not in properties
        assert level == "notice" or properties["file"] == "seppcheck.toml"


def test_the_last_word_is_the_verdict() -> None:
    assert commands(run_of([result("dns-ptr", GATEWAY, Passed("it is well"))])) == [
        ("notice", {"title": "seppcheck"}, "Ready: 1 check passed.")
    ]


def test_what_github_does_not_show_is_counted() -> None:
    failed = [result("dns-mx", Domain(f"d{n}.example"), Failed("it is wrong")) for n in range(13)]
    warned = [result("dns-spf", Domain(f"d{n}.example"), Warned("it is odd")) for n in range(12)]
    unseen = [
        result("mta-sts", Domain(f"d{n}.example"), Inconclusive("silence", reason=Reason.TIMEOUT)) for n in range(2)
    ]
    *others, (_, _, last) = commands(run_of([*warned, *unseen, *failed]))
    assert [level for level, _, _ in others] == ["error"] * 13 + ["warning"] * 14
    assert "GitHub does not show 7 further annotations" in last


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.BLOCKER, "error"), (Severity.MEDIUM, "error"), (Severity.LOW, "warning")]
)
def test_a_failure_is_as_loud_as_it_is_severe(severity: Severity, level: str) -> None:
    assert commands(run_of([result("dns-ptr", GATEWAY, Failed("no"), severity=severity)]))[0][0] == level


def test_what_drifted_is_an_error_each() -> None:
    found = commands(drifted_run())
    assert [(level, properties["title"]) for level, properties, _ in found[:3]] == [("error", "drift")] * 3
    assert found[0][2].endswith("\nbefore: 0\nafter: 3")
    assert "Drift: 3 changes since the baseline of 2026-11-20 09:30 UTC." in found[-1][2]


def test_hostile_text_is_nothing_but_text() -> None:
    places = Places("a:b,c%0A::set-output name=x::y\n::add-mask::z\r.toml", {})
    written = to_annotations(hostile_run(), places, str)
    for live in (*LIVE_ON_A_TERMINAL, "\r", "\u2028", "\x85"):
        assert live not in written
    harmless = commands(replace(mixed_run(), drift=hostile_run().drift))
    assert len(commands(hostile_run(), places)) == len(harmless)


@pytest.mark.parametrize(
    "told",
    [
        "\n::set-output name=x::y",
        "\r\n::add-mask::secret",
        "%0A::stop-commands::x",
        "x\u2028::error::y",
        "x\x0b::error::y",
        "x\x85::error::y",
        "##[error]x",
        "100 % sure, really: yes",
    ],
)
def test_no_text_can_begin_a_command(told: str) -> None:
    run = run_of([result("dns-ptr", Domain(f"example.org{told}"), Failed("{text}", text=told, observed=told))])
    *_, (_, properties, message), _ = commands(run, Places(f"x{told}"))
    written = to_annotations(run, Places(f"x{told}"), str)
    assert all(line.startswith(("::error ", "::notice ")) for line in written.split("\n")[:-1])
    assert len(written.split("\n")) == 3
    assert message.startswith("example.org")
    assert set(properties) == {"file", "title"}
    assert {r.outcome for r in run.results} == {Outcome.FAILED}
