"""Have mail between managed domains follow the settings of the domain."""

from __future__ import annotations

from seppcheck.api import (
    FactImage,
    Gateway,
    InternalMails,
    ManualStep,
    Proposal,
    System,
    at_menu,
    remediation,
    steps_at,
    text,
)

_RIGHT = "use-domain-settings"
_MENU = text(
    "Mail System > Managed Domains > Send internal mails (between two managed domains) to the smarthost of the sending "
    "managed domain"
)


@remediation("gateway-internal-mail", kind="manual", phases=["readiness", "cutover"])
def follow_the_domain_settings(gateway: Gateway, internal: InternalMails) -> Proposal:
    """Have [Use Domain settings] chosen."""
    if internal.setting.strip().casefold() == _RIGHT:
        return []
    return [
        ManualStep(
            summary=text("Let mail between managed domains follow the settings of the domain"),
            why=text("inline there is no smarthost: with any other setting such mail has nowhere to go"),
            system=System.GATEWAY,
            steps=steps_at(
                _MENU,
                text("Choose: [Use Domain settings]"),
                check="gateway-internal-mail",
                shown=text("use-domain-settings"),
            ),
            before=FactImage(InternalMails.kind, gateway, {"setting": internal.setting}),
            after=FactImage(InternalMails.kind, gateway, {"setting": _RIGHT}),
            undo=at_menu(_MENU, text("Choose again: {setting}", setting=internal.setting or "-")),
        )
    ]
