"""DNS evidence by meaning: values without order, authoritative TTLs, no resolver's countdown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator

from seppcheck.drift.projection import Projected, Projector, Unseen, View, listed, same
from seppcheck.model.accepted import AcceptedDomainMx
from seppcheck.model.dkim import DkimRecord, key_bytes
from seppcheck.model.dns import (
    DnsAnswer,
    GatewayAddresses,
    MxRecords,
    NodeAddresses,
    ReverseDns,
    ReverseEntry,
    ServerAnswer,
    SpfEvaluation,
    SpfRecords,
    SpfResult,
    host_name,
)
from seppcheck.model.history import SeenServer
from seppcheck.model.outcomes import Reason
from seppcheck.model.policies import DmarcRecord, MtaStsPolicy, TlsaRecords
from seppcheck.model.text import text

_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*([^;]*?)\s*(?:;|$)")


def fingerprint(public_key: str) -> str:
    """Return what a public key (base64 of DER) is known by in a baseline: short, and the same however it is broken."""
    return f"sha256:{hashlib.sha256(key_bytes(public_key) or public_key.encode('utf-8')).hexdigest()}"


def _mx(found: MxRecords, view: View) -> Projected:
    del view
    names = listed(map(host_name, found.zone.own))
    return _served(found.domain, "MX", found.servers, _host_value, {"name_servers": names})


def _spf(found: SpfRecords, view: View) -> Projected:
    del view
    return _served(found.domain, "SPF", found.servers, _blanks)


def _host_value(value: str) -> str:
    return host_name(value)


def _blanks(value: str) -> str:
    return " ".join(value.split())


def _served(
    domain: str,
    record: str,
    servers: Iterable[ServerAnswer],
    form: Callable[[str], str],
    also: dict[str, list[str]] | None = None,
) -> Projected:
    """Return the RRset once where all servers agree; where they do not, each server's."""
    heard = tuple(servers)
    answered = {each.subject: each.answer for each in heard if each.answer.status.looked}
    values = {who: listed(map(form, answer.values)) for who, answer in answered.items()}
    ttls = {who: answer.ttl if answer.values else None for who, answer in answered.items()}
    unseen = tuple(_silent(domain, record, heard))
    if not answered:
        return Projected({}, unseen or (Unseen(domain, None, Reason.DNS_ERROR, text("no server answered")),))
    agreed = next(iter(values.values()))
    if any(found != agreed for found in values.values()):
        agreed = [f"{who}: {value}" for who, found in values.items() for value in found or ["-"]]
    ttl: object = next(iter(ttls.values()))
    if len(set(ttls.values())) > 1:
        ttl = [f"{who}: {'-' if found is None else found}" for who, found in ttls.items()]
    return Projected({domain: {**(also or {}), record: agreed, "TTL": ttl}}, unseen)


def _silent(domain: str, record: str, heard: tuple[ServerAnswer, ...]) -> Iterator[Unseen]:
    seen = [SeenServer.of(each) for each in heard]
    for each, noted in zip(heard, seen, strict=True):
        if not each.answer.status.looked and not noted.noted(seen):
            detail = text("{server} did not say: {status}", server=each.subject, status=each.answer.status.value)
            yield Unseen(domain, record, each.answer.status.reason, detail)


def _addresses(found: GatewayAddresses, view: View) -> Projected:
    del view
    objects = {}
    unseen = []
    for node in found.nodes:
        kept: dict[str, object] = {"addresses": listed(node.addresses)} if node.configured else {}
        if fault := _fault(node):
            unseen.append(_not_answered(node.name, "resolves_to", fault))
        else:
            kept["resolves_to"] = listed(node.lookup.addresses)
        objects[node.name] = kept
    return Projected(objects, tuple(unseen))


def _fault(node: NodeAddresses) -> DnsAnswer | None:
    return node.lookup.fault


def _not_answered(name: str, prop: str | None, answer: DnsAnswer) -> Unseen:
    detail = text("DNS did not say: {status}", status=answer.status.value)
    return Unseen(name, prop, answer.status.reason, detail)


