from __future__ import annotations

import pytest

from checks.custom_command import hold_command_is_active
from seppcheck.api import CustomCommands, Finding, Firmware, Reason, Unavailable, text
from seppcheck.judgement.hold_command import GUIDE_COMMAND as GUIDE
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.gateway_facts import GATEWAY, WRITTEN

UNKNOWN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))


def judged(
    pasted: str = GUIDE,
    *,
    kind: str | None = "Generator",
    generated: bool | None = True,
    firmware: str | None = "15.0.4",
) -> list[Finding]:
    commands = CustomCommands(pasted, kind, generated, WRITTEN, "before.txt")
    version = UNKNOWN if firmware is None else Firmware(firmware, WRITTEN)
    found = hold_command_is_active(GATEWAY, commands, version)
    assert not isinstance(found, Finding)
    return list(found)


def outcome(*arguments: str, **changes: object) -> Outcome:
    return outcome_of(judged(*arguments, **changes))  # type: ignore[arg-type]  # the keywords of `judged`


def test_the_guides_lines_in_a_generated_ruleset_pass() -> None:
    assert outcome() is Outcome.PASSED
    assert outcome(firmware=None) is Outcome.PASSED


def test_a_difference_is_shown_as_a_person_would_point_at_it() -> None:
    first = judged(GUIDE.replace("eq:s", "eq:r"))[0]

    assert first.outcome is Outcome.FAILED
    assert str(first.summary) == "line 7, column 47: 'eq:s' should stand there, and 'eq:r' does"
    assert (str(first.expected), str(first.observed), first.subject) == ("'eq:s'", "'eq:r'", "before.txt")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "Upload"}, Outcome.FAILED),
        ({"kind": "upload"}, Outcome.FAILED),
        ({"kind": "generator"}, Outcome.PASSED),
        ({"kind": None}, Outcome.WARNED),
        ({"generated": False}, Outcome.FAILED),
        ({"generated": None}, Outcome.WARNED),
        ({"firmware": "12.1.16"}, Outcome.FAILED),
        ({"firmware": "13.0"}, Outcome.PASSED),
        ({"firmware": "13.0.0-RC1"}, Outcome.PASSED),
        ({"firmware": "9"}, Outcome.FAILED),
    ],
)
def test_saved_is_not_yet_active(changes: dict[str, object], expected: Outcome) -> None:
    assert outcome(**changes) is expected


def test_a_harmless_difference_is_warned() -> None:
    assert outcome(GUIDE.replace("'422'", "'450'")) is Outcome.WARNED
