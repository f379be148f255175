"""Asking a person one question of the record after the other; an empty answer keeps what was said before."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from seppcheck.cli import Context
from seppcheck.cli.yes_no import letter, read_yes_no, with_choices
from seppcheck.errors import InvalidValueError
from seppcheck.model.gateway import ExtendedField
from seppcheck.model.gateway_record import HOLD, Answer
from seppcheck.model.smtp import Certificate
from seppcheck.model.text import Message, text
from seppcheck.record.files import command_text, public_certificate
from seppcheck.record.keys import refuse_private_key
from seppcheck.record.questions import Form, Question
from seppcheck.record.sections import FILE
from seppcheck.record.writing import Value

T = TypeVar("T")

UNKNOWN, EMPTY = "?", "-"


class UnknownError(Exception):
    """The person does not know: nothing is written down."""


@dataclass(frozen=True, slots=True)
class Interview:
    """Who is asked, in their language, and the folder that paths in the record start from."""

    context: Context
    folder: Path

    def tell(self, message: Message) -> None:
        """Say something; like every question on standard error."""
        click.echo(self.context.say(message), err=True)

    def asked(self, question: Question, name: str, before: Answer | None) -> Value:
        """Ask one question.

        Args:
            question: the question.
            name: the customer or domain that it is about.
            before: what was answered earlier.

        Raises:
            UnknownError: when the person does not know.
        """
        self.tell(text(""))
        self.tell(_about(question.menu, name))
        return _FORMS[question.form](self, question, _about(question.words, name), before)

    def prompt(self, words: Message, default: str, read: Callable[[str], T]) -> T:
        """Ask until the answer is valid.

        Raises:
            UnknownError: for `?`, and for an empty answer where there was none before.
        """
        while True:
            shown = self.context.say(words)
            answer: str = click.prompt(shown, default=default, show_default=bool(default), err=True).strip()
            if answer in (UNKNOWN, ""):
                raise UnknownError
            try:
                return read(answer)
            except InvalidValueError as error:
                self.tell(error.message)


def _about(message: Message, name: str) -> Message:
    """Return a question's sentence with the name that it is about."""
    return Message(message.template, tuple((field, name) for field, _ in message.parameters))


def _ask_text(interview: Interview, question: Question, words: Message, before: Answer | None) -> Value:
    default = (str(before.value) or EMPTY) if before else ""
    read: Callable[[str], str] = refuse_private_key if question.path[-1] == "dkim_public_key" else str
    return interview.prompt(words, default, lambda answer: "" if answer == EMPTY else read(answer))


def _ask_yes_no(interview: Interview, question: Question, words: Message, before: Answer | None) -> Value:
    del question
    return _yes_no(interview, words, before.value if before else None)


def _yes_no(interview: Interview, words: Message, before: object) -> bool:
    default = interview.context.say(letter(before)) if isinstance(before, bool) else ""
    return interview.prompt(with_choices(words), default, _read_yes_no)


def _read_yes_no(answer: str) -> bool:
    try:
        return read_yes_no(answer)
    except InvalidValueError:
        raise InvalidValueError(text("answer y or n, or ? if you do not know")) from None


def _ask_choice(interview: Interview, question: Question, words: Message, before: Answer | None) -> Value:
    by_folded = {choice.casefold(): choice for choice in question.choices}

    def read(answer: str) -> str:
        if answer.casefold() not in by_folded:
            raise InvalidValueError(text("answer one of {choices}, or ?", choices=question.choices))
        return by_folded[answer.casefold()]

    offered = text("{words} [{choices}]", words=words, choices=question.choices)
    return interview.prompt(offered, str(before.value) if before else "", read)


def _ask_field(interview: Interview, question: Question, words: Message, before: Answer | None) -> Value:
    del question
    listed = before.value if before and isinstance(before.value, tuple) else ()
    known = next((field for field in listed if field.name == HOLD), None)
    there = _yes_no(interview, words, bool(known) if before else None)
    if not there:
        return None
    known = known or ExtendedField(HOLD, "boolean", "false")
    return ExtendedField(
        name=HOLD,
        type=interview.prompt(text("Its type"), known.type or "", str),
        default=interview.prompt(text("Its default value"), known.default or "", str),
        tenants=_ask_names(interview, text("Assigned tenants, separated by commas (- for none)"), known.tenants),
        managed_domains=_ask_names(
            interview, text("Assigned managed domains, separated by commas (- for none)"), known.managed_domains
        ),
    )


def _ask_names(interview: Interview, words: Message, before: tuple[str, ...] | None) -> tuple[str, ...]:
    answer = interview.prompt(words, ", ".join(before or ()) or EMPTY, str)
    return () if answer == EMPTY else tuple(name.strip() for name in answer.split(",") if name.strip())


def _ask_command(interview: Interview, question: Question, words: Message, before: Answer | None) -> Value:
    del question
    interview.tell(text("Give the file that holds the text, or paste it and end it with an empty line (- for empty)"))
    kept = _command_shown(before)
    first = interview.prompt(words, kept, lambda answer: _checked_file(answer, interview.folder, kept))
    if before and first == kept:
        return f"{FILE}{before.file}" if before.file else str(before.value)
    if first == EMPTY:
        return ""
    if first.startswith(FILE):
        return first
    return "\n".join([first, *_pasted()]) + "\n"


def _checked_file(answer: str, folder: Path, kept: str) -> str:
    """Return the answer as the record names the file, if it is one; else it is the first line of the text."""
    path = Path(answer.removeprefix(FILE)).expanduser()
    if answer == kept or not (answer.startswith(FILE) or _is_file(path)):
        return answer
    command_text(path)
    return FILE + _relative(path, folder)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a line of a ruleset may be no possible name
        return False


def _command_shown(before: Answer | None) -> str:
    if before is None:
        return ""
    lines = str(before.value).splitlines()
    return f"{FILE}{before.file}" if before.file else f"({len(lines)}: {lines[0]} ...)" if lines else EMPTY


def _pasted() -> list[str]:
    """Return the further lines of a pasted text, up to an empty one or the end of the input."""
    lines: list[str] = []
    with suppress(EOFError):
        while line := input().rstrip("\r"):
            lines.append(line)
    return lines


def _ask_certificate(interview: Interview, question: Question, words: Message, before: Answer | None) -> Value:
    del question

    def read(answer: str) -> str:
        path = Path(answer).expanduser()
        if before and answer == before.file:
            return answer
        found: Certificate = public_certificate(path)
        interview.tell(text("{subject}, until {until}", subject=found.subject, until=found.not_after))
        return _relative(path, interview.folder)

    return interview.prompt(words, before.file if before else "", read)


def _relative(path: Path, folder: Path) -> str:
    """Return a path as the record names it: from its own folder, where they share a drive."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive of Windows
        return path.resolve().as_posix()


_FORMS: Mapping[Form, Callable[[Interview, Question, Message, Answer | None], Value]] = {
    Form.TEXT: _ask_text,
    Form.YES_NO: _ask_yes_no,
    Form.CHOICE: _ask_choice,
    Form.FIELDS: _ask_field,
    Form.COMMAND: _ask_command,
    Form.CERTIFICATE: _ask_certificate,
}