def _reverse(found: ReverseDns, view: View) -> Projected:
    del view
    objects: dict[str, dict[str, object]] = {}
    unseen = []
    for entry in found.entries:
        if not entry.pointer.status.looked:
            unseen.append(_not_answered(entry.address, None, entry.pointer))
            continue
        objects[entry.address] = {"PTR": listed(map(host_name, entry.pointer.values))}
        back = _resolves_back(entry)
        if isinstance(back, DnsAnswer):
            unseen.append(_not_answered(entry.address, "resolves_back", back))
        else:
            objects[entry.address]["resolves_back"] = back
    return Projected(objects, tuple(unseen))


def _resolves_back(entry: ReverseEntry) -> bool | DnsAnswer:
    """Tell whether every name of the PTR leads back to the address, or which answer is missing."""
    back = [entry.address in lookup.addresses for lookup in entry.forward]
    faults = [
        lookup.fault
        for lookup, found in zip(entry.forward, back, strict=True)
        if lookup.fault is not None and not found
    ]
    return faults[0] if faults else bool(back) and all(back)


def _evaluated(found: SpfEvaluation, view: View) -> Projected:
    del view
    unknown = [verdict for verdict in found.verdicts if verdict.result is SpfResult.TEMPERROR]
    return Projected(
        {v.address: {"result": v.result.value} for v in found.verdicts if v not in unknown},
        tuple(Unseen(v.address, None, Reason.DNS_ERROR, v.problem or text("DNS did not say")) for v in unknown),
    )


def _dkim(found: DkimRecord, view: View) -> Projected:
    del view
    if not found.answer.status.looked:
        return Projected({}, (_not_answered(found.name, None, found.answer),))
    tags = [f"{name}={value}" for each in found.answer.values for name, value in _TAG.findall(each) if name != "p"]
    keys = [fingerprint(key) if key.strip() else "revoked" for key in found.keys]
    return Projected({found.name: {"keys": listed(keys), "tags": listed(tags)}})


def _dmarc(found: DmarcRecord, view: View) -> Projected:
    del view
    records = ["; ".join(f"{name}={value}" for name, value in _TAG.findall(each)) for each in found.records]
    return Projected({found.domain: {"record": listed(records), "found_at": found.found_at or None}})


def _mta_sts(found: MtaStsPolicy, view: View) -> Projected:
    del view
    if found.fault is not None:
        gone = Unseen(found.domain, "mode", found.fault.reason, found.fault.detail)
        return Projected({found.domain: {"announced": found.announced}}, (gone,))
    policy = {"announced": found.announced, "mode": found.mode or None, "mx": listed(map(host_name, found.mx))}
    return Projected({found.domain: policy})


def _tlsa(found: TlsaRecords, view: View) -> Projected:
    del view
    return Projected(
        {n.node: {"TLSA": listed(v.lower() for v in n.answer.values)} for n in found.nodes if n.answer.status.looked},
        tuple(_not_answered(n.node, None, n.answer) for n in found.nodes if not n.answer.status.looked),
    )


def _accepted(found: AcceptedDomainMx, view: View) -> Projected:
    """Return the MX hosts of accepted domains.

    Those of managed domains are told by their own records, and those below onmicrosoft.com are Microsoft's to change.
    """
    own = {domain.name for domain in view.site.domains}
    others = [each for each in found.domains if each.domain not in own and not each.domain.endswith(".onmicrosoft.com")]
    return Projected(
        {e.domain: {"MX": listed(map(_host_value, e.answer.values))} for e in others if e.answer.status.looked},
        tuple(_not_answered(e.domain, None, e.answer) for e in others if not e.answer.status.looked),
    )


DNS = (
    Projector(MxRecords, text("MX records of {object}"), _mx, same),
    Projector(SpfRecords, text("SPF of {object}"), _spf, same),
    Projector(GatewayAddresses, text("addresses of {object}"), _addresses, same),
    Projector(ReverseDns, text("PTR record of {object}"), _reverse, same),
    Projector(SpfEvaluation, text("SPF of {target} for {object}"), _evaluated, same),
    Projector(DkimRecord, text("DKIM record {object}"), _dkim, same),
    Projector(DmarcRecord, text("DMARC of {object}"), _dmarc, same),
    Projector(MtaStsPolicy, text("MTA-STS policy of {object}"), _mta_sts, same),
    Projector(TlsaRecords, text("TLSA record of {object}"), _tlsa, same),
    Projector(AcceptedDomainMx, text("MX records of the accepted domain {object}"), _accepted, same),
)
