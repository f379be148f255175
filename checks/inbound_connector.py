"""The inline inbound connector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seppcheck.api import (
    FROM_CUTOVER,
    Classified,
    Each,
    Failed,
    Finding,
    Gateway,
    Inconclusive,
    MailFlow,
    MxRecords,
    Now,
    Passed,
    Phase,
    Result,
    Role,
    RunHistory,
    Settling,
    Severity,
    Tenant,
    Warned,
    check,
    having,
    judge_property,
    sender_domains,
    settling,
    text,
    unknown_property,
    without_inline,
)


@check("inbound-connector", requirements=["B3", "I1", "I2", "I3"], severity=Severity.BLOCKER, phases=FROM_CUTOVER)
def tenant_takes_mail_from_the_gateway(
    tenant: Tenant,
    gateway: Gateway,
    flow: MailFlow,
    mx: Each[MxRecords],
    history: Each[RunHistory],
    phase: Phase,
    now: Now,
) -> Result:
    """There is one inline inbound connector: from a partner organization, for every sender, switched on in time.

    The connector lets Exchange Online take mail from the gateway and refuses what comes from elsewhere. The guide
    (chapter Anleitung, B) wants: partner organization (I1), a unique name, enabled (I2), and the sender domain as the
    way of identification (I3).

    The guide enables it when it is made; this check wants it enabled late because until the MX record has moved and
    its old TTL has run down, an enabled connector for `*` refuses everything that still comes directly. A list of
    sender domains in place of `*` is warned: senders outside the list are not covered.

    To mend:
    - Exchange admin center > Mail flow > Connectors > from: Partner organization, to: Office 365; or
      New-InboundConnector -ConnectorType Partner -SenderDomains * -RequireTls $true -RestrictDomainsToCertificate $true
      -TlsSenderCertificateName NAME -Enabled $false
    - Once the old MX record's TTL is over: Set-InboundConnector -Identity GUID -Enabled $true

    Sources:
    - The guide, I1 to I3: Anleitung zur Anbindung der Partner-Connectoren, B
    - New-InboundConnector; Manage mail flow using a third-party cloud service (learn.microsoft.com)
    """
    missing = without_inline(flow.inbound, text("inbound connector"))
    if missing is not None:
        return missing
    inline = having(flow.inbound, Role.INLINE)
    due = _when(mx, history, gateway, now)
    judged = [finding for each in inline for finding in _judge(each, phase, due, now)]
    return [
        *judged,
        *_doubled(inline),
        *_uncovered(inline, sorted(each.name for each, _ in (*mx.present, *mx.missing))),
        _there(inline, tenant),
    ]


def _when(mx: Each[MxRecords], history: Each[RunHistory], gateway: Gateway, now: Now) -> Finding | list[Settling]:
    """Return when each domain's mail has moved for good, or why that is not known."""
    for target, missing in mx.missing:
        return Inconclusive(
            "whether the MX record of {domain} has moved is not known: {why}",
            domain=target.name,
            why=missing.detail,
            requirement="I2",
            subject=target.name,
            reason=missing.reason,
        )
    known = dict(history.present)
    return [settling(records, known.get(target), gateway.names, now.at) for target, records in mx.present]


def _judge(connector: Classified, phase: Phase, due: Finding | list[Settling], now: Now) -> Iterator[Finding]:
    entry = connector.entry
    yield judge_property(entry, "ConnectorType", "Partner", "I1")
    late = phase is Phase.CUTOVER
    yield _enabled(connector, due, now) if late else judge_property(entry, "Enabled", wanted=True, requirement="I2")
    yield _senders(connector)
    yield judge_property(entry, "CloudServicesMailEnabled", wanted=False)
    yield judge_property(entry, "RestrictDomainsToIPAddresses", wanted=False)
    yield judge_property(entry, "SenderIPAddresses", ())


def _enabled(connector: Classified, due: Finding | list[Settling], now: Now) -> Finding:
    about = {"requirement": "I2", "subject": connector.name}
    if connector.enabled is None:
        return unknown_property(connector.entry, "Enabled", "I2")
    if isinstance(due, Finding):
        return due
    moved = bool(due) and all(each.over(now.at) for each in due)
    if connector.enabled and not moved:
        return Warned(
            "{connector} is enabled although mail still comes directly: it is being refused meanwhile",
            connector=connector.name,
            expected="false",
            observed="true",
            **about,
        )
    if moved and not connector.enabled:
        return Failed(
            "{connector} is still disabled, and all mail comes from the gateway by now: enable it",
            connector=connector.name,
            expected="true",
            observed="false",
            **about,
        )
    if connector.enabled:
        return Passed(
            "{connector} is enabled, and the MX record has moved",
            connector=connector.name,
            expected="true",
            observed="true",
            **about,
        )
    return Passed(
        "{connector} waits for the MX record, disabled",
        connector=connector.name,
        expected="false",
        observed="false",
        **about,
    )


def _senders(connector: Classified) -> Finding:
    about = {"requirement": "I3", "subject": connector.name}
    if not connector.entry.knows("SenderDomains"):
        return unknown_property(connector.entry, "SenderDomains", "I3")
    found = sender_domains(connector.entry)
    if "*" in found:
        return Passed("{connector} is for every sender", connector=connector.name, **about)
    if found:
        return Warned(
            "{connector} is for senders of {domains} alone; the others are not covered",
            connector=connector.name,
            domains=found,
            expected="*",
            observed=", ".join(found),
            **about,
        )
    return Failed("{connector} names no sender domain", connector=connector.name, expected="*", **about)


def _doubled(inline: Sequence[Classified]) -> Iterator[Finding]:
    seen: dict[tuple[frozenset[str], str], Classified] = {}
    for each in inline:
        key = frozenset(sender_domains(each.entry)), each.entry.text("TlsSenderCertificateName").lower()
        first = seen.setdefault(key, each)
        if first is not each:
            yield Failed(
                "{one} and {other} are for the same senders and certificate: remove one",
                one=first.name,
                other=each.name,
                requirement="I2",
                subject=each.name,
            )


def _uncovered(inline: Sequence[Classified], domains: Sequence[str]) -> Iterator[Finding]:
    """Yield the domains that none of several connectors is for; one with a list is warned as a whole (I3)."""
    if not inline[1:] or not all(each.entry.knows("SenderDomains") for each in inline):
        return
    named = {name for each in inline for name in sender_domains(each.entry)}
    for domain in domains:
        if not named & {"*", domain}:
            yield Failed(
                "no inline inbound connector is for senders of {domain}: add it to SenderDomains of one, or enter *",
                domain=domain,
                requirement="I2",
                subject=domain,
                expected="*",
                observed=", ".join(sorted(named)) or None,
            )


def _there(inline: Sequence[Classified], tenant: Tenant) -> Finding:
    return Passed(
        "{tenant} has the inline inbound connector {connectors}",
        tenant=tenant.name,
        connectors=[each.name for each in inline],
        requirement="B3",
        subject=tenant.name,
    )
