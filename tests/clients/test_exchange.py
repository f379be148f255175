from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from seppcheck.clients.exchange import ExchangeClient
from seppcheck.clients.exchange_faults import is_not_found, is_refused_for_good, is_taken
from seppcheck.clients.http import HttpFault
from seppcheck.clients.token_claims import Claims, claims_of
from seppcheck.clients.tokens import App
from seppcheck.model.outcomes import Reason
from seppcheck.secrets import Secret
from tests.clients.facing_exchange import GRANTED, SECRET, TENANT, TENANT_ID, Fake, client_for, token_of
from tests.clients.https_server import Asked, Reply, https_server
from tests.peers.pki import Credential, Pki, new_key, self_signed

Facing = Callable[..., ExchangeClient]

AMBIGUOUS = "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException"


@pytest.fixture
def facing(pki: Pki, tmp_path: Path) -> Iterator[Facing]:
    with ExitStack() as stack:

        def start(fake: Fake, **how: Any) -> ExchangeClient:
            server = stack.enter_context(https_server(pki.issue("localhost"), tmp_path, fake))
            return client_for(server.url, pki, tmp_path, **how)

        yield start


def fault_of(client: ExchangeClient, cmdlet: str = "Get-TransportRule") -> HttpFault:
    with pytest.raises(HttpFault) as caught:
        client.invoke(cmdlet)
    return caught.value


def error(*, internal: str = "", detail: str = "", outer: str = "Invalid Operation") -> Mapping[str, Any]:
    body: dict[str, Any] = {"code": "BadRequest", "message": outer}
    if detail:
        body["details"] = [{"code": "Client", "target": "", "message": detail}]
    if internal:
        body["innererror"] = {"internalexception": {"message": internal, "type": AMBIGUOUS, "stacktrace": ""}}
    return {"error": body}


def test_a_command_is_sent_as_the_module_sends_it(facing: Facing) -> None:
    fake = Fake(lambda _: Reply(200, {"value": [{"Name": "a"}], "@adminapi.warnings": []}))
    client = facing(fake)
    assert client.invoke("Get-InboundConnector", {"ResultSize": "Unlimited"}) == ({"Name": "a"},)
    asked = fake.commands[0]
    assert asked.path == f"/adminapi/beta/{TENANT}/InvokeCommand"
    assert json.loads(asked.body) == {
        "CmdletInput": {"CmdletName": "Get-InboundConnector", "Parameters": {"ResultSize": "Unlimited"}}
    }
    sent = {name: asked.headers[name] for name in ("x-anchormailbox", "x-cmdletname", "x-responseformat", "prefer")}
    assert sent == {
        "x-anchormailbox": f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT_ID}",
        "x-cmdletname": "Get-InboundConnector",
        "x-responseformat": "json",
        "prefer": "odata.maxpagesize=1000",
    }
    assert asked.headers["authorization"] == f"Bearer {token_of(GRANTED)}"


def test_one_token_serves_a_whole_run(facing: Facing) -> None:
    fake = Fake()
    client = facing(fake)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client.invoke, ["Get-TransportRule"] * 8))
    assert (fake.tokens_asked, len(fake.commands)) == (1, 8)


def test_no_more_than_four_commands_are_asked_at_once(facing: Facing) -> None:
    now, most = [0], [0]

    def slow(_: Asked) -> Reply:
        now[0] += 1
        most[0] = max(most[0], now[0])
        time.sleep(0.1)
        now[0] -= 1
        return Reply(200, {"value": []})

    client = facing(Fake(slow))
    with ThreadPoolExecutor(9) as pool:
        list(pool.map(client.invoke, ["Get-TransportRule"] * 9))
    assert most[0] <= 4


