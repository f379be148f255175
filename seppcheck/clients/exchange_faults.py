"""What Exchange Online's refusals mean; the HTTP status alone says little."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from seppcheck.clients.http import HttpAnswer, HttpFault
from seppcheck.clients.token_claims import APP_ROLE, Claims
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import Message, text

_LONGEST_WORDS = 500
_LONGEST_KIND = 200
_FULL = re.compile(r"maximum number of concurrent requests", re.IGNORECASE)
_PASSING = re.compile(r"may be transient|server is busy|UnableToWriteToAad", re.IGNORECASE)
"""What ends while it runs and may end well another time; how far it came is not told."""
_UNAUTHORIZED, _FORBIDDEN, _REQUEST_TIMEOUT = 401, 403, 408
_SERVER_ERRORS = 500


def refusal(answer: HttpAnswer, cmdlet: str, claims: Claims) -> HttpFault:
    """Return the fault that an answer other than 2xx stands for, in Exchange's own words.

    It is `undone` when the command was surely not run: below 500 Exchange turns it away before or instead of running
    it, 429 (and its words for too many requests) included. With 408 and from 500 on some server on the way gave up,
    503 included, and the command may have been run behind it.
    """
    fault = _refusal(answer, cmdlet, claims)
    passing = _PASSING.search(words_of(answer) + answer.headers.get("x-exceptiontype", ""))
    fault.undone = answer.status < _SERVER_ERRORS and answer.status != _REQUEST_TIMEOUT and not passing
    fault.kind = kind_of(answer)
    return fault


def _refusal(answer: HttpAnswer, cmdlet: str, claims: Claims) -> HttpFault:
    words = words_of(answer)
    if answer.status == _FORBIDDEN or (answer.status == _UNAUTHORIZED and claims.lacks_directory_role):
        return HttpFault(Reason.PERMISSION_MISSING, _not_allowed(cmdlet, claims, words), status=answer.status)
    if _FULL.search(words) or _PASSING.search(words):
        sentence = text("Exchange Online answers {cmdlet} with: {words}", cmdlet=cmdlet, words=words)
        return HttpFault(Reason.THROTTLED, sentence, status=answer.status, retry_after=answer.retry_after)
    try:
        answer.require_success(lambda _: words)
    except HttpFault as fault:
        sentence = text("{cmdlet}: {problem}", cmdlet=cmdlet, problem=fault.detail)
        return HttpFault(fault.reason, sentence, status=fault.status, retry_after=fault.retry_after)
    raise ValueError(answer.status)


def _not_allowed(cmdlet: str, claims: Claims, words: str) -> Message:
    if not cmdlet.startswith("Get-"):
        return text(
            "Exchange Online does not let the app call {cmdlet} ({words}): to change connectors and rules it needs the "
            "Entra directory role Exchange Administrator; assign it, and wait some minutes",
            cmdlet=cmdlet,
            words=words or str(_FORBIDDEN),
        )
    if claims.lacks_directory_role:
        return text(
            "Exchange Online does not let the app call {cmdlet}, for it has no Entra directory role: assign it Global "
            "Reader, which is enough to look, and wait some minutes",
            cmdlet=cmdlet,
        )
    return text(
        "Exchange Online does not let the app call {cmdlet} ({words}): its roles do not hold this cmdlet; Global "
        "Reader holds all that is needed to look",
        cmdlet=cmdlet,
        words=words or "403",
    )


def no_app_role() -> HttpFault:
    """Return the fault of a token without the application permission."""
    sentence = text(
        "the app lacks the application permission {role} of Office 365 Exchange Online (not one with a similar name): "
        "add it and grant admin consent",
        role=APP_ROLE,
    )
    return HttpFault(Reason.PERMISSION_MISSING, sentence, undone=True)


def words_of(answer: HttpAnswer) -> str:
    """Return the innermost sentence of a refusal: the outer one is always "Invalid Operation"."""
    return _split(_innermost(answer))[1][:_LONGEST_WORDS]


def kind_of(answer: HttpAnswer) -> str:
    """Return the type of the exception behind a refusal, such as `...DataValidationException`; "" = untold."""
    internal = _internal(_error(answer))
    return str(internal.get("type") or _split(_innermost(answer))[0])[:_LONGEST_KIND]


def _innermost(answer: HttpAnswer) -> str:
    error = _error(answer)
    details = error.get("details")
    first = _table(details[0]) if isinstance(details, list) and details else {}
    return str(_internal(error).get("message") or first.get("message") or error.get("message") or answer.words)


def _error(answer: HttpAnswer) -> Mapping[str, Any]:
    try:
        return _table(_table(answer.json()).get("error"))
    except HttpFault:
        return {}


def _internal(error: Mapping[str, Any]) -> Mapping[str, Any]:
    return _table(_table(error.get("innererror")).get("internalexception"))


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _split(said: str) -> tuple[str, str]:
    """Split `|Type|text` into the exception's type and its text."""
    found = re.fullmatch(r"\s*\|([^|]*)\|(.*)", said, re.DOTALL)
    return (found[1] if found else ""), " ".join((found[2] if found else said).split())


def is_not_found(fault: HttpFault) -> bool:
    """Tell whether Exchange says that there is no such object: that is a 400, not a 404."""
    return "ManagementObjectNotFound" in fault.kind or "couldn't be found" in str(fault.detail)


def is_refused_for_good(fault: HttpFault) -> bool:
    """Tell whether Exchange will never do it: newer tenants get no inbound connectors of type OnPremises (EX505293)."""
    return "OrganizationInboundConnectorProhibited" in fault.kind or "EX505293" in str(fault.detail)


def is_taken(fault: HttpFault) -> bool:
    """Tell whether Exchange says that there is an object of that name already."""
    return fault.undone and bool(re.search(r"AlreadyExists|already exists", f"{fault.kind} {fault.detail}"))
