"""DKIM signatures of a real message (RFC 6376), verified with the keys that DNS publishes now.

dkimpy does the arithmetic; what could make it labour without end is refused before. The signature's own expiry
(`x=`) is about the time of receipt, which is past, and is not judged.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from seppcheck.clients.dns import DnsClient
from seppcheck.model.dns import DnsAnswer, host_name
from seppcheck.model.mail import DkimSignature, DkimVerdict
from seppcheck.model.text import Message, text

_LIMIT = 25 * 1024 * 1024
"""Octets of a message that are read; a larger one is not verified."""
_HEADERS = 256 * 1024
_MOST_HEADERS = 1000
_MOST_SIGNATURES = 10
_LONGEST = 8 * 1024
"""Octets of one signature's header."""
_LONGEST_KEY = 4096
"""Characters of a key record: enough for RSA keys of 16384 bits, the largest in use being 4096."""
_MOST_STEPS = 500_000_000
"""What runs of blanks may cost: their removal takes the square of a run's length."""
_BLANKS = re.compile(rb"[\t ]{2,}")
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)
_ALGORITHMS = (b"rsa-sha256", b"rsa-sha1")
_SILENT = logging.getLogger(f"{__name__}.dkimpy")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False

_TOO_LARGE = text("the message is too large or too laborious to verify")
_MALFORMED = text("the signature is malformed")


@dataclass(frozen=True, slots=True)
class _Signed:
    """One signature as it stands in the message; `index` counts from the top."""

    index: int
    tags: Mapping[bytes, bytes]

    @property
    def domain(self) -> str:
        return host_name(self.tags.get(b"d", b"").decode("ascii", "replace"))

    @property
    def selector(self) -> str:
        return host_name(self.tags.get(b"s", b"").decode("ascii", "replace"))

    @property
    def key_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    def judged(self, verdict: DkimVerdict, detail: Message) -> DkimSignature:
        return DkimSignature(self.domain[:253], self.selector[:253], verdict, detail)


async def signatures_of(path: Path, client: DnsClient) -> tuple[DkimSignature, ...]:
    """Verify every DKIM signature of a message; a file that cannot be read has none."""
    content = await asyncio.to_thread(_read, path)
    signed = _signed_in(content)
    found = [_judge(content, each, client) for each in signed]
    return tuple(await asyncio.gather(*found))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LIMIT + 1)
    except OSError:
        return b""


def _dkimpy() -> Any:
    import dkim  # type: ignore[import-untyped]  # noqa: PLC0415 - untyped; loads dns.resolver: doubles start-up time

    return dkim


def _signed_in(content: bytes) -> tuple[_Signed, ...]:
    """Return the signatures that stand among the headers, the topmost first."""
    dkim = _dkimpy()
    head = re.split(rb"\r?\n\r?\n", content[:_HEADERS], maxsplit=1)[0]
    try:
        headers, _ = dkim.rfc822_parse(head + b"\r\n\r\n")
    except (dkim.DKIMException, IndexError):
        return ()
    values = [value for name, value in headers if name.lower() == b"dkim-signature"][:_MOST_SIGNATURES]
    return tuple(_Signed(index, _tags(value)) for index, value in enumerate(values))


def _tags(value: bytes) -> Mapping[bytes, bytes]:
    """Return a signature's tags; none when it is malformed or longer than any real one."""
    dkim = _dkimpy()
    if len(value) > _LONGEST:
        return {}
    try:
        tags: Mapping[bytes, bytes] = dkim.util.parse_tag_value(re.sub(rb"\r?\n", b"", value))
    except dkim.util.InvalidTagValueList:
        return {}
    return tags


async def _judge(content: bytes, signed: _Signed, client: DnsClient) -> DkimSignature:
    if not (_NAME.fullmatch(signed.domain) and _NAME.fullmatch(signed.selector)):
        return signed.judged(DkimVerdict.FAIL, _MALFORMED)
    if (algorithm := signed.tags.get(b"a", b"")) not in _ALGORITHMS:
        name = algorithm.decode("ascii", "replace")[:50]
        return signed.judged(DkimVerdict.UNKNOWN, text("the algorithm {name} is not verified here", name=name))
    key = _key(signed, await client.lookup(signed.key_name, "TXT"))
    if isinstance(key, DkimSignature):
        return key
    if await asyncio.to_thread(_laborious, content):
        return signed.judged(DkimVerdict.UNKNOWN, _TOO_LARGE)
    return await asyncio.to_thread(_verify, content, signed, key)


def _key(signed: _Signed, answer: DnsAnswer) -> bytes | DkimSignature:
    """Return the key record, or the verdict where DNS has none that could be used."""
    if not answer.status.looked:
        status = answer.detail or answer.status.value
        detail = text("the look-up of {name} failed: {status}", name=signed.key_name, status=status)
        return signed.judged(DkimVerdict.UNKNOWN, detail)
    keys = [value for value in answer.values if re.search(r"(^|;)\s*p\s*=\s*[^\s;]", value)]
    if not keys:
        return signed.judged(DkimVerdict.FAIL, text("DNS has no key at {name}", name=signed.key_name))
    if len(keys) > 1 or len(keys[0]) > _LONGEST_KEY:
        detail = text("DNS has several keys, or no ordinary one, at {name}", name=signed.key_name)
        return signed.judged(DkimVerdict.UNKNOWN, detail)
    return keys[0].encode("utf-8", "replace")


def _laborious(content: bytes) -> bool:
    head = re.split(rb"\r?\n\r?\n", content[:_HEADERS], maxsplit=1)
    if len(content) > _LIMIT or len(head) == 1 or head[0].count(b"\n") > _MOST_HEADERS:
        return True
    return sum((run.end() - run.start()) ** 2 for run in _BLANKS.finditer(content)) > _MOST_STEPS


def _verify(content: bytes, signed: _Signed, key: bytes) -> DkimSignature:
    dkim = _dkimpy()
    tags = {name: value for name, value in signed.tags.items() if name not in (b"x", b"t")}
    try:
        dkim.validate_signature_fields(tags)
        message = dkim.DKIM(content, logger=_SILENT)
        good = message.verify_sig(*_prepared(message, signed), dnsfunc=partial(_recorded, key))
    except dkim.ValidationError as problem:
        changed = str(problem).startswith("body hash mismatch")
        body = text("the body was changed after it was signed")
        return signed.judged(DkimVerdict.FAIL, body if changed else _MALFORMED)
    except (dkim.DKIMException, ValueError, LookupError, TypeError):
        return signed.judged(DkimVerdict.FAIL, _MALFORMED)
    if good:
        return signed.judged(DkimVerdict.PASS, text("verified with the key at {name}", name=signed.key_name))
    other = text("a signed header was changed, or the key at {name} is another", name=signed.key_name)
    return signed.judged(DkimVerdict.FAIL, other)


def _prepared(message: Any, signed: _Signed) -> tuple[dict[bytes, bytes], list[bytes], tuple[bytes, bytes]]:
    """Return what dkimpy's `verify_headerprep` makes, without its look at today's clock."""
    header = [each for each in message.headers if each[0].lower() == b"dkim-signature"][signed.index]
    names = [name.strip().lower() for name in signed.tags[b"h"].split(b":")]
    return dict(signed.tags), names, header


def _recorded(key: bytes, name: object, *, timeout: object) -> bytes:
    """Answer dkimpy's question for a key with what was looked up before."""
    del name, timeout
    return key
