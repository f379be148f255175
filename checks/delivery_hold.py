"""Whether the gateway holds the domain's mail back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from seppcheck.api import (
    ALL,
    DeliveryHold,
    Domain,
    Failed,
    Finding,
    Gateway,
    Inconclusive,
    MxRecords,
    Now,
    Passed,
    Phase,
    Reason,
    Result,
    RunHistory,
    SeenRun,
    Severity,
    Unavailable,
    Warned,
    check,
    mail_exchanger,
)

_DAY = timedelta(hours=24)


@check(
    "delivery-hold",
    requirements={"cutover": ["A2"], "verification": ["D1"], "drift": ["D1"]},
    severity=Severity.BLOCKER,
    phases=ALL,
)
def hold_is_as_the_phase_wants(
    domain: Domain,
    gateway: Gateway,
    hold: DeliveryHold,
    mx: MxRecords | Unavailable,
    history: RunHistory | Unavailable,
    phase: Phase,
    now: Now,
) -> Result:
    """Mail is held back during the move, and only then.

    While the extended field disable_delivery is true, the gateway refuses the domain's mail with 422 in both
    directions: senders keep it and try again. That is right during the night of the move (guide A2, chapter
    Migration), and wrong before and after it. Left on, senders give up after some days and return the mail:
    nothing this tool can find is more severe.

    The gateway has no interface that would tell the field to a program, so a person writes it down, and what was
    written must be fresh: under 24 hours old in cutover; afterwards newer than the last time it was known to be
    true and than the first run that saw the new MX record, or under 24 hours old where neither is on record.

    A mailprocessing group may carry a value of its own for the field and then decides instead of customer and
    domain. `true` at the customer or at the domain counts as true. "default" means that nothing is set there: right
    before the move, and afterwards a warning, since the guide sets `false` explicitly (D1, chapter Abschluss).

    To mend:
    - Customers > the customer > Extended Fields: disable_delivery = true at the beginning of the night, false at its
      end. Then Save.
    - Write it down at once: seppcheck attest --only delivery-hold.

    Sources:
    - The guide, A2: Migration, A; D1: Abschluss der Arbeiten
    - RFC 5321 section 4.2.1: 4yz is a transient refusal, the sender tries again
    """
    change = None if isinstance(history, Unavailable) else _last_change(history.runs, gateway.names)
    judged = _JUDGES[phase](domain, hold, change, now)
    return [judged, *_circumstances(hold, phase), *_moved_early(gateway, hold, mx, phase)]


def _before(domain: Domain, hold: DeliveryHold, change: datetime | None, now: Now) -> Finding:
    del change, now
    if hold.value == "true":
        return Failed("the mail of {domain} is being refused now: switch the hold off", **_about(domain, hold, "false"))
    if hold.value == "default":
        return _by_default(domain, hold, Passed("nothing is held for {domain}", **_about(domain, hold, "false")))
    return Passed("nothing is held for {domain}", **_about(domain, hold, "false"))


def _during(domain: Domain, hold: DeliveryHold, change: datetime | None, now: Now) -> Finding:
    del change
    if now.at - hold.voice.at >= _DAY:
        return _too_old(domain, hold, now.at - _DAY)
    if hold.value == "true":
        return Passed("the mail of {domain} is held back", **_about(domain, hold, "true"))
    return Failed(
        "the mail of {domain} is not held back: set disable_delivery to true before anything else",
        **_about(domain, hold, "true"),
    )


def _afterwards(domain: Domain, hold: DeliveryHold, change: datetime | None, now: Now) -> Finding:
    if hold.value == "true":
        return Failed(
            "the mail of {domain} is being refused: set disable_delivery to false now, then attest it",
            **_about(domain, hold, "false"),
        )
    limit = change or now.at - _DAY
    if hold.voice.at <= limit:
        return _too_old(domain, hold, limit)
    if hold.value == "default":
        unset = Warned(
            "disable_delivery is not set for {domain}, so the default counts; the guide sets it to false explicitly",
            **_about(domain, hold, "false"),
        )
        return _by_default(domain, hold, unset)
    return Passed("nothing is held for {domain}", **_about(domain, hold, "false"))


_JUDGES = {
    Phase.READINESS: _before,
    Phase.CUTOVER: _during,
    Phase.VERIFICATION: _afterwards,
    Phase.DRIFT: _afterwards,
}


def _about(domain: Domain, hold: DeliveryHold, wanted: str) -> dict[str, str]:
    return {"domain": domain.name, "subject": hold.customer or domain.name, "expected": wanted, "observed": hold.value}


def _by_default(domain: Domain, hold: DeliveryHold, otherwise: Finding) -> Finding:
    """Judge a field that is not set: then the field's own default decides (P7)."""
    if hold.default is None:
        return Inconclusive(
            "disable_delivery is not set for {domain}, and nobody wrote down the field's default: "
            "seppcheck attest --only extended-field",
            reason=Reason.NOT_COLLECTED,
            **_about(domain, hold, "false"),
        )
    if hold.default.strip().casefold() == "false":
        return otherwise
    return Failed(
        "disable_delivery is not set for {domain}, and its default is {default}: mail is being refused",
        default=hold.default,
        **_about(domain, hold, "false"),
    )


