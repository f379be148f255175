"""The gateway's firmware."""

from __future__ import annotations

from seppcheck.api import ADVICE, Firmware, Gateway, Inconclusive, Passed, Reason, Result, Severity, Warned, check

_SAFE = (15, 0, 4)


@check("gateway-firmware", severity=Severity.ADVICE, phases=ADVICE)
def firmware_is_free_of_known_holes(gateway: Gateway, firmware: Firmware) -> Result:
    """The gateway's firmware is 15.0.4 or later.

    In inline operation the gateway stands before all mail and is reached from the whole Internet. Below 15.0.4
    strangers can run programs on it and read its files without logging in (CVE-2026-44126, CVE-2026-44127,
    CVE-2026-44128). This is advice beyond the guide.

    To mend:
    - System > Update: install the present firmware, before the move. Then write it down:
      seppcheck attest --only gateway-firmware.

    Sources:
    - CVE-2026-44126, CVE-2026-44127, CVE-2026-44128
    """
    if firmware.release is None:
        return Inconclusive(
            "{version} is no version that can be compared: write it as the gateway shows it, such as 15.0.4",
            version=firmware.version or "-",
            subject=gateway.name,
            reason=Reason.MALFORMED,
        )
    if firmware.release >= _SAFE:
        return Passed("the firmware is {version}", version=firmware.version, subject=gateway.name)
    return Warned(
        "firmware {version} can be taken over without a log-in: update to 15.0.4 or later before the move",
        version=firmware.version,
        subject=gateway.name,
        expected=">= 15.0.4",
        observed=firmware.version,
    )
