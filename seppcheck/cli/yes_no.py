"""Questions that are answered with yes or no: asked in the reader's language, answered in any that is spoken here."""

from __future__ import annotations

from seppcheck.errors import InvalidValueError
from seppcheck.model.text import Message, text

_ANSWERS = {"y": True, "yes": True, "j": True, "ja": True, "n": False, "no": False, "nein": False}


def with_choices(words: Message) -> Message:
    """Return the question with the letters that answer it."""
    return text("{words} (y/n)", words=words)


def letter(answer: bool) -> Message:
    """Return the letter that stands for an answer, as the question offers it."""
    return text("y") if answer else text("n")


def read_yes_no(answer: str) -> bool:
    """Return what was answered.

    Raises:
        InvalidValueError: for anything but yes and no.
    """
    known = _ANSWERS.get(answer.casefold())
    if known is None:
        raise InvalidValueError(text("answer y or n"))
    return known
