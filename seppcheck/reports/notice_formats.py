"""The forms that a notice has, by the kind of what listens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from seppcheck.model.notices import Notice
from seppcheck.reports.notice_slack import to_slack
from seppcheck.reports.notice_teams import to_teams
from seppcheck.reports.notice_webhook import to_webhook

BODIES: Mapping[str, Callable[[Notice], dict[str, Any]]] = {
    "webhook": to_webhook,
    "teams": to_teams,
    "slack": to_slack,
}
"""Makes the body of the request."""
