"""The extended field that the hold is switched with."""

from __future__ import annotations

from seppcheck.api import (
    ALL,
    ExtendedFields,
    Failed,
    Finding,
    Gateway,
    Inconclusive,
    Passed,
    Reason,
    Result,
    Severity,
    check,
)

_NAME, _TYPE, _DEFAULT = "disable_delivery", "boolean", "false"


@check("extended-field", requirements=["P7"], severity=Severity.BLOCKER, phases=ALL)
def field_of_the_hold_is_defined(gateway: Gateway, fields: ExtendedFields) -> Result:
    """The extended field disable_delivery is there: boolean, false by default, assigned to nobody.

    The custom command of P8 compares this field to hold mail back during the move. Without the field nothing is
    held. With the default true, or assigned beforehand, mail is refused for customers whose move is not due.

    The guide (P7, chapter Vorarbeiten) wants: name disable_delivery, type boolean, default value false, no
    assigned tenants, no assigned managed domains. The customer's value is set on the night itself (A2).

    To mend:
    - Mail Processing > Extended Fields: create or correct disable_delivery as above. Then Save.
    - Write it down: seppcheck attest --only extended-field.

    Sources:
    - The guide, P7: Vorarbeiten, Extended Fields
    """
    found = [each for each in fields.fields if each.name.strip().casefold() == _NAME]
    if not found:
        return Failed(
            "there is no extended field {name} on the gateway",
            name=_NAME,
            subject=gateway.name,
            expected=_NAME,
            observed=", ".join(each.name for each in fields.fields) or None,
        )
    if len(found) > 1:
        return Failed("the extended field {name} is there {count} times", name=_NAME, count=len(found), subject=_NAME)
    (field,) = found
    return [
        _equal("name", field.name, _NAME),
        _equal("type", _folded(field.type), _TYPE),
        _equal("default", _folded(field.default), _DEFAULT),
        _nobody("tenants", field.tenants),
        _nobody("managed domains", field.managed_domains),
    ]


def _folded(word: str | None) -> str | None:
    return None if word is None else word.strip().casefold()


def _unknown(what: str, subject: str) -> Finding:
    return Inconclusive(
        "nobody wrote down the {what} of {name}: seppcheck attest --only extended-field",
        what=what,
        name=_NAME,
        subject=subject,
        reason=Reason.NOT_COLLECTED,
    )


def _equal(what: str, found: str | None, wanted: str) -> Finding:
    subject = f"{_NAME} {what}"
    if found is None:
        return _unknown(what, subject)
    if found == wanted:
        return Passed("the {what} of {name} is {value}", what=what, name=_NAME, value=wanted, subject=subject)
    return Failed(
        "the {what} of {name} is {value}, not {wanted}",
        what=what,
        name=_NAME,
        value=found or "-",
        wanted=wanted,
        subject=subject,
        expected=wanted,
        observed=found,
    )


def _nobody(what: str, assigned: tuple[str, ...] | None) -> Finding:
    subject = f"{_NAME} {what}"
    if assigned is None:
        return _unknown(what, subject)
    if not set(assigned) - {"", "-"}:  # the guide writes "-" for nobody
        return Passed("{name} is assigned to no {what}", name=_NAME, what=what, subject=subject)
    return Failed(
        "{name} is assigned to {what}: {assigned}; the guide wants none",
        name=_NAME,
        what=what,
        assigned=assigned,
        subject=subject,
        expected="-",
        observed=", ".join(assigned),
    )
