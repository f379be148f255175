"""Have the built-in mail transport agent enabled."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.api import (
    BuiltinMta,
    FactImage,
    Gateway,
    MailSamples,
    ManualStep,
    Note,
    Now,
    PlanPhase,
    Proposal,
    Site,
    System,
    Unavailable,
    at_menu,
    remediation,
    steps_at,
    text,
)

_MENU = text("Mail System > Outgoing Server > Use built-in mail transport agent")


@remediation("gateway-mta", kind="manual", phases=["readiness", "cutover"])
def enable_the_mail_transport_agent(
    gateway: Gateway, mta: BuiltinMta, samples: MailSamples | Unavailable, site: Site, phase: PlanPhase, now: Now
) -> Proposal:
    """Have it enabled; of samples that show the old way, tell that the checks go by them."""
    notes = [] if phase is PlanPhase.READINESS or isinstance(samples, Unavailable) else _old(samples, site, now)
    return [*notes] if mta.enabled else [_enable(gateway), *notes]


def _enable(gateway: Gateway) -> ManualStep:
    return ManualStep(
        summary=text("Enable the gateway's built-in mail transport agent"),
        why=text("inline, the gateway delivers to the Internet itself; by a relay mail may travel in circles"),
        system=System.GATEWAY,
        steps=steps_at(_MENU, text("Enable it."), check="gateway-mta", shown=text("yes")),
        before=FactImage(BuiltinMta.kind, gateway, {"enabled": False}),
        after=FactImage(BuiltinMta.kind, gateway, {"enabled": True}),
        undo=at_menu(_MENU, text("Disable it.")),
    )


def _old(samples: MailSamples, site: Site, now: Now) -> Iterator[Note]:
    """Yield what to do with samples of mail that went out by a smarthost: of before the move, they prove nothing."""
    ours = {domain.name for domain in site.domains}
    for sample in samples.fresh(now.at):
        if sample.outgoing and sample.sender_domain in ours and sample.header("X-SM-smarthost") is not None:
            yield Note(
                text(
                    "{file} shows mail that went out by a smarthost, as in parallel mode: the checks go by it until it "
                    "is taken out of [mail] samples",
                    file=sample.file,
                )
            )
