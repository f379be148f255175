"""check_host(): may this address send for this domain? (RFC 7208 section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from seppcheck.model.dns import SpfResult, SpfVerdict
from seppcheck.model.text import Message, text
from seppcheck.sources.spf_macros import MacroString, SpfSyntaxError, cut, expand, is_queryable, uses
from seppcheck.sources.spf_questions import Address, Lookup, PermError, Questions, SpfError
from seppcheck.sources.spf_record import Mechanism, SpfRecord, parse, spf_records

MOST_LOOKUPS = 10
"""Terms that query DNS (section 4.6.4)."""

MOST_TRACE_LINES = 200
"""A record may hold thousands of terms; the trace is for people."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose mail it would be: the sender's two halves, and the name given in HELO."""

    domain: str
    helo: str
    local: str = "postmaster"


async def check_host(address: str, identity: Identity, lookup: Lookup) -> SpfVerdict:
    """Evaluate SPF for one address.

    Args:
        address: of the sending host; an IPv4-mapped IPv6 address counts as IPv4 (section 5).
        identity: the domain that is asked about, and what macros may name.
        lookup: how to ask DNS.

    A question that was not answered ends in `temperror`, also where section 5.5 has a receiver go
    on as if `ptr` did not match: an audit must say that it could not look.
    """
    given = ip_address(address)
    sender = getattr(given, "ipv4_mapped", None) or given
    evaluation = _Evaluation(sender, identity, Questions(lookup, sender))
    try:
        result, mechanism = await evaluation.check(identity.domain)
    except SpfError as error:
        return evaluation.verdict(address, error.result, problem=error.problem)
    return evaluation.verdict(address, result, mechanism)


