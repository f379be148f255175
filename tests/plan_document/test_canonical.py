from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from seppcheck.plan_document import fingerprint, to_document
from tests.reports.plans import NOW, cutover_plan


def test_it_is_the_sha_256_of_the_canonical_json() -> None:
    document = {"gateway": "Grüße", "b": [1, None], "a": {"z": True, "y": "\u2028"}, "changes": [], "judged_at": "x"}
    canonical = '{"a":{"y":"\u2028","z":true},"b":[1,null],"changes":[],"gateway":"Grüße"}'
    assert fingerprint(document) == f"sha256:{hashlib.sha256(canonical.encode('utf-8')).hexdigest()}"


@pytest.mark.parametrize("key", ["fingerprint", "created_at", "judged_at"])
def test_moments_do_not_count(key: str) -> None:
    document = to_document(cutover_plan())
    assert fingerprint({**document, key: "other"}) == document["fingerprint"]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path] + [leaf for key in value for leaf in leaves(value[key], (*path, key))]
    if isinstance(value, list):
        return [path] + [leaf for place, item in enumerate(value) for leaf in leaves(item, (*path, place))]
    return [path]


def changed(document: Any, path: tuple[Any, ...]) -> Any:
    copy = json.loads(json.dumps(document))
    node = copy
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = "something else"
    return copy


def test_everything_else_counts_wherever_it_stands() -> None:
    document = to_document(cutover_plan())
    moments = {("fingerprint",), ("created_at",), ("judged_at",)}
    paths = [path for path in leaves(document) if path and path not in moments and path != ("changes",)]
    paths = [path for path in paths if not (path[0] == "changes" and len(path) in (2, 3) and path[-1] == "until")]
    silent = [path for path in paths if len(path) != 2 or path[0] != "changes"]
    assert len(silent) > 300
    assert [p for p in silent if fingerprint(changed(document, p)) == document["fingerprint"]] == []


def test_the_order_of_keys_does_not_count_and_that_of_changes_does() -> None:
    document = to_document(cutover_plan())
    assert fingerprint(dict(reversed(document.items()))) == document["fingerprint"]
    assert fingerprint({**document, "changes": document["changes"][::-1]}) != document["fingerprint"]


def test_the_moment_of_a_plan_does_not_count() -> None:
    assert fingerprint(to_document(cutover_plan(judged_at=NOW, created_at=NOW))) == fingerprint(
        to_document(cutover_plan())
    )
