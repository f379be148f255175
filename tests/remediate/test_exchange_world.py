"""Exchange Online is written to: every write of a migration, there and back, and under every fault."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seppcheck.lab import Response
from seppcheck.lab.exchange.refusals import Invalid, refused
from seppcheck.lab.exchange.tokens import GLOBAL_READER
from seppcheck.lab.exchange.trouble import Mishap
from seppcheck.model.changes import DnsImage, ExchangeImage
from seppcheck.planning.exchange_images import Noun, with_properties
from seppcheck.remediate.exchange_world import exchange_world
from seppcheck.remediate.worlds import WorldFault
from seppcheck.scenarios.tenants import INBOUND, OUTBOUND, RULE
from tests.remediate.migrating_tenant import (
    NEW_INBOUND,
    NEW_OUTBOUND,
    NEW_RULE,
    MigratingTenant,
    Step,
    migrating_tenant,
)

QUICK = [mishap for mishap in Mishap if "silent" not in mishap]
SILENT = [mishap for mishap in Mishap if "silent" in mishap]


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[MigratingTenant]:
    with migrating_tenant(tmp_path / "lab") as made:
        yield made


@pytest.fixture
def inline(tmp_path: Path) -> Iterator[MigratingTenant]:
    with migrating_tenant(tmp_path / "lab", "half-migrated") as made:
        yield made


def fault_of(tenant: MigratingTenant, before: ExchangeImage | None, after: ExchangeImage | None) -> WorldFault:
    with pytest.raises(WorldFault) as caught:
        tenant.world.write(before, after)
    return caught.value


def written(tenant: MigratingTenant) -> list[str]:
    return [name for name in tenant.exchange.invoked if not name.startswith("Get-")]


def test_a_migration_there_and_back_leaves_the_tenant_as_it_was(tenant: MigratingTenant) -> None:
    before = tenant.state()
    assert tenant.there_and_back(tenant.forwards()) == 50
    assert tenant.state() == before
    assert not tenant.faults


def test_in_between_it_is_what_a_migration_leaves(tenant: MigratingTenant) -> None:
    for step in tenant.forwards():
        tenant.carry(*step)
    assert [image.name for image in tenant.images(Noun.TRANSPORT_RULE)] == [RULE]
    (outbound,) = tenant.images(Noun.OUTBOUND_CONNECTOR)
    (inbound,) = tenant.images(Noun.INBOUND_CONNECTOR)
    assert outbound.properties["ValidationRecipients"] == NEW_OUTBOUND.properties["ValidationRecipients"]
    assert inbound.properties["Enabled"] is True


@pytest.mark.parametrize("mishap", QUICK)
def test_each_write_of_a_migration_survives_every_mishap(tenant: MigratingTenant, mishap: Mishap) -> None:
    before = tenant.state()
    tenant.exchange.trouble.retry_after = "0"

    def struck() -> Iterator[Step]:
        for step in tenant.forwards():
            tenant.exchange.trouble.spoil(mishap)
            yield step

    tenant.there_and_back(struck())
    assert tenant.state() == before
    assert not tenant.exchange.trouble.writes
    clear = mishap in (Mishap.THROTTLED, Mishap.HALF_VISIBLE)  # waited out by the client, and by whoever proves it
    assert len(tenant.faults) == (0 if clear else 25)
    assert all(fault.unclear is (mishap is not Mishap.REFUSED) for fault in tenant.faults)
    # 25 there and 25 back, one more to complete the outbound connector; a refused one is run again, and what its
    # server does not know yet is completed at the third attempt
    assert len(written(tenant)) == 51 + {Mishap.REFUSED: 25, Mishap.HALF_VISIBLE: 2}.get(mishap, 0)


@pytest.mark.parametrize("mishap", QUICK)
def test_each_write_back_survives_every_mishap(tenant: MigratingTenant, mishap: Mishap) -> None:
    before = tenant.state()
    tenant.exchange.trouble.retry_after = "0"
    done = []
    for step in tenant.forwards():
        tenant.carry(*step)
        done.append(step)
    for old, new in reversed(done):
        tenant.exchange.trouble.spoil(mishap)
        made = None if new is None else tenant.renewed(replace(new, guid=new.guid or new.name))
        tenant.carry(made, old)
    assert tenant.state() == before


@pytest.mark.parametrize("mishap", SILENT)
def test_a_write_that_is_never_answered_is_looked_for_before_it_is_sent_again(
    tenant: MigratingTenant, mishap: Mishap
) -> None:
    tenant.world = tenant.impatient(1.5)
    rule = tenant.image(Noun.TRANSPORT_RULE, RULE)
    steps: list[Step] = [
        (None, NEW_INBOUND),
        (rule, with_properties(rule, State="Disabled")),
        (rule, with_properties(rule, Name="another", State="Disabled")),
        (rule, None),
    ]
    for before, after in steps:
        tenant.exchange.trouble.spoil(mishap)
        begun = time.monotonic()
        tenant.carry(before, after)
        assert time.monotonic() - begun < 10
    assert [fault.unclear for fault in tenant.faults] == [True] * 4
    assert "whether New-InboundConnector took effect" in str(tenant.faults[0])
    assert written(tenant) == [
        "New-InboundConnector",
        "Disable-TransportRule",
        "Set-TransportRule",
        "Remove-TransportRule",
    ]


def test_a_connector_whose_completion_failed_is_finished_by_writing_again(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.spoil("refused", "Set-OutboundConnector")
    fault = fault_of(tenant, None, NEW_OUTBOUND)
    assert not fault.unclear
    half = tenant.world.read(NEW_OUTBOUND)
    assert half is not None
    assert "ValidationRecipients" in str(tenant.world.unproven(None, NEW_OUTBOUND))
    tenant.world.write(half, NEW_OUTBOUND)
    assert tenant.world.unproven(None, NEW_OUTBOUND) is None
    assert written(tenant) == ["New-OutboundConnector", "Set-OutboundConnector", "Set-OutboundConnector"]


def test_a_connector_that_its_server_does_not_know_yet_is_completed_when_it_does(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.spoil("half-visible", "New-OutboundConnector", unseen=3)
    tenant.world.write(None, NEW_OUTBOUND)
    assert written(tenant) == ["New-OutboundConnector", *["Set-OutboundConnector"] * 4]
    assert tenant.world.unproven(None, NEW_OUTBOUND) is None


def test_a_connector_that_is_never_known_ends_in_a_fault(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.spoil("half-visible", "New-OutboundConnector", unseen=50)
    assert "Set-OutboundConnector" in str(fault_of(tenant, None, NEW_OUTBOUND))
    assert tenant.world.read(NEW_OUTBOUND) is None
    assert str(tenant.world.unproven(None, NEW_OUTBOUND)).startswith("Exchange Online does not show the outbound")


def test_a_name_that_is_taken_by_what_does_not_show_yet_is_not_a_clear_refusal(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.spoil("half-visible", unseen=9)
    tenant.world.write(None, NEW_INBOUND)
    fault = fault_of(tenant, None, NEW_INBOUND)
    assert fault.unclear
    assert "of that name" in str(fault)


def test_an_object_is_read_by_its_guid_and_never_found_by_another(tenant: MigratingTenant) -> None:
    rule = tenant.image(Noun.TRANSPORT_RULE, RULE)
    assert tenant.world.read(replace(rule, name="whatever", guid=rule.guid.upper())) == rule
    assert tenant.world.read(replace(rule, guid="3f2504e0-4f89-41d3-9a0c-0305e82c3301")) is None


def test_an_object_without_a_guid_is_read_by_its_name_without_case(tenant: MigratingTenant) -> None:
    found = tenant.world.read(ExchangeImage(Noun.INBOUND_CONNECTOR, INBOUND.upper(), {}))
    assert found == tenant.image(Noun.INBOUND_CONNECTOR, INBOUND)
    assert tenant.world.read(ExchangeImage(Noun.INBOUND_CONNECTOR, "none", {})) is None


def test_a_connector_in_test_mode_is_read_and_made(tenant: MigratingTenant) -> None:
    tested = with_properties(NEW_OUTBOUND, TestMode=True)
    tenant.world.write(None, tested)
    assert tenant.world.unproven(None, tested) is None
    found = tenant.world.read(tested)
    assert found is not None
    assert found.properties["TestMode"] is True


def test_a_name_that_two_objects_bear_is_no_name(tenant: MigratingTenant) -> None:
    with tenant.exchange.tenant.lock:
        first, second = tenant.exchange.tenant.rules.objects[:2]
        second["Name"] = str(first["Name"]).lower()
    with pytest.raises(WorldFault, match="2 objects where there should be one"):
        tenant.world.read(ExchangeImage(Noun.TRANSPORT_RULE, str(first["Name"]), {}))


def test_an_answer_without_guids_is_not_worked_on(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.answers.append(Response(200, b'{"value": [{"Name": "r"}]}'))
    with pytest.raises(WorldFault, match="without a Guid"):
        tenant.world.read(ExchangeImage(Noun.TRANSPORT_RULE, "r", {}))


def test_a_list_that_may_be_cut_is_not_taken_for_the_whole(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.page_size, tenant.exchange.trouble.pages_expire = 4, True
    rule = tenant.image(Noun.TRANSPORT_RULE, RULE)
    with pytest.raises(WorldFault, match="may be cut"):
        tenant.world.read(replace(rule, guid="3f2504e0-4f89-41d3-9a0c-0305e82c3301"))


def test_another_object_under_the_name_is_told(tenant: MigratingTenant) -> None:
    rule = tenant.image(Noun.TRANSPORT_RULE, RULE)
    tenant.exchange.run("Remove-TransportRule", Identity=rule.guid)
    tenant.exchange.run("New-TransportRule", Name=RULE, SetHeaderName="X-A", SetHeaderValue="1")
    other = tenant.image(Noun.TRANSPORT_RULE, RULE)
    missing = str(tenant.world.unproven(rule, with_properties(rule, State="Disabled")))
    assert rule.guid in missing
    assert other.guid in missing
    assert tenant.world.unproven(rule, None) is None


def test_what_still_stands_or_differs_is_told(tenant: MigratingTenant) -> None:
    rule = tenant.image(Noun.TRANSPORT_RULE, RULE)
    assert "still shows" in str(tenant.world.unproven(rule, None))
    changed = with_properties(rule, State="Disabled", ExceptIfSCLOver=None)
    missing = str(tenant.world.unproven(rule, changed))
    assert "State should be Disabled and is Enabled" in missing
    assert "ExceptIfSCLOver should be - and is 9" in missing


def test_what_is_gone_already_is_removed(tenant: MigratingTenant) -> None:
    rule = tenant.image(Noun.TRANSPORT_RULE, RULE)
    tenant.world.write(rule, None)
    tenant.world.write(rule, None)
    assert tenant.world.unproven(rule, None) is None


def test_a_rule_comes_back_at_its_place_or_at_the_end_where_there_are_fewer(tenant: MigratingTenant) -> None:
    rules = tenant.images(Noun.TRANSPORT_RULE)
    for rule in rules[3:]:
        tenant.world.write(rule, None)
    tenant.world.write(None, rules[8])
    tenant.world.write(None, rules[3])
    expected = [*rules[:3], rules[3], rules[8]]
    assert [image.name for image in tenant.images(Noun.TRANSPORT_RULE)] == [image.name for image in expected]


def test_exceptions_of_a_rule_are_cleared(tenant: MigratingTenant) -> None:
    rule = tenant.image(Noun.TRANSPORT_RULE, RULE)
    names = [name for name in rule.properties if name.startswith("ExceptIf") and name != "ExceptIfSCLOver"]
    changed = with_properties(rule, **dict.fromkeys(names), SenderDomainIs=["kunde.test"])
    tenant.world.write(rule, changed)
    assert tenant.world.unproven(rule, changed) is None
    tenant.world.write(tenant.image(Noun.TRANSPORT_RULE, RULE), rule)
    assert tenant.world.unproven(rule, rule) is None


def test_an_allow_list_keeps_what_was_added_meanwhile(inline: MigratingTenant) -> None:
    (policy,) = inline.images(Noun.CONNECTION_FILTER)
    changed = with_properties(policy, IPAllowList=[])
    inline.exchange.run("Set-HostedConnectionFilterPolicy", Identity="Default", IPAllowList=["127.0.0.1", "192.0.2.9"])
    inline.world.write(policy, changed)
    assert inline.image(Noun.CONNECTION_FILTER, "Default").properties["IPAllowList"] == ["192.0.2.9"]
    assert "192.0.2.9" in str(inline.world.unproven(policy, changed))


@pytest.mark.parametrize("change", [{"Name": "other"}, {"Enabled": False}, None])
def test_what_exchange_refuses_is_told_in_its_words(tenant: MigratingTenant, change: dict[str, Any] | None) -> None:
    connector = tenant.image(Noun.OUTBOUND_CONNECTOR, OUTBOUND)
    fault = fault_of(tenant, connector, with_properties(connector, **change) if change else None)
    assert (fault.unclear, fault.for_good) == (False, False)
    assert "still referenced by the transport rule" in str(fault)
    assert f'the outbound connector "{OUTBOUND}"' in str(fault)
    assert "127.0.0.1" in str(fault)


def test_a_rule_that_routes_nowhere_is_refused(tenant: MigratingTenant) -> None:
    fault = fault_of(tenant, None, with_properties(NEW_RULE, Name="200"))
    assert "is not there, is disabled" in str(fault)
    assert not fault.unclear


def test_what_a_tenant_never_allows_again_is_told_apart(tenant: MigratingTenant) -> None:
    old = tenant.image(Noun.INBOUND_CONNECTOR, INBOUND)
    tenant.exchange.tenant.prohibits_onpremises = True
    tenant.world.write(old, None)
    fault = fault_of(tenant, None, old)
    assert fault.for_good
    assert "EX505293" in str(fault)
    assert not fault.unclear


def test_a_throttled_write_is_waited_out_for_it_was_not_run(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.retry_after = "0"
    for _ in range(3):
        tenant.exchange.trouble.spoil("throttled")
    tenant.world.write(None, NEW_INBOUND)
    assert written(tenant) == ["New-InboundConnector"]


def test_throttling_without_end_is_a_clear_fault(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.retry_after = "600"
    tenant.exchange.trouble.spoil("throttled")
    fault = fault_of(tenant, None, NEW_INBOUND)
    assert not fault.unclear
    assert "Wait some minutes" in str(fault)
    assert tenant.world.read(NEW_INBOUND) is None


def test_an_answer_that_cannot_be_read_is_unclear_for_a_write(tenant: MigratingTenant) -> None:
    assert tenant.world.read(NEW_INBOUND) is None
    tenant.exchange.trouble.answers.append(Response(200, b"<html>sign in</html>"))
    assert fault_of(tenant, None, NEW_INBOUND).unclear


def test_a_reader_is_refused_before_anything_is_written(tenant: MigratingTenant) -> None:
    tenant.exchange.app.directory_roles = (GLOBAL_READER,)
    with pytest.raises(WorldFault, match="Disable-TransportRule") as caught:
        tenant.world.refuse_without_rights([Noun.TRANSPORT_RULE, Noun.INBOUND_CONNECTOR])
    assert "Exchange Administrator" in str(caught.value)
    assert "Get-" not in str(caught.value)


def test_whoever_may_write_is_not_refused(tenant: MigratingTenant) -> None:
    tenant.world.refuse_without_rights(Noun)


def test_an_exchange_that_does_not_say_what_the_app_may_lets_the_first_write_tell(tenant: MigratingTenant) -> None:
    tenant.exchange.app.directory_roles = (GLOBAL_READER,)
    tenant.exchange.trouble.tells_cmdlets = False
    tenant.world.refuse_without_rights([Noun.TRANSPORT_RULE])
    fault = fault_of(tenant, None, NEW_INBOUND)
    assert not fault.unclear
    assert "New-InboundConnector" in str(fault)
    assert "Exchange Administrator" in str(fault)


def test_an_exchange_that_cannot_be_reached_changes_nothing(tenant: MigratingTenant) -> None:
    section = tenant.settings.exchange
    assert section is not None
    nowhere = tenant.settings.model_copy(
        update={"exchange": section.model_copy(update={"endpoint": "https://127.0.0.1:1"})}
    )
    world = exchange_world(nowhere)
    with pytest.raises(WorldFault, match=r"127\.0\.0\.1:1") as caught:
        world.write(None, NEW_INBOUND)
    assert not caught.value.unclear
    for look in (lambda: world.read(NEW_INBOUND), lambda: world.refuse_without_rights([Noun.INBOUND_CONNECTOR])):
        with pytest.raises(WorldFault, match=r"127\.0\.0\.1:1"):
            look()


def test_a_wrong_secret_is_told_and_nothing_is_written(tenant: MigratingTenant) -> None:
    tenant.exchange.app.secret = "another"
    fault = fault_of(tenant, None, NEW_INBOUND)
    assert "AADSTS7000215" in str(fault)
    assert not fault.unclear


def test_settings_without_an_app_write_nothing(tenant: MigratingTenant) -> None:
    section = tenant.settings.exchange
    assert section is not None
    exported = tenant.settings.model_copy(update={"exchange": section.model_copy(update={"client_id": None})})
    with pytest.raises(WorldFault, match="client_id"):
        exchange_world(exported)


def test_a_writer_lasts_longer_than_a_run(tenant: MigratingTenant) -> None:
    world = tenant.impatient(1.0)
    for _ in range(3):
        assert world.read(NEW_INBOUND) is None
        time.sleep(0.5)


def test_an_outage_of_the_token_endpoint_passes(tenant: MigratingTenant) -> None:
    section = tenant.settings.exchange
    assert section is not None
    tenant.exchange.trouble.latency = 3
    world = tenant.impatient(1.0)
    with pytest.raises(WorldFault):
        world.read(NEW_INBOUND)
    tenant.exchange.trouble.latency = 0
    assert world.read(NEW_INBOUND) is None


def test_a_refusal_in_any_other_words_is_a_refusal(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.answers.append(refused(Invalid("Nein.")))
    fault = fault_of(tenant, None, NEW_INBOUND)
    assert "Nein." in str(fault)
    assert "nothing was changed by it" in str(fault)
    assert not fault.unclear


def test_no_secret_is_in_a_fault(tenant: MigratingTenant) -> None:
    tenant.exchange.trouble.spoil("lost-after")
    fault = fault_of(tenant, None, NEW_INBOUND)
    assert tenant.exchange.app.secret not in f"{fault!r} {fault.__dict__} {fault.__cause__!r}"


def test_an_image_of_another_world_is_a_mistake(tenant: MigratingTenant) -> None:
    with pytest.raises(TypeError, match="DnsImage"):
        tenant.world.read(DnsImage("kunde.test", "MX", 300, ()))
