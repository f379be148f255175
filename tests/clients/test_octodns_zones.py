"""Hosted zones through octoDNS, against a real PowerDNS and its HTTP API."""

from __future__ import annotations

import builtins
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.clients.dns_writing import DnsWriteFault, same_rrset, txt_of
from seppcheck.clients.octodns_config import Configuration, configuration
from seppcheck.clients.octodns_texts import NotWritableError, octets_of, written
from seppcheck.clients.octodns_zones import HostedZones
from seppcheck.errors import UserError
from seppcheck.model.changes import DnsImage
from seppcheck.settings import Settings
from seppcheck.settings.sections import OctodnsSection
from tests.peers.bind import free_port
from tests.peers.hosted_world import KEY_VARIABLE, HostedWorld
from tests.peers.rrset_changes import BYTES, CHANGES, LONG, VERIFICATION, dkim, lines_of, mx, ptr, tlsa, txt

JOINED_SPF = '"v=spf1 include:spf.protection.outlook.com -all"'


def configured(settings: Settings) -> Configuration:
    found = configuration(settings)
    assert found is not None
    return found


def zones_of(powerdns: HostedWorld, folder: Path, *zones: str, seconds: float = 30, **provider: object) -> HostedZones:
    return HostedZones(configured(powerdns.settings(folder, *zones, **provider)), seconds)


def fault_of(work: Callable[[], object], capfd: pytest.CaptureFixture[str], key: str, *, unclear: bool = False) -> str:
    """What it says; the API's key is not in it, and octoDNS says nothing by itself."""
    with pytest.raises((DnsWriteFault, UserError)) as caught:
        work()
    sentence = str(caught.value)
    assert key not in sentence
    assert getattr(caught.value, "unclear", False) is unclear, sentence
    assert capfd.readouterr() == ("", "")
    return sentence


def test_an_rrset_is_read_in_the_form_of_evidence(powerdns: HostedWorld, tmp_path: Path) -> None:
    zone, reverse = powerdns.fresh_zone(), powerdns.fresh_reverse_zone()
    hosted = zones_of(powerdns, tmp_path, zone, reverse)

    assert hosted.read(zone, "MX") == mx(zone)
    assert hosted.read(zone, "TXT") == replace(txt(zone), values=(BYTES, JOINED_SPF, VERIFICATION))
    assert hosted.read(dkim(zone).name, "TXT") == replace(dkim(zone), values=(txt_of(LONG.encode()),))
    assert hosted.read(tlsa(zone).name, "TLSA") == tlsa(zone)
    assert hosted.read(ptr(reverse).name, "PTR") == ptr(reverse)
    assert hosted.read(f"nothing.{zone}", "MX") is None


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_made_alone_and_taken_back(powerdns: HostedWorld, tmp_path: Path, what: str) -> None:
    zone = powerdns.fresh_reverse_zone() if what == "PTR" else powerdns.fresh_zone()
    before, after = CHANGES[what](zone)
    place = before or after
    assert place is not None
    hosted = zones_of(powerdns, tmp_path, zone)
    first = powerdns.contents(zone)

    hosted.write(before, after)

    assert powerdns.contents(zone) == sorted({*first} - {*lines_of(before)} | {*lines_of(after)})
    found = hosted.read(place.name, place.type)
    assert same_rrset(found, after)
    hosted.write(found, before)
    assert powerdns.contents(zone) == sorted({*first} - {*lines_of(before)} | {*lines_of(recut(before))})


def recut(image: DnsImage | None) -> DnsImage | None:
    """An RRset with its TXT values cut anew, since octoDNS knows no string boundaries."""
    if image is None or image.type != "TXT":
        return image
    return replace(
        image,
        values=tuple(value.replace('" "', "") if len(value) < 255 else recut_long(value) for value in image.values),
    )


def recut_long(value: str) -> str:
    return txt_of(value.replace('" "', "").strip('"').encode())


