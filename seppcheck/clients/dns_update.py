"""Writing RRsets by dynamic update (RFC 2136) with TSIG (RFC 8945): one RRset, one message, all or nothing."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tsig
import dns.update

from seppcheck import secrets
from seppcheck.clients import dns_update_faults as faults
from seppcheck.clients.dns_update_channel import SignedChannel
from seppcheck.clients.dns_update_faults import Place
from seppcheck.clients.dns_writing import (
    DnsWriteFault,
    changed_since,
    image_of,
    owner_of,
    rdatas_of,
    same_rrset,
)
from seppcheck.errors import UserError
from seppcheck.model.changes import DnsImage
from seppcheck.model.dns import host_name
from seppcheck.model.text import Message, text
from seppcheck.settings import Settings
from seppcheck.settings.sections import DnsUpdateSection

_ANSWERED = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)
_CHANGED = (dns.rcode.NXRRSET, dns.rcode.YXRRSET, dns.rcode.NXDOMAIN, dns.rcode.YXDOMAIN)
"""What a server answers when a prerequisite does not hold (RFC 2136 section 3.2)."""


class UpdateServer:
    """The server of one `[[dns.update]]`. Its methods block, each for a bounded time.

    Raises:
        UserError: when the key's secret is not there, or is none; the message does not show it.
    """

    def __init__(self, section: DnsUpdateSection, settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
        key = _key(section, settings, environ)
        place = Place(section.server, section.port, section.key_name, section.algorithm, settings.dns.timeout)
        self._place = place
        self._channel = SignedChannel(place, key, settings)
        self._zone = dns.name.from_text(section.zone) if section.zone else None

    def read(self, name: str, rdtype: str) -> DnsImage | None:
        """Return the RRset as this server has it, or None when it says that there is none.

        Raises:
            DnsWriteFault: when it could not be read, or an alias stands at the name.
        """
        place = DnsImage(name, rdtype, 0, ())
        return _image(place, self._rrset(place))

    def write(self, before: DnsImage | None, after: DnsImage | None) -> None:
        """Replace, make (before is None) or remove (after is None) one RRset, if it still is what it was before.

        The server itself compares the records with those just read, in the same step as it writes; only the TTL,
        which RFC 2136 cannot ask for, is compared here.

        Raises:
            DnsWriteFault: when it was refused or something changed in between; unclear where it may have taken effect.
        """
        image = after or before
        if image is None:
            return
        found = self._rrset(image)
        if not same_rrset(_image(image, found), before):
            raise changed_since(before, _image(image, found), self._place.where)
        zone = self._zone or self._zone_of(owner_of(image))
        reply = self._channel.exchange(_update(zone, image, found, after), _about(zone))
        if reply.rcode() in _CHANGED:
            raise self._not_as_before(image, before, found)
        if reply.rcode() != dns.rcode.NOERROR:
            raise faults.refused(self._place, _about(zone), reply.rcode())

    def _not_as_before(self, image: DnsImage, before: DnsImage | None, found: dns.rrset.RRset | None) -> DnsWriteFault:
        again = self._rrset(image)
        if again != found or found is None:
            return changed_since(before, _image(image, again), self._place.where)
        return DnsWriteFault(
            text(
                "{type} of {name} at {where} is no record of its own: a wildcard answers for it, and this program does "
                "not change wildcards; change it there by hand, or make a record of its own, and plan anew",
                type=image.type,
                name=image.name,
                where=self._place.where,
            )
        )

    def _rrset(self, image: DnsImage) -> dns.rrset.RRset | None:
        owner = owner_of(image)
        what = text("the question for {type} of {name}", type=image.type, name=image.name)
        reply = self._ask(owner, image.type, what)
        if alias := reply.get_rrset(reply.answer, owner, dns.rdataclass.IN, dns.rdatatype.CNAME):
            raise DnsWriteFault(
                text(
                    "{name} is an alias for {target} at {where}: records can only be changed where the alias leads",
                    name=image.name,
                    target=host_name(str(alias[0])),
                    where=self._place.where,
                )
            )
        return reply.get_rrset(reply.answer, owner, dns.rdataclass.IN, dns.rdatatype.from_text(image.type))

    def _ask(self, owner: dns.name.Name, rdtype: str, what: Message) -> dns.message.Message:
        """Ask what the server knows itself (RD=0)."""
        try:
            reply = self._channel.exchange(dns.message.make_query(owner, rdtype, flags=0), what)
        except DnsWriteFault as fault:
            raise DnsWriteFault(fault.detail) from None  # a question changes nothing, so nothing is unclear
        if reply.rcode() not in _ANSWERED:
            raise faults.unanswered(self._place, what, reply.rcode())
        if not reply.flags & dns.flags.AA:
            raise faults.lame(self._place, what)
        return reply

    def _zone_of(self, owner: dns.name.Name) -> dns.name.Name:
        """Find the zone by the SOA record that comes as answer, or with a "no such" answer."""
        what = text("the question for the zone of {name}", name=host_name(owner.to_text()))
        reply = self._ask(owner, "SOA", what)
        for rrset in (*reply.answer, *reply.authority):
            if rrset.rdtype == dns.rdatatype.SOA and owner.is_subdomain(rrset.name):
                return rrset.name
        raise faults.lame(self._place, what)


def _key(section: DnsUpdateSection, settings: Settings, environ: Mapping[str, str]) -> dns.tsig.Key:
    secret = secrets.read(section.secret, settings.folder, environ)
    try:
        octets = base64.b64decode("".join(secret.reveal().split()), validate=True)
    except (binascii.Error, ValueError):
        octets = b""
    if not octets:
        raise UserError(
            "the secret of the TSIG key {key} ({reference}) is not base64: put there what stands in quotes after "
            "`secret` where the key was made, and nothing else",
            key=section.key_name,
            reference=section.secret,
        )
    try:
        return dns.tsig.Key(section.key_name, octets, section.algorithm)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise UserError("key_name in [[dns.update]] is no name ({problem})", problem=error) from None


def _update(
    zone: dns.name.Name, image: DnsImage, found: dns.rrset.RRset | None, after: DnsImage | None
) -> dns.update.UpdateMessage:
    owner, rdtype = owner_of(image), dns.rdatatype.from_text(image.type)
    update = dns.update.UpdateMessage(zone)
    if found is None:
        update.absent(owner, rdtype)
        update.absent(owner, dns.rdatatype.CNAME)  # beside an alias the server would ignore the new record
    else:
        update.present(owner, *found)  # each record as the server wrote it: some compare letter by letter
        update.delete(owner, rdtype)
    if after is not None:
        update.add(owner, after.ttl, *rdatas_of(after))
    return update


def _image(place: DnsImage, rrset: dns.rrset.RRset | None) -> DnsImage | None:
    return image_of(place.name, place.type, rrset.ttl, rrset) if rrset else None


def _about(zone: dns.name.Name) -> Message:
    return text("the update of the zone {zone}", zone=host_name(zone.to_text()))
