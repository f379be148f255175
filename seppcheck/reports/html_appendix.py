"""Part 7: certificates, waivers, settings and versions."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version

from seppcheck import __version__
from seppcheck.model.certificates import covers
from seppcheck.model.evidence import Unavailable
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import Waiver
from seppcheck.model.run import Run
from seppcheck.model.smtp import Anchor, Certificate, ChainVerdict, Presented, SmtpCertificate, StartTls
from seppcheck.model.text import Message, as_message, text
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.html_page import Page
from seppcheck.reports.order import waivers_of

_SOON = 30
"""Days before its end from which a certificate is warned of (guide, S1)."""
_ANCHORS: Mapping[Anchor, Message] = {
    Anchor.MOZILLA: text("a root of Mozilla's list"),
    Anchor.EXTRA: text("a root of extra_roots"),
    Anchor.MACHINE: text("this machine's store alone"),
    Anchor.NONE: text("no trusted root"),
}
_STARTTLS: Mapping[StartTls, Message] = {
    StartTls.NOT_ANNOUNCED: text("STARTTLS is not announced"),
    StartTls.REFUSED: text("STARTTLS is refused"),
    StartTls.DONE: text("no certificate was sent"),
    StartTls.UNKNOWN: text("the dialogue ended before"),
}


def certificates(page: Page) -> Html:
    """Return who presents which certificate, who expects it, and whether that fits."""
    rows = [_row(page, evidence, presented) for evidence in _seen(page.run) for presented in evidence.presented]
    rows += [
        _missing(page, record.target.name, page.say(record.content.detail))
        for record in page.run.records
        if record.kind == SmtpCertificate.kind and isinstance(record.content, Unavailable)
    ]
    if not rows:
        empty = element("p", page.say(text("No certificate was looked at.")), class_="empty")
        return page.section("certificates", text("Certificates"), empty)
    heads = text("Presented by"), text("Names"), text("Expected"), text("Match"), text("Chain ends in"), text("Expires")
    table = page.table(text("Who presents which certificate, and who expects it"), heads, rows)
    return page.section("certificates", text("Certificates"), table)


def _seen(run: Run) -> Iterator[SmtpCertificate]:
    for record in run.records:
        if isinstance(record.content, SmtpCertificate):
            yield record.content


def _row(page: Page, evidence: SmtpCertificate, presented: Presented) -> Html:
    who = join(element("b", presented.node), element("br"), f"[{presented.address}]:{evidence.port}")
    if not presented.chain:
        fault = page.say(as_message(presented.fault.detail)) if presented.fault else ""
        return _missing(page, who, fault or page.say(_STARTTLS[presented.starttls]))
    own = presented.chain[0]
    fits = any(covers(name, presented.node) for name in own.names)
    state = Outcome.PASSED if fits else Outcome.FAILED
    match = page.badge(state, text("matches") if fits else text("does not match"))
    cells = who, _names(own), presented.node, match, _chain(page, presented.verdict), _expiry(page, own)
    return element("tr", *(element("td", cell) for cell in cells))


def _missing(page: Page, who: object, why: str) -> Html:
    return element("tr", element("td", who), element("td", page.badge(Outcome.INCONCLUSIVE), " ", why, colspan=5))


def _names(certificate: Certificate) -> Html:
    return join(
        ", ".join(certificate.names) or certificate.subject, element("br"), element("small", certificate.issuer)
    )


def _chain(page: Page, verdict: ChainVerdict | None) -> Html:
    if verdict is None:
        return page.badge(Outcome.INCONCLUSIVE)
    trusted = verdict.anchor in (Anchor.MOZILLA, Anchor.EXTRA)
    badge = page.badge(Outcome.PASSED if trusted else Outcome.FAILED, _ANCHORS[verdict.anchor])
    return join(badge, element("br"), element("small", verdict.problem or verdict.root))


def _expiry(page: Page, certificate: Certificate) -> Html:
    days = (certificate.not_after - page.run.judged_at).days
    day = certificate.not_after.strftime("%Y-%m-%d")
    if certificate.not_after <= page.run.judged_at:
        return join(page.badge(Outcome.FAILED, text("expired")), " ", day)
    left = page.say(text("{count} days left", count=days))
    if certificate.not_before > page.run.judged_at:
        return join(page.badge(Outcome.FAILED, text("not yet valid")), " ", day)
    return join(page.badge(Outcome.WARNED if days < _SOON else Outcome.PASSED, text("until {day}", day=day)), " ", left)


def waivers(page: Page) -> Html:
    """Return who answers for what and until when, unused ones too."""
    rows = []
    for result in page.run.results:
        for place, waiver in enumerate(waivers_of(result)):
            anchor = page.anchor(result) if result.outcome is Outcome.WAIVED and not place else None
            rows.append(_waiver(page, result.check, result.target.name, waiver, Outcome.WAIVED, anchor))
    rows += [
        _waiver(page, unused.waiver.check, unused.waiver.target, unused.waiver, _why(expired=unused.expired), None)
        for unused in page.run.unused_waivers
    ]
    if not rows:
        content: Html = element("p", page.say(text("Nothing is waived.")), class_="empty")
    else:
        heads = text("Check"), text("Target"), text("State"), text("Owner"), text("Until"), text("Reason")
        content = page.table(text("Findings that somebody answers for"), heads, rows)
    return page.section("waivers", text("Waivers"), content)


def _why(*, expired: bool) -> Message:
    return text("expired") if expired else text("unused")


def _waiver(page: Page, check: str, target: str, waiver: Waiver, state: Outcome | Message, anchor: str | None) -> Html:
    badge = page.badge("not-selected", state) if isinstance(state, Message) else page.badge(state)
    cells = element("code", check), target, badge, waiver.owner, waiver.until.isoformat(), waiver.reason
    return element("tr", *(element("td", cell) for cell in cells), id=anchor)


def settings(page: Page) -> Html:
    """Return the settings in force, without secrets, and the versions that made this report."""
    rows = [_fact(key, value) for key, value in _flat("", page.run.settings or {})]
    made = [_fact(name, number) for name, number in _versions().items()]
    tables = page.table(text("Versions"), (text("Program"), text("Version")), made)
    if rows:
        tables = join(page.table(text("Settings without secrets"), (text("Key"), text("Value")), rows), tables)
    shown = element("summary", page.say(text("Show settings and versions")))
    return page.section("settings", text("Settings and versions"), element("details", shown, tables, class_="group"))


def _fact(key: str, value: str) -> Html:
    return element("tr", element("th", element("code", key), scope="row"), element("td", value))


def _flat(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield every setting under its dotted path; numbers stand for places in lists."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(v, Mapping) for v in value):
        for place, inner in enumerate(value):
            yield from _flat(f"{path}[{place}]", inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield path, ", ".join(str(inner) for inner in value)
    elif value is not None:
        yield path, str(value)


def _versions() -> dict[str, str]:
    others = {name: version(name) for name in ("pytest", "pytest-html")}
    return {"seppcheck": __version__, "Python": platform.python_version(), **others}
