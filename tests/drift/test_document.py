"""The baseline's file is read back as it was written, diffs well, and is refused where it is not sound."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from seppcheck.drift import document
from seppcheck.drift.baseline import Baseline, Piece
from seppcheck.drift.past import Past, SeenMx
from seppcheck.errors import UserError
from tests.drift.pieces import ACCEPTED, KEY, OBJECTS, Objects, baseline

PAST = Past(
    new_mx=SeenMx(ACCEPTED, ("10 gw.test.",), 300),
    other_mx=SeenMx(ACCEPTED - timedelta(days=1), ("0 x.mail.protection.outlook.com.",)),
    hold_last_true=ACCEPTED - timedelta(hours=1),
)


def whole() -> Baseline:
    piece = Piece({"Rule ü": {"x": [1, 2.5, True, None], "y": "a\nb"}}, ("Rule ü",), {"other": "timeout"})
    return replace(baseline({KEY: piece}, ("Guid",)), checks={"dns-mx kunde.test": "passed"}, past={"kunde.test": PAST})


def test_it_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "seppcheck-baseline.json"
    written = replace(whole(), path=path)
    document.write(path, written)
    assert document.read(path) == written
    content = path.read_bytes()
    assert b"\r" not in content
    assert "Rule ü".encode() in content
    assert list(json.loads(content)) == sorted(json.loads(content))


@given(OBJECTS)
def test_any_content_is_json_again(objects: Objects) -> None:
    found = json.loads(document.render(document.to_document(baseline({KEY: Piece(objects)}))))
    assert found["evidence"][KEY[0]][KEY[1]] == objects


def test_every_property_stands_on_a_line_of_its_own() -> None:
    then = {"a": {"x": 1, "y": ["b", "c"], "z": None}}
    one, other = (
        document.render(document.to_document(baseline({KEY: Piece(objects)}))).splitlines()
        for objects in (then, {"a": {"x": 1, "y": ["b", "c", "d"], "z": None}})
    )
    changed = [line for line in difflib.ndiff(one, other) if line[0] in "+-"]
    assert [line.split(maxsplit=1) for line in changed] == [["-", '"y": ["b", "c"],'], ["+", '"y": ["b", "c", "d"],']]


def test_a_rule_more_is_a_line_more_in_the_order() -> None:
    one, other = (
        document.render(document.to_document(baseline({KEY: Piece({}, order)}))).splitlines()
        for order in (("Our rule",), ("New rule", "Our rule"))
    )
    changed = [line for line in difflib.ndiff(one, other) if line[0] in "+-"]
    assert [line.split(maxsplit=1) for line in changed] == [["+", '"New rule",']]


def test_nothing_in_it_hides_from_a_reviewer() -> None:
    hostile = "\u202eeluR\u202c\x1b[31m\u200b\U000e0041"
    written = document.render(document.to_document(baseline({KEY: Piece({hostile: {"x": hostile}})})))
    assert all(character.isprintable() or character == "\n" for character in written)
    assert json.loads(written)["evidence"][KEY[0]][KEY[1]] == {hostile: {"x": hostile}}


def spoiled(path: Path, change: Callable[[dict[str, Any]], object]) -> str:
    document.write(path, whole())
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UserError) as refused:
        document.read(path)
    return str(refused.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(kind="bundle"), "is no baseline of seppcheck"),
        (lambda d: d.update(schema_version=2), "schema_version is 2, and this version of seppcheck reads 1"),
        (lambda d: d.pop("evidence"), "evidence: Field required (the baseline is damaged)"),
        (lambda d: d.update(surprise=1), "surprise: Extra inputs are not permitted"),
        (lambda d: d.update(accepted_at="yesterday"), "accepted_at: yesterday is no time with an offset"),
        (lambda d: d["past"]["kunde.test"]["new_mx"].update(at="2026-11-24T08:00:00"), "past.kunde.test.new_mx.at"),
        (lambda d: d["past"]["kunde.test"]["new_mx"].update(at="0001-01-01T00:00:00+14:00"), "no time with an offset"),
        (lambda d: d["past"]["kunde.test"]["new_mx"].update(ttl=10**30), "past.kunde.test.new_mx.ttl"),
        (lambda d: d["past"]["kunde.test"]["new_mx"].update(values=["gw"]), "gw is no MX value"),
        (lambda d: d["order"]["thing"].update({KEY[1]: []}), "order.thing.tenant.test: it must name every object"),
        (lambda d: d["order"]["thing"][KEY[1]].append("Rule ü"), "it must name every object"),
        (lambda d: d["order"].update(other={"x": []}), "order.other.x: evidence does not hold it"),
        (lambda d: d["unseen"]["thing"].update(x={}), "unseen.thing.x: evidence does not hold it"),
        (lambda d: d["evidence"]["thing"][KEY[1]]["Rule ü"].update(Guid=[]), "Rule ü.Guid: it must be a text"),
        (lambda d: d["evidence"].update(thing=[]), "evidence.thing: Input should be a valid dictionary"),
    ],
)
def test_a_file_that_is_not_sound_is_refused_with_its_key(
    change: Callable[[dict[str, Any]], object], words: str, tmp_path: Path
) -> None:
    message = spoiled(tmp_path / "b.json", change)
    assert words in message
    assert "b.json" in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "is no baseline of seppcheck"),
        ("<<<<<<< HEAD\n{}", "is not JSON, line 1, column 1"),
        ('{"kind": "baseline",\n "kind": "x"}', "a key stands twice"),
        ("", "is not JSON, line 1"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_its_line(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        document.read(path)
    assert words in str(refused.value)
