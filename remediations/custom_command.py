"""Have the custom command entered that holds mail back, and the ruleset generated."""

from __future__ import annotations

from seppcheck.api import (
    GUIDE_COMMAND,
    CustomCommands,
    FactImage,
    Firmware,
    Gateway,
    ManualStep,
    Message,
    Note,
    Outcome,
    PlanPhase,
    Proposal,
    Step,
    System,
    Unavailable,
    examine_command,
    remediation,
    text,
    written_down,
)

_SINCE = (13, 0, 0)
_MENU = text("Mail Processing > Custom macros and commands for all e-mails BEFORE processing")
_WHY = text(
    "during the move the gateway tells the world to come again with 422; without the command mail could be lost"
)


@remediation("custom-command", kind="manual", phases=["readiness", "cutover"])
def enter_the_command(
    gateway: Gateway, commands: CustomCommands, firmware: Firmware | Unavailable, phase: PlanPhase
) -> Proposal:
    """Have the 14 lines entered where the text fails, and the ruleset generated where it is not known to be active."""
    old = [] if isinstance(firmware, Unavailable) else _too_old(firmware, phase)
    broken = [each.message for each in examine_command(commands.text) if each.outcome is Outcome.FAILED]
    if broken:
        return [*old, _enter(broken, commands)]
    return [*old, *_activate(gateway, commands, phase)]


def _enter(broken: list[Message], commands: CustomCommands) -> ManualStep:
    """Return the step that enters the text; whatever else the field holds stays, so no image of it can be given."""
    return ManualStep(
        summary=text("Enter the guide's custom command on the gateway"),
        why=_WHY,
        system=System.GATEWAY,
        steps=(
            text("On the gateway, open: {menu}", menu=_MENU),
            *(text("Take away what is wrong there: {why}", why=why) for why in broken if commands.text.strip()),
            text("Enter these 14 lines before everything else:\n{lines}", lines=GUIDE_COMMAND),
            *_generate(commands),
            written_down("custom-command", text("the text of the field, Generator, yes")),
        ),
        undo=(
            text("On the gateway, open: {menu}", menu=_MENU),
            text("Take the 14 lines away again; this text stood there before:\n{lines}", lines=commands.text or "-"),
            text("Click Save and Create ruleset."),
        ),
    )


def _generate(commands: CustomCommands) -> tuple[Message, ...]:
    kind = commands.ruleset_type
    upload = text(
        "Mail Processing: set the type of the ruleset from {type} to Generator; it takes two saves.", type=kind
    )
    known = kind is None or kind.casefold() == "generator"
    return (*(() if known else (upload,)), text("Click Save and Create ruleset."))


def _activate(gateway: Gateway, commands: CustomCommands, phase: PlanPhase) -> list[Step]:
    """Return the step that makes the text active; what nobody wrote down is only asked for in readiness."""
    kind, generated = commands.ruleset_type, commands.ruleset_generated
    failed = (kind is not None and kind.casefold() != "generator") or generated is False
    unknown = kind is None or generated is None
    if not failed and not (unknown and phase is PlanPhase.READINESS):
        return []
    return [
        ManualStep(
            summary=text("Generate the gateway's ruleset, so that the custom command is active"),
            why=text("a command that is saved and not part of the active ruleset does nothing"),
            system=System.GATEWAY,
            steps=(
                text("On the gateway, open: {menu}", menu=_MENU),
                *_generate(commands),
                written_down("custom-command", text("Generator, yes")),
            ),
            before=FactImage(CustomCommands.kind, gateway, {"ruleset_type": kind, "ruleset_generated": generated}),
            after=FactImage(CustomCommands.kind, gateway, {"ruleset_type": "Generator", "ruleset_generated": True}),
            undo=(text("On the gateway, activate the ruleset again that was active before."),),
        )
    ]


def _too_old(firmware: Firmware, phase: PlanPhase) -> list[Step | Note]:
    if firmware.release is None or firmware.release >= _SINCE:
        return []
    why = text("firmware {version} does not know the command compare_extended_field", version=firmware.version)
    if phase is PlanPhase.READINESS:
        return [Note(text("{why}: gateway-firmware plans the update", why=why))]
    return [
        ManualStep(
            summary=text("Update the gateway's firmware before the move"),
            why=why,
            system=System.GATEWAY,
            steps=(
                text("On the gateway, open: System > Update"),
                text("Install the present firmware, at least 13.0.0. Better do it days before the move."),
                written_down("custom-command", text("the new version")),
            ),
        )
    ]
