"""Checklists made by hand: what their sinks are tried with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from seppcheck.guide import load_guide
from seppcheck.model.changes import ChangeKind, FactImage, PlanPhase, System
from seppcheck.model.checklist import (
    Checklist,
    ChecklistStep,
    NextKind,
    NextStep,
    Part,
    RecordEntry,
    Stage,
    State,
    Witness,
)
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Reason
from seppcheck.model.plans import PlannedChange
from seppcheck.model.run import Skipped
from seppcheck.model.targets import Domain, Gateway, Site, Tenant
from seppcheck.model.text import Message, text
from seppcheck.plugins import bundled
from tests.reports.hostile import CANARY, poisoned

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SITE = Site(Gateway("secure.example.org"), (Domain("example.org", "example"),), Tenant("example.onmicrosoft.com"))
HOLD = PlannedChange(
    id="1",
    check="delivery-hold",
    requirements=("A2",),
    system=System.GATEWAY,
    kind=ChangeKind.MANUAL,
    summary="Hold the mail of example.org back: disable_delivery = true",
    why="nothing is lost while everything moves",
    target="example.org",
    target_kind="domain",
    after=FactImage("delivery-hold", SITE.domains[0], {"customer_value": "true"}),
    steps=(
        "On the gateway, open: Customers > example > Extended Fields > disable_delivery",
        "Enter: true",
        "Click Save.",
    ),
)
BY_HAND = NextStep(
    kind=NextKind.BY_HAND,
    title=text("{step}", step=HOLD.summary),
    why=text("{why}", why=HOLD.why),
    numbers=("A2",),
    target="example.org",
    change=HOLD,
    entries=(
        RecordEntry("customers.example.extended_fields.disable_delivery", "true"),
        RecordEntry('domains."example.org".certificate'),
    ),
    after=("seppcheck", "apply", "cutover.json", "--resume"),
)
COMMAND = NextStep(
    kind=NextKind.COMMAND,
    title=text("Plan the night"),
    command=("seppcheck", "plan", "cutover", "--out", "my plan.json"),
)
WAIT = NextStep(kind=NextKind.WAIT, title=text("Wait, and then: {step}", step="Release it"), until=LATER)


def checklist_of(step: NextStep = BY_HAND, **more: object) -> Checklist:
    """Return a checklist with a step of every state."""
    chapters = load_guide(bundled("checks")).chapters
    steps = tuple(
        ChecklistStep(
            number=number.id,
            title=number.title,
            says=text("Do what {number} says for {domain}.", number=number.id, domain="example.org"),
            state=state,
            detail=text("seen of {number}: {what}", number=number.id, what="a banner"),
            until=LATER if state is State.WAITING else None,
            reason=Reason.TIMEOUT if state is State.UNSEEN else None,
            witnesses=(Witness("gateway-record.toml, Erika", NOW),) if state is State.DONE else (),
            menu=text("Mail System > {domain}", domain="example.org") if state is State.DUE else None,
            plan=PlanPhase.CUTOVER if state in (State.DUE, State.BLOCKED) else None,
            kind=ChangeKind.MANUAL if state is State.DUE else None,
            departure=text("The guide does this; seppcheck does that, because.") if state is State.BLOCKED else None,
            checks=("dns-ptr",),
        )
        for number, state in zip(chapters[0].numbers, State, strict=True)
    )
    advice = ChecklistStep(
        number="", title=text("A policy is right"), state=State.NOTED, detail=text("none"), checks=("mta-sts",)
    )
    gate = Moment(MomentKind.MX_MAY_MOVE, SITE.domains[0], LATER, over=False, summary=text("not before {at}", at=LATER))
    made = Checklist(
        site=SITE,
        stage=Stage.CUTOVER,
        parts=(Part(chapters[0], steps), Part(None, (advice,))),
        next=step,
        judged_at=NOW,
        moments=(gate,),
        notes=(text("a note about {file}", file="history.json"),),
        skipped=(Skipped("dane-tlsa", "--skip dane-*"),),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of a checklist


def hostile_checklist(step: NextStep = BY_HAND) -> Checklist:
    """Return a checklist in which every text that may come from outside ends in the canary."""
    made = checklist_of(step)
    parts = tuple(Part(part.chapter, tuple(map(_spoiled_step, part.steps))) for part in made.parts)
    change = step.change
    spoiled = replace(
        step,
        title=_spoiled(step.title),
        why=_spoiled(step.why),
        target=step.target + CANARY,
        command=tuple(word + CANARY for word in step.command),
        change=change and replace(change, steps=tuple(each + CANARY for each in change.steps)),
        entries=tuple(RecordEntry(each.key + CANARY, each.value and f"{each.value}{CANARY}") for each in step.entries),
    )
    told: Mapping[str, Any] = {name: poisoned(getattr(made, name)) for name in ("site", "moments", "notes", "skipped")}
    return replace(made, parts=parts, next=spoiled, **told)


def _spoiled(message: Message | None) -> Any:
    return None if message is None else poisoned(message)


def _spoiled_step(step: ChecklistStep) -> ChecklistStep:
    return replace(
        step,
        title=_spoiled(step.title),
        says=_spoiled(step.says),
        detail=_spoiled(step.detail),
        menu=_spoiled(step.menu),
        witnesses=tuple(replace(each, asked=each.asked + CANARY) for each in step.witnesses),
    )
