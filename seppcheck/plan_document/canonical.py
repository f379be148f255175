"""The fingerprint of a plan: equal for equal content, whenever it was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_MOMENTS = frozenset({"fingerprint", "created_at", "judged_at"})


def fingerprint(document: Mapping[str, Any]) -> str:
    """Return `sha256:` and the SHA-256 of the document's canonical JSON: sorted keys, no blanks, UTF-8.

    `fingerprint`, `created_at` and `judged_at`, and the `until` of a change, are left out: they are moments.

    Args:
        document: a plan's, as `to_document` makes it.
    """
    covered = {key: value for key, value in document.items() if key not in _MOMENTS}
    covered["changes"] = [{k: v for k, v in change.items() if k != "until"} for change in document["changes"]]
    canonical = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(canonical.encode('utf-8', 'surrogatepass')).hexdigest()}"
