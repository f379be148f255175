"""How the gateway introduces itself to others."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.api import (
    ALL,
    Failed,
    Finding,
    Gateway,
    GatewayAddresses,
    HeloSetting,
    Hop,
    Inconclusive,
    MailSample,
    MailSamples,
    Now,
    Passed,
    Result,
    Severity,
    Unavailable,
    Warned,
    check,
    host_name,
)


@check("smtp-helo", requirements=["P5"], severity=Severity.HIGH, phases=ALL)
def gateway_introduces_itself_by_its_ptr_name(
    gateway: Gateway,
    addresses: GatewayAddresses | Unavailable,
    samples: MailSamples | Unavailable,
    setting: HeloSetting | Unavailable,
    now: Now,
) -> Result:
    """The gateway says its PTR name when it delivers mail.

    Receivers compare the name in HELO or EHLO with the PTR record of the connecting address. Another name, or one
    that does not exist, costs trust and often mail (guide P5, chapter Vorarbeiten).

    What the gateway answers to others proves nothing here; what counts is what it says when it connects itself. A
    real message shows it: the Received line in which a receiver that you trust took the mail from an address of
    the gateway. Lines below that could be forged and are not believed. Without such a sample a person's answer
    counts. In a cluster each node is held against its own name.

    To mend:
    - Mail System > SMTP Settings > SMTP server HELO string: enter the PTR name. Then Save.
    - Save a message that the gateway delivered as .eml and name it in [mail] samples, or write the setting down:
      seppcheck attest --only smtp-helo.

    Sources:
    - The guide, P5: Vorarbeiten, SMTP server HELO string
    - RFC 5321 section 4.1.1.1: the argument of EHLO is the client's host name
    """
    seen = (
        []
        if isinstance(samples, Unavailable) or isinstance(addresses, Unavailable)
        else list(samples.from_gateway(now.at, addresses.addresses))
    )
    if seen and not isinstance(addresses, Unavailable):
        nodes = {address: node.name for node in addresses.nodes for address in node.addresses}
        return [
            *(_observed(sample, hop, nodes[hop.peer]).but(observed_alone=True) for sample, hop in seen),
            *_otherwise(seen, setting),
        ]
    if isinstance(setting, Unavailable):
        return Inconclusive(
            "no sample shows it, and the setting is not known: {why}",
            why=setting.detail,
            subject=gateway.name,
            reason=setting.reason,
        )
    return _written(gateway, setting)


def _observed(sample: MailSample, hop: Hop, node: str) -> Finding:
    about = {"file": sample.file, "by": hop.by, "peer": hop.peer, "helo": hop.helo or "-"}
    if hop.helo == node:
        return Passed("{file}: {peer} introduced itself to {by} as {helo}", subject=hop.peer, **about)
    return Failed(
        "{file}: {peer} introduced itself to {by} as {helo}, not as {node}",
        node=node,
        subject=hop.peer,
        expected=node,
        observed=hop.helo,
        **about,
    )


def _otherwise(seen: list[tuple[MailSample, Hop]], setting: HeloSetting | Unavailable) -> Iterator[Finding]:
    if isinstance(setting, Unavailable):
        return
    said = {hop.helo for _, hop in seen}
    if host_name(setting.helo) not in said:
        yield Warned(
            "the gateway record says {attested}, but the samples show {said}: correct the record",
            attested=setting.helo or "-",
            said=said,
            subject="gateway-record.toml",
        )


def _written(gateway: Gateway, setting: HeloSetting) -> Finding:
    if host_name(setting.helo) in gateway.names:
        return Passed("the HELO string is written down as {helo}", helo=setting.helo, subject=gateway.name)
    return Failed(
        "the HELO string is written down as {helo}, not as {name}",
        helo=setting.helo or "-",
        name=gateway.name,
        subject=gateway.name,
        expected=gateway.name,
        observed=setting.helo,
    )
