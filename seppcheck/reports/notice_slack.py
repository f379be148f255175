"""A changed verdict as a message for Slack (Block Kit), by an incoming webhook.

Every text is plain_text: nothing in it is markup, and nothing is made a link, a mention or a picture.
https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from typing import Any

from seppcheck.model.notices import Notice
from seppcheck.model.text import Translate
from seppcheck.reports.encoders import for_slack
from seppcheck.reports.notice_words import told

_HEADER = 150
"""Characters that a header may have; 3000 in a section, 2000 in a field, all after encoding."""
_LONGEST = 500


def to_slack(notice: Notice, translate: Translate | None = None) -> dict[str, Any]:
    """Return the body of the request, as JSON has it; `translate` is by default that of the run's language."""
    said = told(notice, translate)
    blocks = [
        {"type": "header", "text": _plain(said.title, _HEADER)},
        {"type": "section", "text": _plain(said.answer)},
        {"type": "section", "fields": [_plain(f"{label}: {value}") for label, value in said.facts]},
        *({"type": "section", "text": _plain(line)} for line in said.lines),
        *([{"type": "context", "elements": [_plain(said.more)]}] if said.more else []),
    ]
    fallback = for_slack(f"{said.title}: {said.answer}", limit=_LONGEST)
    return {"text": fallback, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False, "blocks": blocks}


def _plain(value: str, limit: int = _LONGEST) -> dict[str, Any]:
    return {"type": "plain_text", "emoji": False, "text": for_slack(value, limit=limit)}
