"""Remove the connectors of parallel mode, once their rules are gone and the move is proven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seppcheck.api import (
    Bearing,
    Change,
    Classified,
    InboundConnectors,
    InlineMode,
    MailFlow,
    Milestone,
    Note,
    Noun,
    OutboundConnectors,
    Proposal,
    Role,
    Tenant,
    TransportRules,
    having,
    image_of,
    names_connector,
    remediation,
    text,
)


@remediation("parallel-connectors", kind="automatic", phases=["completion"])
def remove_the_connectors_of_parallel_mode(
    tenant: Tenant,
    flow: MailFlow,
    inbound: InboundConnectors,
    outbound: OutboundConnectors,
    rules: TransportRules,
) -> Proposal:
    """Remove the outbound connectors, then the inbound ones: the last step, and there is no way back from it.

    The guide deletes them before the new ones are made. A connector stays that a rule names which this plan does not
    remove, for Exchange keeps it, and so do all while the inline objects are not in use.
    """
    del inbound, outbound  # without them no plan is made
    mode, notes = InlineMode(flow, tenant), list(_left_alone(flow))
    if not mode.leftover_outbound and not mode.leftover_inbound:
        return notes
    if not _is_in_use(flow):
        return [
            *notes,
            Note(text("the connectors of parallel mode stay until the inline rule and connectors are in use")),
        ]
    return [*notes, *_remove_outgoing(mode, rules), *_remove_incoming(mode.leftover_inbound)]


def _is_in_use(flow: MailFlow) -> bool:
    sides = (flow.inbound, flow.outbound, flow.rules)
    return all(any(each.enabled for each in having(side, Role.INLINE)) for side in sides)


def _remove_outgoing(mode: InlineMode, rules: TransportRules) -> Iterator[Change | Note]:
    removed = {rule.key for rule in mode.removable_rules}
    staying = [rule for rule in rules.objects if (rule.guid or rule.name.lower()) not in removed]
    for each in mode.leftover_outbound:
        naming = [rule.name for rule in staying if names_connector(rule, each.entry)]
        if naming:
            yield Note(
                text(
                    "the parallel connector {name} stays, for Exchange keeps a connector that a rule names: {rules}",
                    name=each.name,
                    rules=naming,
                )
            )
            continue
        yield Change(
            summary=text("Remove the outbound connector {name} of parallel mode", name=each.name),
            why=text(
                "the guide has the connectors of parallel mode deleted: rules could still send mail out over them"
            ),
            before=image_of(Noun.OUTBOUND_CONNECTOR, each.entry),
            after=None,
            needs=Milestone.HOLD_OFF,
        )


def _remove_incoming(incoming: Sequence[Classified]) -> Iterator[Change]:
    for each in incoming:
        yield Change(
            summary=text("Remove the inbound connector {name} of parallel mode", name=each.name),
            why=text(
                "left in place it lets mail in past the new connector. From here there is no way back to parallel "
                "mode: new tenants refuse to make a connector of type OnPremises again (EX505293)"
            ),
            before=image_of(Noun.INBOUND_CONNECTOR, each.entry),
            after=None,
            needs=Milestone.HOLD_OFF,
        )


def _left_alone(flow: MailFlow) -> Iterator[Note]:
    for each in having(flow.inbound, Role.WILDCARD):
        yield Note(
            text(
                "the inbound connector {name} takes mail from any host under {pattern} as if it were internal; it is "
                "left alone: if it is for the gateway, delete it",
                name=each.name,
                pattern=each.entry.text("TlsSenderCertificateName"),
            )
        )
    for each in (*having(flow.outbound, Role.STRAY), *having(flow.inbound, Role.STRAY)):
        if each.heading is not None and each.heading.bearing in (Bearing.ELSEWHERE, Bearing.UNKNOWN):
            yield Note(
                text(
                    "the connector {name} leads to another host, {host}, and is left alone",
                    name=each.name,
                    host=each.heading.host,
                )
            )
