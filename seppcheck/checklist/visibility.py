"""What comes next where something cannot be seen: let it be seen, write it down, or look again."""

from __future__ import annotations

from dataclasses import replace

from seppcheck.checklist.situation import Situation
from seppcheck.model.checklist import NextKind, NextStep, RecordEntry
from seppcheck.model.dns import MxRecords
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.mailflow import MailFlow
from seppcheck.model.outcomes import Outcome, Reason
from seppcheck.model.results import CheckResult
from seppcheck.model.text import text
from seppcheck.record.entries import asked_of, questions_for


def make_visible(situation: Situation, result: CheckResult) -> NextStep:
    """Return what has to be done before something can be seen."""
    told = dict.fromkeys(f.summary for f in result.findings if f.outcome is Outcome.INCONCLUSIVE)
    domain = result.target.name if result.target.kind == "domain" else ""
    missing = _unanswered(situation, result, domain)
    steps = questions_for(result.check, domain) if missing else tuple(told)
    about = {"check": result.check, "target": result.target.name}
    attest = ("seppcheck", "attest", "--only", result.check, *situation.options) if missing else ()
    return NextStep(
        kind=NextKind.BY_HAND,
        title=text("Write down what the gateway shows: {check} of {target}", **about)
        if missing
        else text("Let this be seen: {check} of {target}", **about),
        why=result.summary,
        numbers=result.requirements,
        target=result.target.name,
        command=attest,
        steps=() if steps == (result.summary,) else steps,
        reason=result.reason if isinstance(result.reason, Reason) else None,
        entries=missing,
    )


def before_the_stage_is_known(step: NextStep) -> NextStep:
    """Return a step that makes something visible, with what must not be done before."""
    why = text(
        "the night may have begun: release no mail and change nothing before this is seen ({why})",
        why=step.why or text("-"),
    )
    return replace(step, why=why)


def look_again(situation: Situation) -> NextStep:
    """Return what to do where what decides how far it is cannot be seen, and no check says why: it was left out."""
    names = {DeliveryHold: text("the hold"), MxRecords: text("the MX records"), MailFlow: text("the mail flow")}
    missing = tuple(names[kind] for kind in names if kind in situation.seen.hidden)
    return NextStep(
        kind=NextKind.COMMAND,
        title=text("Look with every check: {missing} cannot be seen", missing=missing)
        if missing
        else text("Look with every check: whether the preparation is done cannot be seen"),
        why=text("the night may have begun: release no mail and change nothing before this is seen"),
        command=("seppcheck", "cutover", *situation.options),
    )


def _unanswered(situation: Situation, result: CheckResult, domain: str) -> tuple[RecordEntry, ...]:
    return tuple(entry for entry in asked_of(result.check, domain) if entry.key not in situation.seen.answered)
