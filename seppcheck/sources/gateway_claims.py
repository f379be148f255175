"""What the gateway's API saw beside what a person wrote: the observation decides, the difference is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from seppcheck.api import Attested, Reason, Unavailable, Voice, text
from seppcheck.model.gateway_api import ApiDomain, GatewayApi
from seppcheck.model.outcomes import Assurance
from seppcheck.sources.attested import Attestation

V = TypeVar("V")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Seen(Generic[V]):
    """What every machine of the gateway says alike; `value` None = none says, `listed` whether they have the domain."""

    value: V | None
    voice: Voice
    listed: bool = True


def seen(
    api: GatewayApi | Unavailable, name: str, pick: Callable[[ApiDomain], V | None], written: Attestation
) -> Seen[V] | Unavailable:
    """Return what the API says of a domain, or why that is unknown: two machines that disagree prove nothing."""
    if isinstance(api, Unavailable):
        return api
    said = {(node.url, pick(domain)) for node in api.nodes for domain in node.domains if domain.name == name}
    silent = [node.url for node in api.nodes if not any(domain.name == name for domain in node.domains)]
    values = {value for _, value in said}
    if len(values) + bool(silent) > 1:
        return _disagree(
            name, [*sorted(f"{url}: {_shown(value)}" for url, value in said), *(f"{url}: -" for url in silent)], api
        )
    voice = Voice(Assurance.OBSERVED, api.asked, written.now.at)
    return Seen(next(iter(values), None), voice, listed=not silent)


def _disagree(name: str, said: list[str], api: GatewayApi) -> Unavailable:
    detail = text(
        "the machines of the gateway disagree about {domain} ({said}): look at each of them, and make them equal",
        domain=name,
        said=said,
    )
    return Unavailable(Reason.CONTRADICTION, detail, api.asked)


def unlisted(name: str, voice: Voice) -> Unavailable:
    """Nothing can be known of a domain that the gateway does not have."""
    detail = text(
        "the gateway lists no managed domain {domain}: create it there, or correct the name in [[domains]]", domain=name
    )
    return Unavailable(Reason.NOT_COLLECTED, detail, voice.origin)


@dataclass(frozen=True, slots=True)
class Claim(Generic[V]):
    """What a person wrote of the same fact."""

    value: V
    voice: Voice


def decide(
    found: Seen[V] | Unavailable,
    claim: Claim[V] | Unavailable,
    make: Callable[[V, Voice, Attested | None], F],
    same: Callable[[V, V], bool],
    name: str,
) -> F | Unavailable:
    """Make one fact of what was seen and what was written.

    Args:
        found: the API's word.
        claim: the record's.
        make: makes the fact.
        same: whether the two say the same.
        name: the domain, for messages.
    """
    if isinstance(found, Unavailable):
        return _unheard(found, claim, make)
    if not found.listed:
        return unlisted(name, found.voice)
    if found.value is not None:
        return make(found.value, found.voice, against(found.value, claim, same))
    return claim if isinstance(claim, Unavailable) else make(claim.value, claim.voice, None)


def _unheard(
    why: Unavailable, claim: Claim[V] | Unavailable, make: Callable[[V, Voice, Attested | None], F]
) -> F | Unavailable:
    """Return what was written where no API is configured.

    One that is configured and failed is inconclusive: what a person wrote must not turn it green.
    """
    if asked_in_vain(why):
        return why
    return claim if isinstance(claim, Unavailable) else make(claim.value, claim.voice, None)


def asked_in_vain(why: Unavailable) -> bool:
    """Tell whether an API is configured and gave no answer, or several that differ."""
    return bool(why.asked) or why.reason is Reason.CONTRADICTION


def against(value: V, claim: Claim[V] | Unavailable, same: Callable[[V, V], bool]) -> Attested | None:
    """Return what was written, where that is something else."""
    if isinstance(claim, Unavailable) or same(value, claim.value):
        return None
    return Attested(_shown(claim.value), claim.voice)


def _shown(value: Any) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    words = {True: "yes", False: "no"}
    told = [words[part] if isinstance(part, bool) else str(part) for part in parts if part is not None]
    return ", ".join(word or "-" for word in told)
