"""The reader's own names, for what the guide says at each number."""

from __future__ import annotations

from collections.abc import Mapping

from seppcheck.checklist.situation import Situation
from seppcheck.model.mailflow import GUIDE_RULE
from seppcheck.model.text import Message, text
from seppcheck.planning.inline_mode import GUIDE_INBOUND, GUIDE_OUTBOUND

_MOST = 6
"""Names that one sentence tells."""


def names_for(situation: Situation) -> Mapping[str, object]:
    """Return what stands for each field of the guide's sentences; an object's name as it is, else as it will be."""
    site, inline = situation.site, situation.seen.inline
    customers = tuple(dict.fromkeys(filter(None, situation.seen.customers.values())))
    return {
        "gateway": site.gateway.names,
        "addresses": situation.seen.addresses or text("its public addresses"),
        "domains": _few(tuple(domain.name for domain in site.domains)),
        "customers": _few(customers) or text("the customer"),
        "tenant": site.tenant.name or text("the customer's Exchange Online"),
        "outbound": inline.get("outbound") or site.tenant.outbound_connectors or GUIDE_OUTBOUND,
        "inbound": inline.get("inbound") or site.tenant.inbound_connectors or GUIDE_INBOUND,
        "rule": inline.get("rule") or site.tenant.transport_rules or GUIDE_RULE,
    }


def _few(names: tuple[str, ...]) -> object:
    """Return names, of many the first ones: a provider's sentences would be pages long."""
    if len(names) <= _MOST:
        return names
    return text("{names} and {count} more", names=names[: _MOST - 1], count=len(names) - _MOST + 1)


def personal(template: Message | None, names: Mapping[str, object]) -> Message | None:
    """Return a sentence of the guide with the reader's names in it."""
    return None if template is None else text(template.template, **names)