def _too_old(domain: Domain, hold: DeliveryHold, limit: datetime) -> Finding:
    return Inconclusive(
        "that the hold of {domain} is {value} was written down at {at}, which must be after {limit}: look again, "
        "seppcheck attest --only delivery-hold",
        domain=domain.name,
        value=hold.value,
        at=hold.voice.at,
        limit=limit,
        subject=hold.customer or domain.name,
        reason=Reason.EXPIRED,
    )


def _last_change(runs: Iterable[SeenRun], names: Collection[str]) -> datetime | None:
    """Return when the hold was last known to be true, or the new MX first seen after another: the later."""
    ordered = sorted(runs, key=lambda run: run.at)
    held = [run.at for run in ordered if run.hold == "true"]
    return max([*held[-1:], *_first_new_mx(ordered, names)], default=None)


def _first_new_mx(runs: Iterable[SeenRun], names: Collection[str]) -> Iterator[datetime]:
    other_seen = False
    for run in runs:
        hosts = {mail_exchanger(value) for server in run.mx or () for value in server.values}
        if hosts and not hosts <= set(names):
            other_seen = True
        elif hosts and other_seen:
            yield run.at
            return


def _circumstances(hold: DeliveryHold, phase: Phase) -> Iterator[Finding]:
    if None not in (hold.customer_value, hold.domain_value) and hold.customer_value != hold.domain_value:
        yield Warned(
            "the customer {customer} says {one} and the domain says {two}: {value} counts; make them equal",
            customer=hold.customer or "-",
            one=hold.customer_value,
            two=hold.domain_value,
            value=hold.value,
            subject=hold.customer,
        )
    if phase is not Phase.READINESS:
        yield from _groups(hold)
    if phase is Phase.CUTOVER and hold.value == "true" and hold.also_held:
        yield Warned(
            "the hold of customer {customer} also stops the mail of {others}",
            customer=hold.customer,
            others=hold.also_held,
            subject=hold.customer,
        )


def _groups(hold: DeliveryHold) -> Iterator[Finding]:
    if hold.groups_override is None:
        yield Inconclusive(
            "nobody wrote down whether a mailprocessing group carries a value of its own for disable_delivery: "
            "seppcheck attest --only delivery-hold",
            subject="groups",
            reason=Reason.NOT_COLLECTED,
        )
    elif hold.groups_override:
        yield Failed(
            "a mailprocessing group carries a value of its own for disable_delivery and decides instead: remove it",
            subject="groups",
            expected="default value",
            observed="group specific value",
        )


def _moved_early(gateway: Gateway, hold: DeliveryHold, mx: MxRecords | Unavailable, phase: Phase) -> Iterator[Finding]:
    if phase is not Phase.CUTOVER or hold.value == "true" or isinstance(mx, Unavailable):
        return
    hosts = {mail_exchanger(value) for server in mx.servers for value in server.answer.values}
    if hosts & set(gateway.names):
        yield Failed(
            "the MX record names the gateway already, but mail is not held back: set the hold to true now",
            subject=mx.domain,
            expected="true",
            observed=hold.value,
        )
