"""Changes of a domain's RRsets, and what stands in the way of writing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from seppcheck.judgement.authority import ZoneRecords, does_not_exist, unheard
from seppcheck.judgement.ttl import LOW_TTL
from seppcheck.model.changes import Change, DnsImage, ManualStep, PlanPhase, Step, System
from seppcheck.model.dns import SpfRecords
from seppcheck.model.text import Message, text
from seppcheck.planning.dns_images import is_absent, rrset_of


def zone_obstacle(records: ZoneRecords) -> Message | None:
    """Return why an RRset must not be written blindly; None when every server says the same of it.

    Args:
        records: what the servers of the zone said. Whoever is only noted, not judged, stands in nobody's way.
    """
    if missing := does_not_exist(records):
        return missing[0].summary
    if silent := unheard(records):
        return silent[0].summary
    heard = [each.answer for each in records.servers if each.answer.status.looked]
    alias = next((answer.aliases[-1] for answer in heard if answer.aliases), None)
    if alias is not None:
        return text(
            "{domain} is an alias of {alias}, and beside an alias no other record may stand",
            domain=records.domain,
            alias=alias,
        )
    if is_absent(records.servers) or rrset_of(records.domain, _type_of(records), records.servers):
        return None
    return text(
        "the servers of the zone do not say the same of the {type} records of {domain}",
        type=_type_of(records),
        domain=records.domain,
    )


def _type_of(records: ZoneRecords) -> str:
    return "TXT" if isinstance(records, SpfRecords) else "MX"


def mend_zone(records: ZoneRecords, why: Message, check: str, phase: PlanPhase) -> ManualStep:
    """Return the step of a person who makes the servers of a zone agree, after which it can be planned anew.

    Args:
        records: what the servers said.
        why: what stands in the way.
        check: the check that tells when it is done.
        phase: the plan to be made anew.
    """
    return ManualStep(
        summary=text("Mend the zone of {domain}: {why}", domain=records.domain, why=why),
        why=text("what the servers of a zone do not say alike is not overwritten: nobody knows which of it is right"),
        system=System.DNS,
        steps=(
            text("Look at every server of the zone {zone}: {why}.", zone=records.zone.zone, why=why),
            text(
                "Raise the serial number of the zone and see that its secondary servers take it over; mend a server "
                "that does not answer, or take it out of the delegation."
            ),
            text("Look again: `seppcheck {phase} --only {check}`.", phase=_command(phase), check=check),
            text("Then plan anew: `seppcheck plan {phase}`.", phase=phase.value),
        ),
    )


def _command(phase: PlanPhase) -> str:
    return phase.phase.value


def with_low_ttl(image: DnsImage) -> DnsImage:
    """Return an RRset with a TTL of at most 300 seconds, as it is before the move (guide P2)."""
    return replace(image, ttl=min(image.ttl, LOW_TTL))


def lower_ttl(records: ZoneRecords, check: str, phase: PlanPhase) -> Sequence[Step]:
    """Return the change that lowers the TTL of the MX or of the TXT RRset; nothing where there is none or it is low.

    Args:
        records: what the servers said; of SPF the whole TXT RRset is meant, for it has one TTL (RFC 2181 section 5.2).
        check: the check that it answers.
        phase: the plan that is made.
    """
    if (why := zone_obstacle(records)) is not None:
        return [mend_zone(records, why, check, phase)]
    image = rrset_of(records.domain, _type_of(records), records.servers)
    wanted = any(each.answer.values for each in records.servers)
    if image is None or not wanted or image.ttl <= LOW_TTL:
        return []
    return [
        Change(
            summary=text(
                "Lower the TTL of the {type} records of {domain} from {ttl} to {limit} seconds",
                type=image.type,
                domain=records.domain,
                ttl=image.ttl,
                limit=LOW_TTL,
            ),
            why=text(
                "the guide wants it a day before the move: others may keep the old records for that long, and a way "
                "back takes as long"
            ),
            before=image,
            after=with_low_ttl(image),
        )
    ]
