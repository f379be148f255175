"""An HTTP answer, whole and bounded, and what its status means for a run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from seppcheck.clients.http_faults import HttpFault
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import text

_LONGEST_WORDS = 500
_SUCCESS = range(200, 300)
_REDIRECT = range(300, 400)
_REASONS = {401: Reason.AUTH_FAILED, 403: Reason.PERMISSION_MISSING, 429: Reason.THROTTLED, 503: Reason.THROTTLED}


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status, headers (lower-case names) and the whole body. The body is not shown: it may hold secrets."""

    host: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The body as UTF-8; octets that are none are replaced, NUL is dropped."""
        return self.body.decode("utf-8-sig", "replace").replace("\0", "")

    @property
    def words(self) -> str:
        """The body as one short line, for a sentence about a refusal; markup is not repeated."""
        line = " ".join(self.text.split())
        return "" if line.startswith("<") else line[:_LONGEST_WORDS]

    @property
    def retry_after(self) -> float | None:
        """The seconds that the peer asks to wait (RFC 9110 section 10.2.3)."""
        value = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d{1,6}", value):
            return float(value)
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())

    def json(self) -> Any:
        """Return what the body says.

        Raises:
            HttpFault: `malformed`, for HTML, an empty body, doubled keys, NaN, or no JSON at all.
        """
        if not self.body.strip(b"\0 \t\r\n"):
            raise self._malformed("an empty body")
        if self.text.lstrip().startswith("<"):
            raise self._malformed("a web page")
        try:
            return json.loads(self.body.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse_constant)
        except UnicodeDecodeError:
            raise self._malformed("no UTF-8") from None
        except json.JSONDecodeError as error:
            raise self._malformed(f"no JSON ({error.msg}, line {error.lineno})") from None
        except (ValueError, RecursionError) as error:
            raise self._malformed(f"no sound JSON ({error})") from None

    def _malformed(self, found: str) -> HttpFault:
        return HttpFault(
            Reason.MALFORMED,
            text("{host} answered with {found} instead of JSON", host=self.host, found=found),
            status=self.status,
        )

    def require_success(self, words: Callable[[HttpAnswer], str] | None = None) -> HttpAnswer:
        """Return it when its status is 2xx.

        Args:
            words: finds the peer's own sentence in it; by default the body as one short line.

        Raises:
            HttpFault: with the reason that its status stands for.
        """
        if self.status in _SUCCESS:
            return self
        if self.status in _REDIRECT:
            raise HttpFault(Reason.MALFORMED, self._elsewhere(), status=self.status)
        said = (words(self) if words else self.words)[:_LONGEST_WORDS]
        sentence = text("{host} answers {status}", host=self.host, status=self.status)
        if said:
            sentence = text("{host} answers {status}: {words}", host=self.host, status=self.status, words=said)
        reason = _REASONS.get(self.status, Reason.REFUSED)
        raise HttpFault(reason, sentence, status=self.status, retry_after=self.retry_after)

    def _elsewhere(self) -> Any:
        return text(
            "{host} answers {status} and points to {place}, which is not followed, since the secret would go along: "
            "if that is the right place, configure it",
            host=self.host,
            status=self.status,
            place=self.headers.get("location", "-")[:_LONGEST_WORDS],
        )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return table


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