def test_a_wrong_secret_is_told_in_microsofts_words_and_tried_once(facing: Facing) -> None:
    said = f"AADSTS7000215: Invalid client secret provided ({SECRET}). Trace ID: 1 Correlation ID: 2"
    fake = Fake(token=lambda _: Reply(401, {"error": "invalid_client", "error_description": said}))
    client = facing(fake)
    fault = fault_of(client)
    assert fault.reason is Reason.AUTH_FAILED
    assert "AADSTS7000215: Invalid client secret provided" in str(fault)
    assert "Trace ID" not in str(fault)
    assert SECRET not in str(fault)
    fault_of(client)
    assert fake.tokens_asked == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(200, b"<html>sign in</html>"), Reason.MALFORMED),
        (Reply(200, b""), Reason.MALFORMED),
        (Reply(200, {}), Reason.AUTH_FAILED),
        (Reply(200, []), Reason.MALFORMED),
        (Reply(429, b"", {"Retry-After": "1"}), Reason.THROTTLED),
        (Reply(503, b""), Reason.THROTTLED),
        (Reply(500, b"oops"), Reason.REFUSED),
    ],
)
def test_a_token_endpoint_in_trouble_has_its_reason(reply: Reply, reason: Reason, facing: Facing) -> None:
    assert fault_of(facing(Fake(token=lambda _: reply))).reason is reason


def test_the_secret_is_not_sent_where_the_authority_points_elsewhere(facing: Facing) -> None:
    fake = Fake(elsewhere="https://thief.example")
    assert fault_of(facing(fake)).reason is Reason.MALFORMED
    assert fake.tokens_asked == 0


def test_a_token_without_the_app_role_is_told_before_anything_is_asked(facing: Facing) -> None:
    fake = Fake(claims={**GRANTED, "roles": ["Exchange.ManageAsAppV2"]})
    fault = fault_of(facing(fake))
    assert fault.reason is Reason.PERMISSION_MISSING
    assert "Exchange.ManageAsApp" in str(fault)
    assert not fake.commands


@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_directory_role_is_named(status: int, facing: Facing) -> None:
    fake = Fake(lambda _: Reply(status, b"\0" * 300), claims={**GRANTED, "wids": []})
    fault = fault_of(facing(fake))
    assert fault.reason is Reason.PERMISSION_MISSING
    assert "directory role" in str(fault)


def test_a_role_group_of_exchange_is_enough_without_a_directory_role(facing: Facing) -> None:
    assert facing(Fake(claims={**GRANTED, "wids": []})).invoke("Get-TransportRule") == ()


def test_a_403_of_nul_bytes_names_the_cmdlet(facing: Facing) -> None:
    fault = fault_of(facing(Fake(lambda _: Reply(403, b"\0" * 300))))
    assert fault.reason is Reason.PERMISSION_MISSING
    assert "Get-TransportRule" in str(fault)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (error(internal=f"|{AMBIGUOUS}|inner words", detail="|x|detail words"), "inner words"),
        (error(detail="|x|detail words"), "detail words"),
        (error(outer="outer words"), "outer words"),
        (b"plain words", "plain words"),
        ({"error": "odd"}, "odd"),
        ([1], "[1]"),
    ],
)
def test_the_innermost_sentence_is_the_one_that_counts(body: Any, words: str, facing: Facing) -> None:
    fault = fault_of(facing(Fake(lambda _: Reply(400, body))))
    assert fault.reason is Reason.REFUSED
    assert words in str(fault)
    assert AMBIGUOUS not in str(fault)


def test_a_token_that_exchange_does_not_take_is_auth_failed(facing: Facing) -> None:
    assert fault_of(facing(Fake(lambda _: Reply(401, b"")))).reason is Reason.AUTH_FAILED


def test_throttling_is_waited_out(facing: Facing) -> None:
    replies = [Reply(429, b"wait", {"Retry-After": "0"}), Reply(503, b"", {"Retry-After": "0"})]
    fake = Fake(lambda _: replies.pop() if replies else Reply(200, {"value": [{"Name": "a"}]}))
    assert facing(fake).invoke("Get-TransportRule") == ({"Name": "a"},)


@pytest.mark.parametrize("wish", ["0", "3600", "x"])
def test_throttling_for_ever_ends_in_time(wish: str, facing: Facing) -> None:
    client = facing(Fake(lambda _: Reply(429, b"", {"Retry-After": wish})), seconds=1.5)
    start = time.monotonic()
    assert fault_of(client).reason is Reason.THROTTLED
    assert time.monotonic() - start < 3


def test_a_busy_tenant_is_throttled_whatever_the_status(facing: Facing) -> None:
    words = b"You have reached the maximum number of concurrent requests per tenant. Please wait and try again"
    assert fault_of(facing(Fake(lambda _: Reply(400, words)), seconds=1)).reason is Reason.THROTTLED