def test_a_txt_rrset_with_everything_in_it_survives(powerdns: HostedWorld, tmp_path: Path) -> None:
    zone = powerdns.fresh_zone()
    hosted = zones_of(powerdns, tmp_path, zone)
    values = (b'a;b "c" \\; \\\\ d', "größer".encode(), b"x" * 600 + b';"', b"v=spf1 -all", b"")
    full = DnsImage(f"texts.{zone}", "TXT", 120, tuple(map(txt_of, values)))

    hosted.write(None, full)

    assert {*lines_of(full)} <= {*powerdns.contents(zone)}
    found = hosted.read(full.name, "TXT")
    assert found is not None
    assert sorted(found.values) == sorted(full.values)
    hosted.write(full, replace(full, ttl=60))
    assert {*lines_of(replace(full, ttl=60))} <= {*powerdns.contents(zone)}


def test_what_is_not_as_the_plan_saw_it_is_left_alone(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    zone = powerdns.fresh_zone()
    hosted, first = zones_of(powerdns, tmp_path, zone), powerdns.contents(zone)

    for seen in (mx(zone, 300), mx(zone, 3600, "10 another.example.net."), None):
        told = fault_of(lambda seen=seen: hosted.write(seen, mx(zone, 60)), capfd, powerdns.server.api_key)
        assert f"somebody changed MX of {zone} in between" in told
    assert powerdns.contents(zone) == first


def test_the_longest_zone_is_the_names_own(powerdns: HostedWorld, tmp_path: Path) -> None:
    zone = powerdns.fresh_zone()
    powerdns.server.add(f"sub.{zone}", f"$TTL 60\n@ SOA a. b. 1 1 1 1 1\n@ NS ns1.hosting.test.\n@ MX 5 sub.{zone}.\n")

    found = zones_of(powerdns, tmp_path, zone, f"sub.{zone}").read(f"sub.{zone}", "MX")

    assert found == mx(f"sub.{zone}", 60, f"5 sub.{zone}.")


def test_zones_that_the_provider_lists_itself_are_found(powerdns: HostedWorld, tmp_path: Path) -> None:
    zone = powerdns.fresh_zone()

    assert zones_of(powerdns, tmp_path, "*").read(zone, "MX") == mx(zone)


def test_a_zone_that_the_provider_does_not_have_is_told_and_not_made(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hosted = zones_of(powerdns, tmp_path, "notthere.test")

    told = fault_of(lambda: hosted.write(None, mx("notthere.test")), capfd, powerdns.server.api_key)

    assert "octoDNS' hosting has no zone notthere.test" in told
    told = fault_of(lambda: hosted.read("notthere.test", "MX"), capfd, powerdns.server.api_key)
    assert "has no zone notthere.test" in told


def test_an_alias_is_told(powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    zone = powerdns.fresh_zone()
    hosted = zones_of(powerdns, tmp_path, zone)

    told = fault_of(lambda: hosted.read(f"alias.{zone}", "TXT"), capfd, powerdns.server.api_key)

    assert f"alias.{zone} is an alias for gateway.{zone}" in told


def test_a_type_that_this_program_does_not_write_is_told(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hosted = zones_of(powerdns, tmp_path, "any.test")

    assert "no A records" in fault_of(lambda: hosted.read("any.test", "A"), capfd, powerdns.server.api_key)


def test_a_wrong_key_is_told(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = powerdns.fresh_zone()
    monkeypatch.setenv(KEY_VARIABLE, "some-other-key")

    told = fault_of(lambda: zones_of(powerdns, tmp_path, zone).read(zone, "MX"), capfd, "some-other-key")

    assert "through octoDNS' hosting" in told
    assert "unauthorized" in told


def test_a_key_that_is_not_there_is_told_by_its_variable(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY_VARIABLE)

    told = fault_of(lambda: zones_of(powerdns, tmp_path, "any.test").read("any.test", "MX"), capfd, "no key")

    assert "octodns.yaml" in told
    assert KEY_VARIABLE in told


def test_a_change_that_the_api_refuses_is_told_in_its_words(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    zone = powerdns.fresh_zone()
    hosted, first = zones_of(powerdns, tmp_path, zone), powerdns.contents(zone)
    beside_an_alias = DnsImage(f"below.gateway.{'x' * 63}.{'x' * 63}.{'x' * 63}.{'x' * 63}.{zone}", "TXT", 60, ('"x"',))

    told = fault_of(lambda: hosted.write(None, beside_an_alias), capfd, powerdns.server.api_key)

    assert "the change of TXT of below" in told
    assert powerdns.contents(zone) == first


def test_an_api_that_is_down_is_told_and_nothing_is_unclear(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hosted = zones_of(powerdns, tmp_path, "any.test", port=free_port())

    told = fault_of(lambda: hosted.write(None, mx("any.test")), capfd, powerdns.server.api_key)

    assert "refused the connection" in told


def test_an_api_that_says_nothing_is_told_in_time(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hosted = zones_of(powerdns, tmp_path, "any.test", port=silent.getsockname()[1], timeout=0.5)
        told = fault_of(lambda: hosted.read("any.test", "MX"), capfd, powerdns.server.api_key)

    assert "no whole answer in time" in told


def test_a_provider_that_sets_itself_no_limit_is_left_behind(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hosted = zones_of(powerdns, tmp_path, "any.test", port=silent.getsockname()[1], timeout=4, seconds=1)
        started = time.monotonic()
        told = fault_of(lambda: hosted.read("any.test", "MX"), capfd, powerdns.server.api_key)
        assert time.monotonic() - started < 3

    logging.disable(logging.NOTSET)
    assert "did not come to an end within 1 s" in told


def test_a_provider_with_apply_disabled_changes_nothing_and_says_so(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    zone = powerdns.fresh_zone()
    hosted = zones_of(powerdns, tmp_path, zone, apply_disabled="true")

    told = fault_of(lambda: hosted.write(mx(zone), mx(zone, 300)), capfd, powerdns.server.api_key)

    assert "apply_disabled" in told
    assert hosted.read(zone, "MX") == mx(zone)


def test_which_zones_are_the_providers_is_known_without_asking_anybody(tmp_path: Path) -> None:
    (tmp_path / "octodns.yaml").write_text(
        """
providers: {ours: {class: no.such.Provider, token: env/NOT_SET}, theirs: {class: no.such.Provider}}
zones:
  Example.ORG.: {sources: [x], targets: [ours, theirs]}
  other.example.: {sources: [x], targets: [theirs]}
  münchen.example.: {targets: [ours]}
  alias.example.: {alias: Example.ORG.}
  0/26.2.0.192.in-addr.arpa.: {targets: [ours]}
  '*': {targets: [ours]}
""",
        encoding="utf-8",
    )
    settings = Settings(folder=tmp_path, octodns=OctodnsSection(config="octodns.yaml", provider="ours"))

    assert configured(settings).zones == (
        "example.org",
        "xn--mnchen-3ya.example",
        "alias.example",
        "0/26.2.0.192.in-addr.arpa",
        "*",
    )
    assert configuration(Settings()) is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "octodns.yaml, which [octodns] config names, cannot be read"),
        ("providers: {a: [", "no YAML, see line"),
        (
            "providers: {other: {class: x}}\nzones: {}",
            "has no provider ours, which [octodns] provider names; it has other",
        ),
        ("- a list", "has no provider ours"),
        ('secret: "unclosed-secret\nproviders: \x00', "cannot be read"),
    ],
    ids=["missing", "broken", "another provider", "a list", "binary"],
)
def test_a_configuration_of_octodns_that_cannot_be_used_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: str | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "octodns.yaml").write_text(content, encoding="utf-8")
    settings = Settings(folder=tmp_path, octodns=OctodnsSection(config="octodns.yaml", provider="ours"))

    assert told in fault_of(lambda: configuration(settings), capfd, "unclosed-secret")


def test_a_provider_whose_package_is_missing_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "octodns.yaml").write_text(
        "providers: {ours: {class: octodns_nowhere.Provider, token: literal-secret}}\nzones: {a.test.: {}}\n",
        encoding="utf-8",
    )
    settings = Settings(folder=tmp_path, octodns=OctodnsSection(config="octodns.yaml", provider="ours"))

    told = fault_of(lambda: HostedZones(configured(settings)).read("a.test", "MX"), capfd, "literal-secret")

    assert "octodns_nowhere.Provider" in told


def test_without_octodns_the_command_that_installs_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name.partition(".")[0] == "octodns":
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    settings = Settings(folder=tmp_path, octodns=OctodnsSection(config="octodns.yaml", provider="ours"))

    with pytest.raises(UserError, match=r"pip install 'seppcheck\[octodns\]'"):
        configuration(settings)


@given(st.lists(st.binary(max_size=300), unique=True, max_size=4))
def test_any_octets_survive_being_written_with_the_escapes_of_master_files(values: list[bytes]) -> None:
    assert [octets_of(value) for value in written(values, [], master_file=True)] == values


@given(st.lists(st.binary(max_size=50), unique=True, max_size=4))
def test_what_the_provider_wrote_itself_is_given_back_as_it_was(values: list[bytes]) -> None:
    known = written(values, [], master_file=True)

    assert written(values, known, master_file=False) == known


@pytest.mark.parametrize("value", [b'say "hi"', b"back\\slash", b"\xc3\xa9", b"\0"])
def test_a_new_value_that_providers_write_differently_is_left_to_people(value: bytes) -> None:
    with pytest.raises(NotWritableError):
        written([value], [], master_file=False)


def test_octodns_escapes_semicolons_alone_of_what_all_providers_write_alike() -> None:
    assert written([b"v=DKIM1; k=rsa; p=AA+/="], [], master_file=False) == ["v=DKIM1\\; k=rsa\\; p=AA+/="]


@contextmanager
def api_in_between(powerdns: HostedWorld, answer: int | None) -> Iterator[int]:
    """PowerDNS' API behind a server that passes changes on, and then answers with a status, or not at all."""

    class Between(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass_on("GET")

        def do_PATCH(self) -> None:
            self._pass_on("PATCH")

        def _pass_on(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            there = powerdns.server.url.replace("/api/v1/servers/localhost/zones", self.path)
            headers = {"X-API-Key": self.headers["X-API-Key"], "Content-Type": "application/json"}
            got = requests.request(method, there, data=body, headers=headers, timeout=10)
            if method == "GET":
                self._say(got.status_code, got.content)
            elif answer is not None:
                self._say(answer, b'{"error": "said by what stands in between"}')
            self.close_connection = True

        def _say(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Between) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "told"),
    [(None, "closed the connection without a whole answer"), (502, "answers 502"), (504, "answers 504")],
)
def test_a_change_whose_answer_does_not_come_through_is_unclear_and_reading_tells(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str], status: int | None, told: str
) -> None:
    zone = powerdns.fresh_zone()
    with api_in_between(powerdns, status) as port:
        hosted = zones_of(powerdns, tmp_path, zone, port=port)
        key = powerdns.server.api_key
        assert told in fault_of(lambda: hosted.write(mx(zone), mx(zone, 300)), capfd, key, unclear=True)
        assert hosted.read(zone, "MX") == mx(zone, 300)


@pytest.mark.parametrize(
    ("status", "told"), [(403, "does not let us (403"), (429, "too many requests"), (422, "answers 422")]
)
def test_a_change_that_was_refused_by_its_status_is_not_unclear(
    powerdns: HostedWorld, tmp_path: Path, capfd: pytest.CaptureFixture[str], status: int, told: str
) -> None:
    zone = powerdns.fresh_zone()
    with api_in_between(powerdns, status) as port:
        hosted = zones_of(powerdns, tmp_path, zone, port=port)
        sentence = fault_of(lambda: hosted.write(mx(zone), mx(zone, 300)), capfd, powerdns.server.api_key)

    assert told in sentence
    assert "said by what stands in between" in sentence
