"""DNS as a world: real zones changed, proven at every server, and taken back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from seppcheck.errors import UserError
from seppcheck.model.changes import DnsImage
from seppcheck.planning.dns_images import equal
from seppcheck.remediate.dns_world import DnsWorld, everywhere, writer_for
from seppcheck.remediate.worlds import World, WorldFault
from seppcheck.settings import Settings
from seppcheck.settings.sections import DnsSection, DnsUpdateSection, OctodnsSection
from tests.peers.dns_world import DnsWorld as FaultyWorld
from tests.peers.hosted_world import HostedWorld
from tests.peers.rrset_changes import CHANGES, lines_of, mx, ptr, txt
from tests.peers.update_world import PRIMARY, SECONDARY, SECRET_VARIABLE, UpdateWorld


def world_of(settings: Settings) -> World:
    return DnsWorld(settings)


def fault_of(work: Callable[[], object]) -> WorldFault:
    with pytest.raises(WorldFault) as caught:
        work()
    return caught.value


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_made_proven_at_every_server_and_taken_back(updates: UpdateWorld, what: str) -> None:
    zone = updates.fresh_reverse_zone() if what == "PTR" else updates.fresh_zone()
    before, after = CHANGES[what](zone)
    place = after or before
    assert place is not None
    world, first = world_of(updates.settings()), updates.contents(zone)
    updates.let_the_secondary_catch_up(zone)
    assert equal(world.read(place), before)
    assert world.unproven(after, before) is None

    world.write(before, after)

    assert equal(world.read(place), after)
    missing = str(world.unproven(before, after))
    assert f"ns2.hosts.test ({SECONDARY}) still shows" in missing
    assert PRIMARY not in missing
    updates.let_the_secondary_catch_up(zone)
    assert world.unproven(before, after) is None

    world.write(after, before)
    updates.let_the_secondary_catch_up(zone)
    assert world.unproven(after, before) is None
    assert updates.contents(zone) == updates.contents(zone, secondary=True) == first


def test_every_difference_counts_and_letters_and_dots_do_not(updates: UpdateWorld) -> None:
    zone, reverse = updates.fresh_zone(), updates.fresh_reverse_zone()
    for each in (zone, reverse):
        updates.let_the_secondary_catch_up(each)
    shown = mx(zone)
    texts = replace(txt(zone), values=tuple(value.replace('" "', "") for value in txt(zone).values))
    world = world_of(updates.settings())

    alike = replace(
        shown, name=zone.upper(), values=("20 Second.example.NET", "10 Parallel-Mail.Protection.outlook.com.")
    )
    assert world.unproven(None, alike) is None
    assert world.unproven(None, texts) is None
    assert world.unproven(None, ptr(reverse, "Host-25.ISP.example.")) is None
    assert world.unproven(None, replace(shown, ttl=300)) is None, "where values change, a provider may choose the TTL"
    for before, other in (
        (shown, replace(shown, ttl=300)),
        (None, replace(shown, values=shown.values[:1])),
        (None, replace(texts, values=texts.values[1:])),
    ):
        missing = str(world.unproven(before, other))
        assert PRIMARY in missing
        assert SECONDARY in missing


def test_what_is_gone_is_gone_at_every_server(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()
    updates.let_the_secondary_catch_up(zone)
    world = world_of(updates.settings())

    assert world.unproven(DnsImage(f"nothing.{zone}", "TXT", 60, ('"x"',)), None) is None
    assert f"ns1.hosts.test ({PRIMARY}) still shows 10 parallel" in str(world.unproven(mx(zone), None))
    assert world.unproven(None, None) is None
    assert "has an alias there, for gateway" in str(world.unproven(DnsImage(f"alias.{zone}", "TXT", 60, ()), None))


def test_silent_lame_and_nameless_servers_are_named(dns: FaultyWorld) -> None:
    settings = dns.settings()

    def missing(zone: str) -> str:
        return str(everywhere(settings, None, DnsImage(zone, "MX", 300, ("10 secure.example.test.",))))

    assert "ns4.hoster.test (127.0.1.5) could not be asked (no answer within 1 s)" in missing("silent.test")
    assert "ns3.hoster.test (127.0.1.4) could not be asked (answered REFUSED)" in missing("lame.test")
    assert "ns5.hoster.test (127.0.1.6) could not be asked" in missing("dead.test")
    assert "ns6.hoster.test could not be asked (the name has no address)" in missing("noaddress.test")
    assert everywhere(settings, None, DnsImage("six.test", "MX", 300, ("10 secure.example.test.",))) is None


def test_a_zone_that_cannot_be_found_is_a_fault_and_never_proof(dns: FaultyWorld) -> None:
    fault = fault_of(lambda: everywhere(dns.settings(), mx("broken.test"), None))

    assert "the servers of the zone of broken.test could not be found out" in str(fault)


def test_a_classless_reverse_zone_is_changed_where_the_alias_leads(updates: UpdateWorld) -> None:
    reverse = updates.fresh_reverse_zone()
    world = world_of(updates.settings())
    before = DnsImage(f"26.24-27.{reverse}", "PTR", 3600, ("old.example.net",))

    assert world.read(before) == before
    world.write(before, replace(before, values=("secure.example.net",)))
    assert world.read(before) == replace(before, values=("secure.example.net",))
    assert "is an alias for" in str(fault_of(lambda: world.read(replace(before, name=f"26.{reverse}"))))


@pytest.mark.parametrize("what", CHANGES)
def test_a_hosted_zone_is_changed_proven_and_taken_back(powerdns: HostedWorld, tmp_path: Path, what: str) -> None:
    zone = powerdns.fresh_reverse_zone() if what == "PTR" else powerdns.fresh_zone()
    before, after = CHANGES[what](zone)
    place = after or before
    assert place is not None
    world, first = world_of(powerdns.settings(tmp_path, zone)), powerdns.contents(zone)
    assert equal(world.read(place), before)
    assert world.unproven(after, before) is None

    world.write(before, after)

    assert world.unproven(before, after) is None
    assert "still shows" in str(world.unproven(after, before))
    world.write(after, before)
    assert world.unproven(after, before) is None
    others = {*first} - {*lines_of(before)}
    assert others <= {*powerdns.contents(zone)}
    assert len(powerdns.contents(zone)) == len(first)


def test_each_name_is_written_by_the_writer_of_its_zone(
    updates: UpdateWorld, powerdns: HostedWorld, tmp_path: Path
) -> None:
    own, hosted = updates.fresh_zone(), powerdns.fresh_zone()
    settings = powerdns.settings(tmp_path, hosted)
    dns = settings.dns.model_copy(update={"update": (updates.section(),)})
    world = world_of(settings.model_copy(update={"dns": dns}))

    world.write(mx(own), mx(own, 300))
    world.write(mx(hosted), mx(hosted, 300))

    assert {*lines_of(mx(own, 300))} <= {*updates.contents(own)}
    assert {*lines_of(mx(hosted, 300))} <= {*powerdns.contents(hosted)}


def test_a_name_that_nobody_is_responsible_for_is_a_fault(updates: UpdateWorld) -> None:
    world = world_of(updates.settings(updates.section("example.org")))

    told = str(fault_of(lambda: world.read(mx("example.net"))))

    assert "this program cannot write the zone of example.net" in told
    assert "[[dns.update]]" in told


def test_a_change_in_between_is_a_fault_that_is_not_unclear(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    fault = fault_of(lambda: world_of(updates.settings()).write(mx(zone, 60), mx(zone, 300)))

    assert "in between" in str(fault)
    assert not fault.unclear


def test_what_cannot_be_set_up_is_a_fault_while_working_and_an_error_beforehand(
    updates: UpdateWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = DnsWorld(updates.settings(), {})
    zone = updates.fresh_zone()

    assert f"{SECRET_VARIABLE} is not set" in str(fault_of(lambda: world.read(mx(zone))))
    with pytest.raises(UserError, match=f"{SECRET_VARIABLE} is not set"):
        world.prepare([zone])
    DnsWorld(updates.settings(), {SECRET_VARIABLE: "c2VjcmV0"}).prepare([zone])


def section(zone: str | None, server: str = "192.0.2.1") -> DnsUpdateSection:
    return DnsUpdateSection(server=server, zone=zone, key_name="k.", secret="env:NOT_SET")


def octodns(folder: Path, *zones: str) -> OctodnsSection:
    lines = "".join(f"  '{zone}': {{targets: [p]}}\n" for zone in zones)
    (folder / "octodns.yaml").write_text(
        f"providers: {{p: {{class: no.Such, token: env/NOT_SET}}}}\nzones:\n{lines}", encoding="utf-8"
    )
    return OctodnsSection(config="octodns.yaml", provider="p")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("example.org", "example.org"),
        ("_dmarc.Example.org.", "example.org"),
        ("sub.example.org", "sub.example.org"),
        ("x.sub.example.org", "sub.example.org"),
        ("hosted.example", "hosted.example"),
        ("25.2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa"),
        ("notexample.org", None),
        ("elsewhere.example", None),
    ],
)
def test_the_writer_with_the_longest_zone_is_responsible(tmp_path: Path, name: str, expected: str | None) -> None:
    updating = (section("example.org"), section("2.0.192.in-addr.arpa"))
    settings = Settings(
        folder=tmp_path,
        dns=DnsSection(update=updating),
        octodns=octodns(tmp_path, "hosted.example.", "sub.example.org.", "example.org."),
    )

    found = writer_for(settings, name)

    assert (found.zone if found else None) == expected
    if expected == "example.org":
        assert found is not None
        assert found.via is updating[0]


def test_a_server_without_a_zone_takes_what_is_left_and_comes_before_a_provider_that_lists_its_zones(
    tmp_path: Path,
) -> None:
    anywhere = section(None)
    settings = Settings(
        folder=tmp_path,
        dns=DnsSection(update=(anywhere, section("example.org", "192.0.2.2"))),
        octodns=octodns(tmp_path, "*", "hosted.example."),
    )
    names = ("a.example.org", "hosted.example", "any.example")
    writers = {name: found.via for name in names if (found := writer_for(settings, name))}

    assert writers["a.example.org"] is settings.dns.update[1]
    assert writers["hosted.example"] not in settings.dns.update
    assert writers["any.example"] is anywhere


def test_without_configuration_nobody_is_responsible() -> None:
    assert writer_for(Settings(), "example.org") is None


def test_who_is_responsible_is_known_without_a_dns_library_a_secret_or_a_network() -> None:
    program = (
        "import sys, socket; socket.socket = None\n"
        "from seppcheck.remediate.dns_writers import writer_for\n"
        "from seppcheck.settings import Settings\n"
        "from seppcheck.settings.sections import DnsSection, DnsUpdateSection\n"
        "made = DnsUpdateSection(server='192.0.2.1', key_name='k.', secret='env:NOT_SET')\n"
        "assert writer_for(Settings(dns=DnsSection(update=(made,))), 'example.org')\n"
        "assert not {'dns', 'octodns', 'requests'} & {*sys.modules}\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (0, "")
