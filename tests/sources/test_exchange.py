"""Exchange as evidence: the lab's tenant live, the same tenant as PowerShell exports it, and a real export."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seppcheck.clients.exchange import ExchangeClient, exchange_client
from seppcheck.exchange.cmdlets import QUERIES, Query
from seppcheck.lab.services import CLIENT_ID
from seppcheck.lab.world import Lab, running
from seppcheck.model.evidence import Evidence, Unavailable
from seppcheck.model.exchange import OutboundConnectors, TransportRules
from seppcheck.model.outcomes import Reason
from seppcheck.model.sources import Session
from seppcheck.settings import Settings
from seppcheck.settings import file as settings_file
from seppcheck.sources import exchange
from tests.peers.pki import Credential, new_key, self_signed
from tests.shared_data import shared

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCES: dict[str, Callable[..., Any]] = {
    "Get-InboundConnector": exchange.inbound_connectors,
    "Get-OutboundConnector": exchange.outbound_connectors,
    "Get-TransportRule": exchange.transport_rules,
    "Get-AcceptedDomain": exchange.accepted_domains,
    "Get-DkimSigningConfig": exchange.dkim_signing_configs,
    "Get-HostedConnectionFilterPolicy": exchange.connection_filter_policies,
    "Get-RemoteDomain": exchange.remote_domains,
    "Get-OrganizationConfig": exchange.organization_config,
    "Get-ArcConfig": exchange.arc_config,
}


@pytest.fixture(scope="module")
def parallel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running("parallel", tmp_path_factory.mktemp("lab") / "parallel") as lab:
        yield lab


@pytest.fixture
def lab(parallel: Lab) -> Iterator[Lab]:
    """The lab, with its troubles and grants put back afterwards."""
    assert parallel.exchange is not None
    app = replace(parallel.exchange.app)
    yield parallel
    parallel.exchange.trouble.__init__()  # type: ignore[misc]  # a dataclass made anew in its place
    for name in ("secret", "roles", "directory_roles"):
        setattr(parallel.exchange.app, name, getattr(app, name))


def settings_of(lab: Lab, **changes: Any) -> Settings:
    settings = settings_file.load(lab.settings)
    section = settings.exchange
    assert section is not None
    return settings.model_copy(update={"exchange": section.model_copy(update=changes)})


def read(settings: Settings, cmdlet: str = "Get-TransportRule", now: datetime | None = None) -> Any:
    session = Session(settings, lambda: now or datetime.now(UTC), settings.run.deadline)
    return SOURCES[cmdlet](settings.site.tenant, session)


def reason_of(settings: Settings, cmdlet: str = "Get-TransportRule", now: datetime | None = None) -> Reason:
    found = read(settings, cmdlet, now)
    assert isinstance(found, Unavailable), found
    return found.reason


def exported(folder: Path, **info: Any) -> Settings:
    (folder / "seppcheck.toml").write_text(
        '[gateway]\nname = "gw.example"\n[exchange]\nexport = "export"\n[[domains]]\nname = "example.org"\n',
        encoding="utf-8",
    )
    if info:
        document = {"schema_version": 1, "collected_at": "2026-11-24T11:00:00Z", "counts": {}, **info}
        (folder / "export" / "export-info.json").write_text(json.dumps(document), encoding="utf-8")
    return settings_file.load(folder / "seppcheck.toml")


def as_powershell(objects: tuple[Any, ...]) -> Any:
    """Write what REST gave as Windows PowerShell 5.1 would: no sidecars, its dates, one object alone."""

    def shown(value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-][\d:]+)", value):
            moment = datetime.fromisoformat(re.sub(r"\.\d+", "", value))
            return f"/Date({int(moment.timestamp() * 1000)})/"
        return value

    plain = [{k: shown(v) for k, v in found.items() if "@" not in k} for found in objects]
    return plain[0] if len(plain) == 1 else plain


def queries() -> list[Query]:
    return [query for kind in QUERIES.values() for query in kind]


def export_from(client: ExchangeClient, folder: Path, encoding: str) -> dict[str, int]:
    counts = {}
    for query in queries():
        objects = client.invoke(query.cmdlet, query.arguments)
        counts[query.name] = len(objects)
        text = json.dumps(as_powershell(objects)) if objects else ""
        (folder / f"{query.name}.json").write_text(text, encoding=encoding)
    return counts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_live_and_export_give_the_same_evidence(encoding: str, lab: Lab, tmp_path: Path) -> None:
    live = settings_of(lab)
    (tmp_path / "export").mkdir()
    counts = export_from(exchange_client(live), tmp_path / "export", encoding)
    offline = exported(tmp_path, tenant=live.site.tenant.name, counts=counts)
    assert offline.site.tenant.name == live.site.tenant.name
    for cmdlet in SOURCES:
        one, other = read(live, cmdlet), read(offline, cmdlet, NOW)
        assert isinstance(one, Evidence), one
        assert isinstance(other, Evidence), other
        assert (type(one), one.objects) == (type(other), other.objects)  # type: ignore[attr-defined]  # all have them


def test_every_source_has_its_cmdlet() -> None:
    assert list(SOURCES) == list(dict.fromkeys(query.cmdlet for query in queries()))


def test_connectors_in_test_mode_are_seen(lab: Lab) -> None:
    assert lab.exchange is not None
    connector = lab.exchange.tenant.outbound.objects[0]
    connector["TestMode"] = True
    try:
        found = read(settings_of(lab), "Get-OutboundConnector")
    finally:
        connector["TestMode"] = False
    assert isinstance(found, OutboundConnectors)
    assert [each.flag("TestMode") for each in found.objects] == [True]


def test_what_is_not_configured_says_what_to_write() -> None:
    for section in (None, {"tenant": "x.onmicrosoft.com"}):
        settings = settings_file.from_arguments(["example.org"], "gw.example")
        exchange_section = section and settings.model_validate({"exchange": section}).exchange
        found = read(settings.model_copy(update={"exchange": exchange_section}))
        assert found.reason is Reason.NOT_CONFIGURED
        assert "[exchange]" in str(found.detail)


def test_a_secret_that_is_not_set_is_named(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_SECRET", raising=False)
    found = read(settings_of(lab, client_secret="env:NO_SUCH_SECRET"))
    assert found.reason is Reason.NOT_CONFIGURED
    assert "NO_SUCH_SECRET" in str(found.detail)


def test_a_wrong_secret_is_auth_failed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONG", "canary-wrong-secret")
    found = read(settings_of(lab, client_secret="env:WRONG"))
    assert found.reason is Reason.AUTH_FAILED
    assert "canary" not in str(found)


def test_an_unknown_app_and_an_unknown_tenant_are_auth_failed(lab: Lab) -> None:
    assert reason_of(settings_of(lab, client_id="other")) is Reason.AUTH_FAILED
    assert reason_of(settings_of(lab, tenant="other.onmicrosoft.com")) is Reason.AUTH_FAILED


def test_a_registered_certificate_opens_the_tenant(lab: Lab, tmp_path: Path) -> None:
    assert lab.exchange is not None
    credential = self_signed("app", kind="rsa-2048")
    credential.write(tmp_path / "app.pem")
    settings = settings_of(lab, client_secret=None, certificate=f"file:{tmp_path / 'app.pem'}", client_id=CLIENT_ID)
    assert reason_of(settings) is Reason.AUTH_FAILED
    lab.exchange.app.certificates.append(credential.certificate)
    assert isinstance(read(settings), TransportRules)
    Credential(credential.certificate, new_key("rsa-2048")).write(tmp_path / "app.pem")
    assert reason_of(settings) is Reason.NOT_CONFIGURED


def test_a_missing_app_role_and_a_missing_directory_role_are_named(lab: Lab) -> None:
    assert lab.exchange is not None
    lab.exchange.app.roles = ()
    found = read(settings_of(lab))
    assert (found.reason, "Exchange.ManageAsApp" in str(found.detail)) == (Reason.PERMISSION_MISSING, True)
    lab.exchange.app.roles, lab.exchange.app.directory_roles = ("Exchange.ManageAsApp",), ()
    found = read(settings_of(lab))
    assert (found.reason, "directory role" in str(found.detail)) == (Reason.PERMISSION_MISSING, True)


def test_an_authority_that_is_not_trusted_is_a_tls_error(lab: Lab) -> None:
    assert reason_of(settings_of(lab, ca_file=None)) is Reason.TLS_ERROR


def test_throttling_for_ever_ends_within_the_deadline(lab: Lab) -> None:
    assert lab.exchange is not None
    lab.exchange.trouble.throttle = 1000
    settings = settings_of(lab)
    short = settings.model_copy(update={"run": settings.run.model_copy(update={"deadline": 3.0})})
    assert reason_of(short) is Reason.THROTTLED


def test_a_list_that_is_cut_in_the_middle_is_incomplete(lab: Lab) -> None:
    assert lab.exchange is not None
    lab.exchange.trouble.page_size, lab.exchange.trouble.pages_expire = 4, True
    assert reason_of(settings_of(lab)) is Reason.INCOMPLETE
    lab.exchange.trouble.pages_expire = False
    found = read(settings_of(lab))
    assert isinstance(found, TransportRules)
    assert len(found.objects) == 9


def test_an_export_says_what_is_missing_and_how_to_make_it(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    assert reason_of(exported(tmp_path), now=NOW) is Reason.EXPIRED
    settings = exported(tmp_path, tenant="x.onmicrosoft.com")
    found = read(settings, now=NOW)
    assert found.reason is Reason.NOT_COLLECTED
    assert "seppcheck explain exchange-export" in str(found.detail)


def test_outbound_connectors_without_those_in_test_mode_are_not_collected(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "Get-OutboundConnector.json").write_text("[]", encoding="utf-8")
    settings = exported(tmp_path, tenant="x.onmicrosoft.com")
    assert reason_of(settings, "Get-OutboundConnector", NOW) is Reason.NOT_COLLECTED


def test_an_export_of_another_tenant_is_a_contradiction(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    settings = exported(tmp_path, tenant="other.onmicrosoft.com")
    assert settings.exchange is not None
    section = settings.exchange.model_copy(update={"tenant": "mine.onmicrosoft.com"})
    assert reason_of(settings.model_copy(update={"exchange": section}), now=NOW) is Reason.CONTRADICTION


def test_the_time_of_an_export_is_when_it_was_made(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "Get-TransportRule.json").write_text("[]", encoding="utf-8")
    found = read(exported(tmp_path, tenant="x.onmicrosoft.com"), now=NOW)
    assert (found.seen_at, found.asked) == (NOW - timedelta(hours=1), "export")


def test_a_real_export_loads_and_what_it_lacks_is_not_collected(tmp_path: Path) -> None:
    real = shared("exchange-export-real")
    shutil.copytree(real, tmp_path / "export")
    (tmp_path / "export").chmod(0o700)
    settings = exported(tmp_path, tenant="agency.onmicrosoft.com", counts={"Get-TransportRule": 2})
    sizes = {cmdlet: read(settings, cmdlet, NOW) for cmdlet in SOURCES}
    there = {cmdlet: len(found.objects) for cmdlet, found in sizes.items() if isinstance(found, Evidence)}  # type: ignore[attr-defined]  # all have them
    assert there.keys() == {path.stem for path in real.glob("Get-*.json")}
    missing = {cmdlet: found.reason for cmdlet, found in sizes.items() if isinstance(found, Unavailable)}
    assert set(missing.values()) == {Reason.NOT_COLLECTED}
    assert there["Get-OrganizationConfig"] == 1
