"""Have the gateway introduce itself by its PTR name."""

from __future__ import annotations

from collections.abc import Sequence

from seppcheck.api import (
    FactImage,
    Gateway,
    GatewayAddresses,
    HeloSetting,
    MailSamples,
    ManualStep,
    Message,
    Note,
    Now,
    PlanPhase,
    Proposal,
    System,
    Unavailable,
    at_menu,
    host_name,
    remediation,
    steps_at,
    text,
)

_MENU = text("Mail System > SMTP Settings > SMTP server HELO string")
_SUMMARY = text("Let the gateway introduce itself by the name of the PTR record")
_WHY = text("receivers compare the name in HELO with the PTR record of the address that connects")


@remediation("smtp-helo", kind="manual", phases=["readiness", "cutover"])
def introduce_itself_by_the_ptr_name(
    gateway: Gateway,
    setting: HeloSetting | Unavailable,
    samples: MailSamples | Unavailable,
    addresses: GatewayAddresses | Unavailable,
    phase: PlanPhase,
    now: Now,
) -> Proposal:
    """Have the field changed; where real mail showed another name, only newer mail shows that it is right."""
    seen = _seen(samples, addresses, now)
    wrong = [(file, helo, node) for file, helo, node in seen if helo != node]
    if wrong:
        return [_send_anew(gateway, wrong, phase)]
    if seen:
        return []
    if isinstance(setting, Unavailable):
        return [Note(text("what the gateway says in HELO is not known: {why}", why=setting.detail))]
    return [] if host_name(setting.helo) in gateway.names else [_change(gateway, setting)]


def _seen(
    samples: MailSamples | Unavailable, addresses: GatewayAddresses | Unavailable, now: Now
) -> Sequence[tuple[str, str, str]]:
    """Return each sample that the gateway handed over: the file, the name that it gave, and its node's."""
    if isinstance(samples, Unavailable) or isinstance(addresses, Unavailable):
        return ()
    nodes = {address: node.name for node in addresses.nodes for address in node.addresses}
    handed = samples.from_gateway(now.at, addresses.addresses)
    return [(sample.file, hop.helo, nodes[hop.peer]) for sample, hop in handed]


def _enter(gateway: Gateway) -> tuple[Message, ...]:
    if len(gateway.nodes) == 1:
        return (text("Enter: {name}", name=gateway.name),)
    return tuple(text("On {node}, enter: {node}", node=node.name) for node in gateway.nodes)


def _change(gateway: Gateway, setting: HeloSetting) -> ManualStep:
    return ManualStep(
        summary=_SUMMARY,
        why=_WHY,
        system=System.GATEWAY,
        steps=steps_at(_MENU, *_enter(gateway), check="smtp-helo", shown=text("{name}", name=gateway.name)),
        before=FactImage(HeloSetting.kind, gateway, {"helo": setting.helo}),
        after=FactImage(HeloSetting.kind, gateway, {"helo": gateway.name}),
        undo=at_menu(_MENU, text("Enter again: {name}", name=setting.helo or "-")),
    )


def _send_anew(gateway: Gateway, wrong: Sequence[tuple[str, str, str]], phase: PlanPhase) -> ManualStep:
    files = tuple(dict.fromkeys(file for file, _, _ in wrong))
    said = tuple(dict.fromkeys(helo or "-" for _, helo, _ in wrong))
    return ManualStep(
        summary=_SUMMARY,
        why=_WHY,
        system=System.GATEWAY,
        steps=(
            *steps_at(_MENU, *_enter(gateway), check="smtp-helo", shown=text("{name}", name=gateway.name)),
            text("Real mail outranks what is written down, and {files} show {said}.", files=files, said=said),
            text(
                "Send a new message through the gateway to a receiver outside, and save it there as .eml in place of "
                "{files}.",
                files=files,
            ),
            text("Look: `seppcheck {phase} --only smtp-helo`.", phase=phase.phase.value),
        ),
        undo=at_menu(_MENU, text("Enter again: {name}", name=said)),
    )
