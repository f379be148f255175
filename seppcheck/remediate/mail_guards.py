"""What would lose mail at the moment of a write: looked at afresh, whatever the plan says, forwards and backwards."""

from __future__ import annotations

from collections.abc import Iterable

from seppcheck.judgement.inline import settling
from seppcheck.model.changes import DnsImage, ExchangeImage, Milestone, PlanPhase
from seppcheck.model.dns import MxRecords, mail_exchanger
from seppcheck.model.evidence import Unavailable
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.history import RunHistory
from seppcheck.model.mailflow import MailFlow, Role, having
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.text import Message, text
from seppcheck.planning.exchange_images import Noun
from seppcheck.remediate.fresh import Look, cases_of, judged, look, too_old
from seppcheck.remediate.seeing import rules_of
from seppcheck.remediate.worlds import Writable
from seppcheck.run import Request

_HOLD = "delivery-hold"


def write_fault(
    request: Request, plan: MigrationPlan, before: Writable | None, after: Writable | None
) -> Message | None:
    """Return why a change must not be made now, or None.

    Args:
        request: for looking.
        plan: whether it waits for the old MX records itself.
        before: what stands there.
        after: what it would become.

    Raises:
        WorldFault: when the rules could not be read.
    """
    if not isinstance(before or after, ExchangeImage):
        return None
    one, other = _object(before), _object(after)
    return _still_referenced(request, one, other) or _closes_the_door(request, plan, one, other)


def _object(image: Writable | None) -> ExchangeImage | None:
    return image if isinstance(image, ExchangeImage) else None


def _still_referenced(request: Request, before: ExchangeImage | None, after: ExchangeImage | None) -> Message | None:
    if before is None or before.type != Noun.OUTBOUND_CONNECTOR or _stays_enabled(before, after):
        return None
    return reference_fault(before, after, rules_of(request))


def _stays_enabled(before: ExchangeImage, after: ExchangeImage | None) -> bool:
    """Tell whether a connector is as enabled after as before; an image may hold no more than what changes."""
    return after is not None and after.properties.get("Enabled", before.properties.get("Enabled")) is not False


def reference_fault(
    before: ExchangeImage | None, after: ExchangeImage | None, rules: Iterable[ExchangeImage]
) -> Message | None:
    """Return why an outbound connector must stay as it is: an enabled rule routes to it, and it is enabled.

    What is not known of the connector or of a rule counts as enabled.

    Args:
        before: the connector as it is.
        after: what it would become; None removes it.
        rules: every rule of the tenant, as it is.
    """
    if before is None or before.type != Noun.OUTBOUND_CONNECTOR or _stays_enabled(before, after):
        return None
    routing = [rule.name for rule in rules if _in_use(rule) and _names(rule, before)]
    if before.properties.get("Enabled") is False or not routing:
        return None
    return text(
        "{connector} is enabled, and the enabled rules {rules} route to it: it is neither disabled nor removed",
        connector=before.name,
        rules=routing,
    )


def _in_use(rule: ExchangeImage) -> bool:
    return str(rule.properties.get("State", "")).lower() != "disabled"


def _names(rule: ExchangeImage, connector: ExchangeImage) -> bool:
    """Tell whether a rule routes to a connector: by name, by Guid, or by a distinguished name that begins with it."""
    wanted = str(rule.properties.get("RouteMessageOutboundConnector") or "").strip().lower()
    name = connector.name.strip().lower()
    return bool(wanted) and (wanted in (name, connector.guid.lower()) or wanted.startswith(f"cn={name},"))


