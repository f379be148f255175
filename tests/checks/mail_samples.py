"""Samples of mail as evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from seppcheck.api import DkimSignature, DkimVerdict, Hop, MailSample, text
from tests.checks.gateway_facts import NOON

GATEWAY_ADDRESS = "192.0.2.25"
RECEIVER = "mx.receiver.example"
OUTGOING = (("X-SM-outgoing", "yes"),)


def handed_over(
    peer: str = GATEWAY_ADDRESS, helo: str = "secure.example.org", at: datetime = NOON - timedelta(hours=1)
) -> Hop:
    return Hop(RECEIVER, helo, peer, at=at)


def sample(hop: Hop | None = None, **changes: object) -> MailSample:
    made = MailSample("sample.eml", "example.org", (hop or handed_over(),), 1)
    return replace(made, **changes)  # type: ignore[arg-type]  # the fields' own


def signature(selector: str, verdict: DkimVerdict, domain: str = "example.org") -> DkimSignature:
    return DkimSignature(domain, selector, verdict, text("the body was changed after it was signed"))
