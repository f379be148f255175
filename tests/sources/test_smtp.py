from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from pydantic import TypeAdapter

from seppcheck.api import (
    Anchor,
    DnsAnswer,
    DnsStatus,
    Gateway,
    GatewayAddresses,
    HostLookup,
    Node,
    NodeAddresses,
    Presented,
    Reason,
    Session,
    SmtpCertificate,
    SmtpGreeting,
    StartTls,
    Unavailable,
)
from seppcheck.model.checks import MARK
from seppcheck.settings import Settings
from seppcheck.sources.smtp import dialogue
from tests.peers.gateway_postfix import HOST
from tests.peers.hostile_smtp import Peer, Script, serving
from tests.peers.pki import Credential, Pki
from tests.peers.postfix import Postfix

NOW = datetime.now(UTC)
NOTHING = DnsAnswer(DnsStatus.NODATA)


def node(name: str = HOST, *addresses: str, ipv4: DnsAnswer = NOTHING) -> NodeAddresses:
    return NodeAddresses(name, addresses, configured=bool(addresses), lookup=HostLookup(name, ipv4, NOTHING))


class Audit:
    """The source with the tests' root trusted, and its latest answer."""

    def __init__(self, folder: Path, pki: Pki) -> None:
        (folder / "root.pem").write_bytes(pki.root.pem)
        self.folder = folder
        self.smtp_timeout = 5.0
        self.deadline = 60.0

    async def ask(
        self, port: int, *nodes: NodeAddresses
    ) -> tuple[SmtpGreeting | Unavailable, SmtpCertificate | Unavailable]:
        smtp = {"timeout": self.smtp_timeout, "ehlo_name": "audit.example.net"}
        settings = Settings.model_validate({"gateway": {"extra_roots": ("root.pem",)}, "smtp": smtp})
        session = Session(settings.model_copy(update={"folder": self.folder}), lambda: NOW, self.deadline)
        gateway = Gateway(HOST, tuple(Node(n.name, n.addresses) for n in nodes), port)
        return await dialogue(gateway, GatewayAddresses(nodes), session)

    async def see(self, port: int, *addresses: str) -> tuple[SmtpGreeting, SmtpCertificate]:
        greeting, certificate = await self.ask(port, node(HOST, *(addresses or ("127.0.0.1",))))
        assert isinstance(greeting, SmtpGreeting)
        assert isinstance(certificate, SmtpCertificate)
        return greeting, certificate

    async def presented(self, port: int) -> Presented:
        return (await self.see(port))[1].presented[0]


@pytest.fixture
def audit(tmp_path: Path, pki: Pki) -> Audit:
    return Audit(tmp_path, pki)


async def test_a_right_gateway_is_seen_whole(audit: Audit, postfix: Postfix) -> None:
    greetings, certificates = await audit.see(postfix.ports["right"])

    (greeting,), (presented,) = greetings.greetings, certificates.presented
    assert (greeting.node, greeting.address, greeting.code) == (HOST, "127.0.0.1", 220)
    assert (greeting.lines, greeting.fault) == ((f"{HOST} ESMTP",), None)
    assert "STARTTLS" in greeting.ehlo
    assert (presented.starttls, presented.tls_version, presented.fault) == (StartTls.DONE, "TLSv1.3", None)
    assert presented.cipher.startswith("TLS_")
    assert [c.subject for c in presented.chain] == [f"CN={HOST}", "CN=Test Intermediate"]
    assert presented.verdict is not None
    assert (presented.verdict.anchor, presented.verdict.root) == (Anchor.EXTRA, "CN=Test Root")


@pytest.mark.parametrize(
    "case", ["expired", "not-yet-valid", "ending-soon", "wrong-name", "wildcard", "without-san", "ed25519"]
)
async def test_what_is_wrong_with_the_leaf_alone_leaves_its_chain_trusted(
    audit: Audit, postfix: Postfix, case: str
) -> None:
    presented = await audit.presented(postfix.ports[case])

    assert presented.verdict is not None
    assert presented.verdict.anchor is Anchor.EXTRA


