"""Which connectors and rules serve inline mode once a plan is carried out, and which parallel mode left."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seppcheck.model.exchange import ExchangeObject, InboundConnectors, OutboundConnectors, TransportRules
from seppcheck.model.mailflow import GUIDE_RULE, Bearing, Classified, MailFlow, Role, having
from seppcheck.model.targets import Tenant
from seppcheck.planning.object_names import free_names, names_of

GUIDE_OUTBOUND = "[SEPPmail] ExchangeOnline -> Appliance"
GUIDE_INBOUND = "[SEPPmail] Appliance -> ExchangeOnline"
_HERE = frozenset({Bearing.GATEWAY, Bearing.NOWHERE})
_COMMON_NAME = re.compile(r"cn=((?:\\.|[^,\\])+),", re.IGNORECASE)
_ROUTE = "RouteMessageOutboundConnector"


@dataclass(frozen=True, slots=True)
class InlineMode:
    """A tenant's mail flow as the planners see it, who have to agree about what they will make of it.

    A partner connector with the vendor's mark whose smart host is another name of the gateway, or no host at all, is
    the guide's connector with a wrong host: it gets the gateway's name, and is inline then, with the rules that use it.
    """

    flow: MailFlow
    tenant: Tenant

    @property
    def misdirected(self) -> tuple[Classified, ...]:
        """The outbound connectors that only lack the gateway's name as smart host.

        One to which somebody's own rule routes is none of these: its rule would become inline with it.
        """
        foreign = {rule.route for rule in having(self.flow.rules, Role.MENTION)}
        return tuple(each for each in self._partner_strays if each.key not in foreign)

    @property
    def disputed(self) -> tuple[tuple[Classified, Classified], ...]:
        """Such connectors to which somebody's own rule routes, each with that rule."""
        foreign = having(self.flow.rules, Role.MENTION)
        return tuple((each, rule) for each in self._partner_strays for rule in foreign if rule.route == each.key)

    @property
    def _partner_strays(self) -> tuple[Classified, ...]:
        return tuple(each for each in having(self.flow.outbound) if _is_stray(each) and _type_of(each) == "partner")

    @property
    def unclear_outbound(self) -> tuple[Classified, ...]:
        """The outbound connectors that may be the inline one for all that is known."""
        return tuple(e for e in having(self.flow.outbound) if is_unclear(e) and _type_of(e) != "onpremises")

    @property
    def outbound(self) -> tuple[Classified, ...]:
        """The outbound connectors of inline mode, those included that a plan makes so."""
        found = having(self.flow.outbound, Role.INLINE)
        return found if self.tenant.outbound_connectors else (*found, *self.misdirected)

    @property
    def outbound_in_use(self) -> tuple[Classified, ...]:
        """Those to which rules route now or will; the others are only idle."""
        coming = {rule.key for rule in self.rules}
        routing = {rule.route for rule in having(self.flow.rules) if rule.enabled is not False or rule.key in coming}
        preferred = self._preferred
        return tuple(each for each in self.outbound if each.key in routing or each is preferred)

    @property
    def _preferred(self) -> Classified | None:
        """The connector that rules should route to: the one in use, else one that is ready; None = there is none."""

        def unfitness(each: Classified) -> tuple[bool, ...]:
            using = [rule for rule in self.rules if rule.route == each.key]
            ready = each.enabled is True and each.entry.flag("IsTransportRuleScoped") is True
            return not any(rule.enabled for rule in using), not using, not ready

        return min(self.outbound, key=unfitness, default=None)

    @property
    def rules(self) -> tuple[Classified, ...]:
        """The rules of inline mode in Exchange's order, those included that a plan makes so."""
        named = {name.strip().lower() for name in self.tenant.transport_rules}
        return tuple(
            rule
            for rule in having(self.flow.rules)
            if rule.role is Role.INLINE or (self._follows(rule) and (not named or rule.name.strip().lower() in named))
        )

    def _follows(self, rule: Classified) -> bool:
        """Tell whether a stray rule becomes inline together with the connector that it routes to."""
        keys = {each.key for each in self.misdirected}
        return rule.role is Role.STRAY and rule.route in keys and not _marks_incoming(rule.entry)

    @property
    def leftover_rules(self) -> tuple[Classified, ...]:
        """The rules that parallel mode left, in Exchange's order."""
        found = having(self.flow.rules)
        return tuple(r for r in found if r.role is Role.PARALLEL or (_is_stray(r) and not self._follows(r)))

    @property
    def removable_rules(self) -> tuple[Classified, ...]:
        """Those of them that a completion may remove: none before an inline rule is in use."""
        ready = {each.key for each in having(self.flow.outbound, Role.INLINE) if each.enabled}
        in_use = any(rule.enabled and rule.route in ready for rule in having(self.flow.rules, Role.INLINE))
        return self.leftover_rules if in_use else ()

    @property
    def leftover_outbound(self) -> tuple[Classified, ...]:
        """The outbound connectors that parallel mode left; a partner connector with a wrong host is the guide's."""
        return tuple(each for each in having(self.flow.outbound) if _is_leftover(each))

    @property
    def leftover_inbound(self) -> tuple[Classified, ...]:
        """The inbound connectors that parallel mode left."""
        return tuple(each for each in having(self.flow.inbound) if _is_leftover(each))

    def outbound_name(self, outbound: OutboundConnectors) -> str:
        """Return the name of the connector that rules are to route to: the one in use, else one that is to be made.

        "" when nobody can say: a connector may be it, or the configuration names only names that others have.
        """
        if (found := self._preferred) is not None:
            return found.name
        if self.unclear_outbound or self.disputed:
            return ""
        names = free_names(self.tenant.outbound_connectors, GUIDE_OUTBOUND, names_of(outbound.objects), 1)
        return next(iter(names), "")

    def inbound_names(self, inbound: InboundConnectors, number: int) -> tuple[str, ...]:
        """Return names for so many new inbound connectors; fewer when the configuration names too few free ones."""
        return free_names(self.tenant.inbound_connectors, GUIDE_INBOUND, names_of(inbound.objects), number)

    def new_rule_name(self, rules: TransportRules) -> str:
        """Return the name of the rule that is to be made; "" when there is one, or nobody can say.

        A rule that parallel mode left gives its name up.
        """
        if self.rules or having(self.flow.rules, Role.UNDECIDED):
            return ""
        taken = names_of(rules.objects) - names_of(rule.entry for rule in self.leftover_rules)
        return next(iter(free_names(self.tenant.transport_rules, GUIDE_RULE, taken, 1)), "")


