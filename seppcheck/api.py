"""Everything a plugin may import."""

from __future__ import annotations

from seppcheck.judgement.address_ranges import holds_any
from seppcheck.judgement.authority import dns_fault, does_not_exist, judge_servers, unheard
from seppcheck.judgement.certificate_name import is_host_or_wildcard, may_be_demanded
from seppcheck.judgement.hold_command import GUIDE_COMMAND
from seppcheck.judgement.hold_command import examine as examine_command
from seppcheck.judgement.inline import RULE_DELAY, Settling, sender_domains, settling
from seppcheck.judgement.lead_time import LeadTime, lead_time
from seppcheck.judgement.mailflow_findings import undecided, without_inline
from seppcheck.judgement.presented import judge_presented
from seppcheck.judgement.properties import judge_property, unknown_property
from seppcheck.judgement.rule_contents import RuleContents, contents_of
from seppcheck.judgement.rule_precedence import EarlierRule, earlier_rules
from seppcheck.judgement.sender_list import covered_domains, judge_senders
from seppcheck.judgement.tlsa import matches_tlsa
from seppcheck.judgement.ttl import LOW_TTL, judge_ttl
from seppcheck.judgement.unasked import no_dialogue, unasked, unresolved
from seppcheck.model.accepted import AcceptedDomainMx, AcceptedMx
from seppcheck.model.certificates import covers, exchange_inbound_match, exchange_outbound_match, public_key_of
from seppcheck.model.changes import (
    Change,
    ChangeKind,
    DnsImage,
    ExchangeImage,
    FactImage,
    ManualStep,
    Milestone,
    Note,
    PlanPhase,
    Proposal,
    Step,
    System,
    Wait,
)
from seppcheck.model.checks import check
from seppcheck.model.dkim import DkimRecord, key_bytes
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
from seppcheck.model.evidence import Each, Evidence, Now, Unavailable, evidence
from seppcheck.model.exchange import (
    AcceptedDomains,
    ArcConfig,
    ConnectionFilterPolicies,
    DkimSigningConfigs,
    ExchangeObject,
    InboundConnectors,
    OrganizationConfig,
    OutboundConnectors,
    RemoteDomains,
    TransportRules,
)
from seppcheck.model.facts import Attested, Fact, Voice
from seppcheck.model.gateway import (
    BannerSetting,
    BuiltinMta,
    CustomCommands,
    DeliveryHold,
    DkimCommand,
    ExtendedField,
    ExtendedFields,
    Firmware,
    Forwarding,
    GatewayDkimKey,
    HeloSetting,
    InternalMails,
    ManagedDomain,
    ManagedDomains,
    SenderCertificate,
    Smarthost,
    TlsLevel,
)
from seppcheck.model.history import RunHistory, SeenRun, SeenServer
from seppcheck.model.mail import DkimSignature, DkimVerdict, Hop, MailSample, MailSamples
from seppcheck.model.mailflow import (
    GUIDE_RULE,
    Bearing,
    Classified,
    Heading,
    MailFlow,
    Role,
    Side,
    Stamp,
    having,
    key_of,
)
from seppcheck.model.microsoft import is_microsoft
from seppcheck.model.outcomes import Absence, Outcome, Reason, Severity, worst
from seppcheck.model.phases import ADVICE, ADVICE_FROM_CUTOVER, ALL, EARLY_WARNING, FROM_CUTOVER, UNTIL_CUTOVER, Phase
from seppcheck.model.policies import DmarcRecord, MtaStsPolicy, NodeTlsa, TlsaRecords
from seppcheck.model.remediations import remediation
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
from seppcheck.model.targets import Domain, Gateway, Node, Site, Tenant
from seppcheck.model.text import Message, text
from seppcheck.planning.by_hand import at_menu, observed_steps_at, steps_at, written_down
from seppcheck.planning.dns_images import is_absent, quoted, rrset_of, unquoted
from seppcheck.planning.exchange_images import Noun, differences, image_of, with_properties
from seppcheck.planning.exchange_steps import (
    among_connectors,
    attest_certificate,
    mended,
    no_free_name,
    plan_anew,
    unclear,
    unfinished,
)
from seppcheck.planning.inline_mode import InlineMode, names_connector
from seppcheck.planning.inline_rule import RuleAim, rule_aims
from seppcheck.planning.object_names import renamed
from seppcheck.planning.outbound_tls import tls_towards
from seppcheck.planning.sender_names import sender_names
from seppcheck.planning.zone_changes import lower_ttl, mend_zone, with_low_ttl, zone_obstacle

