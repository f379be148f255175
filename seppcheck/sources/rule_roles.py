"""Which transport rules are the guide's, which are left over from parallel mode, and what the others are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from seppcheck.api import GUIDE_RULE, Classified, ExchangeObject, Message, Role, Unavailable, key_of, text
from seppcheck.sources.connector_roles import is_configured, prefer_configured
from seppcheck.sources.vendor_objects import (
    is_cloud_product,
    is_named_for_vendor,
    parallel_exceptions,
    routes_incoming,
    stamp_of,
    vendor_headers,
)

_DISTINGUISHED = re.compile(r"cn=((?:\\.|[^,\\])+),", re.IGNORECASE)
_ROUTE_ACTION = "RouteMessageOutboundConnectorAction"
_NEEDED = ("ExceptIfHeaderMatchesMessageHeader", "ExceptIfHeaderContainsMessageHeader", "ExceptIfMessageTypeMatches")


@dataclass(frozen=True, slots=True)
class Connectors:
    """Every outbound connector of the tenant, and the roles of those that have to do with the gateway."""

    entries: Sequence[ExchangeObject] | Unavailable
    classified: Sequence[Classified] = ()

    def route_of(self, rule: ExchangeObject) -> str | None:
        """Return the key of the connector that a rule routes to; "" = none, None = unknown or not to be found."""
        if not rule.knows("RouteMessageOutboundConnector"):
            acts = rule.knows("Actions") and not any(_ROUTE_ACTION in action for action in rule.items("Actions"))
            return "" if acts else None
        wanted = rule.text("RouteMessageOutboundConnector").strip().lower()
        if not wanted:
            return ""
        entries = () if isinstance(self.entries, Unavailable) else self.entries
        exact = next((key_of(entry) for entry in entries if wanted in _identities(entry)), None)
        # an export may lack DistinguishedName; names of outbound connectors are unique, so the CN decides
        cn = _common_name(wanted)
        return exact or next((key_of(e) for e in entries if cn and e.name.strip().lower() == cn), None)

    def role_of(self, route: str | None) -> Role | None:
        """Return the role of the connector with a key."""
        return next((each.role for each in self.classified if route and each.key == route), None)

    def type_of(self, route: str | None) -> str:
        """Return the type of the connector with a key, lower-case; "" = unknown."""
        entries = () if isinstance(self.entries, Unavailable) else self.entries
        return next((e.text("ConnectorType").lower() for e in entries if route and key_of(e) == route), "")


def _identities(entry: ExchangeObject) -> set[str]:
    """Return all that a rule may call a connector: name, distinguished name, GUID; without case."""
    names = ("Name", "Identity", "DistinguishedName", "Guid", "ExchangeObjectId", "Id")
    return {entry.text(name).strip().lower() for name in names} - {""}


def _common_name(identity: str) -> str:
    """Return the name in a distinguished name, whose first part it is; "" for anything else."""
    found = _DISTINGUISHED.match(identity)
    return re.sub(r"\\(.)", r"\1", found[1]).strip() if found else ""


def rule_roles(
    rules: Sequence[ExchangeObject], connectors: Connectors, configured: Sequence[str]
) -> tuple[Classified, ...]:
    """Classify every rule; those that have nothing to do with the gateway are left out."""
    inline = _inline(rules, connectors, configured)
    found = [_role(rule, connectors, inline=any(rule is each for each in inline)) for rule in rules]
    return prefer_configured([each for each in found if each is not None], configured)


def _inline(rules: Sequence[ExchangeObject], connectors: Connectors, configured: Sequence[str]) -> list[ExchangeObject]:
    """Return the inline rules: those that route to a Partner candidate, and the named ones; else R1's name."""
    open_rules = [rule for rule in rules if not is_cloud_product(rule)]
    routing = [rule for rule in open_rules if _routes_inline(rule, connectors)]
    names = tuple(configured) or (() if routing else (GUIDE_RULE,))
    named = [rule for rule in open_rules if is_configured(rule, names) and _may_be_inline(rule, connectors)]
    return [*routing, *named]


