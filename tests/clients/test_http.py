"""HTTPS as a client meets it: right, wrong, slow, endless, and hostile."""

from __future__ import annotations

import hashlib
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from seppcheck.clients.http import HttpClient, HttpFault, Trust
from seppcheck.clients.http_answer import HttpAnswer
from seppcheck.clients.http_trust import fingerprint_of
from seppcheck.model.outcomes import Reason
from tests.clients.https_server import Answer, HttpsServer, Reply, https_server
from tests.peers.pki import DAY, Credential, Pki, self_signed

SECRET = "canary-4711"

Serve = Callable[..., HttpsServer]


@pytest.fixture
def serve(pki: Pki, tmp_path: Path) -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(answer: Answer | Reply, credential: Credential | None = None) -> HttpsServer:
            given = answer if callable(answer) else lambda _: answer
            folder = tmp_path / str(time.monotonic_ns())
            folder.mkdir()
            return stack.enter_context(https_server(credential or pki.issue("localhost"), folder, given))

        yield start


@pytest.fixture
def client(pki: Pki, tmp_path: Path) -> Iterator[HttpClient]:
    (tmp_path / "ca.pem").write_bytes(pki.root.pem)
    made = HttpClient(Trust(ca_file=tmp_path / "ca.pem"))
    yield made
    made.close()


def fault_of(client: HttpClient, url: str, **how: object) -> HttpFault:
    with pytest.raises(HttpFault) as caught:
        client.request("GET", url, **how)  # type: ignore[arg-type]  # tests give what they like
    return caught.value


def test_an_answer_comes_with_status_headers_and_body(serve: Serve, client: HttpClient) -> None:
    server = serve(Reply(201, {"a": 1}, {"X-Thing": "yes"}))
    answer = client.request("POST", f"{server.url}/x", json={"q": [True]}, headers={"Authorization": SECRET})
    assert (answer.status, answer.headers["x-thing"], answer.json()) == (201, "yes", {"a": 1})
    assert (server.asked[0].body, server.asked[0].headers["authorization"]) == (b'{"q": [true]}', SECRET)


def test_a_form_is_sent_as_a_form(serve: Serve, client: HttpClient) -> None:
    server = serve(Reply())
    client.request("POST", server.url, form={"grant_type": "client_credentials"})
    assert server.asked[0].body == b"grant_type=client_credentials"


def test_a_redirect_is_not_followed_and_the_secret_stays(serve: Serve, client: HttpClient) -> None:
    thief = serve(Reply())
    server = serve(Reply(302, b"", {"Location": thief.url}))
    answer = client.request("GET", server.url, headers={"Authorization": SECRET})
    with pytest.raises(HttpFault) as caught:
        answer.require_success()
    assert caught.value.reason is Reason.MALFORMED
    assert thief.url in str(caught.value)
    assert not thief.asked


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, Reason.AUTH_FAILED),
        (403, Reason.PERMISSION_MISSING),
        (429, Reason.THROTTLED),
        (503, Reason.THROTTLED),
        (400, Reason.REFUSED),
        (404, Reason.REFUSED),
        (500, Reason.REFUSED),
    ],
)
def test_a_status_stands_for_a_reason(status: int, reason: Reason, serve: Serve, client: HttpClient) -> None:
    server = serve(Reply(status, b"no such luck", {"Retry-After": "7"}))
    with pytest.raises(HttpFault) as caught:
        client.request("GET", server.url).require_success()
    assert (caught.value.reason, caught.value.status, caught.value.retry_after) == (reason, status, 7.0)
    assert "no such luck" in str(caught.value)


def test_a_refusal_of_nul_bytes_says_nothing_but_its_status() -> None:
    with pytest.raises(HttpFault) as caught:
        HttpAnswer("h", 403, {}, b"\0" * 400).require_success()
    assert str(caught.value) == "h answers 403"


