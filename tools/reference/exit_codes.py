"""reference/exit-codes.md: what each command's exit code says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seppcheck.cli import BUG, FAILED, INCONCLUSIVE, PASSED, USAGE
from seppcheck.model.text import Message, text
from tools.reference.command_tree import every_command
from tools.reference.speaking import Speaker, code, joined

_USAGE = text("usage or configuration: one message that names the file, line or key; nothing was looked at")
_BUG = text("a bug in seppcheck: it says so, and where the details are")
_UNSURE = text("nothing failed, but something could not be concluded, or nothing was run, or nothing applied")
_ALWAYS = {USAGE: _USAGE, BUG: _BUG}

_RUN = {
    PASSED: text("every selected check concluded, none failed (warnings and waived findings are allowed)"),
    FAILED: text("at least one check failed"),
    INCONCLUSIVE: _UNSURE,
    **_ALWAYS,
}
_CHANGES = {
    PASSED: text("done, and proven"),
    FAILED: text("a step failed, or a check that the plan answers; what was done is in the journal"),
    USAGE: text("refused: nothing was changed"),
    INCONCLUSIVE: text("waiting for a person or for time, or not yet proven: it says for what"),
    BUG: _BUG,
}
_TOLD = {PASSED: text("it was printed"), **_ALWAYS}

CODES: Mapping[str, Mapping[int, Message]] = {
    "readiness": _RUN,
    "cutover": {
        **_RUN,
        INCONCLUSIVE: text("{unsure}; with --until: it was not reached", unsure=_UNSURE),
    },
    "verification": _RUN,
    "drift": {
        **_RUN,
        PASSED: text("nothing drifted, and every check concluded without a failure"),
        FAILED: text("something drifted, or at least one check failed"),
    },
    "baseline accept": {
        PASSED: text("the baseline was written, or says already what is so"),
        INCONCLUSIVE: text("refused, since something could not be looked at; --partial accepts that"),
        **_ALWAYS,
    },
    "guide": {PASSED: text("the checklist was printed, whatever it says"), **_ALWAYS},
    "plan": {
        PASSED: text("the plan is there, with or without changes"),
        INCONCLUSIVE: text("the plan is there, but something that it would have to know could not be looked at"),
        **_ALWAYS,
    },
    "apply": _CHANGES,
    "rollback": _CHANGES,
    "collect": {
        PASSED: text("everything was gathered"),
        INCONCLUSIVE: text("the bundle was written, but something in it is missing"),
        **_ALWAYS,
    },
    "attest": {
        PASSED: text("the record was written, or nothing was left to ask"),
        INCONCLUSIVE: text("interrupted; nothing was concluded"),
        **_ALWAYS,
    },
    "init": {PASSED: text("the configuration was written"), **_ALWAYS},
    "config check": {PASSED: text("the configuration is in order, its files and secrets are there"), **_ALWAYS},
    "config schema": _TOLD,
    "list": _TOLD,
    "explain": _TOLD,
    "lab": {PASSED: text("ended with Ctrl-C; around a command, that command's own exit code"), **_ALWAYS},
}
"""By the command's name. A test holds that every command is here."""


def page(say: Speaker) -> str:
    """Return the page."""
    return joined(_lines(say))


def _lines(say: Speaker) -> Iterator[str]:
    yield f"# {say(text('Exit codes'))}"
    yield ""
    yield say(
        text(
            "A command that judges gives 0 only when everything that was selected was looked at. For scripts: 0 go on, "
            "1 stop, 3 look at it again, 2 mend the call."
        )
    )
    yield ""
    for names, codes in _alike():
        yield from (f"## {', '.join(names)}", "")
        rows = ([code(str(number)), say(meaning)] for number, meaning in sorted(codes.items()))
        yield from say.table([text("exit code"), text("meaning")], rows)


def _alike() -> Iterator[tuple[list[str], Mapping[int, Message]]]:
    """Yield the commands whose codes mean the same, with these."""
    named = [(name, CODES.get(name.removeprefix("seppcheck "), {})) for name, _ in every_command()]
    while named:
        _, codes = named[0]
        yield [name for name, other in named if other == codes], codes
        named = [(name, other) for name, other in named if other != codes]
