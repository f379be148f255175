"""seppcheck.toml, the command line and bundles: read, validated, every fault told with its place."""

from __future__ import annotations

from seppcheck.settings.document import Document, Settings

__all__ = ["Document", "Settings"]