def test_a_web_page_is_not_repeated_in_a_sentence() -> None:
    with pytest.raises(HttpFault) as caught:
        HttpAnswer("h", 404, {}, b"<html><script>x</script></html>").require_success()
    assert str(caught.value) == "h answers 404"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\0",
        b"<html>",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"{",
        b"\xff\xfe{}",
        b"[" * 10**5,
    ],
    ids=["empty", "nul", "html", "doubled", "nan", "infinity", "cut", "not-utf-8", "deep"],
)
def test_what_is_no_sound_json_is_malformed(body: bytes) -> None:
    with pytest.raises(HttpFault) as caught:
        HttpAnswer("h", 200, {}, body).json()
    assert caught.value.reason is Reason.MALFORMED


def test_a_byte_order_mark_is_no_part_of_json() -> None:
    assert HttpAnswer("h", 200, {}, b'\xef\xbb\xbf{"a": 1}').json() == {"a": 1}


@pytest.mark.parametrize("value", ["soon", "-3", "99999999999999"])
def test_nonsense_in_retry_after_is_no_wish(value: str) -> None:
    assert HttpAnswer("h", 429, {"retry-after": value}, b"").retry_after is None


def test_retry_after_may_be_a_date_that_is_past() -> None:
    assert HttpAnswer("h", 429, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, b"").retry_after == 0.0


def test_a_body_over_the_limit_is_malformed(serve: Serve, client: HttpClient) -> None:
    server = serve(Reply(200, b"x" * 100_000))
    assert fault_of(client, server.url, limit=50_000).reason is Reason.MALFORMED


def test_a_body_that_dribbles_ends_in_time(serve: Serve, client: HttpClient) -> None:
    server = serve(Reply(200, b"x" * 1000, pause=0.05))
    start = time.monotonic()
    assert fault_of(client, server.url, seconds=0.5).reason is Reason.TIMEOUT
    assert time.monotonic() - start < 2


