"""Have the gateway's firmware updated."""

from __future__ import annotations

from seppcheck.api import (
    Firmware,
    Gateway,
    ManualStep,
    Note,
    PlanPhase,
    Proposal,
    System,
    remediation,
    text,
    written_down,
)

_SAFE = (15, 0, 4)


@remediation("gateway-firmware", kind="manual", phases=["readiness", "cutover"])
def update_the_firmware(gateway: Gateway, firmware: Firmware, phase: PlanPhase) -> Proposal:
    """Have it updated before the move; in cutover it is only told, for that night is no time for it."""
    if firmware.release is not None and firmware.release >= _SAFE:
        return []
    if phase is not PlanPhase.READINESS:
        told = text(
            "the firmware {version} of {name} is older than 15.0.4", version=firmware.version, name=gateway.name
        )
        return [Note(told)] if firmware.release is not None else []
    return [
        ManualStep(
            summary=text("Update the gateway's firmware to 15.0.4 or later"),
            why=text("below 15.0.4 strangers can run programs on it, and inline the whole Internet reaches it"),
            system=System.GATEWAY,
            steps=(
                text("On the gateway, open: System > Update"),
                text(
                    "Install the present firmware ({version} is installed), node by node.",
                    version=firmware.version or "-",
                ),
                written_down("gateway-firmware", text("the new version")),
            ),
        )
    ]
