"""The scenarios' worlds are sound: what they break, they break on purpose."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dns.name
import dns.rdatatype
import pytest

from seppcheck.cli import main
from seppcheck.errors import UserError
from seppcheck.files import read_json
from seppcheck.lab import loopback
from seppcheck.lab.world import Lab, running
from seppcheck.lab.zones import Zones, build
from seppcheck.scenarios import READY, SCENARIOS, named
from seppcheck.scenarios.shape import GATEWAY, NAME_SERVERS, Scenario
from seppcheck.settings import file as settings_file
from tests.lab.outcomes import LETTERS, exit_code, expected

SERVERS = {"ns1.lab.test": ("127.0.0.1",), "ns2.lab.test": ("::1",)}
EVERY = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)


def values(zones: Zones, name: str, rdtype: str) -> list[str]:
    owner, kind = dns.name.from_text(name), dns.rdatatype.from_text(rdtype)
    zone = zones.closest(owner, kind)
    assert zone is not None
    return sorted(str(rdata) for rdata in zone.get_rdataset(owner, kind) or ())


def worlds(scenario: Scenario) -> list[Zones]:
    return [build(scenario.zones, SERVERS, 1), build(scenario.zones, SERVERS, 1, scenario.second_server)]


@EVERY
def test_every_zone_is_delegated_to_the_servers_that_it_names_itself(scenario: Scenario) -> None:
    for zones in worlds(scenario):
        for zone in zones:
            assert zone.origin is not None
            own = zone.get_rdataset(zone.origin, "NS")
            assert {str(server.target) for server in own or ()} == {f"{server}." for server in SERVERS}
            parent = zones.closest(zone.origin, dns.rdatatype.DS)
            assert parent is not None
            assert parent.get_rdataset(zone.origin, "NS") == own


@EVERY
def test_every_name_server_has_its_address_as_data_and_as_glue(scenario: Scenario) -> None:
    for zones in worlds(scenario):
        assert values(zones, "ns1.lab.test", "A") == ["127.0.0.1"]
        assert values(zones, "ns2.lab.test", "AAAA") == ["::1"]
        glued = [zone for zone in zones if str(zone.origin) in (".", "test.")]
        assert len(glued) == 2
        assert all(zone.get_rdataset(dns.name.from_text("ns1.lab.test"), "A") for zone in glued)


@EVERY
def test_every_mx_host_has_an_address(scenario: Scenario) -> None:
    for zones in worlds(scenario):
        for domain in scenario.domains:
            hosts = [value.split()[1] for value in values(zones, domain, "MX")]
            assert hosts
            assert all(values(zones, host, "A") for host in hosts)


@EVERY
def test_the_gateway_is_on_loopback(scenario: Scenario) -> None:
    for zones in worlds(scenario):
        assert values(zones, GATEWAY, "A") == ["127.0.0.1"]
        assert values(zones, GATEWAY, "AAAA") == ["::1"]


def test_ready_promises_no_ttl_over_300_seconds_for_what_a_move_changes() -> None:
    zones = build(READY.zones, SERVERS, 1)
    for domain in READY.domains:
        zone = zones.closest(dns.name.from_text(domain), dns.rdatatype.MX)
        assert zone is not None
        assert all(rdataset.ttl <= 300 for _, rdataset in zone.iterate_rdatasets())


def test_where_there_is_one_loopback_address_both_names_are_one_server_with_the_faults_of_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loopback, "usable", lambda address: address == "127.0.0.1")
    with running("broken", tmp_path / "lab") as lab:
        assert dict(lab.name_servers) == {"ns1.lab.test": ("127.0.0.1",), "ns2.lab.test": ("127.0.0.1",)}
        first, second = (lab.names.servers[name] for name in NAME_SERVERS)
        assert first is second
        assert values(first, GATEWAY, "AAAA") == []
        zone = first.closest(dns.name.from_text("kunde.test"), dns.rdatatype.MX)
        assert zone is not None
        rdataset = zone.get_rdataset(zone.origin, "MX")
        assert rdataset is not None
        assert rdataset.ttl == 3600


def test_an_unknown_scenario_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"'raedy'.*ready, broken"):
        named("raedy")


def test_the_settings_of_the_folder_are_sound(lab: Lab) -> None:
    settings = settings_file.load(lab.settings)
    assert settings.gateway.name == GATEWAY
    assert settings.gateway.smtp_port == lab.smtp_port
    assert settings.dns.port == settings.dns.authoritative_port == lab.dns_port
    assert [domain.name for domain in settings.domains] == list(READY.domains)
    assert all(settings.path(root).is_file() for root in settings.gateway.extra_roots)


def test_the_recorded_past_tells_of_these_servers_and_of_a_ttl_lowered_days_ago(lab: Lab) -> None:
    files = sorted((lab.folder / ".seppcheck" / "history").glob("*.json"))
    runs: list[Any] = [read_json(file, 100_000) for file in files]
    assert [f"{datetime.fromisoformat(run['at']):%Y%m%dT%H%M%SZ}.json" for run in runs] == [file.name for file in files]
    seen = [run["domains"]["kunde.test"]["mx"]["servers"] for run in runs]
    assert [[server["ttl"] for server in servers] for servers in seen] == [[3600, 3600], [5, 5]]
    assert seen[-1][0]["server"] == "ns1.lab.test"
    assert seen[-1][0]["values"] == ["0 kunde-test.mail.protection.outlook.com."]
    spf = runs[-1]["domains"]["praxis.test"]["spf"]["servers"][0]["values"]
    assert spf == [f"v=spf1 a:{GATEWAY} include:spf.protection.outlook.com -all"]
    gap = datetime.fromisoformat(runs[-1]["at"]) - datetime.fromisoformat(runs[0]["at"])
    assert gap == timedelta(days=5)


def found(phase: str, scenario: str, folder: Path) -> tuple[int, dict[str, str]]:
    """Audit a scenario; return the exit code, and the letters of every check."""
    report = folder / "report.json"
    with running(scenario, folder / "lab") as lab:
        options = ("--config", str(lab.settings), "--json", str(report), "--quiet", "--no-progress", "--lang", "en")
        code = main([phase, *options])
    letters: dict[str, str] = {}
    for result in read_json(report, 10_000_000)["results"]:
        letters[result["check"]] = letters.get(result["check"], "") + LETTERS[result["outcome"]]
    return code, {check: each[0] if len(set(each)) == 1 else each for check, each in letters.items()}


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("phase", ["readiness", "cutover", "verification"])
def test_every_check_finds_in_every_scenario_what_the_table_says(phase: str, scenario: str, tmp_path: Path) -> None:
    code, letters = found(phase, scenario, tmp_path)
    assert letters == expected(phase, scenario)
    assert code == exit_code(phase, scenario)
