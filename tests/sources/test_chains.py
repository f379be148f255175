from __future__ import annotations

import base64
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from seppcheck.clients.certificates import UndecodableError, decode
from seppcheck.errors import UserError
from seppcheck.model.smtp import Anchor, Certificate, ChainVerdict
from seppcheck.sources.chains import Roots
from tests.peers import pki as certificates
from tests.peers.pki import DAY, Authority, Credential, Pki

HOST = "secure.example.org"
NOW = datetime.now(UTC)
LONG_AGO = NOW - 400 * DAY


@pytest.fixture
def trusting(tmp_path: Path, pki: Pki) -> Roots:
    """Roots with the tests' own as an extra one."""
    return roots(tmp_path, pki.root.pem)


def roots(folder: Path, *pems: bytes) -> Roots:
    file = folder / "extra.pem"
    file.write_bytes(b"".join(pems))
    return Roots([file])


def chain(credential: Credential) -> list[Certificate]:
    return [decode(der) for der in credential.der]


def test_a_chain_to_an_extra_root_is_trusted_and_the_root_named(trusting: Roots, pki: Pki) -> None:
    verdict = trusting.judge(chain(pki.issue(HOST)), NOW)

    assert verdict == ChainVerdict(Anchor.EXTRA, root="CN=Test Root")


def test_a_root_of_mozillas_list_counts_before_all_others(tmp_path: Path) -> None:
    listed = ssl.create_default_context(cafile=certifi.where()).get_ca_certs(binary_form=True)
    member = next(c for c in map(decode, listed) if c.not_after > NOW + DAY)
    pem = ssl.DER_cert_to_PEM_cert(base64.b64decode(member.der)).encode("ascii")

    assert roots(tmp_path, pem).judge([member], NOW) == ChainVerdict(Anchor.MOZILLA, root=member.subject)


def test_without_extra_roots_a_private_ca_is_not_trusted(pki: Pki) -> None:
    verdict = Roots().judge(chain(pki.issue(HOST)), NOW)

    assert verdict.anchor is Anchor.NONE
    assert "issuer certificate" in verdict.problem


