"""`seppcheck guide`: what it says first in each scenario, that it changes and records nothing, and its options."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from seppcheck.lab import Lab
from seppcheck.lab.folder import HISTORY
from tests.cli.conftest import Call
from tests.lab.walking import Walk, walking

ASKED = ("guide", "--next", "--no-progress", "--lang", "en")


def document(call: Call, *options: str, clock: Any = None) -> Any:
    keywords = {"clock": clock} if clock else {}
    answer = call("guide", "--no-progress", "--json", "-", "--lang", "en", *options, **keywords)
    assert answer.code == 0, answer.err
    return answer.json


@pytest.mark.parametrize(
    ("scenario", "phase", "command", "open_numbers"),
    [
        ("broken", "preparation", "seppcheck plan readiness --out readiness.json", {"P1", "P4", "P8"}),
        ("cutover", "cutover", "seppcheck plan cutover --out cutover.json", {"C1", "I2", "B1", "B2"}),
        ("half-migrated", "cutover", "seppcheck plan cutover --out cutover.json", {"C1", "A1", "K1"}),
        ("forgotten-hold", "completion", "seppcheck plan completion --out completion.json", {"D1"}),
        ("inline", "finished", "", set()),
    ],
)
def test_it_says_the_right_first_thing(
    scenario: str,
    phase: str,
    command: str,
    open_numbers: set[str],
    tmp_path: Path,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with walking(scenario, tmp_path) as walk:
        monkeypatch.chdir(walk.lab.folder)
        found = document(call, clock=walk.clock)
    assert found["phase"] == phase
    assert " ".join(found["next"]["command"] or []) == command
    states = {step["number"]: step["state"] for step in found["steps"]}
    assert {number for number in open_numbers if states[number] in ("done", "not-needed")} == set()
    if phase == "finished":
        assert set(states.values()) == {"done", "not-needed", "noted"}


@pytest.mark.usefixtures("folder")
def test_when_everything_is_prepared_the_night_comes_next(call: Call) -> None:
    found = document(call)
    assert (found["phase"], found["next"]["command"]) == (
        "ready",
        ["seppcheck", "plan", "cutover", "--out", "cutover.json"],
    )
    assert call(*ASKED).out.splitlines()[-3] == "seppcheck plan cutover --out cutover.json"


def test_it_records_and_writes_nothing(call: Call, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert call("guide", "--no-progress").code == 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert (folder / HISTORY).is_dir()


@pytest.mark.usefixtures("folder")
def test_the_guide_is_printed_whole_with_the_readers_names(call: Call) -> None:
    written = " ".join(call("guide", "--no-progress", "--lang", "en").out.split())
    assert "Point the MX record of kunde.test, praxis.test at secure.secmail365.test. [blocked]" in written
    assert "Customers > kunde > Extended Fields > disable_delivery" in written
    assert "attested: gateway-record.toml, Lena Labor" in written
    assert "the guide: Abschluss der Arbeiten" in written


@pytest.mark.usefixtures("folder")
def test_in_german_it_speaks_with_the_guides_own_headings(call: Call) -> None:
    written = call("guide", "--no-progress", "--lang", "de").out
    for heading in ("Vorarbeiten", "Abschluss der Arbeiten", "Mögliche Probleme, Hinweis zu DKIM"):
        assert f"\n{heading}\n" in written


@pytest.mark.usefixtures("folder")
def test_what_is_left_out_is_never_done(call: Call) -> None:
    found = document(call, "--skip", "smtp-*")
    states = {step["number"]: step for step in found["steps"]}
    assert {states[number]["state"] for number in ("P4", "P5")} == {"unseen"}
    assert "--skip smtp-*" in states["P4"]["detail"]


@pytest.mark.usefixtures("folder")
def test_in_one_line(call: Call) -> None:
    (line,) = call("guide", "--quiet", "--lang", "en").out.splitlines()
    assert line.startswith("Ready: the night may begin. Next: Plan the night")


def test_a_replay_says_that_it_is_one_and_looks_for_no_plans(call: Call, folder: Path) -> None:
    assert call("collect", "--out", "bundle.json", "--no-progress").code in (0, 3)
    plan = call("plan", "cutover", "--no-progress", "--out", "cutover.json")
    assert plan.code == 0, plan.err
    found = document(call, "--evidence", "bundle.json")
    assert found["replay_of"]
    assert found["next"]["command"][:3] == ["seppcheck", "plan", "cutover"]
    assert document(call)["next"]["command"] == ["seppcheck", "apply", "cutover.json"]
    assert (folder / "cutover.json").is_file()


@pytest.mark.usefixtures("folder")
def test_a_damaged_journal_is_told_and_nothing_is_written_over(call: Call, folder: Path) -> None:
    (folder / "cutover.json").write_text("{}", encoding="utf-8")
    (folder / "cutover.json.journal.jsonl").write_text('{"a": 1}\n{"b": 2}\n', encoding="utf-8")
    answer = call("guide", "--no-progress", "--lang", "en")
    assert answer.code == 0
    assert "cutover.json.journal.jsonl" in answer.out
    assert document(call)["next"]["command"][-1] == "cutover-2.json"


@pytest.mark.usefixtures("folder")
def test_files_that_are_no_plans_are_passed_over(call: Call, folder: Path) -> None:
    for name, content in enumerate(["[]", "{}", '"x"', "NaN", "{", "", '{"schema_version": 1, "phase": 7}', "\udcff"]):
        (folder / f"{name}.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    (folder / "folder.json").mkdir()
    assert document(call)["next"]["command"] == ["seppcheck", "plan", "cutover", "--out", "cutover.json"]


@pytest.mark.parametrize("name", ["cutover.json", "cutover.json.journal.jsonl"])
def test_no_plan_and_no_journal_is_written_over(name: str, call: Call, folder: Path) -> None:
    assert call("plan", "cutover", "--no-progress", "--out", "cutover.json").code == 0
    (folder / "cutover.json.journal.jsonl").write_text("", encoding="utf-8")
    before = (folder / name).read_bytes()
    answer = call("guide", "--no-progress", "--lang", "en", "--json", name)
    assert (answer.code, (folder / name).read_bytes()) == (2, before)
    assert name in answer.err


@pytest.mark.usefixtures("folder")
def test_a_checklist_is_written_over_its_predecessor(call: Call) -> None:
    assert [call("guide", "--no-progress", "--quiet", "--json", "guide.json").code for _ in range(2)] == [0, 0]


def test_what_is_shown_may_be_narrowed_and_how_far_it_is_speaks_for_the_whole_site(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walking("inline", tmp_path) as walk:
        monkeypatch.chdir(walk.lab.folder)
        refuse_the_mail_of("praxis.test", walk)
        for narrowing in (["kunde.test"], ["--skip", "delivery-hold"], ["kunde.test", "--only", "dns-mx"]):
            found = document(call, *narrowing, clock=walk.clock)
            assert found["phase"] == "completion"
            assert found["next"]["command"] == ["seppcheck", "plan", "completion", "--out", "completion.json"]
            assert "Finished" not in call("guide", "--lang", "en", "--no-progress", *narrowing, clock=walk.clock).out


@pytest.mark.parametrize(
    ("aside", "title"),
    [
        (
            '[[waivers]]\ncheck = "delivery-hold"\nreason = "later"\nowner = "Lena"\nuntil = 2099-01-01\n',
            "Everything has moved, and the mail of praxis.test is still refused: release it",
        ),
        (  # the plan releases mail whatever is left out
            '[[run.skip]]\ncheck = "delivery-hold"\nreason = "later"\n',
            "Plan the completion: mail is released, proven, and what was kept is removed",
        ),
    ],
)
def test_mail_that_is_refused_comes_first_although_somebody_put_its_check_aside(
    aside: str, title: str, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walking("inline", tmp_path) as walk:
        monkeypatch.chdir(walk.lab.folder)
        refuse_the_mail_of("praxis.test", walk)
        with walk.lab.settings.open("a", encoding="utf-8") as file:
            file.write(f"\n{aside}")
        found = document(call, clock=walk.clock)
    assert (found["phase"], found["next"]["title"]) == ("completion", title)


def forbidden(lab: Lab) -> None:
    assert lab.exchange is not None
    lab.exchange.trouble.forbid = 999


def throttled(lab: Lab) -> None:
    assert lab.exchange is not None
    lab.exchange.trouble.throttle = 999


def without_a_secret(lab: Lab) -> None:
    assert lab.exchange is not None
    lab.exchange.app.secret = "another"


@pytest.mark.parametrize("trouble", [forbidden, throttled, without_a_secret])
def test_in_the_night_no_mail_is_released_because_exchange_could_not_be_read(
    trouble: Callable[[Lab], None], tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walking("cutover", tmp_path) as walk:
        monkeypatch.chdir(walk.lab.folder)
        trouble(walk.lab)
        found = document(call, clock=walk.clock)
    assert (found["phase"], found["next"]["kind"]) == ("unknown", "by-hand")
    assert found["next"]["title"].startswith("Let this be seen")
    assert "release no mail" in found["next"]["why"]
    assert [step["title"] for step in found["steps"] if step["state"] == "due"] == []


def test_a_history_that_is_gone_does_not_bring_the_night_back(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walking("inline", tmp_path) as walk:
        monkeypatch.chdir(walk.lab.folder)
        shutil.rmtree(walk.lab.folder / HISTORY)
        found = document(call, clock=walk.clock)
    assert (found["phase"], found["next"]["kind"]) == ("finished", "finished")


def test_mail_that_an_enabled_connector_refuses_is_told_first_and_the_connector_has_a_remark(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walking("half-migrated", tmp_path) as walk:
        monkeypatch.chdir(walk.lab.folder)
        found = document(call, clock=walk.clock)
        (line,) = call("guide", "--quiet", "--lang", "en", clock=walk.clock).out.splitlines()
    assert "The mail of kunde.test, praxis.test is refused now." in line
    states = {step["number"]: step for step in found["steps"]}
    assert states["I2"]["state"] == "noted"
    assert "refused meanwhile" in states["I2"]["detail"]


@pytest.mark.usefixtures("folder")
def test_no_mx_record_is_due_while_its_gate_is_not_known_to_be_open(call: Call, folder: Path) -> None:
    shutil.rmtree(folder / HISTORY)
    walked = folder / "seppcheck.toml"
    with walked.open("a", encoding="utf-8") as file:
        file.write('\n[[run.skip]]\ncheck = "dns-ttl-lead-time"\nreason = "later"\n')
    found = document(call)
    states = {step["number"]: step["state"] for step in found["steps"]}
    assert states["C1"] in ("blocked", "waiting")


def refuse_the_mail_of(domain: str, walk: Walk) -> None:
    walk.clock.wait(seconds=2)
    record = tomlkit.parse(walk.lab.record.read_text(encoding="utf-8"))
    domains: Any = record["domains"]
    domains[domain]["extended_fields"] = {"disable_delivery": "true"}
    record["attested_at"] = walk.clock().replace(microsecond=0)
    walk.lab.record.write_text(tomlkit.dumps(record), encoding="utf-8", newline="\n")
    walk.lab.catch_up()


@pytest.mark.usefixtures("folder")
def test_markdown_is_written_beside(call: Call, folder: Path) -> None:
    assert call("guide", "--no-progress", "--lang", "en", "--markdown", "guide.md").code == 0
    written = (folder / "guide.md").read_text(encoding="utf-8")
    assert written.startswith("# Ready: the night may begin\n")
    assert json.loads(call("guide", "--no-progress", "--json", "-").out)["kind"] == "checklist"


def test_without_a_configuration_it_says_how_to_write_one(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call(*ASKED)
    assert answer.code == 2
    assert "seppcheck init" in answer.err


def test_without_a_file_it_looks_at_dns_and_smtp_and_names_init(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = document(call, "kunde.invalid", "--gateway", "gateway.invalid")
    assert found["next"]["command"] == ["seppcheck", "init", "kunde.invalid", "--gateway", "gateway.invalid"]
    assert "done" not in {step["state"] for step in found["steps"]}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--only", "no-such-check"], "no-such-check"),
        (["kunde.tset"], "kunde.test"),
        (["--json", "-", "--markdown", "-"], "standard output"),
        (["--json", "a.out", "--markdown", "./a.out"], "a.out"),
        (["--json", "seppcheck.toml"], "seppcheck.toml"),
        (["--json", "seppcheck-baseline.json"], "seppcheck-baseline.json"),
        (["--markdown", "gateway-record.toml"], "gateway-record.toml"),
        (["--html", "x.html"], "--html"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: list[str], named: str, call: Call) -> None:
    answer = call("guide", "--no-progress", "--lang", "en", *options)
    assert answer.code == 2
    assert named in answer.err
