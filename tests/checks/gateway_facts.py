"""Facts of a gateway as a person wrote them down, for tests of checks."""

from __future__ import annotations

from datetime import UTC, datetime

from seppcheck.api import Domain, Gateway, Voice
from seppcheck.model.outcomes import Assurance

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GATEWAY = Gateway("secure.example.org")
DOMAIN = Domain("example.org", "example", "seppmail")
WRITTEN = Voice(Assurance.ATTESTED, "gateway-record.toml", NOON, "A. Admin")
SEEN = Voice(Assurance.OBSERVED, "https://secure.example.org:8445/v1", NOON)
