"""Who gets a token from the lab's Exchange Online, and what it opens."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import msal
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from seppcheck.lab.exchange.tokens import APP_ROLE, EXCHANGE_ADMINISTRATOR, GLOBAL_READER, SCOPES
from seppcheck.lab.services import CLIENT_ID
from tests.peers.https_client import Exchange

COMMAND = {"CmdletInput": {"CmdletName": "Get-TransportRule", "Parameters": {}}}


def claims(token: str) -> dict[str, object]:
    part = token.split(".")[1]
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def key_and_certificate() -> tuple[str, str]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "seppcheck")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return private.decode(), certificate.decode()


def acquire(exchange: Exchange, folder: object, credential: object) -> dict[str, object]:
    """Ask as msal does, with authority and trust overridden."""
    app = msal.ConfidentialClientApplication(
        CLIENT_ID,
        authority=f"https://127.0.0.1:{exchange.client._port}/{exchange.tenant.name}",
        client_credential=credential,
        instance_discovery=False,
        verify=str(folder),
    )
    found: dict[str, object] = app.acquire_token_for_client([SCOPES[0]])
    return found


@pytest.fixture
def root(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> str:
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # to requests they outrank what a session trusts
        monkeypatch.delenv(variable, raising=False)
    return f"{tmp_path}/lab/lab-ca.pem"


def test_a_token_says_what_the_app_may(parallel: Exchange) -> None:
    found = claims(parallel.token().json["access_token"])
    assert found["roles"] == [APP_ROLE]
    assert found["wids"] == [EXCHANGE_ADMINISTRATOR]
    assert found["tid"] == parallel.tenant.guid
    assert found["aud"] == "https://outlook.office365.com"


def test_msal_gets_one_with_the_secret(parallel: Exchange, root: str) -> None:
    found = acquire(parallel, root, parallel.service.app.secret)
    assert parallel.post(COMMAND, token=str(found["access_token"])).status == 200


def test_msal_gets_one_with_a_certificate_that_was_registered(parallel: Exchange, root: str) -> None:
    private, certificate = key_and_certificate()
    credential = {"private_key": private, "public_certificate": certificate}
    assert "AADSTS700027" in str(acquire(parallel, root, credential)["error_description"])
    parallel.service.app.trust(certificate)
    assert "access_token" in acquire(parallel, root, credential)


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "AADSTS7000215"),
        ({"client_id": "0b2f"}, 400, "AADSTS700016"),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "AADSTS500011"),
        ({"grant_type": "password"}, 400, "AADSTS70003"),
        ({"client_assertion": "no.jwt.at-all"}, 401, "AADSTS700027"),
    ],
)
def test_a_wrong_request_is_refused_by_its_code(
    parallel: Exchange, form: dict[str, str], status: int, code: str
) -> None:
    answer = parallel.token(**form)
    assert answer.status == status
    assert answer.json["error_description"].startswith(code)


def test_neither_grant_alone_opens_anything(parallel: Exchange) -> None:
    parallel.service.app.roles = ()
    assert parallel.post(COMMAND).status == 401
    parallel.service.app.roles, parallel.service.app.directory_roles = (APP_ROLE,), ()
    answer = parallel.post(COMMAND)
    assert (answer.status, set(answer.body)) == (403, {0})


def test_a_reader_reads_and_does_not_write(parallel: Exchange) -> None:
    parallel.service.app.directory_roles = (GLOBAL_READER,)
    assert parallel.post(COMMAND).status == 200
    assert parallel.invoke("Disable-TransportRule", Identity="[SEPPmail] - 100 Route incoming e-mails").status == 403
    answer = parallel.client.ask(
        "GET",
        f"/adminapi/v1.0/{parallel.tenant.guid}/EXOModuleFile?Version=3.9.2",
        Authorization=f"Bearer {parallel.token().json['access_token']}",
    )
    exported = answer.json["value"][0]["exportedCmdlets"].split(",")
    assert "Get-TransportRule" in exported
    assert all(name.startswith("Get-") for name in exported)


@pytest.mark.parametrize("token", ["", "a.b.c", "e30.e30.", "ü"])
def test_a_token_of_somebody_elses_is_401(parallel: Exchange, token: str) -> None:
    answer = parallel.client.ask(
        "POST",
        f"/adminapi/beta/{parallel.tenant.guid}/InvokeCommand",
        json.dumps(COMMAND).encode(),
        Authorization=f"Bearer {token}",
    )
    assert answer.status == 401
