"""What the inline rules are to name: sender domains (guide R7) and the connector (R9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seppcheck.judgement.sender_list import listed_domains
from seppcheck.model.evidence import Unavailable
from seppcheck.model.gateway import ManagedDomains
from seppcheck.model.mailflow import Classified
from seppcheck.model.targets import Site
from seppcheck.planning.inline_mode import InlineMode

_LIST = "SenderDomainIs"


@dataclass(frozen=True, slots=True)
class RuleAim:
    """What one rule is to name: its sender domains (none = that was not read) and the connector's name."""

    domains: tuple[str, ...]
    connector: str


def rule_aims(
    mode: InlineMode, connector: str, managed: ManagedDomains | Unavailable, site: Site
) -> Mapping[str, RuleAim]:
    """Return what each inline rule is to name, by the rule's key.

    Every configured domain is named by one of them; what the gateway does not manage goes, where that is known. A rule
    that routes to an inline connector keeps it, unless rules for one domain route to different ones.

    Args:
        mode: the inline rules and connectors.
        connector: for rules that route elsewhere.
        managed: what the gateway lists, or why that is not known.
        site: the domains that move.
    """
    lists = _lists(mode.rules, managed, tuple(domain.name for domain in site.domains))
    names = {each.key: each.name for each in mode.outbound}
    aims = {rule.key: RuleAim(lists.get(rule.key, ()), names.get(rule.route or "", connector)) for rule in mode.rules}
    serving: dict[str, str] = {}
    for aim in aims.values():
        if any(serving.setdefault(domain, aim.connector) != aim.connector for domain in aim.domains):
            return {key: RuleAim(each.domains, connector) for key, each in aims.items()}
    return aims


def _lists(
    rules: Sequence[Classified], managed: ManagedDomains | Unavailable, ours: tuple[str, ...]
) -> Mapping[str, tuple[str, ...]]:
    known = None if isinstance(managed, Unavailable) else {*ours, *(domain.name for domain in managed.domains)}
    read = {rule.key: listed_domains(rule) for rule in rules if rule.entry.knows(_LIST)}
    lists = {key: tuple(name for name in names if known is None or name in known) for key, names in read.items()}
    named = {name for names in lists.values() for name in names}
    first = next((rule.key for rule in sorted(rules, key=lambda rule: not rule.enabled) if rule.key in lists), None)
    if first is not None and len(read) == len(rules):
        lists[first] = (*lists[first], *(name for name in ours if name not in named))
    return {key: names or ours for key, names in lists.items()}