@pytest.mark.parametrize(
    ("case", "problem", "depth"),
    [
        ("self-signed", "self-signed certificate", 0),
        ("missing-intermediate", "unable to get local issuer certificate", 0),
        ("expired-intermediate", "certificate has expired", 1),
    ],
)
async def test_a_broken_chain_is_told_in_openssls_words(
    audit: Audit, postfix: Postfix, case: str, problem: str, depth: int
) -> None:
    presented = await audit.presented(postfix.ports[case])

    assert presented.verdict is not None
    assert (presented.verdict.anchor, presented.verdict.problem) == (Anchor.NONE, problem)
    assert presented.verdict.depth == depth


async def test_every_address_is_asked_once_and_belongs_to_its_node(audit: Audit, postfix: Postfix) -> None:
    greeting, certificate = await audit.ask(
        postfix.ports["two-addresses"], node("a.example.org", "127.0.0.1"), node("b.example.org", "127.0.0.2")
    )

    assert isinstance(greeting, SmtpGreeting)
    assert isinstance(certificate, SmtpCertificate)
    assert [(g.node, g.address) for g in greeting.greetings] == [
        ("a.example.org", "127.0.0.1"),
        ("b.example.org", "127.0.0.2"),
    ]
    assert [p.starttls for p in certificate.presented] == [StartTls.DONE] * 2
    assert greeting.asked == certificate.asked == ", ".join(f"[127.0.0.{n}]:{greeting.port}" for n in (1, 2))


async def test_one_silent_address_does_not_spoil_the_other(audit: Audit, postfix: Postfix) -> None:
    greeting, certificate = await audit.see(postfix.ports["right"], "127.0.0.1", "127.0.0.3")

    assert [g.fault and g.fault.reason for g in greeting.greetings] == [None, Reason.REFUSED]
    assert certificate.presented[1].fault == greeting.greetings[1].fault
    assert certificate.presented[1].starttls is StartTls.UNKNOWN


async def test_postscreens_early_line_is_told_from_the_greeting(audit: Audit, postfix: Postfix) -> None:
    (greeting,) = (await audit.see(postfix.ports["screened"]))[0].greetings

    assert greeting.lines == (f"{HOST} please wait", f"{HOST} ESMTP")


async def test_a_pause_before_the_greeting_is_waited_for(audit: Audit, postfix: Postfix) -> None:
    started = time.monotonic()
    (greeting,) = (await audit.see(postfix.ports["pausing"]))[0].greetings

    assert (greeting.code, greeting.fault) == (220, None)
    assert time.monotonic() - started > 1.0


@pytest.mark.parametrize(
    ("case", "code", "reason"), [("rejecting", 554, Reason.REFUSED), ("deferring", 450, Reason.THROTTLED)]
)
async def test_a_client_that_is_not_let_in_is_quoted_what_it_was_told(
    audit: Audit, postfix: Postfix, case: str, code: int, reason: Reason
) -> None:
    greetings, certificates = await audit.see(postfix.ports[case])

    fault = greetings.greetings[0].fault
    assert fault is not None
    assert (fault.code, fault.reason) == (code, reason)
    assert "Client host rejected" in fault.reply
    assert certificates.presented[0].fault == fault


async def test_a_gateway_without_starttls_is_no_fault_but_an_answer(audit: Audit, postfix: Postfix) -> None:
    presented = await audit.presented(postfix.ports["without-starttls"])

    assert (presented.starttls, presented.fault, presented.chain) == (StartTls.NOT_ANNOUNCED, None, ())


async def test_a_real_gateway_hears_ehlo_starttls_and_quit_alone(audit: Audit, postfix: Postfix) -> None:
    await audit.see(postfix.ports["wildcard"])

    def told() -> bool:
        return "ehlo=1 starttls=1 quit=1 commands=3" in postfix.log

    assert eventually(told), postfix.log


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def showing(credential: Credential, folder: Path) -> Script:
    context = credential.context(folder)

    def script(peer: Peer, _: threading.Event) -> None:
        peer.say(b"220 secure.example.org")
        peer.answer(b"250-secure.example.org", b"250 STARTTLS")
        peer.answer(b"220 ready")
        peer.secure(context)
        peer.answer(b"221 bye")

    return script


