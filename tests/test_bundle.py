from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck import bundle
from seppcheck.errors import UserError
from seppcheck.model.dns import DnsAnswer, DnsStatus, HostLookup, ReverseDns, ReverseEntry
from seppcheck.model.evidence import Provenance, Record, Unavailable
from seppcheck.model.outcomes import Reason
from seppcheck.model.targets import Domain, Gateway, Site
from seppcheck.model.text import Message, text

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SITE = Site(Gateway("gw.example"), (Domain("one.example"),))
KINDS = {"reverse-dns": ReverseDns}


def reverse(name: str, *, at: datetime = NOON) -> Record:
    answer = DnsAnswer(DnsStatus.ANSWER, (name,), 300)
    lookup = HostLookup(name, DnsAnswer(DnsStatus.ANSWER, ("192.0.2.1",), 60), DnsAnswer(DnsStatus.NODATA))
    content = ReverseDns((ReverseEntry("192.0.2.1", "gw.example", answer, (lookup,)),), (), ("192.0.2.53",))
    return Record("reverse-dns", SITE.gateway, Provenance("dns", at, content.asked), content)


def write(path: Path, *records: Record, judged_at: datetime = NOON, **settings: Any) -> Path:
    bundle.write(
        path,
        judged_at=judged_at,
        phase=None,
        language="de",
        settings=settings,
        history=[{"schema_version": 1}],
        records=records,
    )
    return path


def test_evidence_comes_back_as_it_was(tmp_path: Path) -> None:
    record = reverse("gw.example")

    read = bundle.read(write(tmp_path / "b.json", record, a=1))

    assert list(bundle.records_of(read, KINDS, [SITE]).values()) == [record]
    assert (read.judged_at, read.phase, read.language) == (NOON, None, "de")
    assert (read.settings, read.history) == ({"a": 1}, ({"schema_version": 1},))


def test_a_bundle_from_before_txt_records_were_kept_whole_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "b.json", reverse("gw.example"))
    old = re.sub(r',\s*"rdata": \[\]', "", path.read_text(encoding="utf-8"))
    path.write_text(old, encoding="utf-8")

    (read,) = bundle.records_of(bundle.read(path), KINDS, [SITE]).values()

    assert "rdata" not in old
    assert read == reverse("gw.example")


@given(st.text())
def test_any_text_from_outside_survives(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    record = reverse(name)

    path = write(tmp_path_factory.mktemp("b") / "b.json", record)

    assert list(bundle.records_of(bundle.read(path), KINDS, [SITE]).values()) == [record]


def test_why_something_is_missing_comes_back_translatable(tmp_path: Path) -> None:
    detail = text("{who} is silent: {why}", who="192.0.2.53", why=text("no answer within {s} s", s="5"))
    missing = Record("reverse-dns", SITE.gateway, Provenance("dns", NOON), Unavailable(Reason.TIMEOUT, detail, "x"))

    path = write(tmp_path / "b.json", missing)
    (read,) = bundle.records_of(bundle.read(path), KINDS, [SITE]).values()

    assert read == missing


def test_a_template_from_a_file_cannot_do_more_than_name_its_parameters() -> None:
    hostile = Message("{a.__class__} {a!r} {a:>999999999} {0} {b} {a}", (("a", "value"),))

    assert hostile.render() == "{a.__class__} {a!r} {a:>999999999} {0} {b} value"


def test_of_one_piece_recorded_twice_the_newest_counts(tmp_path: Path) -> None:
    old, new = reverse("old.example", at=NOON - timedelta(hours=1)), reverse("new.example")

    path = write(tmp_path / "b.json", new, old)

    assert list(bundle.records_of(bundle.read(path), KINDS, [SITE]).values()) == [new]


def test_what_was_observed_beats_a_later_failure_to_look(tmp_path: Path) -> None:
    seen = reverse("gw.example")
    failed = Record(
        "reverse-dns",
        SITE.gateway,
        Provenance("dns", NOON + timedelta(hours=1)),
        Unavailable(Reason.TIMEOUT, text("silence")),
    )

    path = write(tmp_path / "b.json", seen, failed)

    assert list(bundle.records_of(bundle.read(path), KINDS, [SITE]).values()) == [seen]


def test_other_kinds_and_targets_are_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "b.json", reverse("gw.example"))

    assert bundle.records_of(bundle.read(path), {}, [SITE]) == {}
    assert bundle.records_of(bundle.read(path), KINDS, [Site(Gateway("other.example"))]) == {}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is not JSON, line 1, column 1"),
        (b"\xff\xfe", "is not UTF-8 text (byte 0)"),
        (b"[]", "is not a bundle of seppcheck"),
        (b"{}", "is not a bundle of seppcheck"),
        (b'{"kind": "bundle", "kind": "bundle"}', "a key stands twice"),
        (b'{"kind": NaN}', "NaN is not JSON"),
        (b"[" * 100_000, "is not sound JSON"),
        (b'{"kind": "bundle", "schema_version": 2}', "schema_version is 2"),
        (b'{"kind": "bundle", "schema_version": 1}', "the bundle is damaged (frame: KeyError"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(content)

    with pytest.raises(UserError) as caught:
        bundle.read(path)

    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: No such file"):
        bundle.read(tmp_path / "none.json")


@pytest.mark.parametrize(
    "damage",
    [
        {"data": {}},
        {"data": None},
        {"data": {"entries": [{"address": 7}]}},
        {"target": None},
        {"collected_at": "yesterday"},
        {"collected_at": "2026-11-24T12:00:00"},
        {"assurance": "rumoured"},
        {"unavailable": {"reason": "mood", "detail": {"template": "", "parameters": []}}},
        {"unavailable": []},
    ],
)
def test_a_damaged_entry_is_named_never_passed_over(tmp_path: Path, damage: dict[str, Any]) -> None:
    path = write(tmp_path / "b.json", reverse("gw.example"))
    document = json.loads(path.read_text(encoding="utf-8"))
    document["evidence"][0] |= damage
    path.write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(UserError, match="evidence entry 1"):
        bundle.records_of(bundle.read(path), KINDS, [SITE])
