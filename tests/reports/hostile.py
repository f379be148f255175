"""Text that must never come alive, put into every text field of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from seppcheck.model.changes import DnsImage, ExchangeImage, FactImage, Image
from seppcheck.model.plans import Backwards, MigrationPlan, PlannedChange
from seppcheck.model.run import Run
from tests.reports.drifted import SINCE, entries
from tests.reports.plans import cutover_plan
from tests.reports.runs import mixed_run

MARKUP = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
BREAKOUT = "\"'></td></svg></style></title><svg onload=document.title='owned'>]]>&lt;{{7*7}}"
LINK = "javascript:document.title='owned'"
CONTROLS = "\x1b[31m\x1b]0;owned\x07\x00\x08\x9b2J\x85"
BIDI = "\u202egnp.exe\u2066\u200b\ufeff\u2028"
BROKEN = "\udc80\uffff"
CANARY = f"{MARKUP}{BREAKOUT}{LINK}{CONTROLS}{BIDI}{BROKEN}"

LIVE_ON_A_TERMINAL = ("\x1b]0;", "\x1b[31m\x1b", "\x07", "\x00", "\x08", "\x9b", "\x85", "\u202e", "\u2066", "\u200b")

_KEPT = {"template", "kind", "check", "requirement", "requirements", "language", "source", "der"}
"""What plugins and the framework set, not the network: templates are trusted, the rest is validated elsewhere."""


def hostile_run(**more: object) -> Run:
    """Return the run with something in every section, its text fields ending in the canary."""
    run = mixed_run(**{"drift": entries(), "drift_since": SINCE, **more})
    return replace(
        run,
        **{
            name: poisoned(getattr(run, name))
            for name in ("site", "results", "notes", "skipped", "records", "unused_waivers", "moments", "drift")
        },
        settings={f"key{CANARY}": {"inner": [CANARY, {"deep": CANARY}]}},
    )


def hostile_plan(canary: str = CANARY) -> MigrationPlan:
    """Return a plan of a cutover, every text in it ending in the canary but the words that the framework sets."""

    def spoiled(value: Any) -> Any:
        if isinstance(value, str):
            return value + canary
        if isinstance(value, (tuple, list)):
            return type(value)(spoiled(inner) for inner in value)
        return {key: spoiled(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value

    def image(value: Image | None) -> Image | None:
        match value:
            case DnsImage():
                return replace(value, name=spoiled(value.name), values=spoiled(value.values))
            case ExchangeImage():
                return replace(value, name=spoiled(value.name), properties=spoiled(value.properties))
            case FactImage():
                target = replace(value.target, name=spoiled(value.target.name))
                return replace(value, target=target, fields=spoiled(value.fields))
        return None

    def change(value: PlannedChange) -> PlannedChange:
        back = value.inverse and Backwards(
            image(value.inverse.before), image(value.inverse.after), spoiled(value.inverse.steps)
        )
        told = {name: spoiled(getattr(value, name)) for name in ("summary", "why", "target", "breaks", "steps")}
        return replace(value, before=image(value.before), after=image(value.after), inverse=back, **told)

    plan = cutover_plan()
    told = {name: spoiled(getattr(plan, name)) for name in ("gateway", "tenant", "domains", "notes")}
    unseen = tuple(replace(each, target=spoiled(each.target), detail=spoiled(each.detail)) for each in plan.unseen)
    return replace(plan, changes=tuple(map(change, plan.changes)), unseen=unseen, **told)


def poisoned(value: Any) -> Any:
    """Return the value with the canary behind every text in it, as deep as it goes."""
    if isinstance(value, (Enum, bool, int, float, date, datetime)) or value is None:
        return value
    if isinstance(value, str):
        return value + CANARY
    if isinstance(value, tuple):
        return tuple(poisoned(inner) for inner in value)
    if isinstance(value, Mapping):
        return {key: poisoned(inner) for key, inner in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _poisoned_fields(value)
    return value


def _poisoned_fields(value: Any) -> Any:
    changed = value
    if hasattr(value, "template"):
        pairs = tuple((name, poisoned(inner)) for name, inner in value.parameters)
        return replace(value, parameters=pairs)
    for field in fields(value):
        if field.name not in _KEPT and field.init:
            changed = _with(changed, field.name, poisoned(getattr(value, field.name)))
    return changed


def _with(value: Any, name: str, content: Any) -> Any:
    if hasattr(value, "but"):
        return value.but(**{name: content})
    return replace(value, **{name: content})


def every_text(value: Any) -> Iterator[str]:
    """Yield every text in a JSON document, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from every_text(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from every_text(inner)
