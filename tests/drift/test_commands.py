"""`baseline accept` and `drift` as an administrator calls them: what they say, and the exit codes."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seppcheck.clock import utc_now
from seppcheck.lab.gateway_api import BIND_PASSWORD
from seppcheck.lab.signatures import secret_text
from seppcheck.model.outcomes import Outcome
from seppcheck.model.run import Verdict
from seppcheck.scenarios.shape import TENANT
from tests.drift.finished_lab import DOMAIN, GATEWAY, INBOUND, OUTBOUND, RULE, Finished, named, sentences

PLUGIN = '''
from dataclasses import dataclass
from seppcheck.api import Evidence, Gateway, Passed, Result, Session, Severity, check, evidence, source

@evidence("rota", target=Gateway)
@dataclass(frozen=True, slots=True)
class Rota(Evidence):
    people: tuple[str, ...]
    read: int
    volatile = ("read",)

@source("rota")
def rota(gateway: Gateway, session: Session) -> Rota:
    lines = session.settings.path("rota.txt").read_text(encoding="utf-8").split()
    return Rota(tuple(lines[1:]), int(lines[0]))

@check("rota", severity=Severity.LOW, phases=["verification", "drift"])
def rota_is_read(gateway: Gateway, found: Rota) -> Result:
    """There is a rota."""
    return Passed("there is")
'''


def told(capfd: pytest.CaptureFixture[str]) -> str:
    out, err = capfd.readouterr()
    return out + err


@pytest.fixture
def without_baseline(finished: Finished) -> Finished:
    finished.baseline.unlink()
    return finished


def test_without_a_baseline_drift_says_how_to_accept_one(
    without_baseline: Finished, capfd: pytest.CaptureFixture[str]
) -> None:
    assert without_baseline.command("drift") == 2
    assert "there is no baseline" in (said := told(capfd))
    assert "`seppcheck baseline accept`" in said


def test_what_was_accepted_is_no_drift(without_baseline: Finished, capfd: pytest.CaptureFixture[str]) -> None:
    assert without_baseline.command("baseline", "accept") == 0
    assert "review it and commit it" in told(capfd)
    assert without_baseline.command("drift", "--quiet") == 0


def test_accepting_the_same_again_changes_no_byte(finished: Finished, capfd: pytest.CaptureFixture[str]) -> None:
    before = finished.baseline.read_bytes()
    assert finished.accept() == 0
    assert "is unchanged" in told(capfd)
    assert finished.baseline.read_bytes() == before


def test_a_change_ends_with_1_until_it_is_accepted(finished: Finished, capfd: pytest.CaptureFixture[str]) -> None:
    finished.run("Set-HostedConnectionFilterPolicy", Identity="Default", IPAllowList=["192.0.2.1"])
    assert finished.command("drift", "--quiet") == 1
    capfd.readouterr()
    assert finished.command("baseline", "accept") == 0
    assert "connection filter policy Default: IPAllowList was not set, and is 192.0.2.1" in told(capfd)
    assert finished.command("drift", "--quiet") == 0


def test_a_failed_check_is_accepted_and_goes_on_failing(finished: Finished, capfd: pytest.CaptureFixture[str]) -> None:
    finished.run("Set-OutboundConnector", Identity=OUTBOUND, TlsSettings="EncryptionOnly", TlsDomain=None)
    assert finished.command("baseline", "accept") == 0
    assert "Accepted although it failed; it will fail in drift too" in told(capfd)
    run = finished.drift()
    assert (run.drift, run.verdict) == ((), Verdict.FAILED)
    assert any(
        "failed already when the baseline was accepted: outbound-connector-tls of" in str(note) for note in run.notes
    )


def test_what_could_not_be_looked_at_is_not_accepted_unless_asked_for(
    without_baseline: Finished, capfd: pytest.CaptureFixture[str]
) -> None:
    lab = without_baseline
    lab.edit(("mail_processing", "ruleset_type", '"Generator"'))
    record = lab.lab.record.read_text(encoding="utf-8")
    lab.lab.record.write_text(record.replace("groups_override_hold = false\n", ""), encoding="utf-8", newline="\n")
    assert lab.command("baseline", "accept") == 3
    said = told(capfd)
    assert "not accepted: 2 things could not be looked at" in said
    assert f"delivery-hold for {DOMAIN}: nobody wrote down whether a mailprocessing group" in said
    assert "--partial" in said
    assert not lab.baseline.exists()
    assert lab.command("baseline", "accept", "--partial") == 0
    assert "so the baseline does not hold it" in told(capfd)
    assert json.loads(lab.baseline.read_text(encoding="utf-8"))["partial"] is True


def test_what_a_partial_baseline_lacks_is_named_and_not_new(finished: Finished) -> None:
    content = json.loads(finished.baseline.read_text(encoding="utf-8"))
    content["partial"] = True
    del content["evidence"]["smtp-certificate"]
    del content["evidence"]["delivery-hold"][DOMAIN][DOMAIN]["groups_override"]
    finished.baseline.write_text(json.dumps(content), encoding="utf-8")
    run = finished.drift()
    assert (sentences(run), run.verdict) == ([], Verdict.PASSED)
    (note,) = [str(note) for note in run.notes if "does not hold" in str(note)]
    assert f"smtp-certificate of {GATEWAY}" in note
    assert f"groups_override of delivery hold of {DOMAIN}" in note


def test_with_only_some_checks_only_what_they_looked_at_is_compared(finished: Finished) -> None:
    finished.run("Disable-TransportRule", Identity=RULE)
    run = finished.drift(only=("dns-mx",))
    assert (sentences(run), run.verdict) == ([], Verdict.PASSED)
    (note,) = [str(note) for note in run.notes if "selected checks" in str(note)]
    assert "transport-rules" in note
    assert named(finished.drift(only=("rule-order", "transport-rule"))) == {
        ("transport-rules", RULE, "changed", "State")
    }


def test_a_part_can_be_accepted_and_the_rest_stays(finished: Finished, capfd: pytest.CaptureFixture[str]) -> None:
    finished.run("Set-HostedConnectionFilterPolicy", Identity="Default", IPAllowList=["192.0.2.1"])
    finished.listed("RemoteDomain", IsInternal=True)
    before = json.loads(finished.baseline.read_text(encoding="utf-8"))
    assert finished.command("baseline", "accept", "--only", "remote-domains") == 0
    assert "what was accepted before stays" in told(capfd)
    after = json.loads(finished.baseline.read_text(encoding="utf-8"))
    assert [after[key] == before[key] for key in ("requirements", "past")] == [True, True]
    assert {check for check in after["checks"] if after["checks"][check] != before["checks"][check]} == {
        f"remote-domains {TENANT}"
    }
    assert named(finished.drift()) == {("connection-filter-policies", "Default", "changed", "IPAllowList")}


@pytest.mark.parametrize("option", ["--json", "--html", "--junit", "--save-evidence"])
def test_a_report_is_not_written_over_the_baseline(option: str, finished: Finished) -> None:
    before = finished.baseline.read_bytes()
    assert finished.command("drift", option, str(finished.baseline)) == 2
    assert finished.baseline.read_bytes() == before


def about_others(finished: Finished, **changes: object) -> None:
    content = json.loads(finished.baseline.read_text(encoding="utf-8"))
    finished.baseline.write_text(json.dumps({**content, **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"gateway": "other.test"}, "is the baseline of other.test, and the configuration is about"),
        ({"tenant": "other.onmicrosoft.com"}, "is the baseline of other.onmicrosoft.com"),
        ({"domains": ["other.test"]}, "is the baseline of the domains other.test"),
        ({"schema_version": 2}, "schema_version is 2"),
        ({"evidence": []}, "evidence: Input should be"),
    ],
)
def test_another_baseline_is_refused(
    changes: dict[str, Any], words: str, finished: Finished, capfd: pytest.CaptureFixture[str]
) -> None:
    about_others(finished, **changes)
    assert finished.command("drift") == 2
    assert words in (said := told(capfd))
    assert str(finished.baseline) in said


def test_a_baseline_of_another_gateway_is_not_written_over(
    finished: Finished, capfd: pytest.CaptureFixture[str]
) -> None:
    about_others(finished, gateway="other.test")
    before = finished.baseline.read_bytes()
    assert finished.command("baseline", "accept") == 2
    assert "move that file away" in told(capfd)
    assert finished.baseline.read_bytes() == before


def test_a_baseline_of_other_domains_can_be_accepted_anew(finished: Finished) -> None:
    about_others(finished, domains=[DOMAIN])
    assert finished.accept() == 0
    assert finished.drift().verdict is Verdict.PASSED


def test_the_configuration_is_not_written_over(finished: Finished) -> None:
    settings = finished.lab.settings.read_bytes()
    assert finished.command("baseline", "accept", "--baseline", str(finished.lab.settings)) == 2
    assert finished.lab.settings.read_bytes() == settings


@pytest.fixture
def bundle(finished: Finished, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.json"
    assert finished.command("drift", "--quiet", "--save-evidence", str(path)) == 0
    return path


def edited(bundle: Path, kind: str, **changes: object) -> Path:
    content = json.loads(bundle.read_text(encoding="utf-8"))
    (entry,) = [entry for entry in content["evidence"] if entry["kind"] == kind]
    entry.update(changes)
    if "unavailable" in changes:
        del entry["data"]
    bundle.write_text(json.dumps(content), encoding="utf-8")
    return bundle


GONE = {"reason": "timeout", "detail": {"template": "silence", "parameters": []}}


def test_what_no_check_insists_on_is_missed_when_it_cannot_be_looked_at(finished: Finished, bundle: Path) -> None:
    edited(bundle, "arc-config", unavailable=GONE)
    run = finished.drift(evidence=(bundle,), config=None)
    assert (sentences(run), run.verdict) == ([], Verdict.INCONCLUSIVE)
    (result,) = [result for result in run.results if result.outcome is Outcome.INCONCLUSIVE]
    assert (result.check, str(result.reason)) == ("baseline", "timeout")
    assert "the baseline holds arc-config of" in str(result.summary)
    assert run.counts["planned"] == len(run.results)


def test_what_a_check_says_it_could_not_look_at_is_not_told_twice(finished: Finished, bundle: Path) -> None:
    edited(bundle, "organization-config", unavailable=GONE)
    run = finished.drift(evidence=(bundle,), config=None)
    assert [r.check for r in run.results if r.outcome is Outcome.INCONCLUSIVE] == ["direct-send"]
    assert (run.drift, run.verdict) == ((), Verdict.INCONCLUSIVE)


def test_a_replay_is_held_against_the_baseline_that_is_given(
    finished: Finished, bundle: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    replay = ("--evidence", str(bundle), "--baseline", str(finished.baseline), "--quiet")
    assert finished.replay("drift", *replay) == 0
    content = json.loads(finished.baseline.read_text(encoding="utf-8"))
    (target,) = content["evidence"]["firmware"].values()
    target[GATEWAY]["version"] = "14.0.0"
    finished.baseline.write_text(json.dumps(content), encoding="utf-8")
    assert finished.replay("drift", *replay) == 1
    assert finished.replay("drift", "--evidence", str(bundle), "--baseline", str(bundle)) == 2
    assert "is no baseline of seppcheck" in told(capfd)


def test_a_bundle_can_be_accepted(finished: Finished, bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "accepted.json"
    assert finished.replay("baseline", "accept", "--evidence", str(bundle), "--baseline", str(path)) == 0
    assert finished.replay("drift", "--evidence", str(bundle), "--baseline", str(path), "--quiet") == 0


def test_evidence_that_has_grown_too_old_is_not_compared(finished: Finished, bundle: Path) -> None:
    def tomorrow() -> datetime:
        return utc_now() + timedelta(hours=30)

    run = finished.drift(evidence=(bundle,), clock=tomorrow, only=("direct-send",))
    assert run.verdict is not Verdict.FAILED


def test_a_run_is_recorded_in_the_history(finished: Finished) -> None:
    finished.run("Disable-TransportRule", Identity=RULE)
    assert finished.command("drift", "--quiet") == 1
    newest = max((finished.lab.folder / ".seppcheck" / "history").glob("*.json"))
    found = json.loads(newest.read_text(encoding="utf-8"))
    assert (found["phase"], found["verdict"]) == ("drift", "failed")


def test_to_accept_is_no_run_of_drift_that_the_history_remembers(finished: Finished) -> None:
    history = finished.lab.folder / ".seppcheck" / "history"
    before = set(history.iterdir())
    assert finished.accept() == 0
    assert set(history.iterdir()) == before


def test_what_the_configuration_skips_is_not_compared(finished: Finished) -> None:
    settings = finished.lab.settings.read_text(encoding="utf-8")
    skip = '[run]\nskip = [{ check = "direct-send", reason = "on purpose" }]'
    finished.lab.settings.write_text(f"{settings}\n{skip}\n", encoding="utf-8")
    try:
        finished.listed("OrganizationConfig", RejectDirectSend=False)
        run = finished.drift()
        assert (run.drift, run.verdict) == ((), Verdict.PASSED)
        assert any("left out: organization-config" in str(note) for note in run.notes)
        assert finished.accept() == 0
        assert "organization-config" not in finished.baseline.read_text(encoding="utf-8")
    finally:
        finished.lab.settings.write_text(settings, encoding="utf-8")


def test_without_the_history_the_baseline_says_how_fresh_the_hold_must_be(
    finished: Finished, capfd: pytest.CaptureFixture[str]
) -> None:
    """A CI runner without a cache: an attestation from before the move must not count."""
    history = finished.lab.folder / ".seppcheck" / "history"
    moved = {path: path.read_bytes() for path in history.glob("*.json")}
    for path in moved:
        path.unlink()
    try:
        content = json.loads(finished.baseline.read_text(encoding="utf-8"))
        later = (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert finished.drift(only=("delivery-hold",)).verdict is Verdict.PASSED
        content["past"][DOMAIN]["new_mx"]["at"] = later
        finished.baseline.write_text(json.dumps(content), encoding="utf-8")
        run = finished.drift(only=("delivery-hold",))
        assert {r.target.name for r in run.results if r.outcome is Outcome.INCONCLUSIVE} == {DOMAIN}
        assert "which must be after" in str(run.results[0].summary)
        assert finished.command("verification", "--quiet", "--only", "delivery-hold") == 3
        about_others(finished, gateway="other.test")
        capfd.readouterr()
        assert finished.command("verification", "--only", "delivery-hold") == 0
        assert "is the baseline of another gateway or tenant" in " ".join(told(capfd).split())
        finished.baseline.write_text("{", encoding="utf-8")
        assert finished.command("verification", "--quiet", "--only", "delivery-hold") == 2
    finally:
        for path, kept in moved.items():
            path.write_bytes(kept)


def test_evidence_of_a_plugin_is_compared_too(finished: Finished, tmp_path: Path) -> None:
    (tmp_path / "rota.py").write_text(PLUGIN, encoding="utf-8")
    rota = finished.lab.folder / "rota.txt"
    rota.write_text("1 Lena Nora", encoding="utf-8")
    assert finished.command("baseline", "accept", "--plugins", str(tmp_path), "--quiet") == 0
    rota.write_text("2 Nora Lena", encoding="utf-8")
    assert finished.drift(plugins=(tmp_path,)).drift == ()
    rota.write_text("3 Nora", encoding="utf-8")
    run = finished.drift(plugins=(tmp_path,))
    assert sentences(run) == [f"rota of {GATEWAY}: people has lost Lena"]
    without = finished.drift()
    assert (without.drift, without.verdict) == ((), Verdict.INCONCLUSIVE)
    assert "is a plugin missing?" in str(without.results[-1].summary)


def test_a_skipped_check_does_not_hide_that_a_plugin_is_missing(finished: Finished, tmp_path: Path) -> None:
    (tmp_path / "rota.py").write_text(PLUGIN, encoding="utf-8")
    (finished.lab.folder / "rota.txt").write_text("1 Lena", encoding="utf-8")
    assert finished.command("baseline", "accept", "--plugins", str(tmp_path), "--quiet") == 0
    for chosen in ({"skip": ("direct-send",)}, {"only": ("dns-mx",)}, {"domains": (DOMAIN,)}):
        run = finished.drift(**chosen)
        assert (run.drift, run.verdict) == ((), Verdict.INCONCLUSIVE), chosen
        assert "is a plugin missing?" in str(run.results[-1].summary)
        with_plugin = finished.drift(plugins=(tmp_path,), **chosen)
        assert (with_plugin.drift, with_plugin.verdict) == ((), Verdict.PASSED), chosen


def test_what_is_accepted_of_one_domain_claims_no_other(finished: Finished, capfd: pytest.CaptureFixture[str]) -> None:
    about_others(finished, domains=[])
    assert finished.command("baseline", "accept", DOMAIN, "--quiet") == 0
    assert json.loads(finished.baseline.read_text(encoding="utf-8"))["domains"] == [DOMAIN]
    assert finished.command("drift") == 2
    assert "is the baseline of the domains" in told(capfd)


def test_no_secret_of_the_lab_is_in_the_baseline(finished: Finished) -> None:
    lab = finished.lab
    assert lab.api is not None
    assert lab.exchange is not None
    private = [line for key in lab.api.keys.values() for line in key.private_pem.splitlines()[10:-1]]
    known = [BIND_PASSWORD, lab.api.token, lab.api.secret, lab.exchange.app.secret, secret_text(lab.updates.key)]
    content = finished.baseline.read_text(encoding="utf-8")
    assert DOMAIN in content
    assert not [secret for secret in (*known, "PRIVATE KEY", *private) if secret in content]


def test_drift_in_a_git_repository_shows_just_what_changed(
    without_baseline: Finished, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The committed baseline is what drift compares with, and accepting a change is a diff to be reviewed."""
    lab = without_baseline

    def git(*words: str) -> str:
        author = ("-c", "user.name=Admin", "-c", "user.email=admin@kunde.test", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", "-C", str(lab.lab.folder), f"--git-dir={tmp_path / 'git'}", "--work-tree=.", *author, *words],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=30,
        )
        return done.stdout

    git("init", "--quiet", "--initial-branch=main")
    assert lab.accept() == 0
    git("add", "seppcheck.toml", "seppcheck-baseline.json")
    git("commit", "--quiet", "--message", "Accept the finished migration")
    assert lab.command("drift", "--quiet") == 0
    lab.run("Set-InboundConnector", Identity=INBOUND, EFSkipIPs=["192.0.2.9"])
    lab.extra_rule("Tickets", Priority=0)
    assert lab.command("drift", "--quiet") == 1
    assert git("status", "--porcelain", "--untracked-files=no") == ""
    assert lab.accept() == 0
    changed = [
        line for line in git("diff", "--unified=0").splitlines() if line[0] in "+-" and line[:3] not in ("---", "+++")
    ]
    assert_just(changed)
    git("commit", "--all", "--quiet", "--message", "Accept the ticket rule")
    assert lab.command("drift", "--quiet") == 0
    capfd.readouterr()


def assert_just(changed: list[str]) -> None:
    """See that a diff holds the new property, the new rule, its place and its warning; the date may be the same."""
    changed = [line for line in changed if '"accepted_at"' not in line]
    gone = [line[1:].strip() for line in changed if line[0] == "-"]
    came = [line[1:].strip().rstrip(",") for line in changed if line[0] == "+"]
    assert [line.partition(":")[0] for line in gone] == [
        f'"enhanced-filtering {TENANT}"',
        '"EFSkipIPs"',
    ]
    assert '"EFSkipIPs": ["192.0.2.9"]' in came
    assert '"Tickets": {' in came
    assert any(line.startswith('"SubjectContainsWords": ') for line in came)
    assert '"Tickets"' in came
