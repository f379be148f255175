"""Transport rules left over from parallel mode."""

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
    Tenant,
    Unavailable,
    Warned,
    check,
    having,
    text,
    undecided,
)


@check("parallel-rules", requirements=["B1"], severity=Severity.BLOCKER, phases=FROM_CUTOVER)
def no_transport_rule_of_parallel_mode_is_left(tenant: Tenant, flow: MailFlow, phase: Phase) -> Result:
    """No transport rule of parallel mode is left in the tenant.

    In parallel mode, rules of Exchange Online send mail through the gateway and back. Left in place after
    the move, they send incoming mail round a second time: it loops, or is refused as mail from a stranger.

    The guide (B1, chapter Migration) has them deleted. They are recognised by what they do: they route to a
    connector of parallel mode, mark mail as incoming for the gateway, or carry the name of any version of
    the vendor's module, or its stamp together with one of its headers. A rule that routes to a partner
    connector is inline, whatever its name. Rules of SEPPmail.cloud, another product, are left alone, and a
    rule of your own that only speaks of X-SM headers is a warning.

    During the cutover a rule that is disabled is a warning, for it is the way back; the guide deletes the
    rules before the new objects are made, and this waits until the move is proven. Afterwards every one of
    them fails. A rule with the vendor's name whose connector points at another host fails if that host is
    the gateway's or does not exist, and is a warning otherwise.

    To mend:
    - Note the rule's settings, then delete it by its Guid: Remove-TransportRule -Identity GUID.
    - Do not use the vendor's Remove-SM365Rules any more: it deletes by name, and the new rule has the name of
      an old one.
    - Delete the rules before their connector: Exchange keeps a connector that a rule names.

    Sources:
    - The guide, B1: Migration, transport rules
    - Microsoft: Remove-TransportRule
    """
    del tenant  # names the target
    if isinstance(flow.rules, Unavailable):
        return Inconclusive(
            "the transport rules could not be looked at: {detail}", reason=flow.rules.reason, detail=flow.rules.detail
        )
    left = [_leftover(rule, flow, phase) for rule in having(flow.rules, Role.PARALLEL)]
    strays = [_stray(rule) for rule in having(flow.rules, Role.STRAY)]
    mentions = [_mention(rule) for rule in having(flow.rules, Role.MENTION)]
    return [*left, *strays, *undecided(flow.rules), *(mentions if left else [*mentions, *_none(strays)])]


def _none(strays: list[Finding]) -> list[Finding]:
    return [] if strays else [Passed("no transport rule of parallel mode is left", expected=text("no such rule"))]


def _leftover(rule: Classified, flow: MailFlow, phase: Phase) -> Finding:
    about: dict[str, Any] = {
        "name": rule.name,
        "stamp": _stamp(rule),
        "advice": _advice(flow),
        "subject": rule.name,
        "expected": text("no such rule"),
        "observed": _state(rule),
    }
    if phase is not Phase.CUTOVER:
        return Failed("{name} is left over from parallel mode{stamp}: delete it{advice}", **about)
    if rule.enabled:
        return Failed("{name} of parallel mode is still enabled{stamp}: disable it{advice}", **about)
    if rule.enabled is None:
        return Inconclusive(
            "whether {name} of parallel mode is still enabled is not known{stamp}: export it anew",
            reason=Reason.INCOMPLETE,
            **about,
        )
    return Warned("{name} of parallel mode is disabled{stamp}: delete it once the move is proven{advice}", **about)


def _state(rule: Classified) -> Message:
    state = rule.entry.text("State") or text("state unknown")
    return text("there, {state}: {marks}", state=state, marks=rule.marks)


def _stamp(rule: Classified) -> Message | str:
    if rule.stamp is None:
        return ""
    return text(
        ", made by {module} {version} on {date}",
        module=rule.stamp.module,
        version=rule.stamp.version or "?",
        date=rule.stamp.date or "?",
    )


def _advice(flow: MailFlow) -> Message | str:
    """Warn of the vendor's cmdlets once there is something of equal name that they would delete too."""
    names = [rule.name for rule in having(flow.rules, Role.INLINE) if rule.name.lower().startswith("[seppmail]")]
    if not names:
        return ""
    return text(", by its Guid: the vendor's Remove-SM365Rules would now delete {names} too", names=names)


def _stray(rule: Classified) -> Finding:
    heading = rule.heading or Heading("?", Bearing.UNKNOWN)
    about: dict[str, Any] = {
        "name": rule.name,
        "host": heading.host,
        "addresses": heading.addresses,
        "subject": rule.name,
        "expected": text("no such rule"),
        "observed": text("it leads to {host}", host=heading.host),
    }
    match heading.bearing:
        case Bearing.GATEWAY:
            return Failed("{name} leads to {host}, which is the gateway under another name: delete it", **about)
        case Bearing.NOWHERE:
            return Failed("{name} leads to {host}, which does not exist: delete it", **about)
        case Bearing.ELSEWHERE:
            return Warned("{name} has the vendor's name and leads to another host, {host}: is it still used?", **about)
        case _:
            return Inconclusive(
                "{name} leads to {host}, which could not be looked up ({fault}): run again",
                reason=Reason.DNS_ERROR,
                fault=heading.fault or text("the gateway's addresses are not known"),
                **about,
            )


def _mention(rule: Classified) -> Finding:
    return Warned(
        "{name} is not one of the vendor's rules, and yet: {marks}; see that it does not disturb inline mode",
        name=rule.name,
        marks=rule.marks,
        subject=rule.name,
        observed=_state(rule),
    )
