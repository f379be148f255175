"""A zone in which a planned change takes effect: answers before, image, answers after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from seppcheck.api import (
    Change,
    DnsAnswer,
    DnsImage,
    DnsStatus,
    ManualStep,
    MxRecords,
    Note,
    PlanPhase,
    Proposal,
    ServerAnswer,
    SpfRecords,
    Step,
    Wait,
    rrset_of,
    unquoted,
)
from seppcheck.planning.dns_images import canonical, equal


def txt(*values: str, ttl: int = 300, others: Sequence[str] = ()) -> DnsAnswer:
    """SPF (or whatever is looked for) among other TXT records, as the client answers it."""
    rdata = tuple(sorted(f'"{value}"' for value in (*values, *others)))
    return DnsAnswer(DnsStatus.ANSWER, values, ttl, rdata=rdata)


def answer_of(image: DnsImage) -> DnsAnswer:
    """What a server answers that holds an RRset."""
    if image.type != "TXT":
        return DnsAnswer(DnsStatus.ANSWER, image.values, image.ttl)
    return DnsAnswer(DnsStatus.ANSWER, tuple(map(unquoted, image.values)), image.ttl, rdata=image.values)


def changed(servers: Iterable[ServerAnswer], change: Change) -> tuple[ServerAnswer, ...]:
    """What the servers answer after a change; what they answered must be what the change expects."""
    servers, image = tuple(servers), change.after
    assert isinstance(image, DnsImage)
    found = rrset_of(image.name, image.type, servers)
    assert change.before is None or isinstance(change.before, DnsImage)
    assert equal(found, change.before), (found, change.before)
    return tuple(replace(each, answer=answer_of(image)) if each.answer.status.looked else each for each in servers)


def mx_after(records: MxRecords, change: Change) -> MxRecords:
    return replace(records, servers=changed(records.servers, change))


def spf_after(records: SpfRecords, change: Change) -> SpfRecords:
    """SPF after a change of the whole TXT RRset; its values are the SPF records alone."""
    servers = changed(records.servers, change)
    return replace(records, servers=tuple(replace(each, answer=_spf_alone(each.answer)) for each in servers))


def _spf_alone(said: DnsAnswer) -> DnsAnswer:
    return replace(said, values=tuple(value for value in said.values if value.split(" ", 1)[0].lower() == "v=spf1"))


def others_of(image: object) -> list[str]:
    """The TXT values of an image that are no SPF, byte for byte."""
    assert isinstance(image, DnsImage)
    return sorted(value for value in image.values if not canonical("TXT", value).lower().startswith("v=spf1"))


def only(proposal: Proposal, kind: type[Change | ManualStep | Wait | Note]) -> list[Step]:
    """The steps of one kind."""
    return [each for each in proposal if isinstance(each, kind)]


def change_of(proposal: Proposal) -> Change:
    (change,) = only(proposal, Change)
    assert isinstance(change, Change)
    return change


def kinds(proposal: Proposal) -> list[str]:
    """The names of what was proposed, in order."""
    return [type(each).__name__ for each in proposal]


EVERY_PLAN = list(PlanPhase)
