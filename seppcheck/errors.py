"""Errors that a user can cause: one clear sentence, exit code 2, never a traceback."""

from __future__ import annotations

from seppcheck.model.text import Message, text


class UserError(Exception):
    """Usage or configuration: says what happened, where (file, line, key), and what to do."""

    def __init__(self, template: str, /, **parameters: object) -> None:
        """Say it; the template is a literal with `{name}` fields."""
        self.message: Message = text(template, **parameters)
        self.messages: tuple[Message, ...] = (self.message,)
        """The same, a line each, where several things are wrong at once."""
        super().__init__(str(self.message))


class InvalidValueError(UserError, ValueError):
    """A value that cannot be: it says why, and never shows a secret. Pydantic takes it as a ValueError."""

    def __init__(self, message: Message) -> None:
        super().__init__("{message}", message=message)
