"""A whole migration with plan, apply and rollback, on the lab: what a person does is edited into the record."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from seppcheck.cli import main
from seppcheck.lab.folder import HISTORY
from seppcheck.plan_document import fingerprint
from seppcheck.scenarios.appliances import DOMAINS
from seppcheck.scenarios.shape import GATEWAY
from tests.lab.record_editor import make_field
from tests.lab.walking import COMMAND, GUIDES_COMMAND, HOLD_OFF, HOLD_ON, PREPARED, Walk, walking

HELD = (HOLD_ON[0],)
SMARTHOSTS_EMPTY = HOLD_ON[1:]


@dataclass
class Night:
    """Runs commands on a walk's lab, and keeps what they printed."""

    walk: Walk
    capsys: pytest.CaptureFixture[str]
    told: str = ""

    def run(self, *arguments: str) -> int:
        code = main([*arguments, "--config", str(self.walk.lab.settings), "--lang", "en"], clock=self.walk.clock)
        printed = self.capsys.readouterr()
        self.told = printed.out + printed.err
        return code

    def plan(self, phase: str, code: int = 0) -> Path:
        self.walk.clock.wait(seconds=2)
        path = self.walk.lab.folder / f"{phase}.json"
        assert self.run("plan", phase, "--no-progress", "--out", str(path)) == code, self.told
        return path

    def apply(self, plan: Path, *options: str) -> int:
        self.walk.clock.wait(seconds=2)
        stated = json.loads(plan.read_text(encoding="utf-8"))["fingerprint"]
        resume = ["--resume"] if plan.with_name(plan.name + ".journal.jsonl").exists() else []
        return self.run("apply", str(plan), "--yes", stated, *resume, *options)

    def rollback(self, plan: Path) -> int:
        self.walk.clock.wait(seconds=2)
        stated = json.loads(plan.read_text(encoding="utf-8"))["fingerprint"]
        return self.run("rollback", str(plan) + ".journal.jsonl", "--yes", stated)


