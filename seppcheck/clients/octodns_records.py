"""RRsets between their images and octoDNS' records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.PTR
import dns.rdtypes.ANY.TLSA
import dns.rdtypes.ANY.TXT

from seppcheck.clients.dns_writing import content_of, image_of, rdatas_of, txt_of
from seppcheck.clients.octodns_texts import octets_of, written
from seppcheck.model.changes import DnsImage

_AS_TEXT: Mapping[str, Callable[[Any], str]] = {
    "MX": lambda value: f"{value.preference} {value.exchange}",
    "PTR": str,
    "TLSA": lambda value: (
        f"{value.certificate_usage} {value.selector} {value.matching_type} {value.certificate_association_data}"
    ),
    "TXT": lambda value: txt_of(octets_of(value)),
}
TYPES = frozenset(_AS_TEXT)
"""The types that are read and written."""


def image_of_record(name: str, record: Any) -> DnsImage:
    """Return the image of octoDNS' record of one of TYPES; TXT values are cut anew into strings."""
    rdtype = record._type  # noqa: SLF001 - octoDNS' own name for it
    values = tuple(_AS_TEXT[rdtype](value) for value in record.values)
    return image_of(name, rdtype, int(record.ttl), rdatas_of(DnsImage(name, rdtype, 0, values)))


def data_of(image: DnsImage, existing: Any, *, master_file: bool) -> dict[str, Any]:
    """Return what octoDNS makes a record of; what else the existing one carries (options of its provider) is kept.

    Args:
        image: of one of TYPES.
        existing: the record that it replaces, or None.
        master_file: whether the provider writes TXT values with the escapes of master files.

    Raises:
        NotWritableError: for a TXT value that providers write differently.
        DnsWriteFault: for a value that is no RDATA of its type.
    """
    kept = {key: value for key, value in existing.data.items() if key not in ("value", "values")} if existing else {}
    if image.type == "TXT":
        known = list(existing.values) if existing else []
        values: list[Any] = written([content_of(r) for r in rdatas_of(image)], known, master_file=master_file)
    else:
        values = [_value_of(rdata) for rdata in rdatas_of(image)]
    return {**kept, "type": image.type, "ttl": image.ttl, "values": values}


def _value_of(rdata: object) -> Any:
    match rdata:
        case dns.rdtypes.ANY.MX.MX():
            return {"preference": rdata.preference, "exchange": rdata.exchange.to_text()}
        case dns.rdtypes.ANY.TLSA.TLSA():
            return {
                "certificate_usage": rdata.usage,
                "selector": rdata.selector,
                "matching_type": rdata.mtype,
                "certificate_association_data": rdata.cert.hex(),
            }
        case dns.rdtypes.ANY.PTR.PTR():
            return rdata.target.to_text()
        case _:
            raise ValueError(rdata)
