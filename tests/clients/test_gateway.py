"""The gateway's API is only ever read, at three places, and its secrets stay where they are."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.clients.gateway import Credentials, GatewayClient, NotReadableError, without_secrets
from seppcheck.clients.http import HttpFault, Trust
from seppcheck.model.outcomes import Reason
from seppcheck.secrets import Secret
from tests.clients.https_server import HttpsServer, Reply, https_server
from tests.peers.pki import Pki, self_signed

TOKEN, SECRET = "canary-token-1", "canary-secret-2"
CREDENTIALS = Credentials(Secret(TOKEN), Secret(SECRET))


@pytest.fixture
def ca_file(pki: Pki, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(pki.root.pem)
    return path


@contextmanager
def gateway(pki: Pki, folder: Path, reply: Reply) -> Iterator[HttpsServer]:
    with https_server(pki.issue("localhost"), folder, lambda asked: reply) as server:
        yield server


def ask(server: HttpsServer, trust: Trust, path: str = "/mailsystem/manageddomain") -> Any:
    client = GatewayClient(f"{server.url}/v1", CREDENTIALS, trust)
    try:
        return client.get(path, 10)
    finally:
        client.close()


def test_the_request_carries_token_and_secret_in_its_headers(pki: Pki, tmp_path: Path, ca_file: Path) -> None:
    with gateway(pki, tmp_path, Reply(body={"k": []})) as server:
        assert ask(server, Trust(ca_file)) == {"k": []}
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("GET", "/v1/mailsystem/manageddomain")
    assert (asked.headers["x-sm-api-token"], asked.headers["x-sm-api-secret"]) == (TOKEN, SECRET)


@pytest.mark.parametrize(
    "path", ["/mailsystem/manageddomain", "/customer", "/customer/Kunde_1-a", "/customer/[default]"]
)
def test_three_paths_may_be_read(pki: Pki, tmp_path: Path, ca_file: Path, path: str) -> None:
    with gateway(pki, tmp_path, Reply(body={})) as server:
        assert ask(server, Trust(ca_file), path) == {}


@pytest.mark.parametrize(
    "path",
    [
        "/system/applySysconfig?applySysconfig=all",
        "/statistics?rebuildList=true",
        "/mailsystem/manageddomain/example.org",
        "/mailsystem/manageddomain?x=1",
        "/mailsystem/manageddomain/../../system/applySysconfig",
        "/customer/..",
        "/customer/a/adminuser",
        "/customer/a%2f..",
        "/customer/",
        "/customer/a?x",
        "/customer\n",
        "customer",
        "",
    ],
)
def test_no_other_path_reaches_a_socket(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*arguments: object) -> None:
        raise AssertionError("a socket was opened")

    client = GatewayClient("https://localhost:1/v1", CREDENTIALS, Trust())
    monkeypatch.setattr(socket, "socket", opened)
    monkeypatch.setattr(socket, "getaddrinfo", opened)
    with pytest.raises(NotReadableError):
        client.get(path, 5)


@pytest.mark.parametrize(
    ("reply", "reason", "words"),
    [
        (Reply(401, {"errorMessage": "Unauthorized"}), Reason.AUTH_FAILED, "Unauthorized"),
        (Reply(403, b"\0" * 40), Reason.PERMISSION_MISSING, "403"),
        (Reply(429, b""), Reason.THROTTLED, "429"),
        (Reply(503, b"<html>busy</html>"), Reason.THROTTLED, "503"),
        (Reply(500, {"errorCode": 3, "errorMessage": "database is locked"}), Reason.REFUSED, "database is locked"),
        (
            Reply(400, {"errors": [{"message": "Expected boolean", "path": "/list"}]}),
            Reason.REFUSED,
            "Expected boolean",
        ),
        (Reply(500, b"plain words"), Reason.REFUSED, "plain words"),
        (Reply(404, b"<html><script>x</script></html>"), Reason.REFUSED, "404"),
        (Reply(200, b""), Reason.MALFORMED, "empty"),
        (Reply(200, b"<!DOCTYPE html><p>log in"), Reason.MALFORMED, "web page"),
        (Reply(200, b'{"a": 1, "a": 2}'), Reason.MALFORMED, "twice"),
        (Reply(200, b'{"a": NaN}'), Reason.MALFORMED, "NaN"),
        (Reply(200, b"[" * 200_000), Reason.MALFORMED, "JSON"),
        (Reply(302, b"", {"Location": "https://elsewhere.example/"}), Reason.MALFORMED, "not followed"),
    ],
)
def test_each_failure_has_its_reason_and_the_peers_words(
    pki: Pki, tmp_path: Path, ca_file: Path, reply: Reply, reason: Reason, words: str
) -> None:
    with gateway(pki, tmp_path, reply) as server, pytest.raises(HttpFault) as fault:
        ask(server, Trust(ca_file))
    assert fault.value.reason is reason
    assert words in str(fault.value.detail)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"errorMessage": f"token {TOKEN} and {SECRET} are not known"},
        f"no such {TOKEN}:{SECRET}".encode(),
        {"errorMessage": "-----BEGIN PRIVATE KEY-----CANARY"},
        b"-----BEGIN RSA PRIVATE KEY-----CANARY",
        {"dkim": {"privateKey": "CANARY"}},
    ],
)
def test_no_secret_travels_with_an_error(pki: Pki, tmp_path: Path, ca_file: Path, body: Any) -> None:
    with gateway(pki, tmp_path, Reply(500, body)) as server, pytest.raises(HttpFault) as fault:
        ask(server, Trust(ca_file))
    told = repr(fault.value) + str(fault.value.detail) + repr(fault.value.__dict__)
    assert not [secret for secret in (TOKEN, SECRET, "CANARY") if secret in told]


def test_a_certificate_of_its_own_making_is_refused_and_the_message_says_how_to_pin_it(tmp_path: Path) -> None:
    own = self_signed("localhost")
    with https_server(own, tmp_path, lambda asked: Reply(body={})) as server:
        with pytest.raises(HttpFault) as fault:
            ask(server, Trust())
        told = str(fault.value.detail)
        pin = told.partition('fingerprint = "')[2].partition('"')[0]

        assert fault.value.reason is Reason.TLS_ERROR
        assert server.asked == []
        assert ask(server, Trust(fingerprint=pin)) == {}


def test_a_certificate_other_than_the_pinned_one_is_refused(pki: Pki, tmp_path: Path) -> None:
    with gateway(pki, tmp_path, Reply(body={})) as server, pytest.raises(HttpFault) as fault:
        ask(server, Trust(fingerprint="sha256:" + "0" * 64))
    assert fault.value.reason is Reason.TLS_ERROR
    assert server.asked == []


@pytest.mark.parametrize(
    "name",
    [
        "privateKey",
        "PRIVATEKEY",
        "private_key",
        "bindPassword",
        "BindPasswd",
        "clientSecret",
        "api-token",
        "apiKey",
        "passphrase",
    ],
)
def test_members_named_like_secrets_are_dropped(name: str) -> None:
    value = {"a": [{name: "CANARY", "publicKey": "p"}], name: {"x": ["CANARY"]}}
    assert without_secrets(value) == {"a": [{"publicKey": "p"}]}


KEYS = st.sampled_from(["privateKey", "bindPassword", "PRIVATEKEY", "domainName", "dkim", "ldap"])
NESTED = st.recursive(
    st.just("CANARY") | st.none(), lambda i: st.lists(i, max_size=3) | st.dictionaries(KEYS, i), max_leaves=20
)


@given(NESTED)
def test_what_stays_holds_no_member_named_like_a_secret(value: Any) -> None:
    left = json.dumps(without_secrets(value)).lower()
    assert "privatekey" not in left
    assert "password" not in left
