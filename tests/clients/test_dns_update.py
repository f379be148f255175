"""Dynamic updates against a real BIND, and against servers in between that misbehave."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import dns.message
import pytest

from seppcheck.clients.dns_update import UpdateServer
from seppcheck.clients.dns_writing import DnsWriteFault
from seppcheck.errors import UserError
from seppcheck.model.changes import DnsImage
from seppcheck.secrets import MissingSecretError
from seppcheck.settings.sections import DnsUpdateSection
from tests.peers.bind import free_port
from tests.peers.hostile_dns import hostile_dns
from tests.peers.rrset_changes import BYTES, CHANGES, LONG, SPF, VERIFICATION, lines_of, mx
from tests.peers.update_world import OTHER_KEY, OTHER_SECRET, PRIMARY, SECRET, SECRET_VARIABLE, UpdateWorld

PATIENCE = 2.0


def server_of(updates: UpdateWorld, section: DnsUpdateSection | None = None, **environ: str) -> UpdateServer:
    given = {SECRET_VARIABLE: SECRET} | environ
    return UpdateServer(section or updates.section(), updates.settings(timeout=PATIENCE), given)


def fault_of(work: Callable[[], object], *, unclear: bool = False) -> str:
    """What it says; neither secret is ever in it."""
    with pytest.raises(DnsWriteFault) as caught:
        work()
    sentence = str(caught.value.detail)
    assert SECRET not in sentence
    assert OTHER_SECRET not in sentence
    assert caught.value.unclear is unclear, sentence
    return sentence


def test_an_rrset_is_read_in_the_form_of_evidence_with_ttl_and_string_boundaries(updates: UpdateWorld) -> None:
    zone, server = updates.fresh_zone(), server_of(updates)

    assert server.read(zone, "MX") == mx(zone)
    assert server.read(zone, "TXT") == DnsImage(zone, "TXT", 7200, (BYTES, SPF, VERIFICATION))
    key = server.read(f"seppmail._domainkey.{zone}", "TXT")
    assert key is not None
    assert key.values == (f'"{LONG[:200]}" "{LONG[200:]}"',)
    tlsa = f"_25._tcp.gateway.{zone}"
    assert server.read(tlsa, "TLSA") == DnsImage(tlsa, "TLSA", 3600, ("3 1 1 " + "ab" * 32,))


def test_a_ptr_is_read_without_its_last_dot_as_evidence_has_it(updates: UpdateWorld) -> None:
    name = f"25.{updates.fresh_reverse_zone()}"

    assert server_of(updates).read(name, "PTR") == DnsImage(name, "PTR", 3600, ("host-25.isp.example",))


@pytest.mark.parametrize("name", ["gateway", "nothing", "deep.below.nothing"])
def test_what_the_server_says_that_there_is_not_is_none(updates: UpdateWorld, name: str) -> None:
    assert server_of(updates).read(f"{name}.{updates.fresh_zone()}", "MX") is None


def test_an_alias_is_told_instead_of_what_it_leads_to(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    told = fault_of(lambda: server_of(updates).read(f"alias.{zone}", "A"))

    assert f"alias.{zone} is an alias for gateway.{zone}" in told


def test_a_name_below_a_delegation_is_not_this_servers(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    assert "without authority" in fault_of(lambda: server_of(updates).read(f"x.below.{zone}", "MX"))


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("configured", [True, False], ids=["zone configured", "zone found by SOA"])
def test_a_change_is_made_alone_and_taken_back_to_the_very_same_zone(
    updates: UpdateWorld, what: str, configured: bool
) -> None:
    zone = updates.fresh_reverse_zone() if what == "PTR" else updates.fresh_zone()
    before, after = CHANGES[what](zone)
    place = before or after
    assert place is not None
    server = server_of(updates, updates.section(zone if configured else None))
    first = updates.contents(zone)

    server.write(before, after)

    changed = updates.contents(zone)
    assert changed == sorted({*first} - {*lines_of(before)} | {*lines_of(after)})
    assert changed != first
    found = server.read(place.name, place.type)
    assert found == after
    server.write(found, before)
    assert updates.contents(zone) == first


def test_the_server_of_a_name_is_looked_up_at_the_configured_resolvers(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    assert server_of(updates, updates.section(server="update.hosts.test")).read(zone, "MX") == mx(zone)


def test_the_server_of_a_name_is_looked_up_by_the_system_where_no_resolvers_are_configured(
    updates: UpdateWorld,
) -> None:
    zone, settings = updates.fresh_zone(), updates.settings()
    settings = settings.model_copy(update={"dns": settings.dns.model_copy(update={"resolvers": ()})})
    # localhost is no full name, so no configuration can name it; it is one that every system knows
    section = updates.section().model_copy(update={"server": "localhost"})

    assert UpdateServer(section, settings, {SECRET_VARIABLE: SECRET}).read(zone, "MX") == mx(zone)


@pytest.mark.parametrize("name", ["gone.hosts.test", "nowhere.hosts.test"])
def test_a_server_name_without_address_is_told(updates: UpdateWorld, name: str) -> None:
    told = fault_of(lambda: server_of(updates, updates.section(server=name)).read("z0.test", "MX"))

    assert f"the address of {name} could not be looked up" in told


def test_a_wrong_key_name_is_told(updates: UpdateWorld) -> None:
    section = updates.section(key_name="nobody.")

    told = fault_of(lambda: server_of(updates, section).read(updates.fresh_zone(), "MX"))

    assert "does not know the key nobody. with hmac-sha256 (BADKEY)" in told
    assert f"127.0.0.1 port {updates.direct}" in told


def test_a_wrong_algorithm_is_told(updates: UpdateWorld) -> None:
    section = updates.section(algorithm="hmac-sha512")

    told = fault_of(lambda: server_of(updates, section).read(updates.fresh_zone(), "MX"))

    assert "does not know the key seppcheck. with hmac-sha512 (BADKEY)" in told


def test_a_wrong_secret_is_told(updates: UpdateWorld) -> None:
    told = fault_of(
        lambda: server_of(updates, **{SECRET_VARIABLE: OTHER_SECRET}).read(updates.fresh_zone(), "MX"),
    )

    assert "BADSIG" in told
    assert "secret in [[dns.update]]" in told


def test_clocks_that_are_apart_are_told(updates: UpdateWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() - 3600)

    told = fault_of(lambda: server_of(updates).read(updates.fresh_zone(), "MX"))

    assert "BADTIME" in told


def test_a_key_that_may_not_change_the_zone_is_refused_and_nothing_is_changed(updates: UpdateWorld) -> None:
    first = updates.contents("readonly.test")

    told = fault_of(lambda: server_of(updates).write(mx("readonly.test"), mx("readonly.test", 300)))

    assert "the update of the zone readonly.test" in told
    assert "REFUSED" in told
    assert "key seppcheck." in told
    assert updates.contents("readonly.test") == first


def test_a_key_that_may_change_another_type_only_is_refused(updates: UpdateWorld) -> None:
    server = server_of(updates)
    texts = server.read("mxonly.test", "TXT")
    assert texts is not None
    server.write(mx("mxonly.test"), mx("mxonly.test", 300))

    assert "REFUSED" in fault_of(lambda: server.write(texts, replace(texts, ttl=300)))


def test_another_key_that_the_server_knows_but_does_not_let_in_is_refused(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()
    section = updates.section(key_name=OTHER_KEY, algorithm="hmac-sha512", secret="env:OTHER")

    told = fault_of(lambda: server_of(updates, section, OTHER=OTHER_SECRET).write(mx(zone), mx(zone, 300)))

    assert f"key {OTHER_KEY}" in told
    assert "REFUSED" in told


def test_a_name_outside_the_configured_zone_is_told(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    told = fault_of(lambda: server_of(updates, updates.section(updates.fresh_zone())).write(mx(zone), mx(zone, 300)))

    assert "NOTZONE" in told


def test_a_configured_zone_that_the_server_does_not_have_is_told(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    told = fault_of(lambda: server_of(updates, updates.section(f"sub.{zone}")).write(mx(zone), mx(zone, 300)))

    assert "NOTAUTH" in told
    assert f"the zone sub.{zone}" in told


def test_a_name_of_no_zone_of_the_server_is_told(updates: UpdateWorld) -> None:
    told = fault_of(lambda: server_of(updates).read("elsewhere.example", "MX"))

    assert "it has no zone for this name" in told


def test_a_secondary_takes_no_update(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()
    updates.let_the_secondary_catch_up(zone)
    section = updates.section(port=updates.secondary)

    assert "(REFUSED)" in fault_of(lambda: server_of(updates, section).write(mx(zone), mx(zone, 300)))


@pytest.mark.parametrize(
    "seen",
    [
        lambda zone: mx(zone, 300),
        lambda zone: mx(zone, 3600, "10 parallel-mail.protection.outlook.com."),
        lambda zone: None,
    ],
    ids=["another TTL", "other records", "nothing"],
)
def test_what_is_not_as_the_plan_saw_it_is_left_alone(
    updates: UpdateWorld, seen: Callable[[str], DnsImage | None]
) -> None:
    zone = updates.fresh_zone()
    first = updates.contents(zone)

    told = fault_of(lambda: server_of(updates).write(seen(zone), mx(zone, 300, "10 secure.example.net.")))

    assert f"somebody changed MX of {zone} in between" in told
    assert updates.contents(zone) == first


def ask_over_tcp(port: int, message: bytes) -> bytes:
    """Pass a message on, and return what comes back with its length before it."""
    with socket.create_connection(("127.0.0.1", port), 5) as upstream, upstream.makefile("rb") as file:
        upstream.sendall(len(message).to_bytes(2) + message)
        length = file.read(2)
        return length + file.read(int.from_bytes(length))


def is_update(message: bytes) -> bool:
    return message[2] >> 3 & 15 == 5


@contextmanager
def between(
    updates: UpdateWorld, on_update: Callable[[bytes, Callable[[bytes], bytes]], Iterable[bytes]]
) -> Iterator[UpdateServer]:
    """A server in between that passes questions on, and does as told with updates."""

    def passed_on(message: bytes) -> bytes:
        return ask_over_tcp(updates.direct, message)

    def over_tcp(message: bytes) -> Iterable[bytes]:
        return on_update(message, passed_on) if is_update(message) else [passed_on(message)]

    with hostile_dns(lambda _: (), over_tcp) as port:
        yield server_of(updates, updates.section(port=port))


@pytest.mark.parametrize(
    ("before", "meanwhile"),
    [
        (mx, lambda zone: (mx(zone), mx(zone, 3600, "10 another.example.net."))),
        (mx, lambda zone: (mx(zone), None)),
        (lambda zone: None, lambda zone: (None, DnsImage(f"new.{zone}", "TXT", 60, ('"theirs"',)))),
        (lambda zone: None, lambda zone: (None, DnsImage(f"new.{zone}", "CNAME", 60, (f"gateway.{zone}.",)))),
    ],
    ids=["changed", "removed", "made", "made an alias"],
)
def test_a_change_between_our_look_and_our_update_is_noticed_by_the_server_itself(
    updates: UpdateWorld,
    before: Callable[[str], DnsImage | None],
    meanwhile: Callable[[str], tuple[DnsImage | None, DnsImage | None]],
) -> None:
    zone = updates.fresh_zone()
    seen, theirs = before(zone), meanwhile(zone)
    after = mx(zone, 300, "10 secure.example.net.") if seen else DnsImage(f"new.{zone}", "TXT", 60, ('"ours"',))

    def on_update(message: bytes, passed_on: Callable[[bytes], bytes]) -> Iterable[bytes]:
        server_of(updates).write(*theirs)
        return [passed_on(message)]

    with between(updates, on_update) as server:
        told = fault_of(lambda: server.write(seen, after))

    assert "in between" in told or "is an alias" in told
    assert not [line for line in updates.contents(zone) if "secure.example.net" in line or "ours" in line]


def test_an_rrset_that_a_wildcard_makes_up_is_told_and_left_alone(updates: UpdateWorld) -> None:
    zone, server = updates.fresh_zone(), server_of(updates)
    made_up = server.read(f"x.wild.{zone}", "TXT")
    assert made_up is not None

    told = fault_of(lambda: server.write(made_up, replace(made_up, ttl=60)))

    assert "a wildcard answers for it" in told


def test_an_update_that_the_server_answers_with_silence_is_unclear_in_time(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    def on_update(message: bytes, passed_on: Callable[[bytes], bytes]) -> Iterable[bytes]:
        time.sleep(PATIENCE + 0.3)
        return ()

    with between(updates, on_update) as server:
        started = time.monotonic()
        told = fault_of(lambda: server.write(mx(zone), mx(zone, 300)), unclear=True)

    assert "no whole answer within 2 s" in told
    assert time.monotonic() - started < 2 * PATIENCE


def test_a_connection_closed_after_the_update_is_unclear_and_reading_tells(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    def on_update(message: bytes, passed_on: Callable[[bytes], bytes]) -> Iterable[bytes]:
        passed_on(message)
        return ()

    with between(updates, on_update) as server:
        told = fault_of(lambda: server.write(mx(zone), mx(zone, 300)), unclear=True)

        assert "closed the connection" in told
        assert server.read(zone, "MX") == mx(zone, 300)


def test_an_answer_without_a_signature_does_not_count(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    def on_update(message: bytes, passed_on: Callable[[bytes], bytes]) -> Iterable[bytes]:
        forged = message[:2] + b"\xa8\0" + bytes(8)
        return [len(forged).to_bytes(2) + forged]

    with between(updates, on_update) as server:
        told = fault_of(lambda: server.write(mx(zone), mx(zone, 300)), unclear=True)

    assert "is not signed, so it may be forged" in told
    assert server_of(updates).read(zone, "MX") == mx(zone)


def test_an_answer_with_another_signature_does_not_count(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()

    def on_update(message: bytes, passed_on: Callable[[bytes], bytes]) -> Iterable[bytes]:
        answer = bytearray(passed_on(message))
        answer[-8] ^= 1  # within the MAC: original id, error and other length stand behind it
        return [bytes(answer)]

    with between(updates, on_update) as server:
        told = fault_of(lambda: server.write(mx(zone), mx(zone, 300)), unclear=True)

    assert "may be forged" in told


def test_a_signed_answer_to_an_earlier_question_does_not_count(updates: UpdateWorld) -> None:
    zone, recorded = updates.fresh_zone(), list[bytes]()

    def replay(query: bytes) -> Iterable[bytes]:
        recorded.append(ask_over_tcp(updates.direct, query))
        return [recorded[0][:2] + query[:2] + recorded[0][4:]]

    with hostile_dns(lambda _: (), replay) as port:
        server = server_of(updates, updates.section(port=port))
        assert server.read(zone, "MX") == mx(zone)
        told = fault_of(lambda: server.read(zone, "MX"))

    assert "may be forged" in told


@pytest.mark.parametrize("answer", [b"", b"\0", b"\0\x05hello", b"\0\0", b"\xff\xff" + b"x" * 100])
def test_nonsense_in_answer_to_a_question_is_no_answer_and_nothing_is_unclear(
    updates: UpdateWorld, answer: bytes
) -> None:
    with hostile_dns(lambda _: (), lambda _: [answer]) as port:
        told = fault_of(lambda: server_of(updates, updates.section(port=port)).read("z0.test", "MX"))

    assert "the question for MX of z0.test" in told


def test_a_server_that_takes_the_connection_and_says_nothing_is_told_in_time(updates: UpdateWorld) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        section = updates.section(port=silent.getsockname()[1])
        started = time.monotonic()
        told = fault_of(lambda: server_of(updates, section).read("z0.test", "MX"))

    assert "no whole answer within 2 s" in told
    assert time.monotonic() - started < 2 * PATIENCE


def test_a_server_that_is_down_is_told_and_nothing_is_unclear(updates: UpdateWorld) -> None:
    section = updates.section(port=free_port())

    told = fault_of(lambda: server_of(updates, section).write(mx("z0.test"), mx("z0.test", 300)))

    assert "no TCP connection to 127.0.0.1 port" in told
    assert "Connection refused" in told


@pytest.mark.parametrize("secret", ["not base64 at all!", "c2VjcmV0", "a"], ids=["no base64", "base64", "cut"])
def test_a_secret_that_is_none_is_told_without_being_shown(updates: UpdateWorld, secret: str) -> None:
    if secret == "c2VjcmV0":
        server_of(updates, **{SECRET_VARIABLE: secret})
        return
    with pytest.raises(UserError) as caught:
        server_of(updates, **{SECRET_VARIABLE: secret})

    assert f"(env:{SECRET_VARIABLE}) is not base64" in str(caught.value)
    assert secret not in str(caught.value).split()


def test_a_secret_that_is_not_there_is_told(updates: UpdateWorld, tmp_path: Path) -> None:
    with pytest.raises(MissingSecretError, match="NOT_SET is not set"):
        server_of(updates, updates.section(secret="env:NOT_SET"))


def test_a_value_that_is_no_rdata_is_told_before_anything_is_sent(updates: UpdateWorld) -> None:
    zone = updates.fresh_zone()
    first = updates.contents(zone)

    told = fault_of(lambda: server_of(updates).write(mx(zone), mx(zone, 300, "secure.example.net.")))

    assert f"secure.example.net. is no MX record of {zone}" in told
    assert updates.contents(zone) == first


def test_the_prerequisites_hold_whatever_letters_the_server_keeps(updates: UpdateWorld) -> None:
    """BIND keeps `Outlook` as it was written and compares the records of a prerequisite letter by letter."""
    zone = updates.fresh_zone()
    answer = dns.message.from_wire(_raw(PRIMARY, updates.port, dns.message.make_query(zone, "MX").to_wire()))

    assert "Outlook" in str(answer.answer[0])
    server_of(updates).write(mx(zone), mx(zone, 300))


def _raw(address: str, port: int, message: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(5)
        udp.sendto(message, (address, port))
        return udp.recv(4096)