class _Evaluation:
    """One check_host() with everything that it includes."""

    def __init__(self, address: Address, identity: Identity, questions: Questions) -> None:
        self._address = address
        self._identity = identity
        self._questions = questions
        self._lookups = 0
        self._trace: list[str] = []
        self._names: dict[str, str] = {}

    def verdict(
        self, address: str, result: SpfResult, mechanism: str = "", problem: Message | None = None
    ) -> SpfVerdict:
        """Return what came out, with the counters as they stand."""
        return SpfVerdict(
            address=address,
            result=result,
            mechanism=mechanism,
            lookups=self._lookups,
            voids=self._questions.voids,
            problem=problem or "",
            trace=tuple(self._trace),
        )

    async def check(self, domain: str) -> tuple[SpfResult, str]:
        """Evaluate the record of a domain: the result, and the term that decided it."""
        record = await self._record(domain)
        if record is None:
            self._note(domain, "no SPF record")
            return SpfResult.NONE, ""
        for mechanism in record.mechanisms:
            matches = await self._matches(mechanism, domain)
            self._note(domain, f"{mechanism.text} {'matches' if matches else 'does not match'}")
            if matches:
                return mechanism.result, mechanism.text
        if record.redirect is None:
            self._note(domain, "no term matches")
            return SpfResult.NEUTRAL, ""
        return await self._redirected(record.redirect, domain)

    async def _record(self, domain: str) -> SpfRecord | None:
        if not is_queryable(domain) or "." not in domain:
            return None  # section 4.3
        records = spf_records(await self._questions.record_texts(domain))
        if len(records) > 1:
            raise PermError(
                text("{domain} has {count} SPF records where one is allowed", domain=domain, count=str(len(records)))
            )
        try:
            return parse(records[0]) if records else None
        except SpfSyntaxError as error:
            raise PermError(
                text("the SPF record of {domain} is not valid: {fault}", domain=domain, fault=str(error.problem))
            ) from error

    async def _redirected(self, spec: MacroString, domain: str) -> tuple[SpfResult, str]:
        self._count(domain)
        target = await self._expand(spec, domain)
        self._note(domain, f"redirect={target}")
        result, mechanism = await self.check(target)
        if result is SpfResult.NONE:
            raise PermError(
                text("{domain} redirects to {target}, which has no SPF record", domain=domain, target=cut(target))
            )
        return result, mechanism

    async def _matches(self, mechanism: Mechanism, domain: str) -> bool:
        if mechanism.name == "all":
            return True
        if mechanism.network is not None:
            return self._address in mechanism.network
        self._count(domain)
        target = domain if mechanism.domain is None else await self._expand(mechanism.domain, domain)
        return await self._asks(mechanism, target)

    async def _asks(self, mechanism: Mechanism, target: str) -> bool:
        match mechanism.name:
            case "include":
                return await self._includes(mechanism, target)
            case "a":
                return self._near(mechanism, await self._questions.addresses(target))
            case "mx":
                return await self._mx(mechanism, target)
            case "ptr":
                return await self._points(target)
            case _:  # exists: the A record counts for IPv6 as well (section 5.7)
                return bool(await self._questions.values(target, "A"))

    async def _includes(self, mechanism: Mechanism, target: str) -> bool:
        result, _ = await self.check(target)
        if result is SpfResult.NONE:
            raise PermError(text("{term}: {target} has no SPF record", term=mechanism.text, target=cut(target)))
        return result is SpfResult.PASS

    async def _mx(self, mechanism: Mechanism, target: str) -> bool:
        # Every host is looked up before any is compared (section 5.4), so that the order in which a
        # server lists them decides nothing.
        hosts = await self._questions.mail_hosts(target)
        addresses = [address for host in hosts for address in await self._questions.addresses(host)]
        return self._near(mechanism, addresses)

    async def _points(self, target: str) -> bool:
        confirmed, unanswered = await self._questions.confirmed_names()
        if any(_is_within(name, target) for name in confirmed):
            return True
        if unanswered is not None:
            raise unanswered
        return False

    def _near(self, mechanism: Mechanism, addresses: Iterable[Address]) -> bool:
        prefix = mechanism.prefix4 if self._address.version == 4 else mechanism.prefix6  # noqa: PLR2004 - the IP version
        return any(self._address in ip_network((address, prefix), strict=False) for address in addresses)

    async def _expand(self, spec: MacroString, domain: str) -> str:
        address, who = self._address, self._identity
        dotted = str(address) if address.version == 4 else ".".join(address.exploded.replace(":", ""))  # noqa: PLR2004 - the IP version
        values = {
            "s": f"{who.local}@{who.domain}",
            "l": who.local,
            "o": who.domain,
            "d": domain,
            "i": dotted,
            "p": await self._name_of_address(domain) if uses(spec, "p") else "",
            "v": "in-addr" if address.version == 4 else "ip6",  # noqa: PLR2004 - the IP version
            "h": who.helo,
        }
        return expand(spec, values)

    async def _name_of_address(self, domain: str) -> str:
        """Section 7.3: the domain itself if confirmed, else a name below it, else any, else "unknown"."""
        if domain not in self._names:
            confirmed, unanswered = await self._questions.confirmed_names()
            if unanswered is not None and domain.lower() not in confirmed:
                raise unanswered
            below = [name for name in confirmed if _is_within(name, domain)]
            self._names[domain] = domain if domain.lower() in below else next(iter(below + confirmed), "unknown")
        return self._names[domain]

    def _count(self, domain: str) -> None:
        self._lookups += 1
        if self._lookups > MOST_LOOKUPS:
            raise PermError(
                text(
                    "SPF needs more than {most} terms that query DNS; the limit is reached in the record of {domain}",
                    most=str(MOST_LOOKUPS),
                    domain=domain,
                )
            )

    def _note(self, domain: str, event: str) -> None:
        if len(self._trace) < MOST_TRACE_LINES:
            self._trace.append(f"{cut(domain)}: {cut(event, 120)}")


def _is_within(name: str, domain: str) -> bool:
    domain = domain.lower()
    return name == domain or name.endswith(f".{domain}")
