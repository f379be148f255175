"""Facts of the gateway: what was observed decides, what was written counts where nothing was seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from seppcheck.api import (
    CustomCommands,
    DeliveryHold,
    Domain,
    ExtendedField,
    ExtendedFields,
    Forwarding,
    Gateway,
    GatewayDkimKey,
    ManagedDomains,
    Now,
    Reason,
    SenderCertificate,
    Session,
    Site,
    Smarthost,
    TlsLevel,
    Unavailable,
    text,
)
from seppcheck.clients.certificates import decode
from seppcheck.model.gateway_api import ApiDomain, ApiNode, GatewayApi
from seppcheck.model.gateway_record import Answer, GatewayRecord
from seppcheck.model.outcomes import Assurance
from seppcheck.settings import Settings
from seppcheck.sources.gateway_customers import delivery_hold, managed_domains
from seppcheck.sources.gateway_domains import managed_domain
from seppcheck.sources.gateway_facts import mail_processing, mail_system
from tests.peers.pki import Pki

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DOMAIN, GATEWAY = Domain("example.org", "kunde"), Gateway("secure.example.org")
SITE = Site(GATEWAY, (DOMAIN,))
URL = "https://secure.example.org:8445/v1"
NO_RECORD = Unavailable(Reason.NOT_CONFIGURED, text("there is no record"))
NO_API = Unavailable(Reason.NOT_CONFIGURED, text("no API is configured"))
SILENT_API = Unavailable(Reason.TIMEOUT, text("no answer in time"), URL)

HOLD = "disable_delivery"
AT_CUSTOMER = ("customers", "kunde", "extended_fields", HOLD)
AT_DOMAIN = ("domains", "example.org", "extended_fields", HOLD)
Values = Mapping[tuple[str, ...], Any]


def of(key: str) -> tuple[str, ...]:
    return ("domains", "example.org", key)


def record(values: Values, at: datetime = NOON, **dates: timedelta) -> GatewayRecord:
    """A record; `dates` are ages of answers by their last key."""
    answers = [Answer(path, value, "A. Admin", at - dates.get(path[-1], timedelta())) for path, value in values.items()]
    domains = tuple(dict.fromkeys(path[1] for path in values if path[0] == "domains"))
    return GatewayRecord("gateway-record.toml", "A. Admin", at, tuple(answers), domains)


def api(*domains: ApiDomain, **others: tuple[ApiDomain, ...]) -> GatewayApi:
    return GatewayApi((ApiNode(URL, domains), *(ApiNode(f"https://{name}/v1", d) for name, d in others.items())))


def session() -> Session:
    return Session(Settings(), lambda: NOON, 60.0)


def gathered(source: Callable[..., Any], target: object, *evidence: object) -> Any:
    return asyncio.run(source(target, *evidence, session(), Now(NOON)))


def domain_facts(written: object, seen: object) -> Mapping[type, Any]:
    kinds = (Smarthost, Forwarding, TlsLevel, GatewayDkimKey, SenderCertificate)
    return dict(zip(kinds, gathered(managed_domain, DOMAIN, written, seen), strict=True))


def hold(written: object, managed: object = NO_API, site: Site = SITE) -> DeliveryHold:
    found = gathered(delivery_hold, DOMAIN, written, managed, site)
    assert isinstance(found, DeliveryHold), found
    return found


def missing(found: object) -> Unavailable:
    assert isinstance(found, Unavailable), found
    return found


def test_the_record_alone_is_enough_and_is_attested() -> None:
    written = record({of("smarthost"): "", of("forwarding"): "[x.example]", of("forwarding_mx_lookup"): False})
    facts = domain_facts(written, NO_API)
    smarthost, forwarding = facts[Smarthost], facts[Forwarding]

    assert (smarthost.host, smarthost.listed, smarthost.assurance) == ("", True, Assurance.ATTESTED)
    assert smarthost.asked == "gateway-record.toml, A. Admin"
    assert smarthost.seen_at == NOON
    assert (forwarding.host, forwarding.mx_lookup) == ("[x.example]", False)


def test_the_api_alone_is_enough_and_is_observed() -> None:
    facts = domain_facts(
        NO_RECORD, api(ApiDomain("example.org", "kunde", "", "x.example", True, "secure", True, "MIIB"))
    )

    assert (facts[Smarthost].host, facts[Smarthost].assurance) == ("", Assurance.OBSERVED)
    assert (facts[Forwarding].host, facts[Forwarding].mx_lookup) == ("x.example", True)
    assert facts[TlsLevel].level == "secure"
    assert (facts[GatewayDkimKey].present, facts[GatewayDkimKey].public_key) == (True, "MIIB")
    assert missing(facts[SenderCertificate]).reason is Reason.NOT_CONFIGURED


def test_an_answer_that_is_absent_says_how_to_give_it() -> None:
    facts = domain_facts(record({of("smarthost"): ""}), NO_API)
    for kind, check in (
        (Forwarding, "gateway-forwarding"),
        (TlsLevel, "gateway-tls-level"),
        (GatewayDkimKey, "dkim-gateway-key"),
    ):
        why = missing(facts[kind])
        assert why.reason is Reason.NOT_COLLECTED
        assert f"gateway-record.toml: seppcheck attest --only {check}" in str(why.detail)


def test_no_record_and_no_api_is_not_configured() -> None:
    reasons = {missing(fact).reason for fact in domain_facts(NO_RECORD, NO_API).values()}
    assert reasons == {Reason.NOT_CONFIGURED}


def test_what_was_observed_decides_and_the_difference_is_told() -> None:
    written = record({of("smarthost"): "", of("tls_level"): "secure"})
    facts = domain_facts(written, api(ApiDomain("example.org", "kunde", "mail.smart.example", tls_level="secure")))
    smarthost = facts[Smarthost]

    assert smarthost.host == "mail.smart.example"
    assert smarthost.against is not None
    assert (smarthost.against.value, smarthost.against.voice.by) == ("-", "A. Admin")
    assert "what was observed counts" in str(smarthost.contradiction)
    assert facts[TlsLevel].contradiction is None


def test_an_expired_answer_contradicts_nothing_and_counts_for_nothing() -> None:
    written = record({of("smarthost"): "old.example"}, smarthost=timedelta(days=30, seconds=1))

    assert domain_facts(written, api(ApiDomain("example.org", "kunde", "")))[Smarthost].against is None
    why = missing(domain_facts(written, NO_API)[Smarthost])
    assert why.reason is Reason.EXPIRED
    assert "seppcheck attest --only gateway-smarthost" in str(why.detail)


def test_an_answer_of_thirty_days_still_counts() -> None:
    written = record({of("smarthost"): ""}, smarthost=timedelta(days=30))
    assert domain_facts(written, NO_API)[Smarthost].host == ""


def test_an_api_that_fails_is_inconclusive_whatever_was_written() -> None:
    facts = domain_facts(record({of("smarthost"): ""}), SILENT_API)
    assert missing(facts[Smarthost]).reason is Reason.TIMEOUT
    assert missing(facts[TlsLevel]).reason is Reason.TIMEOUT


def test_a_domain_that_the_api_does_not_list_is_said_to_be_unlisted_whatever_was_written() -> None:
    facts = domain_facts(
        record({of("smarthost"): "", of("tls_level"): "secure"}), api(ApiDomain("other.example", "kunde", ""))
    )
    assert not facts[Smarthost].listed
    assert facts[Smarthost].assurance is Assurance.OBSERVED
    assert missing(facts[TlsLevel]).reason is Reason.NOT_COLLECTED
    assert "lists no managed domain example.org" in str(missing(facts[TlsLevel]).detail)


def test_a_name_without_settings_leaves_the_word_to_the_record() -> None:
    names_only = api(ApiDomain("example.org", "kunde"))
    assert domain_facts(record({of("smarthost"): ""}), names_only)[Smarthost].assurance is Assurance.ATTESTED
    assert missing(domain_facts(record({}), names_only)[Smarthost]).reason is Reason.NOT_COLLECTED
    assert missing(domain_facts(NO_RECORD, names_only)[Smarthost]).reason is Reason.NOT_CONFIGURED


@pytest.mark.parametrize("other", [(ApiDomain("example.org", "kunde", "x.example"),), ()])
def test_machines_that_disagree_prove_nothing(other: tuple[ApiDomain, ...]) -> None:
    found = domain_facts(record({of("smarthost"): ""}), api(ApiDomain("example.org", "kunde", ""), second=other))
    why = missing(found[Smarthost])
    assert why.reason is Reason.CONTRADICTION
    assert "https://second/v1" in str(why.detail)


def test_machines_that_agree_are_one() -> None:
    both = ApiDomain("example.org", "kunde", "")
    assert domain_facts(NO_RECORD, api(both, second=(both,)))[Smarthost].host == ""


def test_the_record_completes_what_the_api_says_alike_and_the_whole_is_attested() -> None:
    written = record(
        {
            of("forwarding"): "[x.example]",
            of("forwarding_mx_lookup"): False,
            of("dkim_key"): True,
            of("dkim_public_key"): "MIIB",
        }
    )
    facts = domain_facts(written, api(ApiDomain("example.org", "kunde", "", "X.example", dkim_enabled=True)))

    assert (facts[Forwarding].mx_lookup, facts[Forwarding].assurance) == (False, Assurance.ATTESTED)
    assert (facts[GatewayDkimKey].public_key, facts[GatewayDkimKey].assurance) == ("MIIB", Assurance.ATTESTED)


@pytest.mark.parametrize(
    ("seen", "written", "told"),
    [
        (ApiDomain("example.org", "k", dkim_enabled=False), True, "yes, MIIB"),
        (ApiDomain("example.org", "k", dkim_enabled=True, dkim_public_key="AAAA"), True, "yes, MIIB"),
        (ApiDomain("example.org", "k", dkim_enabled=True, dkim_public_key="MI\nIB"), True, None),
        (ApiDomain("example.org", "k", dkim_enabled=True, dkim_public_key="MIIB"), False, "no, MIIB"),
    ],
)
def test_keys_are_compared_as_keys(seen: ApiDomain, written: bool, told: str | None) -> None:
    facts = domain_facts(record({of("dkim_key"): written, of("dkim_public_key"): "MIIB"}), api(seen))
    against = facts[GatewayDkimKey].against
    assert (against and against.value) == told


def test_the_certificate_comes_with_its_file(pki: Pki) -> None:
    certificate = decode(pki.issue("example.org").der[0])
    written = record({of("certificate"): certificate})
    written = replace(written, answers=(replace(written.answers[0], file="certs/own.pem"),))
    found = domain_facts(written, NO_API)[SenderCertificate]
    assert (found.certificate, found.file) == (certificate, "certs/own.pem")


def test_facts_of_the_whole_gateway_come_from_the_record() -> None:
    fields = (ExtendedField(HOLD, "boolean", "false"),)
    written = record(
        {
            ("mail_system", "use_builtin_mta"): True,
            ("mail_system", "firmware"): "15.0.4",
            ("extended_fields",): fields,
            ("custom_commands", "before_processing"): "",
            ("mail_processing", "ruleset_type"): "Generator",
        }
    )
    mta, banner, helo, internal, firmware = gathered(mail_system, GATEWAY, written)
    listed, commands, dkim = gathered(mail_processing, GATEWAY, written)

    assert (mta.enabled, firmware.version) == (True, "15.0.4")
    assert {missing(each).reason for each in (banner, helo, internal, dkim)} == {Reason.NOT_COLLECTED}
    assert listed == ExtendedFields(fields, listed.voice)
    assert commands == CustomCommands("", "Generator", None, commands.voice)


def test_an_expired_circumstance_is_unknown() -> None:
    values = {("custom_commands", "before_processing"): "x", ("mail_processing", "ruleset_generated"): True}
    _, commands, _ = gathered(mail_processing, GATEWAY, record(values, ruleset_generated=timedelta(days=31)))
    assert commands.ruleset_generated is None


def listed(written: object, seen: object, site: Site = SITE) -> Any:
    return asyncio.run(managed_domains(GATEWAY, written, seen, site, session(), Now(NOON)))  # type: ignore[arg-type]


def test_managed_domains_come_from_the_api_with_what_the_record_says_otherwise() -> None:
    written = record({of("customer"): "other", ("domains", "gone.example", "smarthost"): ""})
    found = listed(written, api(ApiDomain("example.org", "kunde", ""), ApiDomain("two.example", "kunde", "x")))

    assert [(d.name, d.customer, d.smarthost) for d in found.domains] == [
        ("example.org", "kunde", ""),
        ("two.example", "kunde", "x"),
    ]
    assert found.against.value == "example.org (other), gone.example"


def test_managed_domains_of_the_record_are_joined_by_the_configured_ones() -> None:
    found = listed(record({("domains", "two.example", "customer"): "b"}), NO_API)
    assert [(d.name, d.customer, d.smarthost) for d in found.domains] == [
        ("two.example", "b", None),
        ("example.org", "kunde", None),
    ]
    assert found.assurance is Assurance.ATTESTED


def test_managed_domains_are_unknown_where_nobody_lists_them() -> None:
    assert missing(listed(record({}), NO_API)).reason is Reason.NOT_COLLECTED
    assert missing(listed(NO_RECORD, NO_API)).reason is Reason.NOT_CONFIGURED
    assert missing(listed(record({}), SILENT_API)).reason is Reason.TIMEOUT
    old = record({of("smarthost"): ""}, smarthost=timedelta(days=31))
    assert missing(listed(old, NO_API)).reason is Reason.EXPIRED
    different = api(ApiDomain("example.org", "a", ""), second=(ApiDomain("example.org", "b", ""),))
    assert missing(listed(record({}), different)).reason is Reason.CONTRADICTION


def test_the_hold_stands_at_the_customer_or_at_the_domain() -> None:
    found = hold(record({AT_CUSTOMER: "true", ("mail_processing", "groups_override_hold"): False}))
    assert (found.customer, found.customer_value, found.domain_value, found.groups_override) == (
        "kunde",
        "true",
        None,
        False,
    )
    assert found.value == "true"
    found = hold(record({AT_DOMAIN: "false", ("extended_fields",): (ExtendedField(HOLD, "boolean", "false"),)}))
    assert (found.domain_value, found.groups_override, found.default) == ("false", None, "false")


def test_the_older_answer_dates_the_hold() -> None:
    answers = record({AT_CUSTOMER: "false", AT_DOMAIN: "false"}).answers
    newer = replace(answers[1], at=NOON - timedelta(hours=1))
    older = replace(answers[0], at=NOON - timedelta(hours=30), by="B. Bot")
    found = hold(replace(record({}), answers=(older, newer)))
    assert (found.voice.at, found.voice.by) == (NOON - timedelta(hours=30), "B. Bot")


def test_an_expired_hold_is_not_made_good_by_the_other_one() -> None:
    answers = record({AT_CUSTOMER: "true", AT_DOMAIN: "false"}).answers
    stale = replace(answers[0], at=NOON - timedelta(days=31))
    written = replace(record({}), answers=(stale, answers[1]))
    assert missing(gathered(delivery_hold, DOMAIN, written, NO_API, SITE)).reason is Reason.EXPIRED


def test_a_hold_that_nobody_wrote_down_is_unknown() -> None:
    nowhere = missing(gathered(delivery_hold, DOMAIN, record({}), NO_API, SITE))
    assert nowhere.reason is Reason.NOT_COLLECTED
    assert "customers.kunde.extended_fields.disable_delivery" in str(nowhere.detail)
    unowned = missing(gathered(delivery_hold, Domain("example.org"), record({}), NO_API, SITE))
    assert "which customer example.org belongs to" in str(unowned.detail)
    assert missing(gathered(delivery_hold, DOMAIN, NO_RECORD, NO_API, SITE)).reason is Reason.NOT_CONFIGURED


@pytest.mark.parametrize(
    ("told", "noted", "expected"),
    [("kunde", "other", "kunde"), ("[default]", "noted", "noted"), ("[none]", "", "[none]")],
)
def test_the_gateways_own_word_on_the_customer_comes_first(told: str, noted: str, expected: str) -> None:
    managed = listed(NO_RECORD, api(ApiDomain("example.org", told, "")))
    values = {AT_DOMAIN: "true", **({of("customer"): noted} if noted else {})}
    found = asyncio.run(delivery_hold(Domain("example.org"), record(values), managed, SITE, session(), Now(NOON)))
    assert isinstance(found, DeliveryHold)
    assert found.customer == expected


def test_the_customers_other_domains_are_held_too() -> None:
    managed = listed(
        NO_RECORD,
        api(
            ApiDomain("example.org", "kunde", ""),
            ApiDomain("two.example", "kunde", ""),
            ApiDomain("x.example", "b", ""),
        ),
    )
    assert hold(record({AT_CUSTOMER: "true"}), managed).also_held == ("two.example",)
    assert hold(record({AT_CUSTOMER: "false"}), managed).also_held == ()
    assert hold(record({AT_DOMAIN: "true"}), managed).also_held == ()
    moving = Site(GATEWAY, (DOMAIN, Domain("two.example")))
    assert hold(record({AT_CUSTOMER: "true"}), managed, moving).also_held == ()
    restricted = Session(Settings(), lambda: NOON, 60.0, domains=("example.org",))
    written = record({AT_CUSTOMER: "true"})
    found = asyncio.run(delivery_hold(DOMAIN, written, managed, moving, restricted, Now(NOON)))
    assert isinstance(found, DeliveryHold)
    assert found.also_held == ("two.example",), "a configured domain that this run leaves out is held all the same"


def test_raw_evidence_comes_back_from_json_as_it_was(pki: Pki) -> None:
    written = record(
        {
            of("certificate"): decode(pki.issue("example.org").der[0]),
            of("dkim_key"): True,
            AT_DOMAIN: "true",
            ("extended_fields",): (ExtendedField(HOLD, "boolean", "false", ("a",)),),
            ("custom_commands", "before_processing"): "",
        }
    )
    seen = api(ApiDomain("example.org", "kunde", "", "x", False, "may", True, "MIIB"))
    for evidence in (written, replace(written, answers=()), seen, listed(written, seen), hold(written)):
        adapter: TypeAdapter[Any] = TypeAdapter(type(evidence))
        assert adapter.validate_python(adapter.dump_python(evidence, mode="json")) == evidence
    assert isinstance(listed(written, seen), ManagedDomains)
