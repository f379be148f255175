"""The checklist as JSON, for programs. `checklist.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from seppcheck import __version__
from seppcheck.clock import stamp
from seppcheck.locale import translator
from seppcheck.model.checklist import Checklist, ChecklistStep, NextStep, Part
from seppcheck.model.text import Message
from seppcheck.reports.checklist_words import heading_of
from seppcheck.reports.encoders import for_json
from seppcheck.reports.plan_sections import instructions_of

SCHEMA_VERSION = 1


def checklist_schema() -> dict[str, Any]:
    """Return the schema of the document (JSON Schema, draft 2020-12)."""
    published = files("seppcheck.reports").joinpath("checklist.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(published)
    return schema


def checklist_to_json(checklist: Checklist) -> str:
    """Return the document; sentences are in the checklist's language."""
    return _Document(checklist.language).text_of(checklist)


class _Document:
    def __init__(self, language: str) -> None:
        self.language = language
        self.translate = translator(language)

    def say(self, message: Message | None) -> str | None:
        return None if message is None else message.render(self.translate)

    def text_of(self, checklist: Checklist) -> str:
        return for_json(json.dumps(self.whole(checklist), ensure_ascii=False, indent=2)) + "\n"

    def whole(self, checklist: Checklist) -> Mapping[str, object]:
        return {
            "schema_version": SCHEMA_VERSION,
            "kind": "checklist",
            "tool": {"name": "seppcheck", "version": __version__},
            "language": checklist.language,
            "judged_at": stamp(checklist.judged_at),
            "replay_of": _time(checklist.replay_of),
            "gateway": checklist.site.gateway.name,
            "tenant": checklist.site.tenant.name,
            "domains": [domain.name for domain in checklist.site.domains],
            "phase": checklist.stage.value,
            "counts": {state.value: count for state, count in checklist.counts.items()},
            "steps": [step for part in checklist.parts for step in self._steps(part)],
            "next": self._next(checklist.next),
            "skipped": [{"check": each.check, "reason": each.reason} for each in checklist.skipped],
            "notes": [self.say(note) for note in checklist.notes],
        }

    def _steps(self, part: Part) -> Iterator[Mapping[str, object]]:
        for step in part.steps:
            yield {
                "number": step.number or None,
                "chapter": part.chapter.id if part.chapter else None,
                "chapter_title": self.say(heading_of(part, self.language)),
                "title": self.say(step.title),
                "says": self.say(step.says),
                "state": step.state.value,
                "detail": self.say(step.detail),
                "reason": step.reason.value if step.reason else None,
                "until": _time(step.until),
                "attested": [{"by": each.asked, "at": stamp(each.at)} for each in step.witnesses],
                "how": self._how(step),
                "plan": step.plan.value if step.plan else None,
                "departure": self.say(step.departure),
                "checks": list(step.checks),
            }

    def _how(self, step: ChecklistStep) -> Mapping[str, object]:
        return {"kind": step.kind.value if step.kind else None, "menu": self.say(step.menu)}

    def _next(self, step: NextStep) -> Mapping[str, object]:
        change = step.change
        told = tuple(filter(None, map(self.say, step.steps))) if change is None else change.steps
        done = instructions_of(told, change.after if change else None)
        return {
            "kind": step.kind.value,
            "title": self.say(step.title),
            "why": self.say(step.why),
            "numbers": list(step.numbers),
            "target": step.target or None,
            "check": change.check if change else None,
            "command": list(step.command) or None,
            "steps": [{"text": each.sentence, "value": each.value or None} for each in done],
            "record": [{"key": entry.key, "value": entry.value} for entry in step.entries],
            "reason": step.reason.value if step.reason else None,
            "until": _time(step.until),
            "after": list(step.after) or None,
        }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else stamp(moment)
