"""Dynamic updates (RFC 2136): who may send them, which zone they are for, and trouble on demand."""

from __future__ import annotations

from dataclasses import dataclass

import dns.message
import dns.rcode
import dns.rdataclass
import dns.tsig
import dns.update

from seppcheck.lab.update_sections import Refused, apply, require, scan
from seppcheck.lab.zones import Names, Zone, Zones


@dataclass
class Updates:
    """Takes updates that are signed with `key`, for all name servers at once, as their zone transfers would.

    What is counted here counts itself down; it may be set from any thread while the servers run.
    """

    names: Names
    key: dns.tsig.Key
    refuse: int = 0
    """The next so many updates are refused."""
    lose_requests: int = 0
    """The next so many updates never arrive: nothing changes, and nobody answers."""
    lose_answers: int = 0
    """The next so many updates are done as they should be, and nobody answers."""
    done: int = 0
    """How many took effect."""

    def respond(self, query: dns.message.Message, zones: Zones) -> dns.message.Message | None:
        """Answer an update that came to the server of these zones; None where no answer arrives."""
        if self._spend("lose_requests"):
            return None
        response = dns.message.make_response(query)
        try:
            self._carry_out(query, zones)
        except Refused as refused:
            response.set_rcode(refused.rcode)
        return None if self._spend("lose_answers") else response

    def _spend(self, trouble: str) -> bool:
        left: int = getattr(self, trouble)
        setattr(self, trouble, max(left - 1, 0))
        return left > 0

    def _carry_out(self, query: dns.message.Message, zones: Zones) -> None:
        """Do what an update wants on the server that was asked, whole or not at all, and then on the others.

        Raises:
            Refused: and nothing has changed.
        """
        if not query.had_tsig or self._spend("refuse"):
            raise Refused(dns.rcode.REFUSED)
        if not isinstance(query, dns.update.UpdateMessage) or not query.zone:
            raise Refused(dns.rcode.FORMERR)
        zone = _zone(query, zones)
        if zone is None:
            raise Refused(dns.rcode.NOTAUTH)
        with zone.writer() as change:
            require(change, query)
            scan(query)
            apply(change, query)
        for other in {id(each): each for each in self.names.servers.values()}.values():
            copy = _zone(query, other) if other is not zones else None
            if copy is not None:
                with copy.writer() as change:
                    apply(change, query)
        self.done += 1


def _zone(query: dns.update.UpdateMessage, zones: Zones) -> Zone | None:
    wanted = query.zone[0]
    return zones.of(wanted.name) if wanted.rdclass == dns.rdataclass.IN else None
