"""The lab's REST API answers as the vendor's OpenAPI says, and as the appliance is known to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from seppcheck.lab import GatewayApi, Lab, Response, running
from seppcheck.lab.gateway_api import BIND_PASSWORD, error
from tests.peers.https_client import Answer, Client
from tests.shared_data import shared


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running("ready", tmp_path_factory.mktemp("lab") / "ready") as lab:
        yield lab


@pytest.fixture
def api(ready: Lab) -> Iterator[GatewayApi]:
    assert ready.api is not None
    yield ready.api
    ready.api.answers.clear()
    ready.api.asked.clear()


def secret(lab: Lab, name: str) -> str:
    return (lab.folder / "secrets" / f"api-{name}.txt").read_text(encoding="utf-8").strip()


def get(lab: Lab, path: str, method: str = "GET", **headers: str) -> Answer:
    given = {"X_SM_API_TOKEN": secret(lab, "token"), "X_SM_API_SECRET": secret(lab, "secret"), **headers}
    return Client(lab.ports.api, lab.authority.root_pem).ask(method, f"/v1{path}", **given)


def schema(path: str) -> Any:
    """The vendor's schema of a successful answer."""
    document = yaml.safe_load(shared("seppmail_rest_api.yaml").read_text(encoding="utf-8"))
    return document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize(
    ("path", "documented"),
    [
        ("/mailsystem/manageddomain", "/mailsystem/manageddomain"),
        ("/mailsystem/manageddomain?list=true", "/mailsystem/manageddomain"),
        ("/mailsystem/manageddomain?domainName=kunde.test", "/mailsystem/manageddomain"),
        ("/mailsystem/manageddomain?customer=nachbar", "/mailsystem/manageddomain"),
        ("/customer", "/customer"),
        ("/customer?list=true", "/customer"),
        ("/customer/kunde", "/customer/{customer}"),
    ],
)
@pytest.mark.parametrize("scenario", ["ready", "inline"])
def test_every_answer_is_of_the_vendors_schema(scenario: str, path: str, documented: str, tmp_path: Path) -> None:
    expected = schema(documented)
    with running(scenario, tmp_path / "lab") as lab:
        answer = get(lab, path)
    assert answer.status == 200
    jsonschema.Draft202012Validator(expected, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER).validate(
        answer.json
    )


def test_domains_stand_under_their_customers_and_the_default_one_too(ready: Lab, api: GatewayApi) -> None:
    names = get(ready, "/mailsystem/manageddomain?list=true").json
    assert names == {
        "kunde": ["kunde.test", "praxis.test"],
        "nachbar": ["nachbar.test"],
        "[default]": ["secmail365.test"],
    }
    assert get(ready, "/customer/%5Bdefault%5D").json["[default]"]["mailRoutes"] == ["secmail365.test"]


def test_a_domain_that_is_not_there_is_an_empty_object_and_a_customer_an_error(ready: Lab, api: GatewayApi) -> None:
    assert get(ready, "/mailsystem/manageddomain?domainName=fremd.test").json == {}
    answer = get(ready, "/customer/Kunde")  # names are case-sensitive
    assert answer.status == 500
    assert set(answer.json) == {"errorCode", "errorMessage"}


def test_the_smarthost_is_there_in_parallel_operation_and_absent_inline(ready: Lab, tmp_path: Path) -> None:
    path = "/mailsystem/manageddomain?domainName=kunde.test"
    assert get(ready, path).json["kunde"][0]["smarthost"]["host"] == "kunde-test.mail.protection.outlook.com"
    with running("inline", tmp_path / "lab") as lab:
        assert "smarthost" not in get(lab, path).json["kunde"][0]


def test_umlauts_come_back_as_utf_8_misread(ready: Lab, api: GatewayApi) -> None:
    assert get(ready, "/customer/kunde").json["kunde"]["description"] == "Kunde GebÃ¤udetechnik AG"


def test_private_keys_and_passwords_are_in_the_answers(ready: Lab, api: GatewayApi) -> None:
    domain = get(ready, "/mailsystem/manageddomain").json["kunde"][0]
    assert "PRIVATE KEY" in domain["dkim"]["privateKey"]
    assert domain["externalAuthentication"]["ldap"]["bindPassword"] == BIND_PASSWORD


def test_a_wrong_secret_is_401_and_anything_but_a_get_403(ready: Lab, api: GatewayApi) -> None:
    assert get(ready, "/customer", X_SM_API_SECRET="other").status == 401
    assert get(ready, "/mailsystem/manageddomain/kunde.test", "PUT").status == 403
    assert get(ready, "/system/applySysconfig?applySysconfig=all").status == 403
    assert api.asked[-1] == ("GET", "/v1/system/applySysconfig")


def test_any_answer_can_be_asked_for(ready: Lab, api: GatewayApi) -> None:
    api.answers += [error(500, "database locked"), Response(502, b"<html>", {"Content-Type": "text/html"})]
    assert get(ready, "/customer").json == {"errorCode": 500, "errorMessage": "database locked"}
    assert get(ready, "/customer").body == b"<html>"
    assert get(ready, "/customer").status == 200
