"""The customer's tenant in each scenario, in the words of Exchange's cmdlets."""

from __future__ import annotations

from dataclasses import replace

from seppcheck.scenarios.appliances import DOMAINS, KUNDE
from seppcheck.scenarios.shape import GATEWAY, SENDER, TENANT, Properties, TenantData

OUTBOUND = "[SEPPmail] ExchangeOnline -> Appliance"
INBOUND = "[SEPPmail] Appliance -> ExchangeOnline"
RULE = "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail"
"""The guide's names, which the vendor's module for parallel mode uses as well."""

_INLINE = " (INLINE)"
"""Names are unique in Exchange: what is made beside the parallel objects bears it."""
_STAMP = "#Created with SEPPmail365 PowerShell Module version 1.3.0 on 02/10/2026 14:05:31"

_PARALLEL_OUTBOUND: Properties = {
    "Name": OUTBOUND,
    "Comment": f"To the gateway, by rules. {_STAMP}",
    "ConnectorType": "OnPremises",
    "IsTransportRuleScoped": True,
    "UseMXRecord": False,
    "SmartHosts": [GATEWAY],
    "TlsSettings": "DomainValidation",
    "TlsDomain": GATEWAY,
}
_PARALLEL_INBOUND: Properties = {
    "Name": INBOUND,
    "Comment": f"From the gateway. {_STAMP}",
    "ConnectorType": "OnPremises",
    "SenderDomains": ["*"],
    "RequireTls": True,
    "TlsSenderCertificateName": GATEWAY,
    "EFSkipLastIP": True,
}


def _parallel_rule(name: str, **properties: object) -> Properties:
    comment = f"Part of parallel operation. {_STAMP}"
    return {"Name": f"[SEPPmail] - {name}", "Comments": comment, "SetAuditSeverity": "Low", **properties}


_FROM_OUTSIDE = {"FromScope": "NotInOrganization", "SentToScope": "InOrganization"}
_TO_OUTSIDE = {"FromScope": "InOrganization", "SentToScope": "NotInOrganization"}
_LOOP_GUARD = {"ExceptIfHeaderMatchesMessageHeader": "X-SM-internal", "ExceptIfHeaderMatchesPatterns": "yes"}


def _route_in(name: str, **conditions: object) -> Properties:
    return _parallel_rule(
        name,
        **_FROM_OUTSIDE,
        **_LOOP_GUARD,
        RouteMessageOutboundConnector=OUTBOUND,
        SetHeaderName="X-SM-maildirection",
        SetHeaderValue="inbound",
        ExceptIfHeaderContainsMessageHeader="X-SM-incoming",
        ExceptIfHeaderContainsWords="yes",
        ExceptIfSCLOver=5,
        SenderAddressLocation="HeaderOrEnvelope",
        StopRuleProcessing=True,
        **conditions,
    )


def _clean(number: int, header: str) -> Properties:
    return _parallel_rule(
        f"{number} Clean outbound SEPPmail header {header}", **_TO_OUTSIDE, RemoveHeader=f"X-SM-{header}"
    )


_PARALLEL_RULES: tuple[Properties, ...] = (
    _parallel_rule(
        "050 on SPF fail - no SEPPmail",
        **_FROM_OUTSIDE,
        HeaderContainsMessageHeader="Authentication-Results",
        HeaderContainsWords="spf=fail",
        SetHeaderName="X-SM-internal",
        SetHeaderValue="yes",
    ),
    _route_in("100 Route incoming e-mails to SEPPmail"),
    _route_in("110 Route incoming PGP e-mails to SEPPmail"),
    _route_in("120 Route incoming tagged e-mails to SEPPmail"),
    _parallel_rule(
        "200 Route outgoing e-mails to SEPPmail",
        **_TO_OUTSIDE,
        **_LOOP_GUARD,
        RouteMessageOutboundConnector=OUTBOUND,
        SetHeaderName="X-SM-maildirection",
        SetHeaderValue="outbound",
        ExceptIfHeaderContainsMessageHeader="X-SM-outgoing",
        ExceptIfHeaderContainsWords="yes",
        ExceptIfMessageTypeMatches="OOF",
        ExceptIfSenderDomainIs=[TENANT],
        ExceptIfSCLOver=9,
    ),
    _clean(300, "decrypted"),
    _clean(400, "encrypted"),
    _clean(500, "outgoing"),
    _clean(600, "smarthost"),
)


