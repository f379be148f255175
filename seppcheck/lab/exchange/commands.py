"""The cmdlets that the lab's Exchange Online knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seppcheck.lab.exchange import connectors, rules
from seppcheck.lab.exchange.refusals import Invalid, NotFound, Prohibited, Refusal, WrongValue
from seppcheck.lab.exchange.tenant import Cmdlet, Kept, Parameters, Properties, Tenant, get, identity_of
from seppcheck.lab.exchange.values import Taker, changed_list, number, taken

_COMMON = frozenset({"Confirm", "WhatIf", "ErrorAction", "WarningAction", "Verbose"})
_MAX_RULES = 300
_IN, _OUT, _RULES = "Inbound Connectors", "Outbound Connectors", "Rules"


def _values(parameters: Parameters, takers: Mapping[str, Taker]) -> Properties:
    return taken(takers, {name: given for name, given in parameters.items() if name in takers})


def _new_inbound(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    made = {**connectors.NEW_INBOUND, "Name": "", **_values(parameters, connectors.INBOUND)}
    if not made["SenderDomains"] or "SenderDomains" not in parameters:
        raise WrongValue("Cannot process command because of a missing mandatory parameter: SenderDomains.")
    if made["ConnectorType"] == "OnPremises" and tenant.prohibits_onpremises:
        raise Prohibited
    _refuse_twin(tenant.inbound, made["Name"], "ErrorInboundConnectorAlreadyExists")
    connectors.check_inbound(made)
    return [tenant.add(tenant.inbound, made, _IN)]


def _set_inbound(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    found = tenant.inbound.find(identity_of(parameters))
    changes = _values(parameters, connectors.INBOUND)
    _refuse_twin(tenant.inbound, changes.get("Name"), "ErrorInboundConnectorAlreadyExists", besides=found)
    after = {**found, **changes}
    turned_on = after["Enabled"] and not (found["Enabled"] and found["ConnectorType"] == "OnPremises")
    if after["ConnectorType"] == "OnPremises" and turned_on and tenant.prohibits_onpremises:
        raise Prohibited
    connectors.check_inbound(after)
    tenant.change(found, changes, _IN)
    return []


def _remove_inbound(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    tenant.inbound.objects.remove(tenant.inbound.find(identity_of(parameters)))
    return []


def _new_outbound(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    made = {**connectors.NEW_OUTBOUND, "Name": "", **_values(parameters, connectors.OUTBOUND)}
    _refuse_twin(tenant.outbound, made["Name"], "ErrorOutboundConnectorAlreadyExists")
    _refuse_rewriting(made, parameters)
    connectors.check_outbound(made)
    return [tenant.add(tenant.outbound, made, _OUT)]


def _set_outbound(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    found = tenant.outbound.find(identity_of(parameters))
    changes = _values(parameters, connectors.SET_OUTBOUND)
    after = {**found, **changes}
    _refuse_twin(tenant.outbound, changes.get("Name"), "ErrorOutboundConnectorAlreadyExists", besides=found)
    renamed = str(after["Name"]).lower() != str(found["Name"]).lower()
    if renamed or not after["Enabled"] or not after["IsTransportRuleScoped"]:
        _refuse_while_a_rule_routes_to(tenant, found)
    _refuse_rewriting(after, parameters)
    connectors.check_outbound(after)
    tenant.change(found, changes, _OUT)
    return []


def _refuse_rewriting(connector: Properties, parameters: Parameters) -> None:
    if connector["ConnectorType"] == "Partner" and "SenderRewritingEnabled" in parameters:
        raise Invalid("SenderRewritingEnabled is not for connectors of type Partner.")


def _remove_outbound(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    found = tenant.outbound.find(identity_of(parameters))
    _refuse_while_a_rule_routes_to(tenant, found)
    tenant.outbound.objects.remove(found)
    return []


def _refuse_twin(kept: Kept, name: object, code: str, besides: Properties | None = None) -> None:
    twin = kept.named(name) if name else None
    if twin is not None and twin is not besides:
        raise Invalid(f"{code}: an object with the name '{name}' exists already.")


def _refuse_while_a_rule_routes_to(tenant: Tenant, connector: Properties) -> None:
    name = str(connector["Name"]).lower()
    for rule in tenant.rules.objects:
        if str(rule["RouteMessageOutboundConnector"] or "").lower() == name:
            raise Refusal(
                "ConnectorIncorrectUsageConnectorStillReferenced: the connector is still referenced by the transport "
                f"rule '{rule['Name']}'."
            )


def _new_rule(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    if len(tenant.rules.objects) >= _MAX_RULES:
        raise Invalid("The number of rules has reached its limit of 300.")
    given = _values(parameters, rules.NEW)
    enabled = given.pop("Enabled", True)
    made = {**rules.NEW_RULE, **given, "State": "Enabled" if enabled else "Disabled"}
    _refuse_twin(tenant.rules, made["Name"], "ErrorRuleAlreadyExists")
    _point_at_a_connector(tenant, made)
    rules.check(made)
    position = number("Priority", parameters.get("Priority", len(tenant.rules.objects)))
    _refuse_place(position, len(tenant.rules.objects))
    kept = tenant.add(tenant.rules, rules.with_lists(made), _RULES)
    kept["ImmutableId"] = kept["Guid"]
    _move(tenant, kept, position)
    return [kept]


def _set_rule(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    found = tenant.rules.find(identity_of(parameters))
    changes = rules.with_partners(_values(parameters, rules.SET))
    if found["ManuallyModified"] and rules.edits_the_content(changes):
        raise Invalid("The rule was modified manually: its conditions, exceptions and actions cannot be changed.")
    _refuse_twin(tenant.rules, changes.get("Name"), "ErrorRuleAlreadyExists", besides=found)
    after = {**found, **changes}
    if changes.get("RouteMessageOutboundConnector"):
        _point_at_a_connector(tenant, after)
    rules.check(after)
    if "Priority" in parameters:
        position = number("Priority", parameters["Priority"])
        _refuse_place(position, len(tenant.rules.objects) - 1)
        _move(tenant, found, position)
        after["Priority"] = found["Priority"]
    tenant.change(found, rules.with_lists(after), _RULES)
    return []


def _point_at_a_connector(tenant: Tenant, rule: Properties) -> None:
    """Store the connector's name, however it was named; one that is missing, disabled or not scoped is refused."""
    wanted = rule["RouteMessageOutboundConnector"]
    if not wanted:
        return
    connector = tenant.outbound.match(wanted)
    if connector is None or not connector["Enabled"] or not connector["IsTransportRuleScoped"]:
        raise Invalid(f"The connector '{wanted}' is not there, is disabled, or is not scoped to transport rules.")
    rule["RouteMessageOutboundConnector"] = connector["Name"]


