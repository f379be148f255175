"""A changed verdict as a card for Microsoft Teams: the message that a Workflow's webhook trigger takes.

The retired Office 365 connectors took a MessageCard; a Workflow ("When a Teams webhook request is received")
takes a message whose attachment is an Adaptive Card. The limit of a message is 28 KB.
https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams
"""

from __future__ import annotations

from typing import Any

from seppcheck.model.notices import Notice, VerdictChange
from seppcheck.model.text import Translate
from seppcheck.reports.encoders import for_adaptive_card
from seppcheck.reports.notice_words import told

_COLOURS = {
    VerdictChange.FAILED: "Attention",
    VerdictChange.INCONCLUSIVE: "Warning",
    VerdictChange.RECOVERED: "Good",
}
_LONGEST = 150


def to_teams(notice: Notice, translate: Translate | None = None) -> dict[str, Any]:
    """Return the body of the request, as JSON has it; `translate` is by default that of the run's language."""
    said = told(notice, translate)
    body = [
        _line(_run(said.title, isSubtle=True)),
        _line(_run(said.answer, size="Large", weight="Bolder", color=_COLOURS[notice.change])),
        *(_line(_run(f"{label}: ", isSubtle=True), _run(value)) for label, value in said.facts),
        *(_line(_run(line)) for line in said.lines),
        *([_line(_run(said.more, isSubtle=True))] if said.more else []),
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": for_adaptive_card(said.answer, limit=_LONGEST),
        "msteams": {"width": "Full"},
        "body": body,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _line(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [*runs]}


def _run(value: str, **look: Any) -> dict[str, Any]:
    """Return a TextRun: the one element with text of which no Markdown is read."""
    return {"type": "TextRun", "text": for_adaptive_card(value, limit=_LONGEST), **look}
