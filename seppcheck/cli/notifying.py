"""Telling people, after the report, that the verdict changed. Whatever comes of it, the verdict stands."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck import secrets
from seppcheck.clients import webhooks
from seppcheck.clients.http import HttpFault
from seppcheck.errors import UserError
from seppcheck.model.notices import Notice
from seppcheck.model.run import Run
from seppcheck.model.text import Message, text
from seppcheck.notices import notice_of
from seppcheck.reports.notice_formats import BODIES
from seppcheck.run import Request
from seppcheck.settings import Settings
from seppcheck.settings.sections import NotifySection

_GONE = (404, 410)
_FORBIDDEN = (401, 403)


def notify(run: Run, request: Request) -> Iterator[Message]:
    """Tell every `[[notify]]` that wants this change; yield what became of it, for standard error.

    A replay tells nobody. Nor does a run that was limited to some checks or domains: its verdict compares with none.
    """
    settings = request.settings
    if not settings.notify or not request.live:
        return
    if not run.whole or run.interrupted:
        yield text("nobody was notified: a run that was limited or interrupted is not compared with the one before")
        return
    notice = notice_of(run)
    if notice is None:
        return
    for number, section in enumerate(settings.notify, 1):
        if notice.change.value in section.on:
            yield _tell(notice, settings, number, section)


def _tell(notice: Notice, settings: Settings, number: int, section: NotifySection) -> Message:
    where = text("notify[{number}] ({kind})", number=number, kind=section.kind)
    try:
        url = secrets.read(section.url, settings.folder)
        ca_file = settings.path(section.ca_file) if section.ca_file else None
        host = webhooks.post(url, BODIES[section.kind](notice), ca_file=ca_file)
    except UserError as error:
        return _untold(where, error.message, text("correct {reference}", reference=section.url))
    except KeyboardInterrupt:  # of the telling, not of the run: its exit code stays
        return _untold(where, text("interrupted"), text("its URL is in {reference}", reference=section.url))
    except HttpFault as fault:
        return _untold(where, fault.detail, _advice(fault, section.url))
    return text("{where}: {host} was told that the verdict changed", where=where, host=host)


def _untold(where: Message, problem: Message, advice: Message) -> Message:
    return text(
        "{where}: not told that the verdict changed: {problem}. Tell them yourself, it is not repeated; {advice}",
        where=where,
        problem=problem,
        advice=advice,
    )


def _advice(fault: HttpFault, reference: str) -> Message:
    if fault.status in _GONE:
        return text("make a new webhook there and put its URL where {reference} is read", reference=reference)
    if fault.status in _FORBIDDEN:
        return text("the URL in {reference} may be incomplete, or was withdrawn", reference=reference)
    if fault.untrusted:
        return text("name its authority with ca_file under [[notify]]")
    return text(
        "see whether this machine may reach it, and whether the URL in {reference} is right", reference=reference
    )
