"""Have mail held back for the move and released after it, and have it proven then that mail flows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from seppcheck.api import (
    RULE_DELAY,
    DeliveryHold,
    Domain,
    FactImage,
    Gateway,
    MailFlow,
    MailSamples,
    ManualStep,
    Message,
    Milestone,
    MxRecords,
    Note,
    Now,
    PlanPhase,
    Proposal,
    Reason,
    Role,
    Step,
    System,
    Unavailable,
    at_menu,
    having,
    remediation,
    text,
    written_down,
)

_DAY = timedelta(hours=24)
_CUSTOMER, _DOMAIN = "customer_value", "domain_value"


@remediation("delivery-hold", kind="manual", phases=["readiness", "cutover", "completion"])
def switch_the_hold(
    domain: Domain,
    gateway: Gateway,
    hold: DeliveryHold | Unavailable,
    mx: MxRecords | Unavailable,
    flow: MailFlow | Unavailable,
    samples: MailSamples | Unavailable,
    phase: PlanPhase,
    now: Now,
) -> Proposal:
    """Have it off before the move, on during it, and off again when everything is in place.

    In the move a hold that nobody wrote down counts as one that is not as it should be, for what follows relies on it.
    """
    known = None if isinstance(hold, Unavailable) else hold
    match phase:
        case PlanPhase.READINESS:
            return list(_before(domain, known))
        case PlanPhase.CUTOVER:
            return [*_groups(domain, known, None), *_during(domain, known, now)]
        case PlanPhase.COMPLETION:
            moved = not isinstance(mx, Unavailable) and mx.names_only(gateway.names)
            off = _afterwards(domain, known, _settled(flow, now)) if moved else [_unfinished(domain)]
            return [*off, *_groups(domain, known, Milestone.HOLD_OFF), _proof(domain, samples)]


def _before(domain: Domain, hold: DeliveryHold | None) -> Iterator[Step | Note]:
    if hold is None or hold.value == "false":
        return
    if hold.value == "default" and hold.default is None:
        told = text(
            "whether mail of {domain} is held back is not known: write down the default of disable_delivery",
            domain=domain.name,
        )
        yield Note(told)
    elif hold.value == "true" or (hold.default or "").strip().casefold() != "false":
        yield _off(domain, hold, text("mail is refused, and nothing is moved yet"))


def _during(domain: Domain, hold: DeliveryHold | None, now: Now) -> Iterator[Step | Note]:
    if hold is None or hold.value != "true" or now.at - hold.voice.at >= _DAY:
        yield _on(domain, hold)
    if hold is not None and hold.also_held:
        yield Note(
            text(
                "the hold of customer {customer} also stops the mail of {others}",
                customer=hold.customer,
                others=hold.also_held,
            )
        )


def _afterwards(domain: Domain, hold: DeliveryHold | None, settled: datetime | None) -> Iterator[Step]:
    if hold is None or hold.value != "false":
        yield _off(
            domain,
            hold,
            text("everything is in place: senders deliver what they kept, and give up after some days if they cannot"),
            settled=settled,
            place=(Milestone.INBOUND_ON, Milestone.HOLD_OFF),
        )


def _settled(flow: MailFlow | Unavailable, now: Now) -> datetime | None:
    """Return when Exchange surely acts on the last change of its rules, if that is still to come."""
    rules = () if isinstance(flow, Unavailable) else having(flow.rules, Role.INLINE, Role.PARALLEL)
    changed = [at for rule in rules if (at := rule.entry.time("WhenChanged"))]
    settled = max(changed) + RULE_DELAY if changed else now.at
    return settled if settled > now.at else None


def _unfinished(domain: Domain) -> Note:
    return Note(
        text(
            "the MX record of {domain} does not name the gateway alone, or was not seen: the cutover is not finished "
            "(`seppcheck plan cutover`)",
            domain=domain.name,
        )
    )


def _on(domain: Domain, hold: DeliveryHold | None) -> ManualStep:
    fields = _places(hold)[:1]
    if hold is not None and fields == (_CUSTOMER,) and hold.domain_value == "false":
        fields = (_CUSTOMER, _DOMAIN)
    return ManualStep(
        summary=text("Hold the mail of {domain} back: disable_delivery = true", domain=domain.name),
        why=text(
            "from here on mail is refused with 422, so that senders try again: nothing is lost while everything moves"
        ),
        system=System.GATEWAY,
        steps=(*_entered(domain, hold, fields, "true"), written_down("delivery-hold", text("true"))),
        before=_image(domain, hold, fields),
        after=FactImage(DeliveryHold.kind, domain, dict.fromkeys(fields, "true")),
        undo=_put_back(domain, hold, fields),
        reaches=Milestone.HOLD_ON,
    )


def _off(
    domain: Domain,
    hold: DeliveryHold | None,
    why: Message,
    *,
    settled: datetime | None = None,
    place: tuple[Milestone | None, Milestone | None] = (None, None),
) -> ManualStep:
    holding = tuple(field for field in (_CUSTOMER, _DOMAIN) if hold is not None and getattr(hold, field) == "true")
    fields = holding or _places(hold)[:1]
    later = text("Not before {until}: Exchange may not act on the last change of its rules earlier.", until=settled)
    return ManualStep(
        summary=text("Release the mail of {domain}: disable_delivery = false", domain=domain.name),
        why=why,
        system=System.GATEWAY,
        steps=(
            *([later] if settled else []),
            *_entered(domain, hold, fields, "false"),
            written_down("delivery-hold", text("false")),
        ),
        before=_image(domain, hold, fields),
        after=FactImage(DeliveryHold.kind, domain, dict.fromkeys(fields, "false")),
        undo=_put_back(domain, hold, fields),
        until=settled,
        needs=place[0],
        reaches=place[1],
    )


def _places(hold: DeliveryHold | None) -> tuple[str, ...]:
    """Return where the value is kept, the customer first; the guide keeps it there."""
    if hold is not None and hold.customer_value is None and hold.domain_value is not None:
        return (_DOMAIN,)
    return (_CUSTOMER,)


def _menu(domain: Domain, hold: DeliveryHold | None, field: str) -> Message:
    if field == _DOMAIN:
        return text("Mail System > Managed Domains > {domain} > Extended Fields > disable_delivery", domain=domain.name)
    customer = (hold.customer if hold else "") or domain.customer
    return text(
        "Customers > {customer} > Extended Fields > disable_delivery",
        customer=customer or text("the customer of {domain}", domain=domain.name),
    )


def _entered(domain: Domain, hold: DeliveryHold | None, fields: tuple[str, ...], value: str) -> Iterator[Message]:
    for field in fields:
        entry = text("Enter: {value}", value=value)
        once = text("Once is enough for all domains of this customer.")
        yield from at_menu(_menu(domain, hold, field), entry, *([once] if field == _CUSTOMER else []))


def _image(domain: Domain, hold: DeliveryHold | None, fields: tuple[str, ...]) -> FactImage | None:
    if hold is None:
        return None
    return FactImage(DeliveryHold.kind, domain, {field: getattr(hold, field) for field in fields})


def _put_back(domain: Domain, hold: DeliveryHold | None, fields: tuple[str, ...]) -> tuple[Message, ...]:
    """Return the steps back; a value that nobody wrote down was none that held mail back."""
    steps: list[Message] = []
    for field in fields:
        value = (getattr(hold, field) if hold else None) or "default"
        back = text("Enter again: {value}", value=value)
        if value == "default":
            back = text("Empty the field, so that the words behind it say: default value")
        steps += at_menu(_menu(domain, hold, field), back)
    return (*steps, text("Write it down: `seppcheck attest --only delivery-hold`."))


def _groups(domain: Domain, hold: DeliveryHold | None, needs: Milestone | None) -> Iterator[ManualStep]:
    """Yield the step against groups that decide instead; in a completion it does not hold up the release."""
    if hold is None or hold.groups_override is False:
        return
    menu = text(
        "Mail System > Managed Domains > {domain} > Mail Processing Groups > Extended Fields", domain=domain.name
    )
    yield ManualStep(
        summary=text("See that no mailprocessing group of {domain} has a value of its own", domain=domain.name),
        why=text("a group's value of disable_delivery decides instead of the customer's"),
        system=System.GATEWAY,
        steps=(
            *at_menu(menu, text("Where the words behind disable_delivery say group specific value, empty the field.")),
            written_down("delivery-hold", text("no (no group carries a value of its own)")),
        ),
        before=FactImage(DeliveryHold.kind, domain, {"groups_override": hold.groups_override}),
        after=FactImage(DeliveryHold.kind, domain, {"groups_override": False}),
        undo=at_menu(menu, text("Give the groups their values again.")) if hold.groups_override else (),
        needs=needs,
    )


def _proof(domain: Domain, samples: MailSamples | Unavailable) -> ManualStep:
    configured = not isinstance(samples, Unavailable) or samples.reason is not Reason.NOT_CONFIGURED
    return ManualStep(
        summary=text("Prove that mail of {domain} flows", domain=domain.name),
        why=text("what comes after this takes away the way back to parallel operation"),
        system=System.PEOPLE,
        steps=(
            text("Send a message from outside to a mailbox of {domain}, and see that it arrives.", domain=domain.name),
            text("Send one from {domain} to the outside, and see that it arrives.", domain=domain.name),
            written_down("delivery-hold", text("false")),
            *(_saved() if configured else ()),
        ),
        needs=Milestone.HOLD_OFF,
        proof=True,
    )


def _saved() -> tuple[Message, ...]:
    return (
        text(
            "Save both messages as .eml, as they were received, where [mail] samples of seppcheck.toml looks for them."
        ),
        text("Look: `seppcheck verification --only mail-route`. Both have to have travelled inline."),
    )
