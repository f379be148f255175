"""Part 7, the certificates: who presents which, who expects which name, and whether that fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seppcheck.model.outcomes import Outcome
from seppcheck.model.smtp import Anchor, Certificate, ChainVerdict
from seppcheck.model.text import Message, text
from seppcheck.reports.certificate_matrix import Column, Expectation, Row, matrix
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.html_page import Page

_SOON = 30
"""Days before its end from which a certificate is warned of (guide, S1)."""
_MANY = 30
"""Rows that are shown at once; the others are folded."""
_ANCHORS: Mapping[Anchor, Message] = {
    Anchor.MOZILLA: text("a root of Mozilla's list"),
    Anchor.EXTRA: text("a root of extra_roots"),
    Anchor.MACHINE: text("this machine's store alone"),
    Anchor.NONE: text("no trusted root"),
}
_COLUMNS: Mapping[Column, Message] = {
    Column.NAME: text("Gateway's name (MX, PTR)"),
    Column.OUTBOUND: text("Outbound connector (TlsDomain)"),
    Column.INBOUND: text("Inbound connector (TlsSenderCertificateName)"),
    Column.MTA_STS: text("MTA-STS"),
    Column.TLSA: text("TLSA"),
}
_MATCHES: Mapping[Outcome, Message] = {
    Outcome.PASSED: text("matches"),
    Outcome.WARNED: text("matches, but not as it should"),
    Outcome.FAILED: text("does not match"),
    Outcome.NOT_APPLICABLE: text("demands no name"),
}


def certificates(page: Page) -> Html:
    """Return the matrix: a certificate in each row, in the columns who expects what of it."""
    rows = matrix(page.run)
    if not rows:
        empty = element("p", page.say(text("No certificate was looked at.")), class_="empty")
        return page.section("certificates", text("Certificates"), empty)
    columns = [column for column in Column if any(row.cells.get(column) for row in rows)]
    table = _table(page, rows[:_MANY], columns)
    more = None
    if len(rows) > _MANY:
        summary = element("summary", page.say(text("{count} more certificates", count=len(rows) - _MANY)))
        more = element("details", summary, _table(page, rows[_MANY:], columns), class_="group")
    return page.section("certificates", text("Certificates"), _first_to_expire(page, rows), table, more)


def _first_to_expire(page: Page, rows: Sequence[Row]) -> Html | None:
    dated = [(row.certificate.not_after, row) for row in rows if row.certificate is not None]
    if not dated:
        return None
    moment, row = min(dated, key=lambda pair: pair[0])
    days = (moment - page.run.judged_at).days
    day = moment.date().isoformat()
    sentence = text("Expired since {day}: the certificate of {who}.", day=day, who=row.who)
    if moment > page.run.judged_at:
        sentence = text(
            "The first to expire is that of {who}, on {day}, in {days} days.", day=day, who=row.who, days=days
        )
    return element("p", page.say(sentence))


def _table(page: Page, rows: Sequence[Row], columns: Sequence[Column]) -> Html:
    heads = (
        *(text("Presented by"), text("Names")),
        *(_COLUMNS[column] for column in columns),
        *(text("Chain ends in"), text("Expires")),
    )
    body = [_row(page, row, columns) for row in rows]
    return page.table(text("Who presents which certificate, and who expects it"), heads, body)


def _row(page: Page, row: Row, columns: Sequence[Column]) -> Html:
    who = join(element("b", page.say(row.who)), element("br"), element("small", page.say(row.where)))
    if row.certificate is None:
        why = join(page.badge(Outcome.INCONCLUSIVE), " ", page.say(row.why))
        return element("tr", element("td", who), element("td", why, colspan=len(columns) + 3))
    cells = [
        _names(row.certificate),
        *(_cell(page, row.cells.get(column, ())) for column in columns),
        _chain(page, row.verdict) if Column.NAME in row.cells else "—",
        _expiry(page, row.certificate),
    ]
    return element("tr", element("td", who), *(element("td", cell) for cell in cells))


def _cell(page: Page, expected: Sequence[Expectation]) -> Html:
    if not expected:
        return join("—")
    return join(*(_expectation(page, each) for each in expected))


def _expectation(page: Page, each: Expectation) -> Html:
    badge = page.badge(each.outcome, _MATCHES.get(each.outcome))
    return element("div", badge, element("br"), page.say(each.wanted))


def _names(certificate: Certificate) -> Html:
    common = f"CN={', '.join(certificate.common_names)}" if certificate.common_names else certificate.subject
    others = [name for name in certificate.names if name not in certificate.common_names]
    parts = [common, *([", ".join(others)] if others else [])]
    lines = join(*(element("div", part) for part in parts))
    return join(lines, element("small", certificate.issuer))


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
