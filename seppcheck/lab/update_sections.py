"""The sections of an update message (RFC 2136): prerequisites, and what is added and deleted. No sockets."""

from __future__ import annotations

from typing import Any

import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
import dns.serial
import dns.transaction
import dns.update

_ANY, _NONE = dns.rdataclass.ANY, dns.rdataclass.NONE
_NO_DATA = frozenset({dns.rdatatype.AXFR, dns.rdatatype.IXFR, dns.rdatatype.MAILA, dns.rdatatype.MAILB})
_OF_THE_APEX = frozenset({dns.rdatatype.SOA, dns.rdatatype.NS})
_Record = dns.rrset.RRset
"""One record of a section: `deleting` is the class that the message gives it, where that is not the zone's."""


class Refused(Exception):  # noqa: N818 - it names the answer that it becomes
    """The update is refused with a response code; nothing may have changed."""

    def __init__(self, rcode: dns.rcode.Rcode) -> None:
        super().__init__(rcode)
        self.rcode = rcode


def require(zone: dns.transaction.Transaction, query: dns.update.UpdateMessage) -> None:
    """Hold a zone against the prerequisites (RFC 2136 section 3.2).

    Raises:
        Refused: with the code of the first that does not hold.
    """
    wanted: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], set[Any]] = {}
    for record in query.prerequisite:
        _belongs(record, query)
        if record.deleting is None:
            if record.ttl:
                raise Refused(dns.rcode.FORMERR)
            wanted.setdefault((record.name, record.rdtype), set()).update(record)
        elif _stands(zone, record) is (record.deleting == _NONE):
            raise Refused(_UNMET[record.deleting == _NONE, record.rdtype == dns.rdatatype.ANY])
    for (name, rdtype), values in wanted.items():
        if set(zone.get(name, rdtype) or ()) != values:
            raise Refused(dns.rcode.NXRRSET)


_UNMET = {
    (False, True): dns.rcode.NXDOMAIN,
    (False, False): dns.rcode.NXRRSET,
    (True, True): dns.rcode.YXDOMAIN,
    (True, False): dns.rcode.YXRRSET,
}
"""What is told when a name or an RRset is absent, or (True) is there against the prerequisite."""


def _stands(zone: dns.transaction.Transaction, record: _Record) -> bool:
    if record.rdtype == dns.rdatatype.ANY:
        return bool(zone.get_node(record.name))
    return bool(zone.get(record.name, record.rdtype))


def _belongs(record: _Record, query: dns.update.UpdateMessage) -> None:
    zone = query.zone[0]
    if not record.name.is_subdomain(zone.name):
        raise Refused(dns.rcode.NOTZONE)
    if record.rdclass != zone.rdclass:
        raise Refused(dns.rcode.FORMERR)


def scan(query: dns.update.UpdateMessage) -> None:
    """Look for records that no update may hold (RFC 2136 section 3.4.1).

    Raises:
        Refused: with NOTZONE or FORMERR.
    """
    for record in query.update:
        _belongs(record, query)
        unheard_of = record.rdtype in _NO_DATA or (record.rdtype == dns.rdatatype.ANY and record.deleting != _ANY)
        if unheard_of or (record.deleting is not None and record.ttl):
            raise Refused(dns.rcode.FORMERR)


def apply(zone: dns.transaction.Transaction, query: dns.update.UpdateMessage) -> None:
    """Add and delete records in their order, and raise the zone's serial number if that changed anything.

    As RFC 2136 section 3.4.2 has it: what an update may not do to SOA, NS and CNAME is passed over in silence.
    """
    apex = query.zone[0].name
    before = _serial(zone, apex)
    for record in query.update:
        if record.deleting is None:
            _add(zone, record)
        elif record.deleting == _NONE:
            _delete_record(zone, apex, record)
        elif record.rdtype == dns.rdatatype.ANY:
            for found in list(zone.get_node(record.name) or ()):
                _delete(zone, apex, record.name, found.rdtype, found.covers)
        else:
            _delete(zone, apex, record.name, record.rdtype, record.covers)
    if zone.changed() and _serial(zone, apex) == before:
        zone.update_serial(name=apex)


def _serial(zone: dns.transaction.Transaction, apex: dns.name.Name) -> int:
    soa = zone.get(apex, dns.rdatatype.SOA)
    if soa is None:
        raise LookupError(apex)
    serial: int = soa[0].serial
    return serial


def _add(zone: dns.transaction.Transaction, record: _Record) -> None:
    """Add a record; the whole RRset takes its TTL, for it can have one alone (RFC 2181 section 5.2)."""
    name, rdtype = record.name, record.rdtype
    others = {found.rdtype for found in zone.get_node(name) or ()} - {rdtype}
    if dns.rdatatype.CNAME in others or (rdtype == dns.rdatatype.CNAME and others):
        return
    found = zone.get(name, rdtype, record.covers)
    if rdtype == dns.rdatatype.SOA and not (
        found and dns.serial.Serial(record[0].serial) > dns.serial.Serial(found[0].serial)
    ):
        return
    wanted = dns.rdataset.from_rdata_list(record.ttl, [*(found or ()), *record])
    if found is None or found != wanted or found.ttl != wanted.ttl:
        zone.replace(name, wanted)


def _delete_record(zone: dns.transaction.Transaction, apex: dns.name.Name, record: _Record) -> None:
    found = zone.get(record.name, record.rdtype, record.covers)
    if found is None or record[0] not in found or record.rdtype == dns.rdatatype.SOA:
        return
    last = len(found) == 1
    if not (last and record.name == apex and record.rdtype == dns.rdatatype.NS):
        zone.delete(record.name, dns.rdataset.from_rdata_list(found.ttl, list(record)))


def _delete(
    zone: dns.transaction.Transaction,
    apex: dns.name.Name,
    name: dns.name.Name,
    rdtype: dns.rdatatype.RdataType,
    covers: dns.rdatatype.RdataType,
) -> None:
    if zone.get(name, rdtype, covers) and not (name == apex and rdtype in _OF_THE_APEX):
        zone.delete(name, rdtype, covers)
