"""What a migration waits for, worked out from what a run gathered: it is told, and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from seppcheck.judgement.inline import RULE_DELAY, settling
from seppcheck.judgement.lead_time import LeadTime, lead_time
from seppcheck.judgement.server_ttls import ServerTtl, server_ttls
from seppcheck.judgement.ttl import LOW_TTL
from seppcheck.model.dns import MxRecords, SpfRecords, mail_exchanger
from seppcheck.model.evidence import Evidence, Record
from seppcheck.model.history import RunHistory
from seppcheck.model.mailflow import MailFlow, Role, having
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.phases import Phase
from seppcheck.model.targets import Domain, Gateway, Site, Tenant
from seppcheck.model.text import Message, text

E = TypeVar("E", bound=Evidence)


def moments_of(phase: Phase, site: Site, records: Iterable[Record], now: datetime) -> tuple[Moment, ...]:
    """Return the moments that matter in a phase: each domain's, in the order of the configuration, then the rules'.

    What was not gathered, or could not be looked at, has no moment: the checks say why.
    """
    known = {(type(record.content), record.target): record.content for record in records}

    def of(kind: type[E], target: Domain | Tenant) -> E | None:
        found = known.get((kind, target))
        return found if isinstance(found, kind) else None

    moments: list[Moment] = []
    for domain in site.domains:
        mx, spf, history = of(MxRecords, domain), of(SpfRecords, domain), of(RunHistory, domain)
        if mx is not None and history is not None:
            moments.extend(_of_domain(phase, domain, site.gateway, mx, spf, history, now))
    flow = of(MailFlow, site.tenant)
    return (*moments, *(_settling_rules(site.tenant, flow, now) if flow else ()))


def _of_domain(
    phase: Phase,
    domain: Domain,
    gateway: Gateway,
    mx: MxRecords,
    spf: SpfRecords | None,
    history: RunHistory,
    now: datetime,
) -> Iterator[Moment]:
    gone = settling(mx, history, gateway.names, now)
    if gone.at is not None:
        if phase is Phase.CUTOVER or (history.runs and not gone.over(now)):
            yield _old_mx(domain, gateway, mx, gone.at, over=gone.over(now))
    elif spf is not None and phase in (Phase.READINESS, Phase.CUTOVER):
        lead = lead_time(mx, spf, history, now)
        if lead is not None:
            yield _gate(domain, lead, server_ttls(mx, spf, history, now), now)


def _gate(domain: Domain, lead: LeadTime, servers: Iterable[ServerTtl], now: datetime) -> Moment:
    hours, told = f"{lead.wait / timedelta(hours=1):g}", tuple(_told(servers))
    if lead.since is None:
        summary = text(
            "{domain}: the MX record may move {hours} h after the first run that sees a TTL of at most {limit} s at "
            "every server",
            domain=domain.name,
            hours=hours,
            limit=LOW_TTL,
        )
        return Moment(MomentKind.MX_MAY_MOVE, domain, None, over=False, summary=summary, details=told)
    over = lead.over(now)
    template = (
        text("{domain}: the MX record may move since {at}", domain=domain.name, at=lead.opens)
        if over
        else text("{domain}: the MX record may move at {at}, not before", domain=domain.name, at=lead.opens)
    )
    return Moment(MomentKind.MX_MAY_MOVE, domain, lead.opens, over=over, summary=template, details=told)


def _told(servers: Iterable[ServerTtl]) -> Iterator[Message]:
    """Yield what is on record of the servers; those with the same past share a sentence."""
    alike: dict[tuple[datetime | None, int | None, int | None], list[ServerTtl]] = {}
    for each in servers:
        alike.setdefault((each.since, each.before, each.now if each.since is None else None), []).append(each)
    for (since, before, ttl), group in alike.items():
        about: dict[str, object] = {
            "record": tuple(dict.fromkeys(each.record for each in group)),
            "servers": tuple(dict.fromkeys(each.server for each in group)),
            "limit": LOW_TTL,
        }
        if since is None:
            yield text("{record}: a TTL of {ttl} s at {servers}", ttl=ttl, **about)
        elif before is None:
            yield text("{record}: at most {limit} s since the first run, {since}, at {servers}", since=since, **about)
        else:
            yield text(
                "{record}: at most {limit} s since {since}, {before} s before, at {servers}",
                since=since,
                before=before,
                **about,
            )


def _old_mx(domain: Domain, gateway: Gateway, mx: MxRecords, at: datetime, *, over: bool) -> Moment:
    if over:
        summary = text("{domain}: no resolver holds the old MX record any more since {at}", domain=domain.name, at=at)
    else:
        summary = text("{domain}: resolvers may hold the old MX record until {at}", domain=domain.name, at=at)
    details = () if over else tuple(_stragglers(mx, gateway))
    return Moment(MomentKind.OLD_MX_GONE, domain, at, over=over, summary=summary, details=details)


def _stragglers(mx: MxRecords, gateway: Gateway) -> Iterator[Message]:
    """Yield the resolvers that were asked and still remember another MX record."""
    for heard in mx.resolvers:
        hosts = {mail_exchanger(value) for value in heard.answer.values}
        if hosts - set(gateway.names) and heard.answer.ttl is not None:
            yield text(
                "the resolver {server} still has {hosts}, for {ttl} s",
                server=heard.subject,
                hosts=hosts,
                ttl=heard.answer.ttl,
            )


def _settling_rules(tenant: Tenant, flow: MailFlow, now: datetime) -> Iterator[Moment]:
    for rule in having(flow.rules, Role.INLINE, Role.PARALLEL):
        changed = rule.entry.time("WhenChanged")
        if changed is not None and now < changed + RULE_DELAY:
            summary = text(
                "{rule} was changed at {changed}: Exchange may not act on it everywhere before {at}",
                rule=rule.name,
                changed=changed,
                at=changed + RULE_DELAY,
            )
            yield Moment(MomentKind.RULE_SETTLED, tenant, changed + RULE_DELAY, over=False, summary=summary)
