"""The transport rule that sends outgoing mail to the gateway."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from seppcheck.api import (
    FROM_CUTOVER,
    GUIDE_RULE,
    RULE_DELAY,
    AcceptedDomains,
    Classified,
    ExchangeObject,
    Failed,
    Finding,
    Inconclusive,
    MailFlow,
    ManagedDomains,
    Message,
    Now,
    Passed,
    Reason,
    Result,
    Role,
    Severity,
    Site,
    Tenant,
    Unavailable,
    Warned,
    check,
    contents_of,
    covered_domains,
    having,
    judge_property,
    judge_senders,
    text,
    undecided,
    unknown_property,
    without_inline,
    worst,
)

_NUMBERS = ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12"]
_PROPERTIES = frozenset(
    {
        *("SentToScope", "SenderDomainIs", "FromScope", "ExceptIfSCLOver"),
        *("RouteMessageOutboundConnector", "SetAuditSeverity", "SetHeaderName", "SetHeaderValue"),
    }
)
_CLASSES = {
    "Conditions": frozenset({"SentToScope", "SenderDomainIs", "FromScope"}),
    "Exceptions": frozenset({"SclOver"}),
    "Actions": frozenset({"RouteMessageOutboundConnector", "SetAuditSeverity", "SetHeader"}),
}


@check("transport-rule", requirements=_NUMBERS, severity=Severity.BLOCKER, phases=FROM_CUTOVER)
def outgoing_mail_is_sent_to_the_connector(
    tenant: Tenant,
    flow: MailFlow,
    managed: ManagedDomains | Unavailable,
    accepted: AcceptedDomains | Unavailable,
    site: Site,
    now: Now,
) -> Result:
    """A transport rule sends every domain's outgoing mail to the gateway's connector, and does nothing else.

    The connector takes no mail by itself: this rule decides what goes to the gateway. Where it misses a
    domain, that domain's mail leaves unencrypted. What it catches too much loops, or is refused.

    The guide (R1 to R12, chapter Transport Rule) prints the rule property by property, and each is judged by
    itself. A name of your own is a warning, for mail flows the same. The rule has the name of the vendor's
    parallel rule 200, which is told apart by its exceptions and by its connector, and is no rule of inline
    mode. Further conditions, exceptions and actions are found by Exchange's own lists as well, so that one
    this program does not know cannot hide. Each domain needs a rule that names it, and no rule may name a
    domain that is not managed on the gateway; SenderDomainIs covers subdomains too.

    The exception for a spam confidence level of 9 is judged as the guide has it. It promises nothing about
    spam: since August 2026 the stamped level no longer decides what Exchange does with a message.

    A change acts after up to 30 minutes; a rule changed since is judged, and the summary says until when to
    wait. A rule that was modified by hand refuses to be edited and has to be made anew.

    To mend:
    - Exchange admin center > Mail flow > Rules, or Set-TransportRule -Identity GUID with the property that is
      named. Clear what is too much with $null.
    - Enable-TransportRule -Identity GUID -Mode Enforce, once the connector is enabled.

    Sources:
    - The guide, R1 to R12: Transport Rule
    - Microsoft: New-TransportRule, Set-TransportRule
    """
    if missing := without_inline(flow.rules, text("transport rule")):
        return missing
    inline = having(flow.rules, Role.INLINE)
    judged = [
        f for rule in inline for f in _judge(rule, flow, tenant, now, judge_senders(rule, managed, accepted, site))
    ]
    return [*judged, *covered_domains(inline, site), *_spare(flow, tenant), *undecided(flow.rules)]


def _judge(rule: Classified, flow: MailFlow, tenant: Tenant, now: Now, senders: Sequence[Finding]) -> list[Finding]:
    entry = rule.entry
    found = [
        _name(rule, tenant),
        *_in_force(entry, now),
        judge_property(entry, "SetAuditSeverity", "Low", "R3"),
        judge_property(entry, "SenderAddressLocation", "Header", "R4"),
        judge_property(entry, "RuleErrorAction", "Ignore", "R5"),
        judge_property(entry, "SentToScope", "NotInOrganization", "R6"),
        *senders,
        judge_property(entry, "FromScope", "InOrganization", "R8"),
        _route(rule, flow),
        judge_property(entry, "SetHeaderName", "X-SM-maildirection", "R10"),
        _header_value(entry),
        judge_property(entry, "ExceptIfSCLOver", "9", "R11"),
        *_nothing_else(entry),
    ]
    return _with_notes(found, _notes(entry, now))


def _name(rule: Classified, tenant: Tenant) -> Finding:
    right = (GUIDE_RULE, *tenant.transport_rules)
    about: dict[str, Any] = {
        "name": rule.name,
        "requirement": "R1",
        "subject": rule.name,
        "expected": text("{names}", names=right),
        "observed": text("{name}", name=rule.name),
    }
    if rule.name.strip().lower() in {name.lower() for name in right}:
        return Passed("{name} has the expected name", **about)
    return Warned("{name} does what the guide's rule does, under another name", **about)


def _in_force(entry: ExchangeObject, now: Now) -> list[Finding]:
    return [
        judge_property(entry, "State", "Enabled", "R2"),
        judge_property(entry, "Mode", "Enforce", "R2"),
        _activation(entry, now),
        judge_property(entry, "ExpiryDate", (), "R2"),
    ]


def _activation(entry: ExchangeObject, now: Now) -> Finding:
    since = entry.time("ActivationDate")
    if since is None:
        return judge_property(entry, "ActivationDate", (), "R2")
    about: dict[str, Any] = {"name": entry.name, "since": since, "requirement": "R2", "subject": entry.name}
    if since > now.at:
        return Failed("{name} does not act before {since}: remove its activation date", **about)
    return Passed("{name} acts since {since}", **about)


def _route(rule: Classified, flow: MailFlow) -> Finding:
    entry = rule.entry
    if not entry.knows("RouteMessageOutboundConnector"):
        return unknown_property(entry, "RouteMessageOutboundConnector", "R9")
    connector = entry.text("RouteMessageOutboundConnector")
    about: dict[str, Any] = {
        "name": rule.name,
        "connector": connector,
        "requirement": "R9",
        "subject": rule.name,
        "expected": text("{names}", names=[each.name for each in having(flow.outbound, Role.INLINE)] or text("none")),
        "observed": text("{connector}", connector=connector or text("none")),
    }
    if not connector:
        return Failed("{name} routes to no connector", **about)
    if isinstance(flow.outbound, Unavailable):
        return Inconclusive(
            "whether {connector}, to which {name} routes, leads to the gateway is not known: {detail}",
            reason=flow.outbound.reason,
            detail=flow.outbound.detail,
            **about,
        )
    if rule.route is None:
        return Failed("{name} routes to {connector}, which does not exist", **about)
    return _target(next((each.role for each in flow.outbound if each.key == rule.route), None), about)


def _target(role: Role | None, about: dict[str, Any]) -> Finding:
    if role is Role.INLINE:
        return Passed("{name} routes to {connector}, which leads to the gateway", **about)
    if role is Role.UNDECIDED:
        return Inconclusive(
            "whether {connector}, to which {name} routes, leads to the gateway cannot be told; export it anew",
            reason=Reason.INCOMPLETE,
            **about,
        )
    return Failed("{name} routes to {connector}, which is not the gateway's inline connector", **about)


def _header_value(entry: ExchangeObject) -> Finding:
    right = judge_property(entry, "SetHeaderValue", "outbound", "R10")
    value = entry.text("SetHeaderValue")
    if value.lower() == "outbound" != value:
        return Failed(
            "{name} sets the header to {value}: write outbound in small letters, as the guide does",
            name=entry.name,
            value=value,
            requirement="R10",
            subject=entry.name,
            expected=text("outbound"),
            observed=text("{value}", value=value),
        )
    return right


def _nothing_else(entry: ExchangeObject) -> list[Finding]:
    contents = contents_of(entry)
    classes = {name for key, found in contents.classes.items() for name in found - _CLASSES[key]}
    further = sorted({*(contents.properties - _PROPERTIES), *classes})
    about: dict[str, Any] = {"name": entry.name, "requirement": "R12", "subject": entry.name}
    findings: list[Finding] = []
    if further:
        findings.append(
            Failed(
                "{name} has further conditions, exceptions or actions: {further}",
                further=further,
                expected=text("nothing else"),
                observed=text("{further}", further=further),
                **about,
            )
        )
    if contents.unread:
        findings.append(
            Inconclusive(
                "what else {name} does is not known without {lists}: export it anew, with every property",
                reason=Reason.INCOMPLETE,
                lists=contents.unread,
                **about,
            )
        )
    return findings or [Passed("{name} does nothing else", **about)]


def _notes(entry: ExchangeObject, now: Now) -> list[Message]:
    notes = []
    changed = entry.time("WhenChanged")
    if changed is not None and now.at < changed + RULE_DELAY:
        until = changed + RULE_DELAY
        notes.append(
            text("it was changed on {at}, and Exchange may not act on it before {until}", at=changed, until=until)
        )
    if entry.flag("ManuallyModified"):
        notes.append(text("it was modified by hand and refuses to be edited: make it anew"))
    return notes


def _with_notes(found: list[Finding], notes: Iterable[Message]) -> list[Finding]:
    """Add what else is to be known of the rule to the sentence that leads."""
    leading = next(f for f in found if f.outcome is worst(each.outcome for each in found))
    summary = leading.summary
    for note in notes:
        summary = text("{summary}; {note}", summary=summary, note=note)
    return [each.but(summary=summary) if each is leading else each for each in found]


def _spare(flow: MailFlow, tenant: Tenant) -> list[Finding]:
    return [
        Warned(
            "{name} routes to the gateway as well, and the configuration names {configured} alone",
            name=rule.name,
            configured=tenant.transport_rules,
            requirement="R1",
            subject=rule.name,
        )
        for rule in having(flow.rules, Role.SPARE)
    ]
