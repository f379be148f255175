"""Real signatures by a maintained signer, verified with keys that a real name server publishes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import dkim  # type: ignore[import-untyped]  # it ships no types
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from seppcheck import bundle
from seppcheck.api import (
    DkimSignature,
    DkimVerdict,
    Gateway,
    MailSample,
    MailSamples,
    Reason,
    Session,
    Site,
    Unavailable,
    text,
)
from seppcheck.clients.dns import DnsClient
from seppcheck.model.evidence import Provenance, Record
from seppcheck.settings import Settings
from seppcheck.settings.sections import DnsSection
from seppcheck.sources.dkim_signatures import signatures_of
from seppcheck.sources.mail import mail_samples
from tests.peers.bind import bind, free_port

HEADERS = b"From: Ann <ann@example.org>\r\nTo: bob@receiver.example\r\nSubject: Offer\r\nX-SM-outgoing: yes\r\n"
BODY = b"As discussed.\r\n"
MESSAGE = HEADERS + b"\r\n" + BODY
UNRESOLVED = Unavailable(Reason.TIMEOUT, text("the name server did not answer"))
PASS, FAIL, UNKNOWN = DkimVerdict.PASS, DkimVerdict.FAIL, DkimVerdict.UNKNOWN


class Key:
    """A key pair, as the signer and as DNS want it."""

    def __init__(self) -> None:
        pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.private = pair.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        public = pair.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public = base64.b64encode(public).decode("ascii")

    def record(self, selector: str) -> str:
        half = len(self.public) // 2
        return f'{selector}._domainkey TXT "v=DKIM1; k=rsa; p={self.public[:half]}" "{self.public[half:]}"\n'

    def sign(self, content: bytes, selector: str = "seppmail", domain: bytes = b"example.org") -> bytes:
        name = selector.encode("ascii")
        return bytes(dkim.sign(content, name, domain, self.private, include_headers=[b"from", b"subject"])) + content


@pytest.fixture(scope="module")
def key() -> Key:
    return Key()


@pytest.fixture(scope="module")
def port(key: Key, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    zone = (
        "$TTL 300\n@ SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60\n@ NS ns.example.org.\n"
        f'ns A 192.0.2.53\nrevoked._domainkey TXT "v=DKIM1; p="\nodd._domainkey TXT "v=DKIM1; p=AAAA"\n'
        f"{key.record('seppmail')}{key.record('selector1')}{key.record('two')}{Key().record('two')}"
    )
    number = free_port()
    zones = {"example.org": zone, "broken.example": "this is no zone file\n"}
    with bind(tmp_path_factory.mktemp("keys"), ("127.0.0.1",), number, zones):
        yield number


@pytest.fixture
async def client(port: int) -> AsyncIterator[DnsClient]:
    found = DnsClient(("127.0.0.1",), port=port, authoritative_port=port, timeout=2.0)
    yield found
    await found.aclose()


async def signatures(folder: Path, client: DnsClient, content: bytes) -> tuple[DkimSignature, ...]:
    path = folder / "sample.eml"
    path.write_bytes(content)
    return await signatures_of(path, client)


async def verdict(folder: Path, client: DnsClient, content: bytes) -> tuple[DkimVerdict, str]:
    (found,) = await signatures(folder, client, content)
    return found.verdict, str(found.detail)


async def test_a_whole_message_verifies(tmp_path: Path, client: DnsClient, key: Key) -> None:
    (found,) = await signatures(tmp_path, client, b"Received: from a by b\r\n" + key.sign(MESSAGE))

    assert (found.domain, found.selector, found.verdict) == ("example.org", "seppmail", PASS)


async def test_line_ends_of_another_system_change_nothing(tmp_path: Path, client: DnsClient, key: Key) -> None:
    assert (await verdict(tmp_path, client, key.sign(MESSAGE).replace(b"\r\n", b"\n")))[0] is PASS


async def test_a_changed_body_or_header_is_told(tmp_path: Path, client: DnsClient, key: Key) -> None:
    signed = key.sign(MESSAGE)

    body = await verdict(tmp_path, client, signed + b"Footer.\r\n")
    header = await verdict(tmp_path, client, signed.replace(b"Subject: Offer", b"Subject: [ext] Offer"))

    assert body == (FAIL, "the body was changed after it was signed")
    assert header[0] is FAIL
    assert "a signed header was changed" in header[1]


async def test_another_key_than_the_published_one_fails(tmp_path: Path, client: DnsClient) -> None:
    found, detail = await verdict(tmp_path, client, Key().sign(MESSAGE))

    assert found is FAIL
    assert "seppmail._domainkey.example.org is another" in detail


@pytest.mark.parametrize(
    ("selector", "domain", "expected", "why"),
    [
        ("missing", b"example.org", FAIL, "DNS has no key at missing._domainkey.example.org"),
        ("revoked", b"example.org", FAIL, "DNS has no key at revoked._domainkey.example.org"),
        ("odd", b"example.org", FAIL, "the key at odd._domainkey.example.org is another"),
        ("two", b"example.org", UNKNOWN, "several keys"),
        ("any", b"broken.example", UNKNOWN, "the look-up of any._domainkey.broken.example failed"),
    ],
)
async def test_what_dns_says_decides(
    tmp_path: Path, client: DnsClient, key: Key, selector: str, domain: bytes, expected: DkimVerdict, why: str
) -> None:
    found, detail = await verdict(tmp_path, client, key.sign(MESSAGE, selector, domain))

    assert found is expected
    assert why in detail


async def test_each_of_several_signatures_is_judged_by_itself(tmp_path: Path, client: DnsClient, key: Key) -> None:
    by_exchange = key.sign(MESSAGE, "selector1")
    by_gateway = key.sign(by_exchange.replace(BODY, b"As decrypted.\r\n"))

    found = await signatures(tmp_path, client, by_gateway)

    assert [(each.selector, each.verdict) for each in found] == [("seppmail", PASS), ("selector1", FAIL)]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"DKIM-Signature: v=1; a=ed25519-sha256; d=example.org; s=seppmail; h=from; bh=AAAA; b=AAAA", UNKNOWN),
        (b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=seppmail; h=from; bh=AAAA", FAIL),
        (b"DKIM-Signature: v=1; a=rsa-sha256; d=a b; s=seppmail; h=from; bh=AAAA; b=AAAA", FAIL),
        (b"DKIM-Signature: no tags at all", FAIL),
        (b"DKIM-Signature: v=1; d=example.org; b=" + b"A" * 10_000, FAIL),
    ],
)
async def test_a_malformed_signature_fails_and_an_unknown_algorithm_stays_open(
    tmp_path: Path, client: DnsClient, header: bytes, expected: DkimVerdict
) -> None:
    assert (await verdict(tmp_path, client, header + b"\r\n" + MESSAGE))[0] is expected


async def test_a_signature_that_has_expired_since_is_judged_as_of_then(
    tmp_path: Path, client: DnsClient, key: Key
) -> None:
    signer = dkim.DKIM(MESSAGE)
    signer.hasher = dkim.HASH_ALGORITHMS[b"rsa-sha256"]
    tags = {"v": "1", "a": "rsa-sha256", "c": "relaxed/relaxed", "d": "example.org", "s": "seppmail", "t": "1000"}
    tags |= {"x": "2000", "h": "from", "bh": _hash(BODY), "b": ""}
    fields = [(name.encode("ascii"), value.encode("ascii")) for name, value in tags.items()]
    private = dkim.crypto.parse_pem_private_key(key.private)
    relaxed = dkim.CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
    header = signer.gen_header(fields, [b"from", b"from"], relaxed, b"DKIM-Signature", private)

    assert (await verdict(tmp_path, client, b"DKIM-Signature: " + header + MESSAGE))[0] is PASS


def _hash(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")


@pytest.mark.parametrize("body", [b" " * 1_000_000, b"x" * 26 * 1024 * 1024], ids=["blanks", "size"])
async def test_a_message_made_to_cost_much_is_not_verified(
    tmp_path: Path, client: DnsClient, key: Key, body: bytes
) -> None:
    content = key.sign(MESSAGE) + body

    assert (await verdict(tmp_path, client, content))[0] is UNKNOWN


async def test_a_message_without_signature_or_a_missing_file_has_none(tmp_path: Path, client: DnsClient) -> None:
    assert await signatures(tmp_path, client, MESSAGE) == ()
    assert await signatures(tmp_path, client, HEADERS + b"\r\nDKIM-Signature: v=1; d=example.org\r\n") == ()
    assert await signatures_of(tmp_path / "missing.eml", client) == ()


@settings(max_examples=50, deadline=None)
@given(content=st.binary(max_size=300))
async def test_any_file_is_survived(tmp_path_factory: pytest.TempPathFactory, port: int, content: bytes) -> None:
    client = DnsClient(("127.0.0.1",), port=port, authoritative_port=port, timeout=2.0)
    head = b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=seppmail; h=from; bh=AAAA; b=AAAA;"

    found = await signatures(tmp_path_factory.mktemp("any"), client, head + content)

    await client.aclose()
    assert all(each.verdict is not PASS for each in found)


@pytest.mark.parametrize(("days", "expected"), [(1, [PASS]), (40, [])])
async def test_only_recent_samples_are_verified(
    tmp_path: Path, port: int, key: Key, days: int, expected: list[DkimVerdict]
) -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    at = format_datetime(now.replace(month=11 if days == 1 else 10))
    received = f"Received: from secure.example.org (unknown [192.0.2.25]) by mx.receiver.example with ESMTP; {at}\r\n"
    (tmp_path / "one.eml").write_bytes(received.encode("ascii") + key.sign(MESSAGE))
    mail = {"samples": ["*.eml"], "trusted_receivers": ["mx.receiver.example"]}
    dns = DnsSection(resolvers=("127.0.0.1",), port=port, authoritative_port=port)
    session = Session(Settings.model_validate({"mail": mail, "folder": tmp_path, "dns": dns}), lambda: now, 60)

    found = await mail_samples(Gateway("secure.example.org"), UNRESOLVED, session)

    await session.close()
    assert isinstance(found, MailSamples)
    assert [each.verdict for each in found.samples[0].dkim] == expected


async def test_verdicts_come_back_from_a_bundle(tmp_path: Path, client: DnsClient, key: Key) -> None:
    gateway, at = Gateway("secure.example.org"), datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    content = key.sign(key.sign(MESSAGE, "missing"))
    sample = MailSample("one.eml", "example.org", (), 0, dkim=await signatures(tmp_path, client, content))
    record = Record("mail-samples", gateway, Provenance("mail", at, "one.eml"), MailSamples((sample,)))
    path = tmp_path / "b.json"
    bundle.write(path, judged_at=at, phase=None, language="en", settings={}, history=[], records=[record])

    found = bundle.records_of(bundle.read(path), {"mail-samples": MailSamples}, [Site(gateway, ())])

    assert list(found.values()) == [record]
