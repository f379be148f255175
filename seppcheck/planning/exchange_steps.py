"""Steps that several planners for Exchange Online take alike: mending a connector, and what stops a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from seppcheck.model.changes import ExchangeImage, FactImage, ManualStep, Milestone, Note, PlanPhase, System
from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.mailflow import Bearing, Classified, Heading, Role
from seppcheck.model.targets import Domain
from seppcheck.model.text import Message, text
from seppcheck.planning.by_hand import written_down
from seppcheck.planning.exchange_images import Noun, comparable, image_of
from seppcheck.planning.inline_mode import is_unclear

Images = tuple[ExchangeImage, ExchangeImage]
Place = tuple[Milestone | None, Milestone | None]
"""What a step needs and what it reaches."""


def among_connectors(phase: PlanPhase) -> Place:
    """Return the place of what makes or mends a connector: after the hold in a cutover, else before everything."""
    return (Milestone.HOLD_ON, Milestone.CONNECTORS) if phase is PlanPhase.CUTOVER else (None, None)


def mended(noun: Noun, entry: ExchangeObject, wanted: Mapping[str, object]) -> Images | None:
    """Return images of a connector's wrong properties before and after; None when there are none.

    The images hold nothing else, so that other steps may mend the same connector. A property that was not read is not
    known to be wrong.

    Args:
        noun: what the cmdlets call it.
        entry: the object.
        wanted: what is right, by property.
    """
    found = image_of(noun, entry)
    wrong = {
        name: value
        for name, value in wanted.items()
        if entry.knows(name) and comparable(name, found.properties.get(name)) != comparable(name, value)
    }
    if not wrong:
        return None
    before = {name: found.properties.get(name) for name in wrong}
    return ExchangeImage(noun, entry.name, before, entry.guid), ExchangeImage(noun, entry.name, wrong, entry.guid)


def unclear(found: Iterable[Classified], phase: PlanPhase) -> list[ManualStep]:
    """Return the step that stops a plan while nobody can tell whose objects are; none when all is clear."""
    told = [each for each in found if is_unclear(each)]
    if not told:
        return []
    return [
        ManualStep(
            summary=text("Find out whose {names} are", names=tuple(dict.fromkeys(each.name for each in told))),
            why=text("what may belong to the gateway must neither be passed over nor touched on suspicion"),
            system=System.PEOPLE,
            steps=(
                *(_doubt(each) for each in told),
                text(
                    "Export Exchange Online anew, with every property (`seppcheck explain exchange-export`), or let it "
                    "be read live."
                ),
                plan_anew(phase),
            ),
        )
    ]


def _doubt(each: Classified) -> Message:
    if each.role is Role.UNDECIDED:
        return text("{name}: {marks}.", name=each.name, marks=each.marks)
    heading = each.heading or Heading("?", Bearing.UNKNOWN)
    return text(
        "{name} leads to {host}, and where that is could not be looked up ({fault}).",
        name=each.name,
        host=heading.host,
        fault=heading.fault or text("the gateway's addresses are not known"),
    )


def no_free_name(key: str, configured: Sequence[str], phase: PlanPhase) -> ManualStep:
    """Return the step that stops a plan whose new object would have a name that another object has.

    Args:
        key: of the settings, below [exchange].
        configured: the names that it holds.
        phase: the plan to be made anew.
    """
    return ManualStep(
        summary=text("Name a free name in [exchange] {key} of seppcheck.toml", key=key),
        why=text(
            "{names} are names of other objects already, which Exchange compares without case, and an inline object "
            "has to be made",
            names=configured,
        ),
        system=System.PEOPLE,
        steps=(
            text(
                "In seppcheck.toml, in the table [exchange], give {key} a name that no object has, or leave the key "
                "out: then the guide's name is taken, with (INLINE) behind it.",
                key=key,
            ),
            plan_anew(phase),
        ),
    )


def unfinished(what: Message) -> Note:
    """Return what a completion says where an object of inline mode is missing: only a cutover makes it.

    Args:
        what: is missing, such as "outbound connector".
    """
    return Note(
        text("there is no {what} of inline mode: the cutover is not finished (`seppcheck plan cutover`)", what=what)
    )


def plan_anew(phase: PlanPhase) -> Message:
    """Return the last step where a plan cannot go on as it is."""
    return text("Then plan anew: `seppcheck plan {phase}`.", phase=phase.value)


def attest_certificate(domain: Domain, phase: PlanPhase, after: FactImage | None = None) -> ManualStep:
    """Return the step that stops a plan while it is not known which certificate the gateway shows for a domain.

    Args:
        domain: whose certificate it is.
        phase: the plan to be made anew.
        after: what shows that it is done; None = the check has to pass.
    """
    return ManualStep(
        summary=text("Write down the certificate of {domain} first", domain=domain.name),
        why=text("a connector that no certificate of the gateway matches refuses all mail, so no name is guessed"),
        system=System.GATEWAY,
        steps=(
            text("On the gateway, open: {menu}", menu=_certificate_of(domain)),
            text("See that a certificate with a host name as CN is there, and save its public part."),
            written_down("sender-certificate", text("the file of the certificate, without its private key")),
            plan_anew(phase),
        ),
        requirements=("I4", "S1"),
        after=after,
    )


def _certificate_of(domain: Domain) -> Message:
    return text("Mail System > Managed Domains > {domain} > SSL Certificate", domain=domain.name)
