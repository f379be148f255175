"""Whether the gateway delivers mail itself."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.api import (
    ALL,
    BuiltinMta,
    Failed,
    Finding,
    Gateway,
    GatewayAddresses,
    Inconclusive,
    MailSample,
    MailSamples,
    Now,
    Passed,
    Phase,
    Result,
    Severity,
    Site,
    Unavailable,
    Warned,
    check,
)


@check("gateway-mta", requirements=["P3"], severity=Severity.BLOCKER, phases=ALL)
def gateway_delivers_by_itself(
    gateway: Gateway,
    mta: BuiltinMta | Unavailable,
    samples: MailSamples | Unavailable,
    addresses: GatewayAddresses | Unavailable,
    site: Site,
    phase: Phase,
    now: Now,
) -> Result:
    """The gateway uses its built-in mail transport agent.

    In inline operation outgoing mail leaves the gateway for the whole Internet. That needs the built-in mail
    transport agent (guide P3, chapter Vorarbeiten); with a relay in its place mail may travel in circles.

    A person writes the setting down. From cutover on, a real outgoing message can confirm it, when a receiver that
    you trust took it from an address of the gateway, or show the contrary, when it went through a smarthost.

    To mend:
    - Mail System > Outgoing Server > Use built-in mail transport agent: enable it. Then Save.
    - Write it down: seppcheck attest --only gateway-mta.

    Sources:
    - The guide, P3: Vorarbeiten, Outgoing Server
    """
    seen = () if phase is Phase.READINESS else tuple(_seen(samples, addresses, site, now))
    if seen:
        return [*(finding.but(observed_alone=True) for finding in seen), *_otherwise(seen, mta)]
    if isinstance(mta, Unavailable):
        return Inconclusive("{why}", why=mta.detail, subject=gateway.name, reason=mta.reason)
    if mta.enabled:
        return Passed("the built-in mail transport agent is enabled", subject=gateway.name)
    return Failed(
        "the built-in mail transport agent is not enabled", subject=gateway.name, expected="true", observed="false"
    )


def _seen(
    samples: MailSamples | Unavailable, addresses: GatewayAddresses | Unavailable, site: Site, now: Now
) -> Iterator[Finding]:
    if isinstance(samples, Unavailable) or isinstance(addresses, Unavailable):
        return
    ours = {domain.name for domain in site.domains}
    handed = {sample.file for sample, _ in samples.from_gateway(now.at, addresses.addresses)}
    for sample in samples.fresh(now.at):
        if sample.outgoing and sample.sender_domain in ours:
            yield from _judge(sample, sample.file in handed)


def _judge(sample: MailSample, handed_over: bool) -> Iterator[Finding]:
    smarthost = sample.header("X-SM-smarthost")
    if smarthost is not None:
        yield Failed(
            "{file} went through the smarthost {smarthost}",
            file=sample.file,
            smarthost=smarthost,
            subject=sample.file,
            expected="-",
            observed=smarthost,
        )
    elif handed_over:
        yield Passed("{file} went from the gateway straight to its receiver", file=sample.file, subject=sample.file)


def _otherwise(seen: tuple[Finding, ...], mta: BuiltinMta | Unavailable) -> Iterator[Finding]:
    if isinstance(mta, Unavailable):
        return
    shown = all(isinstance(finding, Passed) for finding in seen)
    if shown is not mta.enabled:
        yield Warned(
            "the gateway record says otherwise than the samples: correct the record", subject="gateway-record.toml"
        )
