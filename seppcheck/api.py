"""Everything a plugin may import."""

from __future__ import annotations

from seppcheck.model.authority import dns_fault, does_not_exist, judge_servers, unheard
from seppcheck.model.certificates import covers
from seppcheck.model.checks import check
from seppcheck.model.dns import (
    DnsAnswer,
    DnsStatus,
    GatewayAddresses,
    HostLookup,
    MxRecords,
    NodeAddresses,
    ReverseDns,
    ReverseEntry,
    ServerAnswer,
    SpfEvaluation,
    SpfRecords,
    SpfResult,
    SpfVerdict,
    ZoneServers,
    host_name,
    mail_exchanger,
)
from seppcheck.model.evidence import Evidence, Now, Unavailable, evidence
from seppcheck.model.history import RunHistory, SeenRun, SeenServer
from seppcheck.model.microsoft import is_microsoft
from seppcheck.model.outcomes import Absence, Outcome, Reason, Severity
from seppcheck.model.phases import ADVICE, ALL, EARLY_WARNING, FROM_CUTOVER, UNTIL_CUTOVER, Phase
from seppcheck.model.results import Failed, Finding, Inconclusive, NotApplicable, Passed, Result, Warned
from seppcheck.model.smtp import (
    Anchor,
    Certificate,
    ChainVerdict,
    Greeting,
    Presented,
    SmtpCertificate,
    SmtpFault,
    SmtpGreeting,
    StartTls,
)
from seppcheck.model.sources import Session, source
from seppcheck.model.targets import Domain, Gateway, Node, Tenant
from seppcheck.model.text import Message, text
from seppcheck.model.ttl import LOW_TTL, judge_ttl
from seppcheck.model.unasked import no_dialogue, unasked, unresolved

__all__ = [
    "ADVICE",
    "ALL",
    "EARLY_WARNING",
    "FROM_CUTOVER",
    "LOW_TTL",
    "UNTIL_CUTOVER",
    "Absence",
    "Anchor",
    "Certificate",
    "ChainVerdict",
    "DnsAnswer",
    "DnsStatus",
    "Domain",
    "Evidence",
    "Failed",
    "Finding",
    "Gateway",
    "GatewayAddresses",
    "Greeting",
    "HostLookup",
    "Inconclusive",
    "Message",
    "MxRecords",
    "Node",
    "NodeAddresses",
    "NotApplicable",
    "Now",
    "Outcome",
    "Passed",
    "Phase",
    "Presented",
    "Reason",
    "Result",
    "ReverseDns",
    "ReverseEntry",
    "RunHistory",
    "SeenRun",
    "SeenServer",
    "ServerAnswer",
    "Session",
    "Severity",
    "SmtpCertificate",
    "SmtpFault",
    "SmtpGreeting",
    "SpfEvaluation",
    "SpfRecords",
    "SpfResult",
    "SpfVerdict",
    "StartTls",
    "Tenant",
    "Unavailable",
    "Warned",
    "ZoneServers",
    "check",
    "covers",
    "dns_fault",
    "does_not_exist",
    "evidence",
    "host_name",
    "is_microsoft",
    "judge_servers",
    "judge_ttl",
    "mail_exchanger",
    "no_dialogue",
    "source",
    "text",
    "unasked",
    "unheard",
    "unresolved",
]