def _routes_inline(rule: ExchangeObject, connectors: Connectors) -> bool:
    role = connectors.role_of(connectors.route_of(rule))
    return role in (Role.INLINE, Role.SPARE) and not routes_incoming(rule)


def _may_be_inline(rule: ExchangeObject, connectors: Connectors) -> bool:
    """Tell whether a rule known by its name alone may be the guide's: the parallel rule 200 has the same name."""
    route = connectors.route_of(rule)
    if connectors.type_of(route) == "onpremises" or connectors.role_of(route) is Role.STRAY:
        return False
    return all(map(rule.knows, _NEEDED)) and not parallel_exceptions(rule)


def _role(rule: ExchangeObject, connectors: Connectors, *, inline: bool) -> Classified | None:
    route, stamp = connectors.route_of(rule), stamp_of(rule)
    if is_cloud_product(rule):
        return Classified(Role.SET_ASIDE, rule, (text("it belongs to SEPPmail.cloud, a different product"),), stamp)
    marks, unknown = tuple(_marks(rule, connectors, route)), _unknown(rule, connectors, route)
    role: Role | None
    if inline:
        role = Role.INLINE
    elif is_named_for_vendor(rule) and connectors.role_of(route) is Role.STRAY:
        role = Role.STRAY
    elif _is_parallel(rule, connectors, route):
        role = Role.PARALLEL
    elif unknown is not None:
        role, marks = Role.UNDECIDED, (*marks, unknown)
    else:
        role = Role.MENTION if marks else None
    heading = next((c.heading for c in connectors.classified if role is Role.STRAY and c.key == route), None)
    return Classified(role, rule, marks, stamp, heading, route) if role else None


def _is_parallel(rule: ExchangeObject, connectors: Connectors, route: str | None) -> bool:
    target = connectors.role_of(route)
    if target is Role.PARALLEL:
        return True
    if is_named_for_vendor(rule):
        return not _lacks_what_tells(rule)
    if target in (Role.INLINE, Role.SPARE):
        return True  # it would be inline, if it did not send incoming mail round the gateway
    return bool(vendor_headers(rule)) and stamp_of(rule) is not None


def _lacks_what_tells(rule: ExchangeObject) -> bool:
    """Tell whether a rule with the name of both rules 200 lacks the exceptions that would tell them apart."""
    if rule.name.strip().lower() != GUIDE_RULE.lower() or parallel_exceptions(rule):
        return False
    return not all(map(rule.knows, _NEEDED))


def _unknown(rule: ExchangeObject, connectors: Connectors, route: str | None) -> Message | None:
    """Return what is missing to say that a rule has nothing to do with parallel mode."""
    if route is not None:
        if connectors.role_of(route) is Role.UNDECIDED:
            return text("what kind of connector it routes to is not known")
        return text("the exceptions that would tell it are not known") if _lacks_what_tells(rule) else None
    if not rule.knows("RouteMessageOutboundConnector"):
        return text("its property RouteMessageOutboundConnector is not known")
    if isinstance(connectors.entries, Unavailable):
        return text("the outbound connectors are not known, so neither is the one that it routes to")
    return text("the exceptions that would tell it are not known") if _lacks_what_tells(rule) else None


def _marks(rule: ExchangeObject, connectors: Connectors, route: str | None) -> list[Message]:
    marks = []
    name = rule.name.strip().lower()
    if is_named_for_vendor(rule):
        marks.append(text("it carries the name that the vendor's module gives"))
    elif name.startswith("[seppmail]"):
        marks.append(text("its name begins as the vendor's do"))
    if connectors.role_of(route) is Role.PARALLEL:
        marks.append(text("it routes to a parallel connector"))
    if routes_incoming(rule):
        marks.append(text("it marks mail as incoming for the gateway"))
    if exceptions := parallel_exceptions(rule):
        marks.append(text("it has exceptions of the parallel rule: {names}", names=", ".join(exceptions)))
    if headers := vendor_headers(rule):
        marks.append(text("it speaks of the vendor's headers {headers}", headers=", ".join(headers)))
    if stamp_of(rule):
        marks.append(text("its comment carries the stamp of the vendor's module"))
    return marks
