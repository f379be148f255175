"""What people read when Exchange Online could not be read or changed."""

from __future__ import annotations

from seppcheck.clients.exchange_faults import is_refused_for_good, is_taken
from seppcheck.clients.http import HttpFault
from seppcheck.model.changes import ExchangeImage
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import Message, text
from seppcheck.planning.exchange_images import Noun
from seppcheck.remediate.worlds import WorldFault


def named(image: ExchangeImage) -> Message:
    """Return what people call an object."""
    match image.type:
        case Noun.INBOUND_CONNECTOR:
            return text('the inbound connector "{name}"', name=image.name)
        case Noun.OUTBOUND_CONNECTOR:
            return text('the outbound connector "{name}"', name=image.name)
        case Noun.TRANSPORT_RULE:
            return text('the transport rule "{name}"', name=image.name)
        case _:
            return text('the connection filter policy "{name}"', name=image.name)


def not_read(host: str, cmdlet: str, fault: HttpFault) -> WorldFault:
    """Return the fault of a list that could not be had."""
    return WorldFault(
        text(
            "Exchange Online at {host} could not be read with {cmdlet}, so nothing was changed there: {problem}",
            host=host,
            cmdlet=cmdlet,
            problem=fault.detail,
        )
    )


def not_written(host: str, cmdlet: str, image: ExchangeImage, fault: HttpFault) -> WorldFault:
    """Return the fault of a command that was refused, or of which it is not known whether it was run."""
    told = {"host": host, "cmdlet": cmdlet, "object": named(image), "problem": fault.detail}
    if not fault.undone:
        return WorldFault(
            text(
                "whether {cmdlet} took effect on {object} is not known, for Exchange Online at {host} gave no clear "
                "answer: {problem}. Look at the object before the command is run again",
                **told,
            ),
            unclear=True,
        )
    if is_refused_for_good(fault):
        return WorldFault(
            text(
                "Exchange Online at {host} refuses {cmdlet} for {object}, now and later: {problem}. In newer tenants "
                "Microsoft's support alone can allow inbound connectors of type OnPremises",
                **told,
            ),
            for_good=True,
        )
    if is_taken(fault):
        return WorldFault(
            text(
                "Exchange Online at {host} refuses {cmdlet} for {object}, since there is one of that name, be it one "
                "that does not show yet: {problem}",
                **told,
            ),
            unclear=True,
        )
    return WorldFault(_refused(fault, told))


def _refused(fault: HttpFault, told: dict[str, object]) -> Message:
    if fault.reason is Reason.THROTTLED:
        return text(
            "Exchange Online at {host} did not run {cmdlet} for {object}, for it is asked too much at once: {problem}. "
            "Wait some minutes, then go on",
            **told,
        )
    if fault.reason is Reason.REFUSED and fault.status is not None:
        return text(
            "Exchange Online at {host} refuses {cmdlet} for {object}, and nothing was changed by it: {problem}. See to "
            "what it says, then go on",
            **told,
        )
    return text("{cmdlet} was not run for {object} by Exchange Online at {host}: {problem}", **told)


def not_unique(image: ExchangeImage, count: int) -> WorldFault:
    """Return the fault of a name that several objects bear."""
    return WorldFault(
        text(
            "Exchange Online shows {count} objects where there should be one, {object}: rename the others first",
            count=count,
            object=named(image),
        )
    )


def without_guid(host: str, image: ExchangeImage) -> WorldFault:
    """Return the fault of an answer that lacks what objects are told apart by."""
    return WorldFault(
        text(
            "Exchange Online at {host} shows {object} without a Guid, and nothing is changed by its name alone",
            host=host,
            object=named(image),
        )
    )


def without_rights(host: str, cmdlets: tuple[str, ...]) -> WorldFault:
    """Return the fault of an app that may look and not change."""
    return WorldFault(
        text(
            "Exchange Online at {host} does not let the app call {cmdlets}, so nothing was changed: assign it the "
            "Entra directory role Exchange Administrator, and wait some minutes",
            host=host,
            cmdlets=cmdlets,
        )
    )


def not_seen_yet(image: ExchangeImage) -> Message:
    """Return what is missing while an object does not show."""
    return text("Exchange Online does not show {object} yet", object=named(image))


def another_bears_its_name(image: ExchangeImage, found: ExchangeImage) -> Message:
    """Return what is wrong when an object of the same name is not the one that was changed."""
    return text(
        "{object} is there, but as another object: its Guid is {found}, not {wanted}",
        object=named(image),
        found=found.guid,
        wanted=image.guid,
    )


def still_there(image: ExchangeImage) -> Message:
    """Return what is missing while a removed object shows."""
    return text("Exchange Online still shows {object}", object=named(image))
