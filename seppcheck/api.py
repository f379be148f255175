"""Everything a plugin may import."""

from __future__ import annotations

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
)
from seppcheck.model.evidence import Evidence, Now, Unavailable, evidence
from seppcheck.model.history import RunHistory, SeenRun, SeenServer
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

__all__ = [
    "ADVICE",
    "ALL",
    "EARLY_WARNING",
    "FROM_CUTOVER",
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
    "evidence",
    "source",
    "text",
]