def test_a_command_that_writes_is_never_sent_twice(facing: Facing) -> None:
    fake = Fake(lambda _: Reply(503, b"", {"Retry-After": "0"}))
    fault_of(facing(fake), "New-InboundConnector")
    assert len(fake.commands) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(429, b"", {"Retry-After": "0"}),
        Reply(400, b"You have reached the maximum number of concurrent requests per tenant.", {"Retry-After": "0"}),
    ],
)
def test_a_command_that_was_turned_away_unrun_is_sent_again_even_if_it_writes(reply: Reply, facing: Facing) -> None:
    replies = [reply, reply]
    fake = Fake(lambda _: replies.pop() if replies else Reply(200, {"value": []}))
    assert facing(fake).invoke("New-InboundConnector") == ()
    assert len(fake.commands) == 3


@pytest.mark.parametrize(
    ("reply", "undone"),
    [
        (Reply(400, error(internal="|x|no")), True),
        (Reply(401, b""), True),
        (Reply(403, b"\0" * 64), True),
        (Reply(404, b""), True),
        (Reply(429, b"", {"Retry-After": "600"}), True),
        (Reply(302, b"", {"Location": "https://elsewhere.example"}), True),
        (Reply(400, error(internal="|x|this issue may be transient")), False),
        (Reply(400, error(internal="|x|no"), {"X-ExceptionType": "UnableToWriteToAadException"}), False),
        (Reply(408, b""), False),
        (Reply(500, b""), False),
        (Reply(502, b""), False),
        (Reply(503, b"", {"Retry-After": "1"}), False),
        (Reply(504, b""), False),
        (Reply(200, b"<html>"), False),
        (Reply(200, {"value": None}), False),
        (Reply(raw=b""), False),
        (Reply(200, {"value": []}, pause=1), False),
    ],
)
def test_whether_a_command_was_surely_not_run_is_told(reply: Reply, undone: bool, facing: Facing) -> None:
    fake = Fake(lambda _: reply)
    assert fault_of(facing(fake, seconds=1), "New-TransportRule").undone is undone
    assert len(fake.commands) == 1


def test_without_a_token_no_command_was_run(facing: Facing) -> None:
    fake = Fake(token=lambda _: Reply(raw=b""))
    assert fault_of(facing(fake), "New-TransportRule").undone
    fake = Fake(claims={**GRANTED, "roles": []})
    assert fault_of(facing(fake), "New-TransportRule").undone


def test_the_type_of_exchanges_exception_is_told(facing: Facing) -> None:
    kind = "Microsoft.Exchange.Management.Tasks.OrganizationInboundConnectorProhibitedException"
    detailed = fault_of(facing(Fake(lambda _: Reply(400, error(detail=f"|{kind}|not here")))), "New-InboundConnector")
    assert (detailed.kind, is_refused_for_good(detailed), is_not_found(detailed)) == (kind, True, False)
    coded = fault_of(facing(Fake(lambda _: Reply(400, error(outer="EX505293: no")))), "New-InboundConnector")
    assert (coded.kind, is_refused_for_good(coded)) == ("", True)
    internal = fault_of(facing(Fake(lambda _: Reply(400, error(internal="words")))), "New-InboundConnector")
    assert (internal.kind, is_refused_for_good(internal)) == (AMBIGUOUS, False)


def test_what_is_not_there_and_what_is_there_already_are_told_apart(facing: Facing) -> None:
    gone = error(detail="|x.ManagementObjectNotFoundException|object 'a' couldn't be found")
    fault = fault_of(facing(Fake(lambda _: Reply(400, gone))), "Remove-TransportRule")
    assert (is_not_found(fault), is_taken(fault)) == (True, False)
    taken = error(detail="|x.InvalidOperationException|ErrorRuleAlreadyExists: it already exists")
    fault = fault_of(facing(Fake(lambda _: Reply(400, taken))), "New-TransportRule")
    assert (is_not_found(fault), is_taken(fault)) == (False, True)


def test_a_missing_right_to_write_names_the_role_that_has_it(facing: Facing) -> None:
    fault = fault_of(facing(Fake(lambda _: Reply(403, b"\0" * 300))), "New-TransportRule")
    assert "Exchange Administrator" in str(fault)
    assert "Global Reader" not in str(fault)


