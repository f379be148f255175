"""What stands in the gateway record once a step on the gateway is done: its key, and the value where it is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from seppcheck.judgement.hold_command import GUIDE_COMMAND
from seppcheck.model.changes import FactImage
from seppcheck.model.checklist import RecordEntry
from seppcheck.model.gateway import ExtendedField
from seppcheck.model.gateway_record import HOLD
from seppcheck.model.plans import PlannedChange
from seppcheck.model.text import Message, text
from seppcheck.record.keys import dotted
from seppcheck.record.questions import NAME, QUESTIONS

DOMAIN, CUSTOMER = "<domain>", "<customer>"
PLACES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("builtin-mta", "enabled"): ("mail_system", "use_builtin_mta"),
    ("helo-setting", "helo"): ("mail_system", "smtp_helo"),
    ("internal-mails", "setting"): ("mail_system", "internal_mails"),
    ("extended-fields", "fields"): ("extended_fields",),
    ("custom-commands", "ruleset_type"): ("mail_processing", "ruleset_type"),
    ("custom-commands", "ruleset_generated"): ("mail_processing", "ruleset_generated"),
    ("delivery-hold", "customer_value"): ("customers", CUSTOMER, "extended_fields", HOLD),
    ("delivery-hold", "domain_value"): ("domains", DOMAIN, "extended_fields", HOLD),
    ("delivery-hold", "groups_override"): ("mail_processing", "groups_override_hold"),
    ("dkim-command", "present"): ("custom_commands", "dkim"),
    ("gateway-dkim-key", "present"): ("domains", DOMAIN, "dkim_key"),
    ("smarthost", "host"): ("domains", DOMAIN, "smarthost"),
    ("tls-level", "level"): ("domains", DOMAIN, "tls_level"),
}
"""Where the record keeps what a field of a fact shows."""

_COMMAND = {
    ("custom_commands", "before_processing"): GUIDE_COMMAND,
    ("mail_processing", "ruleset_type"): "Generator",
    ("mail_processing", "ruleset_generated"): True,
}
_NAMED = {"smtp-helo": ("mail_system", "smtp_helo"), "smtp-banner": ("mail_system", "smtp_banner")}
"""What says the gateway's name when it is right."""


def entries_of(change: PlannedChange, customers: Mapping[str, str]) -> tuple[RecordEntry, ...]:
    """Return the entries of a step that a person carries out on the gateway; none for what the record does not hold.

    Args:
        change: the step.
        customers: each domain's customer.
    """
    image = change.after
    domain = change.target if change.target_kind == "domain" else ""
    if isinstance(image, FactImage):
        domain = image.target.name if image.target.kind == "domain" else domain
        found = tuple(_of_fact(image, domain, customers.get(domain, "")))
        if found or image.fields:
            return found
    if change.check == "custom-command" and image is None:
        return tuple(RecordEntry(dotted(path), value) for path, value in _COMMAND.items())
    if change.check in _NAMED and image is None:
        return (RecordEntry(dotted(_NAMED[change.check]), change.target),)
    if change.proof:
        customer = customers.get(domain, "")
        return (RecordEntry(hold_key(customer), "false"),) if customer else ()
    return asked_of(change.check, domain) if image is None or isinstance(image, FactImage) else ()


def hold_key(customer: str) -> str:
    """Return the key of a customer's hold."""
    return dotted(("customers", customer, "extended_fields", HOLD))


def asked_of(check: str, domain: str) -> tuple[RecordEntry, ...]:
    """Return the keys of a check's answers that are the gateway's or a domain's own, their values unknown."""
    return tuple(
        RecordEntry(dotted(tuple(domain if part == NAME else part for part in question.path)))
        for question in QUESTIONS
        if question.checks[0] == check and (NAME not in question.path or (domain and question.path[0] == "domains"))
    )


def questions_for(check: str, domain: str) -> tuple[Message, ...]:
    """Return where the gateway shows what a check asks for, and what is asked there."""
    told = [
        (text("On the gateway, open: {menu}", menu=_named(question.menu, domain)), _named(question.words, domain))
        for question in QUESTIONS
        if question.checks[0] == check and (NAME not in question.path or question.path[0] == "domains")
    ]
    return tuple(dict.fromkeys(message for pair in told for message in pair))


def _named(menu: Message, domain: str) -> Message:
    return Message(menu.template, tuple((key, domain if value == NAME else value) for key, value in menu.parameters))


def _of_fact(image: FactImage, domain: str, customer: str) -> Iterator[RecordEntry]:
    for field, value in image.fields.items():
        place = PLACES.get((image.kind, field))
        if place is None:
            continue
        path = tuple({DOMAIN: domain, CUSTOMER: customer}.get(part, part) for part in place)
        if all(path):
            yield RecordEntry(dotted(path), _tables(value) if field == "fields" else value)


def _tables(value: object) -> tuple[object, ...]:
    """Return extended fields as tables of the record, those that were there before included."""
    found = value if isinstance(value, tuple) else ()
    return tuple(
        {key: known for key, known in asdict(each).items() if known is not None}  # what nobody wrote down stays unsaid
        for each in found
        if isinstance(each, ExtendedField)
    )