def is_unclear(each: Classified) -> bool:
    """Tell whether nobody can say whose an object is, or where it leads."""
    unknown = each.heading is None or each.heading.bearing is Bearing.UNKNOWN
    return each.role is Role.UNDECIDED or (each.role is Role.STRAY and unknown)


def _is_stray(each: Classified) -> bool:
    """Tell whether an object with the vendor's mark leads to the gateway under another name, or to nobody."""
    return each.role is Role.STRAY and each.heading is not None and each.heading.bearing in _HERE


def _is_leftover(each: Classified) -> bool:
    return each.role is Role.PARALLEL or (_is_stray(each) and _type_of(each) != "partner")


def _type_of(each: Classified) -> str:
    return each.entry.text("ConnectorType").lower()


def _marks_incoming(rule: ExchangeObject) -> bool:
    pair = rule.text("SetHeaderName").strip().lower(), rule.text("SetHeaderValue").strip().lower()
    return pair == ("x-sm-maildirection", "inbound")


def names_connector(rule: ExchangeObject, connector: ExchangeObject) -> bool:
    """Tell whether a rule names an outbound connector, or may do so for all that was read of it.

    Exchange keeps the name of the connector in the rule, and takes its distinguished name and Guid as well.
    """
    if not rule.knows(_ROUTE):
        actions = rule.items("Actions")
        return not rule.knows("Actions") or any(_ROUTE in action for action in actions)
    wanted = rule.text(_ROUTE).strip().lower()
    common = _COMMON_NAME.match(wanted)
    shown = re.sub(r"\\(.)", r"\1", common[1]).strip() if common else wanted
    known = ("Name", "Identity", "Guid", "DistinguishedName", "ExchangeObjectId", "Id")
    identities = {connector.text(name).strip().lower() for name in known} - {""}
    return bool(wanted) and not identities.isdisjoint({wanted, shown})
