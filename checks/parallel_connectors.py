"""Connectors left over from parallel mode."""

from __future__ import annotations

from typing import Any

from seppcheck.api import (
    FROM_CUTOVER,
    Bearing,
    Classified,
    Failed,
    Finding,
    Heading,
    Inconclusive,
    MailFlow,
    Message,
    Passed,
    Phase,
    Reason,
    Result,
    Role,
    Severity,
    Side,
    Tenant,
    Unavailable,
    Warned,
    check,
    having,
    text,
    undecided,
)


@check("parallel-connectors", requirements=["B2"], severity=Severity.BLOCKER, phases=FROM_CUTOVER)
def no_connector_of_parallel_mode_is_left(tenant: Tenant, flow: MailFlow, phase: Phase) -> Result:
    """No connector of parallel mode is left in the tenant.

    The connectors of parallel mode treat the gateway as a mail server of the own organization (type
    OnPremises). Left in place they let mail in past the new connector, and rules can still send mail out
    over them.

    The guide (B2, chapter Migration) has them deleted. They are recognised by their type together with the
    host, certificate name or addresses of the gateway, or with the vendor's name or stamp; the guide's new
    connectors have the same names and the type Partner. Connectors of the hybrid wizard, of SEPPmail.cloud
    and of other gateways are left alone. One whose certificate name is only a wildcard of the domain may
    serve something else, and is a warning.

    During the cutover an outbound connector fails while an enabled rule routes to it. One that is idle, and
    the inbound connector, are warnings, for they are the way back: the guide deletes them before the new
    ones are made, and this waits until the move is proven. Afterwards every one of them fails. Exchange
    compares names without case, so an old connector can stay beside the new one under another name only.

    To mend:
    - Delete the rules that route to the connector first, Exchange refuses otherwise. Then note its settings
      and delete it by its Guid: Remove-OutboundConnector or Remove-InboundConnector -Identity GUID.
    - Do not use the vendor's Remove-SM365Connectors any more: it deletes by name, and the new connectors have
      the names of the old ones.

    Sources:
    - The guide, B2: Migration, connectors
    - Microsoft: Remove-InboundConnector, Remove-OutboundConnector
    - Microsoft, MC1226222: connectors of type OnPremises whose certificate is no accepted domain's may stop
    """
    del tenant  # names the target
    outgoing = [_outgoing(each, flow, phase) for each in having(flow.outbound, Role.PARALLEL)]
    incoming = [_incoming(each, flow, phase) for each in having(flow.inbound, Role.PARALLEL)]
    return [
        *_side(flow.outbound, outgoing, text("outbound connector")),
        *_side(flow.inbound, incoming, text("inbound connector")),
    ]


def _side(side: Side, left: list[Finding], what: Message) -> list[Finding]:
    if isinstance(side, Unavailable):
        return [
            Inconclusive(
                "whether an {what} of parallel mode is left could not be looked at: {detail}",
                reason=side.reason,
                what=what,
                detail=side.detail,
            )
        ]
    others = [_wildcard(each) for each in having(side, Role.WILDCARD)]
    strays = [
        _stray(each) for each in having(side, Role.STRAY) if each.entry.text("ConnectorType").lower() != "partner"
    ]
    found = [*left, *strays, *undecided(side), *others]
    return found or [Passed("no {what} of parallel mode is left", what=what, expected=text("no such connector"))]


def _outgoing(each: Classified, flow: MailFlow, phase: Phase) -> Finding:
    about = _about(each, flow.outbound)
    if phase is not Phase.CUTOVER:
        return _left(about)
    routing = flow.routing_to(each)
    if active := [rule.name for rule in routing if rule.enabled]:
        return Failed("{name} of parallel mode is still in use, by {rules}{stamp}", rules=active, **about)
    hidden = [rule for rule in having(flow.rules, Role.UNDECIDED) if rule.route is None]
    if isinstance(flow.rules, Unavailable) or hidden or any(rule.enabled is None for rule in routing):
        return Inconclusive(
            "whether an enabled rule routes to {name} of parallel mode is not known{stamp}: read the rules "
            "anew, with every property",
            reason=flow.rules.reason if isinstance(flow.rules, Unavailable) else Reason.INCOMPLETE,
            **about,
        )
    return Warned("{name} of parallel mode is idle{stamp}: delete it once the move is proven{advice}", **about)


def _incoming(each: Classified, flow: MailFlow, phase: Phase) -> Finding:
    about = _about(each, flow.inbound)
    if phase is not Phase.CUTOVER:
        return _left(about)
    return Warned(
        "{name} of parallel mode is kept for the way back{stamp}: delete it once the move is proven, and "
        "let no new connector have its name, in whichever letters{advice}",
        **about,
    )


def _left(about: dict[str, Any]) -> Finding:
    return Failed("{name} is left over from parallel mode{stamp}: delete it{advice}", **about)


def _about(each: Classified, side: Side) -> dict[str, Any]:
    stamp = each.stamp and text(
        ", made by {module} {version} on {date}",
        module=each.stamp.module,
        version=each.stamp.version or "?",
        date=each.stamp.date or "?",
    )
    state = {True: text("enabled"), False: text("disabled"), None: text("state unknown")}[each.enabled]
    return {
        "name": each.name,
        "stamp": stamp or "",
        "advice": _advice(side),
        "subject": each.name,
        "expected": text("no such connector"),
        "observed": text(
            "type {kind}, {state}: {marks}", kind=each.entry.text("ConnectorType"), state=state, marks=each.marks
        ),
    }


def _advice(side: Side) -> Message | str:
    """Warn of the vendor's cmdlets once there is something of equal name that they would delete too."""
    names = [each.name for each in having(side, Role.INLINE) if each.name.lower().startswith("[seppmail]")]
    if not names:
        return ""
    return text("; by its Guid, for the vendor's Remove-SM365Connectors would now delete {names} too", names=names)


def _wildcard(each: Classified) -> Finding:
    return Warned(
        "{name} takes mail from any host under {pattern} as if it were internal: if it is for the gateway, delete it",
        name=each.name,
        pattern=each.entry.text("TlsSenderCertificateName"),
        subject=each.name,
        expected=text("no such connector"),
        observed=text("TlsSenderCertificateName {pattern}", pattern=each.entry.text("TlsSenderCertificateName")),
    )


def _stray(each: Classified) -> Finding:
    heading = each.heading or Heading("?", Bearing.UNKNOWN)
    about: dict[str, Any] = {
        "name": each.name,
        "host": heading.host,
        "subject": each.name,
        "expected": text("no such connector"),
        "observed": text("it points at {host}", host=heading.host),
    }
    match heading.bearing:
        case Bearing.GATEWAY:
            return Failed("{name} points at {host}, which is the gateway under another name: delete it", **about)
        case Bearing.NOWHERE:
            return Failed("{name} points at {host}, which does not exist: delete it", **about)
        case Bearing.ELSEWHERE:
            return Warned("{name} has the vendor's mark and points at another host, {host}: is it still used?", **about)
        case _:
            return Inconclusive(
                "{name} points at {host}, which could not be looked up ({fault}): run again",
                reason=Reason.DNS_ERROR,
                fault=heading.fault or text("the gateway's addresses are not known"),
                **about,
            )
