"""Whom a run tells of its verdict: on the lab, with a webhook that really listens."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from seppcheck.cli import main
from seppcheck.clients import webhooks
from seppcheck.reports.notice_webhook import notice_schema
from tests.cli.conftest import Answer, Call
from tests.cli.test_watch import Watched, ctrl_c, hands_of_a_night
from tests.clients.https_server import Asked, HttpsServer, Reply, https_server
from tests.lab.walking import walking
from tests.peers.pki import Pki

PATH = "/services/T0CANARY/canary4711?sig=canary0815"
CANARIES = ("CANARY", "canary4711", "canary0815")


@dataclass
class Hook:
    """A webhook, its configuration, and the runs of the lab that it hears of."""

    server: HttpsServer
    folder: Path
    call: Call
    reply: Reply = field(default_factory=lambda: Reply(200, b"ok"))

    def configure(self, *sections: str) -> None:
        file = self.folder / "seppcheck.toml"
        before = file.read_text(encoding="utf-8").partition("\n[[notify]]")[0]
        tables = "".join(f'\n[[notify]]\nca_file = "hook-ca.pem"\n{section}\n' for section in sections)
        file.write_text(before + tables, encoding="utf-8")

    def record(self, builtin_mta: str) -> None:
        """Write what somebody read off the gateway: true is right, false fails, nothing is inconclusive."""
        file = self.folder / "gateway-record.toml"
        lines = [
            line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("use_builtin_mta")
        ]
        told = [f"use_builtin_mta = {builtin_mta}"] if builtin_mta else []
        place = lines.index("[mail_system]") + 1
        file.write_text("\n".join([*lines[:place], *told, *lines[place:]]) + "\n", encoding="utf-8")

    def run(self, builtin_mta: str = "true", *options: str) -> Answer:
        self.record(builtin_mta)
        return self.call("readiness", *options)

    @property
    def told(self) -> list[Any]:
        return [json.loads(asked.body) for asked in self.server.asked]

    @property
    def changes(self) -> list[tuple[str, str | None]]:
        return [(body["change"], body["previous"]) for body in self.told]


@pytest.fixture
def hook(folder: Path, call: Call, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    (folder / "hook-ca.pem").write_bytes(pki.root.pem)

    def answer(_: Asked) -> Reply:
        return made.reply

    with https_server(pki.issue("localhost"), tmp_path, answer) as server:
        made = Hook(server, folder, call)
        made.configure('kind = "webhook"\nurl = "env:HOOK"')
        monkeypatch.setenv("HOOK", server.url + PATH)
        yield made


def test_people_are_told_of_changes_and_not_of_every_run(hook: Hook) -> None:
    codes = [hook.run(value).code for value in ("true", "false", "false", "", "", "true", "true", "false")]
    assert codes == [0, 1, 1, 3, 3, 0, 0, 1]
    assert hook.changes == [
        ("failed", "passed"),
        ("inconclusive", "failed"),
        ("recovered", "inconclusive"),
        ("failed", "passed"),
    ]
    for body in hook.told:
        Draft202012Validator(notice_schema()).validate(body)


def test_other_phases_do_not_count(hook: Hook) -> None:
    assert hook.run("true").code == 0
    assert hook.call("cutover").code == 1
    assert hook.call("cutover").code == 1
    assert hook.run("true").code == 0
    assert [(body["phase"], body["change"], body["previous"]) for body in hook.told] == [("cutover", "failed", None)]


@pytest.mark.parametrize(
    ("value", "told"), [("true", []), ("false", [("failed", None)]), ("", [("inconclusive", None)])]
)
def test_without_an_earlier_run_only_what_is_not_in_order_is_news(
    hook: Hook, value: str, told: list[tuple[str, str | None]]
) -> None:
    for file in (hook.folder / ".seppcheck" / "history").iterdir():
        file.write_text(file.read_text(encoding="utf-8").replace('"readiness"', '"cutover"'), encoding="utf-8")
    hook.run(value)
    assert hook.changes == told


def test_what_is_not_asked_for_is_not_told(hook: Hook) -> None:
    hook.configure('kind = "webhook"\nurl = "env:HOOK"\non = ["recovered"]')
    for value in ("true", "false", "", "true"):
        hook.run(value)
    assert hook.changes == [("recovered", "inconclusive")]


def test_each_kind_gets_its_own_form_and_standard_error_says_who_was_told(hook: Hook) -> None:
    hook.configure(*(f'kind = "{kind}"\nurl = "env:HOOK"' for kind in ("webhook", "teams", "slack")))
    answer = hook.run("false", "--lang", "de")
    webhook, teams, slack = hook.told
    assert webhook["language"] == "de"
    assert teams["attachments"][0]["content"]["type"] == "AdaptiveCard"
    assert slack["blocks"][0]["type"] == "header"
    assert "Beginnen Sie nicht" in json.dumps(slack)
    assert [line for line in answer.err.splitlines() if "notify[3] (slack)" in line and "localhost" in line]


def test_a_replay_tells_nobody(hook: Hook) -> None:
    hook.run("false", "--save-evidence", "b.json", "--only", "gateway-mta")
    assert hook.call("readiness", "--evidence", "b.json").code == 1
    assert not hook.server.asked


def test_a_run_with_evidence_and_a_configuration_is_no_replay(hook: Hook) -> None:
    assert hook.call("collect", "--out", "smtp.json", "--only", "smtp-*").code == 0
    hook.record("false")
    assert hook.call("readiness", "--evidence", "smtp.json", "--config", "seppcheck.toml").code == 1
    assert hook.changes == [("failed", "passed")]


@pytest.mark.parametrize("limit", [["--only", "gateway-mta"], ["--skip", "dns-*"]], ids=str)
def test_a_limited_run_is_neither_told_nor_compared_with(hook: Hook, limit: list[str]) -> None:
    limited = hook.run("false", *limit)
    assert limited.code == 1
    assert "nobody was notified" in limited.err
    assert hook.run("true").code == 0
    assert not hook.server.asked
    hook.run("false")
    hook.run("true", *limit)
    hook.run("false")
    assert hook.changes == [("failed", "passed")]


def test_without_a_history_that_can_be_written_people_are_rather_told_twice(hook: Hook) -> None:
    shutil.rmtree(hook.folder / ".seppcheck")
    (hook.folder / ".seppcheck").write_text("in the way", encoding="utf-8")
    for _ in range(2):
        answer = hook.run("false")
        assert answer.code == 1
        assert "could not be recorded" in answer.out
    assert hook.changes == [("failed", None)] * 2


def test_people_are_told_although_a_report_cannot_be_written(hook: Hook) -> None:
    (hook.folder / "file").write_text("", encoding="utf-8")
    answer = hook.run("false", "--html", "file/report.html")
    assert answer.code == 2
    assert hook.changes == [("failed", "passed")]


FAILURES = {
    "500": (Reply(500, b"oops"), "answers 500: oops"),
    "410": (Reply(410, b"gone"), "make a new webhook there and put its URL where env:HOOK is read"),
    "403": (Reply(403, b"invalid_token"), "the URL in env:HOOK may be incomplete, or was withdrawn"),
    "huge": (Reply(200, b"x" * 1_000_000), "more than 65536 octets"),
    "garbage": (Reply(raw=b"\xff\x00\r\n\r\n"), "without a whole answer"),
    "repeating": (Reply(400, f"bad {PATH}".encode()), "answers 400: bad ..."),
    "redirect": (Reply(302, b"", {"Location": f"https://localhost:1{PATH}"}), "points elsewhere"),
    "slow": (Reply(200, b"ok" * 500, pause=0.05), "no whole answer within 0.5 s"),
    "obeyed": (Reply(400, b"\x1b]0;owned\x07"), r"\x1b]0;owned\x07"),
}


@pytest.mark.parametrize(("reply", "words"), FAILURES.values(), ids=FAILURES)
def test_a_failing_webhook_changes_no_verdict_and_is_told_without_its_url(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, reply: Reply, words: str
) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 0.5 if reply.pause else 10.0)
    hook.reply = reply
    answer = hook.run("false", "--json", "results.json", "--html", "report.html", "--save-evidence", "bundle.json")
    assert answer.code == 1
    assert answer.out.startswith("✘ Do not start")
    assert "notify[1] (webhook): not told that the verdict changed" in answer.err
    assert words in answer.err
    assert_no_canary(hook, answer)


def test_an_authority_that_is_not_trusted_is_to_be_named(hook: Hook, folder: Path) -> None:
    file = folder / "seppcheck.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('ca_file = "hook-ca.pem"\n', ""), encoding="utf-8")
    answer = hook.run("false")
    assert answer.code == 1
    assert "name its authority with ca_file under [[notify]]" in answer.err
    assert_no_canary(hook, answer)


def test_a_webhook_that_took_it_is_in_no_output_either(hook: Hook) -> None:
    answer = hook.run("false", "--json", "results.json", "--html", "report.html", "--save-evidence", "bundle.json")
    assert hook.changes
    assert_no_canary(hook, answer)


def assert_no_canary(hook: Hook, answer: Answer) -> None:
    written = [path.read_bytes() for path in hook.folder.rglob("*") if path.is_file()]
    everything = "".join([answer.out, answer.err, *(content.decode("utf-8", "replace") for content in written)])
    assert not [canary for canary in CANARIES if canary in everything]


UNUSABLE = {
    "unset": (None, "the environment variable HOOK is not set"),
    "http": ("http://localhost/canary4711", "http:// is refused"),
    "no URL": ("canary4711", "this is not a URL"),
}


@pytest.mark.parametrize(("value", "words"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_url_that_cannot_be_used_is_found_by_config_check_and_stops_no_run(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, value: str | None, words: str
) -> None:
    monkeypatch.delenv("HOOK") if value is None else monkeypatch.setenv("HOOK", value)
    checked = hook.call("config", "check")
    answer = hook.run("false")
    assert (checked.code, answer.code) == (2, 1)
    for said in (checked.err, answer.err):
        assert words in said
        assert "canary" not in said


def test_config_check_says_who_is_notified_of_what(hook: Hook) -> None:
    answer = hook.call("config", "check")
    assert answer.code == 0
    assert re.search(r"Notified +webhook, URL in env:HOOK: failed, inconclusive, recovered", answer.out)
    assert not [canary for canary in CANARIES if canary in answer.out]


def test_ctrl_c_while_telling_leaves_the_exit_code(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(webhooks, "post", interrupted)
    answer = hook.run("false")
    assert answer.code == 1
    assert "interrupted" in answer.err


def test_a_watch_tells_at_its_end_what_differs_from_before_it_began(
    pki: Pki, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        walking("cutover", tmp_path) as walk,
        https_server(pki.issue("localhost"), tmp_path, lambda _: Reply()) as server,
    ):
        night = Watched(walk, capsys)
        (walk.lab.folder / "hook-ca.pem").write_bytes(pki.root.pem)
        with walk.lab.settings.open("a", encoding="utf-8") as file:
            file.write('\n[[notify]]\nca_file = "hook-ca.pem"\nkind = "webhook"\nurl = "env:HOOK"\n')
        monkeypatch.setenv("HOOK", server.url + PATH)
        hands_of_a_night(night)
        night.hands = [(seconds, hand) for seconds, hand in night.hands if seconds < 2400]
        night.at(2400, ctrl_c)
        assert main(["cutover", "--config", str(walk.lab.settings)], clock=walk.clock) == 1
        walk.clock.wait(minutes=1)
        night.began = walk.clock.now
        assert night.run() == 0
    assert night.steps[-1].endswith("Go")
    told = [json.loads(asked.body) for asked in server.asked]
    assert [(body["change"], body["previous"]) for body in told] == [("failed", None), ("recovered", "failed")]


def test_the_clock_of_the_run_is_what_is_told(hook: Hook) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=3)
    hook.record("false")
    hook.call("readiness", clock=lambda: moment)
    assert hook.told[0]["judged_at"] == moment.strftime("%Y-%m-%dT%H:%M:%SZ")
