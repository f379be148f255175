"""Which way real messages came."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.api import (
    Finding,
    Gateway,
    GatewayAddresses,
    Inconclusive,
    MailSample,
    MailSamples,
    Now,
    Outcome,
    Passed,
    Phase,
    Reason,
    Result,
    Severity,
    Warned,
    check,
)

_AFTERWARDS = {Phase.VERIFICATION: Outcome.WARNED, Phase.DRIFT: Outcome.WARNED}
_ORIGIN = "X-MS-Exchange-ExternalOriginalInternetSender"


@check("mail-route", severity=Severity.ADVICE, phases=_AFTERWARDS)
def samples_travelled_inline(gateway: Gateway, samples: MailSamples, addresses: GatewayAddresses, now: Now) -> Result:
    """Every fresh mail sample travelled inline.

    Settings say how mail should travel, a real message shows how it did. Each sample is followed as far as the
    receivers that you trust wrote it down: inline when the gateway handed it over, parallel when Exchange Online
    sent it through the gateway and back, and past the gateway otherwise. This is advice beyond the guide.

    To mend:
    - Save recent messages of both directions as .eml, as they were received, and name them in [mail] samples.
    - A sample that went parallel points to a rule or connector of the old set: see parallel-rules.
    - A sample that went past the gateway points to the MX record, to a missing rule, or to direct delivery: see
      dns-mx, transport-rule, direct-send.

    Sources:
    - RFC 5321 section 4.4: trace information
    """
    fresh = samples.fresh(now.at)
    findings = [finding for sample in fresh for finding in _judge(sample, addresses)]
    if findings:
        return [*findings, *_unread(samples)]
    return Inconclusive(
        "no sample is under 30 days old and has a Received line of a trusted receiver: save a recent one",
        subject=gateway.name,
        reason=Reason.EXPIRED if samples.samples else Reason.NOT_COLLECTED,
    )


def _unread(samples: MailSamples) -> Iterator[Finding]:
    for file in samples.unreadable:
        yield Inconclusive("{file} is no message that can be read", file=file, subject=file, reason=Reason.MALFORMED)


def _judge(sample: MailSample, addresses: GatewayAddresses) -> Iterator[Finding]:
    hop = sample.handover
    if hop is None:
        return
    about = {"file": sample.file, "by": hop.by, "peer": hop.peer or hop.helo or "-"}
    if hop.peer in addresses.addresses:
        yield _handed_over(sample, about)
    elif _through_gateway(sample) and any(_is_exchange(name) for name in (hop.helo, hop.peer_name)):
        yield Warned(
            "{file} went parallel: Exchange Online sent it through the gateway and then out itself",
            subject=sample.file,
            **about,
        )
    else:
        yield Warned("{file} went past the gateway: {by} took it from {peer}", subject=sample.file, **about)


def _handed_over(sample: MailSample, about: dict[str, str]) -> Finding:
    origin = sample.header(_ORIGIN) or ""
    if "protection.outlook.com" in origin.lower():
        return Warned(
            "{file} went parallel: it came to the gateway from Exchange Online ({origin})",
            origin=origin,
            subject=sample.file,
            **about,
        )
    return Passed("{file} went inline: {by} took it from the gateway", subject=sample.file, **about)


def _is_exchange(name: str) -> bool:
    return name.endswith(".outbound.protection.outlook.com")


def _through_gateway(sample: MailSample) -> bool:
    return any(name.lower().startswith("x-sm-") for name, _ in sample.headers)