def test_a_root_that_only_this_machine_trusts_is_told_apart(
    tmp_path: Path, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "machine.pem"
    store.write_bytes(pki.root.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(store))

    assert Roots().judge(chain(pki.issue(HOST)), NOW).anchor is Anchor.MACHINE


def test_a_missing_intermediate_is_not_made_up_for(trusting: Roots, pki: Pki) -> None:
    verdict = trusting.judge(chain(pki.issue(HOST).sending()), NOW)

    assert verdict == ChainVerdict(Anchor.NONE, problem="unable to get local issuer certificate", depth=0)


def test_an_expired_intermediate_fails_even_though_the_root_is_trusted(trusting: Roots, pki: Pki) -> None:
    old = pki.root.intermediate(not_before=LONG_AGO, not_after=NOW - DAY)

    verdict = trusting.judge(chain(old.issue(HOST)), NOW)

    assert verdict == ChainVerdict(Anchor.NONE, problem="certificate has expired", depth=1)


def test_an_expired_server_certificate_keeps_its_anchor(trusting: Roots, pki: Pki) -> None:
    late = pki.issue(HOST, not_before=LONG_AGO, not_after=NOW - DAY)

    assert trusting.judge(chain(late), NOW).anchor is Anchor.EXTRA


def test_a_server_certificate_that_is_not_valid_yet_keeps_its_anchor(trusting: Roots, pki: Pki) -> None:
    early = pki.issue(HOST, not_before=NOW + DAY, not_after=NOW + 2 * DAY)

    assert trusting.judge(chain(early), NOW).anchor is Anchor.EXTRA


def test_an_expired_server_certificate_does_not_excuse_its_expired_intermediate(trusting: Roots, pki: Pki) -> None:
    old = pki.root.intermediate(not_before=LONG_AGO, not_after=NOW - DAY)
    late = old.issue(HOST, not_before=LONG_AGO, not_after=NOW - 2 * DAY)

    assert trusting.judge(chain(late), NOW) == ChainVerdict(Anchor.NONE, problem="certificate has expired", depth=1)


def test_an_expired_server_certificate_does_not_excuse_a_name_that_its_ca_may_not_issue(
    trusting: Roots, pki: Pki
) -> None:
    only = x509.NameConstraints(permitted_subtrees=[x509.DNSName("example.com")], excluded_subtrees=None)
    bound = pki.root.intermediate(extensions=[only])
    late = bound.issue(HOST, not_before=LONG_AGO, not_after=NOW - DAY)

    assert trusting.judge(chain(late), NOW).problem == "permitted subtree violation"


def test_an_old_verdict_is_made_at_its_own_time(trusting: Roots, pki: Pki) -> None:
    old = pki.root.intermediate(not_before=NOW - 10 * DAY, not_after=NOW - DAY / 2)

    assert trusting.judge(chain(old.issue(HOST)), NOW - DAY / 2 - timedelta(hours=1)).anchor is Anchor.EXTRA


def test_of_two_intermediates_with_one_key_the_valid_one_counts(trusting: Roots, pki: Pki) -> None:
    key = certificates.new_key()
    old = pki.root.intermediate(key=key, not_before=LONG_AGO, not_after=NOW - DAY)
    new = pki.root.intermediate(key=key)
    server = new.issue(HOST).sending(old.certificate, new.certificate)

    assert trusting.judge(chain(server), NOW).anchor is Anchor.EXTRA


def deep(pki: Pki) -> Credential:
    return pki.intermediate.intermediate("Second").issue(HOST)


def test_the_order_of_intermediates_does_not_matter(trusting: Roots, pki: Pki) -> None:
    server = deep(pki)

    assert trusting.judge(chain(server.sending(*reversed(server.chain))), NOW).anchor is Anchor.EXTRA


def test_superfluous_certificates_and_the_root_itself_do_no_harm(trusting: Roots, pki: Pki) -> None:
    server, stranger = deep(pki), certificates.root("Stranger")
    sent = server.sending(stranger.certificate, *server.chain, pki.root.certificate, *server.chain)

    assert trusting.judge(chain(sent), NOW) == ChainVerdict(Anchor.EXTRA, root="CN=Test Root")


def test_a_root_that_is_sent_is_not_trusted_for_that() -> None:
    server = certificates.root("Stranger").intermediate().issue(HOST)
    stranger = certificates.root("Stranger")
    sent = stranger.issue(HOST).sending(stranger.certificate)

    assert Roots().judge(chain(sent), NOW).problem == "self-signed certificate in certificate chain"
    assert Roots().judge(chain(server), NOW).anchor is Anchor.NONE


def test_a_self_signed_certificate_is_named_as_such() -> None:
    verdict = Roots().judge(chain(certificates.self_signed(HOST)), NOW)

    assert verdict == ChainVerdict(Anchor.NONE, problem="self-signed certificate", depth=0)


def test_a_self_signed_certificate_that_is_listed_is_trusted_also_when_it_has_expired(tmp_path: Path) -> None:
    own = certificates.self_signed(HOST)
    late = certificates.self_signed(HOST, not_before=LONG_AGO, not_after=NOW - DAY)
    trusting = roots(tmp_path, *(c.certificate.public_bytes(Encoding.PEM) for c in (own, late)))

    assert trusting.judge(chain(own), NOW).anchor is Anchor.EXTRA
    assert trusting.judge(chain(late), NOW).anchor is Anchor.EXTRA


def test_an_intermediate_may_be_listed_without_its_root(tmp_path: Path, pki: Pki) -> None:
    trusting = roots(tmp_path, pki.intermediate.pem)

    assert trusting.judge(chain(pki.issue(HOST).sending()), NOW).root == "CN=Test Intermediate"


def test_a_server_certificate_cannot_issue_others(trusting: Roots, pki: Pki) -> None:
    middle = pki.issue("other.example.org")
    forged = Authority(middle.certificate, middle.key, (middle.certificate, *middle.chain)).issue(HOST)

    assert trusting.judge(chain(forged), NOW).problem == "invalid CA certificate"


@pytest.mark.parametrize("kind", ["ec", "ed25519", "rsa-2048", "rsa-1024"])
def test_keys_of_every_kind_are_followed(trusting: Roots, pki: Pki, kind: str) -> None:
    assert trusting.judge(chain(pki.issue(HOST, kind=kind)), NOW).anchor is Anchor.EXTRA


def test_a_certificate_without_san_is_judged_all_the_same(trusting: Roots, pki: Pki) -> None:
    plain = chain(pki.issue(HOST, san=False))

    assert trusting.judge(plain, NOW).anchor is Anchor.EXTRA
    assert (plain[0].has_san, plain[0].names) == (False, (HOST,))


def test_a_san_without_dns_names_is_not_an_absent_one(pki: Pki) -> None:
    mail = x509.SubjectAlternativeName([x509.RFC822Name("postmaster@example.org")])
    leaf = chain(pki.intermediate.issue(common_name=HOST, extensions=[mail]))[0]

    assert (leaf.has_san, leaf.names, leaf.common_names) == (True, (), (HOST,))


@pytest.mark.parametrize(
    ("usage", "fits"),
    [
        (None, True),
        ([ExtendedKeyUsageOID.SERVER_AUTH], True),
        ([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE], True),
        ([ExtendedKeyUsageOID.CLIENT_AUTH], False),
    ],
)
def test_extended_key_usage_says_whether_it_is_for_servers(
    pki: Pki, usage: list[x509.ObjectIdentifier] | None, *, fits: bool
) -> None:
    assert chain(pki.issue(HOST, usage=usage))[0].server_auth is fits


@settings(deadline=None)  # the first example loads the roots
@given(st.text(min_size=1, max_size=64))
def test_whatever_a_common_name_holds_is_carried_as_data(name: str) -> None:
    try:
        own = certificates.self_signed(HOST, common_name=name, san=False)
    except (ValueError, UnicodeError):
        return  # not a name that can be written into a certificate
    assert decode(own.der[0]).common_names == (name,)


def test_a_name_with_nul_is_carried_whole() -> None:
    own = certificates.self_signed("secure.example.org\0.evil.example", common_name="x\0\x1b[31m")

    leaf = decode(own.der[0])

    assert leaf.dns_names == ("secure.example.org\0.evil.example",)
    assert leaf.common_names == ("x\0\x1b[31m",)


@settings(deadline=None)  # the first example loads the roots
@given(st.binary(max_size=200))
def test_what_is_no_certificate_is_said_to_be_none(octets: bytes) -> None:
    with pytest.raises(UndecodableError):
        decode(octets)


@settings(deadline=None)  # the first example loads the roots
@given(st.data())
def test_a_damaged_certificate_is_decoded_or_refused_and_never_more(data: st.DataObject) -> None:
    octets = bytearray(DER)
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    try:
        leaf = decode(bytes(octets))
    except UndecodableError:
        return
    assert Roots().judge([leaf], NOW).anchor is Anchor.NONE


DER = certificates.root().issue(HOST, "*.example.org").der[0]


def test_a_chain_that_openssl_cannot_read_is_not_trusted(pki: Pki) -> None:
    leaf = chain(pki.issue(HOST))[0]
    broken = Certificate(**{n: getattr(leaf, n) for n in Certificate.__dataclass_fields__} | {"der": "AAAA"})

    assert "cannot be read" in Roots().judge([broken], NOW).problem


def test_what_is_recorded_holds_the_certificate_itself(pki: Pki) -> None:
    issued = pki.issue(HOST)
    leaf = chain(issued)[0]

    assert base64.b64decode(leaf.der) == issued.der[0]
    assert leaf.sha256 == issued.certificate.fingerprint(hashes.SHA256()).hex()
    assert (leaf.subject, leaf.issuer) == (f"CN={HOST}", "CN=Test Intermediate")


def test_a_file_of_extra_roots_is_not_read_without_end(tmp_path: Path) -> None:
    (tmp_path / "large.pem").write_bytes(b"\n" * 4_000_001)
    with pytest.raises(UserError, match=r"large\.pem is larger than 4000000 bytes"):
        Roots([tmp_path / "large.pem"])


def test_a_missing_file_of_extra_roots_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"extra_roots: .*absent\.pem cannot be read"):
        Roots([tmp_path / "absent.pem"])


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no certificate in PEM form"):
        roots(tmp_path, b"-----BEGIN NOTHING-----")


def test_a_file_with_a_damaged_certificate_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a certificate in .*extra\.pem is damaged"):
        roots(tmp_path, b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
