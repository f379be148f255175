"""Messages: a fixed template and its parameters, so that they can be translated and encoded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

# Not str.format: a template may come back from a bundle, and its mini-language can be made to explode.
_FIELD = re.compile(r"\{([a-z_][a-z0-9_]*)\}")

Translate = Callable[[str], str]
"""Looks a template up in a catalogue; the identity function gives English."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence: trusted `template` in English, `parameters` that may come from anywhere.

    Templates use `{name}` and nothing else of the format language. Parameters are text, numbers,
    times, sequences of these (joined by commas), or messages.
    """

    template: str
    parameters: tuple[tuple[str, object], ...] = ()

    def render(self, translate: Translate = str) -> str:
        """Return the sentence in the language of `translate`. The result is untrusted text."""
        values = {name: show(value, translate) for name, value in self.parameters}
        return _FIELD.sub(lambda field: values.get(field[1], field[0]), translate(self.template))

    def __str__(self) -> str:
        return self.render()


def text(template: str, /, **parameters: object) -> Message:
    """Make a message; the template must be a literal, so that it can be collected for translation."""
    return Message(template, tuple((name, freeze(value)) for name, value in parameters.items()))


def freeze(value: object) -> object:
    """Make a parameter hashable: lists, tuples and sets of values become tuples."""
    if isinstance(value, (list, tuple)):
        return tuple(value)
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(value, key=str))
    return value


def show(value: object, translate: Translate = str) -> str:
    """Return a parameter as people read it: times in UTC, sequences joined by commas."""
    match value:
        case Message():
            return value.render(translate)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        case tuple() | list():
            return ", ".join(show(item, translate) for item in value)
        case None:
            return "-"
        case _:
            return str(value)


Text = str | Message
"""What a person reads: a message, or text that needs no translation such as a host name."""


def plain(message: Message) -> Message:
    """Return it with every parameter as text (or a message), so that a bundle can carry it unchanged."""
    return Message(
        message.template,
        tuple((n, plain(v) if isinstance(v, Message) else show(v)) for n, v in message.parameters),
    )


def as_message(value: Text | None) -> Message | None:
    """Wrap plain text; it becomes a parameter, for it may come from outside."""
    if value is None or isinstance(value, Message):
        return value
    return text("{text}", text=value)