async def test_a_certificate_that_cannot_be_read_is_malformed(audit: Audit, pki: Pki, tmp_path: Path) -> None:
    label = "prüfung.example".encode("latin-1")  # a dNSName is ASCII (RFC 5280 section 4.2.1.6)
    der = bytes((0x30, len(label) + 2, 0x82, len(label))) + label
    names = x509.UnrecognizedExtension(x509.SubjectAlternativeName.oid, der)

    with serving(showing(pki.intermediate.issue(common_name=HOST, extensions=[names]), tmp_path)) as server:
        presented = await audit.presented(server.port)

    assert (presented.starttls, presented.chain, presented.verdict) == (StartTls.DONE, (), None)
    assert presented.fault is not None
    assert presented.fault.reason is Reason.MALFORMED
    assert "cannot be read" in str(presented.fault.detail)


async def test_a_chain_of_too_many_certificates_is_malformed(audit: Audit, pki: Pki, tmp_path: Path) -> None:
    many = pki.issue(HOST).sending(*[pki.root.certificate] * 25)

    with serving(showing(many, tmp_path)) as server:
        presented = await audit.presented(server.port)

    assert presented.fault is not None
    assert str(presented.fault.detail) == "it showed 26 certificates, more than 20"


@pytest.mark.parametrize("greeting", [b"220 hello", b"554 5.7.1 no", b"SSH-2.0", b"220-a\r\n421 b\x00\x1b", b""])
async def test_what_was_seen_is_the_same_after_being_saved(audit: Audit, greeting: bytes) -> None:
    with serving(lambda peer, _: peer.say(greeting)) as server:
        seen = await audit.see(server.port)

    for evidence in seen:
        adapter = TypeAdapter(type(evidence))
        assert adapter.validate_json(adapter.dump_json(evidence)) == evidence


async def test_a_certificate_is_the_same_after_being_saved(audit: Audit, postfix: Postfix) -> None:
    evidence = (await audit.see(postfix.ports["right"]))[1]
    adapter = TypeAdapter(SmtpCertificate)

    assert adapter.validate_json(adapter.dump_json(evidence)) == evidence


async def test_a_dialogue_ends_before_the_run_does(audit: Audit) -> None:
    audit.deadline = 0.5

    with serving(Peer.hang) as server:
        started = time.monotonic()
        (greeting,) = (await audit.see(server.port))[0].greetings
        assert time.monotonic() - started < audit.smtp_timeout

    assert greeting.fault is not None
    assert greeting.fault.reason is Reason.TIMEOUT


def missing(answer: Sequence[object]) -> Unavailable:
    greeting, certificate = answer
    assert isinstance(greeting, Unavailable)
    assert greeting == certificate
    return greeting


async def test_a_gateway_without_an_address_is_not_collected(audit: Audit) -> None:
    nowhere = missing(await audit.ask(25, node()))

    assert nowhere.reason is Reason.DNS_ERROR
    assert "secure.example.org has no address" in str(nowhere.detail)


@pytest.mark.parametrize(
    ("status", "reason"), [(DnsStatus.TIMEOUT, Reason.TIMEOUT), (DnsStatus.SERVFAIL, Reason.DNS_ERROR)]
)
async def test_addresses_that_could_not_be_looked_up_keep_the_reason(
    audit: Audit, status: DnsStatus, reason: Reason
) -> None:
    nowhere = missing(await audit.ask(25, node(ipv4=DnsAnswer(status))))

    assert nowhere.reason is reason
    assert f"could not be looked up ({status.value})" in str(nowhere.detail)


def test_the_framework_knows_both_kinds_by_one_source() -> None:
    marked = getattr(dialogue, MARK)

    assert (marked.name, marked.provides) == ("smtp", (SmtpGreeting, SmtpCertificate))
