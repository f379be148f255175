"""Python's own SMTP client against the lab's gateway."""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from seppcheck.lab.world import Lab, running
from seppcheck.scenarios import BROKEN
from seppcheck.scenarios.shape import GATEWAY, Presented

GREETING = f"220 {GATEWAY} ESMTP\r\n".encode()


def connect(lab: Lab, address: str = "127.0.0.1") -> smtplib.SMTP:
    client = smtplib.SMTP(timeout=10, local_hostname="audit.lab.test")
    client._host = GATEWAY  # the name that the certificate is verified against
    code, _ = client.connect(address, lab.smtp_port)
    assert code == 220
    client._host = GATEWAY
    return client


def trusting(lab: Lab) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=lab.folder / "lab-ca.pem")


def presented(lab: Lab) -> x509.Certificate:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with connect(lab) as client:
        client.starttls(context=context)
        der = client.sock.getpeercert(binary_form=True)
    assert der is not None
    return x509.load_der_x509_certificate(der)


def test_every_address_greets_with_the_name_of_the_gateway_and_offers_starttls(lab: Lab) -> None:
    for address in lab.smtp_addresses:
        with connect(lab, address) as client:
            client.ehlo()
            assert client.ehlo_resp.decode().splitlines()[0] == GATEWAY
            assert client.has_extn("starttls")


def test_the_chain_reaches_the_authority_of_the_folder_under_the_gateways_name(lab: Lab) -> None:
    with connect(lab) as client:
        client.starttls(context=trusting(lab))
        client.ehlo()
        assert not client.has_extn("starttls")
        assert client.noop()[0] == 250


def test_it_takes_no_mail_and_says_so(lab: Lab) -> None:
    with connect(lab) as client:
        assert client.docmd("MAIL FROM:<a@kunde.test>")[0] == 503
        client.ehlo()
        assert client.mail("a@kunde.test")[0] == 250
        code, words = client.rcpt("b@kunde.test")
        assert code == 550
        assert b"takes no mail" in words
        assert client.docmd("DATA")[0] == 554


def test_quit_is_answered_before_the_connection_ends(lab: Lab) -> None:
    client = connect(lab)
    assert client.quit()[0] == 221


def test_an_unknown_command_and_a_long_line_are_refused_and_the_dialogue_goes_on(lab: Lab) -> None:
    with connect(lab) as client:
        assert client.docmd("XYZZY")[0] == 502
        assert client.docmd("NOOP " + "x" * 600)[0] == 500
        assert client.docmd("NOOP")[0] == 250


def test_a_line_without_an_end_closes_the_connection(lab: Lab) -> None:
    with socket.create_connection(("127.0.0.1", lab.smtp_port), timeout=10) as sock, sock.makefile("rb") as replies:
        assert replies.readline().startswith(b"220 ")
        sock.sendall(b"x" * 3000)
        assert replies.readline().startswith(b"500 ")


def test_endless_commands_are_ended(lab: Lab) -> None:
    with connect(lab) as client:
        codes = [client.noop()[0] for _ in range(101)]
    assert codes == [250] * 100 + [421]


def test_commands_smuggled_in_before_the_handshake_are_forgotten(lab: Lab) -> None:
    context = trusting(lab)
    with socket.create_connection(("127.0.0.1", lab.smtp_port), timeout=10) as sock:
        replies = sock.makefile("rb")
        replies.readline()
        sock.sendall(b"STARTTLS\r\nMAIL FROM:<smuggled@kunde.test>\r\n")
        assert replies.readline().startswith(b"220 ")
        replies.close()
        with context.wrap_socket(sock, server_hostname=GATEWAY) as secure, secure.makefile("rb") as answers:
            secure.sendall(b"NOOP\r\n")
            assert answers.readline().startswith(b"250 2.0.0")


def test_a_handshake_that_fails_harms_nobody_else(lab: Lab) -> None:
    with socket.create_connection(("127.0.0.1", lab.smtp_port), timeout=10) as sock, sock.makefile("rb") as replies:
        replies.readline()
        sock.sendall(b"STARTTLS\r\n")
        replies.readline()
        sock.sendall(b"this is no handshake\r\n" * 3)
        replies.read()
    with connect(lab) as client:
        assert client.noop()[0] == 250


def test_connections_beyond_the_limit_are_told_to_come_back(own_lab: Lab) -> None:
    held = [socket.create_connection(("127.0.0.1", own_lab.smtp_port), timeout=10) for _ in range(100)]
    try:
        for sock in held:
            assert sock.recv(4) == b"220 "
        with socket.create_connection(("127.0.0.1", own_lab.smtp_port), timeout=10) as late:
            assert late.recv(4) == b"421 "
    finally:
        for sock in held:
            sock.close()


def test_banner_and_certificate_change_while_it_runs(own_lab: Lab) -> None:
    own_lab.gateway.banner = "mail.secmail365.test ESMTP"
    own_lab.present(Presented(names=("mail.secmail365.test",)))
    with smtplib.SMTP(timeout=10) as client:
        _, words = client.connect("127.0.0.1", own_lab.smtp_port)
        assert words == b"mail.secmail365.test ESMTP"
    names = presented(own_lab).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["mail.secmail365.test"]


def test_without_its_intermediate_the_chain_does_not_reach_the_authority(own_lab: Lab) -> None:
    own_lab.present(Presented(with_intermediate=False))
    with connect(own_lab) as client, pytest.raises(ssl.SSLCertVerificationError, match="issuer"):
        client.starttls(context=trusting(own_lab))


def test_certificates_are_valid_by_the_clock_of_the_lab(tmp_path: Path) -> None:
    then = datetime(2031, 5, 1, tzinfo=UTC)
    with running("ready", tmp_path / "ready", clock=lambda: then) as ready:
        certificate = presented(ready)
    assert certificate.not_valid_before_utc < then < certificate.not_valid_after_utc
    with running(BROKEN, tmp_path / "broken", clock=lambda: then) as broken:
        assert presented(broken).not_valid_after_utc == then - timedelta(days=3)


def test_a_lab_ends_while_clients_are_connected(tmp_path: Path) -> None:
    before = threading.active_count()
    with running("ready", tmp_path / "lab") as lab:
        mail = socket.create_connection(("127.0.0.1", lab.smtp_port), timeout=10)
        names = socket.create_connection(("127.0.0.1", lab.dns_port), timeout=10)
        mail.recv(4)
    with mail, names:
        assert threading.active_count() == before
        for sock in (mail, names):
            with suppress(ConnectionResetError):
                while received := sock.recv(100):
                    assert received in GREETING