def test_what_a_write_answers_is_no_list_that_could_be_cut(facing: Facing) -> None:
    warned = {"value": [], "@adminapi.warnings": ["not all settings have been modified"], "@odata.nextLink": "x"}
    assert facing(Fake(lambda _: Reply(200, warned))).invoke("Set-TransportRule") == ()
    assert facing(Fake(lambda _: Reply(204, b""))).invoke("Remove-TransportRule") == ()


def test_each_command_may_have_its_own_time(facing: Facing) -> None:
    replies = [Reply(200, {"value": []}, pause=1), Reply(200, {"value": []})]
    client = facing(Fake(lambda _: replies.pop(0)), seconds=math.inf, each=1.0)
    assert fault_of(client, "New-TransportRule").reason is Reason.TIMEOUT
    time.sleep(0.5)
    assert client.invoke("Get-TransportRule") == ()


def test_with_time_of_its_own_a_command_asks_again_after_an_outage_of_tokens(facing: Facing) -> None:
    replies = [Reply(503, b"")]
    granted = {"access_token": token_of(GRANTED), "expires_in": 3599, "token_type": "Bearer"}
    fake = Fake(token=lambda _: replies.pop() if replies else Reply(200, granted))
    client = facing(fake, seconds=math.inf, each=5.0)
    assert fault_of(client).reason is Reason.THROTTLED
    assert client.invoke("Get-TransportRule") == ()


def test_a_wrong_secret_is_tried_once_however_long_the_client_lasts(facing: Facing) -> None:
    fake = Fake(token=lambda _: Reply(401, {"error": "invalid_client", "error_description": "AADSTS7000215: no"}))
    client = facing(fake, seconds=math.inf, each=5.0)
    assert [fault_of(client).reason for _ in range(2)] == [Reason.AUTH_FAILED] * 2
    assert fake.tokens_asked == 1


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(200, {"value": [{"exportedCmdlets": "Get-A, Set-A"}, {"exportedCmdlets": "Get-B"}]}), 3),
        (Reply(200, {"value": [{"exportedCmdlets": ""}]}), None),
        (Reply(200, {"value": [{"other": 1}, 2]}), None),
        (Reply(200, {"value": {}}), None),
        (Reply(200, []), None),
        (Reply(200, b"<html>"), None),
        (Reply(403, b"\0" * 64), None),
        (Reply(404, b""), None),
        (Reply(302, b"", {"Location": "https://elsewhere.example"}), None),
    ],
)
def test_which_cmdlets_the_app_may_call_is_asked_as_the_module_asks(
    reply: Reply, told: int | None, facing: Facing
) -> None:
    fake = Fake(lambda _: reply)
    found = facing(fake).exported_cmdlets()
    assert (len(found) if found else None) == told
    (asked,) = fake.commands
    assert (asked.method, asked.path) == ("GET", f"/adminapi/v1.0/{TENANT}/EXOModuleFile?Version=3.9.2")
    assert asked.headers["commandname"] == "*"
    assert "x-cmdletname" not in asked.headers


def test_a_silent_exchange_ends_in_time(facing: Facing) -> None:
    client = facing(Fake(lambda _: Reply(200, {"value": []}, pause=1)), seconds=1)
    start = time.monotonic()
    assert fault_of(client).reason is Reason.TIMEOUT
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    "body", [b"<html>", b"", b'{"value": [1]}', b'{"value": null}', b"[]", b'{"value": [{"a": NaN}]}', b'{"value": [']
)
def test_what_is_no_list_of_objects_is_malformed(body: bytes, facing: Facing) -> None:
    assert fault_of(facing(Fake(lambda _: Reply(200, body)))).reason is Reason.MALFORMED


def test_pages_of_the_same_host_are_put_together(facing: Facing) -> None:
    def pages(asked: Asked) -> Reply:
        if "skip" in asked.path:
            return Reply(200, {"value": [{"Name": "b"}]})
        return Reply(200, {"value": [{"Name": "a"}], "@odata.nextLink": f"https://{asked.headers['host']}/x?skip=1"})

    fake = Fake(pages)
    assert [found["Name"] for found in facing(fake).invoke("Get-TransportRule")] == ["a", "b"]
    assert fake.commands[0].body == fake.commands[1].body