@pytest.fixture
def night(tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Any:
    with walking(getattr(request, "param", "ready"), tmp_path) as walk:
        yield Night(walk, capsys)


def tenant_of(walk: Walk) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Everything in the tenant, object by object; Guid, When* and what is made of a name aside."""
    aside = {"Guid", "ImmutableId", "Identity", "Id", "DistinguishedName", "ExchangeObjectId"}
    nouns = ("InboundConnector", "OutboundConnector", "TransportRule", "HostedConnectionFilterPolicy")
    return {
        noun: [
            {name: value for name, value in found.items() if name not in aside and not name.startswith("When")}
            for found in walk.run(f"Get-{noun}")
        ]
        for noun in nouns
    }


def zones_of(walk: Walk) -> Mapping[str, Sequence[str]]:
    """Every record of every server, serial numbers aside."""
    return {
        server: sorted(
            line
            for zone in zones
            for line in zone.to_text(sorted=True, relativize=False).splitlines()
            if " SOA " not in line
        )
        for server, zones in walk.lab.names.servers.items()
    }


def go_on(night: Night, plan: Path, *hands: Callable[[], None]) -> None:
    """Apply until a person or time is needed, let that happen, and go on; the end is proven."""
    for hand in hands:
        assert night.apply(plan) == 3, night.told
        hand()
    assert night.apply(plan) == 0, night.told


def the_ttl_runs_down(night: Night, seconds: float) -> Callable[[], None]:
    def wait() -> None:
        assert "wait until" in night.told
        night.walk.clock.wait(seconds=seconds)

    return wait


def people(night: Night, *entries: Any) -> Callable[[], None]:
    return lambda: night.walk.edit(*entries)


def move(night: Night, ttl: float = 6) -> Path:
    plan = night.plan("cutover")
    go_on(night, plan, people(night, *HELD), people(night, *SMARTHOSTS_EMPTY), the_ttl_runs_down(night, ttl))
    return plan


def complete(night: Night) -> Path:
    plan = night.plan("completion")
    go_on(night, plan, people(night, *HOLD_OFF), people(night, *HOLD_OFF))
    return plan


def test_a_night_ends_with_the_hold_on_and_cutover_green(night: Night) -> None:
    move(night)
    assert night.walk.audit("cutover")[:3] == (0, "Done: switch the hold off", set())


def test_the_whole_way_ends_with_a_green_verification(night: Night) -> None:
    move(night)
    complete(night)
    assert night.walk.audit("verification")[0::2] == (0, set())
    assert [rule["Name"] for rule in night.walk.run("Get-TransportRule")] == [
        "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail"
    ]


def test_after_the_hold_is_off_it_stops_once_for_the_proof(night: Night) -> None:
    move(night)
    plan = night.plan("completion")
    assert night.apply(plan) == 3
    night.walk.edit(*HOLD_OFF)
    assert night.apply(plan) == 3
    assert "prove" in night.told
    rules = len(night.walk.run("Get-TransportRule"))
    assert night.apply(plan) == 0, night.told
    assert len(night.walk.run("Get-TransportRule")) < rules


def back(night: Night, plan: Path, *hands: Callable[[], None]) -> None:
    for hand in hands:
        assert night.rollback(plan) == 3, night.told
        hand()
    assert night.rollback(plan) == 0, night.told


SMARTHOSTS_AGAIN = tuple(
    (f'domains."{domain}"', "smarthost", f'"{domain.replace(".", "-")}.mail.protection.outlook.com"')
    for domain in DOMAINS
)


def test_a_night_is_rolled_back_to_the_first_state(night: Night) -> None:
    tenant, zones = tenant_of(night.walk), zones_of(night.walk)
    plan = move(night)
    assert tenant_of(night.walk) != tenant
    wait = lambda: night.walk.clock.wait(seconds=7)  # noqa: E731 - a hand that does nothing but wait
    back(night, plan, wait, people(night, *SMARTHOSTS_AGAIN), people(night, *HOLD_OFF))
    assert tenant_of(night.walk) == tenant
    assert zones_of(night.walk) == zones
    assert night.walk.audit("readiness")[0] == 0
    assert night.apply(plan) == 2
    assert "move it away" in night.told


def test_everything_is_rolled_back_to_the_first_state_even_after_completion(night: Night) -> None:
    tenant, zones = tenant_of(night.walk), zones_of(night.walk)
    moved, completed = move(night), complete(night)
    back(night, completed, people(night, *HELD))
    wait = lambda: night.walk.clock.wait(seconds=7)  # noqa: E731 - a hand that does nothing but wait
    back(night, moved, wait, people(night, *SMARTHOSTS_AGAIN), people(night, *HOLD_OFF))
    assert tenant_of(night.walk) == tenant
    assert zones_of(night.walk) == zones


def prepare(night: Night) -> None:
    """Apply the readiness plan of `parallel`: TTLs by program, the gateway by hand; then the day passes."""
    (night.walk.lab.folder / COMMAND).write_text(GUIDES_COMMAND, encoding="utf-8")
    plan = night.plan("readiness", 3)  # nobody wrote down the managed domains' certificate
    assert "sender-certificate" in night.told

    def gateway() -> None:
        make_field(night.walk.lab.record)
        night.walk.edit(*PREPARED)

    go_on(night, plan, gateway)
    assert night.walk.audit("readiness")[0::2] == (0, set())


@pytest.mark.parametrize("night", ["parallel"], indirect=True)
def test_from_parallel_operation_to_a_green_verification(night: Night) -> None:
    prepare(night)
    night.walk.clock.wait(hours=25)
    move(night, ttl=301)
    complete(night)
    assert night.walk.audit("verification")[0::2] == (0, set())


@pytest.mark.parametrize("night", ["parallel"], indirect=True)
def test_the_night_does_not_begin_before_the_old_ttl_is_over(night: Night) -> None:
    prepare(night)
    plan = night.plan("cutover")
    assert night.apply(plan) == 3
    assert "wait until" in night.told
    assert night.walk.run("Get-InboundConnector")[0]["ConnectorType"] == "OnPremises"
    assert len(night.walk.run("Get-InboundConnector")) == 1
    assert GATEWAY in night.told


def test_a_night_is_not_rolled_back_before_its_completion(night: Night) -> None:
    moved = move(night)
    complete(night)
    mx = zones_of(night.walk)
    assert night.rollback(moved) == 2
    assert "completion" in night.told
    assert zones_of(night.walk) == mx


def test_a_completion_before_the_night_is_finished_is_one_step_that_says_so(night: Night) -> None:
    plan = night.plan("completion")
    (change,) = json.loads(plan.read_text(encoding="utf-8"))["changes"]
    assert "Finish the cutover" in change["summary"]
    assert night.apply(plan) == 3


@pytest.mark.parametrize(
    "narrowed", [["--only", "inbound-connector"], ["--only", "dns-mx"], ["--skip", "delivery-hold"], ["kunde.test"]]
)
def test_a_plan_that_leaves_something_out_does_not_begin_in_the_middle(night: Night, narrowed: list[str]) -> None:
    path = night.walk.lab.folder / "narrow.json"
    zones, tenant = zones_of(night.walk), tenant_of(night.walk)
    assert night.run("plan", "cutover", *narrowed, "--no-progress", "--out", str(path)) == 0, night.told
    first = json.loads(path.read_text(encoding="utf-8"))["changes"][0]
    assert first["kind"] == "manual"
    assert "left out of this plan" in first["summary"]
    assert night.apply(path) == 3
    assert (zones_of(night.walk), tenant_of(night.walk)) == (zones, tenant)


def test_an_inbound_connector_is_never_enabled_while_an_mx_record_is_elsewhere(night: Night) -> None:
    plan = night.plan("cutover")
    go = lambda: night.apply(plan)  # noqa: E731 - said four times
    assert go() == 3
    night.walk.edit(*HOLD_ON)
    assert go() == 3
    night.walk.lab.names.replace("praxis.test", "MX", "0 praxis-test.mail.protection.outlook.com.", ttl=5)
    night.walk.clock.wait(seconds=7)
    assert go() == 1
    assert "praxis.test does not name the gateway alone" in night.told
    assert not any(c["Enabled"] and c["ConnectorType"] == "Partner" for c in night.walk.run("Get-InboundConnector"))


def test_what_a_person_did_before_apply_came_to_it_is_undone_too(night: Night) -> None:
    plan = night.plan("cutover")
    night.walk.edit(*HOLD_ON)
    go_on(night, plan, the_ttl_runs_down(night, 6))
    back(
        night,
        plan,
        lambda: night.walk.clock.wait(seconds=7),
        people(night, *SMARTHOSTS_AGAIN),
        people(night, *HOLD_OFF),
    )
    assert night.walk.audit("readiness")[0] == 0


def test_resuming_what_was_never_begun_is_refused(night: Night) -> None:
    plan = night.plan("cutover")
    stated = json.loads(plan.read_text(encoding="utf-8"))["fingerprint"]
    assert night.run("apply", str(plan), "--resume", "--yes", stated) == 2
    assert "no journal" in night.told


def test_a_plan_that_was_begun_is_not_written_over(night: Night) -> None:
    plan = night.plan("cutover")
    assert night.apply(plan) == 3
    assert night.run("plan", "cutover", "--no-progress", "--out", str(plan)) == 2
    assert "another name" in night.told


def test_the_plan_is_not_taken_for_its_journal(night: Night) -> None:
    plan = night.plan("cutover")
    assert night.apply(plan) == 3
    assert night.run("rollback", str(plan), "--yes", "sha256:0") == 2
    assert "its journal is" in night.told


def test_an_edited_moment_does_not_shorten_a_wait(night: Night) -> None:
    plan = night.plan("cutover")
    document = json.loads(plan.read_text(encoding="utf-8"))
    for change in document["changes"]:
        if change["kind"] == "wait":
            change["until"] = "2000-01-01T00:00:00Z"
    plan.write_text(json.dumps(document), encoding="utf-8")
    night.walk.edit(*HOLD_ON)
    assert night.apply(plan) == 3
    assert "wait until" in night.told


@pytest.mark.parametrize("night", ["parallel"], indirect=True)
def test_an_edited_moment_does_not_open_the_gate_of_the_ttl(night: Night) -> None:
    prepare(night)
    plan = night.plan("cutover")
    document = json.loads(plan.read_text(encoding="utf-8"))
    for change in document["changes"]:
        change["until"] = "2000-01-01T00:00:00Z" if change["until"] else None
    plan.write_text(json.dumps(document), encoding="utf-8")
    assert night.apply(plan) == 3
    assert "too early" in night.told


@pytest.mark.parametrize("night", ["parallel"], indirect=True)
def test_the_gate_of_the_ttl_stays_shut_while_nothing_shows_that_its_time_is_over(night: Night) -> None:
    prepare(night)
    plan = night.plan("cutover")
    night.walk.clock.wait(hours=25)
    files = list((night.walk.lab.folder / HISTORY).iterdir())
    assert files
    for file in files:
        file.write_text("{", encoding="utf-8")
    assert night.apply(plan) == 3
    assert "nothing shows that it is not" in night.told


def test_an_mx_record_does_not_move_once_the_hold_is_off_again(night: Night) -> None:
    plan = night.plan("cutover")
    assert night.apply(plan) == 3
    night.walk.edit(*HELD)
    assert night.apply(plan) == 3
    night.walk.edit(*HOLD_OFF, *SMARTHOSTS_EMPTY)
    zones = zones_of(night.walk)
    assert night.apply(plan) == 3
    assert "not held back" in night.told
    assert zones_of(night.walk) == zones


def test_the_way_back_is_not_taken_without_the_proof(night: Night) -> None:
    move(night)
    night.walk.edit(*HOLD_OFF)
    path = night.walk.lab.folder / "narrow.json"
    assert night.run("plan", "completion", "--only", "parallel-*", "--no-progress", "--out", str(path)) == 0
    document = json.loads(path.read_text(encoding="utf-8"))
    assert any(change["proof"] for change in document["changes"])
    document["changes"] = [dict(change, needs=[]) for change in document["changes"] if not change["proof"]]
    document["fingerprint"] = fingerprint(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    assert night.apply(path) == 2
    assert "before the proof" in night.told


@pytest.mark.parametrize("night", ["inline"], indirect=True)
def test_where_the_night_is_over_no_mail_is_held_for_nothing(night: Night) -> None:
    path = night.walk.lab.folder / "again.json"
    assert night.run("plan", "cutover", "--no-progress", "--out", str(path)) == 0
    assert json.loads(path.read_text(encoding="utf-8"))["changes"] == []
    assert "nothing of the cutover is left" in night.told


def test_checks_that_are_not_due_make_no_plan_that_looks_finished(night: Night) -> None:
    assert night.run("plan", "cutover", "--only", "mail-route", "--no-progress") == 3
    assert "none of the chosen checks is due" in night.told


def test_a_plan_of_other_domains_is_refused(night: Night) -> None:
    plan = night.plan("cutover")
    document = json.loads(plan.read_text(encoding="utf-8"))
    document["domains"] = ["evil.test"]
    document["fingerprint"] = fingerprint(document)
    plan.write_text(json.dumps(document), encoding="utf-8")
    assert night.apply(plan) == 2
    assert "evil.test" in night.told


def test_a_quiet_plan_is_one_line(night: Night) -> None:
    assert night.run("plan", "cutover", "--quiet") == 0
    (line,) = night.told.splitlines()
    assert line.startswith("23 steps, 0 checks could not be looked at; sha256:")


def test_the_last_step_of_a_completion_says_that_there_may_be_no_way_back(night: Night) -> None:
    move(night)
    night.plan("completion")
    assert night.run("plan", "completion", "--no-progress") == 0
    assert "EX505293" in night.told.rpartition("Removed: InboundConnector")[2]