def test_a_server_that_says_nothing_ends_in_time(client: HttpClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://localhost:{silent.getsockname()[1]}"
        assert fault_of(client, url, seconds=0.3).reason is Reason.TIMEOUT


def test_a_closed_port_refuses(client: HttpClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert fault_of(client, f"https://127.0.0.1:{port}").reason is Reason.REFUSED


def test_an_unknown_name_is_unreachable(client: HttpClient) -> None:
    assert fault_of(client, "https://no-such-host.invalid").reason is Reason.UNREACHABLE


@pytest.mark.parametrize(
    "raw",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab", b"hello\r\n\r\n"],
    ids=["nothing", "cut", "no-http"],
)
def test_an_answer_that_is_no_whole_http_is_malformed(raw: bytes, serve: Serve, client: HttpClient) -> None:
    assert fault_of(client, serve(Reply(raw=raw)).url).reason is Reason.MALFORMED


def test_an_answer_packed_unasked_is_malformed(serve: Serve, client: HttpClient) -> None:
    server = serve(Reply(200, b"x", {"Content-Encoding": "gzip"}))
    assert fault_of(client, server.url).reason is Reason.MALFORMED
    assert server.asked[0].headers["accept-encoding"] == "identity"


def test_a_chain_to_nobody_we_trust_is_a_tls_error(serve: Serve) -> None:
    fault = fault_of(HttpClient(), serve(Reply()).url)
    assert (fault.reason, fault.untrusted) == (Reason.TLS_ERROR, True)
    assert "not trusted" in str(fault)


def test_the_environment_of_requests_changes_no_trust(
    serve: Serve, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.pem").write_bytes(pki.root.pem)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "other.pem"))
    assert fault_of(HttpClient(), serve(Reply()).url).reason is Reason.TLS_ERROR


def test_ssl_cert_file_is_honoured(serve: Serve, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "company.pem").write_bytes(pki.root.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "company.pem"))
    assert HttpClient().request("GET", serve(Reply(204)).url).status == 204


@pytest.mark.parametrize("how", [{"not_after": "past"}, {"names": "other"}], ids=["expired", "other-name"])
def test_an_expired_certificate_and_another_name_are_tls_errors(
    how: dict[str, str], serve: Serve, client: HttpClient, pki: Pki
) -> None:
    if "names" in how:
        credential = pki.issue("other.example")
    else:
        now = pki.root.certificate.not_valid_after_utc - 90 * DAY
        credential = pki.issue("localhost", not_before=now - 9 * DAY, not_after=now - DAY)
    fault = fault_of(client, serve(Reply(), credential).url)
    assert (fault.reason, fault.untrusted) == (Reason.TLS_ERROR, True)


def test_a_pinned_certificate_needs_neither_chain_nor_name(serve: Serve) -> None:
    credential = self_signed("appliance.example")
    pin = "sha256:" + hashlib.sha256(credential.der[0]).hexdigest()
    server = serve(Reply(204), credential)
    assert HttpClient(Trust(fingerprint=pin)).request("GET", server.url).status == 204


def test_another_certificate_than_the_pinned_one_gets_no_secret(serve: Serve, pki: Pki) -> None:
    server = serve(Reply(204), pki.issue("localhost"))
    client = HttpClient(Trust(fingerprint="sha256:" + "ab" * 32))
    fault = fault_of(client, server.url, headers={"Authorization": SECRET})
    assert (fault.reason, fault.untrusted) == (Reason.TLS_ERROR, True)
    assert not server.asked


def test_the_fingerprint_of_a_certificate_can_be_told_before_it_is_trusted(serve: Serve) -> None:
    credential = self_signed("appliance.example")
    port = int(serve(Reply(), credential).url.rpartition(":")[2])
    assert fingerprint_of("127.0.0.1", port, 5) == "sha256:" + hashlib.sha256(credential.der[0]).hexdigest()
    assert fingerprint_of("127.0.0.1", 1, 1) == ""


def test_a_file_without_certificates_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing", encoding="utf-8")
    with pytest.raises(HttpFault) as caught:
        HttpClient(Trust(ca_file=tmp_path / "empty.pem"))
    assert caught.value.reason is Reason.NOT_CONFIGURED


def test_plain_http_is_never_spoken(client: HttpClient) -> None:
    assert fault_of(client, "http://127.0.0.1:1/").reason is Reason.UNREACHABLE


def test_a_netrc_does_not_replace_our_credentials(
    serve: Serve, client: HttpClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login someone password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve(Reply())
    client.request("GET", server.url, headers={"Authorization": SECRET})
    assert server.asked[0].headers["authorization"] == SECRET


def test_cookies_are_not_kept(serve: Serve, client: HttpClient) -> None:
    server = serve(Reply(200, b"", {"Set-Cookie": "session=1"}))
    client.request("GET", server.url)
    client.request("GET", server.url)
    assert "cookie" not in server.asked[1].headers


def test_no_secret_is_in_a_fault_or_a_log(serve: Serve, client: HttpClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fault = fault_of(client, serve(Reply(raw=b"")).url, headers={"Authorization": SECRET}, json={"s": SECRET})
    assert SECRET not in f"{fault!r} {fault.__dict__} {caplog.text}"
    assert fault.__cause__ is None
    assert fault.__context__ is None


def test_a_request_that_was_never_sent_is_surely_undone(serve: Serve, client: HttpClient) -> None:
    stranger = serve(Reply(), self_signed("localhost"))
    for url in ("https://127.0.0.1:1", "https://none.invalid", stranger.url):
        assert fault_of(client, url).undone
    assert not stranger.asked
    pinned = HttpClient(Trust(fingerprint="sha256:" + "0" * 64))
    assert fault_of(pinned, serve(Reply()).url).undone
    pinned.close()


def test_a_request_that_was_sent_may_have_been_done(serve: Serve, client: HttpClient) -> None:
    assert not fault_of(client, serve(Reply(raw=b"")).url).undone
    assert not fault_of(client, serve(Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")).url).undone
    assert not fault_of(client, serve(Reply(body=b"slow", pause=2)).url, seconds=0.5).undone
