"""What providers of octoDNS raise, translated once; no secret of octoDNS' configuration gets into a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import requests

from seppcheck.clients import http_faults
from seppcheck.clients.dns_writing import DnsWriteFault
from seppcheck.clients.octodns_library import OutOfTimeError
from seppcheck.model.text import Message, text

_SHORTEST_SECRET = 4
_LONGEST_WORDS = 300
_SERVER_ERROR = 500
_NOT_ALLOWED = (401, 403)
_TOO_MANY = 429


@dataclass(slots=True)
class Provider:
    """A provider by its name in octoDNS' configuration, and what must not be shown of that."""

    name: str
    seconds: float
    hidden: set[str] = field(default_factory=set)

    def hide(self, values: Iterable[object]) -> None:
        """Keep these values out of every sentence."""
        for value in _leaves(values):
            words = "" if isinstance(value, bool) else str(value)
            if len(words) >= _SHORTEST_SECRET:
                self.hidden |= {words, quote(words, safe="")}

    def shown(self, words: str) -> str:
        """Return foreign words, their first line, without what must not be shown."""
        for known in sorted(self.hidden, key=len, reverse=True):
            words = words.replace(known, "...")
        return " ".join(words.split())[:_LONGEST_WORDS]

    def public(self, message: Message) -> Message:
        """Return a sentence whose parameters hold nothing that must not be shown."""
        return Message(message.template, tuple((name, self._public(value)) for name, value in message.parameters))

    def _public(self, value: object) -> object:
        match value:
            case str():
                return self.shown(value)
            case Message():
                return self.public(value)
            case tuple():
                return tuple(map(self._public, value))
            case _:
                return value


def _leaves(values: Iterable[object]) -> Iterator[object]:
    """Yield every single value, out of tables and lists too."""
    for value in values:
        if isinstance(value, Mapping):
            yield from _leaves(value.values())
        elif isinstance(value, list | tuple | set):
            yield from _leaves(value)
        else:
            yield value


def of_call(provider: Provider, what: Message, error: Exception, *, writes: bool) -> DnsWriteFault:
    """Translate what a call to a provider raised.

    Args:
        provider: whose call it was.
        what: what was asked of it, such as "the change of MX of example.org".
        error: what was raised.
        writes: whether the call may have changed something.
    """
    match error:
        case OutOfTimeError():
            problem = text("it did not come to an end within {seconds} s", seconds=f"{provider.seconds:g}")
        case requests.HTTPError(response=requests.Response() as response):
            return _of_status(provider, what, response, writes=writes)
        case requests.Timeout():
            problem = text("its API gave no whole answer in time")
            writes = writes and not _never_sent(error)
        case requests.ConnectionError():
            api = f"octoDNS' {provider.name}"
            problem = provider.public(http_faults.of_connection(error, api, provider.seconds).detail)
            sentence = text("{what}: {problem}", what=what, problem=problem)
            return DnsWriteFault(sentence, unclear=writes and not _never_sent(error))
        case _:
            words = provider.shown(str(error))
            problem = text("{kind}: {words}", kind=type(error).__name__, words=words or "-")
    return DnsWriteFault(_sentence(provider, what, problem), unclear=writes)


def _sentence(provider: Provider, what: Message, problem: Message) -> Message:
    return text("{what} through octoDNS' {provider}: {problem}", what=what, provider=provider.name, problem=problem)


def _of_status(provider: Provider, what: Message, response: requests.Response, *, writes: bool) -> DnsWriteFault:
    """A refusal by a status of 4xx changed nothing; what one of 5xx did is not known."""
    status, words = response.status_code, provider.shown(response.text) or "-"
    if status in _NOT_ALLOWED:
        problem = text(
            "its API does not let us ({status}: {words}); correct the provider's credentials in octoDNS' "
            "configuration, and what they may do",
            status=status,
            words=words,
        )
    elif status == _TOO_MANY:
        problem = text("its API has had too many requests (429: {words}); wait, then go on", words=words)
    else:
        problem = text("its API answers {status}: {words}", status=status, words=words)
    return DnsWriteFault(_sentence(provider, what, problem), unclear=writes and status >= _SERVER_ERROR)


def _never_sent(error: Exception) -> bool:
    """Tell whether not even a connection came about; requests hides urllib3's reason in its argument."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or any(
        kind.__name__ == "NewConnectionError" for kind in type(reason).__mro__
    )
