"""What a run has to say besides its results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from seppcheck.model.evidence import Record
from seppcheck.model.outcomes import Reason
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult
from seppcheck.model.smtp import SmtpGreeting
from seppcheck.model.text import Message, text
from seppcheck.settings import Settings

_NO_WAY_OUT = (Reason.TIMEOUT, Reason.UNREACHABLE, Reason.REFUSED)


def notes_of(
    phase: Phase,
    settings: Settings,
    records: Iterable[Record],
    results: Sequence[CheckResult],
    uncovered: Sequence[str],
) -> tuple[Message, ...]:
    """Return the notes of a run, the most important first."""
    notes = []
    if not results:
        notes.append(text("nothing was run: none of the selected checks is due in {phase}", phase=phase.value))
    if uncovered:
        notes.append(
            text(
                "no check of this version answers {numbers}: look at them by hand, they are not part of the verdict",
                numbers=uncovered,
            )
        )
    notes.extend(_port_25(records))
    if settings.gateway.extra_roots:
        notes.append(
            text(
                "besides Mozilla's list the port-25 chain may end in {files} ([gateway] extra_roots)",
                files=settings.gateway.extra_roots,
            )
        )
    return tuple(notes)


def _port_25(records: Iterable[Record]) -> Iterable[Message]:
    greetings = [
        greeting
        for record in records
        if isinstance(record.content, SmtpGreeting)
        for greeting in record.content.greetings
    ]
    faults = [greeting.fault for greeting in greetings]
    if faults and all(fault is not None and fault.code is None and fault.reason in _NO_WAY_OUT for fault in faults):
        yield text(
            "no SMTP connection of this run succeeded: this machine may not be able to reach port 25 (or IPv6). "
            "Run `seppcheck collect --out smtp.json` where it can, and judge it here with "
            "`--evidence smtp.json --config seppcheck.toml`"
        )
