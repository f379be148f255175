"""What the servers of a zone say: every answer judged, silence never taken for "there is none"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from seppcheck.model.dns import DnsStatus, MxRecords, ServerAnswer, SpfRecords
from seppcheck.model.history import SeenServer
from seppcheck.model.outcomes import Reason
from seppcheck.model.results import Failed, Finding, Inconclusive
from seppcheck.model.text import Message, text

ZoneRecords = MxRecords | SpfRecords


def judge_servers(records: ZoneRecords, judge: Callable[[ServerAnswer], Finding]) -> list[Finding]:
    """Return a finding for each server's answer, and one for each server that could not be heard.

    Args:
        records: what the servers said.
        judge: judges one answer, or "there is no such record"; a domain that does not exist has
            failed before.
    """
    judged = [_missing(records, each) or judge(each) for each in records.servers if each.answer.status.looked]
    notes = _notes(records)
    if judged and notes:
        judged[0] = judged[0].but(summary=_with_notes(judged[0].summary, notes))
    return [*judged, *unheard(records)]


def unheard(records: ZoneRecords) -> list[Finding]:
    """Return an inconclusive finding for whatever could not be heard: a server, the parent, everybody."""
    seen = [SeenServer.of(each) for each in records.servers]
    silent = [
        _silent(records, each)
        for each, noted in zip(records.servers, seen, strict=True)
        if noted.reason and not noted.noted(seen)
    ]
    findings = [*silent, *_parent(records)]
    if not findings and not any(each.answer.status.looked for each in records.servers):
        return [_nobody(records)]
    return findings


def does_not_exist(records: ZoneRecords) -> list[Finding]:
    """Return a failed finding for each server that says that the domain does not exist."""
    return [finding for each in records.servers if (finding := _missing(records, each))]


def _missing(records: ZoneRecords, heard: ServerAnswer) -> Finding | None:
    if heard.answer.status is not DnsStatus.NXDOMAIN:
        return None
    return Failed(
        "{domain} does not exist, says {server}: check the spelling, or register the domain",
        domain=records.domain,
        server=heard.subject,
        subject=heard.subject,
        expected=text("the domain exists"),
        observed=text("there is no such domain (NXDOMAIN)"),
    )


_FAULTS = {
    DnsStatus.TIMEOUT: text("it did not answer in time"),
    DnsStatus.UNREACHABLE: text("it could not be reached"),
    DnsStatus.NO_ROUTE: text("this machine has no route to it"),
    DnsStatus.NO_ADDRESS: text("its name has no address"),
    DnsStatus.REFUSED: text("it refuses to answer (REFUSED)"),
    DnsStatus.SERVFAIL: text("it failed to answer (SERVFAIL)"),
    DnsStatus.LAME: text("it is not authoritative for the zone (lame)"),
    DnsStatus.TRUNCATED: text("its answer was cut short, and it gave none over TCP"),
    DnsStatus.MALFORMED: text("its answer made no sense"),
}


def dns_fault(status: DnsStatus, detail: str = "") -> Message:
    """Return what went wrong with a question, for people."""
    words = _FAULTS.get(status, text("it gave no usable answer"))
    return text("{words}: {detail}", words=words, detail=detail) if detail else words


def _silent(records: ZoneRecords, heard: ServerAnswer) -> Finding:
    return Inconclusive(
        "{server} could not be asked about {domain}: {fault}; mend the server, or take it out of the delegation",
        reason=heard.answer.status.reason,
        server=heard.subject,
        domain=records.domain,
        fault=dns_fault(heard.answer.status, heard.answer.detail),
        subject=heard.subject,
    )


def _parent(records: ZoneRecords) -> list[Finding]:
    zone = records.zone
    if not zone.parent_known or zone.parent_status is DnsStatus.ANSWER:
        return []
    return [
        Inconclusive(
            "the servers of {parent}, the parent of {zone}, could not be asked which servers they delegate to: {fault}",
            reason=zone.parent_status.reason,
            parent=zone.parent or ".",
            zone=zone.zone,
            fault=dns_fault(zone.parent_status, zone.parent_detail),
            subject=zone.parent or ".",
        )
    ]


def _nobody(records: ZoneRecords) -> Finding:
    if not records.servers and any(each.answer.status is DnsStatus.NXDOMAIN for each in records.resolvers):
        return Failed(
            "{domain} does not exist, say the resolvers: check the spelling, or register the domain",
            domain=records.domain,
            expected=text("the domain exists"),
            observed=text("there is no such domain (NXDOMAIN)"),
        )
    return Inconclusive(
        "no authoritative server of {domain} could be asked: check the delegation, and this machine's way to port 53",
        reason=Reason.UNREACHABLE if records.servers else Reason.DNS_ERROR,
        domain=records.domain,
    )


def _notes(records: ZoneRecords) -> list[Message]:
    seen = [SeenServer.of(each) for each in records.servers]
    silent = [
        text("{server}: {fault}", server=each.subject, fault=dns_fault(each.answer.status))
        for each, noted in zip(records.servers, seen, strict=True)
        if noted.reason and noted.noted(seen)
    ]
    if not records.zone.parent_known:
        silent.append(text("the servers of the parent zone are not known, so only the zone's own list was asked"))
    return silent


def _with_notes(summary: Message, notes: Sequence[Message]) -> Message:
    return text("{summary} (noted, not judged: {notes})", summary=summary, notes=notes)
