"""A gateway on which somebody carried a manual step out and wrote it down, and what steps say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from seppcheck.api import Fact, FactImage, ManualStep, Message, Note, Proposal, Wait
from seppcheck.record.questions import QUESTIONS

F = TypeVar("F", bound=Fact)


def step_of(proposal: Proposal) -> ManualStep:
    """The one manual step of a proposal."""
    (step,) = [each for each in proposal if isinstance(each, ManualStep)]
    return step


def done(fact: F, step: ManualStep, at: datetime | None = None) -> F:
    """The fact after the step; what it was before must be what the step expects."""
    assert isinstance(step.after, FactImage)
    assert step.after.kind == fact.kind
    if step.before is not None:
        assert isinstance(step.before, FactImage)
        assert {name: getattr(fact, name) for name in step.before.fields} == step.before.fields
        assert step.before.fields != step.after.fields
    voice = fact.voice if at is None else replace(fact.voice, at=at)
    return replace(fact, voice=voice, **step.after.fields)  # type: ignore[type-var]  # facts are dataclasses


def told(step: ManualStep | Wait) -> str:
    """Everything that a step says, in English."""
    lists = (*step.steps, *step.undo) if isinstance(step, ManualStep) else ()
    return "\n".join(str(each) for each in (step.summary, step.why, *lists))


def notes(proposal: Proposal) -> str:
    return "\n".join(str(each.text) for each in proposal if isinstance(each, Note))


def opens_the_menu(step: ManualStep, check: str, key: str = "") -> bool:
    """Tell whether a step names a menu of the record's question for its check, word for word.

    `key` is the last part of the question's path, where the check has several.
    """
    menus = {q.menu.template for q in QUESTIONS if check in q.checks and (not key or q.path[-1] == key)}
    assert menus
    return menus <= {template for each in step.steps for template in _templates(each)}


def _templates(message: Message) -> Iterator[str]:
    yield message.template
    for _, value in message.parameters:
        if isinstance(value, Message):
            yield from _templates(value)
