"""How the gateway secures the way to Exchange Online."""

from __future__ import annotations

from seppcheck.api import ADVICE, Domain, Passed, Result, Severity, TlsLevel, Warned, check

_GOOD = ("secure", "verify", "fingerprint")


@check("gateway-tls-level", severity=Severity.ADVICE, phases=ADVICE)
def handover_is_verified(domain: Domain, tls: TlsLevel) -> Result:
    """The gateway verifies whom it hands the domain's mail over to.

    Inline, every incoming mail travels from the gateway to Exchange Online over the Internet. Only the levels
    secure, verify and fingerprint notice when somebody else answers there. This is advice beyond the guide.

    To mend:
    - Mail System > Managed Domains > the domain > TLS settings: choose secure, verify or fingerprint. Then Save.

    Sources:
    - SEPPmail REST API, managed domain: tls.level
    """
    level = tls.level.strip().casefold()
    if level in _GOOD:
        return Passed(
            "{domain} is handed over with TLS level {level}", domain=domain.name, level=level, subject=domain.name
        )
    return Warned(
        "{domain} is handed over with TLS level {level}, which does not verify the other side",
        domain=domain.name,
        level=level or "-",
        subject=domain.name,
        expected=", ".join(_GOOD),
        observed=level,
    )
