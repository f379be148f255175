"""The source `rest` against a real HTTPS server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seppcheck.api import Gateway, Reason, Session, Unavailable
from seppcheck.clock import utc_now
from seppcheck.model.gateway_api import ApiDomain, GatewayApi
from seppcheck.settings import file as settings_file
from seppcheck.sources.gateway_rest import gateway_api
from tests.clients.https_server import Answer, Asked, HttpsServer, Reply, https_server
from tests.peers.pki import Pki

DOMAIN = {
    "domainName": "example.org",
    "dkim": {"enabled": True, "privateKey": "CANARY-KEY", "publicKey": "MIIB"},
    "externalAuthentication": {"ldap": {"bindPassword": "CANARY-PASSWORD"}},
}
Ask = Callable[..., GatewayApi | Unavailable]


@pytest.fixture
def ask(pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Serve an answer, and run the source against it with settings of a file."""
    monkeypatch.setenv("TEST_TOKEN", "canary-token")
    monkeypatch.setenv("TEST_SECRET", "canary-secret")
    (tmp_path / "ca.pem").write_bytes(pki.root.pem)

    def run(answer: Answer, more: str = "", servers: list[HttpsServer] | None = None) -> GatewayApi | Unavailable:
        with https_server(pki.issue("localhost"), tmp_path, answer) as server:
            if servers is not None:
                servers.append(server)
            path = tmp_path / "seppcheck.toml"
            path.write_text(settings_text(server.url) + more.replace("URL", server.url), encoding="utf-8")
            return gateway_api(Gateway("secure.example.org"), Session(settings_file.load(path), utc_now, 20.0))

    return run


def settings_text(url: str) -> str:
    return (
        '[[domains]]\nname = "example.org"\n[gateway]\nname = "secure.example.org"\n'
        f'[gateway.api]\nurl = "{url}/v1"\ntoken = "env:TEST_TOKEN"\nsecret = "env:TEST_SECRET"\nca_file = "ca.pem"\n'
    )


def by_path(**replies: Any) -> Answer:
    def answer(asked: Asked) -> Reply:
        given = replies.get(asked.path.rpartition("/")[2], Reply(500, {"errorMessage": "no such path"}))
        return given if isinstance(given, Reply) else Reply(body=given)

    return answer


def test_managed_domains_are_read_and_no_secret_is_in_them(ask: Ask) -> None:
    found = ask(by_path(manageddomain={"kunde": [DOMAIN]}))

    assert isinstance(found, GatewayApi)
    (node,) = found.nodes
    assert node.domains == (ApiDomain("example.org", "kunde", "", dkim_enabled=True, dkim_public_key="MIIB"),)
    assert "CANARY" not in repr(found).upper()


def test_customers_are_asked_only_where_they_can_add_something(ask: Ask) -> None:
    servers: list[HttpsServer] = []
    customers = {"kunde": {"mailRoutes": ["example.org"]}}
    found = ask(by_path(manageddomain={"[default]": [DOMAIN]}, customer=customers), servers=servers)
    assert isinstance(found, GatewayApi)
    assert found.nodes[0].domains[0].customer == "kunde"
    ask(by_path(manageddomain={"kunde": [DOMAIN]}), servers=servers)
    assert [len(server.asked) for server in servers] == [2, 1]


def test_customers_that_cannot_be_read_change_nothing(ask: Ask) -> None:
    found = ask(by_path(manageddomain={"[default]": [DOMAIN]}, customer=Reply(403)))
    assert isinstance(found, GatewayApi)
    assert found.nodes[0].domains[0].customer == "[default]"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(401), Reason.AUTH_FAILED),
        (Reply(500, {"errorMessage": "x"}), Reason.REFUSED),
        (Reply(body=[]), Reason.MALFORMED),
    ],
)
def test_a_failure_is_unavailable_with_its_reason_and_address(ask: Ask, answer: Reply, reason: Reason) -> None:
    found = ask(lambda asked: answer)
    assert isinstance(found, Unavailable)
    assert found.reason is reason
    assert found.asked.startswith("https://localhost:")
    assert "canary" not in repr(found)


def test_a_secret_that_is_not_set_is_named(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_SECRET")
    servers: list[HttpsServer] = []
    found = ask(by_path(manageddomain={}), servers=servers)
    assert isinstance(found, Unavailable)
    assert found.reason is Reason.NOT_CONFIGURED
    assert "TEST_SECRET" in str(found.detail)
    assert found.asked
    assert servers[0].asked == []


def test_every_machine_of_a_cluster_is_asked_and_one_that_fails_fails_all(ask: Ask) -> None:
    nodes = (
        '[[gateway.nodes]]\nname = "secure.example.org"\n[[gateway.nodes]]\nname = "b.example.org"\napi_url = "URL/b"\n'
    )
    servers: list[HttpsServer] = []
    found = ask(by_path(manageddomain={"kunde": [DOMAIN]}), nodes, servers)
    assert isinstance(found, GatewayApi)
    assert [asked.path for asked in servers[0].asked] == ["/v1/mailsystem/manageddomain", "/b/mailsystem/manageddomain"]
    refused = ask(lambda asked: Reply(503) if asked.path.startswith("/b") else Reply(body={}), nodes)
    assert isinstance(refused, Unavailable)
    assert refused.reason is Reason.THROTTLED


def test_without_settings_it_is_not_configured_and_nobody_was_asked(tmp_path: Path) -> None:
    settings = settings_file.from_arguments(["example.org"], "secure.example.org")
    found = gateway_api(Gateway("secure.example.org"), Session(settings, utc_now, 20.0))
    assert isinstance(found, Unavailable)
    assert (found.reason, found.asked) == (Reason.NOT_CONFIGURED, "")
