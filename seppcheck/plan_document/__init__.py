"""A plan as a JSON document: what is reviewed, stored beside the configuration, and put into a journal."""

from __future__ import annotations

from seppcheck.plan_document.canonical import fingerprint
from seppcheck.plan_document.reading import from_document, image_from_document
from seppcheck.plan_document.writing import SCHEMA_VERSION, fingerprint_of, image_to_document, to_document, to_json

__all__ = [
    "SCHEMA_VERSION",
    "fingerprint",
    "fingerprint_of",
    "from_document",
    "image_from_document",
    "image_to_document",
    "to_document",
    "to_json",
]
