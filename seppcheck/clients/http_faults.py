"""How an HTTPS request can end without an answer that serves, each with the sentence that people read."""

from __future__ import annotations

import errno
import os
import re
import ssl
from collections.abc import Iterator

import requests

from seppcheck.model.outcomes import Reason
from seppcheck.model.text import Message, text

_LONGEST_WORDS = 500
_TIMES_OUT = (requests.ConnectTimeout, requests.ReadTimeout, TimeoutError)
_NEVER_CONNECTED = frozenset(
    {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ProxyError", "SSLCertVerificationError"}
)
"""Names of exceptions of urllib3 and ssl that come before a request is sent."""


class HttpFault(Exception):  # noqa: N818 - a fault of the peer, as in `SmtpFault`
    """No answer that serves. It holds no request, so that no secret can travel with it.

    `status` is the HTTP status, where one came; `retry_after` the seconds that the peer asked for;
    `untrusted` tells that its certificate is not trusted; `undone` that the peer surely did nothing: it never
    got the request, or turned it away; `kind` is what the peer calls the error, where it has a name for it.
    """

    def __init__(
        self,
        reason: Reason,
        detail: Message,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        untrusted: bool = False,
        undone: bool = False,
        kind: str = "",
    ) -> None:
        super().__init__(str(detail))
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
        self.untrusted = untrusted
        self.undone = undone
        self.kind = kind

    def saying(self, detail: Message) -> HttpFault:
        """Return the same fault in other words."""
        return HttpFault(
            self.reason,
            detail,
            status=self.status,
            retry_after=self.retry_after,
            untrusted=self.untrusted,
            undone=self.undone,
            kind=self.kind,
        )


def of_connection(error: Exception, host: str, seconds: float) -> HttpFault:
    """Translate what requests, urllib3, ssl and the operating system raise."""
    causes = list(_causes(error))
    fault = _translated(causes, host, seconds)
    fault.undone = fault.untrusted or not _was_connected(causes)
    return fault


def _was_connected(causes: list[BaseException]) -> bool:
    kinds = {type(cause).__name__ for cause in causes}
    return not kinds & _NEVER_CONNECTED


def _translated(causes: list[BaseException], host: str, seconds: float) -> HttpFault:
    if any(isinstance(cause, _TIMES_OUT) for cause in causes):
        return timed_out(host, seconds)
    if any(isinstance(cause, (ssl.SSLError, requests.exceptions.SSLError)) for cause in causes):
        return _tls(host, causes)
    system = next((cause for cause in causes if isinstance(cause, OSError) and cause.errno), None)
    if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
        problem = _innermost(causes)
        return HttpFault(
            Reason.UNREACHABLE,
            text("the proxy on the way to {host} does not let it through: {problem}", host=host, problem=problem),
        )
    if isinstance(system, ConnectionRefusedError):
        return HttpFault(Reason.REFUSED, text("{host} refused the connection: nothing listens there", host=host))
    if isinstance(system, ConnectionResetError) or _is_cut(causes):
        return HttpFault(Reason.MALFORMED, text("{host} closed the connection without a whole answer", host=host))
    problem = _system_words(system) if system else _innermost(causes)
    return HttpFault(
        Reason.UNREACHABLE, text("{host} cannot be reached from here: {problem}", host=host, problem=problem)
    )


def timed_out(host: str, seconds: float) -> HttpFault:
    """No whole answer in time."""
    return HttpFault(
        Reason.TIMEOUT, text("{host} gave no whole answer within {seconds} s", host=host, seconds=f"{seconds:.3g}")
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and everything that it was made of, outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
        waiting += [each for each in inner if isinstance(each, BaseException)]


def _tls(host: str, causes: list[BaseException]) -> HttpFault:
    verification = next((c for c in causes if isinstance(c, ssl.SSLCertVerificationError)), None)
    said = " ".join(map(str, causes))
    if "Fingerprints did not match" in said:
        found = re.search(r'got "([0-9a-fA-F:]+)"', said)
        shown = "sha256:" + found[1].replace(":", "").lower() if found else "-"
        sentence = "{host} shows another certificate than the pinned one ({shown}): compare it with the real one"
        return HttpFault(Reason.TLS_ERROR, text(sentence, host=host, shown=shown), untrusted=True)
    if verification is not None:
        problem = verification.verify_message or str(verification)
        sentence = "the certificate of {host} is not trusted: {problem}"
        return HttpFault(Reason.TLS_ERROR, text(sentence, host=host, problem=problem), untrusted=True)
    if "EOF occurred" in said or "UNEXPECTED_EOF" in said:
        return HttpFault(Reason.TLS_ERROR, text("{host} broke the TLS handshake off", host=host))
    problem = _innermost([c for c in causes if isinstance(c, ssl.SSLError)] or causes)
    return HttpFault(Reason.TLS_ERROR, text("no TLS connection with {host}: {problem}", host=host, problem=problem))


def _is_cut(causes: list[BaseException]) -> bool:
    kinds = {type(cause).__name__ for cause in causes}
    return bool(kinds & {"RemoteDisconnected", "IncompleteRead", "ProtocolError", "ChunkedEncodingError"})


def _system_words(error: OSError) -> str:
    if error.errno and error.errno in errno.errorcode and not getattr(error, "winerror", None):
        return os.strerror(error.errno)
    return error.strerror or type(error).__name__


def _innermost(causes: list[BaseException]) -> str:
    return str(causes[-1])[:_LONGEST_WORDS] or type(causes[-1]).__name__