# fmt: off
__all__ = [
    "ADVICE", "ADVICE_FROM_CUTOVER", "ALL", "EARLY_WARNING", "FROM_CUTOVER", "GUIDE_COMMAND", "GUIDE_RULE",
    "LOW_TTL", "RULE_DELAY", "UNTIL_CUTOVER", "Absence", "AcceptedDomainMx", "AcceptedDomains", "AcceptedMx", "Anchor",
    "ArcConfig", "Attested", "BannerSetting", "Bearing", "BuiltinMta", "Certificate", "ChainVerdict", "Change",
    "ChangeKind", "Classified", "ConnectionFilterPolicies", "CustomCommands", "DeliveryHold", "DkimCommand",
    "DkimRecord", "DkimSignature", "DkimSigningConfigs", "DkimVerdict", "DmarcRecord", "DnsAnswer", "DnsImage",
    "DnsStatus", "Domain", "Each", "EarlierRule", "Evidence", "ExchangeImage", "ExchangeObject", "ExtendedField",
    "ExtendedFields", "Fact", "FactImage", "Failed", "Finding", "Firmware", "Forwarding", "Gateway",
    "GatewayAddresses", "GatewayDkimKey", "Greeting", "Heading", "HeloSetting", "Hop", "HostLookup",
    "InboundConnectors", "Inconclusive", "InlineMode", "InternalMails", "LeadTime", "MailFlow", "MailSample",
    "MailSamples", "ManagedDomain", "ManagedDomains", "ManualStep", "Message", "Milestone", "MtaStsPolicy",
    "MxRecords", "Node", "NodeAddresses", "NodeTlsa", "NotApplicable", "Note", "Noun", "Now", "OrganizationConfig",
    "OutboundConnectors", "Outcome", "Passed", "Phase", "PlanPhase", "Presented", "Proposal", "Reason",
    "RemoteDomains", "Result", "ReverseDns", "ReverseEntry", "Role", "RuleAim", "RuleContents", "RunHistory",
    "SeenRun", "SeenServer", "SenderCertificate", "ServerAnswer", "Session", "Settling", "Severity", "Side", "Site",
    "Smarthost", "SmtpCertificate", "SmtpFault", "SmtpGreeting", "SpfEvaluation", "SpfRecords", "SpfResult",
    "SpfVerdict", "Stamp", "StartTls", "Step", "System", "Tenant", "TlsLevel", "TlsaRecords", "TransportRules",
    "Unavailable", "Voice", "Wait", "Warned", "ZoneServers", "among_connectors", "at_menu", "attest_certificate",
    "check", "contents_of", "covered_domains", "covers", "differences", "dns_fault", "does_not_exist",
    "earlier_rules", "evidence", "examine_command", "exchange_inbound_match", "exchange_outbound_match", "having",
    "holds_any", "host_name", "image_of", "is_absent", "is_host_or_wildcard", "is_microsoft", "judge_presented",
    "judge_property", "judge_senders", "judge_servers", "judge_ttl", "key_bytes", "key_of", "lead_time", "lower_ttl",
    "mail_exchanger", "matches_tlsa", "may_be_demanded", "mend_zone", "mended", "names_connector", "no_dialogue",
    "no_free_name", "observed_steps_at", "plan_anew", "public_key_of", "quoted", "remediation", "renamed",
    "rrset_of", "rule_aims", "sender_domains", "sender_names", "settling", "source", "steps_at", "text",
    "tls_towards", "unasked", "unclear", "undecided", "unfinished", "unheard", "unknown_property", "unquoted",
    "unresolved", "with_low_ttl", "with_properties", "without_inline", "worst", "written_down", "zone_obstacle",
]
# fmt: on
