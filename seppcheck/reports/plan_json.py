"""A plan as JSON: what is reviewed, kept, and applied. `plan.schema.json` describes it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from seppcheck.plan_document import to_document, to_json

__all__ = ["plan_schema", "to_document", "to_json"]


def plan_schema() -> dict[str, Any]:
    """Return the published JSON Schema (draft 2020-12) of `to_json`."""
    published = files("seppcheck.reports").joinpath("plan.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(published)
    return schema
