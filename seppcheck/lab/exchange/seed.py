"""A scenario's tenant, made with the very commands that would make it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from seppcheck.clock import Clock
from seppcheck.lab.exchange.commands import CMDLETS
from seppcheck.lab.exchange.tenant import Properties, Tenant, times
from seppcheck.scenarios.shape import TenantData

_SPACE = uuid.UUID("6f2c1d0a-3b54-4a75-9b1e-5a7d4c0e8f21")
_SET_ONLY = frozenset({"TestMode", "ValidationRecipients", "IsValidated"})


def tenant(data: TenantData, clock: Clock) -> Tenant:
    """Make a scenario's tenant.

    Raises:
        Refusal: when the scenario holds what Exchange would refuse.
    """
    changed = clock() - timedelta(hours=data.changed_hours_ago)
    made = Tenant(data.name, str(uuid.uuid5(_SPACE, data.name)), lambda: changed, lists=_lists(data, changed))
    for connector in data.outbound:
        _new(made, "OutboundConnector", {k: v for k, v in connector.items() if k not in _SET_ONLY})
        later = {k: v for k, v in connector.items() if k in _SET_ONLY}
        if later:
            CMDLETS["Set-OutboundConnector"](made, {"Identity": connector["Name"], **later})
    for connector in data.inbound:
        _new(made, "InboundConnector", dict(connector))
    for rule in data.rules:
        _new(made, "TransportRule", dict(rule))
    made.clock = clock
    return made


def _new(made: Tenant, noun: str, properties: dict[str, Any]) -> None:
    (kept,) = CMDLETS[f"New-{noun}"](made, properties)
    kept["Guid"] = str(uuid.uuid5(_SPACE, f"{noun} {kept['Name']}"))  # the same in every lab
    if "ImmutableId" in kept:
        kept["ImmutableId"] = kept["Guid"]


def _lists(data: TenantData, changed: datetime) -> dict[str, list[Properties]]:
    accepted = [*data.accepted, data.name]
    lists = {
        "AcceptedDomain": [_accepted(name, data) for name in accepted],
        "DkimSigningConfig": [_dkim(name, data) for name in data.accepted],
        "HostedConnectionFilterPolicy": [
            {
                "Name": "Default",
                "IsDefault": True,
                "IPAllowList": list(data.ip_allow_list),
                "IPBlockList": [],
                "EnableSafeList": False,
                "DirectoryBasedEdgeBlockMode": "Default",
            }
        ],
        "RemoteDomain": [_remote()],
        "OrganizationConfig": [
            {
                "Name": data.name,
                "IsDehydrated": False,
                "RejectDirectSend": data.reject_direct_send,
                "SendFromAliasEnabled": False,
                "PublicFoldersEnabled": "Local",
            }
        ],
        "ArcConfig": [{"Name": "Default", "ArcTrustedSealers": " "}],
    }
    for noun, objects in lists.items():
        for found in objects:
            guid = str(uuid.uuid5(_SPACE, f"{noun} {found['Name']}"))
            found.update(Identity=found["Name"], Guid=guid, IsValid=True, **times(changed))
    return lists


def _accepted(name: str, data: TenantData) -> Properties:
    return {
        "Name": name,
        "DomainName": name,
        "DomainType": "Authoritative",
        "Default": name == (data.accepted or (data.name,))[0],
        "InitialDomain": name == data.name,
        "MatchSubDomains": False,
        "AuthenticationType": "Managed",
        "OutboundOnly": False,
        "EmailOnly": False,
        "SendingFromDomainDisabled": False,
        "SendingToDomainDisabled": False,
        "IsCoexistenceDomain": False,
        "PendingRemoval": False,
    }


def _dkim(name: str, data: TenantData) -> Properties:
    enabled = name in data.dkim_signed
    label = name.replace(".", "-")
    tenant_label = data.name.partition(".")[0]
    selectors = {
        f"Selector{number}{key}": value
        for number in (1, 2)
        for key, value in (
            ("KeySize", 2048),
            ("CNAME", f"selector{number}-{label}._domainkey.{tenant_label}.y-v1.dkim.mail.microsoft"),
        )
    }
    return {
        "Name": name,
        "Domain": name,
        "Enabled": enabled,
        "IsDefault": False,
        "Status": "Valid" if enabled else "CnameMissing",
        "HeaderCanonicalization": "Relaxed",
        "BodyCanonicalization": "Relaxed",
        "Algorithm": "RsaSHA256",
        "NumberOfBytesToSign": "All",
        **selectors,
    }


def _remote() -> Properties:
    return {
        "Name": "Default",
        "DomainName": "*",
        "IsInternal": False,
        "TargetDeliveryDomain": False,
        "AllowedOOFType": "External",
        "AutoReplyEnabled": True,
        "AutoForwardEnabled": False,
        "ContentType": "MimeHtmlText",
        "TNEFEnabled": None,
        "LineWrapSize": "Unlimited",
        "TrustedMailInboundEnabled": False,
        "TrustedMailOutboundEnabled": False,
    }
