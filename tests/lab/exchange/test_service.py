"""InvokeCommand: shapes of answers and errors, and trouble on demand."""

from __future__ import annotations

import time

import pytest

from seppcheck.lab import Response
from tests.peers.https_client import Exchange


def test_lists_and_numbers_have_sidecar_keys(parallel: Exchange) -> None:
    (connector,) = parallel.run("Get-InboundConnector", ResultSize="Unlimited")
    assert connector["SenderDomains"] == ["smtp:*;1"]
    assert connector["SenderDomains@odata.type"] == "#Collection(String)"
    rule = parallel.run("Get-TransportRule")[0]
    assert rule["Priority"] == 0
    assert rule["Priority@data.type"] == "System.Int32"
    assert rule["WhenChanged"].endswith(".0000000+00:00")


def test_an_answer_has_its_warnings_and_is_complete_without_a_next_link(parallel: Exchange) -> None:
    answer = parallel.invoke("Get-AcceptedDomain").json
    assert answer["@adminapi.warnings"] == []
    assert "@odata.nextLink" not in answer
    assert [d["DomainName"] for d in answer["value"]] == ["kunde.test", "praxis.test", "kunde-test.onmicrosoft.com"]


@pytest.mark.parametrize(
    ("noun", "count"),
    [
        ("DkimSigningConfig", 2),
        ("HostedConnectionFilterPolicy", 1),
        ("RemoteDomain", 1),
        ("OrganizationConfig", 1),
        ("ArcConfig", 1),
    ],
)
def test_the_other_objects_are_there(parallel: Exchange, noun: str, count: int) -> None:
    assert len(parallel.run(f"Get-{noun}")) == count


def test_a_selection_gives_these_properties_alone(parallel: Exchange) -> None:
    path = f"/adminapi/beta/{parallel.tenant.name}/InvokeCommand?$select=Name,Enabled"
    (connector,) = parallel.invoke("Get-InboundConnector", path).json["value"]
    assert set(connector) == {"Name", "Enabled"}


def test_an_unknown_parameter_is_the_documented_400(parallel: Exchange) -> None:
    answer = parallel.invoke("Get-TransportRule", BogusParameter=1)
    error = answer.json["error"]
    assert answer.status == 400
    kind = "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException"
    assert error["innererror"]["internalexception"]["type"] == kind
    assert error["details"][0]["message"].startswith(f"|{kind}|")
    assert "BogusParameter" in error["details"][0]["message"]


def test_a_wrong_member_lists_the_right_ones_without_details(parallel: Exchange) -> None:
    answer = parallel.invoke("New-InboundConnector", Name="x", ConnectorType="Partners")
    assert "details" not in answer.json["error"]
    assert "OnPremises, Partner" in parallel.refusal("New-InboundConnector", Name="x", ConnectorType="Partners")


def test_an_unknown_cmdlet_is_403_and_no_json(parallel: Exchange) -> None:
    answer = parallel.invoke("Get-Mailbox")
    assert answer.status == 403
    assert set(answer.body) == {0}


@pytest.mark.parametrize("content", [None, {}, {"CmdletInput": {"CmdletName": "Get-ArcConfig", "Parameters": None}}])
def test_parameters_must_be_an_object(parallel: Exchange, content: object) -> None:
    assert parallel.post(content).status == 400


def test_a_tenant_that_is_asked_too_much_says_when_to_come_back(parallel: Exchange) -> None:
    parallel.service.trouble.throttle = 2
    parallel.service.trouble.retry_after = "3"
    answers = [parallel.invoke("Get-ArcConfig") for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "3"


def test_nul_bytes_and_any_other_answer_can_be_asked_for(parallel: Exchange) -> None:
    parallel.service.trouble.forbid = 1
    parallel.service.trouble.answers.append(Response(200, b"<html>", {"Content-Type": "text/html"}))
    assert parallel.invoke("Get-ArcConfig").body == b"<html>"
    assert parallel.invoke("Get-ArcConfig").body == b"\0" * 64
    assert parallel.invoke("Get-ArcConfig").status == 200


def next_path(answer: dict[str, str]) -> str:
    return "/" + answer["@odata.nextLink"].split("/", 3)[3]


def test_a_list_comes_in_pages_when_asked_for(parallel: Exchange) -> None:
    parallel.service.trouble.page_size = 4
    first = parallel.invoke("Get-TransportRule").json
    second = parallel.invoke("Get-TransportRule", next_path(first)).json
    third = parallel.invoke("Get-TransportRule", next_path(second)).json
    assert [len(page["value"]) for page in (first, second, third)] == [4, 4, 1]
    assert "@odata.nextLink" not in third


def test_a_page_that_another_server_is_asked_for_has_expired(parallel: Exchange) -> None:
    parallel.service.trouble.page_size = 4
    parallel.service.trouble.pages_expire = True
    answer = parallel.invoke("Get-TransportRule", next_path(parallel.invoke("Get-TransportRule").json))
    assert answer.status == 400
    assert "Expired or Invalid pagination request" in answer.body.decode()


def test_an_answer_can_be_late(parallel: Exchange) -> None:
    parallel.service.trouble.latency = 0.3
    begun = time.monotonic()
    parallel.service.tenant.lock.acquire()
    parallel.service.tenant.lock.release()
    assert parallel.client.ask("GET", "/nothing").status == 404
    assert time.monotonic() - begun >= 0.3