def _closes_the_door(
    request: Request, plan: MigrationPlan, before: ExchangeImage | None, after: ExchangeImage | None
) -> Message | None:
    """Return why an inbound connector must not be enabled yet: mail that still comes directly would be refused."""
    if after is None or after.type != Noun.INBOUND_CONNECTOR or not _becomes_enabled(before, after):
        return None
    kind = {**(before.properties if before else {}), **after.properties}.get("ConnectorType")
    if str(kind).lower() == "onpremises":
        return None  # it refuses nobody
    site = request.settings.site
    kinds = [(kind, domain) for domain in site.domains for kind in ("mx-records", "run-history")]
    taken = look(request, kinds)
    waited = any(each.milestone is Milestone.MX_SETTLED and each.seconds is not None for each in plan.changes)
    for domain in site.domains:
        records = taken.get("mx-records", domain)
        if not isinstance(records, MxRecords):
            why = records.detail if isinstance(records, Unavailable) else "-"
            return text("whether the MX record of {domain} has moved is not known: {why}", domain=domain.name, why=why)
        if not _moved(records, site.gateway.names):
            return text(
                "the MX record of {domain} does not name the gateway alone, at every server: enabled now, the "
                "connector would refuse its mail",
                domain=domain.name,
            )
        if not waited and not _settled(taken, records, site.gateway.names):
            return text("the old MX record of {domain} may still be remembered: enable it later", domain=domain.name)
    return None


def _becomes_enabled(before: ExchangeImage | None, after: ExchangeImage) -> bool:
    was = before is not None and before.properties.get("Enabled") is True
    return not was and after.properties.get("Enabled", before is None) is True


def _moved(records: MxRecords, names: Iterable[str]) -> bool:
    return records.names_only(tuple(names)) and all(
        each.answer.status.looked for each in records.servers if not _noted(each.address, records)
    )


def _noted(address: str, records: MxRecords) -> bool:
    """Tell whether this machine has no route to an address: that is noted, not judged."""
    statuses = {each.answer.status.value for each in records.servers if each.address == address}
    return statuses == {"no-route"}


def _settled(taken: Look, records: MxRecords, names: Iterable[str]) -> bool:
    site = taken.request.settings.site
    domain = next(each for each in site.domains if each.name == records.domain)
    history = taken.get("run-history", domain)
    known = history if isinstance(history, RunHistory) else None
    return settling(records, known, tuple(names), taken.at).over(taken.at)


def moves_mail_in(change: PlannedChange) -> bool:
    """Tell whether a change lets an MX record name other hosts than before."""
    before, after = change.before, change.after
    if not isinstance(after, DnsImage) or after.type != "MX":
        return False
    old = {mail_exchanger(value) for value in before.values} if isinstance(before, DnsImage) else set()
    return old != {mail_exchanger(value) for value in after.values}


def not_held(request: Request, change: PlannedChange) -> Message | None:
    """Return why an MX record must not move to the gateway now: mail has to be held back while it does."""
    cases = cases_of(request, _HOLD, change.target)
    if not cases:
        return text("whether the mail of {domain} is held back cannot be seen", domain=change.target)
    taken = look(request, (), cases)
    for case in cases:
        hold = taken.get("delivery-hold", case.target)
        if not isinstance(hold, DeliveryHold):
            why = hold.detail if isinstance(hold, Unavailable) else "-"
            return text(
                "whether the mail of {domain} is held back cannot be seen: {why}", domain=change.target, why=why
            )
        if hold.value != "true":
            return text("the mail of {domain} is not held back: set the hold to true first", domain=change.target)
        if (old := too_old(judged(taken, case, PlanPhase.CUTOVER))) is not None:
            return old
    return None


def leaves_the_gateway(change: PlannedChange, names: Iterable[str]) -> bool:
    """Tell whether undoing a change would let an MX record name others than the gateway."""
    before = change.before
    if not isinstance(before, DnsImage) or before.type != "MX":
        return False
    return not {mail_exchanger(value) for value in before.values} <= set(names)


def door_still_closed(request: Request) -> Message | None:
    """Return why an MX record must not leave the gateway now: a connector that refuses everybody else is enabled."""
    tenant = request.settings.site.tenant
    flow = look(request, [("mail-flow", tenant)]).get("mail-flow", tenant)
    if not isinstance(flow, MailFlow) or isinstance(flow.inbound, Unavailable):
        return None if not request.settings.exchange else text("whether an inbound connector is enabled cannot be seen")
    names = [each.name for each in having(flow.inbound, Role.INLINE, Role.SPARE) if each.enabled is not False]
    if not names:
        return None
    return text(
        "the inbound connector {names} is enabled: with the MX record back, it would refuse the mail; disable it first",
        names=names,
    )
