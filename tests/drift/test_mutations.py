"""Whatever changes on the way of mail is named; what may change of itself is not."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from seppcheck.lab import Presented
from seppcheck.model.run import Verdict
from tests.drift.finished_lab import DOMAIN, GATEWAY, INBOUND, OTHER_DOMAIN, OUTBOUND, RULE, Finished, named, sentences

Named = tuple[str, str, str, str | None]
_ADDRESSES = ("127.0.0.1", "::1")
_KEY = base64.b64encode(b"another key").decode("ascii")
_HOLD = ('customers."kunde".extended_fields', "disable_delivery")
_MX = f"10 {GATEWAY}."


@dataclass(frozen=True)
class Mutation:
    """One change, everything that drift names then, and words of its first sentence."""

    do: Callable[[Finished], object]
    named: set[Named]
    words: str
    accepted_with: Callable[[Finished], object] | None = None
    """What is there before, and accepted."""


def at_both(kind: str, prop: str) -> set[Named]:
    return {(kind, address, "changed", prop) for address in _ADDRESSES}


MUTATIONS = {
    "rule disabled": Mutation(
        lambda lab: lab.run("Disable-TransportRule", Identity=RULE),
        {("transport-rules", RULE, "changed", "State")},
        "State was Enabled, and is Disabled",
    ),
    "rule moved behind one that stops processing": Mutation(
        lambda lab: lab.run("Set-TransportRule", Identity=RULE, Priority=2),
        {("transport-rules", RULE, "changed", "Priority")},
        f"transport rule {RULE} now runs after Tickets, Stops",
        lambda lab: (lab.extra_rule("Tickets"), lab.extra_rule("Stops", StopRuleProcessing=True)),
    ),
    "rule that stops processing made before ours": Mutation(
        lambda lab: lab.extra_rule("Stops first", StopRuleProcessing=True, Priority=0),
        {("transport-rules", "Stops first", "new", None)},
        f"new: transport rule Stops first; it runs before {RULE}",
    ),
    "second rule added": Mutation(
        lambda lab: lab.extra_rule("Runs last"),
        {("transport-rules", "Runs last", "new", None)},
        "it runs last",
    ),
    "rule gets another exception": Mutation(
        lambda lab: lab.run("Set-TransportRule", Identity=RULE, ExceptIfSubjectContainsWords=["[internal]"]),
        {("transport-rules", RULE, "changed", "ExceptIfSubjectContainsWords")},
        "was not set, and is [internal]",
    ),
    "connector renamed": Mutation(
        lambda lab: lab.run("Set-InboundConnector", Identity=INBOUND, Name="From the gateway"),
        {("inbound-connectors", INBOUND, "changed", "Name")},
        "is now named From the gateway",
    ),
    "connector switched off": Mutation(
        lambda lab: lab.run("Set-InboundConnector", Identity=INBOUND, Enabled=False),
        {("inbound-connectors", INBOUND, "changed", "Enabled")},
        "Enabled was true, and is false",
    ),
    "connector's TlsSettings changed": Mutation(
        lambda lab: lab.run(
            "Set-OutboundConnector", Identity=OUTBOUND, TlsSettings="CertificateValidation", TlsDomain=None
        ),
        {
            ("outbound-connectors", OUTBOUND, "changed", "TlsSettings"),
            ("outbound-connectors", OUTBOUND, "changed", "TlsDomain"),
        },
        f"TlsDomain was {GATEWAY}, and is not set",
    ),
    "Enhanced Filtering skips an address": Mutation(
        lambda lab: lab.run("Set-InboundConnector", Identity=INBOUND, EFSkipIPs=["192.0.2.9"], EFSkipLastIP=False),
        {
            ("inbound-connectors", INBOUND, "changed", "EFSkipIPs"),
            ("inbound-connectors", INBOUND, "changed", "EFSkipLastIP"),
        },
        "EFSkipIPs was not set, and is 192.0.2.9",
    ),
    "another connector made": Mutation(
        lambda lab: lab.run(
            "New-OutboundConnector",
            Name="To a partner",
            ConnectorType="Partner",
            RecipientDomains=["partner.test"],
            UseMXRecord=True,
        ),
        {("outbound-connectors", "To a partner", "new", None)},
        "new: outbound connector To a partner",
    ),
    "remote domain internal": Mutation(
        lambda lab: lab.listed("RemoteDomain", IsInternal=True),
        {("remote-domains", "Default", "changed", "IsInternal")},
        "IsInternal was false, and is true",
    ),
    "IP allow list entry": Mutation(
        lambda lab: lab.run("Set-HostedConnectionFilterPolicy", Identity="Default", IPAllowList=["192.0.2.1"]),
        {("connection-filter-policies", "Default", "changed", "IPAllowList")},
        "IPAllowList was not set, and is 192.0.2.1",
    ),
    "accepted domain added": Mutation(
        lambda lab: lab.add("AcceptedDomain", "neu.test", DomainName="neu.test", Default=False),
        {("accepted-domains", "neu.test", "new", None), ("accepted-domain-mx", "neu.test", "new", None)},
        "new: MX records of the accepted domain neu.test",
    ),
    "direct send no longer rejected": Mutation(
        lambda lab: lab.listed("OrganizationConfig", RejectDirectSend=False),
        {("organization-config", "kunde-test.onmicrosoft.com", "changed", "RejectDirectSend")},
        "RejectDirectSend was true, and is false",
    ),
    "Exchange signs no longer": Mutation(
        lambda lab: lab.listed("DkimSigningConfig", Enabled=False),
        {("dkim-signing-configs", DOMAIN, "changed", "Enabled")},
        f"DKIM signing of {DOMAIN} by Exchange",
    ),
    "certificate with other names": Mutation(
        lambda lab: lab.lab.present(Presented(names=("mail.other.test",))),
        at_both("smtp-certificate", "names"),
        f"names was {GATEWAY}, and is mail.other.test",
    ),
    "certificate without its chain": Mutation(
        lambda lab: lab.lab.present(Presented(with_intermediate=False)),
        at_both("smtp-certificate", "trust"),
        "reaches no trusted root with the chain as sent",
    ),
    "certificate near its end": Mutation(
        lambda lab: lab.lab.present(Presented(until_days=20)),
        at_both("smtp-certificate", "validity"),
        "expires on",
    ),
    "certificate expired": Mutation(
        lambda lab: lab.lab.present(Presented(since_days=-90, until_days=-1)),
        at_both("smtp-certificate", "validity"),
        "expired on",
    ),
    "TTL raised": Mutation(
        lambda lab: lab.replace(DOMAIN, "MX", _MX, ttl=3600),
        {("mx-records", DOMAIN, "changed", "TTL")},
        f"MX records of {DOMAIN}: TTL was 300, and is 3600",
    ),
    "second MX added": Mutation(
        lambda lab: lab.replace(DOMAIN, "MX", _MX, "20 mx.elsewhere.test."),
        {("mx-records", DOMAIN, "changed", "MX")},
        f"MX records of {DOMAIN}: MX has gained 20 mx.elsewhere.test",
    ),
    "MX at one server alone": Mutation(
        lambda lab: lab.lab.names.replace(DOMAIN, "MX", "10 mx.elsewhere.test.", server="ns2.lab.test"),
        {("mx-records", DOMAIN, "changed", "MX")},
        "ns2.lab.test (127.0.0.2): 10 mx.elsewhere.test",
    ),
    "SPF shortened": Mutation(
        lambda lab: lab.replace(DOMAIN, "TXT", '"v=spf1 include:spf.protection.outlook.com -all"'),
        {("spf-records", DOMAIN, "changed", "SPF"), *at_both("spf-evaluation", "result")},
        "result was pass, and is fail",
    ),
    "DMARC changed": Mutation(
        lambda lab: lab.replace(f"_dmarc.{DOMAIN}", "TXT", '"v=DMARC1; p=none"'),
        {("dmarc-record", DOMAIN, "changed", "record")},
        "record was v=DMARC1; p=quarantine, and is v=DMARC1; p=none",
    ),
    "DKIM key rotated in DNS": Mutation(
        lambda lab: lab.replace(f"seppmail._domainkey.{DOMAIN}", "TXT", f'"v=DKIM1; k=rsa; p={_KEY}"'),
        {("dkim-record", f"seppmail._domainkey.{DOMAIN}", "changed", "keys")},
        "keys was sha256:",
    ),
    "PTR changed": Mutation(
        lambda lab: lab.replace("1.0.0.127.in-addr.arpa", "PTR", "host-1.provider.test."),
        {("reverse-dns", "127.0.0.1", "changed", "PTR"), ("reverse-dns", "127.0.0.1", "changed", "resolves_back")},
        f"PTR was {GATEWAY}, and is host-1.provider.test",
    ),
    "TLSA record appears": Mutation(
        lambda lab: lab.replace(f"_25._tcp.{GATEWAY}", "TLSA", f"3 1 1 {'ab' * 32}"),
        {("tlsa-records", GATEWAY, "changed", "TLSA")},
        "TLSA was empty, and is 3 1 1",
    ),
    "banner changed": Mutation(
        lambda lab: setattr(lab.lab.gateway, "banner", "mail.other.test ESMTP"),
        at_both("smtp-greeting", "banner"),
        f"banner was {GATEWAY}, and is mail.other.test",
    ),
    "hold set to true": Mutation(
        lambda lab: lab.edit((*_HOLD, '"true"')),
        {("delivery-hold", domain, "changed", "customer_value") for domain in (DOMAIN, OTHER_DOMAIN)},
        f"delivery hold of {DOMAIN}: disable_delivery is true: mail is being refused",
    ),
    "extended field changed": Mutation(
        lambda lab: lab.edit(("[extended_fields]", "default", '"true"')),
        {("extended-fields", "disable_delivery", "changed", "default")},
        "extended field disable_delivery: default was false, and is true",
    ),
    "custom command changed": Mutation(
        lambda lab: lab.edit(("custom_commands", "before_processing", '"internal();\\nincoming();\\n"')),
        {("custom-commands", GATEWAY, "changed", "before_processing")},
        "before_processing has lost",
    ),
    "smarthost entered": Mutation(
        lambda lab: lab.edit((f'domains."{DOMAIN}"', "smarthost", '"relay.other.test"')),
        {("smarthost", DOMAIN, "changed", "host")},
        "host was empty, and is relay.other.test",
    ),
    "forwarding changed": Mutation(
        lambda lab: lab.edit((f'domains."{DOMAIN}"', "forwarding", '"mx.other.test"')),
        {("forwarding", DOMAIN, "changed", "host")},
        "is mx.other.test",
    ),
    "firmware upgraded": Mutation(
        lambda lab: lab.edit(("mail_system", "firmware", '"15.1.0"')),
        {("firmware", GATEWAY, "changed", "version")},
        "version was 15.0.4, and is 15.1.0",
    ),
}


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=MUTATIONS.keys())
def test_a_change_is_named_and_nothing_else(mutation: Mutation, finished: Finished) -> None:
    if mutation.accepted_with:
        mutation.accepted_with(finished)
        assert finished.accept() == 0
    mutation.do(finished)
    run = finished.drift()
    assert named(run) == mutation.named
    assert mutation.words in sentences(run)[0]
    assert run.verdict is Verdict.FAILED


def remake_everything(lab: Finished) -> None:
    """Make our rule and connectors anew, with the same content: other Guids, other dates."""
    (rule,) = lab.run("Get-TransportRule")
    lab.run("Remove-TransportRule", Identity=rule["Guid"])
    for noun in ("InboundConnector", "OutboundConnector"):
        (made,) = lab.run(f"Get-{noun}")
        made["Guid"] = f"{noun}-made-anew"
    lab.remake(rule)


SILENT: dict[str, Callable[[Finished], object]] = {
    "a certificate renewed with the same names": lambda lab: lab.lab.present(Presented(since_days=-1, until_days=90)),
    "a certificate of another key": lambda lab: lab.lab.present(Presented()),
    "objects made anew with the same content": remake_everything,
    "domains of a rule in another order": lambda lab: lab.run(
        "Set-TransportRule", Identity=RULE, SenderDomainIs=[OTHER_DOMAIN, DOMAIN]
    ),
    "host names in capitals": lambda lab: lab.run(
        "Set-OutboundConnector", Identity=OUTBOUND, SmartHosts=[GATEWAY.upper()]
    ),
    "MX in capitals": lambda lab: lab.replace(DOMAIN, "MX", f"10 {GATEWAY.upper()}."),
    "Microsoft's DKIM keys rotated": lambda lab: lab.listed(
        "DkimSigningConfig",
        Selector1KeySize=4096,
        Selector1CNAME="selector9.test",
        KeyCreationTime="2026-11-24T00:00:00Z",
    ),
    "the record written by somebody else": lambda lab: lab.edit(("", "attested_by", '"Somebody Else"')),
    "another comment of Exchange's": lambda lab: lab.listed("OrganizationConfig", WhenChanged="2026-11-24T08:00:00Z"),
    "white space in DMARC": lambda lab: lab.replace(f"_dmarc.{DOMAIN}", "TXT", '"v=DMARC1;p=quarantine;"'),
    "a greeting with the time of day": lambda lab: setattr(
        lab.lab.gateway, "banner", f"{GATEWAY} ESMTP Tue, 24 Nov 2026 08:00:00 +0100"
    ),
    "a custom command with Windows line ends": lambda lab: lab.edit(
        (
            "custom_commands",
            "before_processing",
            lab.recorded("custom_commands", "before_processing").replace("\\n", "\\r\\n"),
        )
    ),
}


@pytest.mark.parametrize("shuffle", SILENT.values(), ids=SILENT.keys())
def test_what_does_not_matter_is_no_drift(shuffle: Callable[[Finished], object], finished: Finished) -> None:
    shuffle(finished)
    run = finished.drift()
    assert sentences(run) == []
    assert run.verdict is Verdict.PASSED
