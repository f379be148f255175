"""Have the custom command added that goes with DKIM of Exchange Online."""

from __future__ import annotations

from seppcheck.api import (
    DkimCommand,
    DkimSigningConfigs,
    FactImage,
    Gateway,
    ManualStep,
    Proposal,
    Site,
    System,
    Unavailable,
    remediation,
    text,
    written_down,
)

_MENU = text("Mail Processing > Custom macros and commands")


@remediation("dkim-custom-command", kind="manual", phases=["readiness", "cutover"])
def add_the_command(
    gateway: Gateway, command: DkimCommand, signing: DkimSigningConfigs | Unavailable, site: Site
) -> Proposal:
    """Have it added, once for all domains that Exchange Online signs for; the vendor alone knows its text."""
    if command.present or isinstance(signing, Unavailable):
        return []
    ours = {domain.name for domain in site.domains}
    rows = [each for each in signing.objects if each.flag("Enabled")]
    signed = [name for each in rows if (name := each.text("Domain").rstrip(".").lower()) in ours]
    if not signed:
        return []
    return [
        ManualStep(
            summary=text("Add the custom command for DKIM of Exchange Online to the gateway"),
            why=text(
                "Exchange Online signs for {domains} before the gateway changes the message, so its signature arrives "
                "broken",
                domains=signed,
            ),
            system=System.GATEWAY,
            steps=(
                text("Ask the vendor for the custom command that the guide links under Hinweis zu DKIM (not public)."),
                text("On the gateway, open: {menu}", menu=_MENU),
                text("Enter the command. Click Save and Create ruleset."),
                written_down("dkim-custom-command", text("yes")),
                text("Or let the gateway alone sign: Set-DkimSigningConfig -Identity DOMAIN -Enabled $false"),
            ),
            before=FactImage(DkimCommand.kind, gateway, {"present": False}),
            after=FactImage(DkimCommand.kind, gateway, {"present": True}),
            undo=(
                text("On the gateway, open: {menu}", menu=_MENU),
                text("Take the command away again. Click Save and Create ruleset."),
            ),
        )
    ]
