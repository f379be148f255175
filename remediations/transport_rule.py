"""Make the rule that sends outgoing mail to the gateway, or mend the one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seppcheck.api import (
    GUIDE_RULE,
    Change,
    Classified,
    ExchangeImage,
    ExchangeObject,
    InlineMode,
    MailFlow,
    ManagedDomains,
    Milestone,
    Noun,
    Now,
    OutboundConnectors,
    PlanPhase,
    Proposal,
    RuleAim,
    RuleContents,
    Site,
    Step,
    Tenant,
    TransportRules,
    Unavailable,
    contents_of,
    differences,
    image_of,
    no_free_name,
    remediation,
    renamed,
    rule_aims,
    text,
    undecided,
    unfinished,
    with_properties,
)

_GUIDE: Mapping[str, object] = {
    "Mode": "Enforce",
    "SetAuditSeverity": "Low",
    "SenderAddressLocation": "Header",
    "RuleErrorAction": "Ignore",
    "SentToScope": "NotInOrganization",
    "FromScope": "InOrganization",
    "SetHeaderName": "X-SM-maildirection",
    "SetHeaderValue": "outbound",
    "ExceptIfSCLOver": 9,
}
"""R2 to R11, but for what depends on the site."""
_LIST, _ROUTE = "SenderDomainIs", "RouteMessageOutboundConnector"
_CLASSES: Mapping[str, frozenset[str]] = {
    "Conditions": frozenset({"SentToScope", "SenderDomainIs", "FromScope"}),
    "Exceptions": frozenset({"SclOver"}),
    "Actions": frozenset({"RouteMessageOutboundConnector", "SetAuditSeverity", "SetHeader"}),
}
_NO_CONTENT = frozenset(
    {"State", "Mode", "RuleErrorAction", "SenderAddressLocation", "ActivationDate", "ExpiryDate", "Comments"}
)
"""What can be changed of a rule that was modified by hand."""


@dataclass(frozen=True, slots=True)
class _Aim:
    """What the inline rules are to become, by their keys, and among which other rules."""

    aims: Mapping[str, RuleAim]
    among: TransportRules
    site: Site
    phase: PlanPhase
    now: Now

    @property
    def place(self) -> tuple[Milestone | None, Milestone | None]:
        """Once the connectors are there in a cutover, else before everything."""
        cutover = self.phase is PlanPhase.CUTOVER
        return (Milestone.CONNECTORS, Milestone.RULE_ENABLED) if cutover else (None, None)


@remediation("transport-rule", kind="automatic", phases=["cutover", "completion"])
def send_outgoing_mail_to_the_connector(
    tenant: Tenant,
    flow: MailFlow,
    rules: TransportRules,
    outbound: OutboundConnectors,
    managed: ManagedDomains | Unavailable,
    site: Site,
    phase: PlanPhase,
    now: Now,
) -> Proposal:
    """Make the guide's rule at the place of the parallel rule 200, enabled; or mend each inline rule, and enable it.

    What is too much is cleared. A rule that refuses to be edited, or holds what nobody here knows, is made anew beside
    the old one, which then goes. A name of somebody's own stays: mail flows the same.
    """
    mode = InlineMode(flow, tenant)
    if phase is PlanPhase.COMPLETION and not mode.outbound:
        return [unfinished(text("outbound connector"))]
    connector = mode.outbound_name(outbound)
    if not connector or not site.domains or (undecided(flow.rules) and not mode.rules):
        return []  # another planner stops the plan
    aim = _Aim(rule_aims(mode, connector, managed, site), rules, site, phase, now)
    if mode.rules:
        return [step for rule in mode.rules for step in _mend(rule, aim)]
    if phase is PlanPhase.COMPLETION:
        return [unfinished(text("transport rule"))]
    name = mode.new_rule_name(rules)
    if not name:
        return [no_free_name("transport_rule", tenant.transport_rules, phase)]
    domains = [domain.name for domain in site.domains]
    return [_make(_image(name, connector, domains, _place_of_200(mode), site), aim)]


def _place_of_200(mode: InlineMode) -> int:
    """Return the priority of the parallel rule for outgoing mail, else the first place."""
    found = (rule.entry for rule in mode.leftover_rules if _is_for_outgoing(rule.entry))
    return next((priority for entry in found if (priority := entry.number("Priority")) is not None), 0)


def _is_for_outgoing(rule: ExchangeObject) -> bool:
    named = rule.name.strip().lower() == GUIDE_RULE.lower()
    return named or rule.text("SetHeaderValue").strip().lower() == _GUIDE["SetHeaderValue"]


def _image(name: str, connector: str, domains: Sequence[str], priority: int, site: Site) -> ExchangeImage:
    properties: dict[str, object] = {
        "Name": name,
        "State": "Enabled",
        **_GUIDE,
        _LIST: list(domains),
        _ROUTE: connector,
        "Comments": f"Inline operation: to {site.gateway.name}. Made by seppcheck.",
        "Priority": priority,
    }
    return ExchangeImage(Noun.TRANSPORT_RULE, name, properties)


def _make(image: ExchangeImage, aim: _Aim) -> Step:
    needs, reaches = aim.place
    return Change(
        summary=text(
            "Make the transport rule {name}: mail from {domains} to {connector}",
            name=image.name,
            domains=image.properties[_LIST],
            connector=image.properties[_ROUTE],
        ),
        why=text("only what this rule catches goes to the gateway; Exchange may take 30 minutes to act on it"),
        before=None,
        after=image,
        needs=needs,
        reaches=reaches,
    )


def _mend(rule: Classified, aim: _Aim) -> Iterator[Step]:
    before, contents = image_of(Noun.TRANSPORT_RULE, rule.entry), contents_of(rule.entry)
    wanted = dict(_wanted(rule, contents, aim))
    changed = [name for name, _, _ in differences(with_properties(before, **wanted), before)]
    by_hand = rule.entry.flag("ManuallyModified") and not _NO_CONTENT.issuperset(changed)
    if by_hand or _hides_something(contents):
        yield from _make_anew(rule, before, aim)
    elif changed:
        needs, reaches = aim.place
        yield Change(
            summary=text("Enable the transport rule {name}", name=rule.name)
            if changed == ["State"]
            else text("Mend the transport rule {name}: {properties}", name=rule.name, properties=changed),
            why=text("the guide prints this rule property by property: what it misses or catches too much goes astray"),
            before=before,
            after=with_properties(before, **{name: wanted[name] for name in changed}),
            needs=needs,
            reaches=reaches,
        )


def _wanted(rule: Classified, contents: RuleContents, aim: _Aim) -> Iterator[tuple[str, object]]:
    """Yield every property that the guide speaks of, and what it does not know as unset."""
    entry = rule.entry
    ours = {_LIST: list(aim.aims[rule.key].domains), _ROUTE: aim.aims[rule.key].connector}
    guide: Mapping[str, object] = {"State": "Enabled", **_GUIDE, **ours}
    yield from ((name, value) for name, value in guide.items() if entry.knows(name) and value)
    since = entry.time("ActivationDate")
    if since is None or since > aim.now.at:
        yield "ActivationDate", None
    yield "ExpiryDate", None
    yield from ((name, None) for name in sorted(contents.properties - guide.keys()))


def _hides_something(contents: RuleContents) -> bool:
    """Tell whether Exchange lists a condition, exception or action that no property shows: none can be cleared."""
    shown = contents.properties - _GUIDE.keys() - {_LIST, _ROUTE}
    for kind, classes in contents.classes.items():
        exceptions = kind == "Exceptions"
        names = [each.removeprefix("ExceptIf").lower() for each in shown if each.startswith("ExceptIf") is exceptions]
        further = classes - _CLASSES[kind]
        if not all(any(name.startswith(each.lower()) for name in names) for each in further):
            return True
    return False


def _make_anew(rule: Classified, before: ExchangeImage, aim: _Aim) -> Iterator[Step]:
    """Yield the old rule's new name, the new rule under the old one, and the end of the old rule."""
    aside = with_properties(before, Name=renamed(rule.name, "old", aim.among.objects))
    cutover = aim.phase is PlanPhase.CUTOVER
    yield Change(
        summary=text(
            "Rename the transport rule {name} to {other}, for it has to be made anew", name=rule.name, other=aside.name
        ),
        why=text("it refuses to be edited, or holds something that cannot be seen, and names are unique"),
        before=before,
        after=aside,
        needs=Milestone.CONNECTORS if cutover else None,
    )
    wanted = aim.aims[rule.key]
    domains = wanted.domains or [domain.name for domain in aim.site.domains]
    yield _make(_image(rule.name, wanted.connector, domains, rule.entry.number("Priority") or 0, aim.site), aim)
    yield Change(
        summary=text("Remove the transport rule {name}, which was made anew", name=aside.name),
        why=text("two rules for the same mail are one too many"),
        before=aside,
        after=None,
        needs=Milestone.RULE_ENABLED if cutover else None,
    )
