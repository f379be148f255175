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
_BUSY = re.compile(r"maximum number of concurrent requests|may be transient|server is busy", re.IGNORECASE)
_UNAUTHORIZED, _FORBIDDEN = 401, 403


def refusal(answer: HttpAnswer, cmdlet: str, claims: Claims) -> HttpFault:
    """Return the fault that an answer other than 2xx stands for, in Exchange's own words."""
    words = words_of(answer)
    if answer.status == _FORBIDDEN or (answer.status == _UNAUTHORIZED and claims.lacks_directory_role):
        return HttpFault(Reason.PERMISSION_MISSING, _not_allowed(cmdlet, claims, words), status=answer.status)
    if _BUSY.search(words):
        sentence = text("Exchange Online answers {cmdlet} with: {words}", cmdlet=cmdlet, words=words)
        return HttpFault(Reason.THROTTLED, sentence, status=answer.status, retry_after=answer.retry_after)
    try:
        answer.require_success(lambda _: words)
    except HttpFault as fault:
        sentence = text("{cmdlet}: {problem}", cmdlet=cmdlet, problem=fault.detail)
        return HttpFault(fault.reason, sentence, status=fault.status, retry_after=fault.retry_after)
    raise ValueError(answer.status)


def _not_allowed(cmdlet: str, claims: Claims, words: str) -> Message:
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
    return HttpFault(Reason.PERMISSION_MISSING, sentence)


def words_of(answer: HttpAnswer) -> str:
    """Return the innermost sentence of a refusal: the outer one is always "Invalid Operation"."""
    try:
        document = answer.json()
    except HttpFault:
        return answer.words
    error = _table(_table(document).get("error"))
    internal = _table(_table(error.get("innererror")).get("internalexception"))
    details = error.get("details")
    first = _table(details[0]) if isinstance(details, list) and details else {}
    said = internal.get("message") or first.get("message") or error.get("message") or answer.words
    return _without_type(str(said))[:_LONGEST_WORDS]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _without_type(said: str) -> str:
    """Drop the exception's type of `|Type|text`."""
    found = re.fullmatch(r"\s*\|[^|]*\|(.*)", said, re.DOTALL)
    return " ".join((found[1] if found else said).split())
