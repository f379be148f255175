"""Where the gateway sends mail between two managed domains."""

from __future__ import annotations

from seppcheck.api import ALL, Failed, Gateway, InternalMails, Passed, Result, Severity, check

_RIGHT = "use-domain-settings"


@check("gateway-internal-mail", requirements=["P6"], severity=Severity.HIGH, phases=ALL)
def internal_mail_follows_the_domain_settings(gateway: Gateway, internal: InternalMails) -> Result:
    """Mail between two managed domains follows the settings of the domain.

    In parallel operation mail between two managed domains may go to the smarthost of the sending domain. In
    inline operation there is no smarthost: with any other setting such mail has nowhere to go.

    The guide (P6, chapter Vorarbeiten) wants [Use Domain settings]. The gateway has no interface that would tell
    this setting to a program, so a person writes it down.

    To mend:
    - Mail System > Managed Domains > Send internal mails (between two managed domains) to the smarthost of the
      sending managed domain: choose [Use Domain settings]. Then Save.
    - Write it down: seppcheck attest --only gateway-internal-mail.

    Sources:
    - The guide, P6: Vorarbeiten, Mail System > Managed Domains
    """
    if internal.setting.strip().casefold() == _RIGHT:
        return Passed("mail between managed domains follows the domain settings", subject=gateway.name)
    return Failed(
        "mail between managed domains is handled by {setting}, not by the domain settings",
        setting=internal.setting or "-",
        subject=gateway.name,
        expected=_RIGHT,
        observed=internal.setting,
    )
