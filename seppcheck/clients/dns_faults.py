"""Foreign exceptions of the DNS client, translated once: what they mean as a status of a question."""

from __future__ import annotations

import errno
import os
import struct
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.tokenizer

from seppcheck.model.dns import DnsAnswer, DnsStatus


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a question was not answered."""

    status: DnsStatus
    detail: str = ""

    @property
    def answer(self) -> DnsAnswer:
        """The same as the answer to the question."""
        return DnsAnswer(self.status, detail=self.detail)


_NO_ROUTE = {
    getattr(errno, name)
    for name in (
        "ENETUNREACH",
        "EADDRNOTAVAIL",
        "EAFNOSUPPORT",
        "WSAENETUNREACH",
        "WSAEADDRNOTAVAIL",
        "WSAEAFNOSUPPORT",
    )
    if hasattr(errno, name)
}

MEANING: dict[type[BaseException], DnsStatus] = {
    dns.exception.FormError: DnsStatus.MALFORMED,
    dns.exception.SyntaxError: DnsStatus.MALFORMED,
    dns.exception.TooBig: DnsStatus.MALFORMED,
    dns.exception.UnsupportedAlgorithm: DnsStatus.MALFORMED,
    dns.exception.ValidationFailure: DnsStatus.MALFORMED,
    dns.exception.DeniedByPolicy: DnsStatus.REFUSED,
    dns.exception.Timeout: DnsStatus.TIMEOUT,
    dns.name.NeedAbsoluteNameOrOrigin: DnsStatus.MALFORMED,
    dns.name.IDNAException: DnsStatus.MALFORMED,
    dns.name.NeedSubdomainOfOrigin: DnsStatus.MALFORMED,
    dns.name.NoParent: DnsStatus.MALFORMED,
    dns.name.AbsoluteConcatenation: DnsStatus.MALFORMED,
    dns.name.NoIDNA2008: DnsStatus.MALFORMED,
    dns.rdata.NoRelativeRdataOrdering: DnsStatus.MALFORMED,
    dns.rdata.RdatatypeExists: DnsStatus.MALFORMED,
    dns.rdataclass.UnknownRdataclass: DnsStatus.MALFORMED,
    dns.rdatatype.UnknownRdatatype: DnsStatus.MALFORMED,
    dns.tokenizer.UngetBufferFull: DnsStatus.MALFORMED,
    struct.error: DnsStatus.MALFORMED,
    IndexError: DnsStatus.MALFORMED,
    ValueError: DnsStatus.MALFORMED,
    TimeoutError: DnsStatus.TIMEOUT,
    EOFError: DnsStatus.MALFORMED,
    OSError: DnsStatus.UNREACHABLE,
}
"""What each family of exceptions means; a subclass means what its nearest ancestor here means."""

PARSING = (dns.exception.DNSException, struct.error, IndexError, ValueError)
"""What reading a foreign message may raise."""


def meaning_of(kind: type[BaseException]) -> DnsStatus | None:
    """Return the status for a class of exceptions, or nothing when nobody thought of it."""
    return next((MEANING[ancestor] for ancestor in kind.__mro__ if ancestor in MEANING), None)


def fault_of(error: BaseException, *, local: bool = True) -> Fault:
    """Translate an exception.

    Args:
        error: what a library or the system raised.
        local: whether this machine itself said so. "Network unreachable" that a router sent back
            is about the far end, not about our having a route.
    """
    if isinstance(error, OSError) and local and error.errno in _NO_ROUTE:
        return Fault(DnsStatus.NO_ROUTE, f"no route: {error.strerror or error}")
    status = meaning_of(type(error)) or DnsStatus.MALFORMED
    return Fault(status, _words(error) or str(error) or type(error).__name__)


def _words(error: BaseException) -> str:
    """Return what a person understands of an error of the system's; "" for others."""
    if not isinstance(error, OSError):
        return ""
    if error.errno and str(error.strerror).startswith("Connect call failed"):  # asyncio names the socket address alone
        return os.strerror(error.errno)
    return error.strerror or ("no answer in time" if isinstance(error, TimeoutError) else "")
