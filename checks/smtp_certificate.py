"""STARTTLS and the certificate of the gateway on port 25."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from seppcheck.api import (
    EARLY_WARNING,
    Anchor,
    Certificate,
    ChainVerdict,
    Failed,
    Finding,
    Gateway,
    GatewayAddresses,
    Inconclusive,
    Message,
    Now,
    Passed,
    Presented,
    Reason,
    Result,
    Severity,
    SmtpCertificate,
    StartTls,
    Unavailable,
    Warned,
    check,
    covers,
    no_dialogue,
    text,
    unasked,
)

_SOON = timedelta(days=30)


@check("smtp-certificate", requirements=["O5"], severity=Severity.BLOCKER, phases=EARLY_WARNING)
def certificate_is_one_that_exchange_trusts(
    gateway: Gateway, shown: SmtpCertificate, addresses: GatewayAddresses | Unavailable, now: Now
) -> Result:
    """The gateway offers STARTTLS on port 25 with a certificate that Exchange Online trusts.

    The new outbound connector sends every mail over TLS, and only if the certificate is in order. If it is
    expired, carries another name, or comes without its intermediate certificate, Exchange keeps the mail in
    its queue and gives up after a day. Nobody in the office notices before the first bounce.

    The guide (O5, chapter on the connector from Office 365 to the partner organization) demands "always TLS"
    with a certificate of a trusted authority. This check looks at the gateway's half of it; the connector's
    half is outbound-connector-tls. In readiness it is a warning at worst, because the connector is not there
    yet, but a new certificate may take days.

    At every address the certificate must be in date for 30 days more, carry a name of the gateway (in the
    SAN, or in the CN where there is no SAN; a wildcard covers one label), be meant for servers, and reach a
    root of Mozilla's list with nothing but the chain as it was sent. What this machine alone trusts does not
    count, for Exchange does not know it. Roots of [gateway] extra_roots count, and are named.

    To mend:
    - Order or renew the certificate, with the gateway's name (the one in the MX record) as SAN, from an
      authority that is on Mozilla's list, and import it on the gateway (menu SSL). Run this check again: it
      shows which certificate port 25 really presents.
    - Import the intermediate certificate as well. A chain that browsers complete by themselves is not enough.
    - If STARTTLS is not offered, look at Mail System > SMTP Settings on the gateway, and for a firewall on the
      way that removes the word STARTTLS.

    Sources:
    - The guide, O5: always TLS, trusted certificate authority
    - RFC 3207: SMTP over TLS
    - RFC 6125 section 6.4: how names in a certificate are matched
    - RFC 5280 section 4.2.1.12: what a certificate may be used for
    """
    judged = [finding for each in shown.presented for finding in _judge(each, gateway, now)]
    return [*judged, *unasked(gateway, (each.node for each in shown.presented), addresses)]


def _judge(shown: Presented, gateway: Gateway, now: Now) -> list[Finding]:
    if shown.starttls in (StartTls.NOT_ANNOUNCED, StartTls.REFUSED):
        return [_no_starttls(shown)]
    if shown.fault is not None and not shown.chain:
        return [no_dialogue(shown.fault, shown.address)]
    if not shown.chain or shown.verdict is None:
        return [_not_seen(shown)]
    problems = [*_dates(shown, now), *_name(shown, gateway), *_purpose(shown), *_chain(shown, shown.verdict)]
    return problems or [_in_order(shown, shown.verdict)]


def _no_starttls(shown: Presented) -> Finding:
    about: dict[str, Any] = {"address": shown.address, "subject": shown.address, "expected": text("STARTTLS")}
    if shown.starttls is StartTls.REFUSED:
        return Failed(
            "{address} offers STARTTLS and then refuses it: Exchange Online cannot deliver over TLS",
            observed=text("offered, and refused"),
            **about,
        )
    return Failed(
        "{address} does not offer STARTTLS: Exchange Online cannot deliver over TLS",
        observed=text("not offered"),
        **about,
    )


def _not_seen(shown: Presented) -> Finding:
    return Inconclusive(
        "{address} showed no certificate that could be judged; run again",
        reason=Reason.TLS_ERROR,
        address=shown.address,
        subject=shown.address,
    )


def _dates(shown: Presented, now: Now) -> Iterator[Finding]:
    leaf = shown.chain[0]
    if now.at > leaf.not_after:
        yield Failed(
            "the certificate of {address} expired on {until}: renew it",
            address=shown.address,
            until=leaf.not_after,
            subject=shown.address,
            expected=text("a certificate in date"),
            observed=text("expired on {until}", until=leaf.not_after),
        )
    elif now.at < leaf.not_before:
        yield Failed(
            "the certificate of {address} is not valid before {since}: install it later, or look at the clock",
            address=shown.address,
            since=leaf.not_before,
            subject=shown.address,
            expected=text("a certificate in date"),
            observed=text("valid from {since}", since=leaf.not_before),
        )
    elif leaf.not_after - now.at < _SOON:
        yield Warned(
            "the certificate of {address} expires on {until}, in {days} days: renew it now",
            address=shown.address,
            until=leaf.not_after,
            days=(leaf.not_after - now.at).days,
            subject=shown.address,
            expected=text("at least {days} days left", days=_SOON.days),
            observed=text("valid until {until}", until=leaf.not_after),
        )


def _name(shown: Presented, gateway: Gateway) -> Iterator[Finding]:
    leaf, wanted = shown.chain[0], tuple(dict.fromkeys((shown.node, *gateway.names)))
    if any(covers(name, host) for name in leaf.names for host in wanted):
        return
    yield Failed(
        "the certificate of {address} stands for {names}, not for {wanted}",
        address=shown.address,
        names=_names(leaf),
        wanted=wanted,
        subject=shown.address,
        expected=text("{names}", names=wanted),
        observed=text("{names}", names=_names(leaf)),
    )


def _names(leaf: Certificate) -> tuple[str, ...] | Message:
    return leaf.names or text("no name")


def _purpose(shown: Presented) -> Iterator[Finding]:
    if not shown.chain[0].server_auth:
        yield Failed(
            "the certificate of {address} is not meant for servers (no serverAuth): order one for TLS servers",
            address=shown.address,
            subject=shown.address,
            expected=text("extended key usage serverAuth"),
            observed=text("no serverAuth"),
        )


def _chain(shown: Presented, verdict: ChainVerdict) -> Iterator[Finding]:
    expected = text("a chain to a root of Mozilla's list")
    if verdict.anchor is Anchor.MACHINE:
        yield Failed(
            "the certificate of {address} is trusted on this machine, but by no root of Mozilla's list",
            address=shown.address,
            subject=shown.address,
            expected=expected,
            observed=text("root {root}, known to this machine alone", root=verdict.root),
        )
    elif verdict.anchor is Anchor.NONE:
        yield Failed(
            "the certificate of {address} does not reach a trusted root with the chain as sent: {problem}",
            address=shown.address,
            problem=verdict.problem or text("no root is known for it"),
            subject=shown.address,
            expected=expected,
            observed=text(
                "{count} certificates sent, the last issued by {issuer}",
                count=len(shown.chain),
                issuer=shown.chain[-1].issuer,
            ),
        )


def _in_order(shown: Presented, verdict: ChainVerdict) -> Finding:
    leaf = shown.chain[0]
    about: dict[str, Any] = {
        "address": shown.address,
        "subject": shown.address,
        "until": leaf.not_after,
        "root": verdict.root,
        "observed": _observed(leaf),
    }
    if verdict.anchor is Anchor.EXTRA:
        return Passed(
            "the certificate of {address} is in order until {until}; its root {root} is one of extra_roots, which "
            "Exchange Online does not know",
            **about,
        )
    return Passed("the certificate of {address} is in order until {until} and reaches {root}", **about)


def _observed(leaf: Certificate) -> Message:
    return text(
        "{names}, valid until {until}, issued by {issuer}", names=leaf.names, until=leaf.not_after, issuer=leaf.issuer
    )
