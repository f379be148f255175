"""Of all that the finished lab's baseline holds, each property that differs is told alone and by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from seppcheck.drift import document
from seppcheck.drift.baseline import Baseline, Piece, PieceKey
from seppcheck.drift.judging import drift_of
from seppcheck.drift.projection import IDENTITY
from seppcheck.model.run import Run
from tests.drift.finished_lab import Finished


def other(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case list():
            return [*value, "another"]
    return "something"


def properties(baseline: Baseline) -> Iterator[tuple[PieceKey, str, str]]:
    for key, piece in baseline.pieces.items():
        for name, held in piece.objects.items():
            yield from ((key, name, prop) for prop in held if prop not in (IDENTITY, "validity"))


def but(baseline: Baseline, key: PieceKey, objects: Mapping[str, Mapping[str, Any]]) -> Baseline:
    piece = baseline.pieces[key]
    return replace(baseline, pieces={**baseline.pieces, key: Piece(objects, tuple(objects) if piece.order else ())})


def told(baseline: Baseline, run: Run) -> list[tuple[str, str, str, str | None]]:
    drift = drift_of(baseline, run.site, run.records, run.results, run.judged_at)
    assert drift.results == ()
    return [(entry.kind, entry.object, entry.change.value, entry.property) for entry in drift.entries or ()]


def test_each_property_that_differs_is_told_alone(finished: Finished) -> None:
    run, baseline = finished.drift(), document.read(finished.baseline)
    assert told(baseline, run) == []
    tried = list(properties(baseline))
    assert len(tried) > 150
    for key, name, prop in tried:
        objects = baseline.pieces[key].objects
        changed = {**objects, name: {**objects[name], prop: other(objects[name][prop])}}
        assert told(but(baseline, key, changed), run) == [(key[0], name, "changed", prop)]


def test_each_object_that_came_or_went_is_told_alone(finished: Finished) -> None:
    run, baseline = finished.drift(), document.read(finished.baseline)
    for key, piece in baseline.pieces.items():
        for name in piece.objects:
            fewer = {each: held for each, held in piece.objects.items() if each != name}
            assert told(but(baseline, key, fewer), run) == [(key[0], name, "new", None)]
        more = {**piece.objects, "one more": {"x": 1}}
        assert told(but(baseline, key, more), run) == [(key[0], "one more", "gone", None)]
