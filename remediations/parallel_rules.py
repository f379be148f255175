"""Take the rules of parallel mode out of use, keep them for the way back, and remove them when the move is proven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seppcheck.api import (
    Bearing,
    Change,
    Classified,
    ExchangeImage,
    InlineMode,
    MailFlow,
    ManualStep,
    Milestone,
    Note,
    Noun,
    OutboundConnectors,
    PlanPhase,
    Proposal,
    Role,
    Step,
    System,
    Tenant,
    TransportRules,
    having,
    image_of,
    remediation,
    renamed,
    text,
    unclear,
    with_properties,
)


@remediation("parallel-rules", kind="automatic", phases=["cutover", "completion"])
def take_the_rules_of_parallel_mode_away(
    tenant: Tenant, flow: MailFlow, rules: TransportRules, outbound: OutboundConnectors, phase: PlanPhase
) -> Proposal:
    """Disable the rules once the inline rule is enabled; remove them in a completion, the last in order first.

    The guide deletes them before anything new is made; here they stay as the way back until the move is proven. The
    one that has the name of the rule to be made gives it up. Rules that only speak of the vendor's headers, and those
    that lead to another gateway, are left alone and named.
    """
    found: list[Step | Note] = [*unclear(having(flow.rules), phase), *_left_alone(flow)]
    mode = InlineMode(flow, tenant)
    if not mode.leftover_rules:
        return found
    if phase is PlanPhase.COMPLETION:
        return [*found, *_take_away(mode.removable_rules)]
    wanted = mode.new_rule_name(rules)
    if not mode.outbound_name(outbound) or not (wanted or mode.rules):
        return [*found, Note(text("the rules of parallel mode stay in use, for no inline rule takes their place"))]
    return [*found, *_put_aside(mode.leftover_rules, wanted, rules)]


def _put_aside(left: Sequence[Classified], wanted: str, rules: TransportRules) -> Iterator[Step]:
    images = {rule.key: _image(rule) for rule in left}
    for rule in left:
        if rule.name.strip().lower() == wanted.lower():
            aside = with_properties(_image(rule), Name=renamed(rule.name, "parallel", rules.objects))
            yield _rename(images[rule.key], aside)
            images[rule.key] = aside
    for rule in left:
        yield from _disable(rule, images[rule.key])


def _take_away(left: Sequence[Classified]) -> Iterator[Step | Note]:
    """Yield the removals, the last in Exchange's order first: made again in reverse, each finds its place."""
    if not left:
        yield Note(text("the rules of parallel mode stay: no inline rule is in use, so the cutover is not finished"))
    for rule in left:
        yield from _disable(rule, _image(rule))
    for rule in reversed(left):
        yield Change(
            summary=text("Remove the parallel rule {name}", name=rule.name),
            why=text("the guide has the rules of parallel mode deleted; this program makes it again on the way back"),
            before=with_properties(_image(rule), State="Disabled"),
            after=None,
            needs=Milestone.HOLD_OFF,
        )


def _image(rule: Classified) -> ExchangeImage:
    return image_of(Noun.TRANSPORT_RULE, rule.entry)


def _rename(image: ExchangeImage, aside: ExchangeImage) -> Step:
    return Change(
        summary=text("Rename the parallel rule {name} to {other}", name=image.name, other=aside.name),
        why=text("the guide's rule has the same name, and Exchange does not take a name twice"),
        before=image,
        after=aside,
        needs=Milestone.CONNECTORS,
    )


def _disable(rule: Classified, image: ExchangeImage) -> Iterator[Step]:
    """Yield what switches a rule off that is not off; where its state was not read, a person looks."""
    if rule.enabled is False:
        return
    after = with_properties(image, State="Disabled")
    summary = text("Disable the parallel rule {name}", name=image.name)
    why = text("in use it sends mail round a second time once the MX record has moved; disabled it is the way back")
    needs, reaches = Milestone.RULE_ENABLED, Milestone.PARALLEL_OFF
    if rule.enabled:
        yield Change(summary=summary, why=why, before=image, after=after, needs=needs, reaches=reaches)
        return
    yield ManualStep(
        summary=summary,
        why=text("whether it is enabled was not read"),
        system=System.EXCHANGE,
        steps=(
            text("In Exchange Online PowerShell: Disable-TransportRule -Identity {guid}", guid=rule.entry.guid),
            text("Then export Exchange Online anew, with every property (`seppcheck explain exchange-export`)."),
        ),
        after=after,
        needs=needs,
        reaches=reaches,
    )


def _left_alone(flow: MailFlow) -> Iterator[Note]:
    for rule in having(flow.rules, Role.MENTION):
        yield Note(
            text(
                "the rule {name} is left alone, and yet: {marks}; see that it does not disturb",
                name=rule.name,
                marks=rule.marks,
            )
        )
    for rule in having(flow.rules, Role.STRAY):
        if rule.heading is not None and rule.heading.bearing is Bearing.ELSEWHERE:
            yield Note(
                text(
                    "the rule {name} leads to another host, {host}, and is left alone",
                    name=rule.name,
                    host=rule.heading.host,
                )
            )
