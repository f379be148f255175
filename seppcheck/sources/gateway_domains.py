"""Facts of the managed domains, each merged from the gateway's API (observed) and the record (attested)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from seppcheck.api import (
    Attested,
    Certificate,
    Domain,
    Forwarding,
    GatewayDkimKey,
    Now,
    SenderCertificate,
    Session,
    Smarthost,
    TlsLevel,
    Unavailable,
    Voice,
    source,
)
from seppcheck.model.dkim import key_bytes
from seppcheck.model.gateway_api import ApiDomain, GatewayApi
from seppcheck.model.gateway_record import Answer, GatewayRecord
from seppcheck.sources.attested import Attestation
from seppcheck.sources.gateway_claims import Claim, Seen, decide, seen

V = TypeVar("V")

_Host = tuple[str, bool | None]
"""A forwarding server, and whether an MX record is looked up; None = unknown."""
_Key = tuple[bool, str]
"""Whether there is a DKIM key, and its public part; "" = unknown."""


@source("gateway")
async def managed_domain(
    domain: Domain,
    record: GatewayRecord | Unavailable,
    api: GatewayApi | Unavailable,
    session: Session,
    now: Now,
) -> tuple[
    Smarthost | Unavailable,
    Forwarding | Unavailable,
    TlsLevel | Unavailable,
    GatewayDkimKey | Unavailable,
    SenderCertificate | Unavailable,
]:
    """Return the settings of one managed domain."""
    written = Attestation.of(record, session, now)
    return (
        _smarthost(domain, api, written),
        _forwarding(domain, api, written),
        _tls_level(domain, api, written),
        _dkim_key(domain, api, written),
        _certificate(domain, written),
    )


def _smarthost(domain: Domain, api: GatewayApi | Unavailable, written: Attestation) -> Smarthost | Unavailable:
    found = seen(api, domain.name, lambda each: each.smarthost, written)
    if isinstance(found, Seen) and not found.listed:
        return Smarthost("", found.voice, listed=False)
    return decide(found, _text(domain, "smarthost", written), _make_smarthost, _same_host, domain.name)


def _forwarding(domain: Domain, api: GatewayApi | Unavailable, written: Attestation) -> Forwarding | Unavailable:
    looked_up = written.value(bool, "domains", domain.name, "forwarding_mx_lookup")
    claim = _with(_text(domain, "forwarding", written), lambda host: (host, looked_up))
    found = seen(api, domain.name, _host_seen, written)
    found = _completed(found, claim, lambda a, b: a[1] is None and b[1] is not None and _same_host(a[0], b[0]))
    return decide(found, claim, _make_forwarding, _same_forwarding, domain.name)


def _tls_level(domain: Domain, api: GatewayApi | Unavailable, written: Attestation) -> TlsLevel | Unavailable:
    found = seen(api, domain.name, lambda each: each.tls_level, written)
    return decide(found, _text(domain, "tls_level", written), TlsLevel, _same_host, domain.name)


def _dkim_key(domain: Domain, api: GatewayApi | Unavailable, written: Attestation) -> GatewayDkimKey | Unavailable:
    key = written.value(str, "domains", domain.name, "dkim_public_key") or ""
    answer = written.answer("domains", domain.name, "dkim_key")
    if isinstance(answer, Unavailable) and key:
        answer = written.answer("domains", domain.name, "dkim_public_key")
    claim: Claim[_Key] | Unavailable = (
        Claim((answer.value is not False, key), written.voice(answer)) if isinstance(answer, Answer) else answer
    )
    found = seen(api, domain.name, _key_seen, written)
    found = _completed(found, claim, lambda a, b: a[0] and b[0] and not a[1] and bool(b[1]))
    return decide(found, claim, _make_dkim_key, _same_key, domain.name)


def _certificate(domain: Domain, written: Attestation) -> SenderCertificate | Unavailable:
    answer = written.answer("domains", domain.name, "certificate")
    if isinstance(answer, Unavailable):
        return answer
    if not isinstance(answer.value, Certificate):
        raise TypeError("the record holds no certificate where one belongs")
    return SenderCertificate(answer.value, written.voice(answer), answer.file)


def _text(domain: Domain, key: str, written: Attestation) -> Claim[str] | Unavailable:
    answer = written.answer("domains", domain.name, key)
    return Claim(str(answer.value), written.voice(answer)) if isinstance(answer, Answer) else answer


def _with(claim: Claim[str] | Unavailable, add: Callable[[str], _Host]) -> Claim[_Host] | Unavailable:
    return claim if isinstance(claim, Unavailable) else Claim(add(claim.value), claim.voice)


def _completed(
    found: Seen[V] | Unavailable, claim: Claim[V] | Unavailable, lacks: Callable[[V, V], bool]
) -> Seen[V] | Unavailable:
    """Leave the word to the record where it says the same and more; the whole then counts as attested."""
    if isinstance(found, Unavailable) or isinstance(claim, Unavailable) or found.value is None:
        return found
    return Seen(claim.value, claim.voice, found.listed) if lacks(found.value, claim.value) else found


def _host_seen(domain: ApiDomain) -> _Host | None:
    return None if domain.forwarding is None else (domain.forwarding, domain.forwarding_mx_lookup)


def _key_seen(domain: ApiDomain) -> _Key | None:
    return None if domain.dkim_enabled is None else (domain.dkim_enabled, domain.dkim_public_key or "")


def _make_smarthost(host: str, voice: Voice, against: Attested | None) -> Smarthost:
    return Smarthost(host, voice, against=against)


def _make_forwarding(value: _Host, voice: Voice, against: Attested | None) -> Forwarding:
    return Forwarding(*value, voice, against)


def _make_dkim_key(value: _Key, voice: Voice, against: Attested | None) -> GatewayDkimKey:
    return GatewayDkimKey(*value, voice, against)


def _same_host(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(host: str) -> str:
    """Leave out square brackets, which only say that no MX record is looked up, and the last dot."""
    return host.strip().strip("[]").rstrip(".").casefold()


def _same_forwarding(one: _Host, other: _Host) -> bool:
    known = one[1] is not None and other[1] is not None
    return _same_host(one[0], other[0]) and not (known and one[1] != other[1])


def _same_key(one: _Key, other: _Key) -> bool:
    known = bool(one[1] and other[1])
    return one[0] == other[0] and not (known and key_bytes(one[1]) != key_bytes(other[1]))
