"""The certificate that an address of the gateway presents after STARTTLS, held against what Exchange Online takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from seppcheck.judgement.unasked import no_dialogue
from seppcheck.model.certificates import covers
from seppcheck.model.evidence import Now
from seppcheck.model.outcomes import Reason
from seppcheck.model.results import Failed, Finding, Inconclusive, Passed, Warned
from seppcheck.model.smtp import Anchor, Certificate, ChainVerdict, Presented, StartTls
from seppcheck.model.targets import Gateway
from seppcheck.model.text import Message, text

_SOON = timedelta(days=30)


def judge_presented(shown: Presented, gateway: Gateway, now: Now) -> list[Finding]:
    """Return what is wrong with STARTTLS and the certificate of one address, or that it is in order.

    Args:
        shown: what the address presented.
        gateway: whose names the certificate may carry.
        now: the moment that its dates are held against.
    """
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
