"""Transport rules that come before another one and leave nothing of its mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seppcheck.judgement.rule_contents import contents_of
from seppcheck.model.dns import host_name
from seppcheck.model.exchange import ExchangeObject, TransportRules

_PROPERTIES = frozenset(
    {
        *("StopRuleProcessing", "RouteMessageOutboundConnector", "RedirectMessageTo", "Quarantine"),
        *("ModerateMessageByUser", "ModerateMessageByManager", "DeleteMessage", "Disconnect"),
        *("RejectMessageReasonText", "RejectMessageEnhancedStatusCode"),
        *("SmtpRejectMessageRejectText", "SmtpRejectMessageRejectStatusCode"),
    }
)
_CLASSES = frozenset(
    {
        *("StopRuleProcessing", "RouteMessageOutboundConnector", "RedirectMessage", "Quarantine"),
        *("ModerateMessageByUser", "ModerateMessageByManager", "DeleteMessage", "Disconnect", "RejectMessage"),
    }
)


@dataclass(frozen=True, slots=True)
class EarlierRule:
    """An earlier rule that may meet the mail of another one.

    `taking` names the actions that leave nothing for it. `missing` is the property without which that is not known,
    "" where it is.
    """

    entry: ExchangeObject
    taking: tuple[str, ...] = ()
    missing: str = ""


def earlier_rules(rule: ExchangeObject, rules: TransportRules) -> tuple[EarlierRule, ...]:
    """Return the enabled rules of higher priority that take mail of a rule away, or may do so."""
    return tuple(found for other in _earlier(rule, rules) if (found := _meets(other, rule)) is not None)


def _earlier(rule: ExchangeObject, rules: TransportRules) -> Iterator[ExchangeObject]:
    """Yield the rules of higher priority; where a priority is unknown, the order of the list counts."""
    before, own = True, rule.number("Priority")
    for other in rules.objects:
        if _is_same(other, rule):
            before = False
            continue
        theirs = other.number("Priority")
        if before if own is None or theirs is None else theirs < own:
            yield other


def _is_same(one: ExchangeObject, other: ExchangeObject) -> bool:
    return (one.guid, one.name.lower()) == (other.guid, other.name.lower())


def _meets(other: ExchangeObject, rule: ExchangeObject) -> EarlierRule | None:
    if other.text("State").lower() == "disabled" or other.text("Mode").lower().startswith("audit"):
        return None
    if _is_disjoint(other, rule):
        return None
    contents = contents_of(other)
    taking = sorted({*(contents.properties & _PROPERTIES), *(contents.classes.get("Actions", frozenset()) & _CLASSES)})
    if taking:
        return EarlierRule(other, tuple(taking), missing="" if other.knows("State") else "State")
    return EarlierRule(other, missing="Actions") if "Actions" in contents.unread and not _knows_all(other) else None


def _knows_all(rule: ExchangeObject) -> bool:
    return all(map(rule.knows, _PROPERTIES))


def _is_disjoint(other: ExchangeObject, rule: ExchangeObject) -> bool:
    """Tell whether a rule can meet no mail of the gateway's, by scope or by sender domain."""
    if any(_excludes(other.text(name), rule.text(name)) for name in ("FromScope", "SentToScope")):
        return True
    theirs, ours = (tuple(map(host_name, each.items("SenderDomainIs"))) for each in (other, rule))
    return bool(theirs and ours) and not any(_overlaps(a, b) for a in theirs for b in ours)


def _excludes(one: str, other: str) -> bool:
    """Tell whether two scopes have nothing in common: one is inside, the other is not."""
    inside = [scope.lower() == "inorganization" for scope in (one, other)]
    return bool(one and other) and inside[0] is not inside[1]


def _overlaps(one: str, other: str) -> bool:
    """Tell whether two sender domains share senders; each stands for its subdomains too."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
