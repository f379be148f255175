"""The TTL that a zone's servers give a record, held against the guide's limit."""

from __future__ import annotations

from seppcheck.judgement.authority import ZoneRecords, judge_servers
from seppcheck.model.dns import ServerAnswer
from seppcheck.model.outcomes import Absence, Reason
from seppcheck.model.results import Failed, Finding, Inconclusive, NotApplicable, Passed, Warned
from seppcheck.model.text import Message, text

LOW_TTL = 300
"""Seconds that the TTL of MX and SPF may have at most before the migration (guide P2)."""


def judge_ttl(records: ZoneRecords, record: str) -> list[Finding]:
    """Judge the TTL of a record at every server (guide P2).

    Args:
        records: what the servers said.
        record: how findings call it, such as `MX`.
    """
    held = {frozenset(each.answer.values) for each in records.servers if each.answer.status.looked}
    exists = any(held)
    findings = judge_servers(records, lambda each: _ttl(each, record, exists=exists))
    if exists and len(held) > 1:
        findings[0] = findings[0].but(summary=_disagreeing(findings[0].summary, record))
    return findings


def _ttl(heard: ServerAnswer, record: str, *, exists: bool) -> Finding:
    answer, subject = heard.answer, heard.subject
    if not answer.values:
        return _no_record(heard, record, exists=exists)
    expected, observed = text("TTL of at most {limit} s", limit=LOW_TTL), text("TTL {ttl} s", ttl=answer.ttl)
    if answer.ttl is None:
        return Inconclusive(
            "{server} answered the {record} record without a TTL; run again, or use a newer collection",
            reason=Reason.MALFORMED,
            server=subject,
            record=record,
            subject=subject,
            expected=expected,
        )
    if answer.ttl <= LOW_TTL:
        return Passed(
            "{server} serves the {record} record with a TTL of {ttl} s",
            server=subject,
            record=record,
            ttl=answer.ttl,
            subject=subject,
            expected=expected,
            observed=observed,
        )
    return Failed(
        "{server} serves the {record} record with a TTL of {ttl} s: lower it to {limit} s in the zone",
        server=subject,
        record=record,
        ttl=answer.ttl,
        limit=LOW_TTL,
        subject=subject,
        expected=expected,
        observed=observed,
    )


def _no_record(heard: ServerAnswer, record: str, *, exists: bool) -> Finding:
    subject = heard.subject
    if heard.answer.aliases:
        return Inconclusive(
            "{server} answers with an alias to {alias}, whose {record} record it does not serve: see its zone",
            reason=Reason.DNS_ERROR,
            server=subject,
            alias=heard.answer.aliases[-1],
            record=record,
            subject=subject,
        )
    if exists:
        return Warned(
            "{server} has no {record} record, while other servers of the zone have one: mend the server that lags",
            server=subject,
            record=record,
            subject=subject,
            observed=text("no {record} record", record=record),
        )
    return NotApplicable(
        "{server} has no {record} record, so there is no TTL to lower",
        reason=Absence.NO_SUCH_RECORD,
        server=subject,
        record=record,
        subject=subject,
        observed=text("no {record} record", record=record),
    )


def _disagreeing(summary: Message, record: str) -> Message:
    return text(
        "{summary}. The servers of the zone do not hold the same {record} record: see that all have the same zone",
        summary=summary,
        record=record,
    )
