"""Source `history`: what earlier runs saw of a domain."""

from __future__ import annotations

from seppcheck import history
from seppcheck.model.evidence import Unavailable
from seppcheck.model.history import RunHistory
from seppcheck.model.outcomes import Reason
from seppcheck.model.sources import Session, source
from seppcheck.model.targets import Domain
from seppcheck.model.text import text


@source(history.SOURCE)
async def run_history(domain: Domain, session: Session) -> RunHistory | Unavailable:
    """Return what the session's documents of earlier runs say of a domain; nothing is read here."""
    try:
        return history.run_history(domain, session.history, session.settings.run.history)
    except ValueError as error:
        detail = text("the history of earlier runs is damaged ({problem}): take another bundle", problem=error)
        return Unavailable(Reason.MALFORMED, detail)
