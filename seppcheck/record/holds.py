"""The hold of each domain as the record has it, for the history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seppcheck.model.gateway_record import HOLD, GatewayRecord
from seppcheck.model.targets import Domain


def holds(record: GatewayRecord, domains: Iterable[Domain]) -> Iterator[tuple[str, str]]:
    """Yield the domains of which a hold is written down, with `true` or `false`; `true` anywhere counts."""
    for domain in domains:
        owner = record.answer("domains", domain.name, "customer")
        customer = str(owner.value) if owner else domain.customer
        places = (("customers", customer), ("domains", domain.name))
        answers = [record.answer(*place, "extended_fields", HOLD) for place in places]
        values = [answer.value for answer in answers if answer is not None]
        value = next((each for each in ("true", "false") if each in values), None)
        if value:
            yield domain.name, value
