"""SMTP and certificates by meaning: what may be renewed is no change, an end that comes near is one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from seppcheck.drift.projection import Projected, Projector, Unseen, View, listed, same
from seppcheck.model.dns import host_name
from seppcheck.model.gateway import SenderCertificate
from seppcheck.model.outcomes import Reason
from seppcheck.model.smtp import (
    Anchor,
    Certificate,
    Greeting,
    Presented,
    SmtpCertificate,
    SmtpFault,
    SmtpGreeting,
    StartTls,
)
from seppcheck.model.text import Text, text

VALIDITY = "validity"
SOON = timedelta(days=30)
"""When a certificate's end is near: as the checks warn (S1, O5)."""
_IN_ORDER, _TRUST = "in-date", "trust"

_Dates = tuple[str, Text | None]


def alike(name: str, before: Any, after: Any) -> bool:
    """Tell whether two values mean the same. A certificate that is in date again is no drift."""
    return same(name, before, after) or (name == VALIDITY and after == _IN_ORDER)


def _dates(certificate: Certificate, view: View) -> _Dates:
    """Return how it stands with its dates in a word, and a sentence where that is not well."""
    since, until = certificate.not_before, certificate.not_after
    if view.now > until:
        return "expired", text("expired on {until}: renew it", until=until)
    if view.now < since:
        return "not-yet-valid", text("not valid before {since}", since=since)
    if until - view.now < SOON:
        days = (until - view.now).days
        return "expires-soon", text("expires on {until}, in {days} days: renew it", until=until, days=days)
    return _IN_ORDER, None


def _kept(certificate: Certificate, validity: str) -> dict[str, object]:
    return {
        "names": listed(map(host_name, certificate.names)),
        "server_auth": certificate.server_auth,
        VALIDITY: validity,
    }


def _presented(found: SmtpCertificate, view: View) -> Projected:
    objects: dict[str, dict[str, object]] = {}
    unseen = []
    remarks: dict[tuple[str, str], Text] = {}
    for each in found.presented:
        if each.starttls in (StartTls.NOT_ANNOUNCED, StartTls.REFUSED):
            objects[each.address] = {"starttls": each.starttls.value}
        elif not each.chain:
            unseen.append(_not_seen(each.address, each.fault))
        else:
            validity, remark = _dates(each.chain[0], view)
            kept = {**_kept(each.chain[0], validity), "starttls": each.starttls.value}
            objects[each.address] = kept
            unseen.extend(_trust(each, kept, remarks))
            if remark is not None:
                remarks[each.address, VALIDITY] = remark
    return Projected(objects, tuple(unseen), remarks=remarks)


def _trust(each: Presented, kept: dict[str, object], remarks: dict[tuple[str, str], Text]) -> tuple[Unseen, ...]:
    """Add which store the chain ends in, or return that it is unknown."""
    if each.verdict is None:
        return (Unseen(each.address, _TRUST, Reason.TLS_ERROR, text("the chain was not judged")),)
    kept[_TRUST] = each.verdict.anchor.value
    if each.verdict.anchor is Anchor.NONE:
        problem = each.verdict.problem or text("no root is known for it")
        remarks[each.address, _TRUST] = text(
            "reaches no trusted root with the chain as sent: {problem}", problem=problem
        )
    return ()


def _not_seen(address: str, fault: SmtpFault | None) -> Unseen:
    if fault is None:
        return Unseen(address, None, Reason.TLS_ERROR, text("no certificate was seen"))
    return Unseen(address, None, fault.reason, fault.detail)


def _sender(found: SenderCertificate, view: View) -> Projected:
    certificate, name = found.certificate, view.target.name
    validity, remark = _dates(certificate, view)
    kept = {
        **_kept(certificate, validity),
        "common_names": listed(map(host_name, certificate.common_names)),  # S1 compares the CN
        "self_signed": certificate.subject == certificate.issuer,
    }
    return Projected({name: kept}, remarks={} if remark is None else {(name, VALIDITY): remark})


def _greetings(found: SmtpGreeting, view: View) -> Projected:
    """Return the host that each address greets with: the rest of a greeting may hold the time of day."""
    del view
    return Projected(
        {each.address: {"banner": _banner(each)} for each in found.greetings if each.lines and not each.fault},
        tuple(_not_greeted(each) for each in found.greetings if each.fault or not each.lines),
    )


def _banner(greeting: Greeting) -> str:
    first, *_ = [*greeting.lines[-1].split(), ""]
    return host_name(first)


def _not_greeted(greeting: Greeting) -> Unseen:
    if greeting.fault is None:
        return Unseen(greeting.address, None, Reason.MALFORMED, text("no greeting was seen"))
    return Unseen(greeting.address, None, greeting.fault.reason, greeting.fault.detail)


CERTIFICATES = (
    Projector(SmtpGreeting, text("SMTP greeting of {object}"), _greetings, same),
    Projector(SmtpCertificate, text("certificate on port 25 of {object}"), _presented, alike),
    Projector(SenderCertificate, text("SSL certificate of the managed domain {object}"), _sender, alike),
)
