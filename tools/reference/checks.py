"""reference/checks.md: the manual page of every check, and what it reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seppcheck.guide import load_guide
from seppcheck.model.checks import Check
from seppcheck.model.guide import Guide
from seppcheck.model.outcomes import Outcome
from seppcheck.model.text import Message, text
from seppcheck.plugins import Registry, bundled, load
from seppcheck.reports.words import MENDING, PHASES, SEVERITIES, TARGETS
from tools.reference.access import accesses
from tools.reference.speaking import NOTHING, Speaker, code, joined


def page(say: Speaker) -> str:
    """Return the page."""
    return joined(_lines(say))


def in_order(registry: Registry, guide: Guide) -> list[Check]:
    """Return every check in the guide's order, advice last."""
    return sorted(registry.checks.values(), key=lambda check: (guide.position(check.requirements), check.id))


def _lines(say: Speaker) -> Iterator[str]:
    registry, guide = load(), load_guide(bundled("checks"))
    checks = in_order(registry, guide)
    yield f"# {say(text('The checks'))}"
    yield ""
    yield say(
        text(
            "What should be true, why, how it is mended and where that is written. `seppcheck explain CHECK` prints "
            "the same in the terminal."
        )
    )
    yield ""
    rows = ([_link(check), say.list(check.requirements), say(check.manual.title)] for check in checks)
    yield from say.table([text("check"), text("guide"), text("what should be true")], rows)
    for check in checks:
        yield from _section(say, check, registry, guide)


def _link(check: Check) -> str:
    return f"[{code(check.id)}](#{check.id})"


def _section(say: Speaker, check: Check, registry: Registry, guide: Guide) -> Iterator[str]:
    yield f"## {check.id}"
    yield ""
    yield f"**{say(check.manual.title)}**"
    yield ""
    yield from say.table(["", ""], ([say(label), told] for label, told in _facts(say, check, registry, guide)))
    for paragraph in check.manual.why:
        yield say(paragraph)
        yield ""
    yield from _listed(say, text("To mend"), check.manual.steps)
    yield from _listed(say, text("Sources"), check.manual.sources)


def _facts(say: Speaker, check: Check, registry: Registry, guide: Guide) -> Iterator[tuple[Message, str]]:
    numbers = [number for number in guide.numbers if number.id in check.requirements]
    told = "<br>".join(f"{number.id} {say(number.title)}" for number in numbers)
    yield text("Guide"), told or NOTHING
    yield text("Severity"), say(SEVERITIES[check.severity])
    yield text("Phases"), say.list(_phases(check))
    yield text("About"), say(TARGETS[check.target.kind])
    yield text("Reads"), ", ".join(f"{code(k.kind)} ({registry.sources[k].name})" for k in check.evidence)
    yield (
        text("Needs access to"),
        ", ".join(f"{strength} {say(access.name_of_it)}" for access, strength in accesses(check, registry).items()),
    )
    remediation = registry.remediations.get(check.id)
    plans = ", ".join(code(f"plan {phase.value}") for phase in remediation.phases) if remediation else ""
    yield text("Mended"), f"{say(MENDING[remediation.kind])}, {plans}" if remediation else NOTHING


def _phases(check: Check) -> Iterator[Message]:
    for phase, cap in check.phases.items():
        name = PHASES[phase]
        yield text("{phase} (warned at worst)", phase=name) if cap is Outcome.WARNED else name


def _listed(say: Speaker, title: Message, items: Iterable[Message]) -> Iterator[str]:
    listed = [f"- {say(item)}" for item in items]
    if listed:
        yield from (f"{say(title)}:", "", *listed, "")