def _refuse_place(position: int, last: int) -> None:
    if position > last:
        raise Invalid(f"Priority must be between 0 and {last}.")


def _move(tenant: Tenant, rule: Properties, position: int) -> None:
    """Put a rule at a place; priorities stay contiguous from 0."""
    objects = tenant.rules.objects
    objects.remove(rule)
    objects.insert(position, rule)
    for place, other in enumerate(objects):
        other["Priority"] = place


def _switch_rule(state: str) -> Any:
    def run(tenant: Tenant, parameters: Parameters) -> list[Properties]:
        found = tenant.rules.find(identity_of(parameters))
        mode = _values(parameters, {"Mode": rules.SET["Mode"]})
        tenant.change(found, {"State": state, **mode}, _RULES)
        return []

    return run


def _remove_rule(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    tenant.rules.objects.remove(tenant.rules.find(identity_of(parameters)))
    for place, other in enumerate(tenant.rules.objects):
        other["Priority"] = place
    return []


def _outbound_seen(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    """Give connectors in test mode alone when asked for them, else the others."""
    testing = parameters.get("IncludeTestModeConnectors") is True
    scoped = parameters.get("IsTransportRuleScoped")
    found = [o for o in tenant.outbound.seen() if o["TestMode"] is testing]
    if isinstance(scoped, bool):
        found = [o for o in found if o["IsTransportRuleScoped"] is scoped]
    return get(lambda _: found)(tenant, parameters)


def _set_connection_filter(tenant: Tenant, parameters: Parameters) -> list[Properties]:
    wanted = str(identity_of(parameters)).lower()
    policies = tenant.lists["HostedConnectionFilterPolicy"]
    policy = next((o for o in policies if wanted in (str(o["Guid"]).lower(), str(o["Name"]).lower())), None)
    if policy is None:
        raise NotFound(wanted)
    for name in ("IPAllowList", "IPBlockList"):
        if name in parameters:
            policy[name] = changed_list(name, policy[name], parameters[name])
    return []


def _cmdlet(run: Any, *parameters: str, writes: bool = True) -> Cmdlet:
    return Cmdlet(_COMMON | set(parameters), run, writes)


def _getting(noun: str, *parameters: str) -> Cmdlet:
    return _cmdlet(get(lambda tenant: tenant.lists[noun]), "Identity", *parameters, writes=False)


CMDLETS: Mapping[str, Cmdlet] = {
    "Get-InboundConnector": _cmdlet(get(lambda t: t.inbound.seen()), "Identity", "ResultSize", writes=False),
    "New-InboundConnector": _cmdlet(_new_inbound, *connectors.INBOUND),
    "Set-InboundConnector": _cmdlet(_set_inbound, "Identity", *connectors.INBOUND),
    "Remove-InboundConnector": _cmdlet(_remove_inbound, "Identity"),
    "Get-OutboundConnector": _cmdlet(
        _outbound_seen,
        *("Identity", "ResultSize", "IncludeTestModeConnectors", "IsTransportRuleScoped"),
        writes=False,
    ),
    "New-OutboundConnector": _cmdlet(_new_outbound, *connectors.OUTBOUND),
    "Set-OutboundConnector": _cmdlet(_set_outbound, "Identity", *connectors.SET_OUTBOUND),
    "Remove-OutboundConnector": _cmdlet(_remove_outbound, "Identity"),
    "Get-TransportRule": _cmdlet(get(lambda t: t.rules.seen()), "Identity", "ResultSize", "State", writes=False),
    "New-TransportRule": _cmdlet(_new_rule, "Priority", *rules.NEW),
    "Set-TransportRule": _cmdlet(_set_rule, "Identity", "Priority", *rules.SET),
    "Enable-TransportRule": _cmdlet(_switch_rule("Enabled"), "Identity", "Mode"),
    "Disable-TransportRule": _cmdlet(_switch_rule("Disabled"), "Identity"),
    "Remove-TransportRule": _cmdlet(_remove_rule, "Identity"),
    "Get-AcceptedDomain": _getting("AcceptedDomain", "ResultSize"),
    "Get-RemoteDomain": _getting("RemoteDomain", "ResultSize"),
    "Get-DkimSigningConfig": _getting("DkimSigningConfig"),
    "Get-HostedConnectionFilterPolicy": _getting("HostedConnectionFilterPolicy"),
    "Set-HostedConnectionFilterPolicy": _cmdlet(_set_connection_filter, "Identity", "IPAllowList", "IPBlockList"),
    "Get-OrganizationConfig": _getting("OrganizationConfig"),
    "Get-ArcConfig": _getting("ArcConfig"),
}
