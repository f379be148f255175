"""Stop a cutover while domains of the tenant would be left without their mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seppcheck.api import (
    AcceptedDomainMx,
    AcceptedDomains,
    ExchangeObject,
    FactImage,
    MailFlow,
    ManualStep,
    Message,
    Note,
    PlanPhase,
    Proposal,
    Role,
    Site,
    System,
    Tenant,
    Unavailable,
    having,
    host_name,
    plan_anew,
    remediation,
    sender_domains,
    text,
)

_OWN = ".onmicrosoft.com"


@remediation("tenant-domains", kind="manual", phases=["readiness", "cutover", "completion"])
def decide_about_every_domain_of_the_tenant(
    tenant: Tenant,
    accepted: AcceptedDomains,
    mx: AcceptedDomainMx,
    flow: MailFlow | Unavailable,
    site: Site,
    phase: PlanPhase,
) -> Proposal:
    """Name the domains that do not move and whose mail goes to Microsoft: the enabled connector for `*` refuses it.

    Nothing else begins before that is decided. The domains that this plan moves are not meant, nor those below
    onmicrosoft.com, which cannot be moved.
    """
    moving = [domain.name for domain in site.domains]
    aside = {host_name(each.text("DomainName")) for each in accepted.objects if each.flag("IsCoexistenceDomain")}
    left = [name for name in mx.at_microsoft if name not in (*moving, *aside)]
    silent = [name for name in mx.unanswered if name not in (*moving, *aside)]
    notes = [*_default(accepted.objects)]
    if not (left or silent) or not _is_for_everybody(flow):
        return notes
    if phase is PlanPhase.READINESS:
        return [*notes, *_early(left)]
    after = FactImage(
        AcceptedDomainMx.kind,
        tenant,
        {
            "at_microsoft": [name for name in mx.at_microsoft if name not in left],
            "unanswered": [name for name in mx.unanswered if name not in silent],
        },
    )
    return [*notes, _decide(left, silent, after, phase)]


def _is_for_everybody(flow: MailFlow | Unavailable) -> bool:
    """Tell whether an inline inbound connector is for every sender, or will be once it is made."""
    inline = () if isinstance(flow, Unavailable) else having(flow.inbound, Role.INLINE)
    lists = [sender_domains(each.entry) or ("*",) for each in inline]
    return not lists or any("*" in each for each in lists)


def _decide(left: Sequence[str], silent: Sequence[str], after: FactImage, phase: PlanPhase) -> ManualStep:
    return ManualStep(
        summary=text("Decide about the domains of the tenant that do not move: {domains}", domains=[*left, *silent]),
        why=text(
            "once the inbound connector for every sender is enabled, Exchange Online refuses all mail that does not "
            "come through the gateway, also that of these domains"
        ),
        system=System.PEOPLE,
        steps=(
            *_told(left, silent),
            text(
                "Let each of them move as well: make it a managed domain of the gateway and add it to [[domains]] of "
                "seppcheck.toml."
            ),
            text(
                "Or remove it from the tenant, or let its MX record name another host that hands over to the gateway."
            ),
            text(
                "Or knowingly give the inline inbound connector a list of sender domains; the others are not protected "
                "then."
            ),
            plan_anew(phase),
        ),
        after=after,
    )


def _told(left: Sequence[str], silent: Sequence[str]) -> Iterator[Message]:
    if left:
        yield text("The mail of {domains} goes to Microsoft directly.", domains=left)
    if silent:
        yield text("Where the mail of {domains} goes could not be looked up: look again.", domains=silent)


def _early(left: Sequence[str]) -> Iterator[Note]:
    if left:
        yield Note(
            text(
                "the mail of {domains} goes to Microsoft directly, and is refused once the inline inbound connector is "
                "enabled: decide about them before the cutover",
                domains=left,
            )
        )


def _default(accepted: Sequence[ExchangeObject]) -> Iterator[Note]:
    for each in accepted:
        name = host_name(each.text("DomainName"))
        if name.endswith(_OWN) and each.flag("Default"):
            yield Note(
                text(
                    "{domain} is the tenant's default domain, whose senders the gateway refuses: make another domain "
                    "the default",
                    domain=name,
                )
            )