def _outbound(name: str = OUTBOUND) -> Properties:
    """Return the guide's outbound connector; its validation mail ended with the usual error."""
    return {
        "Name": name,
        "ConnectorType": "Partner",
        "IsTransportRuleScoped": True,
        "UseMXRecord": False,
        "SmartHosts": [GATEWAY],
        "TlsSettings": "DomainValidation",
        "TlsDomain": GATEWAY,
        "ValidationRecipients": [f"postmaster@{KUNDE}"],
        "IsValidated": False,
    }


def _inbound(name: str = INBOUND, *, enabled: bool = True) -> Properties:
    return {
        "Name": name,
        "Enabled": enabled,
        "ConnectorType": "Partner",
        "SenderDomains": ["*"],
        "RequireTls": True,
        "RestrictDomainsToCertificate": True,
        "TlsSenderCertificateName": SENDER,
        "EFSkipLastIP": True,
    }


def _rule(connector: str = OUTBOUND) -> Properties:
    return {
        "Name": RULE,
        "Mode": "Enforce",
        "SetAuditSeverity": "Low",
        "SenderAddressLocation": "Header",
        "RuleErrorAction": "Ignore",
        "SentToScope": "NotInOrganization",
        "SenderDomainIs": list(DOMAINS),
        "FromScope": "InOrganization",
        "RouteMessageOutboundConnector": connector,
        "SetHeaderName": "X-SM-maildirection",
        "SetHeaderValue": "outbound",
        "ExceptIfSCLOver": 9,
    }


def _switched_off(rule: Properties) -> Properties:
    """Return a parallel rule as kept for the way back: disabled, and not under the name of the guide's rule."""
    name = f"{rule['Name']} (parallel)" if rule["Name"] == RULE else rule["Name"]
    return {**rule, "Name": name, "Enabled": False}


PARALLEL = TenantData(
    outbound=(_PARALLEL_OUTBOUND,),
    inbound=(_PARALLEL_INBOUND,),
    rules=_PARALLEL_RULES,
    accepted=DOMAINS,
    dkim_signed=DOMAINS,
    changed_hours_ago=24 * 280,
)
"""As the vendor's module 1.3.0 leaves it, with its rules switched on."""

CUTOVER = replace(
    PARALLEL,
    outbound=(_PARALLEL_OUTBOUND, _outbound(OUTBOUND + _INLINE)),
    inbound=(_PARALLEL_INBOUND, _inbound(INBOUND + _INLINE, enabled=False)),
    rules=(_rule(OUTBOUND + _INLINE), *map(_switched_off, _PARALLEL_RULES)),
    changed_hours_ago=1,
)
"""Inline objects beside the parallel ones, which are switched off; the inbound connector waits for the MX."""

INLINE = TenantData(
    outbound=(_outbound(),),
    inbound=(_inbound(),),
    rules=(_rule(),),
    accepted=DOMAINS,
    dkim_signed=DOMAINS,
)

HALF = TenantData(
    outbound=(
        _PARALLEL_OUTBOUND,
        {**_outbound(OUTBOUND + _INLINE), "TlsSettings": "EncryptionOnly", "TlsDomain": None},
    ),
    inbound=(_PARALLEL_INBOUND, {**_inbound(INBOUND + _INLINE), "EFSkipLastIP": False}),
    rules=(
        _PARALLEL_RULES[1],
        {**_rule(OUTBOUND + _INLINE), "SenderDomainIs": [KUNDE], "RuleErrorAction": "Defer"},
    ),
    accepted=DOMAINS,
    dkim_signed=DOMAINS,
    ip_allow_list=("127.0.0.1",),  # the gateway: here its public address is the loopback address
    reject_direct_send=False,
)
"""A rule and both connectors of parallel mode are left, and what was made anew has the usual faults."""