def test_a_page_at_another_host_gets_no_token_and_makes_the_list_incomplete(facing: Facing) -> None:
    fake = Fake(lambda _: Reply(200, {"value": [], "@odata.nextLink": "https://thief.example/x"}))
    assert fault_of(facing(fake)).reason is Reason.INCOMPLETE


def test_a_page_that_cannot_be_had_makes_the_list_incomplete(facing: Facing) -> None:
    def pages(asked: Asked) -> Reply:
        if "skip" in asked.path:
            return Reply(400, error(internal="|x|Expired or Invalid pagination request"))
        return Reply(200, {"value": [{}], "@odata.nextLink": f"https://{asked.headers['host']}/x?skip=1"})

    fault = fault_of(facing(Fake(pages)))
    assert fault.reason is Reason.INCOMPLETE
    assert "pagination" in str(fault)


def test_pages_without_end_are_incomplete(facing: Facing) -> None:
    fake = Fake(lambda a: Reply(200, {"value": [], "@odata.nextLink": f"https://{a.headers['host']}/x"}))
    assert fault_of(facing(fake, seconds=30)).reason is Reason.INCOMPLETE


def test_a_warning_of_more_results_makes_the_list_incomplete(facing: Facing) -> None:
    more = "There are more results available than are currently displayed. Increase the value for ResultSize."
    fake = Fake(lambda _: Reply(200, {"value": [{}], "@adminapi.warnings": [more]}))
    assert fault_of(facing(fake)).reason is Reason.INCOMPLETE


def test_another_warning_is_no_reason_to_doubt_the_list(facing: Facing) -> None:
    fake = Fake(lambda _: Reply(200, {"value": [{}], "@adminapi.warnings": ["The object has been corrupted."]}))
    assert facing(fake).invoke("Get-TransportRule") == ({},)


@pytest.mark.parametrize("token", ["", "a.b", "opaque", "a.!!.c", "a.W10.c", "a.bnVsbA.c"])
def test_a_token_that_cannot_be_read_says_nothing(token: str) -> None:
    assert claims_of(token) == Claims()
    assert not claims_of(token).lacks_app_role


def rsa_app(credential: Credential) -> App:
    return App(TENANT, "client-1", certificate=Secret(credential.pem.decode()))


def test_a_certificate_signs_an_assertion_and_its_key_stays_here(
    facing: Facing, pki: Pki, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[bytes] = []

    def grant(asked: Asked) -> Reply:
        seen.append(asked.body)
        return Reply(200, {"access_token": token_of(GRANTED), "expires_in": 3599, "token_type": "Bearer"})

    app = rsa_app(pki.issue("app", kind="rsa-2048"))
    assert facing(Fake(token=grant), app=app).invoke("Get-TransportRule") == ()
    assert b"client_assertion=" in seen[0]
    assert b"PRIVATE" not in seen[0]
    assert "PRIVATE KEY" not in caplog.text


@pytest.mark.parametrize(
    ("pem", "said"),
    [
        ("nothing", "no certificate with its private key"),
        (self_signed("app").pem.decode(), "no RSA key"),
    ],
)
def test_a_file_that_cannot_serve_says_why_and_shows_nothing(pem: str, said: str) -> None:
    with pytest.raises(HttpFault) as caught:
        App(TENANT, "c", certificate=Secret(pem)).credential()
    assert caught.value.reason is Reason.NOT_CONFIGURED
    assert said in str(caught.value)
    assert pem[40:80] not in str(caught.value) or not pem[40:80]


def test_a_key_of_another_certificate_is_refused() -> None:
    one = self_signed("app", kind="rsa-2048")
    pem = Credential(one.certificate, new_key("rsa-2048")).pem.decode()
    with pytest.raises(HttpFault, match="belongs to its private key"):
        App(TENANT, "c", certificate=Secret(pem)).credential()


def test_no_secret_is_in_a_fault_or_a_log(facing: Facing, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fault = fault_of(facing(Fake(lambda _: Reply(400, error(outer="no")))))
    shown = f"{fault!r} {fault.__dict__} {caplog.text}"
    assert SECRET not in shown
    assert "canary-token-signature" not in shown
