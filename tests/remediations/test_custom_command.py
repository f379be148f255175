from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.custom_command import hold_command_is_active
from remediations.custom_command import enter_the_command
from seppcheck.api import (
    GUIDE_COMMAND,
    CustomCommands,
    Firmware,
    ManualStep,
    PlanPhase,
    Proposal,
    Reason,
    Unavailable,
    text,
)
from tests.checks.evidence import outcome
from tests.checks.gateway_facts import GATEWAY, WRITTEN
from tests.remediations.dns_simulation import kinds
from tests.remediations.fact_simulation import done, notes, opens_the_menu, step_of, told

UNKNOWN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))


def commands(
    said: str = GUIDE_COMMAND, kind: str | None = "Generator", generated: bool | None = True
) -> CustomCommands:
    return CustomCommands(said, kind, generated, WRITTEN)


def plan(
    found: CustomCommands, firmware: Firmware | Unavailable = UNKNOWN, phase: PlanPhase = PlanPhase.READINESS
) -> Proposal:
    return enter_the_command(GATEWAY, found, firmware, phase)


@pytest.mark.parametrize("phase", [PlanPhase.READINESS, PlanPhase.CUTOVER])
def test_a_command_that_is_active_needs_nothing(phase: PlanPhase) -> None:
    assert plan(commands(), phase=phase) == []
    assert plan(commands("virus_check();\n" + GUIDE_COMMAND), phase=phase) == []  # only a warning


@pytest.mark.parametrize("said", ["", GUIDE_COMMAND.replace("'422'", "'550'"), GUIDE_COMMAND.replace("'", '"')])
def test_the_14_lines_stand_in_one_step_with_their_line_breaks(said: str) -> None:
    step = step_of(plan(commands(said)))
    (lines,) = [str(each) for each in step.steps if "14 lines" in str(each)]
    assert lines.endswith(GUIDE_COMMAND)
    assert opens_the_menu(step, "custom-command", "before_processing")
    assert "Click Save and Create ruleset." in told(step)
    assert step.after is None  # whatever else the field holds stays, and only the check tells
    assert (said or "-") in told(step)


def test_entered_as_told_the_check_passes() -> None:
    for before in ("", "virus_check();\n", "# " + GUIDE_COMMAND.replace("\n", "\n# ")):
        step_of(plan(commands(before)))
        after = commands(GUIDE_COMMAND + before)
        assert outcome(hold_command_is_active(GATEWAY, after, UNKNOWN)) == "passed"
        assert plan(after) == []


kinds_of_rulesets = st.sampled_from([None, "Generator", "generator", "Upload"])


@given(kind=kinds_of_rulesets, generated=st.sampled_from([None, True, False]))
def test_generated_and_written_down_the_check_passes_and_nothing_is_left_to_plan(
    kind: str | None, generated: bool | None
) -> None:
    found = commands(kind=kind, generated=generated)
    proposal = plan(found)
    after = done(found, step_of(proposal)) if proposal else found
    assert outcome(hold_command_is_active(GATEWAY, after, UNKNOWN)) == "passed"
    assert plan(after) == []


def test_going_back_from_upload_takes_two_saves() -> None:
    assert "from Upload to Generator; it takes two saves" in told(step_of(plan(commands(kind="Upload"))))


def test_what_nobody_wrote_down_does_not_hold_up_a_cutover() -> None:
    assert plan(commands(kind=None, generated=None), phase=PlanPhase.CUTOVER) == []
    assert kinds(plan(commands(generated=False), phase=PlanPhase.CUTOVER)) == ["ManualStep"]


def test_a_firmware_that_does_not_know_the_command_comes_first() -> None:
    old = Firmware("12.1.16", WRITTEN)
    assert "gateway-firmware plans the update" in notes(plan(commands(), old))
    (step,) = plan(commands(), old, PlanPhase.CUTOVER)
    assert isinstance(step, ManualStep)
    assert "System > Update" in told(step)
    assert plan(commands(), Firmware("13.0.0", WRITTEN), PlanPhase.CUTOVER) == []
